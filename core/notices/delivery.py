"""Sends what is queued: claimed in batches, worded, handed to the provider, its outcome written down."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Any, Final, Protocol

from sqlalchemy import text

from core.kit.clock import Clock
from core.kit.db import Database, Reader, Record, Statement
from core.kit.errors import ProviderError
from core.kit.log import get_log
from core.kit.speaker import Address, Language
from core.notices.blanks import decode
from core.notices.queries import ABANDONED, CLAIM, GONE, NOT_SENT, PUT_BACK, SENT, SUPERSEDED
from core.notices.reports import fall, settle
from core.notices.route import (
    APPROVED,
    PRICES,
    Facts,
    Route,
    choose,
    country_at,
    currency_at,
    facts_of,
    morning,
    open_at,
)
from core.notices.waiting import WAITS_FOR, WHY, ask
from core.notices.words import CHOOSABLE, ESSENTIAL, LIST_OF, REPEATABLE, Paper, Parcel, Sender, Sent, list_of

LEASE: Final = timedelta(seconds=90)
"""Whoever took a notice and has not said what became of it after so long is dead; longer than any time-out."""

RESEND_AFTER: Final = timedelta(minutes=10)
"""Reports of SMS take their time; in a conversation somebody sits and waits."""

RESEND_ANSWER_AFTER: Final = timedelta(seconds=30)

TRIES: Final = 16
"""About seven hours of a provider's silence; what is dead then can be replayed."""

OVERTAKES_AFTER: Final = timedelta(minutes=10)
"""In a conversation nothing overtakes what was queued before, unless that is put off for longer than this."""

FALLS_AFTER: Final = 4
"""Tries on a conversation whose provider is in trouble, a minute or so, before a notice goes to the phone instead."""

CHANNELS: Final = ("sms", "whatsapp", "telegram")

_FIRST_PAUSE: Final = timedelta(seconds=5)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_RANDOM: Final = SystemRandom()

_DEPTH: Final = Statement(
    text("SELECT count(*) AS depth, min(created_at) AS oldest FROM notice WHERE next_try_at IS NOT NULL")
)
_DEATHS: Final = Statement(
    text(
        "SELECT id, template, channel, address, failure, tries, done_at FROM notice"
        " WHERE state = 'dead' ORDER BY id LIMIT 1000"
    )
)
_REPLAY: Final = Statement(
    text(
        "WITH again AS (UPDATE notice SET state = 'queued', tries = 0, resent = false, failure = NULL, done_at = NULL,"
        "  next_try_at = :now, changed_at = :now"
        "  WHERE state = 'dead' AND (cast(:id AS bigint) IS NULL OR id = :id) RETURNING 1)"
        " SELECT count(*) AS replayed FROM again"
    )
)


class Worded(Protocol):
    """A message in words, and how many segments it is paid as."""

    @property
    def text(self) -> str:
        """As it goes out."""
        ...

    @property
    def segments(self) -> int:
        """How many it costs."""
        ...


class Wording(Protocol):
    """Puts notices into words."""

    def notice(self, template: str, blanks: Mapping[str, object], language: str, channel: str) -> Worded:
        """A whole notice, as it looks on a channel."""
        ...

    def blank(self, value: object, language: str) -> str:
        """One of its blanks."""
        ...

    def paper(self, blanks: Mapping[str, object], language: str, provider: str) -> Paper | None:
        """The paper of a notice with these blanks; None when it has none, or the provider takes none."""
        ...


@dataclass(frozen=True, slots=True)
class Senders:
    """The providers by channel and name; the first of a channel is its usual one."""

    by_channel: Mapping[str, Mapping[str, Sender]]

    def of(self, channel: str, source: str) -> Sender | None:
        """Who takes a message; None when nobody here serves that channel."""
        known = self.by_channel.get(channel, {})
        return known.get(source) or next(iter(known.values()), None)

    def name_of(self, channel: str, source: str) -> str:
        """What that provider is called; "" for none."""
        known = self.by_channel.get(channel, {})
        return source if source in known else next(iter(known), "")


class Delivery:
    """Sends due notices; any number of these may work on one database.

    A notice is marked as being sent before it is, so it is never sent twice by two of them, and one that died in the
    middle leaves an ``unknown`` behind, not a second message. ``jitter`` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        words: Wording,
        senders: Senders,
        *,
        channels: Sequence[str] = CHANNELS,
        batch: int = 32,
        jitter: Callable[[], float] = _RANDOM.random,
    ) -> None:
        self._db, self._clock, self._words, self._senders = db, clock, words, senders
        self._channels, self._batch, self._jitter = list(channels), batch, jitter

    async def run_once(self) -> int:
        """Send what is due, a batch at most; how many notices were looked at."""
        lost = await self._give_up_abandoned()
        rows = await self._claim()
        done = await asyncio.gather(*(self._deliver(row) for row in rows), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result
        return lost + len(rows)

    async def _give_up_abandoned(self) -> int:
        now = self._clock.now()
        rows = await self._db.fetch(
            ABANDONED,
            now=now,
            limit=self._batch,
            repeatable=sorted(REPEATABLE),
            again=now + RESEND_AFTER,
            soon=now + RESEND_ANSWER_AFTER,
            usual=self._senders.name_of("sms", ""),
        )
        for row in rows:
            await settle(self._db, row["address"], now)
        return len(rows)

    async def _claim(self) -> list[Record]:
        now = self._clock.now()
        return await self._db.fetch(
            CLAIM,
            now=now,
            soon=now + OVERTAKES_AFTER,
            limit=self._batch,
            lease=now + LEASE,
            channels=self._channels,
            essential=sorted(ESSENTIAL),
            reminders=sorted(template for template, name in LIST_OF.items() if name == "reminders"),
        )

    async def _deliver(self, row: Record) -> None:
        if row["state"] == "suppressed" or (row["again"] and await self._superseded(row)):
            return
        try:
            route = await self._route(row)
            if route is None:
                return
            parcel, segments = self._parcel(row, route)
        except Exception:  # noqa: BLE001 - one notice nobody can word must not hold up the others
            get_log("worker").exception("notice_without_words", notice=row["id"], template=row["template"])
            await self._not_sent(row, "dead", None, "no_words")
            return
        await self._hand_over(row, route, parcel, segments)

    async def _superseded(self, row: Record) -> bool:
        """Whether an answer that may have gone out has been followed by another: it does not come once more."""
        answers = row["template"].startswith("screen.")
        if answers and await self._db.one(SUPERSEDED, id=row["id"]) is not None:
            await self._not_sent(row, "unknown", None, "superseded")
            return True
        return False

    async def _hand_over(self, row: Record, route: Route, parcel: Parcel, segments: int) -> None:
        sender = self._senders.of(route.to.channel, route.source)
        if sender is None:
            await self._elsewhere(row, route, ProviderError("no_sender", retryable=False))
            return
        try:
            sent = await sender.send(parcel)
        except ProviderError as error:
            await self._elsewhere(row, route, error)
        except Exception:  # noqa: BLE001 - whatever it was, it may have gone out
            get_log("worker").exception("sender_broke", notice=row["id"])
            await self._failed(row, route, ProviderError("sender_broke", retryable=False, unknown=True))
        else:
            await self._sent(row, route, sent, segments)

    async def _route(self, row: Record) -> Route | None:
        """Where it goes now; None when it was put back: it waits for the morning, or for its person to write."""
        own, about, now = Address(row["channel"], row["address"]), list_of(row["template"]), self._clock.now()
        person = row["person_id"] if about in CHOOSABLE else None
        facts = await facts_of(self._db, person, about) if person is not None else Facts(country_at(own))
        if until := morning(about, facts.country, now):
            await self._put_back(row, until)
            return None
        template = row["template"].partition(".")[0]
        fixed = row["settled"] or own.channel != "sms"
        route = Route(own, row["source"] or "") if fixed else choose(template, own, facts, now)
        if template == "waiting":
            return replace(route, form="approved")
        if route.to != own or row["heard_at"] is None or open_at(own.channel, row["heard_at"], now):
            return replace(route, source=route.source or row["source"] or "")
        if template in APPROVED:
            return Route(own, row["source"] or "", "approved")
        await self._wait(row, own, now)
        return None

    async def _wait(self, row: Record, own: Address, now: datetime) -> None:
        """An answer that came too late for free words: its person is asked, once a day, to write."""
        if now - row["created_at"] > WAITS_FOR:
            await self._not_sent(row, "dead", None, WHY)
            return
        await self._put_back(row, now + WAITS_FOR, why=WHY)
        await ask(self._db, own, row["language"], row["source"] or "", now)

    def _parcel(self, row: Record, route: Route) -> tuple[Parcel, int]:
        blanks, template = decode(row["blanks"]), row["template"].partition(".")[0]
        language = route.language or row["language"]
        if template == "screen":
            return Parcel(row["id"], route.to, "", language, screen=str(blanks["bubble"])), 1
        worded = self._words.notice(row["template"], blanks, language, route.to.channel)
        approved, paper = None, None
        if route.form == "free":
            paper = self._paper(row, blanks, language, self._senders.name_of(route.to.channel, route.source))
        else:
            told = tuple(self._words.blank(blanks[name], language) for name in APPROVED[template])
            approved = (f"toit_{template}", told)
        return Parcel(row["id"], route.to, worded.text, language, approved=approved, paper=paper), worded.segments

    def _paper(self, row: Record, blanks: Mapping[str, object], language: Language, provider: str) -> Paper | None:
        """A paper that cannot be made holds up nothing: the words go alone."""
        try:
            return self._words.paper(blanks, language, provider)
        except Exception as error:  # noqa: BLE001 - its text may hold what the paper says: only its kind is logged
            get_log("worker").error("notice_without_paper", notice=row["id"], why=type(error).__name__)
            return None

    async def _elsewhere(self, row: Record, route: Route, error: ProviderError) -> None:
        """What a conversation does not take goes to the phone it was meant for; an answer waits or is given up."""
        own = Address(row["channel"], row["address"])
        if error.gone:
            await self._db.fetch(GONE, channel=route.to.channel, address=route.to.name)
        trouble = error.retryable and row["tries"] >= FALLS_AFTER
        if route.to != own and not error.unknown and (trouble or not error.retryable):
            await self._put_back(row, self._clock.now(), settled=True)
        elif error.closed and row["template"].startswith("screen."):
            await self._wait(row, own, self._clock.now())
        else:
            await self._failed(row, route, error)

    async def _put_back(self, row: Record, until: datetime, *, settled: bool = False, why: str | None = None) -> None:
        now, values = self._clock.now(), {"id": row["id"], "tries": row["tries"], "failure": why}
        await self._db.fetch(PUT_BACK, next=until, now=now, settled=settled, **values)

    async def _sent(self, row: Record, route: Route, sent: Sent, segments: int) -> None:
        price = PRICES[route.to.channel, route.form] * segments
        told = sent.cost is not None
        moved = await self._db.one(
            SENT,
            id=row["id"],
            channel=route.to.channel,
            address=route.to.name,
            provider=sent.provider,
            provider_id=sent.provider_id,
            segments=segments,
            cost=sent.cost if told else price,
            currency=sent.currency if told else currency_at(route.to),
            now=self._clock.now(),
        )
        if moved is not None and moved["state"] == "failed":
            await fall(self._db, row["id"], self._clock.now())

    async def _failed(self, row: Record, route: Route, error: ProviderError) -> None:
        """Unknown is not failed: only what is safe to repeat goes out once more. The rest is decided by the flags."""
        now = self._clock.now()
        if error.unknown:
            repeatable = row["template"].partition(".")[0] in REPEATABLE and not row["resent"]
            again = now + (RESEND_AFTER if row["channel"] == "sms" else RESEND_ANSWER_AFTER)
            source = self._senders.name_of(route.to.channel, route.source)
            await self._not_sent(row, "unknown", again if repeatable else None, error.code, source)
            await settle(self._db, row["address"], now)
        elif error.retryable and row["tries"] < TRIES:
            pause = max(self._pause(row["tries"]), timedelta(seconds=error.after_s))
            await self._not_sent(row, "queued", now + pause, error.code)
        else:
            get_log("worker").error("notice_dead", notice=row["id"], template=row["template"], failure=error.code)
            await self._not_sent(row, "dead", None, error.code)

    async def _not_sent(
        self, row: Record, state: str, next_try_at: datetime | None, failure: str, source: str | None = None
    ) -> None:
        values: dict[str, Any] = {"id": row["id"], "tries": row["tries"], "state": state, "failure": failure}
        await self._db.fetch(NOT_SENT, next=next_try_at, now=self._clock.now(), source=source, **values)

    def _pause(self, tries: int) -> timedelta:
        """Doubled with every try, and spread so that a provider's return is not met by everybody at once."""
        pause = min(_FIRST_PAUSE * (1 << tries - 1), _LONGEST_PAUSE)
        return pause * (0.5 + self._jitter() / 2)


async def depth_and_age(on: Reader, now: datetime) -> tuple[int, float]:
    """How many notices wait to be sent or are being sent, and the age in seconds of the oldest."""
    row = await on.one(_DEPTH)
    if row is None or row["oldest"] is None:
        return 0, 0.0
    return row["depth"], max(0.0, (now - row["oldest"]).total_seconds())


async def deaths(on: Reader) -> list[dict[str, object]]:
    """The notices that were given up, the oldest first, 1000 at most: id, template, to (masked), failure, tries, at."""
    return [
        {
            "id": row["id"],
            "template": row["template"],
            "to": Address(row["channel"], row["address"]).masked,
            "failure": row["failure"],
            "tries": row["tries"],
            "at": row["done_at"].isoformat(),
        }
        for row in await on.fetch(_DEATHS)
    ]


async def replay(on: Reader, now: datetime, notice: int | None = None) -> int:
    """Queue a dead notice again, or all of them; how many."""
    row = await on.one(_REPLAY, id=notice, now=now)
    return int(row["replayed"]) if row else 0

"""Sends what is queued: claimed in batches, worded, handed to the provider, its outcome written down."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Any, Final, Protocol

from sqlalchemy import text

from core.kit.clock import Clock
from core.kit.db import Database, Reader, Record, Statement
from core.kit.errors import ProviderError
from core.kit.log import get_log
from core.kit.phone import Phone
from core.notices.blanks import decode
from core.notices.reports import settle
from core.notices.words import ESSENTIAL, REPEATABLE, Sent

LEASE: Final = timedelta(seconds=90)
"""Whoever took a notice and has not said what became of it after so long is dead; longer than any time-out."""

RESEND_AFTER: Final = timedelta(minutes=10)

TRIES: Final = 16
"""About seven hours of a provider's silence; what is dead then can be replayed."""

_FIRST_PAUSE: Final = timedelta(seconds=5)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_RANDOM: Final = SystemRandom()

_ABANDONED: Final = Statement(
    text(
        "WITH lost AS (SELECT id FROM notice WHERE next_try_at <= :now AND state = 'sending'"
        "  ORDER BY next_try_at LIMIT :limit FOR UPDATE SKIP LOCKED)"
        " UPDATE notice SET state = 'unknown', failure = 'abandoned', changed_at = :now, next_try_at = CASE"
        "  WHEN NOT resent AND split_part(template, '.', 1) = any(cast(:repeatable AS text[]))"
        "  THEN cast(:again AS timestamptz) END"
        " FROM lost WHERE notice.id = lost.id RETURNING notice.address"
    )
)
_CLAIM: Final = Statement(
    text(
        "WITH due AS (SELECT id, state, EXISTS (SELECT FROM suppression"
        "    WHERE suppression.address = notice.address AND suppression.list = 'alerts')"
        "    AND split_part(template, '.', 1) <> ALL(cast(:essential AS text[])) AS stopped"
        "  FROM notice WHERE next_try_at <= :now AND state IN ('queued', 'unknown')"
        "  ORDER BY next_try_at LIMIT :limit FOR UPDATE OF notice SKIP LOCKED)"
        " UPDATE notice SET changed_at = :now,"
        "  state = CASE WHEN stopped THEN 'suppressed' ELSE 'sending' END,"
        "  next_try_at = CASE WHEN NOT stopped THEN cast(:lease AS timestamptz) END,"
        "  done_at = CASE WHEN stopped THEN cast(:now AS timestamptz) END,"
        "  tries = tries + CASE WHEN stopped THEN 0 ELSE 1 END,"
        "  resent = resent OR due.state = 'unknown'"
        " FROM due WHERE notice.id = due.id"
        " RETURNING notice.id, notice.state, address, language, template, blanks, tries, resent"
    )
)
_SENT: Final = Statement(
    text(
        "WITH met AS ("
        "  INSERT INTO delivery (provider, provider_id, notice_id, address, at)"
        "  SELECT cast(:provider AS text), cast(:provider_id AS text), cast(:id AS bigint), cast(:address AS text),"
        "  cast(:now AS timestamptz) WHERE cast(:provider_id AS text) <> ''"
        "  ON CONFLICT (provider, provider_id)"
        "  DO UPDATE SET notice_id = coalesce(delivery.notice_id, excluded.notice_id)"
        "  RETURNING provider, provider_id, notice_id, status, reason, at)"
        " UPDATE notice SET state = coalesce(met.status, 'sent'), provider = met.provider,"
        " provider_id = met.provider_id, segments = cast(:segments AS smallint), cost_amount = cast(:cost AS numeric),"
        " cost_currency = cast(:currency AS char(3)), next_try_at = NULL, changed_at = :now, sent_at = :now,"
        " failure = CASE WHEN met.status = 'failed' THEN met.reason END,"
        " done_at = CASE WHEN met.status IN ('delivered', 'failed') THEN met.at END"
        " FROM (SELECT cast(:id AS bigint) AS id) AS mine LEFT JOIN met ON met.notice_id = mine.id"
        " WHERE notice.id = mine.id AND notice.state IN ('sending', 'unknown')"
    )
)
_NOT_SENT: Final = Statement(
    text(
        "UPDATE notice SET state = cast(:state AS text), next_try_at = cast(:next AS timestamptz),"
        " failure = cast(:failure AS text), changed_at = :now,"
        " done_at = CASE WHEN cast(:state AS text) = 'dead' THEN cast(:now AS timestamptz) END"
        " WHERE id = :id AND state = 'sending' AND tries = :tries"
    )
)
_DEPTH: Final = Statement(
    text("SELECT count(*) AS depth, min(created_at) AS oldest FROM notice WHERE next_try_at IS NOT NULL")
)
_DEATHS: Final = Statement(
    text(
        "SELECT id, template, address, failure, tries, done_at FROM notice WHERE state = 'dead' ORDER BY id LIMIT 1000"
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


class Sender(Protocol):
    """A provider that takes messages."""

    async def send(self, to: Phone, text: str) -> Sent:
        """Hand over one message. Raises ProviderError."""
        ...


class Delivery:
    """Sends due notices; any number of these may work on one database.

    A notice is marked as being sent before it is, so it is never sent twice by two of them, and one that died in the
    middle leaves an ``unknown`` behind, not a second message. ``jitter`` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        word: Callable[[str, Mapping[str, object], str], Worded],
        send: Sender,
        *,
        batch: int = 32,
        jitter: Callable[[], float] = _RANDOM.random,
    ) -> None:
        self._db, self._clock, self._word, self._send = db, clock, word, send
        self._batch, self._jitter = batch, jitter

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
            _ABANDONED, now=now, limit=self._batch, repeatable=sorted(REPEATABLE), again=now + RESEND_AFTER
        )
        for row in rows:
            await settle(self._db, row["address"], now)
        return len(rows)

    async def _claim(self) -> list[Record]:
        now = self._clock.now()
        return await self._db.fetch(_CLAIM, now=now, limit=self._batch, lease=now + LEASE, essential=sorted(ESSENTIAL))

    async def _deliver(self, row: Record) -> None:
        if row["state"] == "suppressed":
            return
        try:
            worded = self._word(row["template"], decode(row["blanks"]), row["language"])
        except Exception:  # noqa: BLE001 - one notice nobody can word must not hold up the others
            get_log("worker").exception("notice_without_words", notice=row["id"], template=row["template"])
            await self._not_sent(row, "dead", None, "no_words")
            return
        try:
            sent = await self._send.send(Phone(row["address"]), worded.text)
        except ProviderError as error:
            await self._failed(row, error)
        except Exception:  # noqa: BLE001 - whatever it was, it may have gone out
            get_log("worker").exception("sender_broke", notice=row["id"])
            await self._failed(row, ProviderError("sender_broke", retryable=False, unknown=True))
        else:
            await self._sent(row, sent, worded.segments)

    async def _sent(self, row: Record, sent: Sent, segments: int) -> None:
        await self._db.fetch(
            _SENT,
            id=row["id"],
            address=row["address"],
            provider=sent.provider,
            provider_id=sent.provider_id,
            segments=segments,
            cost=sent.cost,
            currency=sent.currency,
            now=self._clock.now(),
        )

    async def _failed(self, row: Record, error: ProviderError) -> None:
        """Unknown is not failed: only what is safe to repeat goes out once more. The rest is decided by the flags."""
        now = self._clock.now()
        if error.unknown:
            repeatable = row["template"].partition(".")[0] in REPEATABLE and not row["resent"]
            await self._not_sent(row, "unknown", now + RESEND_AFTER if repeatable else None, error.code)
            await settle(self._db, row["address"], now)
        elif error.retryable and row["tries"] < TRIES:
            await self._not_sent(row, "queued", now + self._pause(row["tries"]), error.code)
        else:
            get_log("worker").error("notice_dead", notice=row["id"], template=row["template"], failure=error.code)
            await self._not_sent(row, "dead", None, error.code)

    async def _not_sent(self, row: Record, state: str, next_try_at: datetime | None, failure: str) -> None:
        values: dict[str, Any] = {"id": row["id"], "tries": row["tries"], "state": state, "failure": failure}
        await self._db.fetch(_NOT_SENT, next=next_try_at, now=self._clock.now(), **values)

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
            "to": Phone(row["address"]).masked,
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

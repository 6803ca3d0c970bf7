"""The hostile campaign on one adapter: its whole table in every wrong way, and what may have come of it."""

import asyncio
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random
from typing import Any, Final

from aiohttp.test_utils import TestClient
from sqlalchemy import text
from yarl import URL

from bot.inbound import Event
from core.kit.db import Database, Statement
from tests.webhooks.tables import SEALS, SETTINGS, Sample, of_person, person_of, person_of_id, samples
from tests.webhooks.treatments import TREATMENTS
from webhooks.adapters import ADAPTERS, hear
from webhooks.raw import Raw, Rejected
from webhooks.ussd.handler import Desk

AT_ONCE: Final = 10
MTN_LIMIT: Final = 64 * 1024
HUGE_EVERY: Final = 4
"""A request so many rows apart is made as large as may be: a megabyte is slow to send."""

ANSWERED: Final = frozenset({"message", "selection", "location", "contact", "media", "unsupported"})
SESSION: Final = frozenset({"session_start", "session_reply"})

COUNTED: Final = (
    "place",
    "notice",
    "inbox",
    "payment_attempt",
    "door",
    "attachment",
    "suppression",
    "delivery",
    "entry",
)
"""What a request may leave."""


@dataclass(frozen=True)
class Shot:
    """One request of the ``person``-th person; sent ``times`` times at once."""

    treatment: str
    person: int
    raw: Raw
    events: Sequence[Event] = ()
    times: int = 1
    good: bool = True


@dataclass
class Heard:
    """Who may be answered: by the source and id of what they said, and by session channels' phones."""

    answers: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    phones: set[str] = field(default_factory=set)

    def add(self, events: Iterable[Event]) -> None:
        """Note what a request says."""
        for event in events:
            if event.kind in ANSWERED:
                self.answers[event.source, event.external_id].add((event.channel, event.sender))
            elif event.kind in SESSION:
                self.phones.add(event.sender)


def tallied(what: str, sent: Counter[str], outcomes: Counter[int]) -> str:
    """One line: how much was sent, and what it was answered."""
    ways = ", ".join(f"{name} {number}" for name, number in sorted(sent.items()))
    answers = ", ".join(f"{status}: {number}" for status, number in sorted(outcomes.items()))
    return f"{what}: {sent.total()} requests ({ways}); answered {answers}"


class Campaign:
    """Sends one adapter's requests to the app and judges it."""

    def __init__(self, adapter: str, client: TestClient[Any, Any], db: Database, desk: Desk) -> None:
        self.adapter, self._client, self._db, self._desk = adapter, client, db, desk
        self._seal = SEALS[adapter]
        self._limit = ADAPTERS[adapter].limit if adapter in ADAPTERS else MTN_LIMIT
        self._people = count(1)
        self._samples = list(samples(adapter))
        self._order = Random(adapter)  # noqa: S311 - the same order each time
        self.sent: Counter[str] = Counter()
        self.outcomes: Counter[int] = Counter()
        self.breaches: list[str] = []

    async def run(self) -> None:
        """Strangers first, who must leave nothing; then everything signed; then all of it once more."""
        before = await self._rows()
        await self._volley([shot for sample in self._samples for shot in self._strangers(sample)])
        self._same("a stranger", before, await self._rows())
        shots = [shot for row in enumerate(self._samples) for shot in self._signed(*row)]
        self._order.shuffle(shots)
        await self._volley(shots)
        await self._judge(shots)
        before, places = await self._rows(), await self._places()
        await self._volley([shot for shot in shots if shot.treatment == "replayed"])
        self._same("a replay", before, await self._rows())
        if self.adapter in {"twilio", "meta", "telegram", "africastalking-sms"} and places != await self._places():
            self.breaches.append("a replay moved somebody")

    def __str__(self) -> str:
        return tallied(self.adapter, self.sent, self.outcomes)

    # --- what is sent ---

    def _strangers(self, sample: Sample) -> list[Shot]:
        shots = []
        for name, spoil in (("unsigned", self._seal.leave_out), ("badly signed", self._seal.break_)):
            person = next(self._people)
            shots.append(Shot(name, person, spoil(self._seal.put(of_person(sample.raw, person))), good=sample.good))
        return shots

    def _signed(self, number: int, sample: Sample) -> list[Shot]:
        shots = [self._shot("replayed", sample.raw), self._shot("duplicated", sample.raw, times=AT_ONCE)]
        for name, treat in TREATMENTS.items():
            if name != "huge" or number % HUGE_EVERY == 0:
                ways = len(list(treat(sample.raw, self._limit)))
                shots += [self._shot(name, sample.raw, partial(self._treated, name, way)) for way in range(ways)]
        return shots

    def _treated(self, name: str, way: int, raw: Raw) -> Raw:
        return list(TREATMENTS[name](raw, self._limit))[way]

    def _shot(self, name: str, raw: Raw, spoil: Callable[[Raw], Raw] = lambda raw: raw, times: int = 1) -> Shot:
        """A request of somebody new, spoilt and then signed."""
        person = next(self._people)
        signed = self._seal.put(spoil(of_person(raw, person)))
        return Shot(name, person, signed, self._read(signed), times)

    def _read(self, raw: Raw) -> list[Event]:
        """What the pure reader makes of it; nothing of what it refuses."""
        if self.adapter not in ADAPTERS:
            return []
        try:
            return hear(ADAPTERS[self.adapter], raw, SETTINGS)
        except Rejected:
            return []

    async def _volley(self, shots: Sequence[Shot]) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(shot: Shot) -> None:
            async with gate:
                self._look(shot, await asyncio.gather(*(self._send(shot.raw) for _ in range(shot.times))))

        await asyncio.gather(*map(one, shots))
        if self._desk.pusher is not None:
            await self._desk.pusher.close()

    async def _send(self, raw: Raw) -> int:
        url = self._client.make_url("/").join(URL(f"{raw.path}{'?' if raw.query else ''}{raw.query}", encoded=True))
        data = io.BytesIO(raw.body) if raw.body else None
        session, headers = self._client.session, dict(raw.headers)
        async with session.request(
            raw.method, url, data=data, headers=headers, skip_auto_headers=["content-type"]
        ) as a:
            await a.read()
            return a.status

    # --- what must be true ---

    def _look(self, shot: Shot, statuses: Sequence[int]) -> None:
        self.sent[shot.treatment] += len(statuses)
        self.outcomes.update(statuses)
        what = f"{shot.treatment}: {shot.raw.path} {shot.raw.query[:80]} {shot.raw.body[:160]!r}"
        if max(statuses) >= 500:
            self.breaches.append(f"{max(statuses)} to {what}")
        if shot.treatment in {"unsigned", "badly signed"} and statuses[0] not in (
            {403, 404} if shot.good else {400, 403, 404}
        ):
            self.breaches.append(f"{statuses[0]} to a stranger, {what}")
        if len(set(statuses)) != 1 or (shot.events and set(statuses) != {200}):
            self.breaches.append(f"{set(statuses)} to {what}")

    async def _judge(self, shots: Sequence[Shot]) -> None:
        """Each was answered once, at the address it was said from, and nobody else is anywhere."""
        heard = Heard()
        for shot in shots:
            heard.add(shot.events)
        await self._judge_answers(heard, {shot.person for shot in shots if shot.treatment != "truncated"})
        allowed = {pair for pairs in heard.answers.values() for pair in pairs} | {("ussd", p) for p in heard.phones}
        for table in ("place", "door"):
            found = {(row["channel"], row["address"]) for row in await self._fetch(f"SELECT * FROM {table}")}  # noqa: S608
            self.breaches += [f"{table}: a row for {stranger}" for stranger in sorted(found - allowed)]
        places = {row["address"] for row in await self._fetch("SELECT address FROM place WHERE channel = 'ussd'")}
        self.breaches += [f"no turn for {phone}" for phone in sorted(heard.phones - places)]

    async def _judge_answers(self, heard: Heard, whole: set[int]) -> None:
        """``whole``: whose requests were not cut, so that their address says who they are."""
        rows = await self._fetch("SELECT channel, address, dedupe_key FROM notice WHERE template <> 'dropped.1'")
        keys = [(row["dedupe_key"].partition(":")[2], row["channel"], row["address"]) for row in rows]
        for key, channel, address in keys:
            source, _, ident = key.partition(":")
            if (channel, address) not in heard.answers.get((source, ident), ()):
                self.breaches.append(f"an answer to {source} {ident} went to {channel} {address}")
            if person_of_id(ident) in whole - {person_of(address)}:
                self.breaches.append(f"{ident} was answered to another person, {address}")
        answered = Counter(key for key, _, _ in keys)
        self.breaches += [f"{times} answers to {key}" for key, times in answered.items() if times > 1]
        missing = {f"{source}:{ident}" for source, ident in heard.answers} - set(answered)
        self.breaches += [f"no answer to {key}" for key in sorted(missing)]

    def _same(self, who: str, before: dict[str, int], after: dict[str, int]) -> None:
        self.breaches += [f"{who} left {after[t] - rows} rows in {t}" for t, rows in before.items() if rows != after[t]]

    async def _rows(self) -> dict[str, int]:
        """How many rows each table has."""
        sql = "SELECT " + ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in COUNTED)  # noqa: S608
        return dict((await self._fetch(sql))[0])

    async def _places(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self._fetch("SELECT * FROM place ORDER BY channel, address")]

    async def _fetch(self, sql: str) -> list[Any]:
        return await self._db.fetch(Statement(text(sql)))

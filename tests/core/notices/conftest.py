"""An outbox on a fresh database, a provider that does as it is told, and a look at what became of notices."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.kit.clock import FixedClock
from core.kit.db import Database, Record, Statement
from core.kit.errors import ProviderError
from core.kit.phone import Phone
from core.kit.speaker import Address, PersonId
from core.notices.delivery import Delivery, Senders
from core.notices.outbox import queue
from core.notices.route import Facts, Reachable
from core.notices.words import Notice, Paper, Parcel, Sent
from core.people.doors import link
from core.people.profile import Profile, create
from core.people.visits import hear

MONEY, ANSWER, ALERT = "rent_paid.1", "said.1", "home_found.1"
OWNER = Phone("+237677000001")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SMS = Address("sms", OWNER.e164)
CHAT = Address("whatsapp", OWNER.e164)
BOT = Address("telegram", "384000101")
PAID = {"amount": 1, "payer": "a", "landlord": "b", "what": "c", "title": "d", "left": 2, "number": "e", "code": "f"}

_ALL = Statement(text("SELECT * FROM notice ORDER BY id"))
_EVENTS = Statement(text("SELECT before, state, detail FROM notice_event ORDER BY id"))


@dataclass(frozen=True)
class Plain:
    """A message in words."""

    text: str
    segments: int


class Words:
    """Words for the tests."""

    def notice(
        self,
        template: str,
        blanks: Mapping[str, object],
        language: str,
        channel: str,  # noqa: ARG002
    ) -> Plain:
        return Plain(f"{template} {language} {' '.join(f'{key}={value}' for key, value in blanks.items())}".strip(), 1)

    def blank(self, value: object, language: str) -> str:
        return f"{value}.{language}"

    def paper(self, blanks: Mapping[str, object], language: str, provider: str) -> Paper | None:
        """Where that provider takes papers; one that nobody can make is scripted as a blank."""
        if "sheet" not in blanks or provider != "telegram":
            return None
        if blanks["sheet"] == "broken":
            raise ValueError(f"no letter for {blanks['payer']}")
        return Paper(f"{blanks['sheet']}.pdf", language.encode())


@dataclass
class Provider:
    """Takes every message, unless something else is scripted for the next ones."""

    script: list[Exception | Sent | asyncio.Event] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def reached(self, count: int) -> None:
        """Wait until so many messages were taken."""
        async with self.news:
            await self.news.wait_for(lambda: len(self.taken) >= count)

    async def send(self, parcel: Parcel) -> Sent:
        """Take it, fail, or (an event) take it and never answer until the event is set."""
        step = self.script.pop(0) if self.script else None
        if isinstance(step, ProviderError) and not step.unknown:
            raise step
        self.taken.append((parcel.to.name, parcel.text))
        self.parcels.append(parcel)
        number = len(self.taken)
        async with self.news:
            self.news.notify_all()
        if isinstance(step, Exception):
            raise step
        if isinstance(step, asyncio.Event):
            await step.wait()
        await asyncio.sleep(0)
        return step if isinstance(step, Sent) else Sent("at", f"id-{number}")


@dataclass
class Outbox:
    """Everything together."""

    db: Database
    clock: FixedClock
    provider: Provider

    @property
    def delivery(self) -> Delivery:
        """A worker's, in a process of its own."""
        return self.worker(1.0)

    def worker(self, jitter: float) -> Delivery:
        """The same, with its own luck."""
        return Delivery(self.db, self.clock, Words(), self.senders, jitter=lambda: jitter)

    @property
    def senders(self) -> Senders:
        """The provider serves every channel."""
        at = {"at": self.provider}
        return Senders({"sms": at, "whatsapp": at, "telegram": {"telegram": self.provider}})

    async def put(self, template: str = MONEY, key: str = "k1", to: Phone = OWNER, **blanks: object) -> None:
        """Queue a notice in a transaction of its own."""
        async with self.db.transaction() as tx:
            await queue(tx, Notice(key, to, "fr", template, blanks), self.clock.now())

    async def run(self) -> int:
        """One round of a worker."""
        return await self.delivery.run_once()

    async def rows(self) -> list[Record]:
        """Every notice."""
        return await self.db.fetch(_ALL)

    async def row(self) -> Record:
        """The only notice."""
        (row,) = await self.rows()
        return row

    async def state(self) -> str:
        """The state of the only notice."""
        return str((await self.row())["state"])

    async def story(self) -> list[str]:
        """Every move of every notice."""
        return [row["state"] for row in await self.db.fetch(_EVENTS)]

    async def sql(self, sql: str, **values: Any) -> list[Record]:
        """Any statement."""
        return await self.db.fetch(Statement(text(sql)), **values)


@pytest.fixture
def outbox(db: Database, clock: FixedClock) -> Outbox:
    """An empty outbox."""
    return Outbox(db, clock, Provider())


def facts(preferred: str | None, *, ago: timedelta = timedelta(hours=1)) -> Facts:
    """Somebody who wrote by WhatsApp so long ago, and by Telegram long before."""
    return Facts(
        "CM", preferred, [Reachable(CHAT, "meta", NOW - ago), Reachable(BOT, "telegram", NOW - timedelta(days=9))]
    )


@pytest.fixture
async def person(outbox: Outbox) -> PersonId:
    """Somebody with a phone, a WhatsApp and a Telegram."""
    outbox.clock.at = NOW
    async with outbox.db.transaction() as tx:
        made = await create(tx, Profile(OWNER, "Marie", "tenant", "fr", "CM"), "hash", NOW)
        assert made is not None
        for door, source in ((CHAT, "meta"), (BOT, "telegram")):
            await hear(tx, door, source, NOW, phone=None)
            await link(tx, door, made, NOW)
    return made


async def put(
    outbox: Outbox, person: PersonId, template: str = "rent_paid.1", key: str = "k", **blanks: object
) -> None:
    """Queue a notice to a person's phone."""
    async with outbox.db.transaction() as tx:
        await queue(tx, Notice(key, OWNER, "fr", template, {**PAID, "ref": "r"}, person), outbox.clock.now())

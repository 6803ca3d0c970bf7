"""The people of a crawl: those of the demo, with a receipt, an open payment and somebody one try from being locked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from bot.engine import Engine
from core.desk import Desk
from core.kit import structs
from core.kit.clock import FixedClock
from core.kit.db import Database, Statement, Tx
from core.kit.deed import Deed, Look
from core.kit.money import Money
from core.kit.phone import parse_phone
from core.kit.point import Point
from core.kit.settings import Settings
from core.kit.speaker import Address, Language, Speaker
from core.leases.words import PayRent
from core.money.collecting import Collector
from core.money.words import Started
from core.people.doors import link
from core.people.profile import Profile, create
from core.people.speaker import identify
from core.people.visits import hear
from core.people.words import EnterCode, ProvePin, SendCode, StartLink
from flows import FLOWS, ROUTER
from tests.core.money.operator import FakeOperator
from tests.crawl.crawler import TYPED, Crawler, Seen, World
from tests.flows.planting import PIN, Rented, Shown, landlord, let, online, person
from tests.talking import House

WRONG_PIN = "9182"
UNKNOWN = "+237670009999"
LONG = "+237677900001"
CHATTING = "+237677900002"
"""Whose profile was made in a chat: it has no PIN."""

STRANGER = Address("telegram", "7001")
GUESSING = Address("whatsapp", "237670009998")
LINKED = Address("whatsapp", "237670000101")
OWNED = Address("sms", UNKNOWN)

_RECEIPTS = Statement(text("SELECT check_code FROM receipt"))
_SPEAK = Statement(text("UPDATE person SET language = :language"))
_WRITE = Statement(text("UPDATE door SET language = :language"))
_CODES = ("000000", "111111", "222222", "333333")
"""Wrong ones: one more locks."""
_PREFER = Statement(
    text(
        "INSERT INTO phone_preference (e164, language) VALUES (:unknown, :language)"
        " ON CONFLICT (e164) DO UPDATE SET language = excluded.language"
    )
)


@dataclass(slots=True)
class Village:
    """The planted people, and what happened to them."""

    db: Database
    clock: FixedClock
    people: list[dict[str, Any]]
    settings: Settings
    operator: FakeOperator
    receipt: str = ""

    def phones(self) -> dict[str, str]:
        """One of each kind of phone."""
        numbers = [person["number"] for person in self.people]
        return {
            "unknown": UNKNOWN,
            "tenant": numbers[0],
            "paying": numbers[1],
            "nearly locked": numbers[2],
            "long": LONG,
            "no PIN": CHATTING,
            "landlord": next(p["number"] for p in self.people if "landlord" in p["roles"]),
            "shared": next(number for number in numbers if numbers.count(number) > 1),
            "senegal": next(number for number in numbers if number.startswith("+221")),
        }

    def names(self, number: str) -> list[str]:
        """Whose phone it is."""
        return [person["name"] for person in self.people if person["number"] == number]

    def doors(self) -> dict[str, Address]:
        """One of each kind of conversation: nobody known, a number that is not proved, somebody's own, and by SMS."""
        return {"stranger": STRANGER, "guessing": GUESSING, "linked": LINKED, "by SMS": OWNED}

    def spots(self) -> tuple[Point, ...]:
        """Where there are several quarters, one, and none."""
        return Point(3.893, 11.511), Point(5.479, 10.423), Point(8.0, 14.0)

    def contacts(self) -> tuple[str, ...]:
        """Numbers of one profile, of several and of none."""
        phones = self.phones()
        return phones["tenant"], phones["shared"], UNKNOWN

    async def speaker(self, tx: Tx, door: Address) -> Speaker:
        """Who writes there."""
        phone = {GUESSING: parse_phone(GUESSING.name, "CM"), OWNED: parse_phone(OWNED.name, "CM")}.get(door)
        owned = door.channel == "sms"
        return await hear(tx, door, "test", self.clock.now(), phone=phone, owned=owned)

    async def do(self, who: int, command: object) -> object:
        """Something one of the people does."""
        phone = parse_phone(self.people[who]["number"], "CM")
        async with self.db.transaction() as tx:
            speaker = await identify(tx, phone)
            return await self._done(tx, command, speaker)

    async def _done(self, tx: Tx, command: object, speaker: Speaker) -> object:
        return await Desk().perform(command, Deed(tx, speaker, self.clock.now(), self.settings))

    async def open_doors(self) -> None:
        """A conversation that is linked, one that asked for too many codes and tried too many, and a profile made in
        a chat.
        """
        async with self.db.transaction() as tx:
            made = Profile(parse_phone(CHATTING, "CM"), "Abena", "tenant", "fr", "CM")
            assert await create(tx, made, None, self.clock.now())
            tenant = await identify(tx, parse_phone(self.phones()["tenant"], "CM"))
            assert tenant.person is not None
            await self.speaker(tx, LINKED)
            await link(tx, LINKED, tenant.person, self.clock.now())
            landlord = await identify(tx, parse_phone(self.phones()["landlord"], "CM"))
            for _ in range(5):
                await self._done(tx, StartLink(), structs.replace(landlord, proved=True))
            guessing = await self.speaker(tx, GUESSING)
            for code in _CODES:
                await self._done(tx, EnterCode(code), guessing)
            for _ in range(3):
                await self._done(tx, SendCode(parse_phone(UNKNOWN, "CM")), guessing)

    async def pay(self, who: int, francs: int) -> object:
        """Start to pay one's own lease."""
        phone = parse_phone(self.people[who]["number"], "CM")
        speaker = await identify(self.db, phone)
        lease = (await Desk().reads(Look(self.db, speaker, self.clock.now(), self.settings)).leases.mine())[0]
        started = await self.do(who, PayRent(lease.id, Money(francs, "XAF"), (), phone, self.people[who]["pin"]))
        assert isinstance(started, Started), started
        return started

    async def collect(self) -> None:
        """The worker's part: every order reaches the operator, who takes the money."""
        collector = Collector(self.db, self.clock, {"mtn": self.operator}, self.settings)
        self.clock.move(minutes=1)
        await collector.run_once()
        self.operator.approve(self.operator.last())
        self.clock.move(minutes=1)
        await collector.run_once()
        (self.receipt,) = [row[0] for row in await self.db.fetch(_RECEIPTS)]

    async def settle_long(self) -> None:
        """Somebody with a long name, two leases, one of them in arrears, among homes that need many words."""
        house = House(self.db, self.clock, Desk(), identify)
        owner, marie = await landlord(house), await person(house, LONG, "Ngo Bell Marie-Antoinette")
        await let(house, owner, marie, Rented("Appartement meublé B12", 1_250_000, 75_000, date(2026, 8, 1)))
        await let(house, owner, marie, replace(Rented(), title="Boutique 2"))
        features = ("tarred_road", "generator", "shower")
        shown = Shown(landmark="Derrière la grande pharmacie du marché", features=features)
        carded = replace(shown, photo="https://photos.example/a.jpg", point=Point(4.064, 9.706))
        await online(house, owner, *[shown] * 13, carded)
        self.people.append({"name": "Ngo Bell Marie-Antoinette", "number": LONG, "pin": PIN, "roles": ["tenant"]})

    async def crawl(self, language: Language) -> list[Seen]:
        """Every screen each kind of phone can reach, all people speaking one language."""
        seen: list[Seen] = []
        for who, number in self.phones().items():
            async with self._speaking(language) as tx:
                phone = parse_phone(number, "CM")
                seen += await self._crawl(tx, who, await identify(tx, phone), number)
        for who, door in self.doors().items():
            async with self._speaking(language) as tx:
                speaker = await self.speaker(tx, door)
                await tx.fetch(_WRITE, language=language)
                seen += await self._crawl(tx, who, structs.replace(speaker, language=language), "")
        return seen

    @asynccontextmanager
    async def _speaking(self, language: Language) -> AsyncIterator[Tx]:
        """Everybody speaks one language, for as long as a crawl lasts."""
        async with self.db.transaction() as tx:
            await tx.fetch(_SPEAK, language=language)
            await tx.fetch(_PREFER, unknown=UNKNOWN, language=language)
            yield tx

    async def _crawl(self, tx: Tx, who: str, speaker: Speaker, number: str) -> list[Seen]:
        own = dict.fromkeys(person["pin"] for person in self.people if person["number"] == number)
        crawler = Crawler(
            engine=Engine(FLOWS, unasked=ROUTER.unasked),
            router=ROUTER,
            world=World(tx, self.clock.now(), self.settings, secrets=speaker.secrets),
            who=who,
            pins=(*(own or ["4826"]), WRONG_PIN),
            typed=(*TYPED, self.receipt),
            thorough=who == "long",
            contacts=self.contacts(),
            spots=self.spots(),
        )
        await crawler.crawl(speaker)
        return crawler.seen


@pytest.fixture
async def village(planted: Database, clock: FixedClock, people: list[dict[str, Any]]) -> Village:
    """The village of a crawl."""
    found = Village(planted, clock, people, Settings(_env_file=None), FakeOperator())
    await found.pay(0, 10_000)
    await found.collect()
    await found.pay(1, 5_000)
    for _ in range(4):
        await found.do(2, ProvePin(1, WRONG_PIN))
    await found.settle_long()
    await found.open_doors()
    return found

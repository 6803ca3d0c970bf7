"""Every screen that can be reached keeps its promises: it fits, leads on and back, and shows nobody else's life."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.engine import Engine
from bot.render.gsm7 import septets
from core.desk import Desk
from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.deed import Deed, Look
from core.kit.money import Money
from core.kit.phone import Phone, parse_phone
from core.kit.settings import Settings
from core.kit.speaker import Language
from core.leases.words import PayRent
from core.money.collecting import Collector
from core.money.words import Started
from core.people.speaker import identify
from core.people.words import ProvePin
from flows import FLOWS, ROUTER
from tests.core.money.operator import FakeOperator
from tests.crawl.crawler import TYPED, Crawler, Seen, World

WRONG_PIN = "9182"


@dataclass(slots=True)
class Village:
    """The planted people, with what a crawl needs: a receipt, an open payment, somebody one try from being locked."""

    db: Database
    clock: FixedClock
    people: list[dict[str, Any]]
    settings: Settings
    operator: FakeOperator

    async def do(self, who: int, command: object) -> object:
        """Something one of the people does."""
        phone = parse_phone(self.people[who]["number"], "CM")
        async with self.db.transaction() as tx:
            speaker = await identify(tx, phone)
            return await Desk().perform(command, Deed(tx, speaker, self.clock.now(), self.settings))

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


@pytest.fixture
async def village(planted: Database, clock: FixedClock, people: list[dict[str, Any]]) -> Village:
    found = Village(planted, clock, people, Settings(_env_file=None), FakeOperator())
    await found.pay(0, 10_000)
    await found.collect()
    await found.pay(1, 5_000)
    for _ in range(4):
        await found.do(2, ProvePin(1, WRONG_PIN))
    return found


def _phones(people: list[dict[str, Any]]) -> dict[str, str]:
    """One of each kind of phone."""
    numbers = [person["number"] for person in people]
    return {
        "unknown": "+237670009999",
        "tenant": numbers[0],
        "paying": numbers[1],
        "nearly locked": numbers[2],
        "landlord": next(p["number"] for p in people if "landlord" in p["roles"]),
        "shared": next(number for number in numbers if numbers.count(number) > 1),
        "senegal": next(number for number in numbers if number.startswith("+221")),
    }


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_screen(village: Village, language: Language) -> None:
    seen: list[Seen] = []
    codes = await village.db.fetch(Statement(text("SELECT check_code FROM receipt UNION ALL SELECT 'B3016'")))
    for who, number in _phones(village.people).items():
        if language != "fr" and who in {"landlord", "senegal"}:
            continue
        pins = (*dict.fromkeys(person["pin"] for person in village.people if person["number"] == number), WRONG_PIN)
        async with village.db.transaction() as tx:
            world = World(tx, village.clock.now(), village.settings)
            crawler = Crawler(
                Engine(FLOWS), ROUTER, world, who, pins or ("4826",), (*TYPED, *(row[0] for row in codes))
            )
            await crawler.crawl(replace(await identify(tx, parse_phone(number, "CM")), language=language))
            seen += crawler.seen
    _check(seen, village.people, _phones(village.people)["shared"], language)


def _check(seen: list[Seen], people: list[dict[str, Any]], shared: str, language: str) -> None:
    names = [person["name"] for person in people if person["number"] == shared]
    for one in seen:
        told = f"{one.who} {one.flow}.{one.step} by {one.way}:\n{one.screen.text}"
        assert (septets(one.screen.text) or 999) <= 160, f"too long ({septets(one.screen.text)}): {told}"
        assert one.screen.text.isascii(), told
        assert not any(line.endswith("..") and not line[0].isdigit() for line in one.screen.text.split("\n")), told
        lines = one.screen.text.split("\n")
        numbered = [
            line for line in lines if line.split(" ")[0].isdigit() and line.split(" ")[0] not in {"0", "00", "9"}
        ]
        assert len(numbered) <= 8, f"too many choices: {told}"
        at_home = one.place.top is not None and one.place.top.flow == "menu"
        assert not one.screen.keep_open or at_home or "0 " in one.screen.text, f"no way back: {told}"
        assert one.place.speaker is not None
        if one.who == "shared" and not one.place.speaker.proved:
            assert not any(part in one.screen.text for name in names for part in name.split()), f"a name: {told}"
            assert one.flow not in {"pay_rent", "pay_with", "receipts"}, f"before the PIN: {told}"
    visited = {(one.flow, one.step) for one in seen}
    steps = {(flow.name, step.name) for flow in FLOWS for step in flow.steps.values()}
    settled = {(flow.name, name) for flow in FLOWS for name in _SETTLED.get(flow.name, ())}
    assert visited >= steps - settled, f"never shown in {language}: {sorted(steps - settled - visited)}"


_SETTLED: dict[str, tuple[str, ...]] = {
    "identify": ("known",), "menu": ("tongue", "receipt"), "register": ("language", "sorry"),
}  # fmt: skip
"""Steps that are always settled; ``sorry`` waits for a phone with six profiles (tests/flows/test_register.py)."""


def test_the_phone_of_nobody_is_a_valid_number() -> None:
    assert parse_phone("+237670009999", "CM") == Phone("+237670009999")

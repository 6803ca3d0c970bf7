"""Every screen that can be reached keeps its promises: it fits, leads on and back, and shows nobody else's life."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.engine import Engine
from bot.render.gsm7 import septets
from core.kit.clock import SystemClock
from core.kit.db import Database
from core.kit.phone import Phone, parse_phone
from core.kit.settings import Settings
from core.kit.speaker import Language
from core.people.speaker import identify
from flows import FLOWS, ROUTER
from tests.crawl.crawler import TYPED, Crawler, Seen, World
from webhooks.seed import seed

WRONG_PIN = "9182"


@pytest.fixture
async def people(db: Database, tmp_path: Path) -> list[dict[str, str]]:
    await seed(db, Settings(home=tmp_path), SystemClock(), tmp_path)
    found: list[dict[str, str]] = json.loads((tmp_path / "people.json").read_text())
    return found


def _who(people: list[dict[str, str]]) -> dict[str, str]:
    """One of each kind of phone: unknown, a tenant with rent due, a landlord, a phone of two, abroad."""
    numbers = [person["number"] for person in people]
    shared = next(number for number in numbers if numbers.count(number) > 1)
    landlord = next(p["number"] for p in people if "landlord" in p["roles"] and p["number"] != shared)
    senegal = next(number for number in numbers if number.startswith("+221"))
    return {
        "unknown": "+237670009999", "tenant": numbers[0], "landlord": landlord, "shared": shared, "senegal": senegal,
    }  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_screen(db: Database, people: list[dict[str, str]], language: Language) -> None:
    seen: list[Seen] = []
    codes = tuple(str(person["lease"]) for person in people if person["lease"])[:2]
    for who, number in _who(people).items():
        phone = parse_phone(number, "CM")
        pins = (*dict.fromkeys(person["pin"] for person in people if person["number"] == number), "2580", WRONG_PIN)
        async with db.transaction() as tx:
            world = World(tx, SystemClock().now(), Settings())
            crawler = Crawler(Engine(FLOWS), ROUTER, world, who, pins, (*TYPED, *codes))
            speaker = await identify(tx, phone)
            await crawler.crawl(replace(speaker, language=language))
            seen += crawler.seen
    print(len(seen), "screens")
    _check(seen, people, _who(people)["shared"], language)


def _check(seen: list[Seen], people: list[dict[str, str]], shared: str, language: str) -> None:
    names = [person["name"] for person in people if person["number"] == shared]
    for one in seen:
        told = f"{one.who} {one.flow}.{one.step} by {one.way}:\n{one.screen.text}"
        assert (septets(one.screen.text) or 999) <= 160, f"too long ({septets(one.screen.text)}): {told}"
        assert one.screen.text.isascii(), told
        assert ".." not in one.screen.text.split("\n")[0] or len(one.way[-1]) > 100, f"the question was cut: {told}"
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


_SETTLED: dict[str, tuple[str, ...]] = {}
"""Steps that never show anything, because they are always settled."""


def test_the_phone_of_nobody_is_a_valid_number() -> None:
    assert parse_phone("+237670009999", "CM") == Phone("+237670009999")

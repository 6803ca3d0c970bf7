"""The demo's people and homes: planted once, kept, and never in production."""

import asyncio
import json
import re
import stat
from math import dist
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.homes.reads import HomesReads
from core.homes.words import Wish
from core.kit.clock import FixedClock
from core.kit.db import Database, Record, Statement
from core.kit.deed import Deed, Look
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone, parse_phone
from core.kit.settings import Settings
from core.kit.speaker import Speaker
from core.leases.reads import LeasesReads
from core.leases.words import Account
from core.money.rails import serving
from core.people.commands import prove_pin
from core.people.pin import refusal
from core.people.speaker import identify
from core.people.words import ProvePin
from core.places.gazetteer import gazetteer
from sandbox.pictures import drawn
from webhooks.demo_homes import homes_on_offer
from webhooks.seed import PEOPLE, seed

TABLES = (
    "person", "phone", "person_role", "pin_credential", "consent_event", "building", "unit", "listing",
    "listing_event", "lease", "lease_party", "lease_event", "lease_charge", "charge", "waiver",
)  # fmt: skip
CITIES = {
    "Douala": (4.05, 9.72), "Yaoundé": (3.86, 11.51), "Bafoussam": (5.48, 10.42), "Dakar": (14.71, -17.45),
    "Pikine": (14.75, -17.39), "Abidjan": (5.34, -4.00),
}  # fmt: skip
"""The middle of each city that has quarters with points."""

_BY_ROLE = Statement(text("SELECT role, state FROM person_role"))


async def _rows(db: Database) -> dict[str, list[Record]]:
    every = {table: Statement(text(f"SELECT * FROM {table} ORDER BY 1, 2")) for table in TABLES}  # noqa: S608
    return {table: await db.fetch(statement) for table, statement in every.items()}


def _people(home: Path) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = json.loads((home / "people.json").read_text(encoding="utf-8"))
    return people


@pytest.fixture
async def town(db: Database, clock: FixedClock, tmp_path: Path) -> list[dict[str, Any]]:
    """Everybody, as the phones read them, planted here and now; who only looks takes what is planted once a run."""
    await seed(db, Settings(), clock, tmp_path)
    return _people(tmp_path)


async def _account(db: Database, clock: FixedClock, town: list[dict[str, Any]], name: str) -> Account:
    code = next(person["lease"] for person in town if person["name"] == name)
    look = Look(db, Speaker(Phone("+237670000101")), clock.now(), Settings())
    lease = await LeasesReads(look).by_code(code)
    assert lease
    account = await LeasesReads(look).account(lease.id)
    assert account
    return account


async def test_planting_twice_gives_the_same_rows(
    db: Database, clock: FixedClock, town: list[dict[str, Any]], tmp_path: Path
) -> None:
    before = await _rows(db)
    clock.move(days=40)
    await seed(db, Settings(), clock, tmp_path)
    assert await _rows(db) == before
    assert _people(tmp_path) == town


async def test_planting_at_the_same_moment_plants_once(db: Database, clock: FixedClock, tmp_path: Path) -> None:
    await asyncio.gather(*(seed(db, Settings(), clock, tmp_path) for _ in range(3)))
    assert len((await _rows(db))["person"]) == len(PEOPLE)


async def test_production_refuses(db: Database, clock: FixedClock, tmp_path: Path) -> None:
    settings = Settings.model_construct(env="production")
    with pytest.raises(ValueError, match="production"):
        await seed(db, settings, clock, tmp_path)
    assert not (tmp_path / "people.json").exists()
    assert (await _rows(db))["person"] == []


async def test_the_first_tenant_owes_this_month(
    planted: Database, clock: FixedClock, people: list[dict[str, Any]]
) -> None:
    first = people[0]
    assert (first["name"], first["roles"]) == ("Ngo Bell Marie", ["tenant"])
    assert serving(parse_phone(first["number"], "CM"))
    account = await _account(planted, clock, people, first["name"])
    assert account.lease.title == "Studio B3"
    assert account.left == Money(85_000, "XAF")
    assert [due.month for due in account.dues] == [Month(2026, 11)]


async def test_leases_stand_in_every_state_of_payment(
    planted: Database, clock: FixedClock, people: list[dict[str, Any]]
) -> None:
    dues = {
        person["name"]: len((await _account(planted, clock, people, person["name"])).dues)
        for person in people
        if person["lease"]
    }
    assert dues["Talla Éric"] == 3
    assert dues["Njoya Aïssatou"] == 0
    ended = await _account(planted, clock, people, "Oumarou Issa")
    assert [due.month for due in ended.dues] == [Month(2026, 10)]
    assert ended.ahead == ()


async def test_everybody_proves_to_be_themselves_with_their_pin(
    planted: Database, clock: FixedClock, people: list[dict[str, Any]]
) -> None:
    numbers = dict.fromkeys((person["number"] for person in people), 0)
    for person in people:
        assert refusal(person["pin"]) is None
        numbers[person["number"]] += 1
        async with planted.transaction() as tx:
            speaker = await identify(tx, Phone(person["number"]))
            deed = Deed(tx, speaker, clock.now(), Settings())
            proved = await prove_pin(ProvePin(numbers[person["number"]], person["pin"]), deed)
        assert not isinstance(proved, Refused)
    assert sorted(numbers.values())[-2:] == [1, 2]


async def test_landlords_are_approved(planted: Database) -> None:
    rows = await planted.fetch(_BY_ROLE)
    assert {row["state"] for row in rows} == {"active"}
    assert {"tenant", "landlord", "agent"} == {row["role"] for row in rows}


async def test_homes_are_on_offer_in_three_countries(planted: Database, clock: FixedClock) -> None:
    listed = (await _rows(planted))["listing"]
    assert 280 <= len(listed) <= 320
    assert {row["state"] for row in listed} == {"published"}
    for number, currency in (("+237670000101", "XAF"), ("+221770000101", "XOF"), ("+2250700000101", "XOF")):
        speaker = await identify(planted, Phone(number))
        homes = HomesReads(Look(planted, speaker, clock.now(), Settings()))
        page = await homes.search(Wish(kinds=("studio",)))
        assert {home.price.currency for home in page.homes} == {currency}
        assert len(page.homes) > 5


@pytest.mark.untraced
async def test_every_home_has_a_picture_that_the_sandbox_draws(db: Database, clock: FixedClock, tmp_path: Path) -> None:
    await seed(db, Settings(sandbox_port=28_099), clock, tmp_path)
    photos = {(row["kind"], row["photo"]) for row in (await _rows(db))["listing"]}
    for kind, photo in photos:
        named = re.fullmatch(r"http://127\.0\.0\.1:28099/pictures/([a-z]+)-([1-9])\.png", photo)
        assert named
        assert named[1] == kind
        assert drawn(named[1], int(named[2]))


def test_points_lie_in_the_city_of_their_quarter() -> None:
    homes = list(homes_on_offer())
    pointed = [home for home in homes if home.point]
    assert len(pointed) > len(homes) // 2
    for home in pointed:
        assert home.point
        assert dist(home.point, CITIES[gazetteer().place(home.city).name]) < 0.2


async def test_the_listing_people_are_shown_exists(planted: Database, clock: FixedClock) -> None:
    homes = HomesReads(Look(planted, Speaker(Phone("+237670000101")), clock.now(), Settings()))
    home = await homes.home("A4821")
    assert home
    assert (home.price, home.bedrooms, home.features) == (Money(85_000, "XAF"), 2, ("borehole", "gate"))
    assert home.photo.endswith(".png")
    assert home.spot


async def test_the_list_of_people_is_for_its_owner_alone(town: list[dict[str, Any]], tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "people.json").stat().st_mode) == 0o600

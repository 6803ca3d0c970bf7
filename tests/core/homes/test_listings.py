"""Listings: written, published, moved between states; the database refuses what must not be."""

from dataclasses import replace

import asyncpg
import pytest
from sqlalchemy import text

from core.homes.listings import ONLINE, Listed, Offer, draft, expire, publish, set_state
from core.homes.tables import TRANSITIONS, listing_transition
from core.homes.units import Unit, add_unit
from core.homes.words import UnitId
from core.kit.db import Database, Statement
from core.kit.ids import read_code
from core.kit.money import Money
from tests.core.homes.planting import NOW, Seen, add_person, offered, online, reads

_HISTORY = Statement(text("SELECT * FROM listing_event ORDER BY id"))
_DEAREST = Statement(text("UPDATE listing SET price = :price, changed_at = :now WHERE id = :id"))
_REWRITE = Statement(text("UPDATE listing_event SET to_state = 'draft'"))
_MOVE_UNIT = Statement(text("UPDATE unit SET bedrooms = 2, kind = 'apartment', furnished = true"))
_MOVE_AWAY = Statement(text("UPDATE listing SET city = 2"))


async def _one(db: Database) -> Listed:
    return (await online(db, Seen(1, 1000)))[0]


async def test_a_published_home_is_found_by_its_code(db: Database) -> None:
    listed = await _one(db)
    assert read_code(listed.code.lower(), "A") == listed.code
    home = await reads(db).home(listed.code)
    assert home is not None
    assert (home.id, home.price, home.quarter, home.city) == (listed.id, Money(50_000, "XAF"), 1000, 1)


async def test_a_draft_is_nobodys_business(db: Database) -> None:
    async with db.transaction() as tx:
        landlord = await add_person(tx)
        listed = await draft(tx, await offered(tx, landlord, Seen(1)), landlord, NOW)
    assert await reads(db).home(listed.code) is None


async def test_listing_numbers_begin_at_four_hundred(db: Database) -> None:
    assert (await _one(db)).code.startswith("A400")


async def test_transitions_in_code_are_those_of_the_database(db: Database) -> None:
    rows = await db.fetch(Statement(listing_transition.select()))
    assert {(row["from_state"], row["to_state"]) for row in rows} == set(TRANSITIONS)


async def test_the_database_refuses_a_transition_that_is_not_listed(db: Database) -> None:
    listed = await _one(db)
    async with db.transaction() as tx:
        await set_state(tx, listed.id, "let", None, NOW)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with db.transaction() as tx:
            await set_state(tx, listed.id, "reserved", None, NOW)


async def test_a_listing_cannot_begin_published(db: Database) -> None:
    async with db.transaction() as tx:
        landlord = await add_person(tx)
        listed = await draft(tx, await offered(tx, landlord, Seen(1)), landlord, NOW)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with db.transaction() as tx:
            await set_state(tx, listed.id, "published", landlord, NOW)


async def test_one_unit_is_published_once_for_each_deal(db: Database) -> None:
    async with db.transaction() as tx:
        landlord = await add_person(tx)
        offer = await offered(tx, landlord, Seen(1))
        await publish(tx, offer, landlord, NOW)
        await publish(tx, replace(offer, deal="sale", price=Money(9_000_000, "XAF")), landlord, NOW)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with db.transaction() as tx:
            await publish(tx, offer, landlord, NOW)


async def test_no_listing_without_a_unit(db: Database) -> None:
    with pytest.raises(LookupError):
        async with db.transaction() as tx:
            await draft(tx, Offer(UnitId(404), Money(1, "XAF")), None, NOW)


async def test_history_holds_every_state_and_price(db: Database) -> None:
    listed = await _one(db)
    await db.fetch(_DEAREST, price=60_000, now=NOW, id=listed.id)
    history = await db.fetch(_HISTORY)
    states = [(row["from_state"], row["to_state"]) for row in history if row["to_state"]]
    assert states == [("", "draft"), ("draft", "pending"), ("pending", "published")]
    assert [(row["old_price"], row["new_price"]) for row in history if row["new_price"]] == [(50_000, 60_000)]


async def test_history_cannot_be_rewritten(db: Database) -> None:
    await _one(db)
    with pytest.raises(asyncpg.RestrictViolationError):
        await db.fetch(_REWRITE)


async def test_what_a_listing_repeats_follows_the_unit(db: Database) -> None:
    listed = (await online(db, Seen(1, kind="apartment", bedrooms=2)))[0]
    await db.fetch(_MOVE_UNIT)
    home = await reads(db).home(listed.code)
    assert home is not None
    assert home.furnished


async def test_a_listing_cannot_claim_another_city_than_its_building(db: Database) -> None:
    await _one(db)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await db.fetch(_MOVE_AWAY)


@pytest.mark.parametrize(
    "unit",
    [Unit("B9", "shop", 1), Unit("B9", "land", furnished=True), Unit("B9", "house", 31), Unit("B3", "studio")],
)
async def test_units_that_cannot_be(db: Database, unit: Unit) -> None:
    await _one(db)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        async with db.transaction() as tx:
            await add_unit(tx, 1, unit, NOW)


async def test_listings_expire_when_their_time_is_over(db: Database) -> None:
    listed = await _one(db)
    assert await expire(db, NOW) == 0
    assert await expire(db, NOW + ONLINE) == 1
    assert await reads(db).home(listed.code) is None

"""Leases: one at a time in a unit, and only the moves that are allowed."""

from dataclasses import replace
from datetime import date

import asyncpg
import pytest
from sqlalchemy import text

from core.kit.db import Database, Statement
from core.kit.ids import read_code
from core.kit.money import Money
from core.leases.agreements import Agreement, begin, draft, set_state
from core.leases.tables import TRANSITIONS, lease_transition
from tests.core.homes.planting import NOW, add_person
from tests.core.leases.letting import add_flat, francs, let_flat

_HISTORY = Statement(text("SELECT from_state, to_state FROM lease_event WHERE lease_id = :lease ORDER BY id"))
_REWRITE = Statement(text("DELETE FROM lease_event"))


async def _again(db: Database, start: date, end: date | None = None) -> None:
    """The same flat, let from November to April, let once more."""
    one = await let_flat(db, start=date(2026, 11, 1), end=date(2027, 4, 1))
    async with db.transaction() as tx:
        agreement = Agreement(one.unit, one.landlord, one.tenant, "B3", francs(1), francs(0), 5, start, end)
        await begin(tx, agreement, None, NOW)


async def test_a_lease_has_a_code_of_its_own(db: Database) -> None:
    first, second = await let_flat(db), await let_flat(db)
    assert first.agreed.code.startswith("B300")
    assert read_code(first.agreed.code, "B") != read_code(second.agreed.code, "B")


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2027, 3, 31), None), (date(2026, 1, 1), None), (date(2027, 1, 1), date(2027, 2, 1))],
)
async def test_two_current_leases_of_a_unit_never_overlap(db: Database, start: date, end: date | None) -> None:
    with pytest.raises(asyncpg.ExclusionViolationError):
        await _again(db, start, end)


@pytest.mark.parametrize(("start", "end"), [(date(2027, 4, 1), None), (date(2026, 1, 1), date(2026, 11, 1))])
async def test_one_lease_may_follow_another(db: Database, start: date, end: date | None) -> None:
    await _again(db, start, end)


async def test_drafts_and_ended_leases_stand_in_nobodys_way(db: Database) -> None:
    one = await let_flat(db)
    async with db.transaction() as tx:
        await set_state(tx, one.agreed.id, "ended", None, NOW, end=date(2026, 12, 1))
        agreement = Agreement(one.unit, one.landlord, one.tenant, "B3", francs(1), francs(0), 5, date(2026, 11, 1))
        await draft(tx, agreement, None, NOW)
        await begin(tx, agreement, None, NOW)


async def test_transitions_in_code_are_those_of_the_database(db: Database) -> None:
    rows = await db.fetch(Statement(lease_transition.select()))
    assert {(row["from_state"], row["to_state"]) for row in rows} == set(TRANSITIONS)


async def test_the_database_refuses_a_move_back(db: Database) -> None:
    one = await let_flat(db)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with db.transaction() as tx:
            await set_state(tx, one.agreed.id, "cancelled", None, NOW)
    rows = await db.fetch(_HISTORY, lease=one.agreed.id)
    assert [tuple(row) for row in rows] == [("", "draft"), ("draft", "active")]


async def test_an_ended_lease_has_an_end(db: Database) -> None:
    one = await let_flat(db)
    with pytest.raises(asyncpg.CheckViolationError):
        async with db.transaction() as tx:
            await set_state(tx, one.agreed.id, "ended", None, NOW)


async def test_history_cannot_be_removed(db: Database) -> None:
    await let_flat(db)
    with pytest.raises(asyncpg.RestrictViolationError):
        await db.fetch(_REWRITE)


@pytest.mark.parametrize("due_day", [0, 29])
async def test_the_due_day_exists_in_every_month(db: Database, due_day: int) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await let_flat(db, due_day=due_day)


async def test_a_lease_has_one_tenant_and_any_number_of_others(db: Database) -> None:
    async with db.transaction() as tx:
        landlord, tenant, friend = [await add_person(tx, name) for name in ("Fotso Paul", "Bih Ann", "Tabi Joe")]
        agreement = Agreement(
            await add_flat(tx, landlord), landlord, tenant, "B3", francs(1), francs(0), 5, date(2026, 1, 1)
        )
        await begin(tx, replace(agreement, others=((friend, "co_tenant"), (friend, "guarantor"))), None, NOW)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with db.transaction() as tx:
            await draft(tx, replace(agreement, others=((friend, "tenant"),)), None, NOW)


async def test_a_lease_has_one_currency(db: Database) -> None:
    one = await let_flat(db)
    agreement = Agreement(one.unit, one.landlord, one.tenant, "B3", francs(1), Money(0, "XOF"), 5, date(2026, 1, 1))
    with pytest.raises(ValueError, match="currency"):
        async with db.transaction() as tx:
            await draft(tx, agreement, None, NOW)

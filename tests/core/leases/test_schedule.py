"""The schedule: every month of a current lease is charged once, whoever runs it and however often."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.month import Month
from core.leases.agreements import set_state
from core.leases.schedule import _LATE, Schedule, issue_ahead
from core.leases.terms import Term, term
from core.leases.words import LeaseId
from tests.core.homes.planting import NOW
from tests.core.leases.letting import let_flat

_CHARGES = Statement(
    text("""
    SELECT k.period, k.kind, c.amount, c.due_on, c.debtor, c.creditor, c.origin_key, c.title
    FROM lease_charge AS k JOIN charge AS c ON c.id = k.charge_id AND c.subject = k.lease_id AND c.kind = k.kind
    WHERE k.lease_id = :lease ORDER BY k.period, k.kind
    """)
)
_COUNT = Statement(text("SELECT (SELECT count(*) FROM charge) AS charges, (SELECT count(*) FROM lease_charge) AS kept"))


async def _term(db: Database, lease: LeaseId) -> Term:
    found = await term(db, lease)
    assert found
    return found


async def _months(db: Database, lease: LeaseId) -> list[tuple[int, int]]:
    rows = await db.fetch(_CHARGES, lease=lease)
    return [(row["period"].year, row["period"].month) for row in rows if row["kind"] == "rent"]


async def test_rent_and_service_are_charged_apart(db: Database, clock: FixedClock) -> None:
    one = await let_flat(db)
    assert await Schedule(db, clock).run_once() == 2
    rent, service = await db.fetch(_CHARGES, lease=one.agreed.id)
    assert (rent["kind"], rent["amount"], service["kind"], service["amount"]) == ("rent", 80_000, "service", 5_000)
    assert (rent["period"], rent["due_on"]) == (date(2026, 11, 1), date(2026, 11, 5))
    assert (rent["debtor"], rent["creditor"], rent["title"]) == (one.tenant, one.landlord, "Studio B3")
    assert rent["origin_key"] == f"lease:{one.agreed.id}:2026-11:rent"


async def test_no_service_charge_no_charge(db: Database, clock: FixedClock) -> None:
    await let_flat(db, service=0)
    assert await Schedule(db, clock).run_once() == 1


async def test_a_second_run_issues_nothing(db: Database, clock: FixedClock) -> None:
    await let_flat(db)
    schedule = Schedule(db, clock)
    assert await schedule.run_once() == 2
    assert await schedule.run_once() == 0


async def test_many_workers_at_once_charge_each_month_once(db: Database, clock: FixedClock) -> None:
    leases = [await let_flat(db, start=date(2026, 8, 1)) for _ in range(5)]
    issued = await asyncio.gather(*(Schedule(db, clock).run_once() for _ in range(6)))
    assert sum(issued) == 5 * 4 * 2
    row = await db.one(_COUNT)
    assert row
    assert (row["charges"], row["kept"]) == (40, 40)
    assert await _months(db, leases[0].agreed.id) == [(2026, 8), (2026, 9), (2026, 10), (2026, 11)]


async def test_somebody_who_pays_ahead_races_the_worker(db: Database) -> None:
    one = await let_flat(db)
    found = await _term(db, one.agreed.id)
    clock = FixedClock(datetime(2027, 2, 1, tzinfo=UTC))
    months = [Month(2026, 11).plus(n) for n in range(6)]

    async def ahead() -> int:
        async with db.transaction() as tx:
            return await issue_ahead(tx, found, months, NOW)

    await asyncio.gather(ahead(), Schedule(db, clock).run_once(), ahead())
    assert await _months(db, one.agreed.id) == [(m.year, m.month) for m in months]


async def test_the_first_month_is_whole_and_due_no_earlier_than_the_lease(db: Database, clock: FixedClock) -> None:
    one = await let_flat(db, start=date(2026, 10, 20))
    await Schedule(db, clock).run_once()
    rents = [row for row in await db.fetch(_CHARGES, lease=one.agreed.id) if row["kind"] == "rent"]
    assert [(row["amount"], row["due_on"]) for row in rents] == [
        (80_000, date(2026, 10, 20)),
        (80_000, date(2026, 11, 5)),
    ]


@pytest.mark.parametrize(("end", "last"), [(date(2026, 9, 1), 8), (date(2026, 9, 2), 9)])
async def test_nothing_is_charged_from_the_end_on(db: Database, clock: FixedClock, end: date, last: int) -> None:
    one = await let_flat(db, start=date(2026, 8, 1), end=end)
    schedule = Schedule(db, clock)
    await schedule.run_once()
    assert (await _months(db, one.agreed.id))[-1] == (2026, last)
    assert await db.fetch(_LATE, month=date(2026, 11, 1), many=1) == []
    async with db.transaction() as tx:
        assert await issue_ahead(tx, await _term(db, one.agreed.id), [Month(2026, 12)], NOW) == 0


async def test_nothing_before_it_begins_nor_for_a_draft_or_ended_lease(db: Database, clock: FixedClock) -> None:
    await let_flat(db, start=date(2026, 12, 1))
    ended = await let_flat(db)
    async with db.transaction() as tx:
        await set_state(tx, ended.agreed.id, "ended", None, NOW, end=date(2026, 11, 20))
    assert await Schedule(db, clock).run_once() == 0
    async with db.transaction() as tx:
        assert await issue_ahead(tx, await _term(db, ended.agreed.id), [Month(2026, 11)], NOW) == 0


async def test_the_month_begins_when_it_begins_in_douala(db: Database) -> None:
    one = await let_flat(db)
    clock = FixedClock(datetime(2026, 11, 30, 22, 59, tzinfo=UTC))
    await Schedule(db, clock).run_once()
    assert await _months(db, one.agreed.id) == [(2026, 11)]
    clock.move(minutes=1)
    assert await Schedule(db, clock).run_once() == 2

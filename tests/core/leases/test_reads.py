"""What is read of leases: whose they are, and what each owes."""

from datetime import UTC, date, datetime

from sqlalchemy import text

from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.month import Month
from core.kit.speaker import PersonId
from core.leases.agreements import Agreement, draft, set_state
from core.leases.schedule import Schedule
from core.leases.words import AHEAD, Account, Due, LeaseId
from core.money.charges import open_charges, waive
from tests.core.homes.planting import NOW, add_person
from tests.core.leases.letting import add_flat, francs, let_flat, reads

_JOIN = Statement(text("INSERT INTO lease_party (lease_id, person_id, role) VALUES (:lease, :person, :role)"))


async def _account(db: Database, lease: LeaseId, person: PersonId | None = None, now: datetime = NOW) -> Account:
    account = await reads(db, person, now).account(lease)
    assert account
    return account


async def _give_up(db: Database, lease: LeaseId, month: Month, kind: str, francs: int) -> None:
    async with db.transaction() as tx:
        one = next(c for c in await open_charges(tx, lease) if (c.period, c.kind) == (month, kind))
        await waive(tx, one.id, francs, reason="geste", origin_key=f"{one.id}", now=NOW)


async def test_a_month_owes_rent_and_service_together(db: Database, clock: FixedClock) -> None:
    one = await let_flat(db)
    await Schedule(db, clock).run_once()
    account = await _account(db, one.agreed.id, one.tenant)
    assert account.dues == (Due(Month(2026, 11), date(2026, 11, 5), francs(85_000), francs(85_000)),)
    assert (account.left, account.credit) == (francs(85_000), francs(0))
    assert account.lease.monthly == francs(85_000)


async def test_what_the_worker_has_not_issued_yet_is_owed_all_the_same(db: Database, clock: FixedClock) -> None:
    one = await let_flat(db, start=date(2026, 9, 15))
    before = await _account(db, one.agreed.id)
    await Schedule(db, clock).run_once()
    assert await _account(db, one.agreed.id) == before
    assert [due.month for due in before.dues] == [Month(2026, 9), Month(2026, 10), Month(2026, 11)]
    assert before.dues[0].due_on == date(2026, 9, 15)


async def test_coming_months_can_be_paid_ahead_up_to_the_end(db: Database) -> None:
    endless = await _account(db, (await let_flat(db)).agreed.id)
    assert [due.month for due in endless.ahead] == [Month(2026, 11).plus(n) for n in range(1, AHEAD + 1)]
    short = await _account(db, (await let_flat(db, end=date(2027, 1, 1))).agreed.id)
    assert [due.month for due in short.ahead] == [Month(2026, 12)]


async def test_paid_months_go_and_parts_stay(db: Database, clock: FixedClock) -> None:
    one = await let_flat(db, start=date(2026, 10, 1))
    await Schedule(db, clock).run_once()
    for kind, amount in (("rent", 80_000), ("service", 5_000)):
        await _give_up(db, one.agreed.id, Month(2026, 10), kind, amount)
    await _give_up(db, one.agreed.id, Month(2026, 11), "rent", 30_000)
    account = await _account(db, one.agreed.id)
    assert account.dues == (Due(Month(2026, 11), date(2026, 11, 5), francs(85_000), francs(55_000)),)


async def test_arrears_outlive_the_lease(db: Database, clock: FixedClock) -> None:
    one = await let_flat(db, start=date(2026, 10, 1))
    await Schedule(db, clock).run_once()
    async with db.transaction() as tx:
        await set_state(tx, one.agreed.id, "ended", None, NOW, end=date(2026, 11, 30))
    account = await _account(db, one.agreed.id, now=datetime(2027, 3, 1, tzinfo=UTC))
    assert [due.month for due in account.dues] == [Month(2026, 10), Month(2026, 11)]
    assert account.ahead == ()
    assert [lease.id for lease in await reads(db, one.tenant).mine()] == [one.agreed.id]


async def test_an_ended_lease_without_arrears_is_no_longer_mine(db: Database) -> None:
    one = await let_flat(db)
    async with db.transaction() as tx:
        await set_state(tx, one.agreed.id, "ended", None, NOW, end=date(2026, 11, 20))
    assert await reads(db, one.tenant).mine() == ()
    assert await reads(db, one.tenant).by_code(one.agreed.code) is not None


async def test_mine_are_those_where_i_am_a_tenant(db: Database) -> None:
    one, other = await let_flat(db), await let_flat(db)
    await db.fetch(_JOIN, lease=other.agreed.id, person=one.tenant, role="co_tenant")
    await db.fetch(_JOIN, lease=other.agreed.id, person=other.landlord, role="guarantor")
    assert {lease.code for lease in await reads(db, one.tenant).mine()} == {one.agreed.code, other.agreed.code}
    assert await reads(db, other.landlord).mine() == ()
    assert await reads(db, None).mine() == ()


async def test_current_leases_come_before_ended_ones(db: Database, clock: FixedClock) -> None:
    old, new = await let_flat(db, start=date(2026, 10, 1)), await let_flat(db, start=date(2025, 1, 1))
    await Schedule(db, clock).run_once()
    await db.fetch(_JOIN, lease=new.agreed.id, person=old.tenant, role="co_tenant")
    async with db.transaction() as tx:
        await set_state(tx, old.agreed.id, "ended", None, NOW, end=date(2026, 11, 1))
    assert [lease.id for lease in await reads(db, old.tenant).mine()] == [new.agreed.id, old.agreed.id]


async def test_a_code_tells_a_stranger_the_first_name_only(db: Database) -> None:
    one = await let_flat(db)
    async with db.transaction() as tx:
        stranger = await add_person(tx, "Oumarou Issa")
    for person, tenant in (
        (stranger, "Marie"), (None, "Marie"), (one.tenant, "Ngo Bell Marie"), (one.landlord, "Ngo Bell Marie"),
    ):  # fmt: skip
        lease = await reads(db, person).by_code(one.agreed.code)
        assert lease
        assert lease.tenant == tenant
        assert lease == (await _account(db, one.agreed.id, person)).lease


async def test_no_lease_no_account(db: Database) -> None:
    assert await reads(db, None).account(LeaseId(404)) is None
    assert await reads(db, None).by_code("B4040") is None


async def test_a_draft_owes_nothing_and_has_no_code_yet(db: Database) -> None:
    async with db.transaction() as tx:
        landlord, tenant = await add_person(tx), await add_person(tx, "Ngo Bell Marie")
        agreement = Agreement(
            await add_flat(tx, landlord), landlord, tenant, "B3", francs(1), francs(0), 5, date(2026, 1, 1)
        )
        agreed = await draft(tx, agreement, None, NOW)
    account = await _account(db, agreed.id, tenant)
    assert (account.dues, account.ahead) == ((), ())
    assert await reads(db, tenant).by_code(agreed.code) is None
    assert await reads(db, tenant).mine() == ()

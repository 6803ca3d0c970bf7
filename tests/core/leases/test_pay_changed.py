"""An amount is taken only as what it was chosen as: the account may have changed since, even this very moment."""

import asyncio

import pytest
from sqlalchemy import text

from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.errors import Refused
from core.kit.month import Month
from core.leases.words import Account, Due, Lease, LeaseId
from core.money.posting import Posted, Poster
from core.money.words import Started
from tests.core.leases.letting import francs, reads
from tests.core.leases.paying import Case, case_of
from tests.patience import until

NOVEMBER, DECEMBER, JANUARY = Month(2026, 11), Month(2026, 12), Month(2027, 1)
_COUNTER = Statement(text("SELECT 1 FROM receipt_counter FOR UPDATE"))
_WAITING = Statement(
    text(
        "SELECT count(*) AS many FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
)


def owing(left: int) -> Account:
    """So much is left of November, and December can be paid ahead."""
    lease = Lease(LeaseId(1), "B3018", "Studio B3", "Marie", "Paul", francs(85_000), 5)
    dues = [Due(month, month.day(5), francs(85_000), francs(85_000)) for month in (NOVEMBER, DECEMBER)]
    now = Due(NOVEMBER, NOVEMBER.day(5), francs(85_000), francs(left))
    return Account(lease, (now,) if left else (), francs(0), (dues[1],))


@pytest.mark.parametrize(
    ("left", "amount", "months", "owed", "taken"),
    [
        (85_000, 85_000, (), 85_000, True),
        (75_000, 85_000, (), 85_000, False),
        (170_000, 85_000, (), 85_000, False),
        (75_000, 40_000, (), 85_000, True),
        (30_000, 40_000, (), 85_000, False),
        (170_000, 40_000, (), 85_000, True),
        (85_000, 95_000, (), 85_000, True),
        (75_000, 95_000, (), 85_000, False),
        (0, 95_000, (), 85_000, False),
        (85_000, 85_000, (DECEMBER,), 85_000, True),
        (0, 85_000, (NOVEMBER,), 85_000, False),
        (75_000, 170_000, (NOVEMBER, DECEMBER), 170_000, False),
        (85_000, 170_000, (NOVEMBER, DECEMBER), 170_000, True),
        (85_000, 85_000, (), None, True),
        (75_000, 85_000, (), None, False),
        (75_000, 40_000, (), None, True),
        (0, 85_000, (NOVEMBER,), None, False),
    ],
)
def test_an_amount_is_good_as_long_as_it_is_what_was_chosen(
    left: int, amount: int, months: tuple[Month, ...], owed: int | None, *, taken: bool
) -> None:
    then = None if owed is None else francs(owed)
    assert owing(left).takes(francs(amount), months, then) is taken


@pytest.fixture
async def case(db: Database) -> Case:
    """A tenant who owes November, of whom 10 000 were booked since all of it was chosen."""
    return await case_of(db)


async def book(case: Case, clock: FixedClock, amount: int, *months: Month, owed: int | None = None) -> None:
    """A payment that is begun and booked."""
    await case.pay(amount, *months, owed=owed)
    await case.booked(clock)


@pytest.mark.parametrize(("owed", "left"), [(85_000, 75_000), (None, 75_000)])
async def test_all_that_was_due_is_not_taken_once_less_is(
    case: Case, clock: FixedClock, owed: int | None, left: int
) -> None:
    await book(case, clock, 10_000)
    refused = await case.pay(85_000, owed=owed)
    assert isinstance(refused, Refused)
    assert (refused.key, refused.text.blanks["left"]) == ("pay.changed", francs(left))
    assert isinstance(await case.pay(75_000, owed=75_000), Started)


async def test_coming_months_are_charged_only_for_a_payment_that_is_taken(case: Case, clock: FixedClock) -> None:
    await book(case, clock, 10_000)
    assert getattr(await case.pay(170_000, NOVEMBER, DECEMBER, owed=170_000), "key", "") == "pay.changed"
    assert await case.charged() == [NOVEMBER]


async def test_a_payment_that_is_being_booked_counts(case: Case, clock: FixedClock) -> None:
    """The books wait in the middle of it; who confirms what was due before waits for them, and is told."""
    await book(case, clock, 1_000)
    await case.pay(10_000)
    confirmed = await case.confirmed()
    async with asyncio.TaskGroup() as tasks, case.db.transaction() as tx:
        await tx.fetch(_COUNTER)
        booking = tasks.create_task(Poster(case.db, clock).post(confirmed))
        await until(lambda: _waiting(case.db, 1))
        paying = tasks.create_task(case.pay(84_000, owed=84_000))
        await until(lambda: _waiting(case.db, 2))
    assert isinstance(booking.result(), Posted)
    refused = paying.result()
    assert isinstance(refused, Refused)
    assert (refused.key, refused.text.blanks["left"]) == ("pay.changed", francs(74_000))


async def _waiting(db: Database, many: int) -> bool:
    return int((await db.fetch(_WAITING))[0]["many"]) >= many


async def test_what_was_paid_over_is_less_of_the_next_month(case: Case, clock: FixedClock) -> None:
    await book(case, clock, 95_000, owed=85_000)
    account = await reads(case.db, case.payer).account(case.one.agreed.id)
    assert account
    assert (account.left, account.credit) == (francs(0), francs(10_000))
    assert [due.left for due in account.ahead[:2]] == [francs(75_000), francs(85_000)]
    assert getattr(await case.pay(85_000, DECEMBER, owed=85_000), "key", "") == "pay.changed"
    await book(case, clock, 75_000, DECEMBER, owed=75_000)
    account = await reads(case.db, case.payer).account(case.one.agreed.id)
    assert account
    assert (account.credit, account.ahead[0].month, account.ahead[0].left) == (francs(0), JANUARY, francs(85_000))

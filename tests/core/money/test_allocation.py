"""What a payment pays."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.month import Month
from core.money.allocation import Allocation, ChargeKind, OpenCharge, allocate, left_of
from core.money.words import ChargeId

TODAY = date(2026, 11, 5)
OCTOBER, NOVEMBER, DECEMBER, JANUARY = (Month(2026, 10), Month(2026, 11), Month(2026, 12), Month(2027, 1))


def owed(number: int, period: Month, left: int, kind: ChargeKind = "rent") -> OpenCharge:
    return OpenCharge(ChargeId(number), kind, period, period.day(5), left, left)


def paid(found: Allocation) -> dict[int, int]:
    return {part.charge.id: part.amount for part in found.parts}


def test_the_oldest_due_is_paid_first() -> None:
    charges = [owed(2, NOVEMBER, 80_000), owed(1, OCTOBER, 80_000)]
    assert paid(allocate(100_000, charges, (), TODAY)) == {1: 80_000, 2: 20_000}


def test_the_chosen_month_is_paid_before_older_ones() -> None:
    charges = [owed(1, OCTOBER, 80_000), owed(2, NOVEMBER, 80_000)]
    assert paid(allocate(100_000, charges, (NOVEMBER,), TODAY)) == {2: 80_000, 1: 20_000}


def test_what_is_over_becomes_credit_and_no_month_to_come_is_paid_unasked() -> None:
    charges = [owed(1, NOVEMBER, 80_000), owed(2, DECEMBER, 80_000)]
    found = allocate(100_000, charges, (), TODAY)
    assert paid(found) == {1: 80_000}
    assert found.credit == 20_000


def test_a_month_to_come_is_paid_when_it_was_chosen() -> None:
    charges = [owed(2, DECEMBER, 80_000), owed(3, JANUARY, 80_000)]
    assert paid(allocate(160_000, charges, (DECEMBER, JANUARY), TODAY)) == {2: 80_000, 3: 80_000}


def test_within_a_month_rent_comes_before_service_charges_and_penalties() -> None:
    charges = [
        owed(1, NOVEMBER, 5_000, "penalty"),
        owed(2, NOVEMBER, 10_000, "service"),
        owed(3, NOVEMBER, 80_000),
    ]
    assert paid(allocate(92_000, charges, (), TODAY)) == {3: 80_000, 2: 10_000, 1: 2_000}


def test_a_deposit_is_never_paid_even_when_its_month_was_chosen() -> None:
    found = allocate(50_000, [owed(1, NOVEMBER, 160_000, "deposit")], (NOVEMBER,), TODAY)
    assert found == Allocation((), 50_000)


@pytest.mark.parametrize(("amount", "left"), [(30_000, 60_000), (90_000, 0)])
def test_what_is_left_of_a_month_counts_all_its_charges(amount: int, left: int) -> None:
    charges = [owed(1, NOVEMBER, 80_000), owed(2, NOVEMBER, 10_000, "service"), owed(3, OCTOBER, 7)]
    found = allocate(amount, charges, (NOVEMBER,), TODAY)
    assert left_of({NOVEMBER}, charges, found.parts) == left


MONTHS = st.builds(Month(2026, 8).plus, st.integers(0, 7))
KINDS: list[ChargeKind] = ["rent", "service", "instalment", "share", "fee", "penalty", "deposit"]
CHARGES = st.lists(st.tuples(MONTHS, st.integers(1, 200_000), st.sampled_from(KINDS)), max_size=12).map(
    lambda rows: [owed(n, period, left, kind) for n, (period, left, kind) in enumerate(rows)]
)


@given(st.integers(1, 1_000_000), CHARGES, st.sets(MONTHS, max_size=4))
def test_no_franc_is_lost_nor_made(amount: int, charges: list[OpenCharge], chosen: set[Month]) -> None:
    found = allocate(amount, charges, chosen, TODAY)
    assert sum(part.amount for part in found.parts) + found.credit == amount
    assert all(0 < part.amount <= part.charge.left for part in found.parts)
    assert len({part.charge.id for part in found.parts}) == len(found.parts)


@given(st.integers(1, 1_000_000), CHARGES, st.sets(MONTHS, max_size=4))
def test_credit_means_that_nothing_payable_is_left(amount: int, charges: list[OpenCharge], chosen: set[Month]) -> None:
    found = allocate(amount, charges, chosen, TODAY)
    full = {part.charge.id for part in found.parts if part.left_after == 0}
    payable = {c.id for c in charges if c.kind != "deposit" and (c.period in chosen or c.period <= NOVEMBER)}
    assert not found.credit or full == payable


@given(st.integers(1, 1_000_000), CHARGES, st.sets(MONTHS, max_size=4), st.randoms())
def test_the_order_in_which_charges_are_read_does_not_matter(
    amount: int, charges: list[OpenCharge], chosen: set[Month], random: Random
) -> None:
    shuffled = list(charges)
    random.shuffle(shuffled)
    assert allocate(amount, charges, chosen, TODAY) == allocate(amount, shuffled, chosen, TODAY)

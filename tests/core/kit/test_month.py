"""Months: counted across years, ordered, with days that exist in each of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.month import Month, month_named

MONTHS = st.builds(Month, st.integers(1990, 2090), st.integers(1, 12))


def test_a_month_of_a_day() -> None:
    month = Month.of(date(2026, 11, 30))
    assert month == Month(2026, 11)
    assert month.first() == date(2026, 11, 1)
    assert month.day(28) == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("by", "then"),
    [(0, (2026, 11)), (1, (2026, 12)), (2, (2027, 1)), (-10, (2026, 1)), (-11, (2025, 12)), (26, (2029, 1))],
)
def test_months_later_and_earlier(by: int, then: tuple[int, int]) -> None:
    assert Month(2026, 11).plus(by) == Month(*then)


@given(MONTHS, st.integers(-500, 500))
def test_there_and_back_again(month: Month, by: int) -> None:
    moved = month.plus(by)
    assert moved.plus(-by) == month
    assert (moved > month) == (by > 0)
    assert 1 <= moved.month <= 12
    assert Month.of(moved.day(28)) == moved


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("décembre", 12),
        ("je veux payer le mois de février", 2),
        ("loyer de mai", 5),
        ("may I pay", 0),
        ("sept", 9),
        ("octobre et novembre", 0),
        ("la moitié", 0),
    ],
)
def test_the_one_month_that_is_named(said: str, month: int) -> None:
    assert month_named(said) == month

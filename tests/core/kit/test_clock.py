"""Clocks: aware, movable in tests, and local where people live."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.kit.clock import FixedClock, SystemClock, local, local_day

LATE = datetime(2026, 11, 5, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "day", "hour"),
    [
        ("CM", date(2026, 11, 6), 0),
        ("BJ", date(2026, 11, 6), 0),
        ("SN", date(2026, 11, 5), 23),
        ("", date(2026, 11, 5), 23),
    ],
)
def test_the_day_it_is_in_a_country(country: str, day: date, hour: int) -> None:
    assert local_day(LATE, country) == day
    assert local(LATE, country).hour == hour
    assert local(LATE, country) == LATE


def test_the_machines_clock_is_aware_and_goes_on() -> None:
    clock = SystemClock()
    before = clock.now()
    assert before.utcoffset() == timedelta(0)
    assert clock.now() >= before


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock = FixedClock(LATE)
    assert clock.now() == clock.now() == LATE
    clock.move(minutes=45, days=1)
    assert clock.now() == LATE + timedelta(days=1, minutes=45)

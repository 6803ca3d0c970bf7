"""How much one sender may say before nobody listens."""

import pytest

from core.kit.clock import FixedClock
from webhooks.limits import TURNS, Limits, Rate, Recent

AWA = "telegram:700100200"


def said(limits: Limits, times: int, key: str = AWA) -> int:
    """How many of so many messages are heard."""
    return sum(limits.allows(key) for _ in range(times))


@pytest.fixture
def limits(clock: FixedClock) -> Limits:
    return Limits(Rate(burst=20, per_minute=20), clock)


def test_twenty_messages_at_once_are_heard_and_no_more(limits: Limits) -> None:
    assert said(limits, 500) == 20


def test_who_is_silent_for_a_moment_is_heard_again(limits: Limits, clock: FixedClock) -> None:
    said(limits, 500)
    clock.move(seconds=3)
    assert said(limits, 10) == 1
    clock.move(minutes=1)
    assert said(limits, 500) == 20


def test_silence_saves_nothing_beyond_the_burst(limits: Limits, clock: FixedClock) -> None:
    said(limits, 1)
    clock.move(days=30)
    assert said(limits, 500) == 20


def test_a_steady_pace_below_the_rate_is_always_heard(limits: Limits, clock: FixedClock) -> None:
    for _ in range(300):
        assert limits.allows(AWA)
        clock.move(seconds=3.1)


def test_nobody_pays_for_somebody_else(limits: Limits) -> None:
    said(limits, 500)
    assert said(limits, 500, "telegram:700100201") == 20


def test_a_clock_set_back_gives_and_takes_nothing(limits: Limits, clock: FixedClock) -> None:
    said(limits, 15)
    clock.move(hours=-2)
    assert said(limits, 500) == 5


def test_a_session_has_so_many_turns_in_all(clock: FixedClock) -> None:
    limits = Limits(TURNS, clock)
    assert said(limits, 100) == 100
    clock.move(minutes=10)
    assert said(limits, 100) == 20


def test_memory_is_bounded_and_the_longest_silent_are_forgotten(clock: FixedClock) -> None:
    limits = Limits(Rate(burst=1, per_minute=0), clock, most=100)
    for number in range(1_000):
        assert limits.allows(str(number))
        limits.allows("busy")
    assert len(limits) == 100
    assert not limits.allows("busy")
    assert not limits.allows("999")
    assert limits.allows("5")


def test_a_flood_is_told_once_until_something_is_heard_again(limits: Limits, clock: FixedClock) -> None:
    said(limits, 20)
    told = [limits.first_refusal(AWA) for _ in range(50) if not limits.allows(AWA)]
    assert told == [True] + [False] * 49
    clock.move(minutes=1)
    said(limits, 20)
    assert not limits.allows(AWA)
    assert limits.first_refusal(AWA)


def test_who_was_never_heard_of_is_not_told(limits: Limits) -> None:
    assert not limits.first_refusal(AWA)


def test_only_the_latest_are_remembered_as_heard() -> None:
    recent = Recent(most=2)
    for number in "123":
        recent.add(("meta", number))
    assert [("meta", number) in recent for number in "123"] == [False, True, True]
    assert ("twilio", "3") not in recent

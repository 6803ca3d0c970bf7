"""Days as people type them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.day import parse_day
from core.kit.errors import Unclear

TODAY = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5/12", date(2026, 12, 5)),
        ("05.12.2026", date(2026, 12, 5)),
        ("0512", date(2026, 12, 5)),
        ("5-12-26", date(2026, 12, 5)),
        ("1er déc", date(2026, 12, 1)),
        ("4 nov", date(2027, 11, 4)),
        ("5 November", TODAY),
        ("demain", date(2026, 11, 6)),
        ("Aujourd'hui", TODAY),
        ("après-demain", date(2026, 11, 7)),
    ],
)
def test_days(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "key"),
    [("4/11/2026", "day.past"), ("31/02", "day.unclear"), ("soon", "day.unclear"), ("5 brumaire", "day.unclear"),
     ("", "day.unclear"), ("29/02/27", "day.unclear")],
)  # fmt: skip
def test_what_is_no_day_says_so(text: str, key: str) -> None:
    with pytest.raises(Unclear) as refused:
        parse_day(text, TODAY)
    assert refused.value.text.key == key


@given(st.text(max_size=30))
def test_never_the_past_and_never_a_crash(text: str) -> None:
    with suppress(Unclear):
        assert parse_day(text, TODAY) >= TODAY

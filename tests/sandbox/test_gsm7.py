"""Septets and segments, against another implementation."""

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from sandbox.gsm7 import BASIC, EXTENDED, fits, segments, septets


def test_alphabet() -> None:
    assert (len(BASIC), len(EXTENDED)) == (127, 10)
    assert all(smsutil.is_valid_gsm(c) for c in BASIC | EXTENDED)


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("abc", 3), ("€", 2), ("é{", 3), ("ê", 3), ("ê" * 80, 183), ("😀", 5)]
)
def test_septets(text: str, count: int) -> None:
    assert septets(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 3),
    ],
)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


@given(st.text(st.sampled_from("aé€{ê\n😀"), min_size=1, max_size=400))
def test_segments_as_another_library_counts_them(text: str) -> None:
    assert fits(text) == smsutil.is_valid_gsm(text)
    assert segments(text) == len(smsutil.split(text).parts)

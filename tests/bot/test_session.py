"""What is new in a cumulated text: by prefix, whatever people type, and nothing of it kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.session import Heard, news

KEY = b"a key for tests"


@pytest.mark.parametrize(
    ("before", "text", "kind", "said"),
    [
        ("", "", "repeat", ""),
        ("", "1", "answer", "1"),
        ("1", "1*2", "answer", "2"),
        ("1*2", "1*2", "repeat", ""),
        ("1*2", "1*2*", "answer", ""),
        ("7*a*b", "7*a*b*****", "answer", "****"),
        ("1", "1*#", "answer", "#"),
        ("1*2*3", "1*2", "lost", ""),
        ("1*2", "1*3", "lost", ""),
        ("1*2", "1*3*4", "lost", ""),
        ("1*2", "1*2345", "lost", ""),
        ("KEY BAR KEY", "KEY BAR KEY*é*ê", "answer", "é*ê"),
    ],
)
def test_news(before: str, text: str, kind: str, said: str) -> None:
    found = news(Heard.of(before, KEY), text, KEY)
    assert (found.kind, found.said) == (kind, said)


@given(st.lists(st.text(alphabet="0123456789*#aé🏠", max_size=6), max_size=8))
def test_a_session_is_heard_answer_by_answer(answers: list[str]) -> None:
    before, text = Heard.of("", KEY), ""
    for answer in answers:
        text = f"{text}*{answer}" if text else answer
        found = news(before, text, KEY)
        if text or before.length:
            assert found.kind in {"answer", "repeat"}
            assert found.said == (answer if found.kind == "answer" else "")
        before = Heard.of(text, KEY)


def test_the_text_is_not_kept_and_the_key_matters() -> None:
    heard = Heard.of("1*2580", KEY)
    assert b"2580" not in heard.digest
    assert heard.digest != Heard.of("1*2580", b"another key").digest

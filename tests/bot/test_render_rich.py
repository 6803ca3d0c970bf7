"""Words are cut where it hurts least, and never twice the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.choices import Way
from bot.render.rich import body, cut, named, size, titles
from tests.bot.screens import NASTY

FAMILY = "👨\u200d👩\u200d👧"


def test_length_is_what_telegram_counts() -> None:
    assert [size(text) for text in ("abc", "é", "e\u0301", "🏠", "🇨🇲", "")] == [3, 1, 2, 2, 4, 0]


@pytest.mark.parametrize(
    ("text", "room", "kept"),
    [
        ("Oui", 3, "Oui"),
        ("Appartement meublé", 12, "Appartement…"),
        ("Appartement meublé", 15, "Appartement…"),
        ("Non, je préfère", 6, "Non…"),
        ("Anticonstitutionnellement", 10, "Anticonst…"),
        ("un mot", 3, "un…"),
        ("abc🏠d", 5, "abc…"),
        ("abe\u0301f", 4, "ab…"),
        (f"ab{FAMILY}", 6, "ab…"),
        ("ab🇨🇲🇸🇳", 8, "ab…"),
        ("👍🏽👍🏽", 5, "👍🏽…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("abc", -5, ""),
    ],
)
def test_a_cut(text: str, room: int, kept: str) -> None:
    assert cut(text, room) == kept


@given(NASTY, st.integers(0, 60))
def test_a_cut_fits(text: str, room: int) -> None:
    assert size(cut(text, room)) <= room or size(text) <= room
    if size(text) <= room:
        assert cut(text, room) == text


def test_what_has_no_visible_name_is_called_by_its_number() -> None:
    assert named(Way("10", " \u200b\u202e ")).label == "10"
    assert named(Way("1", "Deux\nlignes\t\tici", "a\nb")) == Way("1", "Deux lignes ici", "a b")


@given(st.lists(NASTY, max_size=12), st.sampled_from([20, 24, 36]))
def test_no_two_titles_are_the_same(labels: list[str], room: int) -> None:
    found = titles([named(Way(str(index), label)) for index, label in enumerate(labels)], room)
    assert len({title.casefold() for title in found}) == len(labels)
    assert all(0 < size(title) <= room for title in found)


def test_the_number_tells_two_apart_even_where_that_is_a_name() -> None:
    ways = [Way("1", "X (3)"), Way("2", "X"), Way("3", "x")]
    assert titles(ways, 24) == ["X (3)", "X", "x (3/2)"]


def test_the_hint_is_never_cut_and_the_question_only_beyond_half() -> None:
    lost = [Way("1", "l" * 3_000)]
    told = body(["q" * 400], lost, "0 Retour", 1_024)
    assert told.startswith("q" * 400 + "\n\n1 lll")
    assert told.endswith("…\n\n0 Retour")
    assert size(told) <= 1_024
    told = body(["q" * 3_000], lost, "0 Retour", 1_024)
    assert told.startswith("q" * 500)
    assert size(told) <= 1_024
    assert body([""], [], "", 10) == "…"

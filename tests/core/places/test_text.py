"""Text is folded for comparing and cleaned for storing, whatever was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.text import clean, fold, plain


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("N’Dotré", "n dotre"),
        ("N'DOTRÉ", "n dotre"),
        ("Cité-SIC", "cite sic"),
        ("Sacré-Cœur 3", "sacre coeur 3"),
        ("  Étoug \t Ébé\n", "etoug ebe"),
        ("E\u0301toug", "etoug"),
        ("mak\u200be\u0300p\u202ee", "makepe"),
        ("500 m²", "500 m2"),
        ("🏠 Akwa 👍🏽", "akwa"),
        ("ＡＫＷＡ", "akwa"),
        ("Ŋaoundéré", "ngaoundere"),
        ("٣ pièces", "3 pieces"),
        ("…!?", ""),
        ("", ""),
    ],
)
def test_fold(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folded_text_is_letters_digits_and_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(mark == " " or mark.isalnum() for mark in folded)


@given(st.text())
def test_folding_does_not_mind_how_accents_are_coded(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert fold(unicodedata.normalize("NFD", composed)) == fold(composed)


def test_plain_keeps_the_punctuation_of_a_keyboard() -> None:
    assert plain("Été – 85.000 F/mois, 20×25 m²") == "ete - 85.000 f/mois, 20x25 m2"


@pytest.mark.parametrize(
    ("typed", "limit", "cleaned"),
    [
        ("a\u202eb\nc\x00d", 10, "ab cd"),
        ("e\u0301te\u0301", 10, "été"),
        ("abc def", 4, "abc"),
        ("abcdef", 3, "abc"),
        ("\ud800x", 5, "x"),
        ("\u00a0 x \u2028 y", 9, "x y"),
        ("🏠 Akwa", 20, "🏠 Akwa"),
        ("", 1, ""),
    ],
)
def test_clean(typed: str, limit: int, cleaned: str) -> None:
    assert clean(typed, limit) == cleaned


@given(st.text(), st.integers(1, 40))
def test_cleaned_text_is_short_storable_and_on_one_line(text: str, limit: int) -> None:
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert cleaned == " ".join(cleaned.split())
    assert not {"Cc", "Cf", "Cs"} & set(map(unicodedata.category, cleaned))
    assert cleaned.encode().decode() == cleaned


def test_clean_refuses_no_room() -> None:
    with pytest.raises(ValueError, match="room"):
        clean("x", 0)

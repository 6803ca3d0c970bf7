"""Everyday words and talk name nothing; a word that is a place, a home or a price only in its company is read there."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.places.sentence import as_filters, read_sentence
from core.places.words import Country, Wanted
from tests.core.places.test_sentence import LOADED, read

CHATTER = Path(__file__).with_name("chatter.txt").read_text(encoding="utf-8").splitlines()
NOTHING = as_filters(Wanted(), LOADED)
EVERYDAY = (
    "existe bout sort masse commerciale tombe paraît departement rends ville yako kouassi "
    "casse change dames doute fort jouer main raison venir vent visage train robinet base reach raisons"
)


@pytest.mark.parametrize(
    ("text", "furnished"),
    [
        ("studio with furniture", True),
        ("studio wey get furniture", True),
        ("studio avec meubles", True),
        ("studio avec du mobilier", True),
        ("studio wey no get furniture", False),
        ("studio without furniture", False),
        ("studio sans mobilier", False),
        ("i get my own furniture, studio", None),
        ("i no get furniture, studio", None),
        ("studio, j'ai mes meubles", None),
    ],
)
def test_furniture(text: str, furnished: bool | None) -> None:
    assert read(text).get("furnished") is furnished


def test_ground_is_land_only_where_it_is_bought_or_sold() -> None:
    assert "type" not in read("the ground is wet in Buea")
    assert read("ground for sale in Buea")["transaction"] == "sale"


@pytest.mark.parametrize(
    ("text", "country", "quarter"),
    [
        ("chambre yof 50k", "SN", "Yoff"),
        ("yof 50k", "SN", None),
        ("chambre yof ou mermoz", "SN", "Mermoz"),
        ("chambre fan 50k", "SN", None),
        ("chambre yof 50k", "CM", None),
    ],
)
def test_a_short_name_lacks_one_of_two_letters_only_where_a_home_lacks_a_place(
    text: str, country: Country, quarter: str | None
) -> None:
    assert read(text, country).get("neighbourhoods") == ([quarter] if quarter else None)


def test_a_nor_keeps_out_both_its_places() -> None:
    for no in ("j'aime pas trop", "je kiffe pas", "je ne ya pas mo"):
        assert read(f"{no} Mvan ni Ekounou, studio Yaoundé")["exclude_neighbourhoods"] == ["Mvan", "Ekounou"]
    assert read("I don't like Molyko nor Muea, studio Buea")["exclude_neighbourhoods"] == ["Molyko", "Muea"]
    assert read("je ne trouve pas, studio Mvan ni Ekounou")["neighbourhoods"] == ["Mvan"]
    assert read("pas de studio à Mvan ni Ekounou")["exclude_neighbourhoods"] == ["Mvan", "Ekounou"]
    assert read("pas cher, Mvan ni Ekounou, studio")["neighbourhoods"] == ["Mvan"]


@pytest.mark.parametrize("country", ["CM", "SN", "CI", None])
def test_chatter_names_no_place_home_or_price(country: Country | None) -> None:
    for said in CHATTER:
        wanted = read_sentence(said, gazetteer=LOADED, country=country)
        assert as_filters(replace(wanted, transaction=None), LOADED) == NOTHING, said


def test_chatter_around_a_request_changes_nothing() -> None:
    for said in CHATTER:
        for text in (f"{said}. Je cherche un studio à Akwa, 50k", f"i want studio for Akwa 50k. {said}"):
            filters = {slot: value for slot, value in read(text).items() if slot not in {"city", "transaction"}}
            assert filters == {"neighbourhoods": ["Akwa"], "type": "studio", "max_price": 50_000}, text
    assert read("je vends des beignets, boutique Akwa 50k")["transaction"] == "rent"


@pytest.mark.parametrize("word", EVERYDAY.split())
def test_everyday_words_are_no_misspelt_places(word: str) -> None:
    for country in ("CM", "SN", "CI"):
        assert read(word, country) == {}


@pytest.mark.parametrize("text", ["bonjour", "merci beaucoup", "ok", "👍", "", "   ", "\x00", "1", "0"])
def test_nothing_said_is_nothing_read(text: str) -> None:
    assert read_sentence(text, gazetteer=LOADED, country="CM") == Wanted()

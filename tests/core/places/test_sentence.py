"""Sentences are read as people mean them, and nothing is invented."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.places.gazetteer import Gazetteer
from core.places.sentence import as_filters, read_sentence
from core.places.words import Country
from tests.core.places.scoring import Row, judge, phrases

LOADED = Gazetteer.load()


def read(text: str, country: Country = "CM") -> dict[str, Any]:
    """Give only the slots that say something."""
    wanted = read_sentence(text, gazetteer=LOADED, country=country)
    return {slot: value for slot, value in as_filters(wanted, LOADED).items() if value is not None}


@pytest.mark.parametrize(
    ("name", "frames", "hard", "harmful"),
    [
        ("phrases_seen.jsonl", 0.98, 0.95, 0.01),
        ("phrases_open2.jsonl", 0.98, 0.95, 0.01),
        ("phrases_open3.jsonl", 0.98, 0.95, 0.006),
        ("phrases_open4.jsonl", 0.98, 0.95, 0.006),
        ("phrases_open5.jsonl", 0.95, 0.85, 0.005),
        ("phrases_open6.jsonl", 0.98, 0.95, 0.005),
        ("phrases_blind.jsonl", 0.98, 0.95, 0.005),
        ("phrases_blind2.jsonl", 0.98, 0.95, 0.005),
        ("phrases_held.jsonl", 0.92, 0.75, 0.015),
        ("phrases_held2.jsonl", 0.92, 0.75, 0.015),
        ("phrases_held3.jsonl", 0.92, 0.75, 0.015),
    ],
)
def test_phrases_are_read_right(name: str, frames: float, hard: float, harmful: float, gazetteer: Gazetteer) -> None:
    result = judge(phrases(name), gazetteer)
    assert result.frame_accuracy >= frames, "\n".join(result.errors)
    assert result.hard_accuracy >= hard, "\n".join(result.errors)
    assert result.harmful_rate <= harmful, "\n".join(result.errors)


def test_one_slip_of_the_thumb_harms_little(gazetteer: Gazetteer) -> None:
    dice = random.Random(3)  # noqa: S311
    result = judge([slipped(row, dice) for row in phrases("phrases_seen.jsonl")], gazetteer)
    assert result.frame_accuracy >= 0.93, "\n".join(result.errors)
    assert result.harmful_rate <= 0.01, "\n".join(result.errors)


def slipped(row: Row, dice: random.Random) -> Row:
    """Give the phrase with one letter of one longer word left out, doubled, replaced or swapped."""
    words = row["text"].split()
    long = [number for number, word in enumerate(words) if word.isalpha() and len(word) >= 5]
    if long:
        number = dice.choice(long)
        word = words[number]
        at = dice.randrange(1, len(word))
        slip = dice.choice(["", word[at] * 2, dice.choice("aeiouscktmnlr")])
        words[number] = word[:at] + slip + word[at + 1 :]
    return {**row, "text": " ".join(words)}


def test_the_two_halves_share_no_phrase() -> None:
    seen = {
        row["text"].casefold()
        for name in ("seen", "open2", "open3", "open4", "open5", "open6")
        for row in phrases(f"phrases_{name}.jsonl")
    }
    held = {row["text"].casefold() for name in ("held", "held2", "held3") for row in phrases(f"phrases_{name}.jsonl")}
    assert min(len(seen), len(held)) >= 350
    assert not seen & held


@pytest.mark.parametrize(
    ("text", "francs"),
    [
        ("studio 40k", 40_000),
        ("studio 40 K", 40_000),
        ("studio 40mil", 40_000),
        ("studio 40 mille", 40_000),
        ("studio 40milles", 40_000),
        ("studio 40.000", 40_000),
        ("studio 40 000", 40_000),
        ("studio 40,000", 40_000),
        ("studio 40000f", 40_000),
        ("studio 40 000 F CFA", 40_000),
        ("studio 40.000 frs", 40_000),
        ("studio 40000 xaf", 40_000),
        ("studio 40 kolos", 40_000),
        ("studio 25 kolo 500", 25_500),
        ("studio fap kolo", 5_000),
        ("studio kolo fap", 1_500),
        ("studio mamba", 10_000),
        ("studio un mamba", 10_000),
        ("studio 2 mamba", 20_000),
        ("studio trois mambas", 30_000),
        ("studio mamba et demi", 15_000),
        ("studio 2 mamba 500", 20_500),
        ("studio 2 junni 500", 10_500),
        ("studio quarante mille", 40_000),
        ("studio quatre vingt quinze mille", 95_000),
        ("studio cent mille", 100_000),
        ("studio vingt et un mille", 21_000),
        ("villa 1,5 million", 1_500_000),
        ("villa 2m5", 2_500_000),
        ("villa un million cinq", 1_500_000),
        ("villa un million et demi", 1_500_000),
        ("villa 1 million 200", 1_200_000),
        ("villa 1 million 200 mille", 1_200_000),
        ("villa a vendre 15m", 15_000_000),
        ("villa a vendre 15M", 15_000_000),
        ("villa a vendre 120 000 000", 120_000_000),
        ("budget 35", 35_000),
        ("studio 35 obili", 35_000),
        ("studio 150 max", 150_000),
        ("studio 35f", 35_000),
        ("studio dix-huit mille", 18_000),
        ("studio dix neuf mille", 19_000),
        ("studio soixante dix huit mille", 78_000),
        ("studio cent dix mille", 110_000),
        ("villa 1M2", 1_200_000),
        ("villa un demi million", 500_000),
        ("immeuble a vendre un milliard deux cents millions", 1_200_000_000),
        ("loyer 90.000 F3", 90_000),
        ("studio 5o mille", 50_000),
        ("studio 2O 000", 20_000),
    ],
)
def test_a_lone_amount_is_the_maximum(text: str, francs: int) -> None:
    assert read(text)["max_price"] == francs
    assert "min_price" not in read(text)


@pytest.mark.parametrize(
    ("text", "low", "top"),
    [
        ("studio 50-60k", 50_000, 60_000),
        ("studio entre 90 et 110 mil", 90_000, 110_000),
        ("studio 40 a 50k", 40_000, 50_000),
        ("studio 40 à 50", 40_000, 50_000),
        ("studio dans les 60 70 mille", 60_000, 70_000),
        ("studio 3 70 mille", None, 70_000),
        ("studio de 40 000 à 50 000", 40_000, 50_000),
        ("villa a vendre 45 a 60 M", 45_000_000, 60_000_000),
        ("studio a partir de 50k", 50_000, None),
        ("studio minimum 50k", 50_000, None),
        ("studio 50k minimum", 50_000, None),
        ("studio pas moins de 50k", 50_000, None),
        ("studio plus de 50k", 50_000, None),
        ("studio pas plus de 50k", None, 50_000),
        ("studio below 50k", None, 50_000),
        ("studio no pass 50k", None, 50_000),
        ("min 50k max 80k studio", 50_000, 80_000),
        ("studio je ne peux pas mettre plus de 40 000", None, 40_000),
        ("studio > 50k", 50_000, None),
        ("studio 50k min 80k max", 50_000, 80_000),
        ("studio 50k reach 80k", 50_000, 80_000),
        ("studio 50k go reach 80k", 50_000, 80_000),
        ("studio from 50k until 80k", 50_000, 80_000),
        ("studio 50k till 80k", 50_000, 80_000),
        ("studio i fit reach 80k", None, 80_000),
        ("studio 2 à 3 mamba", 20_000, 30_000),
    ],
)
def test_bounds_and_ranges(text: str, low: int | None, top: int | None) -> None:
    filters = read(text)
    assert (filters.get("min_price"), filters.get("max_price")) == (low, top)


@pytest.mark.parametrize(
    "text",
    [
        "bureau 500m2",
        "terrain 5 hectares",
        "terrain 20m x 25m",
        "terrain 20x25",
        "terrain 15 000 le m2",
        "studio au 3e etage",
        "maison pour 6 personnes",
        "je suis etudiant de 22 ans, chambre",
        "chambre a 15 min du campus",
        "chambre 677 12 34 56",
        "chambre tel +237 6 99 12 34 56",
        "studio 77 512 34 56",
        "studio 07 08 12 34 56",
        "studio 2+2+1",
        "studio 6 mois d'avance",
        "studio caution 100 000",
        "studio 100 000 de caution",
        "studio commission 10k",
        "studio pk 14",
        "studio dispo le 15",
        "studio eau 24h/24",
        "studio a 500 m du goudron",
        "villa a vendre 80",
        "studio 500 euros",
        "annonce n°234 studio",
        "j'ai 300 000 pour 6 mois, studio",
        "studio 300 000, pour 6 mois",
        "studio, rendez-vous à 15h30",
        "studio, rendez-vous à 15:30",
        "studio, mon fils a eu 14 sur 20",
        "studio, I scored 15 over 20",
        "studio, le bus 12 passe",
        "studio, it is 35 degrees",
    ],
)
def test_numbers_that_are_no_price(text: str) -> None:
    assert not {"min_price", "max_price"} & set(read(text))


@pytest.mark.parametrize(
    ("text", "country", "quarter", "francs"),
    [
        ("studio riviera 2 100 000", "CI", "Riviera 2", 100_000),
        ("villa riviera 3 500 000", "CI", "Riviera 3", 500_000),
        ("chambre liberté 6 50 000", "SN", "Liberté 6", 50_000),
        ("studio pk 14 25 000", "CM", "PK14", 25_000),
        ("3 pieces 220 logements 150 000", "CI", "220 Logements", 150_000),
    ],
)
def test_numbers_in_names_stay_there(text: str, country: Country, quarter: str, francs: int) -> None:
    filters = read(text, country)
    assert filters["neighbourhoods"] == [quarter]
    assert filters["max_price"] == francs


@pytest.mark.parametrize(
    ("text", "kind", "bedrooms"),
    [
        ("2 chambres", "apartment", 2),
        ("3 pieces", "apartment", 2),
        ("F3", "apartment", 2),
        ("T2", "apartment", 1),
        ("chambre salon", "apartment", 1),
        ("2 chambres salon", "apartment", 2),
        ("villa 5 pieces", "villa", 4),
        ("une chambre", "room", None),
        ("studio ou chambre", ["studio", "room"], None),
        ("chambre dans villa", "room", None),
        ("self contain", "room", None),
        ("loyer 90.000 F3", "apartment", 2),
        ("location d'un F4", "apartment", 3),
        ("logement 2 pieces", "apartment", 1),
        ("y a pas studio", "studio", None),
        ("pas une chambre, un studio", "studio", None),
        ("pas un studio une chambre", "room", None),
        ("pas une chambre salon dans une villa mais un studio", "studio", None),
        ("pas 2 chambres, 3 chambres", "apartment", 3),
        ("je ne suis pas marié je veux un studio", "studio", None),
        ("je ne trouve pas de chambre", "room", None),
        ("mini-cité", "room", None),
        ("minicité vers la fac", "room", None),
        ("studio dans une mini cité", "studio", None),
        ("mini cité 2 chambres", "apartment", 2),
        ("mini cité à vendre", "building", None),
        ("chambre / studio / petit appart", ["room", "studio", "apartment"], None),
        ("chambre, studio ou appart", ["room", "studio", "apartment"], None),
        ("une chambre ou un studio", ["room", "studio"], None),
        ("studio ou une chambre", ["studio", "room"], None),
        ("chambre ou petit studio", ["room", "studio"], None),
        ("studio ou 2 chambres", ["studio", "apartment"], 2),
        ("studio ou chambre salon", ["studio", "apartment"], 1),
        ("appartement une chambre ou studio", ["apartment", "studio"], 1),
        ("chambre / salon", "apartment", 1),
        ("studio avec chambre, douche", "studio", None),
        ("room and parlour", "apartment", 1),
        ("one room and parlour self contain", "apartment", 1),
        ("parlour and room", "apartment", 1),
        ("2 room and parlour", "apartment", None),
        ("ground floor studio to buy", "studio", None),
        ("buy ground", "land", None),
        ("buy house with ground", "house", None),
    ],
)
def test_rooms(text: str, kind: str | list[str], bedrooms: int | None) -> None:
    filters = read(text)
    assert filters["type"] == kind
    assert filters.get("bedrooms") == bedrooms


@pytest.mark.parametrize(
    ("text", "deal"),
    [
        ("terrain yassa", "sale"),
        ("terrain a louer yassa", "rent"),
        ("studio", "rent"),
        ("villa a vendre", "sale"),
        ("location vente villa", "rent_to_own"),
        ("villa 200 millions", None),
        ("bonjour", None),
        ("studio, le mien est trop sale", "rent"),
        ("villa a louer ou a vendre", None),
        ("villa a louer pas a vendre", "rent"),
        ("villa louer avec option d'achat", "rent_to_own"),
    ],
)
def test_the_deal(text: str, deal: str | None) -> None:
    assert read(text).get("transaction") == deal


def test_a_name_of_two_cities_is_asked_about() -> None:
    wanted = read_sentence("chambre madagascar 20k", gazetteer=LOADED, country="CM")
    assert wanted.city is None
    assert wanted.neighbourhoods == ()
    assert {LOADED.place(place.city).name for place in wanted.ambiguous if place.city} == {"Douala", "Yaoundé"}


def test_the_city_said_decides() -> None:
    assert read("chambre madagascar yaounde") == {
        "city": "Yaoundé",
        "neighbourhoods": ["Madagascar"],
        "type": "room",
        "transaction": "rent",
    }


def test_what_is_excluded_stays_out() -> None:
    filters = read("studio douala sauf bonaberi et pk14 mais pas loin de akwa 50k")
    assert filters["exclude_neighbourhoods"] == ["Bonabéri", "PK14"]
    assert filters["neighbourhoods"] == ["Akwa"]


@pytest.mark.parametrize(
    ("text", "kept_out"),
    [
        ("studio douala, akwa exclu", "Akwa"),
        ("studio douala sans akwa", "Akwa"),
        ("studio douala pas vers akwa", "Akwa"),
        ("studio douala je ne veux pas habiter a akwa", "Akwa"),
        ("studio douala pa a akwa", "Akwa"),
        ("studio douala po a akwa", "Akwa"),
        ("studio pa cher akwa", None),
        ("studio pa bcp cher akwa", None),
        ("studio 50k pa mois akwa", None),
        ("studio pour mon pa akwa", None),
        ("studio pas de barriere akwa", None),
        ("studio pas d'eau akwa", None),
        ("studio sans parking akwa", None),
        ("studio not too far from akwa", None),
    ],
)
def test_a_no_reaches_the_place_it_is_about(text: str, kept_out: str | None) -> None:
    filters = read(text)
    assert filters.get("exclude_neighbourhoods") == ([kept_out] if kept_out else None)
    assert filters.get("neighbourhoods") == (None if kept_out else ["Akwa"])


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("maison mokolo extrême nord", "Mokolo"),
        ("maison à Mokolo, région du Centre", "Yaoundé"),
        ("house in Bali, North West region", "Bali"),
        ("dans le littoral à Bali une maison", "Douala"),
        ("je suis du nord ouest, une maison à Bali", None),
        ("je viens du nord ouest, Bali une maison", None),
        ("maison Bali, région du Sud", None),
    ],
)
def test_a_region_beside_a_name_of_two_cities_decides(text: str, city: str | None) -> None:
    assert read(text).get("city") == city


@pytest.mark.parametrize(
    ("text", "country", "quarter"),
    [
        ("chambre kwen", "CM", "Nkwen"),
        ("chambre parcelle assainis", "SN", "Parcelles Assainies"),
        ("f3 sacré keur 3 350 000", "SN", "Sacré-Cœur 3"),
        ("studio pa loin de bonamousadi", "CM", "Bonamoussadi"),
        ("studio akwa nrod", "CM", "Akwa-Nord"),
        ("studio riviera glof", "CI", "Riviera Golf"),
    ],
)
def test_names_as_they_are_heard(text: str, country: Country, quarter: str) -> None:
    assert read(text, country)["neighbourhoods"] == [quarter]


WORDS = ["studio", "2ch", "f3", "akwa", "sauf", "ou", "100", "000", "m2", "k", "-", "+", "/", "x", "mille", "cent"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)), st.sampled_from(["CM", "SN", "CI", None]))
def test_any_text_is_read(text: str, country: Country | None) -> None:
    wanted = read_sentence(text, gazetteer=LOADED, country=country)
    assert set(as_filters(wanted, LOADED)) >= {"city", "type", "max_price"}
    for price in (wanted.min_price, wanted.max_price):
        assert price is None or price > 0


def test_a_very_long_text_is_read() -> None:
    assert read("akva studyo " * 500)["type"] == "studio"

"""What is no wish is not read as one: where somebody is, what they pay, what they take back, what is only near."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.places.sentence import as_filters, read_sentence
from core.places.words import Country
from tests.core.places.test_sentence import LOADED, read


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("je suis à Akwa, je cherche un studio à Deido", ["Deïdo"]),
        ("I dey Akwa now but I di find studio for Deido", ["Deïdo"]),
        ("relocating from Akwa to Deido, studio", ["Deïdo"]),
        ("je quitte Akwa pour Deido, studio", ["Deïdo"]),
        ("mon frère est à Akwa, je cherche un studio à Deido", ["Deïdo"]),
        ("mon bail finit à Akwa, je cherche un studio à Deido", ["Deïdo"]),
        ("ma boutique est à Akwa, je cherche un studio à Deido", ["Deïdo"]),
        ("I wan move from Akwa go Deido, studio", ["Deïdo"]),
        ("I am presently in Akwa and need a studio at Deido", ["Deïdo"]),
        ("studio 5 minutes from Akwa", ["Akwa"]),
        ("jabite a akwa je cherch studio a deido", ["Deïdo"]),
        ("on m'a affecté à Bonanjo, je vis à Akwa, studio", ["Bonanjo"]),
        ("je suis à Douala, Akwa, studio", ["Akwa"]),
        ("je suis à la recherche d'un studio à Akwa", ["Akwa"]),
        ("je suis intéressé par un studio à Akwa", ["Akwa"]),
        ("un studio qui est à Akwa", ["Akwa"]),
        ("je travaille à Akwa, un studio à Deido ou Bali", ["Deïdo", "Bali"]),
        ("moi c'est Akwa, Deido ou Bali, studio", ["Akwa", "Deïdo", "Bali"]),
        ("je suis à Akwa, je cherche un studio pas loin", ["Akwa"]),
        ("je suis à Akwa, je cherche un studio", None),
        ("je quitte Akwa, je cherche un studio", None),
        ("on est à Akwa, studio 80 mille", ["Akwa"]),
        ("on est à Akwa, budget 80 mille pour un studio", ["Akwa"]),
        ("on est à Akwa, on cherche un studio", None),
        ("on est à Akwa mais c'est loin, studio", None),
        ("on est à Akwa pour le moment, studio 80 mille", None),
        ("on est à Akwa, studio à Deido", ["Deïdo"]),
        ("je suis à Akwa, studio 80 mille", None),
        ("I stay in Akwa, need a studio around 40k", None),
        ("je suis à Akwa, studio aux environs de 40k", None),
        ("bonjour Mr Kotto, un studio à Deido", ["Deïdo"]),
        ("bonjour M. Kotto, un studio", None),
        ("Madame Ngo Bassa m'a parlé d'un studio", None),
        ("je m'appelle Kotto, un studio à Deido", ["Deïdo"]),
        ("chez tonton Bali on m'a dit studio à Deido", ["Deïdo"]),
        ("studio à Deido à côté de la pharmacie d'Akwa", ["Deïdo"]),
        ("studio à côté de la pharmacie d'Akwa", ["Akwa"]),
        ("studio vers le marché Mboppi ou à Deido", ["Mboppi", "Deïdo"]),
    ],
)
def test_where_somebody_is_or_what_is_near_is_not_what_is_wanted(text: str, wanted: list[str] | None) -> None:
    filters = read(text)
    assert filters.get("neighbourhoods") == wanted
    assert filters["type"] == "studio"


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("je suis à Akwa, je cherche un studio", "Douala"),
        ("je quitte Akwa, je cherche un studio", None),
        ("currently in Bamenda, relocating to Buea, studio", "Buea"),
        ("je suis à Douala, studio à Madagascar", "Douala"),
        ("I stay in Bamenda now but I am moving to Buea, need a studio around 40k", "Buea"),
        ("je suis à Bamenda, je pars à Buea, studio aux environs de 40k", "Buea"),
        ("I stay in Bamenda but moving to Buea, studio close to campus", "Buea"),
        ("I live in Akwa, will be relocating to Limbe, studio", "Limbe"),
        ("I am in Limbe but going to live in Buea, studio", "Buea"),
        ("je viens du Village, studio", None),
        ("studio Yaoundé Bonapriso", None),
        ("studio Akwa non pardon Madagascar", "Douala"),
    ],
)
def test_the_city_of_today_counts_only_when_no_other_is_said(text: str, city: str | None) -> None:
    assert read(text).get("city") == city


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("je paye 90 mille à Akwa c'est trop, studio à Deido", {"neighbourhoods": ["Deïdo"]}),
        ("je paye 90 mille à Akwa, studio 60 mille à Deido", {"neighbourhoods": ["Deïdo"], "max_price": 60_000}),
        ("je paye maximum 90 mille à Deido, studio à Deido", {"neighbourhoods": ["Deïdo"], "max_price": 90_000}),
        ("je paye 90 mille maximum, studio à Deido", {"neighbourhoods": ["Deïdo"], "max_price": 90_000}),
        ("j'ai déjà une chambre à Akwa, je veux un studio à Deido", {"neighbourhoods": ["Deïdo"]}),
        ("studio à côté du bureau de mon frère", {}),
        ("studio, mon bureau est à Akwa", {}),
        ("studio à Akwa, non pardon à Deido", {"neighbourhoods": ["Deïdo"]}),
        ("studio Akwa sorry Deido", {"neighbourhoods": ["Deïdo"]}),
        ("studio Akwa, non, Deido", {"neighbourhoods": ["Deïdo"]}),
        ("pardon un studio à Akwa", {"neighbourhoods": ["Akwa"]}),
        ("studio pas à Akwa plutôt Deido", {"neighbourhoods": ["Deïdo"], "exclude_neighbourhoods": ["Akwa"]}),
        ("studio Deido plutôt que Akwa", {"neighbourhoods": ["Deïdo"], "exclude_neighbourhoods": ["Akwa"]}),
        ("chambre non pardon studio 50 non 45 mille", {"max_price": 45_000}),
        ("studio avec des placards, 50 mille", {"max_price": 50_000}),
        ("studio dès 50 mille", {"min_price": 50_000}),
        ("200 mille c'est trop cher, studio 100 mille", {"max_price": 100_000}),
        ("studio 50 mille c'est pas trop cher", {"max_price": 50_000}),
        ("studio 50 mille et plus proche du goudron", {"max_price": 50_000}),
        ("studio pk 12 ou 13 25k", {"neighbourhoods": ["PK12", "PK13"], "max_price": 25_000}),
        ("studio pk 8, 9 et 10", {"neighbourhoods": ["PK8", "PK9", "PK10"]}),
        ("studio pk8, 10 000", {"neighbourhoods": ["PK8"], "max_price": 10_000}),
        ("mile 16/17 studio", {"neighbourhoods": ["Mile 16", "Mile 17"]}),
        ("studio, j'ai mon bureau à Akwa", {"neighbourhoods": ["Akwa"]}),
        ("studio au dessus d'une boutique", {}),
        ("studio pk 14 ou 17 mille", {"neighbourhoods": ["PK14"], "max_price": 17_000}),
    ],
)
def test_what_is_of_today_taken_back_or_only_near(text: str, filters: dict[str, Any]) -> None:
    read_now = {slot: value for slot, value in read(text).items() if slot not in {"city", "transaction"}}
    assert read_now == {"type": "studio", **filters}


def test_one_bedroom_is_a_flat_and_one_room_is_a_room() -> None:
    assert (read("1 bedroom")["type"], read("one bedroom")["bedrooms"]) == ("apartment", 1)
    assert read("i no want agent, just one room")["type"] == "room"
    assert read("kër 3 chambres", "SN")["type"] == "house"
    assert (read("mile 16 ou 17 room")["type"], read("pk 8 ou 9 chambre")["type"]) == ("room", "room")
    assert "type" not in read("logement derrière la mini cité")
    assert read("immeuble avec des appartements")["type"] == "building"


NAMES = [
    place.name
    for country in ("CM", "SN", "CI")
    for city in LOADED.cities(country)
    for place in (city, *LOADED.quarters(city.id))
]
JOINTS = [
    " ",
    ", ",
    " ou ",
    " sauf ",
    " je suis à ",
    " je quitte ",
    " non pardon ",
    " plutôt ",
    " mais je veux ",
    " M. ",
]


@given(
    st.lists(st.tuples(st.sampled_from(JOINTS), st.sampled_from(NAMES)), min_size=1, max_size=4),
    st.sampled_from(["CM", "SN", "CI", None]),
)
def test_a_city_and_quarters_belong_together(said: list[tuple[str, str]], country: Country | None) -> None:
    wanted = read_sentence("studio" + "".join(map("".join, said)), gazetteer=LOADED, country=country)
    city = wanted.city
    for quarter in wanted.neighbourhoods if city else ():
        assert city is not None
        assert quarter.city == city.id or LOADED.is_region_of(city.id, quarter.id)
    named = as_filters(wanted, LOADED)["neighbourhoods"]
    assert city is None or (named or []) == [quarter.name for quarter in wanted.neighbourhoods]

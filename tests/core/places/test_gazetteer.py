"""Names are found as people write them; what fits twice is asked about; what fits nothing is not guessed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.text import fold
from core.places.gazetteer import Gazetteer, Record, edits_allowed, squeeze
from core.places.words import Country, Found, Place, PlaceId, Several, Unknown

LOADED = Gazetteer.load()
COUNTRIES: tuple[Country, ...] = ("CM", "SN", "CI")
CITIES = [city for country in COUNTRIES for city in LOADED.cities(country)]
EVERYWHERE = [place for city in CITIES for place in (city, *LOADED.quarters(city.id))]


def city(name: str) -> Place:
    """Give the city of that name."""
    return next(place for place in CITIES if place.name == name)


def where(place: Place) -> str:
    """Say which place is meant: its name and its city."""
    return f"{place.name}, {LOADED.place(place.city).name if place.city else place.country}"


def found(text: str, country: Country | None = None, within: str | None = None) -> str | list[str]:
    """Say what a name is read as: one place, several, or the nearest in brackets."""
    match LOADED.read(text, country=country, city=city(within).id if within else None):
        case Found(place):
            return where(place)
        case Several(places):
            return sorted(map(where, places))
        case Unknown(nearest):
            return ["?", *map(where, nearest)]


@pytest.mark.parametrize(
    ("text", "country", "within", "meant"),
    [
        ("Makepe", "CM", None, "Makèpè, Douala"),
        ("maképé", "CM", None, "Makèpè, Douala"),
        ("bonam", "CM", None, "Bonamoussadi, Douala"),
        ("pk 14", "CM", None, "PK14, Douala"),
        ("P.K.14", "CM", None, "PK14, Douala"),
        ("etoug ebe", "CM", None, "Etoug-Ébé, Yaoundé"),
        ("ndotre", "CI", None, "N'Dotré, Abidjan"),
        ("N’Dotré", "CI", None, "N'Dotré, Abidjan"),
        ("2 plateaux", "CI", None, "Deux-Plateaux, Abidjan"),
        ("deux plateaux", "CI", None, "Deux-Plateaux, Abidjan"),
        ("quartier Akwa", "CM", None, "Akwa, Douala"),
        ("akwa douala", None, None, "Akwa, Douala"),
        ("sacre coeur 3", "SN", None, "Sacré-Cœur 3, Dakar"),
        ("bafo", "CM", None, "Bafoussam, CM"),
        ("kokodi", "CI", None, "Cocody, Abidjan"),
        ("bonaprisso", "CM", None, "Bonapriso, Douala"),
        ("madagascar", "CM", None, ["Madagascar, Douala", "Madagascar, Yaoundé"]),
        ("madagascar", "CM", "Yaoundé", "Madagascar, Yaoundé"),
        ("madagascar yaounde", "CM", None, "Madagascar, Yaoundé"),
        ("santa barbara", "CM", None, ["Santa Barbara, Douala", "Santa Barbara, Yaoundé"]),
        ("dakar", "SN", None, "Dakar, SN"),
        ("dakar", "CM", None, "Dakar, Douala"),
        ("dakar", None, None, ["Dakar, Douala", "Dakar, SN"]),
        ("koumassi", None, None, ["Koumassi, Abidjan", "Koumassi, Douala"]),
        ("koumassi", "CI", None, "Koumassi, Abidjan"),
        ("plateau", None, None, ["Plateau, Abidjan", "Plateau, Dakar"]),
        ("plateau", "SN", None, "Plateau, Dakar"),
        ("bali", "CM", None, ["Bali, CM", "Bali, Douala"]),
        ("bali", "CM", "Douala", "Bali, Douala"),
        ("mokolo", "CM", None, ["Mokolo, CM", "Mokolo, Yaoundé"]),
        ("bonamoussadi", "CM", None, "Bonamoussadi, Douala"),
        ("bonamoussadi", "CM", "Yaoundé", "Bonas, Yaoundé"),
        ("bastos", "CM", "Douala", ["?", "Bastos, Yaoundé"]),
        ("bastos", "SN", None, ["?", "Bastos, Yaoundé", "Castors, Dakar"]),
        ("pk 15", "CM", None, ["?", "PK14, Douala", "PK10, Douala", "PK12, Douala"]),
        ("xyzzy", "CM", None, ["?"]),
        ("zz", None, None, ["?"]),
    ],
)
def test_reading(text: str, country: Country | None, within: str | None, meant: str | list[str]) -> None:
    assert found(text, country, within) == meant


def test_every_name_is_found_in_its_city() -> None:
    for place in EVERYWHERE:
        within = place.city or place.id
        assert LOADED.read(place.name.upper(), city=within) == Found(place)


@given(st.text(), st.sampled_from([*COUNTRIES, None]), st.sampled_from([*CITIES, None]))
def test_any_text_is_read_within_its_bounds(text: str, country: Country | None, within: Place | None) -> None:
    _check_bounds(text, country, within)


@given(
    st.sampled_from(EVERYWHERE),
    st.randoms(use_true_random=False),
    st.sampled_from([*COUNTRIES, None]),
    st.sampled_from([*CITIES, None]),
)
def test_misspelt_names_stay_within_bounds(
    place: Place, dice: random.Random, country: Country | None, within: Place | None
) -> None:
    _check_bounds(misspelt(place.name, dice), country, within)


def _check_bounds(text: str, country: Country | None, within: Place | None) -> None:
    reading = LOADED.read(text, country=country, city=within.id if within else None)
    if isinstance(reading, Unknown):
        assert len(reading.nearest) <= 3
        return
    places = (reading.place,) if isinstance(reading, Found) else reading.places
    for place in places:
        assert within is None or within.id in {place.id, place.city}
        assert country is None or within is not None or place.country == country


def misspelt(name: str, dice: random.Random, edits: int = 2) -> str:
    """Change letters of a name at random: left out, added, replaced or swapped."""
    letters = list(fold(name))
    for _ in range(edits):
        at = dice.randrange(len(letters))
        change = dice.randrange(4)
        if change == 0 and len(letters) > 1:
            del letters[at]
        elif change == 1:
            letters.insert(at, dice.choice("abcdefghijklmnopqrstuvwxyz"))
        elif change == 2:
            letters[at] = dice.choice("abcdefghijklmnopqrstuvwxyz")
        else:
            letters[at : at + 2] = letters[at : at + 2][::-1]
    return "".join(letters)


def test_two_random_edits_are_forgiven_to_long_names() -> None:
    dice = random.Random(7)  # noqa: S311
    long = [p for p in EVERYWHERE if len(squeeze(fold(p.name))) >= 9 and not any(map(str.isdigit, p.name))]
    tries = [dice.choice(long) for _ in range(400)]
    right = 0
    for place in tries:
        reading = LOADED.read(misspelt(place.name, dice), city=place.city or place.id)
        places = reading.nearest if isinstance(reading, Unknown) else ()
        right += reading == Found(place) or place in places[:1]
    assert right / len(tries) >= 0.95


def test_short_names_bear_fewer_edits() -> None:
    assert [edits_allowed("a" * size) for size in (3, 4, 6, 7)] == [0, 1, 1, 2]


def test_an_endless_text_is_no_place() -> None:
    assert isinstance(LOADED.read("bonamoussadi" * 500, country="CM"), Unknown)
    assert LOADED.read("x" * 5_000, country="CM") == Unknown(())


def test_cities_come_most_asked_for_first() -> None:
    assert [place.name for place in LOADED.cities("CM")[:4]] == ["Douala", "Yaoundé", "Bafoussam", "Kribi"]
    assert LOADED.cities("SN")[0].name == "Dakar"
    assert LOADED.cities("CI")[0].name == "Abidjan"


def test_quarters_come_most_asked_for_first() -> None:
    names = [place.name for place in LOADED.quarters(city("Douala").id)]
    assert names[:4] == ["Akwa", "Bonamoussadi", "Makèpè", "Deïdo"]
    assert len(names) == len(set(names)) == 63
    assert LOADED.quarters(PlaceId(999_999)) == ()


def test_within_holds_everything_inside() -> None:
    cocody = next(p for p in EVERYWHERE if p.name == "Cocody")
    names = {LOADED.place(i).name for i in LOADED.within(cocody.id)}
    assert {"Cocody", "Angré", "Angré 7e Tranche", "Vallon"} <= names
    assert "Marcory" not in names
    abidjan = LOADED.within(city("Abidjan").id)
    assert LOADED.within(cocody.id) < abidjan
    assert len(abidjan) == 1 + len(LOADED.quarters(city("Abidjan").id))


def test_neighbours_know_each_other_and_share_a_city() -> None:
    for place in EVERYWHERE:
        for neighbour in LOADED.neighbours(place.id):
            assert place in LOADED.neighbours(neighbour.id)
            assert neighbour.city == place.city
            assert neighbour.id != place.id


@pytest.mark.parametrize("name", ["Akwa", "Bastos", "Liberté 6", "Deux-Plateaux"])
def test_main_quarters_have_neighbours(name: str) -> None:
    place = next(p for p in EVERYWHERE if p.name == name)
    assert len(LOADED.neighbours(place.id)) >= 3


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (1, "Douala"),
        (2, "Yaoundé"),
        (23, "Dakar"),
        (36, "Abidjan"),
        (45, "Daloa"),
        (1000, "Akwa"),
        (1012, "Bonamoussadi"),
        (1063, "Bastos"),
        (1129, "Plateau"),
        (1195, "Abobo"),
        (1261, "Commercial Avenue"),
    ],
)
def test_ids_are_for_ever(number: int, name: str) -> None:
    assert LOADED.place(PlaceId(number)).name == name


def test_ids_of_cities_and_quarters_never_meet() -> None:
    for place in EVERYWHERE:
        assert (place.id < 1000) == (place.kind == "city")
    assert len({place.id for place in EVERYWHERE}) == len(EVERYWHERE)


def test_parents_lie_in_the_same_city() -> None:
    for place in EVERYWHERE:
        if place.parent is not None:
            assert LOADED.place(place.parent).city == place.city


def record(number: int, name: str, **more: PlaceId) -> Record:
    """Give a quarter of city 1."""
    return Record(PlaceId(number), "quarter", name, "CM", "Littoral", PlaceId(1), more.get("parent"), number)


TOWN = Record(PlaceId(1), "city", "Town", "CM", "Littoral", None, None, 1)


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="share an id"):
        Gazetteer([TOWN, record(1000, "Here"), record(1000, "There")])


def test_a_parent_that_is_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="no place has the id 7"):
        Gazetteer([TOWN, record(1000, "Here", parent=PlaceId(7))])


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(KeyError):
        LOADED.place(PlaceId(0))
    with pytest.raises(KeyError):
        LOADED.neighbours(PlaceId(0))
    with pytest.raises(KeyError):
        LOADED.within(PlaceId(0))


def test_two_names_equally_near_are_asked_about() -> None:
    streets = Gazetteer([TOWN, record(1000, "Marlowe Road"), record(1001, "Harlowe Road")])
    reading = streets.read("tarlowe road", country="CM")
    assert isinstance(reading, Several)
    assert len(reading.places) == 2

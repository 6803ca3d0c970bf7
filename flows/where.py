"""The questions several flows ask about places: which city, which quarter, which of those that share a name."""

from collections.abc import Callable, Iterable

from bot.talk import Label, Menu, Option, Refused, Settled, t
from core.kit.errors import Unclear
from core.places.words import Found, Place, PlaceId, Several
from core.reading import PlacesReading, Reading

CITIES = 5
QUARTERS = 4


def cities(title: Label, read: Reading) -> Menu[Place | None]:
    """The main cities of the speaker's country; None is a city to be typed."""
    shown = read.places.cities(read.speaker.country)[:CITIES]
    return Menu(title, [*_named(shown), Option[Place | None](None, t("where.other_city"))])


def quarters(city: PlaceId, read: Reading) -> Menu[Place | None]:
    """The best known quarters of a city, the city itself for all of them; None is a quarter to be typed."""
    whole = read.places.place(city)
    return Menu(
        t("where.quarter", city=whole.name),
        [
            Option[Place | None](whole, t("where.all_quarters")),
            *_named(read.places.quarters(city)[:QUARTERS]),
            Option[Place | None](None, t("where.other_quarter")),
        ],
    )


def which(
    typed: str, read: Reading, *, country: str | None = None, city: PlaceId | None = None
) -> Menu[Place | None] | Settled[Place | None]:
    """The place a typed name means, with one question when it fits several or none; None is to type again.

    Raises Refused("place.unknown") when nothing looks like it.
    """
    heard = read.places.read(typed, country=country, city=city)
    if isinstance(heard, Found):
        return Settled(heard.place)
    if isinstance(heard, Several):
        return Menu(t("where.several", name=typed, count=len(heard.places)), _told_apart(heard.places, read.places))
    if not heard.nearest:
        raise Refused("place.unknown", name=typed)
    again = Option[Place | None](None, t("where.again"))
    return Menu(t("where.nearest", name=typed), [*_told_apart(heard.nearest, read.places), again])


def named(read: Reading, city: PlaceId | None = None) -> Callable[[str], Place | None]:
    """Reads the name of one place, in a city or in the speaker's country. Raises Unclear("place.unclear")."""

    def one(said: str) -> Place | None:
        heard = read.places.read(said, country=read.speaker.country, city=city)
        if not isinstance(heard, Found):
            raise Unclear("place.unclear")
        return heard.place

    return one


def full_name(place: Place, places: PlacesReading) -> str:
    """A place with its city: "Akwa (Douala)"."""
    return place.name if place.city is None else f"{place.name} ({places.place(place.city).name})"


def _named(places: Iterable[Place]) -> list[Option[Place | None]]:
    return [Option[Place | None](place, place.name) for place in places]


def _told_apart(shown: Iterable[Place], places: PlacesReading) -> list[Option[Place | None]]:
    return [Option[Place | None](place, full_name(place, places)) for place in shown]

"""Where a search looks: a city and its quarter, by name, or near a point."""

from bot.talk import Aside, Field, Go, Label, Menu, Settled, go, replace, t
from core.homes.words import Heard
from core.places.words import Place, PlaceId, Unknown
from core.reading import Reading
from flows import where
from flows.leads import elsewhere
from flows.near import Quarters, around
from flows.search_wish import WHAT, Search, located, onward
from flows.search_words import aside, hear, here
from flows.typed import place_name

Where = Place | None
"""A place that was chosen, or None: a name is to be typed."""


def hear_place(
    asked: Menu[Where] | Settled[Where], read: Reading, city: PlaceId | None
) -> Menu[Where] | Settled[Where]:
    """The same question, which any place answers by its name, and a location too."""
    return asked if isinstance(asked, Settled) else hear(asked, read, where.named(read, city), asks="location")


def name(title: Label, read: Reading, city: PlaceId | None) -> Field[str]:
    """The name of a place, or where one is; words that name none and say what kind of home, or how much, are heard."""

    def typed(said: str) -> str | Aside:
        known = read.places.read(said, country=read.speaker.country, city=city)
        if isinstance(known, Unknown) and (_told(read.homes.heard(said)) > 1 or elsewhere(read.homes.told(said).tells)):
            return aside(said, read)
        return place_name(said)

    return Field(title, typed, asks="location", shared=here)


def _told(heard: Heard) -> int:
    """How many things a sentence tells: one alone may as well be a part of a name ("Maison Blanche")."""
    wish = heard.wish
    things = (wish.places or heard.which, wish.kinds, wish.bedrooms, wish.low or wish.top, wish.furnished is not None)
    return sum(map(bool, things))


async def ask_city(_: Search, read: Reading) -> Menu[Where] | Settled[Where]:
    return hear_place(where.cities(t("search.city"), read), read, None)


async def ask_city_typed(_: Search, read: Reading) -> Field[str]:
    return name(t("where.type_city"), read, None)


def take_city_typed(s: Search, typed: str) -> Go[Search]:
    return go("which_city", replace(s, typed=typed))


async def ask_which_city(s: Search, read: Reading) -> Menu[Where] | Settled[Where]:
    return hear_place(where.which(s.typed, read, country=read.speaker.country), read, None)


def take_city(s: Search, place: Where) -> Go[Search]:
    """A quarter typed for a city is taken for what it is."""
    if place is None:
        return go("city_typed", s)
    if place.city is None:
        return go("quarter", replace(s, city=place.id))
    return take_quarter(replace(s, city=place.city), place)


async def ask_quarter(s: Search, read: Reading) -> Menu[Where] | Settled[Where]:
    return hear_place(where.quarters(s.city, read), read, s.city)


async def ask_quarter_typed(s: Search, read: Reading) -> Field[str]:
    return name(t("where.type_quarter", city=read.places.place(s.city).name), read, s.city)


def take_quarter_typed(s: Search, typed: str) -> Go[Search]:
    return go("which_quarter", replace(s, typed=typed))


async def ask_which_quarter(s: Search, read: Reading) -> Menu[Where] | Settled[Where]:
    return hear_place(where.which(s.typed, read, city=s.city), read, s.city)


def take_quarter(s: Search, place: Where) -> Go[Search]:
    return onward(located(s, (place.id,)), WHAT) if place else go("quarter_typed", s)


async def ask_near(s: Search, read: Reading) -> Menu[Quarters] | Settled[Quarters]:
    asked = await around(s.here, read)
    return asked if isinstance(asked, Settled) else hear(asked, read)


def take_near(s: Search, quarters: Quarters) -> Go[Search]:
    return onward(located(s, quarters), WHAT)


def take_here(s: Search, quarters: Quarters) -> Go[Search]:
    """Begun by a point: what to do with a home there was not asked yet."""
    return go("deal", located(s, quarters))

"""What can be read about homes."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, Literal, cast

from core.homes import around, search
from core.homes.words import Close, Cursor, Heard, Home, Nearby, Page, Wish
from core.kit.db import Record
from core.kit.deed import Look
from core.kit.money import CURRENCY_OF, Money
from core.kit.point import Point, near
from core.kit.structs import replace
from core.places.gazetteer import Gazetteer, gazetteer
from core.places.listen import listen
from core.places.sentence import read_sentence
from core.places.words import Country, Told, Wanted

NEARBY: Final = 3
"""Neighbouring wishes shown when nothing fits."""

_DEARER: Final = (3, 2)
"""Half as much again."""

_FINE_BELOW: Final = 100_000
_FINE, _COARSE = 500, 5_000
"""Steps people name rents in: 500 francs up to 100 000, 5 000 above."""

_SERVED: Final = frozenset({"CM", "SN", "CI"})

Change = Literal["neighbours", "dearer", "any_kind", "whole_city"]


@lru_cache(maxsize=4096)
def _heard(sentence: str, country: Country) -> Heard:
    """Kept for the turns that follow: each of them reads the sentence again."""
    wanted = read_sentence(sentence, gazetteer=gazetteer(), country=country)
    return Heard(wish_of(wanted, country), wanted.ambiguous, wanted.transaction_said, wanted.type_said)


class HomesReads:
    """Homes as one speaker may read them; where no place is named, those of the speaker's country."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._places = gazetteer()
        spoken = look.speaker.country
        self._country: Country = cast("Country", spoken) if spoken in _SERVED else "CM"

    def heard(self, sentence: str) -> Heard:
        """The honest reading of one sentence ("appt 2ch akwa max 150 000"): nothing is invented."""
        return _heard(sentence, self._country)

    def told(self, said: str) -> Told:
        """What any free words tell, beside a wish: that somebody wants to pay, to see a home, to be called."""
        return listen(said)

    async def search(self, wish: Wish, after: Cursor | None = None) -> Page:
        """Published homes that fit, cheapest first, PAGE at a time."""
        return await search.find(self._look.on, self._places, self._country, wish, after)

    async def near(self, wish: Wish) -> tuple[Nearby, ...]:
        """When nothing fits: at most three neighbouring wishes that find something, the closest first."""
        found: list[Nearby] = []
        for change, other in neighbouring(wish, self._places):
            homes = await search.count(self._look.on, self._places, self._country, other)
            if homes:
                found.append(Nearby(change, other, homes))
            if len(found) == NEARBY:
                break
        return tuple(found)

    async def quarters_near(self, point: Point) -> tuple[Close, ...]:
        """The quarters with homes on offer at most three kilometres away, the nearest first, at most five."""
        return await around.find(self._look.on, point)

    async def home(self, code: str) -> Home | None:
        """The published home of that code ("A4821")."""
        row = await self._look.on.one(search.BY_CODE, code=code)
        if row is None:
            return None
        return replace(search.home_of(row), photo=row["photo"] or "", spot=_spot(row))


def _spot(row: Record) -> Point | None:
    """People live behind that door, and above a shop too: no exact point is read by anybody, whatever is let there."""
    return None if row["latitude"] is None else near(Point(row["latitude"], row["longitude"]))


def wish_of(wanted: Wanted, country: Country) -> Wish:
    """A reading as a wish: quarters if any were named, otherwise the city; francs of the place's country."""
    named = wanted.neighbourhoods or ((wanted.city,) if wanted.city else ())
    currency = CURRENCY_OF[named[0].country if named else country]
    return Wish(
        deal=wanted.transaction or "rent",
        places=tuple(place.id for place in named),
        without=tuple(place.id for place in wanted.exclude_neighbourhoods),
        kinds=wanted.type,
        bedrooms=wanted.bedrooms,
        furnished=wanted.furnished,
        low=Money(wanted.min_price, currency) if wanted.min_price else None,
        top=Money(wanted.max_price, currency) if wanted.max_price else None,
    )


def neighbouring(wish: Wish, places: Gazetteer) -> Iterator[tuple[Change, Wish]]:
    """The wishes nearest to one that found nothing, the closest first."""
    inside = {place for wished in wish.places for place in places.within(wished)}
    touching = {near.id for place in inside for near in places.neighbours(place)} - inside - set(wish.without)
    changes: tuple[tuple[Change, dict[str, Any]], ...] = (
        ("neighbours", {"places": tuple(sorted(touching))} if touching else {}),
        ("dearer", {"top": dearer(wish.top)} if wish.top else {}),
        ("any_kind", {"kinds": ()}),
        ("whole_city", {"places": _cities(wish, places)}),
    )
    for change, changed in changes:
        other = replace(wish, **changed)
        if other != wish:
            yield change, other


def dearer(top: Money) -> Money:
    """Half as much again, rounded up to an amount that people name."""
    times, over = _DEARER
    francs = -(-top.francs * times // over)
    step = _FINE if francs < _FINE_BELOW else _COARSE
    return Money(-(-francs // step) * step, top.currency)


def _cities(wish: Wish, places: Gazetteer) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(places.place(wished).city or wished for wished in wish.places))

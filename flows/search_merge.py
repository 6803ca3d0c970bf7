"""One wish out of two: what was understood before, but for what was said now."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from bot.talk import replace
from core.homes.words import Heard, Kind, Wish
from core.kit.money import CURRENCY_OF, Money
from core.kit.text import fold
from core.places.words import PlaceId
from core.reading import Reading
from flows.amounts import LEAST
from flows.search_wish import country_of
from flows.told import WITH_BEDROOMS
from flows.typed import meant

_AND: Final = frozenset({"et", "ou", "and", "or"})


class Manner(NamedTuple):
    """How it was said: beside what was wished ("ajoute", "aussi", or a leading "et"), or as what is left out."""

    adds: bool
    leaves: bool


def manner(said: str, read: Reading) -> Manner:
    """How words were said."""
    tells = read.homes.told(said).tells
    return Manner("add" in tells or fold(said).partition(" ")[0] in _AND, "remove" in tells)


def merged(before: Wish, heard: Heard, how: Manner, read: Reading, *, begun: bool = True) -> Wish:
    """The wish after what was said; ``begun`` says that what to do with a home was settled before.

    What names a place, a kind or a price takes the place of the one before; whatever was not named stays.
    """
    now = heard.wish
    deal = now.deal if heard.deal_said or not begun else before.deal
    places, without = _places(before, now, how, read)
    kinds = _kinds(before.kinds, heard, how)
    counted = now.bedrooms is not None or not WITH_BEDROOMS.issuperset(kinds)
    priced = now.low or now.top or deal != before.deal
    wish = Wish(
        deal=deal,
        places=places,
        without=without,
        kinds=kinds,
        bedrooms=now.bedrooms if counted else before.bedrooms,
        furnished=before.furnished if now.furnished is None else now.furnished,
        low=now.low if priced else before.low,
        top=now.top if priced else before.top,
    )
    return replace(wish, low=_in(wish, wish.low, read), top=_in(wish, wish.top, read))


def _kinds(before: tuple[Kind, ...], heard: Heard, how: Manner) -> tuple[Kind, ...]:
    """Bedrooms alone tell of a flat, but not to somebody who wants a house."""
    same = not heard.kind_said and before and WITH_BEDROOMS.issuperset(before)
    now = () if same else heard.wish.kinds
    return tuple(dict.fromkeys((*before, *now))) if how.adds else now or before


def _places(before: Wish, now: Wish, how: Manner, read: Reading) -> tuple[tuple[PlaceId, ...], tuple[PlaceId, ...]]:
    """The places wished for, and those left out of them; without a quarter its city is left."""
    out = dict.fromkeys((*now.without, *(now.places if how.leaves else ())))
    around = cities(out, read)
    named = () if how.leaves or (before.places and around.issuperset(now.places)) else now.places
    places = dict.fromkeys((*before.places, *named) if how.adds else named or before.places)
    kept = tuple(place for place in places if place not in out) or tuple(around)
    without = dict.fromkeys((*before.without, *out))
    return kept, tuple(one for one in without if one not in named and cities([one], read) <= cities(kept, read))


def cities(places: Iterable[PlaceId], read: Reading) -> set[PlaceId]:
    """The cities where these places are."""
    return {read.places.place(place).city or place for place in places}


def _in(wish: Wish, amount: Money | None, read: Reading) -> Money | None:
    """The same number of francs: those of the place are meant, and millions where a home is bought."""
    currency = CURRENCY_OF.get(country_of(wish, read), "XAF")
    return meant(Money(amount.francs, currency), LEAST[wish.deal]) if amount else None

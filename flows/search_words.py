"""Heard at any question of a search: words that say more than the answer, and where somebody is."""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeVar

from bot.talk import Aside, Go, Menu, Option, Settled, Text, go, hearing, replace, t
from core.homes.words import Heard, Wish
from core.kit.errors import Unclear
from core.kit.money import CURRENCY_OF, Currency, Money
from core.kit.point import Point
from core.places.words import PlaceId
from core.reading import Reading
from flows import told
from flows.leads import elsewhere
from flows.near import spot
from flows.search_wish import Search, country_of, found, onward
from flows.where import full_name

V = TypeVar("V")

_DIGITS: Final = range(4, 8)
"""As many make an amount that is said without a word; fewer are a slip, more a number of something."""


def tells(said: str, read: Reading) -> bool:
    """Whether words say something about a search, and do not lead elsewhere."""
    heard = read.homes.heard(said)
    something = heard.deal_said or heard.which or replace(heard.wish, deal="rent") != Wish()
    words = any(map(str.isalpha, said)) or sum(map(str.isdigit, said)) in _DIGITS
    return words and bool(something) and not elsewhere(read.homes.told(said).tells)


def aside(said: str, read: Reading) -> Aside:
    """Words that say something about a search. Raises Unclear for any others."""
    if not tells(said, read):
        raise Unclear("sentence.nothing")
    return Aside(said)


def here(shared: Any) -> Aside:
    """Where somebody is. Raises Unclear."""
    return Aside(spot(shared))


def hear(
    menu: Menu[V], read: Reading, plain: Callable[[str], V] | None = None, *, asks: Literal["", "location"] = ""
) -> Menu[V]:
    """The same question, where more may be said than its answer; what ``plain`` can read is an answer to it."""

    def either(said: str) -> V | Aside:
        try:
            return plain(said) if plain else aside(said, read)
        except Unclear:
            return aside(said, read)

    return hearing(menu, typed=either, shared=here, asks=asks)


def take_beside(s: Search, said: str | Point) -> Go[Search]:
    """In the middle of a search: what was answered before is kept."""
    if isinstance(said, Point):
        return go("near", replace(s, here=said))
    return go("said", replace(s, said=said, begun=True))


def take_first(s: Search, said: str | Point) -> Go[Search]:
    """Before it was said what to do with a home."""
    return go("here", Search(here=said)) if isinstance(said, Point) else go("said", replace(s, said=said))


# --- what was said -----------------------------------------------------------------------------------------


async def ask_said(s: Search, read: Reading) -> Menu[Wish] | Settled[Wish]:
    """One question, and only when a place is unclear in the city that is searched."""
    heard = read.homes.heard(s.said)
    which = [place for place in heard.which if place.city == s.city] or heard.which
    if len(which) < 2:
        wish = merged(s, heard, which[0].id if which else None, read)
        open_still = onward(replace(s, wish=wish)).step != "heard"
        return Settled(wish, understood(wish, read) if open_still else None)
    wishes = [Option(merged(s, heard, place.id, read), full_name(place, read.places)) for place in which]
    return hear(Menu(t("sentence.which"), wishes), read)


def merged(s: Search, heard: Heard, which: PlaceId | None, read: Reading) -> Wish:
    """What was answered before, but for what was said now."""
    before, now = s.wish, heard.wish
    deal = now.deal if heard.deal_said or not s.begun else before.deal
    places = (*now.places, which) if which else now.places or before.places
    kinds = now.kinds or before.kinds
    counted = now.bedrooms is not None or not told.WITH_BEDROOMS.issuperset(kinds)
    priced = now.low or now.top or deal != before.deal
    wish = Wish(
        deal=deal,
        places=places,
        without=now.without or before.without,
        kinds=kinds,
        bedrooms=now.bedrooms if counted else before.bedrooms,
        furnished=before.furnished if now.furnished is None else now.furnished,
        low=now.low if priced else before.low,
        top=now.top if priced else before.top,
    )
    currency = CURRENCY_OF.get(country_of(wish, read), "XAF")
    return replace(wish, low=_in(currency, wish.low), top=_in(currency, wish.top))


def _in(currency: Currency, amount: Money | None) -> Money | None:
    """The same number of francs: those of the place are meant."""
    return Money(amount.francs, currency) if amount else None


def take_said(s: Search, wish: Wish) -> Go[Search]:
    """On with the first question that is open; a price that was the last of them has answered it."""
    move = onward(replace(s, wish=wish, said="", begun=True))
    priced = replace(s.wish, low=wish.low, top=wish.top) == wish
    return found(replace(s, wish=wish), wish.top) if move.step == "heard" and priced else move


def understood(wish: Wish, read: Reading) -> Text:
    """The whole wish, in words."""
    return t("sentence.heard", wish=told.wish(wish, read.places))


async def ask_heard(s: Search, read: Reading) -> Menu[bool]:
    shown = [Option(value=True, label=t("sentence.show")), Option(value=False, label=t("results.change"))]
    return hear(Menu(understood(s.wish, read), shown, agrees=True), read)


def take_heard(s: Search, agreed: bool) -> Go[Search]:
    return found(s, s.wish.top) if agreed else go("deal", Search())

"""Heard at any question of a search: words that say more than the answer, and where somebody is."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from bot.talk import Aside, Go, Menu, Option, Settled, go, hearing, replace, t
from core.homes.words import Wish
from core.kit.errors import Unclear
from core.kit.point import Point
from core.reading import Reading
from flows.near import spot
from flows.search_change import change, changed, tells, understood, whole
from flows.search_wish import Search, complete, found, onward

V = TypeVar("V")


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
    """One question, and only when a place is unclear in the city that is searched; nothing said before counts for who
    says a whole wish where one was shown.
    """
    anew = complete(s) and whole(s.said, read)
    before = Wish() if anew else s.wish
    heard = changed(before, s.said, read, begun=s.begun and not anew, city=s.city)
    if not isinstance(heard, Settled):
        return hear(heard, read)
    open_still = not complete(replace(s, wish=heard.value))
    return Settled(heard.value, understood(heard.value, read) if open_still else None)


def take_said(s: Search, wish: Wish) -> Go[Search]:
    """On with the first question that is open; a price that was the last of them has answered it."""
    move = onward(replace(s, wish=wish, said="", begun=True))
    priced = not complete(s) and replace(s.wish, low=wish.low, top=wish.top) == wish
    return found(replace(s, wish=wish), wish.top) if move.step == "heard" and priced else move


async def ask_heard(s: Search, read: Reading) -> Menu[bool]:
    shown = [Option(value=True, label=t("sentence.show")), Option(value=False, label=t("results.change"))]
    menu = Menu(understood(s.wish, read), shown, agrees=True)
    return hearing(menu, typed=lambda said: change(s.wish, said, read), shared=here)


def take_heard(s: Search, agreed: bool) -> Go[Search]:
    return found(s, s.wish.top) if agreed else go("deal", Search())

"""The wish of a search by questions: what was answered so far, and the first question that is still open."""

from collections.abc import Iterable
from typing import Final

from bot.talk import Go, State, call, go, replace
from core.homes.words import Wish
from core.kit.money import Money
from core.kit.point import Point
from core.places.words import PlaceId
from core.reading import Reading
from flows.near import Quarters
from flows.told import WITH_BEDROOMS, Results


class Search(State, frozen=True):
    """The wish so far; ``city`` is asked for its quarters, ``typed`` a name that is being read, ``here`` a point
    that was shared.

    ``said`` are words that are being read, ``begun`` whether what to do with a home was answered before them;
    ``any_bedrooms`` that their number was asked and does not matter.
    """

    wish: Wish = Wish()
    city: PlaceId = PlaceId(0)
    typed: str = ""
    here: Point | None = None
    said: str = ""
    begun: bool = False
    any_bedrooms: bool = False


WHAT: Final = ("kind", "bedrooms", "top")
QUESTIONS: Final = ("near", "quarter", "city", *WHAT)
"""In the order in which they are asked."""


def onward(s: Search, questions: Iterable[str] = QUESTIONS) -> Go[Search]:
    """To the first of these questions that is still open; when none is, to what was understood."""
    still = _open(s)
    return go(next((question for question in questions if still[question]), "heard"), s)


def complete(s: Search) -> bool:
    """Whether no question is open any more."""
    return onward(s).step == "heard"


def _open(s: Search) -> dict[str, bool]:
    wish = s.wish
    roomy = WITH_BEDROOMS.issuperset(wish.kinds)
    return {
        "near": not wish.places and s.here is not None,
        "quarter": not wish.places and bool(s.city),
        "city": not wish.places,
        "kind": not wish.kinds,
        "bedrooms": roomy and wish.bedrooms is None and not s.any_bedrooms,
        "top": wish.top is None,
    }


def located(s: Search, quarters: Quarters) -> Search:
    """With the places that are wished for."""
    return replace(s, wish=replace(s.wish, places=quarters))


def country_of(wish: Wish, read: Reading) -> str:
    """The country of the places that were chosen."""
    return read.places.place(wish.places[0]).country if wish.places else read.speaker.country


def found(s: Search, top: Money | None) -> Go[Search]:
    """Show the homes; whoever wants to change the wish begins again."""
    return call("results", Search(), back_to="deal", child=Results(replace(s.wish, top=top)))

"""Search: what to do with a home, where (by name or near a point), which kind, how many bedrooms, the top price."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.talk import Field, Flow, Go, Menu, Option, Settled, Step, call, go, replace, step, t
from core.homes.words import Wish
from core.kit.point import Point
from core.reading import Reading
from flows.kinds import DEALS, deals
from flows.search_what import (
    ask_bedrooms,
    ask_check_top,
    ask_kind,
    ask_top,
    ask_top_typed,
    take_bedrooms,
    take_beside_top,
    take_check_top,
    take_kind,
    take_top,
    take_top_typed,
)
from flows.search_where import (
    ask_city,
    ask_city_typed,
    ask_near,
    ask_quarter,
    ask_quarter_typed,
    ask_which_city,
    ask_which_quarter,
    take_city,
    take_city_typed,
    take_here,
    take_near,
    take_quarter,
    take_quarter_typed,
)
from flows.search_wish import QUESTIONS, WHAT, Search
from flows.search_words import ask_heard, ask_said, hear, take_beside, take_first, take_heard, take_said
from flows.told import area

V = TypeVar("V")


async def ask_deal(s: Search, read: Reading) -> Menu[str]:
    title = t("search.there", where=area(s.wish.places, read.places)) if s.here else t("search.title")
    others = [Option("sentence", t("search.in_words")), Option("home", t("search.code"))]
    return hear(Menu(title, [*deals(), *others]), read)


def take_deal(s: Search, answer: str) -> Go[Search]:
    deal = next((deal for deal in DEALS if deal == answer), None)
    if deal is None:
        return call(answer, s, back_to="deal")
    return go("kind", replace(s, wish=Wish(deal, s.wish.places))) if s.here else go("city", Search(Wish(deal)))


def question(
    name: str,
    ask: Callable[[Search, Reading], Awaitable[Menu[V] | Field[V] | Settled[V]]],
    take: Callable[[Search, V], Go[Search]],
    *to: str,
    aside: Callable[[Search, str | Point], Go[Search]] = take_beside,
) -> Step:
    """A question where more may be said than its answer."""
    return step(name, ask, take, to=[*to, "said", "near"], aside=aside)


_AFTER_WHERE = (*WHAT, "heard")

SEARCH = Flow(
    "search",
    Search,
    step("deal", ask_deal, take_deal, to=["city", "kind", "said", "here"], aside=take_first),
    question("city", ask_city, take_city, "city_typed", "quarter", *_AFTER_WHERE),
    question("city_typed", ask_city_typed, take_city_typed, "which_city"),
    question("which_city", ask_which_city, take_city, "city_typed", "quarter", *_AFTER_WHERE),
    question("quarter", ask_quarter, take_quarter, "quarter_typed", *_AFTER_WHERE),
    question("quarter_typed", ask_quarter_typed, take_quarter_typed, "which_quarter"),
    question("which_quarter", ask_which_quarter, take_quarter, "quarter_typed", *_AFTER_WHERE),
    question("near", ask_near, take_near, *_AFTER_WHERE),
    step("here", ask_near, take_here, to=["deal", "said", "here"], aside=take_first),
    question("kind", ask_kind, take_kind, "bedrooms", "top", "heard"),
    question("bedrooms", ask_bedrooms, take_bedrooms, "top", "heard"),
    question("top", ask_top, take_top, "deal", "top_typed", "check_top"),
    question("top_typed", ask_top_typed, take_top_typed, "deal", "check_top"),
    question("check_top", ask_check_top, take_check_top, "deal", "top_typed", aside=take_beside_top),
    question("said", ask_said, take_said, *QUESTIONS, "heard", "deal"),
    question("heard", ask_heard, take_heard, "deal"),
)

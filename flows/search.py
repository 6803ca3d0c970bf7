"""Search: what to do with a home, where (by name or near a point), which kind, how many bedrooms, the top price."""

from dataclasses import dataclass, replace

from bot.talk import Confirm, Field, Flow, Go, Menu, Option, Settled, call, go, money, step, t
from core.homes.words import Wish
from core.kit.money import CURRENCY_OF, Money
from core.kit.point import Point
from core.places.words import PlaceId
from core.reading import Reading
from flows import where
from flows.amounts import LEAST, tops
from flows.kinds import DEALS, GROUPS, bedrooms, deals, kinds
from flows.near import Quarters, Where, around, name_or_here, or_here
from flows.told import Results, area
from flows.typed import meant


@dataclass(frozen=True, slots=True)
class Search:
    """The wish so far; ``city`` is asked for its quarters, ``typed`` a name that is being read, ``here`` a point
    that was shared.
    """

    wish: Wish = Wish()
    city: PlaceId = PlaceId(0)
    typed: str = ""
    here: Point | None = None


async def ask_deal(s: Search, read: Reading) -> Menu[str]:
    title = t("search.there", where=area(s.wish.places, read.places)) if s.here else t("search.title")
    others = [Option("sentence", t("search.in_words")), Option("home", t("search.code"))]
    return Menu(title, [*deals(), *others])


def take_deal(s: Search, answer: str) -> Go[Search]:
    deal = next((deal for deal in DEALS if deal == answer), None)
    if deal is None:
        return call(answer, s, back_to="deal")
    return go("kind", replace(s, wish=Wish(deal, s.wish.places))) if s.here else go("city", Search(Wish(deal)))


# --- where -------------------------------------------------------------------------------------------------


async def ask_city(_: Search, read: Reading) -> Menu[Where] | Settled[Where]:
    return or_here(where.cities(t("search.city"), read))


async def ask_city_typed(_: Search, __: Reading) -> Field[str | Point]:
    return name_or_here(t("where.type_city"))


def take_city_typed(s: Search, typed: str | Point) -> Go[Search]:
    return beside(s, typed) if isinstance(typed, Point) else go("which_city", replace(s, typed=typed))


async def ask_which_city(s: Search, read: Reading) -> Menu[Where] | Settled[Where]:
    return or_here(where.which(s.typed, read, country=read.speaker.country))


def take_city(s: Search, place: Where) -> Go[Search]:
    """A quarter typed for a city is taken for what it is."""
    if isinstance(place, Point):
        return beside(s, place)
    if place is None:
        return go("city_typed", s)
    if place.city is None:
        return go("quarter", replace(s, city=place.id))
    return take_quarter(replace(s, city=place.city), place)


async def ask_quarter(s: Search, read: Reading) -> Menu[Where] | Settled[Where]:
    return or_here(where.quarters(s.city, read))


async def ask_quarter_typed(s: Search, read: Reading) -> Field[str | Point]:
    return name_or_here(t("where.type_quarter", city=read.places.place(s.city).name))


def take_quarter_typed(s: Search, typed: str | Point) -> Go[Search]:
    return beside(s, typed) if isinstance(typed, Point) else go("which_quarter", replace(s, typed=typed))


async def ask_which_quarter(s: Search, read: Reading) -> Menu[Where] | Settled[Where]:
    return or_here(where.which(s.typed, read, city=s.city))


def take_quarter(s: Search, place: Where) -> Go[Search]:
    if isinstance(place, Point):
        return beside(s, place)
    return go("kind", located(s, (place.id,))) if place else go("quarter_typed", s)


def located(s: Search, quarters: Quarters) -> Search:
    """With the places that are wished for."""
    return replace(s, wish=replace(s.wish, places=quarters))


def beside(s: Search, here: Point) -> Go[Search]:
    return go("near", replace(s, here=here))


async def ask_near(s: Search, read: Reading) -> Menu[Quarters] | Settled[Quarters]:
    return await around(s.here, read)


def take_near(s: Search, quarters: Quarters) -> Go[Search]:
    return go("kind", located(s, quarters))


def take_here(s: Search, quarters: Quarters) -> Go[Search]:
    """Begun by a point out of the blue: what to do with a home there was not asked yet."""
    return go("deal", located(s, quarters))


# --- what, and for how much --------------------------------------------------------------------------------


async def ask_kind(s: Search, _: Reading) -> Menu[str]:
    return kinds(s.wish.deal)


def take_kind(s: Search, group: str) -> Go[Search]:
    wish = replace(s.wish, kinds=GROUPS[group])
    return go("bedrooms" if group in {"apartment", "house"} else "top", replace(s, wish=wish))


async def ask_bedrooms(_: Search, __: Reading) -> Menu[int]:
    return bedrooms()


def take_bedrooms(s: Search, wanted: int) -> Go[Search]:
    return go("top", replace(s, wish=replace(s.wish, bedrooms=wanted or None)))


async def ask_top(s: Search, read: Reading) -> Menu[Money | str]:
    offered = tops(country_of(s, read), s.wish.deal, s.wish.kinds[0] if s.wish.kinds else "apartment")
    amounts = [Option[Money | str](top, t("search.amount", amount=top)) for top in offered]
    other = [Option[Money | str](key, t(f"search.top.{key}")) for key in ("other", "any")]
    return Menu(t(f"search.top.{s.wish.deal}"), [*amounts, *other])


def country_of(s: Search, read: Reading) -> str:
    """The country of the places that were chosen."""
    return read.places.place(s.wish.places[0]).country if s.wish.places else read.speaker.country


def take_top(s: Search, answer: Money | str) -> Go[Search]:
    if answer == "other":
        return go("top_typed", s)
    return found(s, answer if isinstance(answer, Money) else None)


def found(s: Search, top: Money | None) -> Go[Search]:
    """Show the homes; whoever wants to change the wish begins again."""
    return call("results", Search(), back_to="deal", child=Results(replace(s.wish, top=top)))


async def ask_top_typed(s: Search, read: Reading) -> Field[Money]:
    return Field(t("search.type_top"), money(CURRENCY_OF.get(country_of(s, read), "XAF")))


def take_top_typed(s: Search, top: Money) -> Go[Search]:
    if meant(top, LEAST[s.wish.deal]) == top:
        return found(s, top)
    return go("check_top", replace(s, wish=replace(s.wish, top=top)))


async def ask_check_top(s: Search, _: Reading) -> Confirm:
    typed = s.wish.top or Money(1, "XAF")
    return Confirm(t("search.check_top", typed=typed, meant=meant(typed, LEAST[s.wish.deal])), no=t("search.retype"))


def take_check_top(s: Search, agreed: bool) -> Go[Search]:
    if not agreed or s.wish.top is None:
        return go("top_typed", s)
    return found(s, meant(s.wish.top, LEAST[s.wish.deal]))


SEARCH = Flow(
    "search",
    Search,
    step("deal", ask_deal, take_deal, to=["city", "kind"]),
    step("city", ask_city, take_city, to=["city_typed", "quarter", "kind", "near"]),
    step("city_typed", ask_city_typed, take_city_typed, to=["which_city", "near"]),
    step("which_city", ask_which_city, take_city, to=["city_typed", "quarter", "kind", "near"]),
    step("quarter", ask_quarter, take_quarter, to=["quarter_typed", "kind", "near"]),
    step("quarter_typed", ask_quarter_typed, take_quarter_typed, to=["which_quarter", "near"]),
    step("which_quarter", ask_which_quarter, take_quarter, to=["quarter_typed", "kind", "near"]),
    step("near", ask_near, take_near, to=["kind"]),
    step("here", ask_near, take_here, to=["deal"]),
    step("kind", ask_kind, take_kind, to=["bedrooms", "top"]),
    step("bedrooms", ask_bedrooms, take_bedrooms, to=["top"]),
    step("top", ask_top, take_top, to=["deal", "top_typed"]),
    step("top_typed", ask_top_typed, take_top_typed, to=["deal", "check_top"]),
    step("check_top", ask_check_top, take_check_top, to=["deal", "top_typed"]),
)

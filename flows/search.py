"""Search: what to do with a home, where, which kind, how many bedrooms and the top price lead to the homes."""

from dataclasses import dataclass, replace

from bot.talk import Confirm, Field, Flow, Go, Menu, Option, Settled, call, go, money, step, t
from core.homes.words import Deal, Kind, Wish
from core.kit.money import CURRENCY_OF, Money
from core.places.words import Place, PlaceId
from core.reading import Reading
from flows import where
from flows.amounts import LEAST, tops
from flows.told import Results
from flows.typed import meant, place_name

DEALS: tuple[Deal, ...] = ("rent", "sale", "rent_to_own")
GROUPS: dict[str, tuple[Kind, ...]] = {
    "room": ("room",),
    "studio": ("studio",),
    "apartment": ("apartment",),
    "house": ("house", "villa", "duplex"),
    "shop": ("shop", "office", "warehouse"),
    "land": ("land",),
    "building": ("building",),
}
KINDS: dict[Deal, tuple[str, ...]] = {
    "rent": ("room", "studio", "apartment", "house", "shop", "land"),
    "sale": ("land", "house", "apartment", "building", "shop"),
    "rent_to_own": ("house", "apartment", "land"),
}
ANY = 0
"""As an answer to "how many bedrooms": never mind."""


@dataclass(frozen=True, slots=True)
class Search:
    """The wish so far; ``city`` is asked for its quarters, ``typed`` a name that is being read."""

    wish: Wish = Wish()
    city: PlaceId = PlaceId(0)
    typed: str = ""


async def ask_deal(_: Search, __: Reading) -> Menu[str]:
    deals = [Option[str](deal, t(f"search.deal.{deal}")) for deal in DEALS]
    return Menu(t("search.title"), [*deals, Option("sentence", t("search.in_words")), Option("home", t("search.code"))])


def take_deal(s: Search, answer: str) -> Go[Search]:
    deal = next((deal for deal in DEALS if deal == answer), None)
    if deal is None:
        return call(answer, s, back_to="deal")
    return go("city", Search(Wish(deal)))


# --- where -------------------------------------------------------------------------------------------------


async def ask_city(_: Search, read: Reading) -> Menu[Place | None]:
    return where.cities(t("search.city"), read)


async def ask_city_typed(_: Search, __: Reading) -> Field[str]:
    return Field(t("where.type_city"), place_name)


def take_city_typed(s: Search, typed: str) -> Go[Search]:
    return go("which_city", replace(s, typed=typed))


async def ask_which_city(s: Search, read: Reading) -> Menu[Place | None] | Settled[Place | None]:
    return where.which(s.typed, read, country=read.speaker.country)


def take_city(s: Search, place: Place | None) -> Go[Search]:
    """A quarter typed for a city is taken for what it is."""
    if place is None:
        return go("city_typed", s)
    if place.city is None:
        return go("quarter", replace(s, city=place.id))
    return take_quarter(replace(s, city=place.city), place)


async def ask_quarter(s: Search, read: Reading) -> Menu[Place | None]:
    return where.quarters(s.city, read)


async def ask_quarter_typed(s: Search, read: Reading) -> Field[str]:
    return Field(t("where.type_quarter", city=read.places.place(s.city).name), place_name)


def take_quarter_typed(s: Search, typed: str) -> Go[Search]:
    return go("which_quarter", replace(s, typed=typed))


async def ask_which_quarter(s: Search, read: Reading) -> Menu[Place | None] | Settled[Place | None]:
    return where.which(s.typed, read, city=s.city)


def take_quarter(s: Search, place: Place | None) -> Go[Search]:
    if place is None:
        return go("quarter_typed", s)
    return go("kind", replace(s, wish=replace(s.wish, places=(place.id,))))


# --- what, and for how much --------------------------------------------------------------------------------


async def ask_kind(s: Search, _: Reading) -> Menu[str]:
    return Menu(t("search.kind"), [Option(group, t(f"search.kind.{group}")) for group in KINDS[s.wish.deal]])


def take_kind(s: Search, group: str) -> Go[Search]:
    wish = replace(s.wish, kinds=GROUPS[group])
    return go("bedrooms" if group in {"apartment", "house"} else "top", replace(s, wish=wish))


async def ask_bedrooms(_: Search, __: Reading) -> Menu[int]:
    return Menu(t("search.bedrooms"), [Option(n, t(f"search.bedrooms.{n}")) for n in (1, 2, 3, 4, ANY)])


def take_bedrooms(s: Search, bedrooms: int) -> Go[Search]:
    return go("top", replace(s, wish=replace(s.wish, bedrooms=bedrooms or None)))


async def ask_top(s: Search, read: Reading) -> Menu[Money | str]:
    offered = tops(country_of(s, read), s.wish.deal, s.wish.kinds[0] if s.wish.kinds else "apartment")
    amounts = [Option[Money | str](top, t("search.amount", amount=top)) for top in offered]
    other = [Option[Money | str](key, t(f"search.top.{key}")) for key in ("other", "any")]
    return Menu(t(f"search.top.{s.wish.deal}"), [*amounts, *other])


def country_of(s: Search, read: Reading) -> str:
    """The country of the city that was chosen."""
    return read.places.place(s.city).country if s.city else read.speaker.country


def take_top(s: Search, answer: Money | str) -> Go[Search]:
    if answer == "other":
        return go("top_typed", s)
    return found(s, answer if isinstance(answer, Money) else None)


def found(s: Search, top: Money | None) -> Go[Search]:
    """Show the homes; whoever wants to change the wish begins again."""
    return call("results", s, back_to="deal", child=Results(replace(s.wish, top=top)))


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
    step("deal", ask_deal, take_deal, to=["city"]),
    step("city", ask_city, take_city, to=["city_typed", "quarter", "kind"]),
    step("city_typed", ask_city_typed, take_city_typed, to=["which_city"]),
    step("which_city", ask_which_city, take_city, to=["city_typed", "quarter", "kind"]),
    step("quarter", ask_quarter, take_quarter, to=["quarter_typed", "kind"]),
    step("quarter_typed", ask_quarter_typed, take_quarter_typed, to=["which_quarter"]),
    step("which_quarter", ask_which_quarter, take_quarter, to=["quarter_typed", "kind"]),
    step("kind", ask_kind, take_kind, to=["bedrooms", "top"]),
    step("bedrooms", ask_bedrooms, take_bedrooms, to=["top"]),
    step("top", ask_top, take_top, to=["deal", "top_typed"]),
    step("top_typed", ask_top_typed, take_top_typed, to=["deal", "check_top"]),
    step("check_top", ask_check_top, take_check_top, to=["deal", "top_typed"]),
)

"""Home: the sheet of one home, opened by its code."""

from collections.abc import Callable
from typing import Final

from bot.talk import Aside, Field, Flow, Go, Menu, Option, Refused, Settled, Text, call, go, hearing, replace, step, t
from core.homes.words import Home, Wish
from core.kit.errors import Unclear
from core.kit.money import Money
from core.reading import Reading
from flows import told
from flows.told import Results, Sheet
from flows.typed import home_code

_COST: Final = frozenset({"fee", "howmuch"})
_ENTRY: Final = _COST | {"ahead", "bare"}
"""What words tell that ask what is paid on the way in."""


async def ask_code(s: Sheet, _: Reading) -> Field[str] | Settled[str]:
    return Settled(s.code) if s.code else Field(t("home.code"), home_code)


def take_code(s: Sheet, code: str) -> Go[Sheet]:
    return go("sheet", replace(s, code=code))


async def ask_sheet(s: Sheet, read: Reading) -> Menu[Wish | str]:
    home = await read.homes.home(s.code)
    if home is None:
        others = [Option[Wish | str]("code", t("home.other_code")), Option[Wish | str]("search", t("menu.search"))]
        return Menu(t("home.unknown", code=s.code), others)
    like = await similar(home, read)
    options = [Option[Wish | str](like, t("home.like_this"), says=home.code)] if like else []
    return hearing(Menu(described(home, read), options, photo=home.photo, spot=home.spot), typed=asking(home, read))


def asking(home: Home, read: Reading) -> Callable[[str], Aside]:
    """Reads words that ask about the home: to see it or reach somebody about it ("visit"), what is paid on the way in
    ("entry"). Raises Unclear for any others.
    """

    def heard(said: str) -> Aside:
        tells = read.homes.told(said).tells
        if not tells.isdisjoint({"visit", "human"}) and "place" not in tells:
            return Aside("visit")
        if tells & _COST and tells <= _ENTRY and home.deal != "sale":
            return Aside("entry")
        raise Unclear("answer.unknown")

    return heard


def take_aside(s: Sheet, step: str) -> Go[Sheet]:
    return go(step, s)


async def ask_entry(s: Sheet, read: Reading) -> Menu[str]:
    home = await read.homes.home(s.code)
    if home is None:
        raise Refused("home.unknown", code=s.code)
    price = home.price
    deposit = Money(price.francs * home.deposit_months, price.currency)
    advance = Money(price.francs * home.advance_months, price.currency)
    return Menu(t("home.entry", code=s.code, deposit=deposit, advance=advance, total=deposit + advance))


async def ask_visit(s: Sheet, read: Reading) -> Menu[str]:
    return Menu(t("home.visit", code=s.code, person=read.service.person))


async def similar(home: Home, read: Reading) -> Wish | None:
    """What finds others of its kind and size: in its quarter, else in its city; None when it is the only one."""
    for place in dict.fromkeys((home.quarter or home.city, home.city)):
        wish = Wish(home.deal, (place,), kinds=(home.kind,), bedrooms=min(home.bedrooms, 4) or None)
        if len((await read.homes.search(wish, None)).homes) > 1:
            return wish
    return None


def described(home: Home, read: Reading) -> Text:
    """Code, kind and price; place and landmark; what is paid on the way in; what is in it."""
    shown = ["furnished"] * home.furnished + list(home.features)
    most = told.BESIDE_LANDMARK if home.landmark else told.FEATURES
    return t(
        "home.sheet" if shown else "home.sheet.bare",
        head=t(f"home.head.{home.deal}", code=home.code, what=told.what(home), price=home.price),
        place=(told.spot(home, read.places), *told.landmark(home)),
        terms=terms(home),
        features=tuple(t(f"feature.{key}") for key in shown[:most]),
    )


def terms(home: Home) -> Text:
    """Months of deposit and of advance rent, or what a sale needs."""
    if home.deal == "sale":
        return t("home.terms.sale")
    return t("home.terms", deposit=home.deposit_months, advance=home.advance_months)


def take_sheet(s: Sheet, answer: Wish | str) -> Go[Sheet]:
    if isinstance(answer, Wish):
        return call("results", s, back_to="sheet", child=Results(answer))
    return go("code", Sheet()) if answer == "code" else call(answer, s, back_to="sheet")


HOME = Flow(
    "home",
    Sheet,
    step("code", ask_code, take_code, to=["sheet"]),
    step("sheet", ask_sheet, take_sheet, to=["code", "visit", "entry"], aside=take_aside),
    step("visit", ask_visit, take_aside),
    step("entry", ask_entry, take_aside),
)

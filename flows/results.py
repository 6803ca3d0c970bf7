"""Results: the homes that fit a wish, a few at a time, and what else would find some when there is none."""

from bot.talk import Flow, Go, Menu, Option, Settled, Text, call, done, go, replace, step, t
from core.homes.words import Cursor, Nearby, Page, Wish
from core.reading import Reading
from flows import told
from flows.told import Results, Sheet


async def ask_homes(s: Results, read: Reading) -> Menu[Cursor | str] | Settled[Cursor | str]:
    page = await read.homes.search(s.wish, s.after)
    if not page.homes:
        return Settled("")
    homes = [
        Option[Cursor | str](
            home.code,
            t("results.home", code=home.code, what=told.what(home)),
            note=t("results.note", where=told.spot(home, read.places, s.wish.places), price=home.price),
        )
        for home in page.homes
    ]
    return Menu(heading(s, page, read), homes, more=page.after, first=s.after.shown if s.after else 0)


def heading(s: Results, page: Page, read: Reading) -> Text:
    """How many when that is known, and where."""
    where = told.area(s.wish.places, read.places) or t("results.everywhere")
    if page.after is None:
        return t("results.count", count=len(page.homes) + (s.after.shown if s.after else 0), where=where)
    return t("results.many", where=where)


def take_homes(s: Results, answer: Cursor | str) -> Go[Results]:
    if isinstance(answer, Cursor):
        return go("homes", replace(s, after=answer))
    return call("home", s, back_to="homes", child=Sheet(code=answer)) if answer else go("nothing", s)


async def ask_nothing(s: Results, read: Reading) -> Menu[Wish | None]:
    near = await read.homes.near(s.wish)
    where = told.area(s.wish.places, read.places) or t("results.everywhere")
    under = t("results.none_under", where=where, top=s.wish.top) if s.wish.top else t("results.none", where=where)
    offers = [Option[Wish | None](offer.wish, offered(offer)) for offer in near]
    return Menu(under, [*offers, Option[Wish | None](None, t("results.change"))])


def offered(offer: Nearby) -> Text:
    """What would be different, and how many homes that finds."""
    return t(f"results.{offer.change}", top=offer.wish.top, homes="99+" if offer.count >= 99 else offer.count)


def take_nothing(_: Results, wish: Wish | None) -> Go[Results]:
    return go("homes", Results(wish)) if wish else done()


RESULTS = Flow(
    "results",
    Results,
    step("homes", ask_homes, take_homes, to=["nothing"]),
    step("nothing", ask_nothing, take_nothing, to=["homes"]),
)

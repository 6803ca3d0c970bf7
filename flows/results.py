"""Results: the homes that fit a wish, a few at a time, and what else would find some when there is none."""

from bot.talk import Flow, Go, Menu, Option, Settled, Text, call, done, go, replace, step, t
from core.homes.words import Cursor, Nearby, Page, Wish
from core.reading import Reading
from flows import told
from flows.search_change import changed, changing, understood
from flows.told import Results, Sheet

_CHANGE = Option[Wish | None](None, t("results.change"))


async def ask_homes(s: Results, read: Reading) -> Menu[Cursor | str] | Settled[Cursor | str]:
    page = await read.homes.search(s.wish, s.after)
    if not page.homes:
        return Settled("")
    homes = [
        Option[Cursor | str](
            home.code,
            t("results.home", code=home.code, what=told.what(home)),
            note=t("results.note", where=told.spot(home, read.places, s.wish.places), price=home.price),
            says=home.code,
        )
        for home in page.homes
    ]
    shown = Menu(heading(s, page, read), homes, more=page.after, first=s.after.shown if s.after else 0)
    return changing(shown, s.wish, read)


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
    none = t(f"none.{_missing(s.wish)}" if any(offer.change == "any_kind" for offer in near) else "none")
    under = "results.none_under" if s.wish.top else "results.none"
    offers = [Option[Wish | None](offer.wish, offered(offer)) for offer in near]
    menu = Menu(t(under, none=none, where=where, top=s.wish.top), [*offers, _CHANGE])
    return changing(menu, s.wish, read)


def _missing(wish: Wish) -> str:
    """What there is none of while there are others: a kind, unless more than that was wished."""
    alone = replace(wish, places=(), kinds=(), top=None, deal="rent") == Wish() and len(wish.kinds) == 1
    return wish.kinds[0] if alone else "such"


def offered(offer: Nearby) -> Text:
    """What would be different, and how many homes that finds."""
    return t(f"results.{offer.change}", top=offer.wish.top, homes="99+" if offer.count >= 99 else offer.count)


def take_nothing(_: Results, wish: Wish | None) -> Go[Results]:
    return go("homes", Results(wish)) if wish else done()


def take_said(s: Results, said: str) -> Go[Results]:
    return go("said", replace(s, said=said))


async def ask_said(s: Results, read: Reading) -> Menu[Wish] | Settled[Wish]:
    """What is wanted now; whoever wants it cheaper than what is cheapest is told so, and what else would be."""
    page = await read.homes.search(s.wish, s.after)
    asked = changed(s.wish, s.said, read, shown=page.homes[0].price if page.homes else None)
    if not isinstance(asked, Settled):
        return asked
    same = t("results.cheapest") if page.homes and "cheapest" in read.homes.told(s.said).tells else None
    return Settled(asked.value, same if asked.value == s.wish else _briefly(asked.value, read))


def _briefly(wish: Wish, read: Reading) -> Text:
    """What was understood, above a title that names the places too: many are said only there."""
    return understood(replace(wish, places=()) if len(wish.places) > told.MOST_NAMED else wish, read)


def take_change(_: Results, wish: Wish) -> Go[Results]:
    return go("homes", Results(wish))


RESULTS = Flow(
    "results",
    Results,
    step("homes", ask_homes, take_homes, to=["nothing", "said"], aside=take_said),
    step("nothing", ask_nothing, take_nothing, to=["homes", "said"], aside=take_said),
    step("said", ask_said, take_change, to=["homes"]),
)

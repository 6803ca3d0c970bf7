"""Where my messages go: a way for each kind that lets one choose."""

from bot.talk import Flow, Go, Menu, Option, State, do, go, replace, step, t
from core.people.words import Prefer, Wanted, Way
from core.reading import Reading


class Reach(State, frozen=True):
    """The kind of messages that is decided."""

    wanted: Wanted | None = None


async def ask_kind(_: Reach, read: Reading) -> Menu[Wanted]:
    wanted = await read.people.wanted()
    return Menu(t("reach.title"), [Option(one, t(f"reach.{one.about}"), note=one.way.name) for one in wanted])


def take_kind(s: Reach, wanted: Wanted) -> Go[Reach]:
    return go("way", replace(s, wanted=wanted))


async def ask_way(_: Reach, read: Reading) -> Menu[Way]:
    ways = await read.people.ways()
    title = "reach.way" if len(ways) > 1 else "reach.only_way"
    return Menu(t(title), [Option(way, way.name) for way in ways])


def take_way(s: Reach, way: Way) -> Go[Reach]:
    if s.wanted is None:
        return go("kind", s)
    back = go("kind", Reach())
    return do(Prefer(s.wanted.about, way.id), then=back, refused=back)


REACH = Flow(
    "reach",
    Reach,
    step("kind", ask_kind, take_kind, to=["way"], privacy="proof", resume="restart"),
    step("way", ask_way, take_way, to=["kind"], privacy="proof", resume="back"),
)

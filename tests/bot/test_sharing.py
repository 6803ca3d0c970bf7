"""What is shared instead of typed or chosen: an answer where one is asked for, a beginning where nothing was begun."""

from dataclasses import dataclass

from bot.engine import Engine
from bot.entry import Entry, Unasked
from bot.talk import Field, Flow, Go, Menu, Notice, Option, Settled, State, ending, go, replace, step, t
from core.kit.errors import Refused, Unclear
from tests.bot.small import FLOWS, Talk, World


@dataclass(frozen=True, slots=True)
class Pebble:
    """Something that can be shared."""

    colour: str


class Track(State, frozen=True):
    """Where a pebble was laid."""

    laid: str = ""


def colour(shared: object) -> str:
    if not isinstance(shared, Pebble):
        raise Unclear("no.pebble")
    return shared.colour


async def ask_lay(s: Track, read: World) -> Menu[str]:
    if "Gone" in read.fruit:
        raise Refused("gone")
    return Menu(t("lay"), [Option("red", "Red")], asks="location", shared=colour)


def take_lay(s: Track, laid: str) -> Go[Track]:
    return go("more", replace(s, laid=laid))


async def ask_more(s: Track, read: World) -> Field[str] | Settled[str]:
    return Settled("known") if s.laid == "gold" else Field(t("more"), str, asks="location", shared=colour)


def take_more(_: Track, laid: str) -> Go[Track]:
    return go("end", Track(laid))


async def tell_end(s: Track, read: World) -> Notice:
    return Notice(t(f"end.{s.laid}"))


TRACK = Flow(
    "track",
    Track,
    step("lay", ask_lay, take_lay, to=["more"]),
    step("more", ask_more, take_more, to=["end"]),
    ending("end", tell_end),
)


def talk(*loose: str) -> Talk:
    """Pebbles lead to the track while nothing is being done, and from the middle of what is ``loose``."""
    made = Talk()
    unasked = Unasked(shared={Pebble: lambda pebble: Entry("track", "more", Track(pebble.colour))}, loose=loose)
    made.engine = Engine([*FLOWS, TRACK], unasked=unasked)
    return made


async def test_a_menu_is_answered_by_sharing_what_it_asks_for() -> None:
    here = talk()
    await here.enter("track")
    assert await here.share("a word") == "no.pebble/lay", "anything else leaves everything as it is"
    assert await here.share(Pebble("blue")) == "more"
    assert await here.share(Pebble("green")) == "end.green", "and so is a field"


async def test_what_is_no_longer_asked_for_is_told_so_one_step_back() -> None:
    here = talk()
    await here.home()
    await here.enter("track")
    here.world.fruit = ["Gone"]
    assert await here.share(Pebble("blue")) == "gone/root"


async def test_a_question_settled_meanwhile_asks_for_nothing() -> None:
    here = talk()
    await here.enter("track", "more", Track("grey"))
    assert here.place.top is not None
    here.place.top.state = here.engine.path.frame("track", "more", Track("gold")).state
    assert await here.share(Pebble("blue")) == "input.unasked/end.known"


async def test_out_of_the_blue_it_leads_where_the_table_says() -> None:
    here = talk()
    assert await here.share(Pebble("blue")) == "more", "a stranger's first word"
    await here.home()
    assert await here.share(Pebble("blue")) == "more"
    assert await here.say("0") == "root", "the main menu is behind it"
    await here.enter("shop")
    assert await here.share(Pebble("blue")) == "more", "nothing was answered in the shop yet"
    assert await here.share(Pebble("blue")) == "end.blue"
    assert await here.share(Pebble("blue")) == "more", "the conversation had ended"


async def test_in_the_middle_of_a_task_it_loses_nothing() -> None:
    here = talk()
    await here.enter("shop")
    await here.say("1")
    assert await here.share(Pebble("blue")) == "input.unasked/price"
    assert await here.say("5000") == "sure"
    assert await here.share(Pebble("blue")) == "input.unasked/sure"


async def test_in_the_middle_of_what_nobody_minds_leaving_it_leads_on() -> None:
    here = talk("shop")
    await here.enter("shop")
    await here.say("1")
    assert await here.share(Pebble("blue")) == "more"


async def test_what_leads_nowhere_stays_as_it_is() -> None:
    here = talk()
    await here.home()
    assert await here.share("a word") == "input.unasked/root"

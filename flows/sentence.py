"""Saying it in one's own words: a sentence, one question when it is unclear, and what was understood."""

from bot.talk import Field, Flow, Go, Menu, Option, Refused, Settled, State, call, go, replace, step, t
from core.homes.words import Wish
from core.kit.errors import Unclear
from core.places.words import Place, PlaceId
from core.reading import Reading
from flows.pay_part import Rent
from flows.search_change import change, changed, changing, understood, whole
from flows.told import Results
from flows.typed import sentence
from flows.where import full_name


class Sentence(State, frozen=True):
    """What was said, and the place that answered the question about it; then the ``wish`` as it was changed since, and
    the ``change`` that is being read.

    ``other`` is what may have been meant instead of paying rent, ``francs`` an amount that was said.
    """

    said: str = ""
    place: PlaceId | None = None
    other: str = "sentence"
    francs: int = 0
    wish: Wish | None = None
    change: str = ""


async def ask_doubt(s: Sentence, __: Reading) -> Menu[str]:
    """One question, and only when the words fit two things."""
    names = {"sentence": t("menu.search"), "receipts": t("menu.receipts")}
    return Menu(t("sentence.doubt"), [Option("pay_rent", t("menu.pay_rent")), Option(s.other, names[s.other])])


def take_doubt(s: Sentence, answer: str) -> Go[Sentence]:
    if answer == "sentence":
        return go("which", s)
    return call(answer, s, back_to="doubt", child=Rent(said=s.francs) if answer == "pay_rent" else None)


async def ask_say(_: Sentence, __: Reading) -> Field[str]:
    return Field(t("sentence.say"), sentence)


def take_say(s: Sentence, said: str) -> Go[Sentence]:
    return go("change", replace(s, change=said)) if s.said else go("which", Sentence(said))


async def ask_which(s: Sentence, read: Reading) -> Menu[Place | None] | Settled[Place | None]:
    """One question, and only when a place is unclear."""
    which = read.homes.heard(s.said).which
    if not which:
        return Settled(None)
    return Menu(t("sentence.which"), [Option(place, full_name(place, read.places)) for place in which])


def take_which(s: Sentence, place: Place | None) -> Go[Sentence]:
    return go("heard", replace(s, place=place.id if place else None))


def wished(s: Sentence, read: Reading) -> Wish:
    """What was understood until now."""
    if s.wish is not None:
        return s.wish
    wish = read.homes.heard(s.said).wish
    return wish if s.place is None else replace(wish, places=(*wish.places, s.place))


async def ask_heard(s: Sentence, read: Reading) -> Menu[Wish | None]:
    wish = wished(s, read)
    if wish in {Wish(), Wish("sale"), Wish("rent_to_own")}:
        raise Refused("sentence.nothing" if s.said else "sentence.unheard")
    chosen = [Option[Wish | None](wish, t("sentence.show")), Option[Wish | None](None, t("sentence.correct"))]
    return changing(Menu(understood(wish, read), chosen, agrees=True), wish, read)


def take_change(s: Sentence, said: str) -> Go[Sentence]:
    return go("change", replace(s, change=said))


async def ask_change(s: Sentence, read: Reading) -> Menu[Wish] | Settled[Wish]:
    """One question, and only when a place is unclear. Refused when nothing was understood."""
    wish = wished(s, read)
    if whole(s.change, read):
        return changed(Wish(), s.change, read, begun=False)
    try:
        change(wish, s.change, read)
    except Unclear as unclear:
        raise Refused("sentence.nothing") from unclear
    return changed(wish, s.change, read)


def take_changed(s: Sentence, wish: Wish) -> Go[Sentence]:
    return go("heard", replace(s, wish=wish, change=""))


def take_heard(s: Sentence, wish: Wish | None) -> Go[Sentence]:
    return call("results", s, back_to="say", child=Results(wish)) if wish else go("say", s)


SENTENCE = Flow(
    "sentence",
    Sentence,
    step("say", ask_say, take_say, to=["which", "change"]),
    step("which", ask_which, take_which, to=["heard"]),
    step("heard", ask_heard, take_heard, to=["say", "change"], aside=take_change),
    step("change", ask_change, take_changed, to=["heard"]),
    step("doubt", ask_doubt, take_doubt, to=["which"]),
)

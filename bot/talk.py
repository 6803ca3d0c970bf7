"""The words flows are written in: screens that ask, moves that answer, and the table that ties them."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Literal, TypeVar, get_type_hints

import msgspec

from core.kit.day import parse_day
from core.kit.errors import Refused
from core.kit.money import Currency, Money, parse_money
from core.kit.phone import Phone, parse_phone
from core.kit.say import Text, t
from core.kit.structs import replace

__all__ = [
    "Aside", "Confirm", "Field", "Flow", "Go", "Label", "Link", "Menu", "Notice", "Option", "Refused", "Screen",
    "Secret", "Settled", "State", "Step", "Text", "call", "day", "do", "done", "ending", "go", "hearing", "home",
    "link", "money", "phone", "replace", "step", "t",
]  # fmt: skip

S = TypeVar("S")
V = TypeVar("V")
R = TypeVar("R", contravariant=True)

Label = Text | str
"""A line of the catalogue, or a proper name that is the same in every language."""

Resume = Literal["silent", "ask", "back", "restart", "never"]
"""What a returning person finds: the same screen, "continue or restart?", the step before (by its own policy), the
flow's start, or the menu."""

Privacy = Literal["open", "personal", "money", "proof"]
"""Who may see a step: anybody holding the phone; the person (PIN on a shared phone and after a drop); money; only
somebody who has shown who they are, each time anew."""


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answers a flow has so far, or one that has parts; what is at its default is not stored.

    ``replace(s, code=code)`` is the same with another answer.
    """


# --- screens: what a step asks -----------------------------------------------------------------------------


class Option(msgspec.Struct, Generic[V], frozen=True):
    """One numbered choice; ``note`` is a short second part (a price) kept when the label must shrink.

    ``says`` is what it says by itself when its screen is past and it is tapped: words that lead somewhere (a code), a
    few letters of ASCII. Only for what is looked at; what could act has none.
    """

    value: V
    label: Label
    note: object = None
    says: str = ""


class Link(msgspec.Struct, frozen=True):
    """A way out of a menu that is no answer to it: at most two a menu, numbered 8 and 7."""

    to: str
    label: Label


class Aside(msgspec.Struct, frozen=True):
    """What was said or shared beside the question: it goes to the step's ``aside``, not to its ``take``."""

    said: object


class Menu(msgspec.Struct, Generic[V], frozen=True):
    """Numbered choices.

    ``more`` is the answer that "9 Suite" gives on the last page (a cursor); ``first`` counts the options shown
    before this menu, when it continues another. ``photo`` (an https address) and ``spot`` (latitude and longitude,
    in degrees) are shown where a channel can. ``asks`` and ``shared`` let it be answered by sharing, as a Field.
    ``typed`` reads an answer that is none of the options, or something said beside the question (an Aside), or raises
    Unclear when it is neither. ``agrees``: there are two options, and they answer yes and no.
    """

    title: Label
    options: Sequence[Option[V]] = ()
    links: Sequence[Link] = ()
    more: V | None = None
    first: int = 0
    photo: str = ""
    spot: tuple[float, float] | None = None
    asks: Literal["", "location"] = ""
    shared: Callable[[Any], V | Aside] | None = None
    typed: Callable[[str], V | Aside] | None = None
    agrees: bool = False


class Field(msgspec.Struct, Generic[V], frozen=True):
    """Something to type; ``read`` turns the words into a value or raises Unclear saying what to type.

    ``asks`` lets it be shared instead of typed where a channel can: ``shared`` turns what comes (a Contact, a Location)
    into a value or raises Unclear. Either may find that it was said beside the question (an Aside).
    """

    title: Label
    read: Callable[[str], V | Aside]
    asks: Literal["", "contact", "location"] = ""
    shared: Callable[[Any], V | Aside] | None = None


class Confirm(msgspec.Struct, frozen=True):
    """Yes or no, with what is at stake repeated in the title."""

    title: Label
    yes: Label = Text("confirm.yes")
    no: Label = Text("confirm.no")


class Secret(msgspec.Struct, frozen=True):
    """Digits that are never stored, shown or logged; handed to ``take`` and gone.

    Where no secret may be typed, somebody who has shown who they are is asked ``instead``: yes hands None to ``take``.
    Without it they are told where to go.
    """

    title: Label
    digits: int = 4
    instead: Confirm | None = None


class Notice(msgspec.Struct, frozen=True):
    """The last words of a conversation: the session ends here."""

    text: Label


class Settled(msgspec.Struct, Generic[V], frozen=True):
    """No question is needed: this is the answer. ``note`` is said above what follows."""

    value: V
    note: Text | None = None


Screen = Menu[Any] | Field[Any] | Confirm | Secret | Notice


# --- moves: what an answer does ----------------------------------------------------------------------------


class Go(msgspec.Struct, Generic[S], frozen=True):
    """Where the conversation goes: to a step of this flow, with these answers.

    With ``command`` the domain is asked first: ``then`` is where success leads (a Go, or made from the result),
    ``refused`` where each refusal leads, by its key or by the part before the dot; "*" is any other.
    ``flow`` enters a child flow, which comes back to ``step``; ``end`` leaves this flow.
    """

    step: str = ""
    state: S | None = None
    command: object = None
    then: "Callable[[Any], Go[S]] | Go[S] | None" = None
    refused: "Mapping[str, Go[S]]" = {}
    flow: str = ""
    child: object = None
    end: Literal["", "done", "home"] = ""


def _plain(cls: type[Any], _of: object) -> type[Any]:
    return cls


for _word in (Option, Menu, Field, Settled, Go):
    # What they are generic in is for the type checker; at run time ``Option[int](…)`` would cost more than the screen.
    _word.__class_getitem__ = classmethod(_plain)  # type: ignore[union-attr]


def go(to: str, state: S) -> Go[S]:
    """Move to a step."""
    return Go(to, state)


def do(
    command: object,
    *,
    then: "Go[S] | Callable[[Any], Go[S]]",
    refused: "Go[S] | Mapping[str, Go[S]]",
) -> Go[S]:
    """Ask the domain to do something, in the transaction of this turn; both outcomes must lead somewhere."""
    routes = {"*": refused} if isinstance(refused, Go) else refused
    return Go(command=command, then=then, refused=routes)


def call(flow: str, state: S, *, back_to: str, child: object = None) -> Go[S]:
    """Enter another flow (with its first state ``child``); when it is done, go on at ``back_to``."""
    return Go(back_to, state, flow=flow, child=child)


def done() -> Go[Any]:
    """This flow has done its work: back to the flow that called it, or to the menu."""
    return Go(end="done")


def home() -> Go[Any]:
    """Back to the main menu."""
    return Go(end="home")


def hearing(
    menu: Menu[V],
    *,
    typed: Callable[[str], V | Aside] | None = None,
    shared: Callable[[Any], V | Aside] | None = None,
    asks: Literal["", "location"] = "",
) -> Menu[V]:
    """The same menu, which may be answered in words and by sharing as well."""
    return replace(menu, typed=typed, shared=shared, asks=asks)


def link(to: str, label: Label) -> Link:
    """A way to another step of this flow."""
    return Link(to, label)


# --- what can be typed -------------------------------------------------------------------------------------


def money(currency: Currency) -> Callable[[str], Money]:
    """An amount: "85.000", "85 000", "85k", "85 mille"."""
    return lambda text: parse_money(text, currency)


def phone(country: str) -> Callable[[str], Phone]:
    """A phone number of a country, or any with its country code."""
    return lambda text: parse_phone(text, country)


def day(today: date) -> Callable[[str], date]:
    """A day from today on: "5/12", "5 dec", "demain"."""
    return lambda text: parse_day(text, today)


# --- the table ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a flow's table; ``take`` is None for an ending, ``wake`` answers an outside event, ``aside`` takes
    what was said beside the question, ``waits`` tells what an ending waits for.
    """

    name: str
    ask: Callable[[Any, Any], Awaitable[Any]]
    take: Callable[[Any, Any], Go[Any]] | None
    to: frozenset[str] = frozenset()
    resume: Resume = "ask"
    privacy: Privacy = "open"
    value_type: Any = None
    wake: Callable[[Any, Any], Go[Any]] | None = None
    aside: Callable[[Any, Any], Go[Any]] | None = None
    waits: Callable[[Any, Any], Awaitable[Text | None]] | None = None


def step(
    name: str,
    ask: Callable[[S, R], Awaitable[Menu[V] | Field[V] | Confirm | Secret | Settled[V]]],
    take: Callable[[S, V], Go[S]],
    *,
    to: Sequence[str] = (),
    resume: Resume = "ask",
    privacy: Privacy = "open",
    wake: Callable[[S, Any], Go[S]] | None = None,
    aside: Callable[[S, Any], Go[S]] | None = None,
) -> Step:
    """A step: what it asks, what an answer does, and which steps it may lead to.

    ``ask`` may raise Refused when there is nothing to show here any more: the person goes one step
    back and is told why. ``wake`` is for an event from outside that reaches somebody who still sees this step;
    ``aside`` for what was said beside the question.
    """
    return Step(name, ask, take, frozenset(to), resume, privacy, _answer_type(take), wake, aside)


def ending(
    name: str,
    tell: Callable[[S, R], Awaitable[Notice]],
    *,
    privacy: Privacy = "open",
    waits: Callable[[S, R], Awaitable[Text | None]] | None = None,
) -> Step:
    """A last step: tells, and the conversation is over. ``waits`` is what somebody gets who then says something that
    means nothing, as long as it returns a text: something is still under way.
    """
    return Step(name, tell, None, resume="never", privacy=privacy, waits=waits)


class Flow:
    """A conversation: its name, the type of its answers and its table of steps. The first step begins it.

    ``doing`` completes "Vous étiez en train de …", from the answers given so far where it is a function of them;
    ``holds`` leaves out those that do not hold any more; ``worth`` says that somebody who was cut off in it is told by
    SMS how to go on; ``moved`` maps step names that people may still sit in to today's. A ``to`` that names no step,
    or two steps of one name, fail at import.
    """

    def __init__(
        self,
        name: str,
        state: type[State],
        *steps: Step,
        doing: Text | Callable[[Any], Text] | None = None,
        holds: Callable[[Any, Any], Awaitable[Any]] | None = None,
        worth: bool = False,
        moved: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.state = state
        self.steps = {step.name: step for step in steps}
        self.first = steps[0].name
        self._doing = doing or Text(f"{name}.doing")
        self._holds = holds
        self.worth = worth
        self.moved = dict(moved or {})
        self._check(steps)

    def _check(self, steps: Sequence[Step]) -> None:
        if len(self.steps) != len(steps):
            raise ValueError(f"{self.name}: two steps of one name")
        named = {to for step in steps for to in step.to} | set(self.moved.values())
        if unknown := sorted(named - set(self.steps)):
            raise ValueError(f"{self.name}: no step called {', '.join(unknown)}")
        if taken := sorted(set(self.moved) & set(self.steps)):
            raise ValueError(f"{self.name}: {', '.join(taken)} is still a step")

    def doing(self, state: Any) -> Text:
        """What somebody with these answers is doing."""
        return self._doing(state) if callable(self._doing) else self._doing

    async def held(self, state: Any, reading: Any) -> Any:
        """These answers without those that do not hold any more."""
        return await self._holds(state, reading) if self._holds else state

    def step(self, name: str) -> Step | None:
        """The step of that name, or the one it was renamed to; None when there is none."""
        return self.steps.get(name) or self.steps.get(self.moved.get(name, ""))


def _answer_type(take: Callable[..., Any]) -> Any:
    """The annotation of take's answer: what an offered value is read back into."""
    name = list(inspect.signature(take).parameters)[1]
    return get_type_hints(take)[name]

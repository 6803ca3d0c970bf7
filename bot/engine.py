"""Moves a conversation: one thing said leads from a place to the next screen. Pure but for two ports."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import msgspec

from bot.place import HISTORY, Frame, Place, Stop, pack, unpack
from bot.talk import (
    Confirm,
    Field,
    Flow,
    Go,
    Label,
    Menu,
    Notice,
    Refused,
    Screen,
    Secret,
    Settled,
    Step,
    Text,
)
from core.kit.errors import Unclear
from core.kit.speaker import Speaker
from core.kit.text import fold

HOPS: Final = 12
"""Steps that may follow each other without a screen before it is called a loop."""

_YES: Final = frozenset({"1", "oui", "o", "ok", "yes", "y", "wi"})
_NO: Final = frozenset({"2", "non", "n", "no"})
_KINDS: Final = {Menu: "menu", Field: "field", Confirm: "confirm", Secret: "secret", Notice: "notice"}
_WITHOUT_PLACE_IN_ORDER: Final = 6
"""Options one to six are numbered so; 7, 8 and 9 are links and "Suite"; the seventh option is number 10."""


class World(Protocol):
    """What the engine may ask of the outside.

    ``secrets``: a PIN may be typed here (never into a chat, whose history keeps it); where it may not, people are
    told to dial ``code``.
    """

    @property
    def secrets(self) -> bool:
        """A PIN may be typed here."""
        ...

    @property
    def code(self) -> str:
        """What to dial instead."""
        ...

    def read(self, speaker: Speaker) -> Any:
        """The domain as this speaker may read it."""
        ...

    async def perform(self, command: object, speaker: Speaker) -> object:
        """Do it, or return the Refused."""
        ...

    def say(self, label: Label, language: str) -> str:
        """A label in words, to compare with what was typed."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into a flow: at its first step, or at a named one with some answers given."""

    flow: str
    step: str = ""
    state: object = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What is shown next: a screen, and a remark above it (a refusal, what to type instead)."""

    screen: Screen
    remark: Text | None = None

    @property
    def ended(self) -> bool:
        """Nothing more is asked."""
        return isinstance(self.screen, Notice)


class Lost(Exception):
    """The stored place no longer makes sense: begin again, with an apology."""


def option_number(index: int) -> int:
    """The number that chooses the option at an index, running on through pages: 1-6, then 10, 11, …"""
    return index + 1 if index < _WITHOUT_PLACE_IN_ORDER else index + 4


def option_index(number: int) -> int:
    """The index a number chooses; negative for none."""
    return number - 1 if number <= _WITHOUT_PLACE_IN_ORDER else (number - 4 if number >= 10 else -1)


class Engine:
    """Runs flows. ``home`` names the main menu, ``gate`` the flow that asks who is speaking."""

    def __init__(self, flows: Iterable[Flow], *, home: str = "menu", gate: str = "identify") -> None:
        self.flows = {flow.name: flow for flow in flows}
        self.home = home
        self.gate = gate

    # --- ways in -------------------------------------------------------------------------------------------

    async def enter(self, place: Place, entry: Entry, world: World) -> Turn:
        """Leave everything and begin at an entry."""
        below = [] if entry.flow == self.home else [self._frame(self.home)]
        place.frames = [*below, self._frame(entry.flow, entry.step, entry.state)]
        place.resuming = False
        return await self._show(place, world)

    async def go_home(self, place: Place, world: World, remark: Text | None = None) -> Turn:
        """Leave everything for the main menu."""
        place.frames = [self._frame(self.home)]
        place.resuming = False
        place.owner = None
        return await self._show(place, world, remark)

    async def again(self, place: Place, world: World, remark: Text | None = None) -> Turn:
        """Show the present screen once more."""
        if place.top is None:
            return await self.go_home(place, world, remark)
        return await self._or_home(place, world, self._kept(place, world, remark))

    async def come_back(self, place: Place, world: World) -> Turn:
        """What a person finds who returns after a session was cut, by the policy of the step they were on."""
        return await self._or_home(place, world, self._come_back(place, world))

    async def _come_back(self, place: Place, world: World) -> Turn:
        step = self._step(place)
        if step is not None and step.resume == "back" and self._step_back(place):
            step = self._step(place)
        if step is None or step.resume == "never" or self._fresh(place):
            return await self.go_home(place, world)
        if step.resume == "restart":
            return await self.enter(place, Entry(self._begun(place).flow), world)
        if self._guarded(place, step, returning=True):
            self._call_gate(place)
        place.resuming = step.resume == "ask"
        return await self._kept(place, world)

    async def act(self, place: Place, command: object, world: World) -> Turn:
        """Do something that leaves the person where they are; a Text it returns is all the answer there is."""
        result = await world.perform(command, _speaker(place))
        _hear_who(place, result)
        if isinstance(result, Text):
            return Turn(Notice(result))
        return await self.again(place, world, result.text if isinstance(result, Refused) else None)

    async def wake(self, place: Place, turn: int, event: object, world: World) -> Turn | None:
        """An outside event reaches a person who still sees the screen it belongs to; otherwise None."""
        step = self._step(place)
        if step is None or place.turn != turn or step.wake is None:
            return None
        return await self._follow(place, world, step, lambda state: step.wake(state, event))  # type: ignore[misc]

    async def answer(self, place: Place, said: str, world: World) -> Turn:
        """Take what was said for an answer to the screen last shown."""
        if place.resuming and not self._at_gate(place):
            return await self._or_home(place, world, self._resume(place, said, world))
        step = self._step(place)
        if step is None or step.take is None:
            return await self.go_home(place, world)
        if said == "00":
            return await self.go_home(place, world)
        if said == "0":
            return await self._or_home(place, world, self._back(place, world))
        return await self._or_home(place, world, self._answered(place, step, said, world))

    async def _or_home(self, place: Place, world: World, turn: Awaitable[Turn]) -> Turn:
        """The turn; or, when what was stored makes no sense any more, the menu with an apology."""
        try:
            return await turn
        except (Lost, msgspec.ValidationError):
            return await self.go_home(place, world, Text("place.lost"))

    # --- reading an answer ---------------------------------------------------------------------------------

    async def _answered(self, place: Place, step: Step, said: str, world: World) -> Turn:
        read = {"menu": self._menu, "confirm": self._confirm, "field": self._typed, "secret": self._typed}
        handler = read.get(place.kind)
        if handler is None:
            return await self._kept(place, world)
        return await handler(place, step, said, world)

    async def _menu(self, place: Place, step: Step, said: str, world: World) -> Turn:
        if not (said.isascii() and said.isdigit()):
            return await self._named(place, step, said, world)
        number = int(said[:9])
        if number == 9 and (place.further or place.more):
            return await self._further(place, step, world)
        if (chosen := {8: 0, 7: 1}.get(number, 9)) < len(place.links):
            to = place.links[chosen]
            return await self._follow(place, world, step, lambda state: Go(to, state))
        index = option_index(number) - place.first
        if not 0 <= index < len(place.offered) - place.more:
            return await self._not_understood(place, world)
        return await self._choose(place, step, index, world)

    async def _further(self, place: Place, step: Step, world: World) -> Turn:
        if not place.further:
            return await self._choose(place, step, -1, world)
        place.page += 1
        return await self._kept(place, world)

    async def _choose(self, place: Place, step: Step, index: int, world: World) -> Turn:
        value = unpack(place.offered[index], step.value_type)
        return await self._take(place, step, value, world)

    async def _named(self, place: Place, step: Step, said: str, world: World) -> Turn:
        """A label typed instead of its number: whole, or the start of it, in any case and without accents."""
        menu = await self._ask(place, step, world)
        heard = fold(said)
        if isinstance(menu, Menu) and heard:
            labels = [fold(world.say(option.label, place.language)) for option in menu.options]
            fits = [i for i, label in enumerate(labels) if label == heard] or [
                i for i, label in enumerate(labels) if len(heard) > 2 and label.startswith(heard)
            ]
            if len(fits) == 1:
                return await self._take(place, step, menu.options[fits[0]].value, world)
        return await self._not_understood(place, world)

    async def _confirm(self, place: Place, step: Step, said: str, world: World) -> Turn:
        heard = fold(said)
        if heard not in _YES | _NO:
            return await self._not_understood(place, world)
        return await self._take(place, step, heard in _YES, world)

    async def _typed(self, place: Place, step: Step, said: str, world: World) -> Turn:
        screen = await self._ask(place, step, world)
        try:
            value = _read(screen, said)
        except Unclear as unclear:
            place.tries += 1
            return await self._kept(place, world, unclear.text)
        return await self._take(place, step, value, world)

    async def _take(self, place: Place, step: Step, value: object, world: World) -> Turn:
        return await self._follow(place, world, step, lambda state: _take_of(step)(state, value))

    async def _not_understood(self, place: Place, world: World) -> Turn:
        place.tries += 1
        return await self._kept(place, world, Text("answer.unknown" if place.tries < 3 else "answer.help"))

    async def _resume(self, place: Place, said: str, world: World) -> Turn:
        place.resuming = False
        heard = fold(said)
        if heard in _YES:
            return await self._kept(place, world)
        if heard in _NO:
            return await self.enter(place, Entry(self._begun(place).flow), world)
        if said in {"0", "00"}:
            return await self.go_home(place, world)
        place.resuming = True
        return self._offer_to_resume(place, Text("answer.unknown"))

    # --- moving --------------------------------------------------------------------------------------------

    async def _follow(
        self, place: Place, world: World, step: Step, take: Callable[[Any], Go[Any]], *, settled: bool = False
    ) -> Turn:
        try:
            remark = await self._walk(place, world, step, take(self._state(place)), settled=settled)
        except Unclear as unclear:
            place.tries += 1
            return await self._kept(place, world, unclear.text)
        return await self._show(place, world, remark)

    async def _walk(
        self, place: Place, world: World, step: Step, move: Go[Any], *, settled: bool = False
    ) -> Text | None:
        """Make a move, asking the domain on the way; the remark is what it refused."""
        remark = None
        while move.command is not None:
            result = await world.perform(move.command, _speaker(place))
            if isinstance(result, Refused):
                remark, move = result.text, _route(move, result)
                continue
            _hear_who(place, result)
            then = move.then
            move = then(result) if callable(then) else then or Go(end="done")
        self._move(place, step, move, settled=settled)
        return remark

    def _move(self, place: Place, step: Step, move: Go[Any], *, settled: bool) -> None:
        if move.end:
            self._leave(place, home=move.end == "home")
            return
        frame = _top(place)
        flow = self.flows[frame.flow]
        if move.step != step.name and move.step not in step.to:
            raise ValueError(f"{frame.flow}.{step.name} leads to {move.step}, which its table does not name")
        if (move.step != step.name or move.flow) and not settled:
            frame.back = [*frame.back, Stop(frame.step, frame.state)][-HISTORY:]
        frame.step = move.step
        frame.state = pack(move.state if move.state is not None else flow.state())
        if move.flow:
            place.frames.append(self._frame(move.flow, "", move.child))

    def _leave(self, place: Place, *, home: bool) -> None:
        place.frames.pop()
        if home or not place.frames:
            place.frames = [self._frame(self.home)]

    async def _back(self, place: Place, world: World) -> Turn:
        """One step back, past what cannot be shown without asking who is speaking."""
        moved = self._step_back(place)
        while moved and (step := self._step(place)) is not None and self._guarded(place, step):
            moved = self._step_back(place)
        return await self._show(place, world)

    def _step_back(self, place: Place) -> bool:
        """Out of an empty flow into the one that called it, else home; False when already home."""
        while place.frames:
            frame = place.frames[-1]
            if frame.back:
                stop = frame.back[-1]
                frame.back, frame.step, frame.state = frame.back[:-1], stop.step, stop.state
                return True
            place.frames.pop()
        place.frames = [self._frame(self.home)]
        return False

    # --- showing -------------------------------------------------------------------------------------------

    async def _show(self, place: Place, world: World, remark: Text | None = None) -> Turn:
        """Ask what the present step asks, passing over questions that are settled."""
        place.page = place.tries = 0
        return await self._kept(place, world, remark)

    async def _kept(self, place: Place, world: World, remark: Text | None = None) -> Turn:
        """Ask what the present step asks, on the page the person is on."""
        for _ in range(HOPS):
            step = self._step(place)
            if step is None:
                raise Lost
            if self._guarded(place, step):
                self._call_gate(place)
            elif place.resuming and not self._at_gate(place):
                return await self._resumable(place, world, remark)
            else:
                asked = await self._asked(place, step, world)
                if not isinstance(asked, Text | None):
                    return self._shown(place, step, asked, remark)
                remark = asked or remark
        raise RuntimeError(f"{_top(place).flow}.{_top(place).step} never asks anything")

    async def _asked(self, place: Place, step: Step, world: World) -> Screen | Text | None:
        """The screen of a step; or, when it was passed over, what is to be said about that."""
        try:
            asked = await self._ask(place, step, world)
        except Refused as refused:
            self._step_back(place)
            return refused.text
        if isinstance(asked, Settled):
            return await self._walk(place, world, step, _take_of(step)(self._state(place), asked.value), settled=True)
        if isinstance(asked, Secret) and not world.secrets:
            return Notice(Text("gate.dial", {"code": world.code}))
        screen: Screen = asked
        return screen

    async def _resumable(self, place: Place, world: World, remark: Text | None) -> Turn:
        """Offer to go on, unless somebody else has taken the phone since."""
        if self._of_another(place):
            return await self.go_home(place, world, remark)
        return self._offer_to_resume(place, remark)

    async def _ask(self, place: Place, step: Step, world: World) -> Any:
        return await step.ask(self._state(place), world.read(_speaker(place)))

    def _shown(self, place: Place, step: Step, screen: Screen, remark: Text | None) -> Turn:
        place.turn += 1
        place.owner = _speaker(place).person or place.owner
        place.kind = _KINDS[type(screen)]
        place.offered, place.links, place.more, place.first = [], [], False, 0
        if isinstance(screen, Menu):
            _remember(place, step, screen)
        return Turn(screen, remark)

    def _offer_to_resume(self, place: Place, remark: Text | None = None) -> Turn:
        flow = self.flows[self._begun(place).flow]
        place.turn += 1
        place.kind = "confirm"
        title = Text("resume.title", {"doing": flow.doing})
        return Turn(Confirm(title, Text("resume.yes"), Text("resume.no")), remark)

    # --- places --------------------------------------------------------------------------------------------

    def _frame(self, flow: str, step: str = "", state: object = None) -> Frame:
        table = self.flows[flow]
        return Frame(flow, step or table.first, pack(table.state() if state is None else state))

    def _step(self, place: Place) -> Step | None:
        frame = place.top
        flow = self.flows.get(frame.flow) if frame else None
        return flow.step(frame.step) if flow and frame else None

    def _state(self, place: Place) -> Any:
        frame = _top(place)
        return unpack(frame.state, self.flows[frame.flow].state)

    def _fresh(self, place: Place) -> bool:
        """Nothing was begun: the main menu, or the first screen of a flow with no answer in it."""
        begun = self._begun(place)
        if begun.flow == self.home:
            return True
        return begun is place.top and not begun.back and begun.step == self.flows[begun.flow].first

    def _begun(self, place: Place) -> Frame:
        """What the person is doing: the first flow above the main menu."""
        return next((frame for frame in place.frames if frame.flow != self.home), place.frames[0])

    def _guarded(self, place: Place, step: Step, *, returning: bool = False) -> bool:
        """This step may not be shown before the PIN: to nobody known, on a shared phone, or after a drop."""
        speaker = _speaker(place)
        if speaker.proved:
            return False
        if step.privacy == "open":
            return returning and speaker.profiles > 1 and place.owner is not None
        return returning or speaker.person is None or not speaker.alone

    def _at_gate(self, place: Place) -> bool:
        return any(frame.flow == self.gate for frame in place.frames)

    def _of_another(self, place: Place) -> bool:
        """What was begun here belongs to another person than the one who has just shown who they are."""
        person = _speaker(place).person
        return None not in {place.owner, person} and place.owner != person

    def _call_gate(self, place: Place) -> None:
        place.frames.append(self._frame(self.gate))


def _read(screen: Any, said: str) -> object:
    """The value of something typed; Lost when the step no longer asks for anything typed."""
    if isinstance(screen, Secret):
        if len(said) != screen.digits or not (said.isascii() and said.isdigit()):
            raise Unclear("secret.shape", digits=screen.digits)
        return said
    if isinstance(screen, Field):
        return screen.read(said)
    raise Lost


def _take_of(step: Step) -> Callable[[Any, Any], Go[Any]]:
    if step.take is None:
        raise Lost
    return step.take


def _remember(place: Place, step: Step, menu: Menu[Any]) -> None:
    if unknown := [link.to for link in menu.links if link.to not in step.to]:
        raise ValueError(f"{step.name} links to {unknown[0]}, which its table does not name")
    offered = [option.value for option in menu.options]
    place.more = menu.more is not None
    place.offered = [pack(value) for value in (*offered, *([menu.more] if place.more else []))]
    place.links = [link.to for link in menu.links]
    place.first = menu.first


def _route(move: Go[Any], refused: Refused) -> Go[Any]:
    for key in (refused.key, refused.key.split(".", 1)[0], "*"):
        if key in move.refused:
            return move.refused[key]
    raise ValueError(f"nobody routes {refused.key}")


def _hear_who(place: Place, result: object) -> None:
    """A command that says who is speaking is believed for the rest of the session."""
    if isinstance(result, Speaker):
        place.speaker = result
        place.language = result.language


def _top(place: Place) -> Frame:
    if place.top is None:
        raise Lost
    return place.top


def _speaker(place: Place) -> Speaker:
    if place.speaker is None:
        raise Lost
    return place.speaker

"""The way through the flows: where a place stands, where a move leads, and the way back."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from bot.answer import Lost
from bot.entry import Entry
from bot.place import DEPTH, HISTORY, Frame, Place, Stop, pack, pack_all, unpack
from bot.talk import Aside, Flow, Go, Menu, Refused, Step, Text
from core.kit.speaker import Speaker


class Path:
    """Moves places about the flows. ``home`` names the main menu, ``gate`` the flow that asks who is speaking."""

    def __init__(self, flows: Iterable[Flow], home: str, gate: str) -> None:
        self.flows = {flow.name: flow for flow in flows}
        self.home = home
        self.gate = gate

    def frame(self, flow: str, step: str = "", state: object = None) -> Frame:
        """A flow at its first step, or at a named one with some answers given."""
        table = self.flows[flow]
        return Frame(flow, step or table.first, pack(table.state() if state is None else state))

    def step(self, place: Place) -> Step | None:
        """The step a place stands on; None when there is none of that name any more."""
        frame = place.top
        flow = self.flows.get(frame.flow) if frame else None
        return flow.step(frame.step) if flow and frame else None

    def state(self, place: Place) -> Any:
        """The answers given so far, in the type they have now."""
        frame = top(place)
        return unpack(frame.state, self.flows[frame.flow].state)

    def begun(self, place: Place) -> Frame:
        """What the person is doing: the first flow above the main menu that is worth going on with, else the first
        that is not only read.
        """
        above = [frame for frame in place.frames if frame.flow != self.home] or place.frames
        worth = (frame for frame in above if self._is_worth(frame))
        return next(worth, None) or next(filter(self._lasts, above), above[0])

    def fresh(self, place: Place) -> bool:
        """Nothing was begun: the main menu, or the first screen of a flow with no answer in it."""
        begun, standing = self.begun(place), self.standing(place.frames)
        if begun.flow == self.home or not standing:
            return True
        return begun is standing[-1] and not begun.back and begun.step == self.flows[begun.flow].first

    def standing(self, frames: Iterable[Frame]) -> list[Frame]:
        """These flows without the pages on top that are only read: under them is what somebody goes on with."""
        standing = [*frames]
        while standing and self._is_page(standing[-1]):
            standing.pop()
        return standing

    def _is_page(self, frame: Frame) -> bool:
        flow = self.flows.get(frame.flow)
        step = flow.step(frame.step) if flow else None
        return step is not None and step.resume == "never" and step.take is not None

    def worth(self, place: Place) -> bool:
        """Whether somebody who is cut off in what was begun is told how to go on."""
        return self._is_worth(self.begun(place))

    def worthy(self, place: Place) -> frozenset[str]:
        """The flows under way that are worth going on with."""
        return frozenset(frame.flow for frame in place.frames if self._is_worth(frame))

    def _is_worth(self, frame: Frame) -> bool:
        flow = self.flows.get(frame.flow)
        return flow is not None and flow.worth

    def _lasts(self, frame: Frame) -> bool:
        """Whether somebody who comes back finds this again."""
        flow = self.flows.get(frame.flow)
        step = flow.step(frame.step) if flow else None
        return step is not None and step.resume != "never"

    def is_read(self, flow: str, step: str) -> bool:
        """Whether a step is only read: nobody goes on there later."""
        return not self._lasts(self.frame(flow, step))

    def lasting(self, place: Place) -> bool:
        """Something was begun, and whoever comes back to it finds it again."""
        frames = self.standing(self.ungated(place))
        return bool(frames) and self._lasts(frames[-1]) and not self.fresh(place)

    async def doing(self, place: Place, reading: Any) -> Text:
        """The same in words, from the answers given that still hold."""
        begun = self.begun(place)
        flow = self.flows[begun.flow]
        return flow.doing(await flow.held(unpack(begun.state, flow.state), reading))

    def go_home(self, place: Place) -> None:
        """To the main menu and nothing else."""
        place.frames = [self.frame(self.home)]

    def enter(self, place: Place, entry: Entry) -> None:
        """Leave everything and begin at an entry."""
        below = [] if entry.flow == self.home else [self.frame(self.home)]
        place.frames = [*below, self.frame(entry.flow, entry.step, entry.state)]
        place.resuming = False

    def beside(self, place: Place, entry: Entry) -> None:
        """Begin at an entry above what is being done, which the way back leads to. Where that flow is under way already
        it is left, and all above it; a page of it that was only read goes alone.
        """
        others = [one for one in place.frames if one.flow != entry.flow or self._lasts(one)]
        kept = [*takewhile(lambda one: one.flow != entry.flow, others)]
        if kept:
            self._stop(place, kept[-1])
        place.frames = [*kept[-DEPTH:], self.frame(entry.flow, entry.step, entry.state)]

    def _stop(self, place: Place, frame: Frame) -> None:
        """Note where a flow was left, for the way back."""
        frame.back = [*frame.back, Stop(frame.step, frame.state, place.page)][-HISTORY:]

    def move(self, place: Place, step: Step, move: Go[Any], *, settled: bool) -> None:
        """Make a move from a step. A settled step leaves no trace on the way back.

        Raises ValueError when the step's table does not name where the move leads.
        """
        if move.end:
            self._leave(place, home=move.end == "home")
            return
        frame = top(place)
        if move.step != step.name and move.step not in step.to:
            raise ValueError(f"{frame.flow}.{step.name} leads to {move.step}, which its table does not name")
        if (move.step != step.name or move.flow) and not settled:
            self._stop(place, frame)
        frame.step = move.step
        frame.state = pack(move.state if move.state is not None else self.flows[frame.flow].state())
        if move.flow:
            place.frames.append(self.frame(move.flow, "", move.child))

    def _leave(self, place: Place, *, home: bool) -> None:
        place.frames.pop()
        if home or not place.frames:
            self.go_home(place)

    def back(self, place: Place) -> None:
        """One step back, past what cannot be shown without asking who is speaking."""
        moved = self.step_back(place)
        while moved and (step := self.step(place)) is not None and self.guarded(place, step):
            moved = self.step_back(place)

    def step_back(self, place: Place) -> bool:
        """Out of an empty flow into the one that called it, else home; False when already home."""
        place.page, place.starts = 0, []
        while place.frames:
            frame = place.frames[-1]
            if frame.back:
                stop = frame.back[-1]
                frame.back, frame.step, frame.state, place.page = frame.back[:-1], stop.step, stop.state, stop.page
                return True
            place.frames.pop()
        self.go_home(place)
        return False

    # --- who may see what ----------------------------------------------------------------------------------

    def guarded(self, place: Place, step: Step, *, returning: bool = False) -> bool:
        """Whether a step may not be shown before the PIN: to nobody known, on a shared phone, or after a drop."""
        speaker = speaker_of(place)
        if speaker.proved:
            return False
        if step.privacy == "proof":
            return True
        if step.privacy == "open":
            return returning and speaker.profiles > 1 and place.owner is not None
        return returning or speaker.person is None or not speaker.alone

    def call_gate(self, place: Place) -> None:
        """Ask who is speaking before anything else."""
        place.frames.append(self.frame(self.gate))

    def at_gate(self, place: Place) -> bool:
        """Whether that is being asked."""
        return any(frame.flow == self.gate for frame in place.frames)

    def ungated(self, place: Place) -> list[Frame]:
        """What is being done, without the question who is speaking."""
        return list(takewhile(lambda frame: frame.flow != self.gate, place.frames))

    def of_another(self, place: Place) -> bool:
        """Whether what was begun belongs to another person than the one who has just shown who they are."""
        person = speaker_of(place).person
        return None not in {place.owner, person} and place.owner != person


def route(move: Go[Any], refused: Refused) -> Go[Any]:
    """Where a move leads whose command was refused. Raises ValueError when nobody thought of that."""
    for key in (refused.key, refused.key.split(".", 1)[0], "*"):
        if key in move.refused:
            return move.refused[key]
    raise ValueError(f"nobody routes {refused.key}")


def taken(step: Step, state: Any, value: object) -> Go[Any]:
    """What an answer does, or what was said beside the question. Raises Lost where the step takes no such thing."""
    take = step.aside if isinstance(value, Aside) else step.take
    if take is None:
        raise Lost
    return take(state, value.said if isinstance(value, Aside) else value)


def top(place: Place) -> Frame:
    """The flow that is speaking. Raises Lost when none is."""
    if place.top is None:
        raise Lost
    return place.top


def speaker_of(place: Place) -> Speaker:
    """Who is speaking. Raises Lost when nobody was identified."""
    if place.speaker is None:
        raise Lost
    return place.speaker


def hear_who(place: Place, result: object) -> None:
    """A command that says who is speaking is believed for the rest of the session."""
    if isinstance(result, Speaker):
        place.speaker = result
        place.language = result.language


def remember(place: Place, step: Step, menu: Menu[Any]) -> None:
    """Keep what is offered: an answer means what was seen. ValueError for a link that the table does not name."""
    if unknown := [link.to for link in menu.links if link.to not in step.to]:
        raise ValueError(f"{step.name} links to {unknown[0]}, which its table does not name")
    offered = [option.value for option in menu.options]
    place.more = menu.more is not None
    place.offered = pack_all([*offered, menu.more] if place.more else offered)
    place.links = [link.to for link in menu.links]
    place.first = menu.first

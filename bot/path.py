"""The way through the flows: where a place stands, where a move leads, and the way back."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from bot.answer import Lost
from bot.place import HISTORY, Frame, Place, Stop, pack, pack_all, unpack
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
        """What the person is doing: the first flow above the main menu."""
        return next((frame for frame in place.frames if frame.flow != self.home), place.frames[0])

    def fresh(self, place: Place) -> bool:
        """Nothing was begun: the main menu, or the first screen of a flow with no answer in it."""
        begun = self.begun(place)
        if begun.flow == self.home:
            return True
        return begun is place.top and not begun.back and begun.step == self.flows[begun.flow].first

    def worth(self, place: Place) -> bool:
        """Whether somebody who is cut off in what was begun is told how to go on."""
        flow = self.flows.get(self.begun(place).flow)
        return flow is not None and flow.worth

    def lasting(self, place: Place) -> bool:
        """Something was begun, and whoever comes back to it finds it again."""
        frames = self.ungated(place)
        flow = self.flows.get(frames[-1].flow) if frames else None
        step = flow.step(frames[-1].step) if flow else None
        return step is not None and step.resume != "never" and not self.fresh(place)

    def doing(self, place: Place) -> Text:
        """The same in words, from the answers given."""
        begun = self.begun(place)
        flow = self.flows[begun.flow]
        return flow.doing(unpack(begun.state, flow.state))

    def go_home(self, place: Place) -> None:
        """To the main menu and nothing else."""
        place.frames = [self.frame(self.home)]

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
            frame.back = [*frame.back, Stop(frame.step, frame.state)][-HISTORY:]
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
        while place.frames:
            frame = place.frames[-1]
            if frame.back:
                stop = frame.back[-1]
                frame.back, frame.step, frame.state = frame.back[:-1], stop.step, stop.state
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

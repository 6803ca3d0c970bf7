"""Hears a conversation: what one thing said means on the screen last shown. Pure but for two ports."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import msgspec

from bot.answer import (
    Lost,
    Via,
    Words,
    asked_to_share,
    is_away,
    read_back,
    read_button,
    read_menu,
    read_named,
    read_typed,
    read_yes_no,
)
from bot.entry import Entry, Lead, Unasked
from bot.numbers import bare
from bot.path import hear_who, speaker_of, top
from bot.place import Place, unpack
from bot.stage import RESUME, Stage, Turn
from bot.talk import Flow, Go, Notice, Option, Refused, Step, Text
from bot.world import World
from core.kit.errors import Unclear

__all__ = ["Engine", "Turn"]

NOTHING: Final = Unasked()

PATIENCE: Final = 3
"""Somebody who was not understood so often is offered help."""


class Engine(Stage):
    """Runs flows. ``home`` names the main menu, ``gate`` the flow that asks who is speaking; ``unasked`` says
    what becomes of words and of things shared that answer nothing.
    """

    def __init__(
        self,
        flows: Iterable[Flow],
        *,
        home: str = "menu",
        gate: str = "identify",
        unasked: Unasked = NOTHING,
    ) -> None:
        super().__init__(flows, home, gate)
        self._unasked = unasked

    # --- ways in -------------------------------------------------------------------------------------------

    async def again(self, place: Place, world: World, remark: Text | None = None) -> Turn:
        """Show the present screen once more."""
        if place.top is None:
            return await self.go_home(place, world, remark)
        return await self._or_home(place, world, self._kept(place, world, remark))

    async def come_back(self, place: Place, world: World) -> Turn:
        """What a person finds who returns after a session was cut, by the policy of the step they were on."""
        return await self._or_home(place, world, self._come_back(place, world))

    async def _come_back(self, place: Place, world: World) -> Turn:
        place.frames = self.path.standing(place.frames)
        step = self.path.step(place)
        if step is not None and step.resume == "back" and self.path.step_back(place):
            step = self.path.step(place)
        if step is None or step.resume == "never" or self.path.fresh(place):
            return await self.go_home(place, world)
        if step.resume == "restart":
            return await self.enter(place, Entry(self.path.begun(place).flow), world)
        place.resuming = step.resume == "ask"
        if not self.path.guarded(place, step, returning=True):
            return await self._kept(place, world)
        self.path.call_gate(place)
        return await self._kept(place, world, Text("resume.gate"))

    async def lead(self, place: Place, entry: Entry, world: World) -> Turn:
        """Go where words lead: beside what is being done, or else instead of it."""
        if not self.beside(place, entry):
            self.path.enter(place, entry)
        return await self._show(place, world)

    def beside(self, place: Place, entry: Entry) -> bool:
        """Begin at an entry. What is only read, and whatever is begun from the middle of what nobody minds leaving,
        comes back there. False, and nothing is done, in the middle of what matters.
        """
        if self._returns(place, entry):
            self.path.beside(place, entry)
            return True
        if self._loose(place):
            self.path.enter(place, entry)
            return True
        return False

    def _returns(self, place: Place, entry: Entry) -> bool:
        if place.top is None or self.path.home in {place.top.flow, entry.flow}:
            return False
        if place.resuming or place.kind in {"", "notice"} or self.path.at_gate(place):
            return False
        looked_at = self._easily_left(place) and not self.path.worth(place)
        return looked_at or self.path.is_read(entry.flow, entry.step)

    async def act(self, place: Place, command: object, world: World) -> Turn:
        """Do something that leaves the person where they are; a Text it returns is all the answer there is."""
        result = await world.perform(command, speaker_of(place))
        hear_who(place, result)
        if isinstance(result, Text):
            return Turn(Notice(result))
        return await self.again(place, world, result.text if isinstance(result, Refused) else None)

    async def wake(self, place: Place, turn: int, event: object, world: World) -> Turn | None:
        """An outside event reaches a person who still sees the screen it belongs to; otherwise None."""
        step = self.path.step(place)
        if step is None or place.turn != turn or step.wake is None:
            return None
        return await self._follow(place, world, step, lambda state: step.wake(state, event))  # type: ignore[misc]

    def unfinished(self, place: Place) -> bool:
        """Whether there is something to go on with: a flow was begun, and has not had its last word."""
        return bool(place.frames) and place.kind not in {"", "notice"} and self.path.lasting(place)

    def ended(self, place: Place) -> frozenset[str]:
        """The flows worth going on with that had their last word just now."""
        step = self.path.step(place)
        over = step is not None and step.take is None and place.kind == "notice"
        return self.path.worthy(place) if over else frozenset()

    async def share(self, place: Place, shared: object, world: World) -> Turn:
        """Take what was shared (a contact, a location) for an answer where one is asked for; where nothing was begun,
        for what it means by itself.
        """
        return await self._or_home(place, world, self._or_back(place, world, self._shared(place, shared, world)))

    async def shows(self, place: Place, said: str, world: World) -> bool:
        """Whether these words are written on a button that is shown: then they press it, whatever else they mean."""
        step = self.path.step(place)
        if step is None or place.resuming or place.kind not in {"confirm", "instead"}:
            return False
        with suppress(Refused, Lost, msgspec.ValidationError):
            return await self._yes(place, step, said, world) is not None
        return False

    async def answer(self, place: Place, said: str, world: World) -> Turn:
        """Take what was said for an answer to the screen last shown."""
        said = bare(said)
        said = said if said.isdigit() else read_back(place, said, world.say) or said
        if place.resuming and not self.path.at_gate(place):
            return await self._or_home(place, world, self._resume(place, said, world))
        step = self.path.step(place)
        if step is None and place.frames:
            return await self.go_home(place, world, Text("place.lost"))
        if step is None or step.take is None:
            return await self._opened(place, said, world)
        if said == "00":
            return await self.go_home(place, world)
        if said == "0":
            return await self._or_home(place, world, self._back(place, world))
        return await self._or_home(place, world, self._answered(place, step, said, world))

    async def _opened(self, place: Place, said: str, world: World) -> Turn:
        """Nothing was asked: words are taken for what they may mean by themselves; those that mean nothing get what is
        still waited for.
        """
        lead = self._lead(said)
        waits = await self._waits(place, world) if lead is not None and not lead.clear else None
        if waits is not None:
            return Turn(Notice(waits))
        return await (self.go_home(place, world) if lead is None else self._led(place, lead, world))

    async def _waits(self, place: Place, world: World) -> Text | None:
        step = self.path.step(place)
        if step is None or step.waits is None or speaker_of(place).person != place.owner:
            return None
        waits: Text | None = await step.waits(self.path.state(place), world.read(speaker_of(place)))
        return waits

    # --- reading an answer ---------------------------------------------------------------------------------

    async def _answered(self, place: Place, step: Step, said: str, world: World) -> Turn:
        read = {"menu": self._menu, "confirm": self._confirm, "instead": self._agreed}
        handler = self._typed if place.kind in {"field", "secret"} else read.get(place.kind)
        if handler is None:
            return await self._kept(place, world)
        return await self._or_back(place, world, handler(place, step, said, world))

    async def _menu(self, place: Place, step: Step, said: str, world: World) -> Turn:
        chosen = read_menu(place, said)
        if chosen is None:
            return await self._named(place, step, said, world)
        if chosen == "next":
            place.page += 1
            return await self._kept(place, world)
        if isinstance(chosen, Via):
            return await self._follow(place, world, step, lambda state: Go(chosen.to, state))
        return await self._take(place, step, unpack(place.offered[chosen], step.value_type), world)

    async def _named(self, place: Place, step: Step, said: str, world: World) -> Turn:
        menu = await self._ask(place, step, world)
        named = read_named(place, menu, said, _words(place, world))
        if isinstance(named, Option):
            return await self._take(place, step, named.value, world)
        if named is not None:
            place.unnumbered = False
            return await self.answer(place, named, world)
        return await self._not_understood(place, said, world)

    def _lead(self, said: str) -> Lead | None:
        words = self._unasked.words
        return words(said) if words and any(map(str.isalpha, said)) else None

    def _leaves(self, place: Place, lead: Lead) -> bool:
        """Whether somebody means to go elsewhere who says what is no answer here."""
        return top(place).flow == self.path.home or (lead.clear if self._loose(place) else lead.sure)

    def _loose(self, place: Place) -> bool:
        return not self.unfinished(place) or self._easily_left(place)

    def _easily_left(self, place: Place) -> bool:
        """Whether nobody minds leaving what they are in the middle of, perhaps under a page that is only read."""
        standing = self.path.standing(place.frames)[-1:]
        return any(name in self._unasked.loose for one in standing for name in (one.flow, f"{one.flow}.{one.step}"))

    async def _confirm(self, place: Place, step: Step, said: str, world: World) -> Turn:
        yes = await self._yes(place, step, said, world)
        if yes is None:
            return await self._not_understood(place, said, world)
        return await self._take(place, step, yes, world)

    async def _agreed(self, place: Place, step: Step, said: str, world: World) -> Turn:
        """An answer to what was asked instead of a secret."""
        yes = await self._yes(place, step, said, world)
        if yes is None:
            return await self._not_understood(place, said, world)
        return await (self._take(place, step, None, world) if yes else self._back(place, world))

    async def _yes(self, place: Place, step: Step, said: str, world: World) -> bool | None:
        """Yes or no; what is written on the buttons is looked up only when that is neither."""
        yes = read_yes_no(said)
        return read_button(await self._ask(place, step, world), said, _words(place, world)) if yes is None else yes

    async def _typed(self, place: Place, step: Step, said: str, world: World) -> Turn:
        try:
            value = read_typed(await self._ask(place, step, world), said)
        except Unclear as unclear:
            # a code of another kind is a wrong answer, not words that lead to what it names
            words = "" if any(map(str.isdigit, said)) else said
            return await self._not_understood(place, words, world, unclear.text)
        return await self._take(place, step, value, world)

    async def _shared(self, place: Place, shared: object, world: World) -> Turn:
        step = self.path.step(place)
        asked = await self._ask(place, step, world) if step is not None and place.kind in {"field", "menu"} else None
        read, lead = asked_to_share(asked), self._unasked.shared.get(type(shared))
        if lead is not None and read is None and self._loose(place):
            return await self.lead(place, lead(shared), world)
        if step is None or read is None:
            return await self.again(place, world, Text("input.unasked"))
        try:
            value = read(shared)
        except Unclear as unclear:
            return await self._kept(place, world, unclear.text)
        return await self._take(place, step, value, world)

    async def _not_understood(self, place: Place, said: str, world: World, hint: Text | None = None) -> Turn:
        """Where these words lead that answer nothing; else the same question, with what can be answered."""
        if is_away(place, said):
            return await self.go_home(place, world)
        lead = self._lead(said)
        if lead is not None and self._leaves(place, lead):
            return await self._led(place, lead, world)
        return await self._kept(place, world, _once_more(place, world, hint))

    async def _led(self, place: Place, lead: Lead, world: World) -> Turn:
        """Where words lead; being told again and again that they mean nothing helps nobody."""
        if lead.clear or lead.entry.flow == self.path.home:
            return await self.lead(place, lead.entry, world)
        tries = place.tries
        turn = await self.lead(place, lead.entry, world)
        if turn.remark is None:
            return turn
        place.tries = tries
        return Turn(turn.screen, _once_more(place, world, turn.remark))

    async def _resume(self, place: Place, said: str, world: World) -> Turn:
        place.resuming = False
        go_on = read_button(RESUME, said, _words(place, world))
        if go_on is not None:
            begun = Entry(self.path.begun(place).flow)
            return await (self._kept(place, world) if go_on else self.enter(place, begun, world))
        if said in {"0", "00"}:
            return await self.go_home(place, world)
        lead = self._lead(said)
        if lead is not None and lead.clear:
            return await self.lead(place, lead.entry, world)
        place.resuming = True
        return await self._offer_to_resume(place, world, _once_more(place, world))


def _once_more(place: Place, world: World, hint: Text | None = None) -> Text:
    """What is said to somebody who was not understood: the third time in a row, where there is help."""
    place.tries += 1
    if place.tries < PATIENCE:
        return hint or Text("answer.unknown")
    return (hint or Text("answer.help")) if world.secrets else Text("answer.aid")


def _words(place: Place, world: World) -> Words:
    return lambda value: world.say(value, place.language)

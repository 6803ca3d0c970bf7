"""The stage of a conversation: makes a move, asking the domain on the way, and shows what the step then asks."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import msgspec

from bot.answer import Lost
from bot.entry import Entry
from bot.path import Path, hear_who, remember, route, speaker_of, taken, top
from bot.place import Place
from bot.talk import Confirm, Field, Flow, Go, Menu, Notice, Refused, Screen, Secret, Settled, Step, Text
from bot.world import World
from core.kit.errors import Unclear

HOPS: Final = 12
"""Steps that may follow each other without a screen before it is called a loop."""


class Instead(Confirm, frozen=True):
    """What is confirmed where a secret would be typed."""


RESUME: Final = Confirm("", Text("resume.yes"), Text("resume.no"))
"""The buttons of the offer to go on."""

_KINDS: Final = {
    Menu: "menu", Field: "field", Confirm: "confirm", Instead: "instead", Secret: "secret", Notice: "notice",
}  # fmt: skip


class Turn(msgspec.Struct, frozen=True):
    """What is shown next: a screen, and a remark above it (a refusal, what to type instead)."""

    screen: Screen
    remark: Text | None = None

    @property
    def ended(self) -> bool:
        """Nothing more is asked."""
        return isinstance(self.screen, Notice)


class Stage:
    """Makes moves along a path and shows where they lead. ``home`` names the main menu, ``gate`` the flow that asks who
    is speaking.
    """

    def __init__(self, flows: Iterable[Flow], home: str, gate: str) -> None:
        self.path = Path(flows, home, gate)

    async def enter(self, place: Place, entry: Entry, world: World) -> Turn:
        """Leave everything and begin at an entry."""
        self.path.enter(place, entry)
        return await self._show(place, world)

    async def go_home(self, place: Place, world: World, remark: Text | None = None) -> Turn:
        """Leave everything for the main menu."""
        self.path.go_home(place)
        place.resuming = False
        place.owner = None
        return await self._show(place, world, remark)

    async def _or_home(self, place: Place, world: World, turn: Awaitable[Turn]) -> Turn:
        """The turn; or, when what was stored makes no sense any more, the menu with an apology."""
        try:
            return await turn
        except (Lost, msgspec.ValidationError):
            return await self.go_home(place, world, Text("place.lost"))

    async def _or_back(self, place: Place, world: World, turn: Awaitable[Turn]) -> Turn:
        """The turn; or one step back, when there is nothing left to answer here."""
        try:
            return await turn
        except Refused as refused:
            self.path.step_back(place)
            return await self._kept(place, world, refused.text)

    # --- moving --------------------------------------------------------------------------------------------

    async def _take(self, place: Place, step: Step, value: object, world: World) -> Turn:
        return await self._follow(place, world, step, lambda state: taken(step, state, value))

    async def _follow(
        self, place: Place, world: World, step: Step, take: Callable[[Any], Go[Any]], *, settled: bool = False
    ) -> Turn:
        try:
            remark = await self._walk(place, world, step, take(self.path.state(place)), settled=settled)
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
            result = await world.perform(move.command, speaker_of(place))
            if isinstance(result, Refused):
                remark, move = result.text, route(move, result)
                continue
            hear_who(place, result)
            then = move.then
            move = then(result) if callable(then) else then or Go(end="done")
        self.path.move(place, step, move, settled=settled)
        return remark

    async def _back(self, place: Place, world: World) -> Turn:
        self.path.back(place)
        place.tries = 0
        return await self._kept(place, world)

    # --- showing -------------------------------------------------------------------------------------------

    async def _show(self, place: Place, world: World, remark: Text | None = None) -> Turn:
        """Ask what the present step asks, passing over questions that are settled."""
        place.page = place.tries = 0
        return await self._kept(place, world, remark)

    async def _kept(self, place: Place, world: World, remark: Text | None = None) -> Turn:
        """Ask what the present step asks, on the page the person is on."""
        for _ in range(HOPS):
            step = self.path.step(place)
            if step is None:
                raise Lost
            if self.path.guarded(place, step):
                self.path.call_gate(place)
            elif place.resuming and not self.path.at_gate(place):
                return await self._resumable(place, world, remark)
            else:
                asked = await self._asked(place, step, world)
                if not isinstance(asked, Text | None):
                    return self._shown(place, step, asked, remark)
                remark = asked or remark
        raise RuntimeError(f"{top(place).flow}.{top(place).step} never asks anything")

    async def _asked(self, place: Place, step: Step, world: World) -> Screen | Text | None:
        """The screen of a step; or, when it was passed over, what is to be said about that."""
        try:
            asked = await self._ask(place, step, world)
        except Refused as refused:
            self.path.step_back(place)
            return refused.text
        if isinstance(asked, Settled):
            settled = taken(step, self.path.state(place), asked.value)
            return await self._walk(place, world, step, settled, settled=True) or asked.note
        if isinstance(asked, Secret) and not world.secrets:
            return self._instead(place, asked, world)
        screen: Screen = asked
        return screen

    def _instead(self, place: Place, secret: Secret, world: World) -> Screen | None:
        """What is asked where no secret may be typed; whoever has not shown who they are does that first."""
        if secret.instead is None:
            return Notice(Text("gate.dial", {"code": world.code}))
        if speaker_of(place).proved:
            return Instead(secret.instead.title, secret.instead.yes, secret.instead.no)
        self.path.call_gate(place)
        return None

    async def _resumable(self, place: Place, world: World, remark: Text | None) -> Turn:
        """Offer to go on, unless somebody else has taken the phone since."""
        if self.path.of_another(place):
            return await self.go_home(place, world, remark)
        return await self._offer_to_resume(place, world, remark)

    async def _ask(self, place: Place, step: Step, world: World) -> Any:
        return await step.ask(self.path.state(place), world.read(speaker_of(place)))

    def _shown(self, place: Place, step: Step, screen: Screen, remark: Text | None) -> Turn:
        place.turn += 1
        place.owner = speaker_of(place).person or place.owner
        place.kind = _KINDS[type(screen)]
        place.offered, place.links, place.more, place.first = [], [], False, 0
        if isinstance(screen, Menu):
            remember(place, step, screen)
        return Turn(screen, remark)

    async def _offer_to_resume(self, place: Place, world: World, remark: Text | None = None) -> Turn:
        doing = await self.path.doing(place, world.read(speaker_of(place)))
        place.turn += 1
        place.kind = "confirm"
        title = Text("resume.title", {"doing": doing})
        return Turn(Confirm(title, RESUME.yes, RESUME.no), remark)

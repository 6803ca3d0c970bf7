"""What every kind of turn needs: the outside of the engine, one turn at a time for an address, and tasks that move."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Protocol, Self, TypeVar

import msgspec

from bot.answer import read_back, read_menu
from bot.engine import Engine, Turn
from bot.entry import Entry
from bot.numbers import bare
from bot.place import Place
from bot.places import Key, Places, Row
from bot.render.words import word
from bot.router import Act, Router
from bot.talk import Text
from core.kit.clock import Clock
from core.kit.db import TRANSIENT, Database, Tx
from core.kit.deed import Deed, Look
from core.kit.settings import Settings
from core.kit.speaker import Speaker

PAUSES_S: Final = (0.05, 0.2, 0.6, 1.5)
"""A turn that fails for a passing reason is run again, after so many seconds."""

RACES: Final = 8
"""How often a turn that was overtaken by another process is run again."""

RACE_PAUSE_S: Final = 0.005
"""After each race it lost a turn waits longer, for whoever overtook it to be done."""

RESUME_WITHIN: Final = timedelta(hours=24)
"""After this a conversation that was cut begins anew."""

LONGEST: Final = 160
"""Characters of one answer on a number pad."""

LONGEST_SENTENCE: Final = 600
"""Characters of one message that is read."""

_TYPED: Final = frozenset({"field", "secret"})

R = TypeVar("R")


class Domain(Protocol):
    """What a turn needs of the domain."""

    def reads(self, look: Look) -> Any:
        """What a speaker may read."""
        ...

    async def perform(self, command: object, deed: Deed) -> object:
        """Do it, or return the Refused."""
        ...


class Watch(Protocol):
    """Sees every turn go by: the log line and the metrics."""

    def turn(self, channel: str, gateway: str, place: Place | None, outcome: str, seconds: float) -> None:
        """A turn was answered."""
        ...


class Conflict(Exception):
    """Somebody else moved this place meanwhile: run the turn again."""


class Outside:
    """The engine's outside, for one try of one turn; opens a transaction when the domain is first asked, and ends it.

    ``emptied`` holds places elsewhere whose task has moved here or is over: they are kept with this turn or not at all.
    """

    __slots__ = ("_block", "_turns", "emptied", "now", "secrets", "tx")

    def __init__(self, turns: "Turns", *, secrets: bool) -> None:
        self._turns = turns
        self._block: AbstractAsyncContextManager[Tx] | None = None
        self.now = turns.clock.now()
        self.secrets = secrets
        self.tx: Tx | None = None
        self.emptied: list[Row] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._block is not None:
            await self._block.__aexit__(kind, error, trace)

    @property
    def code(self) -> str:
        """What to dial."""
        return self._turns.settings.service_code

    def read(self, speaker: Speaker) -> Any:
        """The domain as this speaker may read it."""
        turns = self._turns
        return turns.domain.reads(Look(self.tx or turns.db, speaker, self.now, turns.settings))

    async def begin(self) -> Tx:
        """The transaction of this turn."""
        if self.tx is None:
            block = self._turns.db.transaction()
            self.tx = await block.__aenter__()
            self._block = block
        return self.tx

    async def perform(self, command: object, speaker: Speaker) -> object:
        """Do it, in the transaction of this turn."""
        deed = Deed(await self.begin(), speaker, self.now, self._turns.settings)
        return await self._turns.domain.perform(command, deed)

    def say(self, value: object, language: str) -> tuple[str, ...]:
        """A label or a note as small screens have it, and as others do: people copy what they see."""
        return word(value, language), word(value, language, "rich")


class Turns:
    """Runs what is common to turns of every channel, against one database."""

    def __init__(
        self,
        engine: Engine,
        router: Router,
        domain: Domain,
        db: Database,
        clock: Clock,
        settings: Settings,
        watch: Watch,
    ) -> None:
        self.engine, self.router, self.domain = engine, router, domain
        self.db, self.clock, self.settings, self.watch = db, clock, settings, watch
        self.places = Places(db)
        self._queues: dict[Key, deque[asyncio.Future[None]]] = {}

    async def in_order(self, key: Key, turn: Callable[[], Awaitable[R]]) -> R:
        """Run a turn of an address after those before it; again when it lost a race, or while the database is away."""
        queue = self._queues.get(key)
        if queue is None:
            self._queues[key] = deque()
        else:
            await self._wait(key, queue)
        try:
            return await _tried(turn)
        finally:
            self._pass_on(key)

    async def _wait(self, key: Key, queue: "deque[asyncio.Future[None]]") -> None:
        called = asyncio.get_running_loop().create_future()
        queue.append(called)
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._pass_on(key)
            raise

    def _pass_on(self, key: Key) -> None:
        """Call the next one of those who have not gone away."""
        queue = self._queues[key]
        while queue:
            called = queue.popleft()
            if not called.done():
                called.set_result(None)
                return
        del self._queues[key]

    async def said(self, place: Place, said: str, world: Outside, longest: int = LONGEST) -> Turn:
        """Take what was typed: a word that always means the same, a code, or an answer to the screen."""
        if len(said) > longest:
            return await self.engine.again(place, world, Text("input.long", {"most": longest}))
        target = self.router.word(said)
        if target is not None and await self.engine.shows(place, said, world):
            return await self.engine.answer(place, said.strip(), world)
        if isinstance(target, Act):
            return await self.engine.act(place, target.command, world)
        entry = target or self._code(place, said)
        if entry is not None:
            return await self.engine.lead(place, entry, world)
        return await self.engine.answer(place, said.strip(), world)

    async def past(self, place: Place, word: str, world: Outside) -> Turn:
        """Something on a message that is past was tapped: it leads where its word would if it were typed, if it has
        one; it never acts, and in the middle of what matters it leads nowhere: the present screen is shown.
        """
        words = self.router.unasked.words
        lead = words(word) if words and word and not self._matters(place) else None
        if lead is None or not lead.clear:
            return await self.engine.again(place, world, Text("tap.past"))
        return await self.engine.lead(place, lead.entry, world)

    def _matters(self, place: Place) -> bool:
        path = self.engine.path
        return self.engine.unfinished(place) and (place.resuming or path.worth(place) or path.at_gate(place))

    def leads(self, place: Place, said: str) -> bool:
        """Whether these words go somewhere by themselves, whatever was being done."""
        if self.router.word(said) is not None or self._code(place, said) is not None:
            return True
        return self.router.clear(said)

    def answers(self, place: Place, said: str, world: Outside) -> bool:
        """Whether this is the number of something that is shown, or a way back."""
        if place.kind != "menu":
            return False
        said = bare(said)
        back = said in {"0", "00"} or read_back(place, said, world.say) is not None
        return back or read_menu(place, said) is not None

    def _code(self, place: Place, said: str) -> Entry | None:
        """A home's code opens that home; on a step that asks for something typed it is the answer."""
        return self.router.code(said.strip()) if place.kind not in _TYPED else None

    async def take_up(self, row: Row, world: Outside) -> bool:
        """Bring here what this person left unfinished at another address, unless what is here is newer or matters
        more.
        """
        place = row.kept.place
        if place.speaker is None or place.speaker.person is None:
            return False
        task = await self.places.task(world.tx or self.db, place.speaker.person, row.key, world.now)
        if task is None or world.now - task.kept.at > RESUME_WITHIN:
            return False
        if self.engine.unfinished(place) and (row.kept.at >= task.kept.at or self._outweighs(place, task.kept.place)):
            return False
        left = task.kept.place
        await world.begin()
        place.frames, place.owner, place.page = self.engine.path.ungated(left), left.owner, 0
        # A session that is still open there goes on, so who is speaking in it stays known.
        empty = Place(turn=left.turn, language=left.language, speaker=left.speaker, keys=left.keys)
        world.emptied.append(Row(task.key, task.version, msgspec.structs.replace(task.kept, place=empty, open=False)))
        return True

    async def finish(self, place: Place, key: Key, world: Outside) -> None:
        """What had its last word here is offered nowhere else any more, where the same person began it before."""
        person, ended = place.speaker.person if place.speaker else None, self.engine.ended(place)
        if world.tx is None or person is None or not ended:
            return
        for left in await self.places.tasks(world.tx, person, key, world.now):
            if ended & self.engine.path.worthy(left.kept.place):
                kept = msgspec.structs.replace(left.kept, open=False)
                world.emptied.append(Row(left.key, left.version, kept))

    def _outweighs(self, place: Place, other: Place) -> bool:
        """Whether people are told how to go on with this one, and not with the other."""
        return self.engine.path.worth(place) and not self.engine.path.worth(other)

    def owned(self, row: Row) -> Row:
        """A row that says whose unfinished task it holds, if it holds one."""
        place = row.kept.place
        return msgspec.structs.replace(row, owner=place.owner) if self.engine.unfinished(place) else row

    async def keep(self, row: Row, world: Outside) -> None:
        """Store where somebody stands now. Raises Conflict when somebody else has moved it since."""
        row = self.owned(row)
        kept = await (self.places.keep(row) if world.tx is None else self.places.keep_in(world.tx, row, *world.emptied))
        if not kept:
            raise Conflict


async def _tried(turn: Callable[[], Awaitable[R]]) -> R:
    """Run a turn, again when it lost a race, and again after a pause while the database is away."""
    races, pauses = RACES, iter(PAUSES_S)
    while True:
        try:
            return await turn()
        except Conflict:
            races -= 1
            if not races:
                raise
            await asyncio.sleep(RACE_PAUSE_S * (RACES - races))
        except TRANSIENT:
            pause = next(pauses, None)
            if pause is None:
                raise
            await asyncio.sleep(pause)

"""Message channels: one thing that came in, one turn, one answer on its way out, all in one transaction."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import Final, Protocol

import msgspec

from bot.engine import Turn
from bot.inbound import Event
from bot.place import Place
from bot.places import Kept, Key, Row
from bot.render.bubble import Bubble
from bot.talk import Notice, Text
from bot.turns import LONGEST_SENTENCE, Conflict, Outside, Turns
from core.kit.db import Tx
from core.kit.gather import Gather
from core.kit.speaker import Speaker

ANSWER_WITHIN: Final = timedelta(hours=12)
"""A message that comes later than this is no answer to the question before it."""

_REMARKS: Final = {"media": Text("input.media"), "unsupported": Text("input.unsupported")}
"""What is said to somebody who sent what nobody here can read."""

_TAP: Final = re.compile(r"(\d{1,9}):([^:]+)(?::(.*))?", re.ASCII | re.DOTALL)
"""What our choices bring back: the screen, the answer, what it says by itself. What is not ours (a vendor's quick
reply) counts as its own words."""

Render = Callable[[Turn, Place], tuple[Bubble, bool]]


@dataclass(frozen=True, slots=True)
class Letter:
    """An answer: to what, from where its person stands now, and how it looks."""

    event: Event
    place: Place
    bubble: Bubble


class Desk(Protocol):
    """What a message channel needs besides the engine."""

    async def known(self, event: Event) -> Speaker | None:
        """Who wrote; None when it was heard before. Nothing is written."""
        ...

    async def claim(self, tx: Tx, event: Event) -> Speaker | None:
        """The same, and from the commit on it was heard; None also for what is kept and not answered."""
        ...

    async def answer(self, tx: Tx, letters: Sequence[Letter]) -> None:
        """Queue answers."""
        ...

    async def exchange(self, tx: Tx, letters: Sequence[Letter]) -> bool:
        """Claim what these answer, and queue them; False when any of it was heard before: then all must be undone."""
        ...


class _World(Outside):
    """Around one turn: a transaction, where one is needed before the end, begins with the claim of what was said."""

    __slots__ = ("_desk", "_event", "_speaker")

    def __init__(self, turns: Turns, desk: Desk, event: Event) -> None:
        super().__init__(turns, secrets=False)
        self._desk, self._event = desk, event
        self._speaker: Speaker | None = None

    async def speaker(self) -> Speaker | None:
        """Who wrote; None for what is not answered. Files are claimed at once: they are kept whatever follows."""
        event = self._event
        if event.media or event.group:
            self._speaker = await self._desk.claim(await super().begin(), event)
        else:
            self._speaker = await self._desk.known(event)
        return self._speaker

    async def begin(self) -> Tx:
        """The transaction of this turn. Raises Conflict when it was heard meanwhile, or its person is another now."""
        if self.tx is None and await self._desk.claim(await super().begin(), self._event) != self._speaker:
            raise Conflict
        return await super().begin()


class Chats:
    """Answers message channels, each by its renderer."""

    def __init__(self, turns: Turns, renderers: Mapping[str, Render], desk: Desk) -> None:
        self.turns = turns
        self._renderers = renderers
        self._desk = desk
        self._exchanges: Gather[Key, tuple[Letter, Row], None] = Gather(self._exchange)

    async def take(self, event: Event) -> None:
        """Answer one event: claimed once, moved, its answer queued; or nothing of it."""
        await self.turns.in_order((event.channel, event.sender), lambda: self._turn(event))

    async def _turn(self, event: Event) -> None:
        turns, started = self.turns, perf_counter()
        # Read first: a turn that holds one connection and waits for a second would stop the house when all do so.
        row = await turns.places.load((event.channel, event.sender), turns.clock.now())
        async with _World(turns, self._desk, event) as world:
            place = row.kept.place
            place.speaker = await world.speaker()
            if place.speaker is not None:
                await self._move(event, row, world)
        told = None if place.speaker is None else place
        outcome = "repeat" if told is None else "answer"
        turns.watch.turn(event.channel, event.source, told, outcome, perf_counter() - started)

    async def _move(self, event: Event, row: Row, world: Outside) -> None:
        turns, place = self.turns, row.kept.place
        place.language = place.speaker.language if place.speaker else "fr"
        letter = self._letter(event, place, await self._heard(event, row, world))
        moved = Row(row.key, row.version, Kept(place, world.now))
        if world.tx is None:
            await self._exchanges(row.key, (letter, turns.owned(moved)))
        else:
            await self._desk.answer(world.tx, [letter])
            await turns.finish(place, row.key, world)
            await turns.keep(moved, world)

    async def _exchange(self, done: list[tuple[Letter, Row]]) -> list[Exception | None]:
        """Keep many turns in one transaction; where that cannot be, each in one of its own: nobody's trouble is
        another's.
        """
        try:
            await self._keep(done)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is raised to whoever it belongs to
            alone = [error] if len(done) == 1 else await asyncio.gather(*map(self._alone, done))
            return [*alone]
        return [None] * len(done)

    async def _alone(self, done: tuple[Letter, Row]) -> Exception | None:
        try:
            await self._keep([done])
        except Exception as error:  # noqa: BLE001 - the same
            return error
        return None

    async def _keep(self, done: Sequence[tuple[Letter, Row]]) -> None:
        """Sorted, so that two processes never wait for each other in a ring. Raises Conflict."""
        ordered = sorted(done, key=lambda one: one[1].key)
        async with self.turns.db.transaction() as tx:
            new = await self._desk.exchange(tx, [letter for letter, _ in ordered])
            if not (new and await self.turns.places.keep_in(tx, *(row for _, row in ordered))):
                raise Conflict

    async def apologise(self, event: Event, sorry: Text) -> None:
        """It was not heard, for a reason of ours: claim it all the same, say so, and keep the last good place."""
        async with self.turns.db.transaction() as tx:
            speaker = await self._desk.claim(tx, event)
            if speaker is not None:
                place = Place(speaker=speaker, language=speaker.language)
                letter = self._letter(event, place, Turn(Notice(sorry)))
                await self._desk.answer(tx, [letter])

    def _letter(self, event: Event, place: Place, turn: Turn) -> Letter:
        bubble, place.further = self._renderers[event.channel](turn, place)
        return Letter(event, place, _placed(bubble, event))

    async def _heard(self, event: Event, row: Row, world: Outside) -> Turn:
        engine, place = self.turns.engine, row.kept.place
        if row.version == 0 or world.now - row.kept.at > ANSWER_WITHIN:
            place.frames = []
        if event.kind in {"location", "contact"}:
            return await engine.share(place, event.location or event.contact, world)
        if event.kind in _REMARKS and not event.text:
            return await engine.again(place, world, _REMARKS[event.kind])
        said = event.text or event.choice
        if event.kind == "selection" and (tap := _TAP.fullmatch(event.choice)):
            turn, said, says = tap.groups(default="")
            if not place.frames or int(turn) != place.turn:
                return await self.turns.past(place, says, world)
            # The answer is told by the number an option has among all, wherever it stood on the page.
            place.unnumbered = False
        if self._idle(place, said, world) and await self.turns.take_up(row, world):
            return await engine.come_back(place, world)
        return await self.turns.said(place, said, world, LONGEST_SENTENCE)

    def _idle(self, place: Place, said: str, world: Outside) -> bool:
        """Whether somebody we know does nothing here and goes nowhere with these words. Words cost the most to read: of
        whoever has nothing elsewhere they are read once, by the engine.
        """
        turns = self.turns
        if place.speaker is None or place.speaker.person is None:
            return False
        return not (turns.engine.unfinished(place) or turns.answers(place, said, world) or turns.leads(place, said))


def _placed(bubble: Bubble, event: Event) -> Bubble:
    """An answer to a tap takes the place of what was tapped, where a channel can."""
    if event.kind != "selection":
        return bubble
    return msgspec.structs.replace(bubble, edit=event.reply_to, callback=event.callback)

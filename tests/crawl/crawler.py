"""Walks every way through the flows on a real database, undoing each step's effects on the way back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.answer import LINK_KEYS, option_number
from bot.engine import Engine, Entry, Turn
from bot.place import Place, restore, store
from bot.render import ussd
from bot.render.words import say
from bot.router import Router
from bot.talk import Field, Label, Menu, Notice, Secret
from core.desk import Desk
from core.kit.db import Tx
from core.kit.deed import Deed, Look
from core.kit.settings import Settings
from core.kit.speaker import Speaker

DEEPEST = 18

TYPED = (
    "85000", "1500", "60", "7", "90000000", "Akwa", "Madagascar", "Doula", "Bafoussam", "Xyzzy", "Ngo Bell Marie",
    "A4821", "A4822",
    "appt 2ch akwa max 150000", "studio madagascar", "bonjour", "670000102", "699123456", "🏠", "x" * 200,
)  # fmt: skip
"""What is typed wherever something can be typed; the test adds the codes of the day."""


class Undo(Exception):
    """Leaves a savepoint so that nothing in it stays."""


@dataclass(frozen=True)
class Seen:
    """A screen as it was shown, and the way that led to it."""

    who: str
    language: str
    flow: str
    step: str
    turn: Turn
    place: Place
    screen: ussd.Screen
    way: tuple[str, ...]


class World:
    """The engine's outside, in one transaction that is never committed."""

    secrets = True
    code = "*384#"

    def __init__(self, tx: Tx, now: datetime, settings: Settings) -> None:
        self.tx, self.now, self.settings = tx, now, settings
        self.desk = Desk()

    def read(self, speaker: Speaker) -> Any:
        return self.desk.reads(Look(self.tx, speaker, self.now, self.settings))

    async def perform(self, command: object, speaker: Speaker) -> object:
        return await self.desk.perform(command, Deed(self.tx, speaker, self.now, self.settings))

    def say(self, label: Label, language: str) -> str:
        return say(label, language)


@dataclass
class Crawler:
    """Visits each kind of screen once for each kind of person and language."""

    engine: Engine
    router: Router
    world: World
    who: str
    pins: tuple[str, ...]
    typed: tuple[str, ...] = TYPED
    seen: list[Seen] = field(default_factory=list)
    _known: set[tuple[object, ...]] = field(default_factory=set)

    async def crawl(self, speaker: Speaker) -> None:
        """Everything that can be reached from the main menu, and from each word of the router."""
        place = Place(speaker=speaker, language=speaker.language)
        async with self._undone():
            await self._visit(place, await self.engine.go_home(place, self.world), ("home",))
        entries = {entry.flow: entry for entry in self.router.words.values() if isinstance(entry, Entry)}
        for entry in entries.values():
            place = Place(speaker=speaker, language=speaker.language)
            async with self._undone():
                await self._visit(place, await self.engine.enter(place, entry, self.world), (entry.flow,))

    async def _visit(self, place: Place, turn: Turn, way: tuple[str, ...]) -> None:
        screen = ussd.render(turn, place, ussd.Limits())
        place.further = screen.further
        top = place.top
        assert top is not None
        flow, step = top.flow, top.step
        self.seen.append(Seen(self.who, place.language, flow, step, turn, restore(store(place)), screen, way))
        mark = (place.language, flow, step, place.kind, _key(turn), len(place.offered), place.page, place.resuming)
        if mark in self._known or len(way) > DEEPEST or isinstance(turn.screen, Notice):
            return
        self._known.add(mark)
        kept = store(place)
        for said in self._answers(turn, place):
            there = restore(kept)
            async with self._undone():
                await self._visit(there, await self.engine.answer(there, said, self.world), (*way, said))
        await self._drop(kept, way)

    async def _drop(self, kept: bytes, way: tuple[str, ...]) -> None:
        """The session is cut here and dialled again."""
        there = restore(kept)
        speaker = there.speaker
        assert speaker is not None
        person = speaker.person if speaker.alone else None
        there.speaker = Speaker(speaker.phone, speaker.country, speaker.language, speaker.profiles, person)
        async with self._undone():
            await self._visit(there, await self.engine.come_back(there, self.world), (*way, "cut"))

    def _answers(self, turn: Turn, place: Place) -> list[str]:
        screen = turn.screen
        if isinstance(screen, Menu):
            options = [str(option_number(place.first + i)) for i in range(len(screen.options))]
            more = ["9"] if place.further or place.more else []
            return [*options, *map(str, LINK_KEYS[: len(screen.links)]), *more, "0", "00", "77", "?"]
        if isinstance(screen, Secret):
            return [*self.pins, "12", "0", "00"]
        if isinstance(screen, Field):
            return [*self.typed, "0", "00"]
        return ["1", "2", "5", "0", "00"]

    @asynccontextmanager
    async def _undone(self) -> AsyncIterator[None]:
        try:
            async with self.world.tx.savepoint():
                yield
                raise Undo  # noqa: TRY301 - the only way out of a savepoint that keeps nothing
        except Undo:
            pass


def _key(turn: Turn) -> str:
    return turn.remark.key if turn.remark else ""

"""Walks every way through the flows on a real database, undoing each step's effects on the way back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.answer import LINK_KEYS, option_number
from bot.engine import Engine, Turn
from bot.entry import Entry
from bot.inbound import Contact, Location
from bot.place import Place, restore, store
from bot.render import ussd, whatsapp
from bot.render.words import word
from bot.router import Router
from bot.talk import Confirm, Field, Menu, Notice, Refused, Screen, Secret
from core.desk import Desk
from core.kit.db import Record, Statement, Tx
from core.kit.deed import Deed, Look
from core.kit.point import Point
from core.kit.settings import Settings
from core.kit.speaker import Speaker

DEEPEST = 120
"""Answers on one way: more than any has, so that no screen is first met too late to be gone on from."""

TYPED = (
    "85000", "95000", "1500", "60", "7", "90000000", "Akwa", "Madagascar", "Doula", "Bafoussam", "Xyzzy", "Marie",
    "Ngo Bell Marie", "A4821", "A4822", "B3016", "8F2K2222", "appt 2ch akwa max 150000", "studio madagascar",
    "bonjour", "670000102", "677000222", "699123456", "482 913", "🏠", "x" * 200,
)  # fmt: skip
"""What is typed wherever something can be typed; the village adds the code of its receipt."""

SHARED = "contact "
"""Before the number of a contact that is shared instead of typing something."""

SPOT = "spot "
"""Before the degrees of a location that is shared."""

BACK = ("0", "00")
SLIPS = ("77", "?", "studio akwa", "studio madagascar 50k", "40 000", "je veux visiter", "payer loyer studio")
"""What is no option of a menu."""


class Remembering:
    """Reads of one transaction: the same question is put to the database once."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._known: dict[tuple[str, str], list[Record]] = {}

    async def fetch(self, statement: Statement, /, **values: Any) -> list[Record]:
        """All rows."""
        key = (statement.sql, repr(values))
        if key not in self._known:
            self._known[key] = await self._tx.fetch(statement, **values)
        return self._known[key]

    async def one(self, statement: Statement, /, **values: Any) -> Record | None:
        """The first row, or None."""
        rows = await self.fetch(statement, **values)
        return rows[0] if rows else None


class World:
    """The engine's outside, in one transaction that is never committed.

    ``done`` names the commands that succeeded on the way to the present screen, since it was last cut. A savepoint is
    set when the first thing is done, and what was read is remembered until then.
    """

    code = "*384#"

    def __init__(self, tx: Tx, now: datetime, settings: Settings, *, secrets: bool = True) -> None:
        self.tx, self.now, self.settings, self.secrets = tx, now, settings, secrets
        self.desk = Desk()
        self.done: tuple[str, ...] = ()
        self._reader = Remembering(tx)
        self._savepoint: Any = None

    def read(self, speaker: Speaker) -> Any:
        return self.desk.reads(Look(self._reader, speaker, self.now, self.settings))

    async def perform(self, command: object, speaker: Speaker) -> object:
        if self._savepoint is None:
            self._savepoint = self.tx.connection.transaction()
            await self._savepoint.start()
        self._reader = Remembering(self.tx)
        result = await self.desk.perform(command, Deed(self.tx, speaker, self.now, self.settings))
        if not isinstance(result, Refused):
            self.done = (*self.done, type(command).__name__)
        return result

    def say(self, value: object, language: str) -> tuple[str, ...]:
        return word(value, language), word(value, language, "rich")

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """Whatever is done inside is undone."""
        before = self._savepoint, self._reader, self.done
        self._savepoint = None
        try:
            yield
        finally:
            if self._savepoint is not None:
                await self._savepoint.rollback()
            self._savepoint, self._reader, self.done = before


@dataclass(frozen=True)
class Seen:
    """A screen as it was shown on the channel that was walked, where the place stands on it, and the way to it.

    ``chat`` says that this was a message channel, where no secret is typed.
    """

    who: str
    chat: bool
    language: str
    flow: str
    step: str
    turn: Turn
    kept: bytes
    screen: ussd.Screen
    way: tuple[str, ...]
    done: tuple[str, ...]

    @property
    def place(self) -> Place:
        """Where the person stands."""
        return restore(self.kept)


@dataclass
class Crawler:
    """Visits each kind of screen once for each kind of person, in one language; when ``thorough``, each screen.

    Somebody without a phone at the ear (a speaker with an address) is walked as they would be on WhatsApp, and shares
    the ``contacts`` where that is asked for, the ``spots`` out of the blue as well.
    """

    engine: Engine
    router: Router
    world: World
    who: str
    pins: tuple[str, ...]
    typed: tuple[str, ...] = TYPED
    thorough: bool = False
    contacts: tuple[str, ...] = ()
    spots: tuple[Point, ...] = ()
    seen: list[Seen] = field(default_factory=list)
    _known: set[tuple[object, ...]] = field(default_factory=set)
    _tried: set[tuple[object, ...]] = field(default_factory=set)
    _taken: dict[tuple[str, str], str] = field(default_factory=dict)

    async def crawl(self, speaker: Speaker) -> None:
        """Everything that can be reached from the main menu, and from each word of the router."""
        self.language, self.chat = speaker.language, speaker.address is not None
        place = Place(speaker=speaker, language=speaker.language)
        async with self.world.undone():
            await self._visit(place, await self.engine.go_home(place, self.world), ("home",))
        entries = {entry.flow: entry for entry in self.router.words.values() if isinstance(entry, Entry)}
        for entry in entries.values():
            place = Place(speaker=speaker, language=speaker.language)
            async with self.world.undone():
                await self._visit(place, await self.engine.enter(place, entry, self.world), (entry.flow,))
        for said in self._spots() if self.chat else ():
            place = Place(speaker=speaker, language=speaker.language)
            async with self.world.undone():
                await self._visit(place, await self._answered(place, said), (said,))

    async def _visit(self, place: Place, turn: Turn, way: tuple[str, ...]) -> None:
        screen = self._shown(turn, place)
        place.further = screen.further
        top, kept = place.top, store(place)
        assert top is not None
        here = (top.flow, top.step)
        self.seen.append(Seen(self.who, self.chat, place.language, *here, turn, kept, screen, way, self.world.done))
        remark = turn.remark.key if turn.remark else ""
        known = _known_to_the_house(place)
        text = screen.text if self.thorough else ""
        mark = (*here, place.kind, remark, len(place.offered), place.page, place.resuming, known, text, _for(place),
                _beside(turn))  # fmt: skip
        over = isinstance(turn.screen, Notice) or place.language != self.language
        if over or mark in self._known or len(way) > DEEPEST:
            return
        self._known.add(mark)
        for said in self._answers(turn.screen, place, here):
            there = restore(kept)
            async with self.world.undone():
                answer = await self._answered(there, said)
                if place.kind == "field" and answer.remark is None and said not in BACK:
                    self._taken.setdefault(here, said)
                await self._visit(there, answer, (*way, said))
        await self._drop(kept, way)

    def _shown(self, turn: Turn, place: Place) -> ussd.Screen:
        if not self.chat:
            return ussd.render(turn, place, ussd.Limits())
        bubble, further = whatsapp.render(turn, place)
        return ussd.Screen(bubble.text, keep_open=not turn.ended, further=further)

    async def _answered(self, place: Place, said: str) -> Turn:
        if said.startswith(SHARED):
            contact = Contact("", (said.removeprefix(SHARED),), own=True)
            return await self.engine.share(place, contact, self.world)
        if said.startswith(SPOT):
            latitude, longitude = map(float, said.removeprefix(SPOT).split())
            return await self.engine.share(place, Location(latitude, longitude), self.world)
        return await self.engine.answer(place, said, self.world)

    async def _drop(self, kept: bytes, way: tuple[str, ...]) -> None:
        """The session is cut here and dialled again."""
        there = restore(kept)
        speaker = there.speaker
        assert speaker is not None
        if not self.chat:
            person = speaker.person if speaker.alone else None
            there.speaker = Speaker(speaker.phone, speaker.country, speaker.language, speaker.profiles, person)
        async with self.world.undone():
            self.world.done = ()
            await self._visit(there, await self.engine.come_back(there, self.world), (*way, "cut"))

    def _first(self, *what: object) -> bool:
        """Whether this is met for the first time."""
        before = what in self._tried
        self._tried.add(what)
        return not before

    def _answers(self, screen: Screen, place: Place, here: tuple[str, str]) -> list[str]:
        """What is tried on a screen; slips, and all but one thing to type, only on the first visit of its step."""
        new = self._first(*here, place.kind, *_known_to_the_house(place))
        if isinstance(screen, Menu):
            options = [str(option_number(place.first + i)) for i in range(len(screen.options))]
            more = ["9"] if place.further or place.more else []
            links = map(str, LINK_KEYS[: len(screen.links)])
            return [*options, *links, *more, *BACK, *(SLIPS if new else ()), *self._shared(screen)]
        if isinstance(screen, Confirm):
            return ["1", "2", *BACK, *(["5"] if new else [])]
        if isinstance(screen, Secret):
            return [*self.pins, *BACK, *(["12"] if new else [])]
        return [*(self.typed if new else [self._taken.get(here, "1500")]), *self._shared(screen), *BACK]

    def _shared(self, screen: Screen) -> list[str]:
        """What is shared where that is asked for."""
        if not self.chat or not isinstance(screen, Field | Menu) or not screen.asks:
            return []
        return self._spots() if screen.asks == "location" else [f"{SHARED}{number}" for number in self.contacts]

    def _spots(self) -> list[str]:
        return [f"{SPOT}{spot.latitude} {spot.longitude}" for spot in self.spots]


def _beside(turn: Turn) -> tuple[bool, bool]:
    """Whether a picture and a point are shown."""
    screen = turn.screen
    return (bool(screen.photo), bool(screen.spot)) if isinstance(screen, Menu) else (False, False)


def _for(place: Place) -> str:
    """The flow that the gate was called for."""
    return place.frames[-2].flow if len(place.frames) > 1 and place.frames[-1].flow == "identify" else ""


def _known_to_the_house(place: Place) -> tuple[bool, ...]:
    """What a shared phone's screens also depend on."""
    speaker = place.speaker
    shared = speaker is not None and speaker.profiles > 1
    return (speaker.proved, place.owner is not None) if speaker and shared else ()

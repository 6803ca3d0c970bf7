"""One thing said, one transaction, one reply."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, Final, Protocol, TypeVar

from bot.engine import Engine, Turn
from bot.inbound import Inbound, Message, Reply
from bot.place import Place
from bot.places import Kept, Key, Places, Row
from bot.render import sms, ussd
from bot.render.words import say
from bot.router import Act, Router
from bot.session import Heard, news
from bot.talk import Label, Notice, Text
from core.kit.clock import Clock
from core.kit.db import TRANSIENT, Database, Reader, Tx
from core.kit.deed import Deed, Look
from core.kit.log import get_log
from core.kit.patience import Patience
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import Language, Speaker

PAUSES_S: Final = (0.05, 0.2, 0.6, 1.5)
"""A turn that fails for a passing reason is run again, after so many seconds."""

RESUME_WITHIN: Final = timedelta(hours=24)
"""After this a conversation that was cut begins anew."""

ANSWER_WITHIN: Final = timedelta(hours=12)
"""A message that comes later than this is no answer to the question before it."""

REMEMBERED: Final = 10_000
"""Phones whose language is kept in mind."""

LONGEST: Final = 160
"""Characters of one answer; nobody types more on a number pad."""

_TYPED: Final = frozenset({"field", "secret"})

R = TypeVar("R")


class Domain(Protocol):
    """What the runner needs of the domain."""

    def reads(self, look: Look) -> Any:
        """What a speaker may read."""
        ...

    async def perform(self, command: object, deed: Deed) -> object:
        """Do it, or return the Refused."""
        ...


class Identify(Protocol):
    """Finds out who may be speaking on a phone."""

    def __call__(self, on: Reader, phone: Phone) -> Awaitable[Speaker]:
        """The speaker, as far as the number tells."""
        ...


class Watch(Protocol):
    """Sees every turn go by: the log line and the metrics."""

    def turn(self, channel: str, gateway: str, place: Place | None, outcome: str, seconds: float) -> None:
        """A turn was answered."""
        ...


class Conflict(Exception):
    """Somebody else moved this place meanwhile: run the turn again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn came to: the reply, where the person stands now, and a word for the log."""

    reply: Reply
    place: Place | None
    outcome: str


class _World:
    """The engine's outside, for one try of one turn; opens a transaction when the domain is first asked."""

    __slots__ = ("_runner", "_stack", "_style", "now", "secrets", "tx")

    def __init__(self, runner: "Runner", stack: AsyncExitStack, now: datetime, *, secrets: bool) -> None:
        self._runner = runner
        self._stack = stack
        self.now = now
        self.secrets = secrets
        self.tx: Tx | None = None

    @property
    def code(self) -> str:
        return self._runner.settings.service_code

    def read(self, speaker: Speaker) -> Any:
        return self._runner.domain.reads(Look(self.tx or self._runner.db, speaker, self.now, self._runner.settings))

    async def begin(self) -> Tx:
        if self.tx is None:
            self.tx = await self._stack.enter_async_context(self._runner.db.transaction())
        return self.tx

    async def perform(self, command: object, speaker: Speaker) -> object:
        deed = Deed(await self.begin(), speaker, self.now, self._runner.settings)
        return await self._runner.domain.perform(command, deed)

    def say(self, label: Label, language: str) -> str:
        return say(label, language)


class _Spoken:
    """Who does not speak French, for the one page that is shown when nothing can be looked up."""

    def __init__(self) -> None:
        self._others: dict[Phone, Language] = {}

    def note(self, phone: Phone, language: Language) -> None:
        if language != "fr":
            if len(self._others) >= REMEMBERED:
                self._others.clear()
            self._others[phone] = language
        elif self._others:
            self._others.pop(phone, None)

    def of(self, phone: Phone) -> Language:
        return self._others.get(phone, "fr")


class Runner:
    """Runs turns against one database. ``later`` sends by SMS what could not be said in time."""

    def __init__(
        self,
        engine: Engine,
        router: Router,
        domain: Domain,
        identify: Identify,
        db: Database,
        clock: Clock,
        settings: Settings,
        watch: Watch,
        later: Callable[[Phone, Place | None, Reply], Awaitable[None]],
    ) -> None:
        self.engine, self.router, self.domain, self.identify = engine, router, domain, identify
        self.db, self.clock, self.settings, self.watch = db, clock, settings, watch
        self.places = Places(db)
        self._later = later
        self._key = settings.place_key.get_secret_value().encode()[:64]
        self._patience = Patience(settings.answer_within_s)
        self._spoken = _Spoken()
        self._late: set[asyncio.Task[None]] = set()

    # --- session channels ----------------------------------------------------------------------------------

    async def hear(self, inbound: Inbound) -> Reply:
        """Answer one request of a session gateway, always and in time."""
        started = perf_counter()
        task = asyncio.ensure_future(self._turn(inbound))
        if not await self._patience.wait(task):
            self._finish_later(task, inbound.phone)
            return self._safe(inbound, "slow", started)
        try:
            outcome = task.result()
        except Exception:  # noqa: BLE001 - whatever it was, the person gets an answer and keeps the last good place
            get_log("bot").exception("turn_failed", gateway=inbound.gateway, phone=inbound.phone.masked)
            return self._safe(inbound, "failed", started)
        self.watch.turn("ussd", inbound.gateway, outcome.place, outcome.outcome, perf_counter() - started)
        if outcome.place is not None:
            self._spoken.note(inbound.phone, outcome.place.language)
        return outcome.reply

    def _safe(self, inbound: Inbound, outcome: str, started: float) -> Reply:
        self.watch.turn("ussd", inbound.gateway, None, outcome, perf_counter() - started)
        page = Turn(Notice(Text(f"turn.{outcome}", {"code": self.settings.service_code})))
        place = Place(language=self._spoken.of(inbound.phone))
        return Reply(ussd.render(page, place, inbound.limits).text, keep_open=False)

    def _finish_later(self, turn: "asyncio.Future[Outcome]", phone: Phone) -> None:
        task = asyncio.create_task(self._follow_up(turn, phone))
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _follow_up(self, turn: "asyncio.Future[Outcome]", phone: Phone) -> None:
        try:
            outcome = await turn
            await self._later(phone, outcome.place, outcome.reply)
        except Exception:  # noqa: BLE001 - there is nobody left to answer
            get_log("bot").exception("late_turn_failed", phone=phone.masked)

    async def _turn(self, inbound: Inbound) -> Outcome:
        key = ("ussd", inbound.phone.e164)
        return await _tried(lambda: self._session_turn(inbound, key))

    async def _session_turn(self, inbound: Inbound, key: Key) -> Outcome:
        row = await self.places.load(key, self.clock.now())
        kept, place = row.kept, row.kept.place
        same = kept.session == inbound.session and row.version > 0
        heard = news(kept.heard, inbound.text, self._key) if inbound.cumulated and same else None
        if heard is not None and heard.kind == "repeat":
            return Outcome(Reply(kept.reply, kept.open), None, "repeat")
        async with AsyncExitStack() as stack:
            world = _World(self, stack, self.clock.now(), secrets=True)
            if not same:
                turn = await self._begin(inbound, kept, world)
            elif heard is not None and heard.kind == "lost":
                turn = await self.engine.again(place, world)
            else:
                turn = await self._said(place, heard.said if heard else inbound.text, world)
            screen = ussd.render(turn, place, inbound.limits)
            place.further = screen.further
            heard_now = Heard.of(inbound.text, self._key)
            moved = Kept(place, world.now, inbound.session, heard_now, screen.text, screen.keep_open)
            await self._keep(Row(row.key, row.version, moved), world)
        return Outcome(Reply(screen.text, screen.keep_open), place, heard.kind if heard else "begin")

    async def _begin(self, inbound: Inbound, kept: Kept, world: _World) -> Turn:
        """A new session: who is it now, what was dialled, and was anything left unfinished?"""
        place = kept.place
        place.speaker = await self.identify(self.db, inbound.phone)
        place.language = place.speaker.language
        entry = self.router.dialled(inbound.suffix or inbound.text)
        if entry is not None:
            return await self.engine.enter(place, entry, world)
        if kept.open and place.frames and world.now - kept.at <= RESUME_WITHIN:
            return await self.engine.come_back(place, world)
        return await self.engine.go_home(place, world)

    async def _said(self, place: Place, said: str, world: _World) -> Turn:
        if len(said) > LONGEST:
            return await self.engine.again(place, world, Text("input.long", {"most": LONGEST}))
        target = self.router.word(said)
        if isinstance(target, Act):
            return await self.engine.act(place, target.command, world)
        entry = target or self._code(place, said)
        if entry is not None:
            return await self.engine.enter(place, entry, world)
        return await self.engine.answer(place, said.strip(), world)

    def _code(self, place: Place, said: str) -> Any:
        """A home's code opens that home; on a step that asks for something typed it is the answer."""
        return self.router.code(said.strip()) if place.kind not in _TYPED else None

    async def _keep(self, row: Row, world: _World) -> None:
        kept = await (self.places.keep(row) if world.tx is None else self.places.keep_in(world.tx, row))
        if not kept:
            raise Conflict

    # --- message channels ----------------------------------------------------------------------------------

    async def take_message(
        self,
        message: Message,
        claim: Callable[[Tx, Message], Awaitable[bool]],
        send: Callable[[Tx, Message, Place, sms.Worded], Awaitable[None]],
    ) -> None:
        """Answer one message of a message channel in one transaction: claimed, moved, its answer queued."""
        key: Key = (message.channel, message.phone.e164)
        await _tried(lambda: self._message_turn(message, key, claim, send))

    async def _message_turn(self, message: Message, key: Key, claim: Any, send: Any) -> None:
        started = perf_counter()
        # Read first: a turn that holds one connection and waits for a second would stop the house when all do so.
        row = await self.places.load(key, self.clock.now())
        async with AsyncExitStack() as stack:
            world = _World(self, stack, self.clock.now(), secrets=False)
            tx = await world.begin()
            if not await claim(tx, message):
                self.watch.turn(message.channel, message.source, None, "repeat", perf_counter() - started)
                return
            place = row.kept.place
            place.speaker = await self.identify(tx, message.phone)
            place.language = place.speaker.language
            if row.version == 0 or world.now - row.kept.at > ANSWER_WITHIN:
                place.frames = []
            turn = await self._said(place, message.text, world)
            worded, place.further = sms.render(turn, place)
            await send(tx, message, place, worded)
            await self._keep(Row(key, row.version, Kept(place, world.now)), world)
        self.watch.turn(message.channel, message.source, place, "answer", perf_counter() - started)


async def _tried(turn: Callable[[], Awaitable[R]]) -> R:
    """Run a turn, again when it lost a race, and again after a pause while the database is away."""
    for pause in PAUSES_S:
        try:
            return await turn()
        except Conflict:
            continue
        except TRANSIENT:
            await asyncio.sleep(pause)
    return await turn()

"""Sessions: one request of a gateway, one turn, one reply, always and in time."""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Final, Protocol

import msgspec

from bot.engine import Turn
from bot.inbound import Event, Inbound, Reply
from bot.place import Place
from bot.places import Kept, Key, Row
from bot.render import ussd
from bot.session import SEPARATOR, Heard, News, news
from bot.talk import Notice, Text
from bot.turns import RESUME_WITHIN, Outside, Turns
from core.kit.db import Reader
from core.kit.log import get_log
from core.kit.patience import Patience
from core.kit.phone import Phone
from core.kit.speaker import Language, PersonId, Speaker

REMEMBERED: Final = 10_000
"""Phones whose language is kept in mind."""


class Identify(Protocol):
    """Finds out who may be speaking on a phone."""

    def __call__(self, on: Reader, phone: Phone, /) -> Awaitable[Speaker]:
        """The speaker, as far as the number tells."""
        ...


class Outcome(msgspec.Struct, frozen=True):
    """What a turn came to: the reply, where the person stands now, and a word for the log."""

    reply: Reply
    place: Place | None
    outcome: str


class Task(msgspec.Struct, frozen=True):
    """Something that was begun: the flow, the language it is held in, and whose it is."""

    flow: str
    language: Language
    owner: PersonId | None


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
    """Answers session gateways. ``later`` sends by SMS what could not be said in time."""

    def __init__(
        self,
        turns: Turns,
        identify: Identify,
        later: Callable[[Phone, Place | None, Reply], Awaitable[None]],
    ) -> None:
        self.turns = turns
        self.identify = identify
        self._later = later
        self._key = turns.settings.place_key.get_secret_value().encode()[:64]
        self._patience = Patience(turns.settings.answer_within_s)
        self._spoken = _Spoken()
        self._late: set[asyncio.Task[None]] = set()

    async def hear(self, inbound: Inbound) -> Reply:
        """Answer one request of a session gateway, always and in time."""
        started = perf_counter()
        task = await self._patience.wait(self._turn(inbound))
        if not task.done():
            self._finish_later(task, inbound.phone)
            return self._safe(inbound, "slow", started)
        try:
            outcome = task.result()
        except Exception:  # noqa: BLE001 - whatever it was, the person gets an answer and keeps the last good place
            get_log("bot").exception("turn_failed", gateway=inbound.gateway, phone=inbound.phone.masked)
            return self._safe(inbound, "failed", started)
        watch = self.turns.watch
        watch.turn("ussd", inbound.gateway, outcome.place, outcome.outcome, perf_counter() - started)
        if outcome.place is not None:
            self._spoken.note(inbound.phone, outcome.place.language)
        return outcome.reply

    def _safe(self, inbound: Inbound, outcome: str, started: float) -> Reply:
        self.turns.watch.turn("ussd", inbound.gateway, None, outcome, perf_counter() - started)
        page = Turn(Notice(Text(f"turn.{outcome}", {"code": self.turns.settings.service_code})))
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

    async def cut(self, event: Event) -> Task | None:
        """What was being done in a session that was cut, if it is worth going on with."""
        if event.phone is None:
            return None
        row = await self.turns.places.load(("ussd", event.phone.e164), self.turns.clock.now())
        engine, kept = self.turns.engine, row.kept
        if kept.session != f"{event.source}:{event.session}" or not kept.open or not engine.unfinished(kept.place):
            return None
        if not engine.path.worth(kept.place):
            return None
        return Task(engine.path.begun(kept.place).flow, kept.place.language, kept.place.owner)

    async def _turn(self, inbound: Inbound) -> Outcome:
        key = ("ussd", inbound.phone.e164)
        return await self.turns.in_order(key, lambda: self._session_turn(inbound, key))

    async def _session_turn(self, inbound: Inbound, key: Key) -> Outcome:
        turns = self.turns
        row, heard = await self._found(inbound, key)
        kept, place = row.kept, row.kept.place
        if heard is not None and heard.kind == "repeat":
            return Outcome(Reply(kept.reply, kept.open), None, "repeat")
        async with Outside(turns, secrets=True) as world:
            if heard is None:
                turn = await self._begin(inbound, row, world)
            elif heard.kind == "lost":
                turn = await turns.engine.again(place, world)
            else:
                turn = await turns.said(place, heard.said, world)
            screen = ussd.render(turn, place, inbound.limits)
            place.further = screen.further
            late = heard is not None and inbound.cumulated and len(inbound.text) < kept.heard.length
            heard_now = kept.heard if late else Heard.of(inbound.text, self._key)
            moved = Kept(place, world.now, inbound.session, heard_now, screen.text, screen.keep_open)
            await turns.finish(place, row.key, world)
            await turns.keep(Row(row.key, row.version, moved), world)
        return Outcome(Reply(screen.text, screen.keep_open), place, heard.kind if heard else "begin")

    async def _found(self, inbound: Inbound, key: Key) -> tuple[Row, News | None]:
        """Where the person stands, and what the request brings; None when it begins a session.

        A text that says one thing more than this process stored last shows that nobody was heard meanwhile: the place
        is not read again. Were it wrong, the turn could not be kept, and would be run again on what is read.
        """
        places, now = self.turns.places, self.turns.clock.now()
        row = places.recall(key, now) if inbound.cumulated else None
        heard = self._news(inbound, row) if row is not None else None
        if row is None or heard is None or heard.kind != "answer" or SEPARATOR in heard.said:
            row = await places.load(key, now)
            heard = self._news(inbound, row)
        return row, heard

    def _news(self, inbound: Inbound, row: Row) -> News | None:
        if row.kept.session != inbound.session or row.version == 0 or inbound.anew:
            return None
        return news(row.kept.heard, inbound.text, self._key) if inbound.cumulated else News("answer", inbound.text)

    async def _begin(self, inbound: Inbound, row: Row, world: Outside) -> Turn:
        """A new session: who is it now, what was dialled, and was anything left unfinished, here or elsewhere?"""
        turns, kept, place = self.turns, row.kept, row.kept.place
        place.speaker = await self.identify(turns.db, inbound.phone)
        place.language = place.speaker.language
        entry = turns.router.dialled(inbound.suffix or inbound.text)
        if entry is not None:
            return await turns.engine.enter(place, entry, world)
        if await turns.take_up(row, world):
            return await turns.engine.come_back(place, world)
        if kept.open and place.frames and world.now - kept.at <= RESUME_WITHIN:
            return await turns.engine.come_back(place, world)
        return await turns.engine.go_home(place, world)

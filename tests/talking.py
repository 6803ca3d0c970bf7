"""Holds conversations with the real house: dial, answer, be cut off, dial again; every screen within its budget."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from bot.chat import Chats, Letter
from bot.engine import Engine
from bot.inbound import Event, Inbound
from bot.place import Place
from bot.render.bubble import Bubble
from bot.render.channels import RENDERERS
from bot.render.gsm7 import septets
from bot.router import Router
from bot.runner import Identify, Runner
from bot.turns import Domain, Turns
from core.kit.clock import FixedClock
from core.kit.db import Database, Tx
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import Address, Speaker
from core.kit.structs import replace
from core.people.visits import Visit, hear, known
from core.places.gazetteer import Gazetteer, gazetteer
from flows import FLOWS, ROUTER

TRANSCRIPTS = Path(__file__).parent / "transcripts"
_SESSIONS = count(1)
BUDGET = 160
"""Septets of a USSD screen."""


@dataclass(slots=True)
class Outcomes:
    """Sees every turn go by; a turn that failed or was slow is a failed test, not a polite page."""

    seen: list[str] = field(default_factory=list)

    def turn(self, channel: str, gateway: str, place: Place | None, outcome: str, seconds: float) -> None:  # noqa: ARG002
        """A turn was answered."""
        self.seen.append(outcome)


async def _never_late(phone: Phone, place: Place | None, reply: object) -> None:
    pytest.fail("a turn was late")


@dataclass(slots=True)
class House:
    """The conversation and the domain on one database, at a moment that stands still."""

    db: Database
    clock: FixedClock
    domain: Domain
    identify: Identify
    settings: Settings = field(default_factory=lambda: Settings(_env_file=None))
    router: Router = ROUTER
    outcomes: Outcomes = field(default_factory=Outcomes)
    places: Gazetteer = field(default_factory=gazetteer)

    def runner(self) -> Runner:
        """A runner as a new process would make it: nothing is remembered but what the database keeps."""
        return Runner(self.turns(), self.identify, _never_late)

    def turns(self) -> Turns:
        """What turns of every channel share, as a new process would make it."""
        engine = Engine(FLOWS, unasked=self.router.unasked)
        return Turns(engine, self.router, self.domain, self.db, self.clock, self.settings, self.outcomes)

    def talk(self, number: str) -> "Talk":
        """A phone in somebody's hand."""
        return Talk(self, Phone(number))


@dataclass(slots=True)
class Talk:
    """One phone's conversation; the place goes through the database between every two turns.

    ``lines`` is the transcript: what was said after ``>``, then the screen.
    """

    house: House
    phone: Phone
    lines: list[str] = field(default_factory=list)
    screen: str = ""
    open: bool = False
    _session: int = 0

    async def dial(self, suffix: str = "") -> str:
        """Begin a session (a former one that was not ended was cut), and see the screen."""
        self._session = next(_SESSIONS)
        return await self._hear(f"*384*{suffix}#" if suffix else "*384#", suffix, suffix)

    async def say(self, *said: str) -> str:
        """Answer one screen after the other, and see the last one."""
        for one in said:
            assert self.open, f"the session is over: {self.screen}"
            await self._hear(one, one, "")
        return self.screen

    async def secret(self, pin: str) -> str:
        """Type a PIN: it is in no transcript."""
        assert self.open
        return await self._hear("****", pin, "")

    async def _hear(self, shown: str, text: str, suffix: str) -> str:
        inbound = Inbound("test", f"test-{self.phone.e164}-{self._session}", self.phone, text, suffix, cumulated=False)
        reply = await self.house.runner().hear(inbound)
        assert self.house.outcomes.seen[-1] not in {"failed", "slow"}, f"after {shown!r} on: {self.screen}"
        assert (septets(reply.text) or BUDGET + 1) <= BUDGET, f"{septets(reply.text)} septets: {reply.text}"
        self.screen, self.open = reply.text, reply.keep_open
        self.lines += [f"> {shown}", reply.text, "" if reply.keep_open else "(fin)\n"]
        return reply.text

    async def text(self, said: str) -> str:
        """Write an SMS, and read the answer."""
        chat = Chat(self.house, "sms", self.phone.e164, self.phone)
        self.screen = await chat.say(said)
        self.lines += [f"> SMS {said}", self.screen, ""]
        return self.screen


@dataclass(slots=True)
class Chat:
    """One conversation on a message channel; nothing is remembered between two messages but what the database keeps."""

    house: House
    channel: str
    address: str
    phone: Phone | None = None
    bubbles: list[Bubble] = field(default_factory=list)
    _sent: int = 0

    async def say(self, said: str) -> str:
        """Write something, and read the answer."""
        return (await self.take(Event("message", self.channel, "test", text=said))).text

    async def tap(self, label: str) -> str:
        """Tap what bears this label in the last answer."""
        choice = next(choice for choice in self.bubbles[-1].choices if choice.label.startswith(label))
        return await self.tap_id(choice.id)

    async def tap_id(self, choice: str) -> str:
        """Tap something by its id, perhaps of an older message."""
        return (await self.take(Event("selection", self.channel, "test", choice=choice))).text

    async def take(self, event: Event) -> Bubble:
        """Whatever can come in, and the answer to it."""
        self._sent += 1
        number = f"{self.address}:{self._sent}"
        whole = replace(event, sender=self.address, phone=self.phone, external_id=number)
        await Chats(self.house.turns(), RENDERERS, self).take(whole)
        return self.bubbles[-1]

    async def known(self, event: Event) -> Speaker | None:
        """Who wrote, by the house's own rules; everything is new."""
        ((speaker, _),) = await known(self.house.db, [self._visit(event)])
        return speaker

    async def claim(self, tx: Tx, event: Event) -> Speaker | None:
        """The same, and their door remembers it."""
        visit = self._visit(event)
        return await hear(tx, visit.door, visit.source, self.house.clock.now(), phone=visit.phone, owned=visit.owned)

    async def answer(self, _tx: Tx, letters: Sequence[Letter]) -> None:
        """It is read at once."""
        self.bubbles += [letter.bubble for letter in letters]

    async def exchange(self, tx: Tx, letters: Sequence[Letter]) -> bool:
        """Heard and answered."""
        for letter in letters:
            await self.claim(tx, letter.event)
        await self.answer(tx, letters)
        return True

    def _visit(self, event: Event) -> Visit:
        door = Address(event.channel, event.sender)
        return Visit(door, event.source, "", event.phone, owned=event.channel == "sms")


def same_as_before(talk: Talk, name: str, *, update: bool) -> None:
    """Compare the conversation with ``transcripts/<name>.txt``, or write that anew."""
    path = TRANSCRIPTS / f"{name}.txt"
    now = "\n".join(talk.lines).rstrip() + "\n"
    if update:
        path.write_text(now, encoding="utf-8")
    assert path.exists(), f"no transcript {path.name}: run pytest tests/flows --update"
    assert now == path.read_text(encoding="utf-8")

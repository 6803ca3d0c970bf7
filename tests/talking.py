"""Holds conversations with the real house: dial, answer, be cut off, dial again; every screen within its budget."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.engine import Engine
from bot.inbound import Inbound, Message
from bot.place import Place
from bot.render.gsm7 import septets
from bot.render.sms import Worded
from bot.router import Router
from bot.runner import Domain, Identify, Runner
from core.kit.clock import FixedClock
from core.kit.db import Database, Tx
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.places.gazetteer import Gazetteer, gazetteer
from flows import FLOWS, ROUTER

TRANSCRIPTS = Path(__file__).parent / "transcripts"
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
        return Runner(
            Engine(FLOWS, free=self.router.free), self.router, self.domain, self.identify, self.db, self.clock,
            self.settings, self.outcomes, _never_late,
        )  # fmt: skip

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
        self._session += 1
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
        heard: list[str] = []

        async def claim(_: Tx, __: Message) -> bool:
            return True

        async def send(_: Tx, __: Message, ___: Place, worded: Worded) -> None:
            heard.append(worded.text)

        message = Message("sms", "test", f"{len(self.lines)}", self.phone, said)
        await self.house.runner().take_message(message, claim, send)
        self.screen = heard[-1]
        self.lines += [f"> SMS {said}", self.screen, ""]
        return self.screen


def same_as_before(talk: Talk, name: str, *, update: bool) -> None:
    """Compare the conversation with ``transcripts/<name>.txt``, or write that anew."""
    path = TRANSCRIPTS / f"{name}.txt"
    now = "\n".join(talk.lines).rstrip() + "\n"
    if update:
        path.write_text(now, encoding="utf-8")
    assert path.exists(), f"no transcript {path.name}: run pytest tests/flows --update"
    assert now == path.read_text(encoding="utf-8")

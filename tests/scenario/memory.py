"""The scenario inside the test: conversations in memory on a real database, and an operator beside them."""

import re
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import text

from bot.inbound import Event
from bot.render.sms import word_notice
from core.desk import Desk
from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.phone import Phone
from core.money.attempts import Collector
from core.notices.blanks import decode
from core.people.speaker import identify
from tests.conftest import MOMENT
from tests.core.money.operator import FakeOperator
from tests.scenario.player import Lost, numbered, option
from tests.scenario.rows import TALK
from tests.scenario.script import MARIE, holds
from tests.talking import Chat, House, Talk

TELEGRAM: Final = "384000101"
_TOLD: Final = Statement(
    text(
        "SELECT template, blanks, language FROM notice WHERE address = any(CAST(:addresses AS text[]))"
        " AND split_part(template, '.', 1) <> ALL (CAST(:talk AS text[])) ORDER BY id"
    )
)
_OPEN: Final = Statement(text("SELECT count(*) AS open FROM payment_attempt WHERE next_check_at IS NOT NULL"))


@dataclass(slots=True)
class Ussd:
    """A phone's number pad."""

    talk: Talk
    door: str = "ussd"

    async def meet(self) -> None:
        await self.talk.dial()

    async def say(self, words: str) -> None:
        if not self.talk.open:
            await self.talk.dial()
        await self.talk.say(words)

    async def pick(self, label: str) -> None:
        await self.say(option(self, numbered(self.talk.screen), label, self.talk.screen))

    async def read(self, *words: str) -> str:
        if not holds(self.talk.screen, *words):
            raise Lost(self, words, self.talk.screen)
        return self.talk.screen

    async def leave(self) -> None:
        """A session that is not ended is cut."""


@dataclass(slots=True)
class Message:
    """A conversation on a message channel; what has no buttons is answered by its number."""

    chat: Chat
    source: str
    _options: list[tuple[str, str]] = field(default_factory=list)
    _shown: str = ""

    @property
    def door(self) -> str:
        return f"{self.chat.channel} {self.chat.address}"

    async def meet(self) -> None:
        await self.say("bonjour")

    async def say(self, words: str) -> None:
        await self._take(Event("message", self.chat.channel, self.source, text=words))

    async def pick(self, label: str) -> None:
        key = option(self, self._options, label, self._shown)
        tap = Event("selection", self.chat.channel, self.source, choice=key)
        await (self._take(tap) if self.chat.bubbles[-1].choices else self.say(key))

    async def _take(self, event: Event) -> None:
        bubble = await self.chat.take(event)
        self._options = [(one.id, f"{one.label} {one.note}") for one in bubble.choices] or numbered(bubble.text)
        self._shown = "\n".join([bubble.text, *(words for _, words in self._options)])

    async def read(self, *words: str) -> str:
        if not holds(self._shown, *words):
            raise Lost(self, words, self._shown)
        return self._shown

    async def leave(self) -> None:
        """Nothing happens."""


@dataclass(slots=True)
class Beside:
    """The phone, its SMS and its Mobile Money, without a network."""

    house: House
    operator: FakeOperator
    pin: str

    async def code(self) -> str:
        self.house.clock.move(minutes=1)
        phone = Ussd(self.house.talk(MARIE))
        await phone.talk.dial("5")
        await phone.talk.secret(self.pin)
        await phone.pick("Relier un appareil")
        found = re.search(r"Code: (\d{6})", phone.talk.screen)
        assert found, phone.talk.screen
        return found[1]

    async def linked(self, count: int) -> None:
        assert sum(holds(text, "relié à votre compte") for text in await self._received()) == count

    async def approve(self) -> None:
        collector = Collector(self.house.db, self.house.clock, {"mtn": self.operator}, self.house.settings)
        self.house.clock.move(seconds=3)
        await collector.run_once()
        self.operator.approve(self.operator.last())
        for _ in range(20):
            self.house.clock.move(seconds=15)
            await collector.run_once()
            row = await self.house.db.one(_OPEN)
            if row is not None and not row["open"]:
                return
        raise AssertionError("the payment is never booked")

    async def receive(self, *words: str) -> None:
        received = await self._received()
        assert any(holds(text, *words) for text in received), f"no message with {words} among {received}"

    async def _received(self) -> list[str]:
        rows = await self.house.db.fetch(_TOLD, addresses=[MARIE, TELEGRAM], talk=list(TALK))
        return [word_notice(row["template"], decode(row["blanks"]), row["language"]).text for row in rows]


def house_on(db: Database) -> House:
    """The whole house, at the moment when the demo's people were planted."""
    return House(db, FixedClock(MOMENT), Desk(), identify)


def hands(house: House) -> dict[str, Ussd | Message]:
    """Marie's, by name; both WhatsApps are one conversation."""
    number = Phone(MARIE)
    return {
        "ussd": Ussd(house.talk(MARIE)),
        "sms": Message(Chat(house, "sms", MARIE, number), "africastalking"),
        "twilio": Message(Chat(house, "whatsapp", MARIE, number), "twilio"),
        "meta": Message(Chat(house, "whatsapp", MARIE, number), "meta"),
        "telegram": Message(Chat(house, "telegram", TELEGRAM), "telegram"),
    }

"""The scenario on the phones of the sandbox: what one would tap, type and read, through app, worker and providers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from yarl import URL

from tests.house import Handset, House
from tests.scenario.player import Lost, numbered, option
from tests.scenario.script import JOSEPH, MARIE, holds


@dataclass(slots=True)
class Ussd:
    """The number pad."""

    phone: Handset
    door: str = "ussd"
    _open: bool = False

    async def meet(self) -> None:
        self._see(await self.phone.house.call("POST", f"{self.phone.path}/dial", {"code": "*384#"}))

    async def say(self, words: str) -> None:
        if not self._open:
            await self.meet()
        self._see(await self.phone.house.call("POST", f"{self.phone.path}/answer", {"text": words}))

    def _see(self, shown: dict[str, Any]) -> None:
        self.phone.screen, self._open = str(shown["text"]), bool(shown["open"])

    async def pick(self, label: str) -> None:
        await self.say(option(self, numbered(self.phone.screen), label, self.phone.screen))

    async def read(self, *words: str) -> str:
        if not holds(self.phone.screen, *words):
            raise Lost(self, words, self.phone.screen)
        return self.phone.screen

    async def leave(self) -> None:
        if self._open:
            await self.phone.hang_up()
            self._open = False


@dataclass(slots=True)
class Message:
    """A conversation on one of the phone's screens, carried by one provider."""

    phone: Handset
    channel: str
    via: str
    _before: frozenset[str] = frozenset()
    _shown: dict[str, Any] | None = None

    @property
    def door(self) -> str:
        return self.channel

    async def meet(self) -> None:
        """Any screen with something to choose on it may be the answer; no notice has that."""
        await self.say("bonjour")
        await self._see(lambda one: bool(_options(one)), "an answer to bonjour")

    async def say(self, words: str) -> None:
        await self._act({"text": words})

    async def pick(self, label: str) -> None:
        shown = await self._seen()
        key = option(self, _options(shown), label, _text(shown))
        await self._act({"tap": key, "message": shown["id"]} if shown["buttons"] else {"text": key})

    async def read(self, *words: str) -> str:
        if self._shown is None:
            await self._see(lambda one: holds(_text(one), *words), f"{words} on {self.channel} by {self.via}")
        shown = _text(await self._seen())
        if not holds(shown, *words):
            raise Lost(self, words, shown)
        return shown

    async def leave(self) -> None:
        """Nothing happens."""

    async def _act(self, said: dict[str, Any]) -> None:
        self._before, self._shown = frozenset(map(repr, await self._received())), None
        answer = await self.phone.house.call("POST", f"{self.phone.path}/{self.channel}", {**said, **self._how()})
        assert answer["status"] == 200, answer

    def _how(self) -> dict[str, str]:
        return {} if self.channel == "telegram" else {"via": self.via}

    async def _seen(self) -> dict[str, Any]:
        assert self._shown is not None, f"nothing was read on {self.channel}"
        return self._shown

    async def _see(self, true: Callable[[dict[str, Any]], bool], what: str) -> None:
        """Wait for a message that came, or changed, since something was said."""

        async def found() -> dict[str, Any] | None:
            new = [one for one in await self._received() if repr(one) not in self._before and true(one)]
            return new[-1] if new else None

        self._shown = await self.phone.house.until(found, what)

    async def _received(self) -> list[dict[str, Any]]:
        every = await self.phone.house.call("GET", f"{self.phone.path}/messages")
        return [one for one in every if one["channel"] == self.channel]


def _options(shown: dict[str, Any]) -> list[tuple[str, str]]:
    """What can be tapped on a message, or typed as a number."""
    tapped = [(one["id"], f"{one['label']} {one['note']}") for one in shown["buttons"]]
    return tapped or numbered(shown["text"])


def _text(shown: dict[str, Any]) -> str:
    return "\n".join([shown["text"], *(words for _, words in _options(shown))])


@dataclass(slots=True)
class Beside:
    """Her phone, its SMS and its Mobile Money, and her landlord's phone."""

    house: House
    pin: str
    phone: Handset = field(init=False)

    def __post_init__(self) -> None:
        self.phone = Handset(self.house, MARIE)

    async def code(self) -> str:
        await self.phone.dial("*384*5#")
        await self.phone.answer(self.pin)
        shown = await self.phone.choose("Relier un appareil")
        found = re.search(r"Code: (\d{6})", shown)
        assert found, shown
        return found[1]

    async def linked(self, count: int) -> None:
        async def told() -> bool:
            return sum(holds(text, "relié à votre compte") for text in await self.phone.messages()) == count

        await self.house.until(told, f"SMS number {count} about a link")

    async def approve(self) -> None:
        """The ladder's waits prove nothing here: once the operator has it, its answer is asked for at once."""
        await self.house.until(lambda: self._is("submitted"), "the operator's word that it has the order")
        await self.phone.approve()

        async def booked() -> bool:
            await self.house.sql("UPDATE payment_attempt SET next_check_at = now() WHERE next_check_at > now()")
            return await self._is("succeeded")

        await self.house.until(booked, "the payment in the books")
        await Handset(self.house, JOSEPH).message("Marie", "85.000F", "Studio B3", "Reste 0F")

    async def _is(self, state: str) -> bool:
        return bool(await self.house.sql("SELECT count(*) FROM payment_attempt WHERE state = $1", state))

    async def receive(self, *words: str) -> None:
        async def told() -> bool:
            return any(holds(text, *words) for text in await self.phone.messages())

        await self.house.until(told, f"a message with {words}")

    async def papers(self) -> list[str]:
        """What can be read on the papers that came with her messages."""
        every = await self.house.call("GET", f"{self.phone.path}/messages")
        found = []
        for address in (one["document"] for one in every if one["document"]):
            async with self.house.http.get(URL(f"{self.house.sandbox}{address}", encoded=True)) as got:
                found.append("\n".join(page.extract_text() for page in PdfReader(BytesIO(await got.read())).pages))
        return found


def hands(house: House) -> dict[str, Ussd | Message]:
    """Marie's, by name; both WhatsApps are one conversation."""
    phone = Handset(house, MARIE)
    return {
        "ussd": Ussd(phone),
        "sms": Message(phone, "sms", "africastalking"),
        "twilio": Message(phone, "whatsapp", "twilio"),
        "meta": Message(phone, "whatsapp", "meta"),
        "telegram": Message(phone, "telegram", "telegram"),
    }

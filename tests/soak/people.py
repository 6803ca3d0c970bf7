"""People who press keys by chance: through every menu, with junk, second thoughts and lost networks."""

import asyncio
import re
from random import Random
from typing import Any, NamedTuple

from tests.house import House
from tests.soak.tally import Tally

BUDGET = 160
BROKEN = ("Erreur de connexion", "Session expir", "Pas de r")
NUMBERED = re.compile(r"^(\d{1,2}) \S", re.MULTILINE)
ENTRIES = ("*384#",) * 5 + ("*384*1#", "*384*2#", "*384*3#", "*384*4#", "*384*A4821#", "*384*77#", "*384*1*2#", "*100#")
JUNK = (
    "", " ", "0", "00", "9", "99", "-1", "1*2", "*", "#", "abc", "oui", "non", "menu", "aide", "payer", "english",
    "francais", "85000", "85.000 F", "1 000", "99999999999999", "A4821", "R0000", "P10005", "studio akwa 80k",
    "'; DROP TABLE place; --", "<b>", "\u202e12", "٣", "🏠🏠", "é" * 40, "x" * 200, "\u0000", "\n", "670000101",
    "+33612345678",
)  # fmt: skip
SMS = (
    "AIDE", "studio a akwa 80000", "1", "2", "loyer", "recu", "INFO", "STOP", "OUI", "stop", "oui", "🏠", "x" * 400,
    "A4821",
)  # fmt: skip


class Screen(NamedTuple):
    """What a phone shows."""

    text: str
    open: bool

    @property
    def options(self) -> list[str]:
        """The numbers that can be chosen."""
        return [number for number in NUMBERED.findall(self.text) if number not in {"0", "00"}]


class Person:
    """A phone and whoever holds it; every screen it shows is looked at."""

    def __init__(self, house: House, tally: Tally, chance: Random, number: str, pin: str = "") -> None:
        self.house, self.tally, self.chance = house, tally, chance
        self.number, self.pin = number, pin or "7391"
        self.path = f"/phones/{number.lstrip('+')}"

    async def live(self) -> None:
        """Do one thing."""
        raise NotImplementedError

    async def dial(self, code: str) -> Screen:
        """Dial."""
        screen = self._seen(*await self.house.ask("POST", f"{self.path}/dial", {"code": code}))
        if not screen.open:
            await self.think(2.0)
        return screen

    async def answer(self, said: str) -> Screen:
        """Answer; without a session nothing happens."""
        return self._seen(*await self.house.ask("POST", f"{self.path}/answer", {"text": said}))

    def _seen(self, status: int, shown: Any) -> Screen:
        if status >= 300:
            return Screen("", open=False)
        screen = Screen(shown["text"], shown["open"])
        if screen.text.startswith(BROKEN):
            self.tally.add("turn: the session broke or ran out")
            return screen
        self.tally.add("turn")
        if not screen.text.strip():
            self.tally.breach("an empty screen")
        if shown["septets"] > BUDGET:
            self.tally.breach(f"{shown['septets']} septets: {screen.text!r}")
        return screen

    async def think(self, longest: float = 0.4) -> None:
        """People take their time."""
        await asyncio.sleep(self.chance.uniform(0, longest))

    async def write(self, text: str) -> None:
        """Send an SMS."""
        await self.house.ask("POST", f"{self.path}/sms", {"text": text})
        self.tally.add("sms written")

    async def drop(self) -> None:
        """The session ends: hung up, or no network for a moment."""
        self.tally.add("sessions dropped")
        if self.chance.random() < 0.5:
            await self.house.ask("POST", f"{self.path}/hangup")
            return
        await self.house.ask("POST", f"{self.path}/network", {"on": False})
        await self.think()
        await self.house.ask("POST", f"{self.path}/network", {"on": True})


class Stroller(Person):
    """Goes wherever the menus lead."""

    async def live(self) -> None:
        """One session, or one SMS."""
        if self.chance.random() < 0.12:
            await self.write(self.chance.choice(SMS))
            return
        screen = await self.dial(self.chance.choice(ENTRIES))
        for _ in range(self.chance.randint(1, 14)):
            if not screen.open:
                return
            await self.think()
            if self.chance.random() < 0.05:
                await self.drop()
                return
            screen = await self.answer(self._say(screen))

    def _say(self, screen: Screen) -> str:
        if self.chance.random() < 0.15:
            return self.chance.choice(JUNK)
        if "secret" in screen.text or "Retapez" in screen.text or "PIN" in screen.text:
            return self.pin
        if "nom ?" in screen.text:
            return self.chance.choice(("Abena Ruth", "Ngo", "Éssomba Jean-Pierre", "O'Neil"))
        return self.chance.choice([*screen.options, "0"] if screen.options else [*JUNK, "douala", "80000"])

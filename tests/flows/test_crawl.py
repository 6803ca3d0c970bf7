"""Every screen that can be reached by pressing numbers: within its budget, with a way back, in both languages."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from bot.engine import Engine, Entry
from bot.place import Place, restore, store
from bot.render import ussd
from bot.render.gsm7 import septets
from bot.render.words import say
from bot.talk import Label, Refused
from core.desk import Reads
from core.kit.deed import Look
from core.kit.phone import Phone
from core.kit.speaker import Language, PersonId, Speaker
from flows import FLOWS
from tests.flows.planting import MARIE, Rented, Shown, landlord, let, online, person
from tests.talking import BUDGET, House

TYPED = ("Marie", "madagascar", "60", "95000", "677000222", "699123456")
"""Tried wherever something is typed."""

MOST = 1_500
ENTRIES = ("menu", "search", "sentence", "home", "pay_rent", "receipts", "check_receipt", "help", "info", "language")


@dataclass(slots=True)
class Onlooker:
    """Reads the real house and lets nothing happen: every command is refused for the most common reason."""

    house: House
    secrets: bool = True
    code: str = "*384#"

    def read(self, speaker: Speaker) -> Reads:
        """The house as this speaker may read it."""
        return Reads(Look(self.house.db, speaker, self.house.clock.now(), self.house.settings), self.house.places)

    async def perform(self, command: object, speaker: Speaker) -> object:  # noqa: ARG002
        """Nothing is done."""
        return Refused("pin.wrong", left=4)

    def say(self, label: Label, language: str) -> str:
        """A label in words."""
        return say(label, language)


@dataclass(slots=True)
class Crawler:
    """Presses every number on every screen it has not seen."""

    engine: Engine
    world: Onlooker
    language: Language

    async def crawl(self, start: Place) -> dict[str, str]:
        """Every screen, by what was pressed to reach it."""
        seen: dict[str, str] = {}
        waiting: deque[tuple[bytes, str]] = deque()
        for flow in ENTRIES:
            place = restore(store(start))
            turn = await self.engine.enter(place, Entry(flow), self.world)
            self._note(ussd.render(turn, place, ussd.Limits()), place, flow, seen, waiting)
        while waiting and len(seen) < MOST:
            stored, path = waiting.popleft()
            for said in self._answers(restore(stored)):
                place = restore(stored)
                turn = await self.engine.answer(place, said, self.world)
                self._note(ussd.render(turn, place, ussd.Limits()), place, f"{path} {said}", seen, waiting)
        return seen

    @staticmethod
    def _note(
        screen: ussd.Screen, place: Place, path: str, seen: dict[str, str], waiting: deque[tuple[bytes, str]]
    ) -> None:
        place.further = screen.further
        if screen.text not in seen:
            seen[screen.text] = path
            if screen.keep_open:
                waiting.append((store(place), path))

    @staticmethod
    def _answers(place: Place) -> Iterator[str]:
        yield "0"
        yield "x"
        if place.kind == "menu":
            yield from (str(number) for number in (*range(1, 10), 10, 11))
        elif place.kind == "confirm":
            yield from "12"
        elif place.kind == "field":
            yield from TYPED
        else:
            yield "4826"


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_screen_fits_and_leads_back(house: House, language: Language, known: bool) -> None:
    marie = await planted(house)
    speaker = Speaker(Phone(MARIE), "CM", language, 1, marie) if known else Speaker(Phone(MARIE), "CM", language)
    crawler = Crawler(Engine(FLOWS), Onlooker(house), language)
    seen = await crawler.crawl(Place(speaker=speaker, language=language))
    back = say_back(language)
    too_long = {path: text for text, path in seen.items() if (septets(text) or 999) > BUDGET}
    assert not too_long
    stuck = {path: text for text, path in seen.items() if back not in text and not menu_or_end(text, language)}
    assert not stuck
    cut = {path: text for text, path in seen.items() if loses_words(text) and not path.endswith(" x")}
    assert not cut
    assert 80 < len(seen) < MOST


def loses_words(text: str) -> bool:
    """A title or a note was cut to fit; the label of an option may be."""
    lines = [line for line in text.splitlines() if not line[:1].isdigit()]
    return any(line.endswith("..") and not line.endswith("...") for line in lines)


def say_back(language: str) -> str:
    """The line that leads back."""
    return "0 Retour" if language == "fr" else "0 Back"


def menu_or_end(text: str, language: str) -> bool:
    """The main menu has nowhere to go back to, and last words need no way back."""
    menu = "Verifier un recu" if language == "fr" else "Check a receipt"
    return menu in text or "\n1 " not in text


async def planted(house: House) -> PersonId:
    """A tenant with two leases, one of them in arrears, and homes with long names."""
    owner, marie = await landlord(house), await person(house, MARIE, "Ngo Bell Marie-Antoinette")
    await let(house, owner, marie, Rented("Appartement meublé B12", 1_250_000, 75_000, date(2026, 8, 1)))
    await let(house, owner, marie, replace(Rented(), title="Boutique 2"))
    features = ("tarred_road", "generator", "shower")
    await online(house, owner, *[Shown(landmark="Derrière la grande pharmacie du marché", features=features)] * 14)
    return marie

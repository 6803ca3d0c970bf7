"""What every screen promises: it fits, is all there, leads back, is in one language, true, and nobody else's."""

import re
from collections.abc import Iterator
from typing import Any

from bot.render import ussd
from bot.render.gsm7 import fold_ascii, septets
from bot.render.words import say
from bot.talk import Menu, Notice, Text
from core.kit.text import fold
from tests.crawl.crawler import Seen
from tests.crawl.messages import by_message, head_of, labels_of
from tests.talking import BUDGET

PRIVATE = frozenset({"pay_rent", "pay_with", "receipts"})
"""Flows that nobody sees on a shared phone before the PIN, nor anybody after a cut."""

FIXED = frozenset({"0", "00", "7", "8", "9"})
"""Numbers that are no options."""

BACK = {"fr": "0 Retour", "en": "0 Back"}

PROMISES = (
    (r"aucun argent n'a ete pris|rien n'a ete pris|no(thing| money) was taken", False, "PayRent"),
    (r"d'accord, rien n'est garde|nothing is kept", False, "Register"),
    (r"validez maintenant|doit valider la demande|now approve|must approve", True, "PayRent"),
    (r"compte cree|account created", True, "Register"),
    (r"le recu vous est envoye|the receipt is sent to you", True, "SendReceipt"),
)
"""Words, and the command that must (or must not) have succeeded on the way to them."""

STRANGERS = {
    "fr": "the your you with please what which dial back home rent to from",
    "en": "le la les un une des du de et ou est vous votre vos pour avec dans sur pas retour accueil suite loyer mois",
}
"""Words that one language never uses and the other cannot do without."""


class Checks:
    """Finds what is wrong with screens of one language; ``strangers`` live together on the shared phone."""

    def __init__(self, language: str, strangers: list[str]) -> None:
        self.language = language
        self._strangers = {part for name in strangers for part in name.split()}
        self._foreign = re.compile(rf"\b({'|'.join(STRANGERS[language].split())})\b")
        self._by_way: dict[tuple[str, tuple[str, ...]], Seen] = {}
        self._told: set[str] = set()

    def problems(self, one: Seen) -> Iterator[tuple[str, str]]:
        """What is wrong with a screen, and the screen."""
        told = f"{one.who} {one.flow}.{one.step} by {one.way}:\n{one.screen.text}"
        before = self._by_way.get((one.who, one.way[:-1]))
        self._by_way[one.who, one.way] = one
        found = [*self._private(one), *_moved(before, one), *_true(one)]
        if one.screen.text not in self._told:
            self._told.add(one.screen.text)
            found += [*([] if one.chat else _by_ussd(one)), *self._one_language(one), *by_message(one)]
        yield from ((f"{problem} ({one.flow}.{one.step})", told) for problem in found)

    def _private(self, one: Seen) -> Iterator[str]:
        speaker = one.place.speaker
        if speaker is None or speaker.proved:
            return
        if one.who == "shared" and any(part in one.screen.text for part in self._strangers):
            yield "a name before the PIN"
        if one.flow in PRIVATE and (one.who == "shared" or one.way[-1] == "cut"):
            yield "shown before the PIN"

    def _one_language(self, one: Seen) -> Iterator[str]:
        if one.language != self.language:
            return
        for label in labels_of(one.turn):
            words = fold(say(_without_names(label), self.language))
            if found := self._foreign.search(words):
                yield f"{found[0]!r} in {self.language}"


def _by_ussd(one: Seen) -> Iterator[str]:
    yield from _fits(one)
    yield from _whole(one)
    yield from _leads_back(one)


def _fits(one: Seen) -> Iterator[str]:
    text = one.screen.text
    size = septets(text)
    if size is None or size > BUDGET:
        yield f"{size} septets"
    if not text.isascii():
        yield "not ASCII"


def _whole(one: Seen) -> Iterator[str]:
    """Nothing of the head was cut, every option is one, and the same screen by SMS has every word."""
    labels = labels_of(one.turn)
    if not all(say(label, one.language).strip() for label in labels):
        yield "an empty text"
    head = fold_ascii("\n".join(say(label, one.language) for label in head_of(one.turn)))
    if not one.screen.text.startswith(head):
        yield "a cut head"
    numbers = [line.split(" ")[0] for line in one.screen.text[len(head) + 1 :].split("\n") if line]
    options = [number for number in numbers if number not in FIXED]
    if len(options) > ussd.ON_A_PAGE or len(set(numbers)) < len(numbers) or not all(map(str.isdigit, numbers)):
        yield f"numbers {numbers}"
    if isinstance(one.turn.screen, Menu) and one.turn.screen.options and not options:
        yield "no option"


def _leads_back(one: Seen) -> Iterator[str]:
    at_home = len(one.place.frames) == 1 and one.flow == "menu"
    lines = one.screen.text.split("\n")
    if one.screen.keep_open and not at_home and BACK[one.language] not in lines:
        yield "no way back"
    if one.screen.keep_open is isinstance(one.turn.screen, Notice):
        yield "an end that is none"


def _moved(before: Seen | None, one: Seen) -> Iterator[str]:
    """Going back or home leads somewhere else."""
    if before is None or one.way[-1] not in {"0", "00"} or len(before.place.frames) == 1:
        return
    if before.place.frames == one.place.frames:
        yield "no way out"
    if one.way[-1] == "00" and one.flow != "menu":
        yield "00 leads elsewhere"


def _true(one: Seen) -> Iterator[str]:
    """What is promised was kept on this way."""
    said = one.screen.text.lower()
    for words, kept, command in PROMISES:
        if re.search(words, said) and (command in one.done) is not kept:
            yield f"{words!r} is not so"


def _without_names(label: Any) -> Any:
    """A label with only what the catalogue says."""
    if isinstance(label, Text):
        return Text(label.key, {name: _without_names(value) for name, value in label.blanks.items()})
    if isinstance(label, tuple | list):
        return [_without_names(one) for one in label]
    return "" if isinstance(label, str) else label

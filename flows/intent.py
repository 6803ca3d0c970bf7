"""Says where words at the top of a chat lead, with the answers that are in them; what is unclear is asked."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.engine import Entry
from core.kit.text import fold
from core.places.amounts import SPELT
from core.places.gazetteer import gazetteer
from core.places.lexicon import LEXICON
from core.places.sentence import read_sentence
from core.places.signs import read_signs
from core.places.spelling import KNOWN
from core.places.words import Wanted
from flows.check_receipt import Check
from flows.codes import codes_in, without
from flows.help import Topic
from flows.leads import RULES, Rule
from flows.pay_rent import Rent
from flows.sentence import Sentence
from flows.tells import TELLS
from flows.told import Sheet
from flows.typed import LONGEST_SENTENCE

_LONGEST_PHRASE: Final = 5
_ONE_SLIP, _TWO_SLIPS = 5, 9
"""Letters of a word from which one slip of the thumb, or two, are overlooked."""

_AMOUNT = re.compile(r"\d+[a-z]{0,5}")


@dataclass(frozen=True, slots=True)
class Told:
    """What was told: names of TELLS and of what was read beside them, the codes, and the search it may be."""

    said: str
    tells: frozenset[str]
    codes: Mapping[str, str]
    wanted: Wanted
    alone: bool

    @property
    def francs(self) -> int:
        """The one amount that was said; 0 for none, a range or several."""
        return (self.wanted.max_price or 0) if self.alone else 0


_TARGETS: Final[dict[str, Callable[[Told], Entry]]] = {
    "pay": lambda told: Entry("pay_rent", state=Rent(said=told.francs)),
    "pay_lease": lambda told: Entry("pay_rent", "whose", Rent(code=told.codes["lease_code"], said=told.francs)),
    "pay_another": lambda told: Entry("pay_rent", "code", Rent(said=told.francs)),
    "how_pay": lambda _: Entry("help", "read", Topic("pay")),
    "receipts": lambda _: Entry("receipts"),
    "check": lambda told: _check(told.codes.get("receipt_code", "")),
    "home": lambda told: Entry("home", state=Sheet(told.codes["home_code"])),
    "sentence": lambda told: Entry("sentence", "which", Sentence(told.said)),
    "doubt_search": lambda told: _doubt(told, "sentence"),
    "doubt_receipts": lambda told: _doubt(told, "receipts"),
    "numbers": lambda _: Entry("help", "read", Topic("numbers")),
    "human": lambda _: Entry("help", "read", Topic("numbers")),
    "pin": lambda _: Entry("help", "read", Topic("pin")),
    "nothing": lambda _: Entry("sentence", "heard", Sentence()),
}
"""Where it leads that needs answers or stands for a flow; any other name is that of a flow."""

_UNTIL_THEN: Final = {"ticket": "numbers", "publish": "numbers", "preferences": "numbers"}
"""What somebody is told who wants what Toit has no flow for yet: whom to call."""


def intents(flows: Collection[str]) -> Callable[[str], Entry]:
    """Give the reader of free words for a house with these flows. It reads anything, keeps and looks up nothing."""
    known = {*flows, *_TARGETS}

    def entry(said: str) -> Entry:
        told = listen(said)
        to = next((rule.to for rule in RULES if _holds(rule, told.tells)), "nothing")
        name = to if to in known else _UNTIL_THEN.get(to, "nothing")
        make = _TARGETS.get(name)
        return make(told) if make else Entry(name)

    return entry


def listen(said: str) -> Told:
    """Say what a message tells, without deciding anything."""
    said = said[:LONGEST_SENTENCE]
    codes = dict(codes_in(said, _WORDS))
    text = without(said, codes.values())
    wanted = read_sentence(text, gazetteer=gazetteer(), country=None)
    heard = list(_heard(fold(text).split()))
    tells = {tell for tell in heard if tell}
    if None not in heard:
        tells.add("bare")
    return Told(said, frozenset(tells | codes.keys() | _searched(wanted)), codes, wanted, _alone(text))


def _holds(rule: Rule, tells: frozenset[str]) -> bool:
    return tells.issuperset(rule.needs.split()) and tells.isdisjoint(rule.unless.split())


def _check(code: str) -> Entry:
    return Entry("check_receipt", "result", Check(code)) if code else Entry("check_receipt")


def _doubt(told: Told, other: str) -> Entry:
    return Entry("sentence", "doubt", Sentence(told.said, other=other, francs=told.francs))


# --- what is read ------------------------------------------------------------------------------------------


def _searched(wanted: Wanted) -> set[str]:
    read = {
        "home": bool(wanted.type) or wanted.bedrooms is not None or wanted.furnished,
        "place": wanted.city or wanted.neighbourhoods or wanted.exclude_neighbourhoods or wanted.ambiguous,
        "amount": wanted.min_price or wanted.max_price,
        "deal": wanted.transaction and wanted.max_price is None,
    }
    return {name for name, value in read.items() if value}


def _alone(text: str) -> bool:
    """Whether at most one amount was said."""
    row = read_signs(text, gazetteer(), None)
    return sum(sign.role == "amount" for sign in row.signs) < 2


def _heard(words: Sequence[str]) -> Iterator[str | None]:
    """Give what each phrase tells: "" for one that tells nothing, None for a word nobody expected."""
    at = 0
    while at < len(words):
        sizes = range(min(_LONGEST_PHRASE, len(words) - at), 1, -1)
        phrase = next((size for size in sizes if " ".join(words[at : at + size]) in _INDEX), 1)
        yield _INDEX[" ".join(words[at : at + phrase])] if phrase > 1 else _tell(words[at])
        at += phrase


def _tell(word: str) -> str | None:
    """What one word tells, with a slip of the thumb in it or not."""
    if word in _INDEX:
        return _INDEX[word]
    if _AMOUNT.fullmatch(word) or word in SPELT or (word in LEXICON and LEXICON[word].role not in _SILENT):
        return ""
    if word in KNOWN or len(word) < _ONE_SLIP:
        return None
    slips = 1 + (len(word) >= _TWO_SLIPS)
    near = process.extractOne(word, _LONG, scorer=OSA.distance, score_cutoff=slips)
    return _INDEX[near[0]] if near else None


_INDEX: Final = {phrase: tell for tell, phrases in TELLS.items() for phrase in phrases.split(", ")}
_LONG: Final = sorted(word for word in _INDEX if word.isalpha() and len(word) >= _ONE_SLIP)
_WORDS: Final = {*_INDEX, *KNOWN}
_SILENT: Final = frozenset({"noise", "unit", "not", "but", "inside", "origin", "fee"})
"""Roles of words in a search that say nothing about what is wanted."""

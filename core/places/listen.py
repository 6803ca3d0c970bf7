"""Listens to free words: what each of them tells, the codes among them, and the search they may be; decides nothing."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.kit.text import fold
from core.places.amounts import SPELT
from core.places.codes import codes_in, without
from core.places.gazetteer import gazetteer
from core.places.lexicon import LEXICON, each_way
from core.places.sentence import read_row
from core.places.signs import Row, read_signs
from core.places.spelling import KNOWN
from core.places.words import Told, Wanted

LONGEST: Final = 600
"""Characters of a message that count."""

_LONGEST_PHRASE: Final = 6
_ONE_SLIP, _TWO_SLIPS = 5, 9
"""Letters of a word from which one slip of the thumb, or two, are overlooked."""

_AMOUNT = re.compile(r"\d+[a-z]{0,5}")
_SILENT: Final = frozenset({"noise", "unit", "not", "but", "inside", "origin", "paid", "mend", "fee"})
"""Roles of words in a search that say nothing about what is wanted."""


class Tells(msgspec.Struct):
    """One line of the table: folded phrases that tell the same; "(pour|de) (mon|ma)" is each way to say it.

    Those that tell "" hide nothing else either.
    """

    tells: str
    phrases: list[str]


def listen(said: str) -> Told:
    """Say what a message tells. Any text is taken; only its first 600 characters count."""
    said = said[:LONGEST]
    codes = dict(codes_in(said, known_words()))
    text = without(said, codes.values())
    row = read_signs(text, gazetteer(), None)
    wanted = read_row(row, gazetteer=gazetteer(), country=None)
    heard = list(_heard(fold(text).split()))
    tells = {tell for tell in heard if tell} | codes.keys() | _searched(wanted)
    if None not in heard:
        tells.add("bare")
    return Told(said, frozenset(tells), codes, _francs(row, wanted))


def _searched(wanted: Wanted) -> set[str]:
    read = {
        "home": bool(wanted.type) or wanted.bedrooms is not None or wanted.furnished,
        "place": wanted.city or wanted.neighbourhoods or wanted.exclude_neighbourhoods or wanted.ambiguous,
        "amount": wanted.min_price or wanted.max_price,
        "deal": wanted.transaction and wanted.max_price is None,
    }
    return {name for name, value in read.items() if value}


def _francs(row: Row, wanted: Wanted) -> int:
    """The one amount that was said; 0 for none, a range or several."""
    alone = sum(sign.role == "amount" for sign in row.signs) == 1
    return (wanted.max_price or 0) if alone else 0


def _heard(words: Sequence[str]) -> Iterator[str | None]:
    """Give what each phrase tells: "" for one that tells nothing, None for a word nobody expected."""
    index, at = phrases(), 0
    while at < len(words):
        sizes = range(min(_LONGEST_PHRASE, len(words) - at), 1, -1)
        size = next((size for size in sizes if " ".join(words[at : at + size]) in index), 1)
        yield index[" ".join(words[at : at + size])] if size > 1 else _tell(words[at])
        at += size


@lru_cache(maxsize=4096)
def _tell(word: str) -> str | None:
    """What one word tells, with a slip of the thumb in it or not."""
    index = phrases()
    if word in index:
        return index[word]
    if _AMOUNT.fullmatch(word) or word in SPELT or (word in LEXICON and LEXICON[word].role not in _SILENT):
        return ""
    if word in KNOWN or len(word) < _ONE_SLIP:
        return None
    slips = 1 + (len(word) >= _TWO_SLIPS)
    near = process.extractOne(word, _long_words(), scorer=OSA.distance, score_cutoff=slips)
    return index[near[0]] if near else None


@cache
def phrases() -> dict[str, str]:
    """The table: every phrase with what it tells; loaded once a process."""
    lines = files("core.places").joinpath("tells.jsonl").read_bytes().splitlines()
    rows = [msgspec.json.decode(line, type=Tells) for line in lines]
    return {one: row.tells for row in rows for phrase in row.phrases for one in each_way(phrase)}


@cache
def known_words() -> frozenset[str]:
    """Words that are no code of a receipt."""
    return frozenset(phrases()) | KNOWN


@cache
def _long_words() -> list[str]:
    return sorted(word for word in phrases() if word.isalpha() and len(word) >= _ONE_SLIP)

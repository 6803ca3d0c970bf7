"""Reads the number of a choice however people write it: "2)", "n° 2", "la 2", "２", "deux", "le deuxième"."""

import re
import unicodedata
from typing import Final

from core.kit.text import fold

_AROUND: Final = " .:;,()[]#\ufe0f\u20e3"
"""What stands around a number: "1.", "(2)", "#2", the frame of a key."""

_WRITTEN: Final = re.compile(
    r"(?:(?:le|la|l|n|no|num|numero|number|option|choix|choice|the) ?)*"
    r"(\d{1,3})(?:er|ere|e|eme|ieme|nd|nde|st|rd|th)?(?: (?:svp|stp|please|merci))?"
)
_ARTICLE: Final = re.compile(r"^(?:le|la|l|the|number|numero) ")
_SPELT: Final = {
    "1": "un une one premier premiere first",
    "2": "deux two deuxieme second seconde",
    "3": "trois three troisieme third",
    "4": "quatre four quatrieme fourth",
    "5": "cinq five cinquieme fifth",
    "6": "six sixieme sixth",
    "7": "sept seven septieme seventh",
    "8": "huit eight huitieme eighth",
    "9": "neuf nine neuvieme ninth",
    "10": "dix ten dixieme tenth",
}
_LAST: Final = frozenset({"dernier", "derniere", "tout dernier", "toute derniere", "last", "last one"})
_NUMBERS: Final = {word: number for number, words in _SPELT.items() for word in words.split()}


def bare(said: str) -> str:
    """A number in plain digits, without what stands around it; anything else as it was said."""
    number = unicodedata.normalize("NFKC", said).strip(_AROUND)
    return number if number.isascii() and number.isdigit() else said


def numbered(said: str) -> str | None:
    """The number of a choice that was written in words or beside some; None when that is no number."""
    heard = fold(said)
    written = _WRITTEN.fullmatch(heard)
    return written[1] if written else _NUMBERS.get(_ARTICLE.sub("", heard))


def is_last(said: str) -> bool:
    """Whether that is the last of what is shown, whatever its number."""
    return _ARTICLE.sub("", fold(said)) in _LAST

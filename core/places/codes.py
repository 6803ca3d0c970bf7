"""Codes that stand in a message among other words: a home's, a lease's, a receipt's."""

import re
from collections.abc import Collection, Container, Iterator

from core.kit.errors import Unclear
from core.kit.ids import read_code
from core.kit.text import fold

_GLUED = re.compile(r"\b([AaBb])(\d{2,12})\b")
_SPACED = re.compile(r"\b([AB]) (\d{2,12})\b")
_CHECK = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])[2-9A-HJ-NP-Za-hj-np-z]{8}\b|\b[2-9A-HJ-NP-Z]{8}\b")
_CHECK_APART = re.compile(r"\b([2-9A-HJ-NP-Za-hj-np-z]{4})[ -]([2-9A-HJ-NP-Za-hj-np-z]{4})\b")


def codes_in(said: str, words: Container[str]) -> Iterator[tuple[str, str]]:
    """Give the codes that stand in a message, each with its kind; a home's written in one may have a slip in it.

    Of a receipt's codes those that are ``words`` are none.
    """
    for match in _SPACED.finditer(said):
        if code := _valid(match[1] + match[2]):
            yield code
    for match in _GLUED.finditer(said):
        code = _valid(match[1] + match[2])
        if code or match[1] in "Aa":
            yield code or ("homecode", match[0].upper())
    for match in (*_CHECK_APART.finditer(said), *_CHECK.finditer(said)):
        if all(fold(part) not in words for part in re.split(r"[ -]", match[0])):
            yield "receiptcode", re.sub(r"[ -]", "", match[0]).upper()


def _valid(code: str) -> tuple[str, str] | None:
    letter = code[0].upper()
    try:
        return {"A": "homecode", "B": "leasecode"}[letter], read_code(code, letter)
    except Unclear:
        return None


def without(said: str, codes: Collection[str]) -> str:
    """A message without its codes, whose digits are no amount."""
    for code in codes:
        said = re.sub(r"[ -]?".join(code), " ", said, flags=re.IGNORECASE)
    return said

"""Tokens: a sentence cut once into words and numbers, each knowing what stood before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.kit.text import plain

_ROUND = re.compile(r"(?<=\d)o+(?![^\W\d_])")
_PIECE = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_LONGEST_TEXT = 700
_MOST_TOKENS = 100


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters or a number with its dots and commas, folded.

    `before` holds the marks between this token and the one before: "" when they touch, " " when only white
    space parts them.
    """

    text: str
    before: str

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.text[0].isdigit()


def tokenise(text: str) -> tuple[Token, ...]:
    """Cut a sentence into tokens; only its first 700 characters and 100 tokens count."""
    # the letter o of "5o mille" is a slip for zero
    folded = _ROUND.sub(lambda slip: "0" * len(slip[0]), plain(text[:_LONGEST_TEXT]))
    tokens, end = [], 0
    for piece in _PIECE.finditer(folded):
        between = folded[end : piece.start()]
        tokens.append(Token(piece.group(), between and (between.strip() or " ")))
        end = piece.end()
    return tuple(tokens[:_MOST_TOKENS])


def joined(tokens: Sequence[Token], start: int, end: int) -> str:
    """Give the words of a stretch with one space between them."""
    return " ".join(token.text for token in tokens[start:end])


def squeezed(tokens: Sequence[Token], start: int, end: int) -> str:
    """Give the words of a stretch as the key of a name: run together."""
    return "".join(token.text for token in tokens[start:end])

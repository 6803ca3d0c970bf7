"""What is new in a request of a gateway session, judged by what was heard before and never kept in clear."""

import hashlib
from typing import Literal

import msgspec

SEPARATOR = "*"


class Heard(msgspec.Struct, frozen=True):
    """The text of a session so far: its length in characters and a keyed hash, for the PIN is in it."""

    length: int
    digest: bytes

    @staticmethod
    def of(text: str, key: bytes) -> "Heard":
        """Remember a text without keeping it."""
        return Heard(len(text), _digest(text, key))


class News(msgspec.Struct, frozen=True):
    """What a request brings: an answer, the same request once more, or something that does not follow."""

    kind: Literal["answer", "repeat", "lost"]
    said: str = ""


def news(before: Heard, text: str, key: bytes) -> News:
    """Compare a cumulated text with the one before it, by prefix and never by splitting: people type ``*`` too.

    ``7*a*b`` then ``7*a*b*****`` is the answer ``****``.
    """
    if len(text) == before.length:
        return News("repeat" if _digest(text, key) == before.digest else "lost")
    if len(text) < before.length or _digest(text[: before.length], key) != before.digest:
        return News("lost")
    if before.length == 0:
        return News("answer", text)
    if text[before.length] != SEPARATOR:
        return News("lost")
    return News("answer", text[before.length + 1 :])


def _digest(text: str, key: bytes) -> bytes:
    return hashlib.blake2b(text.encode(), key=key, digest_size=16).digest()

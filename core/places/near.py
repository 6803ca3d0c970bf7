"""Names near a misspelt one: within two edits (a delete index), alike to the ear, or begun alike."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import combinations, islice

from rapidfuzz.distance import OSA

EDITS = 2
_PREFIX = 8
_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"tch|dsch|sch|sh|ch|tj"), "j"),
    (re.compile(r"dj|dz|gi(?=[aou])|ge(?=[aou])|g(?=[eiy])"), "j"),
    (re.compile(r"ou|oo|w"), "u"),
    (re.compile(r"ck|qu|q|x|c(?![eiy])|kh"), "k"),
    (re.compile(r"c|z|ss"), "s"),
    (re.compile(r"ll|il(?=[aeiou])|y|ee"), "i"),
    (re.compile(r"eau|au"), "o"),
    (re.compile(r"[ae]i"), "e"),
    (re.compile(r"h"), ""),
    (re.compile(r"(?<=[a-z]{3})(?:e|s|t|d)+$"), ""),
    (re.compile(r"([a-z])\1+"), r"\1"),
)


def sound(key: str) -> str:
    """Spell a squeezed name roughly as French ears hear it: markori and marcory become the same."""
    for pattern, heard in _SOUNDS:
        key = pattern.sub(heard, key)
    return key


def _deletes(start: str) -> Iterator[str]:
    """Give the start of a name with none, one and two of its letters left out."""
    yield start
    size = len(start)
    for i in range(size):
        yield start[:i] + start[i + 1 :]
    for i, j in combinations(range(size), EDITS):
        yield start[:i] + start[i + 1 : j] + start[j + 1 :]


class Near:
    """Finds squeezed names (folded, without spaces) near another; built once from all of them."""

    def __init__(self, keys: Iterable[str]) -> None:
        """Build the index: about 50 entries a name."""
        self._keys = sorted(set(keys))
        self._starts: dict[str, list[int]] = {}
        self._heard: dict[str, list[str]] = {}
        for number, key in enumerate(self._keys):
            self._heard.setdefault(sound(key), []).append(key)
            for start in set(_deletes(key[:_PREFIX])):
                self._starts.setdefault(start, []).append(number)

    def within(self, key: str, edits: int) -> list[tuple[int, str]]:
        """Give (distance, name) of every name within `edits` (at most 2) of `key`, nearest first.

        The distance counts letters changed, left out, added, or two neighbours swapped.
        """
        numbers: set[int] = set()
        for start in _deletes(key[:_PREFIX]):
            numbers.update(self._starts.get(start, ()))
        edits = min(edits, EDITS)
        low, high = len(key) - edits, len(key) + edits
        near = []
        for number in numbers:
            name = self._keys[number]
            if low <= len(name) <= high:
                distance = OSA.distance(key, name, score_cutoff=edits)
                if distance <= edits:
                    near.append((distance, name))
        return sorted(near)

    def heard(self, key: str) -> list[str]:
        """Give the names that sound like `key`; digits count as sounds."""
        return self._heard.get(sound(key), [])

    def starting(self, key: str, limit: int) -> list[str]:
        """Give up to `limit` names that begin with `key`, in alphabetical order."""
        first = bisect_left(self._keys, key)
        names = islice(self._keys, first, first + limit)
        return [name for name in names if name.startswith(key)]

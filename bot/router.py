"""One table from what anybody may say at any time (words, dial strings, codes) to a flow."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.answer import read_yes_no
from bot.entry import Entry, Unasked
from core.kit.errors import Unclear
from core.kit.ids import read_code
from core.kit.text import fold

SHORTEST: Final = 3
LONGEST: Final = 32
"""Letters of a keyword: long enough not to be a choice, short enough to be typed."""


@dataclass(frozen=True, slots=True)
class Act:
    """A word that does something and leaves the person on the same screen (a language)."""

    command: object


@dataclass(frozen=True, slots=True)
class Router:
    """``words``: folded keyword to entry or act. ``dial``: what follows the service code to an entry.

    ``codes``: the letter of a code people know ("A4821") to the entry for it. ``unasked``: what becomes of all else.
    """

    words: Mapping[str, Entry | Act] = field(default_factory=dict)
    dial: Mapping[str, Entry] = field(default_factory=dict)
    codes: Mapping[str, Callable[[str], Entry]] = field(default_factory=dict)
    unasked: Unasked = Unasked()

    def word(self, said: str) -> Entry | Act | None:
        """What a whole message means whatever the screen asks; None for an answer."""
        return self.words.get(fold(said)) if len(said) <= LONGEST else None

    def clear(self, said: str) -> bool:
        """Whether any other words say by themselves what is wanted."""
        return self.unasked.words is not None and self.unasked.words(said).clear

    def dialled(self, suffix: str) -> Entry | None:
        """Where ``*384*suffix#`` leads: a named entry or a code, never a menu position.

        A number pad has no letters: the first kind of code may be dialled without its own.
        """
        return self.dial.get(suffix) or self.code(suffix) or self._bare(suffix)

    def code(self, said: str) -> Entry | None:
        """The entry of a code, if this is one."""
        make = self.codes.get(said[:1].upper())
        if make is None:
            return None
        try:
            return make(read_code(said, said[0].upper()))
        except Unclear:
            return None

    def _bare(self, suffix: str) -> Entry | None:
        letter = next(iter(self.codes), "")
        return self.code(letter + suffix) if letter and suffix.isdigit() and len(suffix) >= SHORTEST else None

    def check(self, flows: Iterable[str]) -> None:
        """Refuse to start when a keyword could be an answer, is not folded, or an entry leads nowhere.

        Raises ValueError.
        """
        known = set(flows)
        for word, target in self.words.items():
            short = len(word) < SHORTEST or any(letter.isdigit() for letter in word)
            if fold(word) != word or short or read_yes_no(word) is not None:
                raise ValueError(f"keyword {word!r} could be taken for an answer")
            if isinstance(target, Entry) and target.flow not in known:
                raise ValueError(f"keyword {word!r} leads to no flow")
        for suffix, entry in self.dial.items():
            if entry.flow not in known or self.code(suffix):
                raise ValueError(f"dial string {suffix!r} leads to no flow, or is a code")

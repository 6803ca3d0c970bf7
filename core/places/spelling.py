"""Spelling: a word nobody knows is taken for the one it was meant to be, ours or one of a place's name."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.places.amounts import SLANG, SPELT
from core.places.gazetteer import Gazetteer
from core.places.lexicon import LEXICON, Role, Sense
from core.places.near import Near
from core.places.ordinary import ORDINARY
from core.places.tokens import Token
from core.places.words import Country

_SHORTEST = 4
_TARGET_FROM = 5
_FAR_FROM = 9
_HEARD_FROM = 6
_MOST_GUESSES = 48
_FIRM: frozenset[Role] = frozenset({"type", "weak", "rooms", "furnished", "deal", "pieces", "price", "not", "lounge"})
"""Words of these roles win over a place that is as near; the others lose."""
_SHORTHAND = {"pa": "pas", "tro": "trop", "bcp": "beaucoup", "plu": "plus", "avc": "avec", "ds": "dans"}
_FATHERS = frozenset("my our his her your the old le mon ma ton ta son sa sama grand vieux".split())
_PER = frozenset("mois month an jour semaine nuit personne".split())
_DENIED = frozenset("a au aux cher chere loin tro trop plu plus de d ds dans bcp meuble".split())
"""Before these "po" is a "pas" and no other short word."""

KNOWN = frozenset(word for phrase in LEXICON for word in phrase.split()) | SPELT.keys() | SLANG.keys()
_WORDS = Near(
    word
    for word in KNOWN
    if word.isalpha() and len(word) >= _TARGET_FROM and LEXICON.get(word) != Sense("scale", "5000")
)


def written_out(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Write out the short words of an SMS: "pa" is a "pas", unless it is a father or stands for "par"."""
    texts = ["", *(token.text for token in tokens), ""]
    around = zip(texts, tokens, texts[2:], strict=False)
    return tuple(replace(token, text=_written_out(before, token.text, after)) for before, token, after in around)


def _written_out(before: str, text: str, after: str) -> str:
    if text == "po" and after in _DENIED:
        return "pas"
    if text == "pa" and (before in _FATHERS or after in _PER):
        return "par" if after in _PER else text
    return _SHORTHAND.get(text, text)


class Speller:
    """Corrects the words of one sentence, and no more than a few dozen, so that its cost is bounded."""

    def __init__(self, gazetteer: Gazetteer, country: Country | None) -> None:
        """Look for places within a country, or anywhere."""
        self._gazetteer = gazetteer
        self._country = country
        self._left = _MOST_GUESSES

    def word(self, text: str) -> str:
        """Give the known word a folded word was meant to be; the word itself if it is known or nothing is near."""
        known = text in KNOWN or text.removesuffix("s") in ORDINARY or text in self._gazetteer.vocabulary
        if len(text) < _SHORTEST or known or not self._may_guess():
            return text
        edits = 1 + (len(text) >= _FAR_FROM)
        ours = _near(_WORDS, text, edits)
        places = _near(self._gazetteer.words_near(self._country), text, edits)
        name = self.name([text])
        best = min(d for d, _ in (*ours, *places, name))
        firm, loose = _split(word for d, word in ours if d == best)
        if firm:
            return firm[0]
        meant = [word for d, word in places if d == best]
        if name[0] == best and name[1]:
            meant = [word for word in meant if word in name[1]]
        elif not meant:
            return loose[0] if loose else self._heard(text)
        # none or several words of places as near: whole names are compared later
        return meant[0] if len(meant) == 1 else text

    def name(self, words: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """Give the edits from words run together to the names nearest to them, and these; no names when none is."""
        key = "".join(words)
        if len(key) < _SHORTEST or not self._may_guess():
            return 0, ()
        edits = (len(key) >= _TARGET_FROM) + (len(key) >= _FAR_FROM)
        return self._gazetteer.misspelt(key, edits, self._gazetteer.scope(self._country))

    def doubled(self, text: str) -> tuple[str, ...]:
        """Give the names that have one letter twice which a word of three has once: "yof" for Yoff."""
        if text in KNOWN or len(text) != _SHORTEST - 1:
            return ()
        scope = self._gazetteer.scope(self._country)
        ways = dict.fromkeys(text[:at] + text[at - 1 :] for at in range(1, len(text) + 1))
        return tuple(way for way in ways if self._gazetteer.called(way, scope))

    def _may_guess(self) -> bool:
        self._left -= 1
        return self._left >= 0

    @staticmethod
    def _heard(text: str) -> str:
        heard = _WORDS.heard(text) if len(text) >= _HEARD_FROM else []
        return heard[0] if heard else text


def _split(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Part the words that win over a place as near from those that lose."""
    firm: list[str] = []
    loose: list[str] = []
    for word in words:
        wins = LEXICON[word].role in _FIRM if word in LEXICON else word in SPELT
        (firm if wins else loose).append(word)
    return firm, loose


def _near(words: Near, text: str, edits: int) -> list[tuple[int, str]]:
    """Give (edits, word) of the words near enough; four letters may only lack one, the first only of Nk-, Mv-…"""
    near: Iterable[tuple[int, str]] = words.within(text, edits)
    if len(text) >= _TARGET_FROM:
        return list(near)
    longer = [(d, word) for d, word in near if len(word) > len(text)]
    return [(d, word) for d, word in longer if word[0] == text[0] or word in {f"n{text}", f"m{text}"}]

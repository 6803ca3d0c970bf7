"""Signs: the tokens of a sentence as a row of places, numbers and words with a role, in the order said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.places.amounts import Number, number_at, phones
from core.places.gazetteer import Gazetteer
from core.places.lexicon import ADJECTIVES, LEXICON, LONGEST_PHRASE, Role, Sense
from core.places.spelling import KNOWN, Speller, written_out
from core.places.tokens import Token, joined, squeezed, tokenise
from core.places.words import Country

_LONGEST_NAME = 4
_LONG = 4
_IN_NAMES = frozenset(["", " ", "-", "'", ".", ". ", "' "])
_ORDINALS = frozenset(["e", "eme", "er", "ere", "ieme", "nd", "rd", "th", "st", "nde"])
_SPANS = frozenset(
    [
        "m",
        "metre",
        "metres",
        "mc",
        "ha",
        "hectare",
        "sqm",
        "are",
        "an",
        "annee",
        "year",
        "jour",
        "nuit",
        "nuitee",
        "day",
        "night",
    ]
)
_WALKED = frozenset(["du", "de", "des", "d", "a", "from", "to", "walk", "en"])
_SPAN_WORDS = frozenset(["le", "la", "l", "un", "par", "per", "the", "chaque"])
_NUMBERED = frozenset("n num numero ref reference code annonce porte id bus ligne line page".split())
_MARKS = frozenset(["10", "20", "100"])
_OUT_OF = frozenset(["sur", "over"])
_HOURS = frozenset(["h", "heure", "heures"])
_MINUTES = 60
_FLAT_ROOMS = frozenset(["bedroom", "bedrooms", "bed room", "bed rooms", "bdr", "bdrm", "br", "bed"])
_LINKS = frozenset(["ou", "et", "or", "and"])
_MOST_BEDROOMS = 20
_MOST_MONTHS = 36
_DAYS = 31
_LONGEST_SIDE = 1_000
_GUESSABLE = frozenset(["unknown", "noise", "type", "weak", "place"])
"""Parts a misspelt name may have: "parcelle" is also a plot, Akwa a part of Akwa-Nord."""
_HOMES = frozenset(["type", "weak", "rooms", "bedrooms"])
SignRole = Role | Literal["place", "amount", "bedrooms", "counted", "unknown"]


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing said, in tokens `start` to before `end`.

    `value` goes with a word's role; `names` are the squeezed names a place may have been called; `number`
    belongs to an amount; `count` to bedrooms, whose `value` is "pieces" when the living room was counted and
    "flat" for "1 bedroom", which in English is a flat. The `value` of a place is its part in the sentence.
    """

    role: SignRole
    start: int
    end: int
    value: str = ""
    names: tuple[str, ...] = ()
    number: Number | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """The tokens of a sentence and the signs they make, left to right."""

    tokens: tuple[Token, ...]
    signs: tuple[Sign, ...]

    def text(self, sign: Sign) -> str:
        """Give the words of a sign."""
        return joined(self.tokens, sign.start, sign.end)

    def before(self, sign: Sign) -> str:
        """Give the marks that stood before a sign."""
        return self.tokens[sign.start].before


def read_signs(text: str, gazetteer: Gazetteer, country: Country | None) -> Row:
    """Cut a sentence into signs; misspelt words and names are taken for what they are near."""
    tokens = tokenise(text)
    reader = _Reader(tokens, gazetteer, Speller(gazetteer, country))
    return Row(reader.tokens, tuple(reader.guessed(list(reader.signs()))))


class _Reader:
    """Reads one sentence; holds what every rule needs to look at."""

    def __init__(self, tokens: Sequence[Token], gazetteer: Gazetteer, speller: Speller) -> None:
        self._gazetteer = gazetteer
        self._speller = speller
        self.tokens = tuple(replace(token, text=speller.word(token.text)) for token in written_out(tokens))
        self._phones = phones(self.tokens)
        self._numbered = "", -1

    def signs(self) -> Iterator[Sign]:
        """Give the signs of exact names, known words and numbers; what is left is unknown."""
        at = 0
        while at < len(self.tokens):
            sign = self._sign(at)
            self._remember(sign)
            yield sign
            at = sign.end

    def _sign(self, at: int) -> Sign:
        if at in self._phones:
            return Sign("counted", at, at + 1)
        numbered = self._next_numbered(at)
        if numbered:
            return numbered
        found = [self._place(at), self._notation(at), self._word(at), self._number(at)]
        signs = [sign for sign in found if sign is not None]
        # the first of the longest: a name before a word, a word before a number
        return max(signs, key=lambda sign: sign.end) if signs else Sign("unknown", at, at + 1)

    def _place(self, at: int) -> Sign | None:
        end = at + 1
        while end < min(len(self.tokens), at + _LONGEST_NAME) and self.tokens[end].before in _IN_NAMES:
            end += 1
        for stop in range(end, at, -1):
            key = squeezed(self.tokens, at, stop)
            whole = stop - at == 1 or not (self._counts_on(at, stop) or self._is_everyday(at, stop))
            if whole and self._gazetteer.called(key):
                return Sign("place", at, stop, names=(key,))
        return None

    def _is_everyday(self, at: int, stop: int) -> bool:
        """Whether words only make a name when run together: "dey do" and "pikin e" are Pidgin, not Deïdo and Pikine."""
        words = {token.text for token in self.tokens[at:stop]}
        return words <= KNOWN and not words <= self._gazetteer.vocabulary

    def _next_numbered(self, at: int) -> Sign | None:
        """Read the 13 of "pk 12 ou 13" and the 6 of "liberté 5/6" as places, if there are such."""
        tokens = self.tokens
        stem, end = self._numbered
        linked = end == at and (tokens[at].before == "/" or (tokens[at].before == "," and self._is_list(at + 1)))
        linked = linked or (end == at - 1 and tokens[end].text in _LINKS)
        if not stem or not linked or not tokens[at].is_number or self._is_amount(at):
            return None
        key = stem + tokens[at].text
        return Sign("place", at, at + 1, names=(key,)) if self._gazetteer.called(key) else None

    def _is_list(self, at: int) -> bool:
        """Whether another number of the list follows: ", 13 ou 14"."""
        tokens = self.tokens[at : at + 2]
        return len(tokens) > 1 and tokens[0].text in _LINKS and tokens[1].is_number

    def _is_amount(self, at: int) -> bool:
        """Whether the word after a number tells that it is no number of a place; no home has ten rooms."""
        after = self.tokens[at + 1].text if at + 1 < len(self.tokens) else ""
        if self._role(at + 1) in {"rooms", "pieces"}:
            return after != "chambre" and len(self.tokens[at].text) == 1
        return after == "000" or self._role(at + 1) in {"unit", "scale", "money"}

    def _remember(self, sign: Sign) -> None:
        """Keep the name before the number of a place: the next number may go on from it."""
        if sign.role == "place" and self.tokens[sign.end - 1].is_number:
            stem = squeezed(self.tokens, sign.start, sign.end - 1) or self._numbered[0]
            self._numbered = stem, sign.end

    def _counts_on(self, at: int, stop: int) -> bool:
        """Whether the number that ends a name counts what follows: the 3 of "riviera 3 pièces" is no part of it."""
        if stop >= len(self.tokens) or not self.tokens[stop - 1].is_number or not self.tokens[stop - 1].before:
            return False
        after = self.tokens[stop]
        if after.text == "chambre" or not self._gazetteer.called(squeezed(self.tokens, at, stop - 1)):
            return False
        return self._role(stop) in {"rooms", "pieces", "unit", "scale"}

    def _role(self, at: int) -> Role | None:
        """Give the role of the word at an index, None for none."""
        sense = LEXICON.get(self.tokens[at].text) if 0 <= at < len(self.tokens) else None
        return sense.role if sense else None

    def _phrase(self, at: int) -> tuple[Sense, int] | None:
        """Give the sense and end of the longest phrase that begins here."""
        for stop in range(min(len(self.tokens), at + LONGEST_PHRASE), at, -1):
            sense = LEXICON.get(joined(self.tokens, at, stop))
            if sense is not None:
                return sense, stop
        return None

    def _word(self, at: int) -> Sign | None:
        phrase = self._phrase(at)
        return phrase and Sign(phrase[0].role, at, phrase[1], value=phrase[0].value)

    def _notation(self, at: int) -> Sign | None:
        """Read F3 and T3 (two bedrooms) and R+1 (a house with a floor)."""
        text, after = self.tokens[at].text, self.tokens[at + 1 : at + 2]
        if not after or not after[0].is_number or len(after[0].text) > 1:
            return None
        if text == "r" and after[0].before in {"+", ""}:
            return Sign("weak", at, at + 2, value="house")
        if text not in {"f", "t"} or (after[0].before not in {"", "."} and not self._may_stand_apart(at)):
            return None
        rooms = int(after[0].text)
        return Sign("bedrooms", at, at + 2, value="pieces", count=rooms - 1) if rooms > 1 else None

    def _may_stand_apart(self, at: int) -> bool:
        """Whether "f 3" is a flat: not the f of "40 000 f", nor before "3 pièces"."""
        if self.tokens[at + 1].before != " " or self._role(at + 2) in {"rooms", "pieces", "unit", "scale"}:
            return False
        return not (at and self.tokens[at - 1].is_number) and self._role(at - 1) not in {"scale", "money"}

    def _number(self, at: int) -> Sign | None:
        number = number_at(self.tokens, at)
        if number is None:
            return self._broken(at)
        return self._chain(number) or self._counted(number) or Sign("amount", at, number.end, number=number)

    def _broken(self, at: int) -> Sign | None:
        return Sign("counted", at, at + 1) if self.tokens[at].is_number else None

    def _counted(self, number: Number) -> Sign | None:
        """Read a number that counts rooms, or something that is no price."""
        at = number.end
        while at < len(self.tokens) and self.tokens[at].text in ADJECTIVES:
            at += 1
        phrase = self._phrase(at) if at < len(self.tokens) and number.scale == 1 and not number.money else None
        role = phrase[0].role if phrase else None
        stop = phrase[1] if phrase else at
        if role in {"rooms", "pieces"} and 0 < number.value <= _MOST_BEDROOMS:
            return self._bedrooms(number, at, stop)
        month = role == "monthly" and number.value <= _MOST_MONTHS
        if role == "unit" or month or self._per_unit(number.end):
            stop = max(stop, number.end)
            return Sign("counted", number.start, stop + (self.tokens[stop - 1].text in _HOURS and self._minutes(stop)))
        return None

    def _minutes(self, at: int) -> bool:
        """Whether the 30 of "15h30" or "15:30" stands here."""
        text = self.tokens[at].text if at < len(self.tokens) else ""
        return text.isdigit() and int(text) < _MINUTES and self.tokens[at].before in {"", ":"}

    def _bedrooms(self, number: Number, at: int, stop: int) -> Sign:
        pieces = self._role(at) == "pieces"
        value = "pieces" if pieces else "flat" if joined(self.tokens, at, stop) in _FLAT_ROOMS else ""
        return Sign("bedrooms", number.start, stop, value=value, count=number.value - pieces)

    def _per_unit(self, at: int) -> bool:
        """Whether the number before is no monthly price: by the square metre or the day, or a length."""
        texts = [token.text for token in self.tokens[at : at + 2]]
        if texts and texts[0] in _SPANS and self.tokens[at].before == "/":
            return True
        if len(texts) > 1 and texts[0] in _SPAN_WORDS and texts[1] in _SPANS:
            return True
        return texts[:1] == ["m"] or (texts[:1] == ["min"] and not _WALKED.isdisjoint(texts[1:]))

    def _chain(self, number: Number) -> Sign | None:
        """Read numbers that only mean something together: 20 x 25, 2+2+1, 24/24, 3e étage, le 15."""
        at, tokens = number.end, self.tokens
        if number.scale > 1 or number.money:
            return None
        if at < len(tokens) and tokens[at].text in _ORDINALS and number.value < _DAYS:
            phrase = self._phrase(at + 1) if at + 1 < len(tokens) else None
            return Sign("counted", number.start, phrase[1] if phrase and phrase[0].role == "unit" else at + 1)
        if tokens[number.start].before == "/" and self._role(number.start - 1) == "unit":
            return Sign("counted", number.start, at)
        if (
            self._dated(number)
            or self._named(number)
            or ("+" in tokens[number.start].before and tokens[number.start].is_number)
        ):
            return Sign("counted", number.start, at)
        if at < len(tokens) and tokens[at].is_number and self._together(number, tokens[at]):
            return Sign("counted", number.start, at + 1)
        return self._marks(number) or self._sides(number)

    def _marks(self, number: Number) -> Sign | None:
        """Read marks of a school: "14 sur 20", "15 over 20"."""
        texts = [token.text for token in self.tokens[number.end : number.end + 2]]
        out_of = len(texts) > 1 and texts[0] in _OUT_OF and texts[1] in _MARKS and number.value <= int(texts[1])
        return Sign("counted", number.start, number.end + 2) if out_of and not self._is_amount(number.end + 1) else None

    def _dated(self, number: Number) -> bool:
        before = self.tokens[number.start - 1].text if number.start else ""
        return before == "le" and number.value <= _DAYS and self.tokens[number.start].is_number

    def _named(self, number: Number) -> bool:
        """Whether a number only names something: an advertisement, a door, a code."""
        return bool(number.start) and self.tokens[number.start - 1].text in _NUMBERED

    @staticmethod
    def _together(number: Number, after: Token) -> bool:
        small = number.value <= _DAYS and after.text.isdigit() and int(after.text) <= _DAYS
        hour = after.before == ":" and number.value < _DAYS and after.text.isdigit() and int(after.text) < _MINUTES
        return after.before == "+" or hour or (after.before == "/" and small)

    def _sides(self, number: Number) -> Sign | None:
        """Read the two sides of a plot."""
        at, tokens = number.end, self.tokens
        if number.value >= _LONGEST_SIDE:
            return None
        at += at < len(tokens) and tokens[at].text in {"m", "metres"}
        if at + 1 >= len(tokens) or tokens[at].text not in {"x", "sur"} or not tokens[at + 1].is_number:
            return None
        if tokens[at].text == "sur" and at == number.end:
            return None
        end = at + 2
        end += end < len(tokens) and tokens[end].text in {"m", "metres"}
        return Sign("counted", number.start, end)

    def guessed(self, signs: list[Sign]) -> list[Sign]:
        """Take unknown words, alone or with their neighbours, for the places they are nearest to."""
        at = 0
        while at < len(signs):
            guess = self._guess(signs, at)
            if guess is not None:
                size, sign = guess
                signs[at : at + size] = [sign]
            at += 1
        roles = {sign.role for sign in signs}
        lacks_place = "place" not in roles and not roles.isdisjoint(_HOMES)
        return [self._undoubled(sign) for sign in signs] if lacks_place else signs

    def _undoubled(self, sign: Sign) -> Sign:
        """Take an unknown word of three letters for a name; only in a request where no other place is said."""
        names = self._speller.doubled(self.tokens[sign.start].text) if sign.role == "unknown" else ()
        return replace(sign, role="place", names=names) if names else sign

    def _guess(self, signs: Sequence[Sign], at: int) -> tuple[int, Sign] | None:
        best: tuple[int, int, Sign] | None = None
        for size in (1, 2, 3):
            window = signs[at : at + size]
            if len(window) < size or not self._guessable(window):
                continue
            edits, names = self._speller.name([t.text for t in self.tokens[window[0].start : window[-1].end]])
            if names and (best is None or edits < best[0]):
                best = edits, size, Sign("place", window[0].start, window[-1].end, names=names)
        return best and best[1:]

    def _guessable(self, window: Sequence[Sign]) -> bool:
        roles = [sign.role for sign in window]
        if "unknown" not in roles or not _GUESSABLE.issuperset(roles) or not self._may_be_name(window):
            return False
        return all(self.tokens[sign.start].before in _IN_NAMES for sign in window[1:])

    def _may_be_name(self, window: Sequence[Sign]) -> bool:
        """Whether an unknown word is long or beside one of a name: "mvg ada", but not "dey no" (Deido) or "be di".

        A small word at the head must be one of a name: "c'est Jean" is not Saint-Jean.
        """
        first = self.tokens[window[0].start].text
        if window[0].role == "noise" and len(first) < _LONG and first not in self._gazetteer.vocabulary:
            return False
        words = {token.text for token in self.tokens[window[0].start : window[-1].end]}
        unknown = (self.tokens[sign.start].text for sign in window if sign.role == "unknown")
        beside = any(len(word) >= _LONG - 1 for word in words & self._gazetteer.vocabulary)
        return beside or any(len(text) >= _LONG for text in unknown)

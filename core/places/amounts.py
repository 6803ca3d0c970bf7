"""Amounts of money as people write them: tokens in, francs out, nothing else looked at."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.places.lexicon import LEXICON, Role
from core.places.tokens import Token

CEILING = 100_000_000_000
THOUSAND = 1_000
MILLION = 1_000_000
_HUNDRED = 100
_ONES_FROM_EIGHTY = 4
_TEENS = 20
_TEN = 10
_SIXTEEN = 16
_DEMI = 500_000
_FEW_METRES = 5

SPELT = {
    word: value
    for value, words in {
        1: "un une one benn",
        2: "deux two naar naari",
        3: "trois three nett",
        4: "quatre katre four nent",
        5: "cinq five fap",
        6: "six",
        7: "sept seven",
        8: "huit eight",
        9: "nine",
        10: "dix ten",
        11: "onze eleven",
        12: "douze twelve",
        13: "treize thirteen",
        14: "quatorze fourteen",
        15: "quinze fifteen",
        16: "seize sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
        20: "vingt vingts twenty",
        30: "trente thirty",
        40: "quarante karante forty fourty",
        50: "cinquante fifty",
        60: "soixante sixty",
        70: "septante seventy",
        80: "eighty",
        90: "nonante ninety",
        100: "cent cents hundred",
    }.items()
    for word in words.split()
}
_NEW_OR_NINE = "neuf"
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DECIMAL = re.compile(r"(\d{1,4})[.,](\d{1,2})")
_COUNTED: frozenset[Role] = frozenset({"rooms", "pieces", "unit", "monthly"})
SLANG = {"mamba": 10_000, "mambas": 10_000}
"""Words that are an amount alone and multiply the number before them."""
_ONE_OF = frozenset(["mille", "kolo", "krika", *SLANG])
_LONGEST_PHONE = 15
_GROUPS = 3
_PHONE = re.compile(
    r"(?:00)?237[26]\d{8}|(?:00)?221[37]\d{8}|(?:00)?225\d{10}"  # with the country's code
    r"|6[5-9]\d{7}|62\d{7}|2[234]2\d{6}"  # Cameroon
    r"|7[05678]\d{7}|33[89]\d{6}"  # Senegal
    r"|0[157]\d{8}|2[157]\d{8}"  # Côte d'Ivoire
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that begins at a token and ends before another.

    `value` has its multiplier in it (francs, if it is money); `scale` is that multiplier, 1 when none was
    written; `money` tells that a currency was written after it.
    """

    start: int
    end: int
    value: int
    scale: int = 1
    money: bool = False

    @property
    def bare(self) -> bool:
        """Whether it is a small number without a multiplier, so that thousands may be meant."""
        return self.scale == 1 and self.value < THOUSAND


def number_at(tokens: Sequence[Token], start: int) -> Number | None:
    """Read the number that begins at `start`: "85.000", "85 000", "1,5 million", "2m5", "cent vingt mille".

    None when no number begins there, or when it cannot be one (above 100 thousand million francs).
    """
    plain = _slang(tokens, start) or _digits(tokens, start) or _spelt(tokens, start)
    if plain is None:
        return None
    whole, cents, end = plain
    scale = MILLION if _is_short_million(tokens, whole, end) else _scale(tokens, end)
    if scale == THOUSAND and tokens[start].is_number and end > start + 1:
        # nobody writes thousands of thousands: "zone 3 400k" holds two numbers
        whole, end, scale = int(tokens[start].text), start + 1, 1
    if cents and scale == 1:
        return None
    value = whole * scale + cents * scale // _HUNDRED
    if scale > 1:
        rest, end = _rest(tokens, end + 1, scale)
        value += rest
    money = _is_money(tokens, end)
    while _is_money(tokens, end):
        end += 1
    return Number(start, end, value, scale, money=money) if value <= CEILING else None


def widened(low: Number, high: Number) -> tuple[Number, Number]:
    """Carry the multiplier of "50-60k" to the number on its left, and read "20 à 30" as thousands together."""
    if low.bare and high.scale > 1:
        low = replace(low, value=low.value * high.scale, scale=high.scale)
    elif low.bare and high.value >= THOUSAND:
        low = replace(low, value=low.value * THOUSAND, scale=THOUSAND)
    return low, high


def phones(tokens: Sequence[Token]) -> frozenset[int]:
    """Give the indexes of tokens that belong to telephone numbers of the three countries, however spaced."""
    found: set[int] = set()
    start = 0
    while start < len(tokens):
        end = _phone_end(tokens, start) if tokens[start].is_number else start
        found.update(range(start, end))
        start = max(end, start + 1)
    return frozenset(found)


def _phone_end(tokens: Sequence[Token], start: int) -> int:
    digits, end, best = "", start, start
    while (
        len(digits) < _LONGEST_PHONE
        and end < len(tokens)
        and tokens[end].is_number
        and (end == start or tokens[end].before in " .-/")
    ):
        digits += re.sub(r"\D", "", tokens[end].text)
        end += 1
        if _PHONE.fullmatch(digits) and not digits.endswith("000"):
            best = end
    return best


def _has_role(tokens: Sequence[Token], at: int, role: Role) -> bool:
    sense = LEXICON.get(tokens[at].text) if at < len(tokens) else None
    return sense is not None and sense.role == role


def _is_money(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a currency stands here; the f of "90.000 F3" is a flat's."""
    if not _has_role(tokens, at, "money"):
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    flat = after is not None and after.is_number and not after.before and len(after.text) == 1
    return not (flat and tokens[at].text == "f" and tokens[at].before)


def counted(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a number that ends here counts something else than francs: rooms, metres, months."""
    sense = LEXICON.get(tokens[at].text) if at < len(tokens) else None
    return sense is not None and sense.role in _COUNTED


def _slang(tokens: Sequence[Token], start: int) -> tuple[int, int, int] | None:
    text = tokens[start].text
    if text in _ONE_OF:
        return 1, 0, start
    if text == "demi" and start + 1 < len(tokens) and tokens[start + 1].text == "million":
        return _DEMI, 0, start + 2
    return None


def _digits(tokens: Sequence[Token], start: int) -> tuple[int, int, int] | None:
    """Give whole part, hundredths and end of a number in digits."""
    text = tokens[start].text
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", text)), 0, start + 1
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        return int(decimal[1]), int(decimal[2].ljust(2, "0")), start + 1
    if not text.isdigit() or len(text) > len(str(CEILING)):
        return None
    end = start + 1
    while len(text) <= len("000") and end - start <= _GROUPS and _is_group(tokens, end):
        end += 1
    return int("".join(token.text for token in tokens[start:end])), 0, end


def _is_group(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether these are the next three digits of "85 000" and not the start of something counted."""
    if at >= len(tokens) or tokens[at].before != " ":
        return False
    text = tokens[at].text
    return text.isdigit() and len(text) == len("000") and (text == "000" or not counted(tokens, at + 1))


def _spelt(tokens: Sequence[Token], start: int) -> tuple[int, int, int] | None:
    total, end = 0, start
    while end < len(tokens):
        word = _word(tokens, end, total)
        grown = _grown(total, word) if word else None
        if grown is None:
            break
        total, end = grown, end + 1
        end += _linked(tokens, end, total)
    return (total, 0, end) if end > start else None


def _linked(tokens: Sequence[Token], at: int, total: int) -> bool:
    """Tell "vingt et un" and "hundred and fifty" from an "et" between two things."""
    if at + 1 >= len(tokens) or tokens[at].text not in {"et", "and"}:
        return False
    word = _word(tokens, at + 1, 0)
    if tokens[at].text == "et":
        return total >= _TEENS and word in {1, 11}
    return total >= _HUNDRED and 0 < word < _HUNDRED and not counted(tokens, at + 2)


def _word(tokens: Sequence[Token], at: int, total: int) -> int:
    text = tokens[at].text
    # alone, "neuf" is new far more often than it is nine
    if text == _NEW_OR_NINE and (total >= _TEENS or total == _TEN):
        return 9
    return SPELT.get(text, 0)


def _grown(total: int, word: int) -> int | None:
    """Add the next number word, or give None when it begins another number."""
    small = total % _HUNDRED
    if word == _HUNDRED:
        return (total or 1) * _HUNDRED if total < 10 else None
    if small == 0:
        return total + word
    if small == _ONES_FROM_EIGHTY and word == _TEENS:
        return total - small + small * word
    if small in (60, 80) and word < _TEENS:
        return total + word
    if small == _TEN:
        return total + word if _SIXTEEN < _TEN + word < _TEENS else None
    return total + word if small >= _TEENS and small % 10 == 0 and word < 10 else None


def _scale(tokens: Sequence[Token], at: int) -> int:
    """Give the multiplier written here; "m" before "2", "x" or "du goudron" is metres."""
    if at < len(tokens) and tokens[at].text in SLANG:
        return SLANG[tokens[at].text]
    if not _has_role(tokens, at, "scale") or tokens[at].before not in {"", " "}:
        return 1
    if tokens[at].text == "m" and at + 1 < len(tokens):
        after = tokens[at + 1]
        if after.text in {"x", "du", "de", "des", "carre", "carres"} or (after.text == "2" and not after.before):
            return 1
    return int(LEXICON[tokens[at].text].value)


def _is_short_million(tokens: Sequence[Token], whole: int, at: int) -> bool:
    """Tell whether "1m2" is a million and two hundred thousand: no home is that few square metres."""
    glued = all(token.text == text and not token.before for token, text in zip(tokens[at : at + 2], "m2", strict=False))
    return glued and len(tokens) > at + 1 and 0 < whole <= _FEW_METRES


def _rest(tokens: Sequence[Token], at: int, scale: int) -> tuple[int, int]:
    """Read what is added after a multiplier ("2m5", "25 kolo 500", "un million cinq"): (francs, end)."""
    if at < len(tokens) and tokens[at].text == "fap":
        return THOUSAND // 2, at + 1
    if [token.text for token in tokens[at : at + 2]] == ["et", "demi"]:
        return scale // 2, at + 2
    added = _digits(tokens, at) or _spelt(tokens, at) if at < len(tokens) else None
    if added is None or added[1] or tokens[at].before not in {"", " "}:
        return 0, at
    value, _, end = added
    if 1 < _scale(tokens, end) < scale and scale >= MILLION:
        return value * _scale(tokens, end), end + 1
    if counted(tokens, end) or _scale(tokens, end) > 1:
        return 0, at
    return _small_rest(tokens[at], value, scale, (at, end))


def _small_rest(token: Token, value: int, scale: int, span: tuple[int, int]) -> tuple[int, int]:
    at, end = span
    glued = not token.before
    below = scale // MILLION * THOUSAND or 1
    if glued and token.is_number and value < THOUSAND:
        return int(str(value).ljust(3, "0")) * below, end
    if scale == MILLION and value < 10 and not token.is_number:
        return value * _HUNDRED * THOUSAND, end
    if _HUNDRED <= value < THOUSAND and value % 50 == 0:
        return value * below, end
    return (value, end) if THOUSAND <= value < scale else (0, at)

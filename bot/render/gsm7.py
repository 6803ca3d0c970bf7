"""The GSM 03.38 alphabet: what a text costs in septets and segments, and folding French into it."""

import unicodedata
from collections.abc import Callable
from typing import Final

BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""3GPP TS 23.038 §6.2.1, without the escape."""

EXTENSION: Final = "\f^{}\\[~]|€"
"""§6.2.1.1: reached through an escape, so each costs two."""

SINGLE: Final = 160
PART: Final = 153
WIDE_SINGLE: Final = 70
WIDE_PART: Final = 67

_COST: Final = {**dict.fromkeys(BASIC, 1), **dict.fromkeys(EXTENSION, 2)}
_COSTS: Final = bytes(_COST.get(chr(code), 0) for code in range(256))
"""By the letter's code in Latin-1, which holds most texts; 0 for what is not in the alphabet."""

_SUBSTITUTES: Final = {
    **dict.fromkeys("’‘‛′ʼ", "'"),
    **dict.fromkeys("«»“”„″", '"'),
    **dict.fromkeys("–—−‐‑‒", "-"),
    **dict.fromkeys("\u00a0\u202f\u2009\u2007\t", " "),
    **dict.fromkeys("\r\u2028\u2029", "\n"),
    "…": "...", "œ": "oe", "Œ": "OE", "°": "o", "²": "2", "³": "3", "•": "-", "·": ".", "×": "x", "№": "No",
}  # fmt: skip
_KEPT_BELOW: Final = 0x3000
_BARE: Final = {"æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "€": "EUR", "£": "GBP", "¡": "!", "¿": "?"}


def septets(text: str) -> int | None:
    """How many septets a text takes; None when it is not all in the alphabet."""
    try:
        costs = text.encode("latin-1").translate(_COSTS)
    except UnicodeEncodeError:
        return sum(map(_COST.__getitem__, text)) if _COST.keys() >= set(text) else None
    return None if 0 in costs else len(costs) + costs.count(2)


def segments(text: str) -> int:
    """How many messages an SMS is paid as: 160 then 153 septets, else 70 then 67 UTF-16 units (TS 23.040).

    An escape pair or a surrogate pair is never cut in two.
    """
    size = septets(text)
    if size is None:
        return _parts([len(letter.encode("utf-16-be")) // 2 for letter in text], WIDE_SINGLE, WIDE_PART)
    if size == len(text):
        return 1 if size <= SINGLE else -(-size // PART)
    return _parts([_COST[letter] for letter in text], SINGLE, PART)


def _parts(costs: list[int], single: int, part: int) -> int:
    if sum(costs) <= single:
        return 1
    parts, room = 1, part
    for cost in costs:
        if cost > room:
            parts, room = parts + 1, part
        room -= cost
    return parts


def cut(text: str, room: int) -> str:
    """At most so many septets, cut with two dots (one septet each)."""
    size = septets(text) or 0
    if size <= room:
        return text
    if size == len(text):
        return text[: max(0, room - 2)].rstrip() + ".."
    while text and size + 2 > room:
        size -= _COST[text[-1]]
        text = text[:-1]
    return text.rstrip() + ".."


def fold_sms(text: str) -> str:
    """Fold only what the alphabet lacks: ``é è à ù É Ç`` stay, ``ê ç œ « »`` and emoji go."""
    return text if septets(text) is not None else unicodedata.normalize("NFC", text).translate(_SMS)


def fold_ascii(text: str) -> str:
    """Fold everything to ASCII, for USSD gateways whose handsets are not proven."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text).translate(_ASCII)


class _Letters(dict[int, str]):
    """What becomes of a letter, by its code point, filled as they turn up; the rare far ones are not kept."""

    def __init__(self, letter: Callable[[str], str]) -> None:
        super().__init__()
        self._letter = letter

    def __missing__(self, code: int) -> str:
        letter = self._letter(chr(code))
        if code < _KEPT_BELOW:
            self[code] = letter
        return letter


def _sms_letter(letter: str) -> str:
    return letter if letter in _COST else _nearest(letter, _COST.__contains__)


def _ascii_letter(letter: str) -> str:
    if letter == "\n" or (letter.isascii() and letter.isprintable()):
        return letter
    return _nearest(letter, str.isascii)


_SMS: Final = _Letters(_sms_letter)
_ASCII: Final = _Letters(_ascii_letter)


def _nearest(letter: str, fits: Callable[[str], bool]) -> str:
    """The nearest thing to a letter; nothing for marks, emoji and controls; "?" for another script."""
    if letter in _SUBSTITUTES:
        return _SUBSTITUTES[letter]
    if letter in _BARE:
        return _BARE[letter]
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    if bare and all(fits(part) and part.isprintable() for part in bare):
        return bare
    return "?" if unicodedata.category(letter)[0] in "LN" else ""

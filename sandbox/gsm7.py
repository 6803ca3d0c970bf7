"""How much room a text takes on a phone: septets of the GSM 03.38 alphabet, and SMS segments."""

from collections.abc import Iterable
from math import ceil

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
ONE_SMS, PART = 160, 153
ONE_UCS2_SMS, UCS2_PART = 70, 67
PLANE_ZERO_END = 0xFFFF


def fits(text: str) -> bool:
    """Whether every character is in the GSM alphabet."""
    return all(c in BASIC or c in EXTENDED for c in text)


def septets(text: str) -> int:
    """Room in septets; a text outside the alphabet goes as UCS-2 and is counted in septets of its octets."""
    if fits(text):
        return sum(2 if c in EXTENDED else 1 for c in text)
    return ceil(len(text.encode("utf-16-be")) * 8 / 7)


def segments(text: str) -> int:
    """How many SMS the text costs, never splitting an escape pair or a surrogate pair."""
    if fits(text):
        return _parts((2 if c in EXTENDED else 1 for c in text), ONE_SMS, PART)
    return _parts((2 if ord(c) > PLANE_ZERO_END else 1 for c in text), ONE_UCS2_SMS, UCS2_PART)


def _parts(sizes: Iterable[int], whole: int, part: int) -> int:
    listed = list(sizes)
    if sum(listed) <= whole:
        return 1
    count, room = 1, part
    for size in listed:
        if size > room:
            count, room = count + 1, part
        room -= size
    return count

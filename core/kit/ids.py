"""Short codes that people read aloud and type: a letter, a number and a check digit."""

import re
from typing import Final

from core.kit.errors import Unclear

_CODE = re.compile(r"([A-Z])(\d{2,12})")
_DAMM: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""H. M. Damm, 2004: finds every wrong digit and every swap of two neighbours."""

_START: Final = 2
"""Any start keeps Damm's promises; with this one a lone zero is no valid code."""


def check_digit(number: int) -> int:
    """The Damm digit that closes a number."""
    interim = _START
    for digit in str(number):
        interim = _DAMM[interim][int(digit)]
    return interim


def make_code(letter: str, number: int) -> str:
    """A code people can type: ``make_code("A", 482)`` is "A482" and its check digit."""
    return f"{letter}{number}{check_digit(number)}"


def read_code(text: str, letter: str) -> str:
    """Read a typed code of one kind, in any case and with spaces: "a 4821" is "A4821".

    The letter may be left out (number pads). Raises Unclear("code.unclear") for another shape or letter,
    Unclear("code.mistyped") when the check digit is wrong.
    """
    typed = re.sub(r"[\s.\-]", "", text).upper()
    match = _CODE.fullmatch(typed if typed[:1].isalpha() else letter + typed)
    if match is None or match[1] != letter or not match[2].isascii():
        raise Unclear("code.unclear", letter=letter)
    number, check = match[2][:-1], match[2][-1]
    if check_digit(int(number)) != int(check) or number.startswith("0"):
        raise Unclear("code.mistyped")
    return letter + match[2]

"""What people type into flows: names, places, codes and sentences, each read into a value or refused with a hint."""

import re

from core.kit.errors import Unclear
from core.kit.ids import read_code
from core.kit.money import Money
from core.kit.text import clean

LONGEST_NAME = 60
LONGEST_PLACE = 40
LONGEST_SENTENCE = 600
LINK_DIGITS = 6

_NAME = re.compile(r"[^\W\d_]+(?:[ '.-]+[^\W\d_]+)*\.?")
_CHECK = re.compile(r"[A-Z0-9]{4,16}")


def person_name(text: str) -> str:
    """A person's name: 2 to 60 letters, accents, apostrophes and hyphens welcome, no digits.

    A name typed all small or all large gets its capitals ("ngo bell marie" is "Ngo Bell Marie").
    Raises Unclear("name.unclear").
    """
    name = clean(text, LONGEST_NAME + 1).replace("’", "'")
    if not 2 <= len(name) <= LONGEST_NAME or not _NAME.fullmatch(name) or sum(map(str.isalpha, name)) < 2:
        raise Unclear("name.unclear")
    return name if not (name.islower() or name.isupper()) else " ".join(map(str.capitalize, name.split()))


def place_name(text: str) -> str:
    """A city or quarter as typed, cleaned. Raises Unclear("place.unclear") when there is no letter in it."""
    name = clean(text, LONGEST_PLACE)
    if len(name) < 2 or not any(map(str.isalpha, name)):
        raise Unclear("place.unclear")
    return name


def sentence(text: str) -> str:
    """A request in the person's own words, cleaned. Raises Unclear("sentence.short")."""
    said = clean(text, LONGEST_SENTENCE)
    if len(said) < 3:
        raise Unclear("sentence.short")
    return said


def home_code(text: str) -> str:
    """The code of a home ("a 4821" is "A4821"). Raises Unclear("code.unclear" or "code.mistyped")."""
    return read_code(text, "A")


def lease_code(text: str) -> str:
    """The code of a lease ("B3018"). Raises Unclear("code.unclear" or "code.mistyped")."""
    return read_code(text, "B")


def receipt_code(text: str) -> str:
    """The verification code printed on a receipt, in any case and with spaces. Raises Unclear("check.unclear")."""
    code = re.sub(r"[\s.\-]", "", text).upper()
    if not _CHECK.fullmatch(code):
        raise Unclear("check.unclear")
    return code


def six_digits(text: str) -> str:
    """A code of six digits, with or without spaces between them. Raises Unclear("link.shape")."""
    code = re.sub(r"[\s.\-]", "", text)
    if not (len(code) == LINK_DIGITS and code.isascii() and code.isdigit()):
        raise Unclear("link.shape")
    return code


def meant(amount: Money, least: int) -> Money:
    """What somebody probably meant who left the thousands (or millions) out: 60 for a rent is 60 000.

    ``least`` is the smallest sensible amount in francs; an amount above it is taken as it is.
    """
    francs = amount.francs
    while francs < least:
        francs *= 1_000
    return Money(francs, amount.currency)

"""Phone numbers: read at the edge into E.164, masked wherever they could be seen."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import phonenumbers

from core.kit.errors import Unclear

_OLD_BENIN = re.compile(r"(?:\+|00)?229(\d{8})")
_OLD_IVORY_COAST = re.compile(r"(?:\+|00)?225(\d{8})")
_IVORIAN_OPERATOR: Final = {
    **dict.fromkeys("07 08 09 47 48 49 57 58 59 67 68 69 77 78 79 87 88 89 97 98".split(), "07"),
    **dict.fromkeys("04 05 06 44 45 46 54 55 56 64 65 66 74 75 76 84 85 86 94 95 96".split(), "05"),
    **dict.fromkeys("01 02 03 40 41 42 43 50 51 52 53 70 71 72 73".split(), "01"),
}
"""Old two-digit prefix to new one: the plan of 31 January 2021 (ARTCI) put the operator's digits in front."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number in E.164; shows only its ends."""

    e164: str

    def __repr__(self) -> str:
        return f"Phone({self.masked})"

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """Safe for logs: "+2376****001"."""
        return f"{self.e164[:5]}****{self.e164[-3:]}"

    @property
    def digits(self) -> str:
        """Digits with country code and no plus, as operators' interfaces want it."""
        return self.e164[1:]


def parse_phone(text: str, country: str) -> Phone:
    """Read a number as typed in a country ("677 12 34 56", "+237…", "00237…").

    Benin's numbers before 30 November 2024 and Côte d'Ivoire's before 31 January 2021 are carried over.
    Raises Unclear("phone.unclear").
    """
    found = _parsed(_modern(re.sub(r"[\s.\-()]", "", text)), country)
    if found is None:
        raise Unclear("phone.unclear")
    return found


def gateway_phone(text: str) -> Phone:
    """Read a number as a gateway sends it: with its country code, with or without "+".

    A plus that was not percent-encoded arrives as a space. Raises Unclear("phone.unclear").
    """
    digits = text.strip().removeprefix("+").removeprefix("00")
    return Phone("+" + digits) if _served(digits) else parse_phone("+" + digits, "CM")


def country_of(phone: Phone) -> str:
    """ISO code of the number's country ("CM"), or "" when it has none."""
    return _served(phone.digits) or _country(phone.e164)


def _plan(country: str) -> re.Pattern[str]:
    """Every mobile and fixed number of a country, by the library's own patterns."""
    plan = phonenumbers.PhoneMetadata.metadata_for_region(country)
    kinds = (plan.mobile, plan.fixed_line) if plan else ()
    return re.compile("|".join(kind.national_number_pattern or "" for kind in kinds if kind))


_SERVED: Final = {
    code: (country, _plan(country)) for code, country in (("237", "CM"), ("221", "SN"), ("225", "CI"), ("229", "BJ"))
}
"""The countries most calls come from, read without the library's general (and much slower) way."""


def _served(digits: str) -> str:
    """The country of a valid number of a served country, by its digits; "" for any other."""
    country, plan = _SERVED.get(digits[:3], ("", None))
    return country if plan is not None and digits.isascii() and plan.fullmatch(digits[3:]) else ""


@lru_cache(maxsize=4096)
def _country(e164: str) -> str:
    return phonenumbers.region_code_for_number(phonenumbers.parse(e164)) or ""


def _modern(text: str) -> str:
    if match := _OLD_BENIN.fullmatch(text):
        return f"+22901{match[1]}"
    if (match := _OLD_IVORY_COAST.fullmatch(text)) and match[1][:2] in _IVORIAN_OPERATOR:
        return f"+225{_IVORIAN_OPERATOR[match[1][:2]]}{match[1]}"
    return text


@lru_cache(maxsize=16384)
def _parsed(text: str, country: str) -> Phone | None:
    if not text.removeprefix("+").isascii() or not text.removeprefix("+").isdigit() or len(text) > 20:
        return None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

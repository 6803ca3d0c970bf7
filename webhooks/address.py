"""How WhatsApp names a person: by a phone number, or by an id that hides it."""

import re
from typing import Final

import phonenumbers

from core.kit.errors import Unclear
from core.kit.phone import Phone, gateway_phone

_NUMBER: Final = re.compile(r"\+?([0-9]{6,15})")
_SCOPED: Final = re.compile(r"[A-Za-z]{2}\.[A-Za-z0-9.]{1,140}")
"""A business-scoped user id, "US.1349…" or "US.ENT.1181…": a country, and at most 128 letters and digits."""


def whatsapp_address(text: str) -> tuple[str, Phone | None]:
    """The one form of an address, and the phone behind it when it is one: "+" and digits, or the scoped id.

    The digits stay as WhatsApp has them, old numbering plans included: answers go there. ("", None) for all else.
    """
    if number := _NUMBER.fullmatch(text.strip()):
        return f"+{number[1]}", _vouched(number[1])
    return scoped_id(text), None


def scoped_id(text: str) -> str:
    """An id that hides a number, "" for anything else."""
    return text.strip() if _SCOPED.fullmatch(text.strip()) else ""


def sms_phone(text: str) -> Phone | None:
    """The phone an SMS came from or went to; None for a brand, a short code, garbage."""
    try:
        return gateway_phone(text)
    except Unclear:
        return None


def _vouched(digits: str) -> Phone | None:
    """WhatsApp has rung the number, so it need only be possible: numbering plans change faster than libraries do."""
    if known := sms_phone(digits):
        return known
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    return Phone(f"+{digits}") if phonenumbers.is_possible_number(number) else None

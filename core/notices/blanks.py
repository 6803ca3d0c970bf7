"""Typed blanks of a notice as JSON and back: money stays money until it is worded."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.say import Text

_TO: Final[dict[type, tuple[str, Callable[[Any], object]]]] = {
    Money: ("money", lambda money: [money.francs, money.currency]),
    Month: ("month", lambda month: [month.year, month.month]),
    datetime: ("at", datetime.isoformat),
    date: ("day", date.isoformat),
    Phone: ("phone", lambda phone: phone.e164),
    Text: ("text", lambda text: [text.key, encode(text.blanks)]),
    tuple: ("list", lambda items: [_to(item) for item in items]),
}
_FROM: Final[dict[str, Callable[[Any], object]]] = {
    "money": lambda value: Money(*value),
    "month": lambda value: Month(*value),
    "at": datetime.fromisoformat,
    "day": date.fromisoformat,
    "phone": Phone,
    "text": lambda value: Text(value[0], decode(value[1])),
    "list": lambda value: tuple(_from(item) for item in value),
}


def encode(blanks: Mapping[str, object]) -> dict[str, object]:
    """Blanks as JSON: words and numbers as they are, everything else as ``{its kind: its value}``.

    TypeError for anything that is no blank (a float, a bool, None, a moment without a zone).
    """
    return {name: _to(value) for name, value in blanks.items()}


def decode(blanks: Mapping[str, Any]) -> dict[str, object]:
    """The blanks that were encoded, of the same types."""
    return {name: _from(value) for name, value in blanks.items()}


def _to(value: object) -> object:
    if type(value) in {str, int}:
        return value
    if type(value) not in _TO or (isinstance(value, datetime) and value.tzinfo is None):
        raise TypeError(f"a {type(value).__name__} is no blank")
    kind, convert = _TO[type(value)]
    return {kind: convert(value)}


def _from(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    return _FROM[kind](inner)

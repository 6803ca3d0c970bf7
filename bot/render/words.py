"""Puts catalogue lines and their typed blanks into words of one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from babel.messages.pofile import read_po

from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.say import Text

Style = Literal["plain", "rich", "full"]
"""How amounts, months and days look: "85.000F", "nov 2026" and "05/11" on small screens; elsewhere "85 000 FCFA",
"novembre 2026" and "5 novembre"; on paper "5 novembre 2026".
"""

LANGUAGES: Final = ("fr", "en")

_MONTHS: Final = {
    "fr": ("janv", "févr", "mars", "avril", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"),
}
_FULL_MONTHS: Final = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A catalogue line: singular and plural (the same when there is but one form)."""

    one: str
    many: str


@cache
def catalogue(language: str) -> Mapping[str, Line]:
    """Every line of a language, by key."""
    with files("bot.catalog").joinpath(f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language)
    lines = {}
    for message in messages:
        key, forms = _forms(message.id)[0], _forms(message.string)
        if key:
            lines[key] = Line(forms[0], forms[-1])
    return lines


def _forms(text: object) -> tuple[str, ...]:
    """A message's forms: one, or singular and plural."""
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


def say(label: Text | str, language: str, style: Style = "plain") -> str:
    """A label in words. A key that no catalogue has is a bug: KeyError."""
    if isinstance(label, str):
        return label
    line = catalogue(language)[label.key]
    if not label.blanks:
        return line.one
    blanks = label.blanks
    template = line.many if "count" in blanks and _plural(blanks["count"], language) else line.one
    return template.format_map({name: word(value, language, style) for name, value in blanks.items()})


def _plural(count: object, language: str) -> bool:
    """French counts zero and one as singular, English only one (CLDR)."""
    if not isinstance(count, int):
        return False
    return count > 1 if language == "fr" else count != 1


def word(value: object, language: str, style: Style = "plain") -> str:
    """One blank in words."""
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, Text):
        return say(value, language, style)
    if isinstance(value, Money):
        return _money(value, style)
    if isinstance(value, Month):
        names = _MONTHS if style == "plain" else _FULL_MONTHS
        return f"{names[language][value.month - 1]} {value.year}"
    if isinstance(value, tuple | list):
        return ", ".join(word(item, language, style) for item in value)
    return _other(value) if style == "plain" else _in_full(value, language, style)


def _money(value: Money, style: Style) -> str:
    if style != "plain":
        return f"{value.francs:,} FCFA".replace(",", "\u202f")
    return f"{value.francs:,}F".replace(",", ".")


def _in_full(value: object, language: str, style: Style) -> str:
    """A day with its month by name, where there is room for it."""
    if not isinstance(value, date):
        return _other(value)
    number = "1er" if value.day == 1 and language == "fr" else str(value.day)
    day = f"{number} {_FULL_MONTHS[language][value.month - 1]}{f' {value.year}' if style == 'full' else ''}"
    return f"{day}, {value:%Hh%M}" if isinstance(value, datetime) else day


def _other(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m %Hh%M}"
    if isinstance(value, date):
        return f"{value:%d/%m}"
    if isinstance(value, Phone):
        return f"{value.e164[-9:-6]}***{value.e164[-3:]}"
    if value is None:
        return ""
    raise TypeError(f"nothing says a {type(value).__name__}")

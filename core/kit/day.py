"""A day, as people type it."""

import re
from datetime import date, timedelta
from typing import Final

from core.kit.errors import Unclear
from core.kit.month import MONTHS
from core.kit.text import fold

_WORDS: Final = {"aujourd hui": 0, "auj": 0, "today": 0, "demain": 1, "tomorrow": 1, "apres demain": 2}
_NUMBERS: Final = re.compile(r"(\d{1,2}) (\d{1,2})(?: (\d{2}|\d{4}))?|(\d{2})(\d{2})")
_NAMED: Final = re.compile(r"(\d{1,2})(?:er)? ?([a-z]{3,9})(?: (\d{2}|\d{4}))?")


def parse_day(text: str, today: date) -> date:
    """Read a day from today on: "5/12", "0512", "5 dec", "demain". Without a year it is the next one of that date.

    Raises Unclear("day.unclear"), and Unclear("day.past") for a day that is over.
    """
    said = fold(text)
    if said in _WORDS:
        return today + timedelta(days=_WORDS[said])
    if match := _NUMBERS.fullmatch(said):
        return _day(int(match[1] or match[4]), int(match[2] or match[5]), match[3], today)
    if (match := _NAMED.fullmatch(said)) and match[2] in MONTHS:
        return _day(int(match[1]), MONTHS[match[2]], match[3], today)
    raise Unclear("day.unclear")


def _day(day: int, month: int, year: str | None, today: date) -> date:
    try:
        if year:
            found = date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        else:
            found = date(today.year, month, day)
            found = found if found >= today else date(today.year + 1, month, day)
    except ValueError:
        raise Unclear("day.unclear") from None
    if found < today:
        raise Unclear("day.past")
    return found

"""The month a rent is for."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from core.kit.text import fold

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan janv janvier january", "fev fevr fevrier feb february", "mar mars march", "avr avril apr april",
            "mai may", "juin jun june", "juil juillet jul july", "aou aout aug august", "sep sept septembre september",
            "oct octobre october", "nov novembre november", "dec decembre december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""What people call the months, folded, and their numbers."""

_SHORT: Final = {name for name in MONTHS if len(name) <= 3} - {"mai"}
"""Names that may be other words ("mar", "sep", "may") where they do not stand beside a day."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; stored as its first day."""

    year: int
    month: int

    @staticmethod
    def of(day: date) -> "Month":
        """The month a day falls in."""
        return Month(day.year, day.month)

    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    def day(self, number: int) -> date:
        """The given day of it, 1 to 28 (a due day exists in every month)."""
        return date(self.year, self.month, number)

    def plus(self, months: int) -> "Month":
        """The month so many later (earlier when negative)."""
        years, index = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, index + 1)


def month_named(text: str) -> int:
    """The one month that is named in some words, 1 to 12; 0 when none is, or several are."""
    named = {MONTHS[word] for word in fold(text).split() if word in MONTHS and word not in _SHORT}
    return named.pop() if len(named) == 1 else 0

"""The month a rent is for."""

from dataclasses import dataclass
from datetime import date


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

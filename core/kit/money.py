"""Money in whole francs, and how people type it."""

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Final, Literal

from core.kit.errors import Unclear

Currency = Literal["XAF", "XOF"]

CURRENCY_OF: Final[dict[str, Currency]] = {"CM": "XAF", "SN": "XOF", "CI": "XOF", "BJ": "XOF"}
"""Currency by country code (ISO 3166)."""

CEILING: Final = 10_000_000_000
"""Francs; nothing typed above this is an amount (a phone number, a code)."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """Whole francs of one currency; XAF and XOF never mix (ISO 4217 gives both no minor unit)."""

    francs: int
    currency: Currency

    def __add__(self, other: "Money") -> "Money":
        return Money(self.francs + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.francs - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.francs, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.francs < self._same(other)

    def __bool__(self) -> bool:
        return self.francs != 0

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
        return other.francs


def zero(currency: Currency) -> Money:
    """No francs of a currency."""
    return Money(0, currency)


_AMOUNT = re.compile(
    r"(?P<digits>\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+|\d+)(?:[.,](?P<part>\d{1,2}))?\s*"
    r"(?P<unit>k|kolos?|mil|milles?|m|millions?)?(?P<rest>\d{1,3})?\s*(?:f|fr|frs|francs?|f?\s?cfa|xaf|xof)?",
    re.IGNORECASE,
)
_FACTOR: Final = {
    "k": 1_000,
    "kolo": 1_000,
    "mil": 1_000,
    "mille": 1_000,
    "m": 1_000_000,
    "million": 1_000_000,
}


def parse_money(text: str, currency: Currency) -> Money:
    """Read one amount: "85.000", "85 000", "85k", "85 mille", "1,5 million", "85000 FCFA".

    Raises Unclear("money.unclear") when it is no amount, Unclear("money.absurd") above the ceiling or at zero.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise Unclear("money.unclear")
    francs = _francs(match)
    if francs is None:
        raise Unclear("money.unclear")
    if not 0 < francs <= CEILING:
        raise Unclear("money.absurd")
    return Money(francs, currency)


def _francs(match: re.Match[str]) -> int | None:
    whole = int(re.sub(r"\D", "", match["digits"])[:15])
    unit = (match["unit"] or "").lower()
    if not unit:
        return None if match["part"] or match["rest"] else whole
    factor = _FACTOR[unit] if unit in _FACTOR else _FACTOR[unit[:-1]]
    part = int((match["part"] or "0").ljust(2, "0")) * factor // 100
    return whole * factor + part + _remainder(match["rest"], factor)


def _remainder(rest: str | None, factor: int) -> int:
    """Fill the places below the unit: "2m5" is 2 500 000 and "25k500" is 25 500."""
    if not rest:
        return 0
    return int(rest) if factor == 1_000 else int(rest.ljust(3, "0")) * 1_000

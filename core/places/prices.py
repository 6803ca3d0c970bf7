"""Prices: which of the amounts in a sentence are a limit on the price, and which limit."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.places.amounts import THOUSAND, Number, widened
from core.places.signs import Row, SignRole

_BARE_FROM = 10
_YEARLY = 5 * THOUSAND
_DENIED_WITHIN = 4
_OF = frozenset(["de", "d", "est", "est a", "is", "of", "a", "c", "la", "du", "fait", "en"])
_ABOUT = _OF | {"the", "un", "une", "les", "environ", "about", "around"}
_TO = frozenset(["a", "to", "au", "et", "and", "reach", "go reach", "until", "till"])
_CUES: frozenset[SignRole] = frozenset({"most", "most_before", "least", "least_before", "price"})
_SILENT: frozenset[SignRole] = frozenset({"noise", "unknown", "monthly", "origin"})


@dataclass(slots=True)
class Limits:
    """Whole francs; None where nothing was said."""

    low: int | None = None
    top: int | None = None


@dataclass(slots=True)
class _Found:
    low: list[int] = field(default_factory=list)
    top: list[int] = field(default_factory=list)
    said: list[int] = field(default_factory=list)
    lone: list[int] = field(default_factory=list)


def read_prices(row: Row, *, thousands: bool) -> Limits:
    """Find the limits on the price in a row of signs; a lone amount is a maximum.

    `thousands` tells that a bare number from 10 to 999 may be one of thousands, as it is for a monthly rent.
    """
    return _Prices(row, thousands=thousands).limits()


class _Prices:
    def __init__(self, row: Row, *, thousands: bool) -> None:
        self._row = row
        self._thousands = thousands
        self._signs = row.signs
        self._used: set[int] = set()
        self._found = _Found()

    def limits(self) -> Limits:
        at = 0
        while at < len(self._signs):
            at = self._take(at) if self._signs[at].role == "amount" else at + 1
        return _limits(self._found)

    def _take(self, at: int) -> int:
        """Read the amount or range that begins at a sign; gives where to go on."""
        other = self._range_end(at)
        number = self._number(at)
        if other is not None:
            low, high = widened(number, self._number(other))
            cents = self._francs(low, cued=True), self._francs(high, cued=True)
            if cents[0] is not None and cents[1] is not None and cents[0] < cents[1]:
                self._found.low.append(cents[0])
                self._found.top.append(cents[1])
                return other + 1
        if not self._is_fee(at):
            self._single(at, number)
        return at + 1

    def _number(self, at: int) -> Number:
        number = self._signs[at].number
        if number is None:
            raise TypeError("an amount carries its number")
        return number

    def _range_end(self, at: int) -> int | None:
        """Give the sign of the upper end of "50-60k", "50 a 60 mil", "entre 50 et 60"."""
        for other in range(at + 1, min(at + 4, len(self._signs))):
            sign = self._signs[other]
            if sign.role == "amount":
                marks = self._row.before(sign)
                return other if other > at + 1 or "-" in marks or "/" in marks or self._are_near(at, other) else None
            linked = self._row.text(sign) in _TO or self._row.text(sign).startswith("jusqu")
            if not linked or (sign.role == "or" and not self._between(at)):
                return None
        return None

    def _are_near(self, low: int, high: int) -> bool:
        """Whether two numbers side by side are the ends of "60 70 mille"."""
        first, last = self._number(low), self._number(high)
        near = first.value * THOUSAND < last.value <= 2 * first.value * THOUSAND
        return first.bare and first.value >= _BARE_FROM and last.scale == THOUSAND and near

    def _between(self, at: int) -> bool:
        return any(self._row.text(sign) in {"entre", "between"} for sign in self._signs[max(0, at - 3) : at])

    def _single(self, at: int, number: Number) -> None:
        cue = self._cue(at)
        role = self._signs[cue].role if cue is not None else None
        francs = self._francs(number, cued=role is not None)
        if francs is None:
            return
        if cue is not None and role != "price":
            self._used.add(cue)
        monthly = self._signs[at + 1 : at + 2]
        if role is None and monthly and monthly[0].role == "monthly":
            role = "price"
        if role in {"least", "least_before"} and self._denied(cue):
            role = "most"
        if role is None and ">" in self._row.before(self._signs[at]):
            role = "least"
        if self._is_total(at):
            return
        target = {
            "most": self._found.top,
            "most_before": self._found.top,
            "least": self._found.low,
            "least_before": self._found.low,
            "price": self._found.said,
        }.get(str(role), self._found.lone)
        target.append(francs)

    def _denied(self, cue: int | None) -> bool:
        """Whether a lower bound is turned round: "je ne peux pas mettre plus de 40 000"."""
        if cue is None:
            return False
        before = self._signs[max(0, cue - _DENIED_WITHIN) : cue]
        spoken = [sign.role for sign in before if sign.role not in {"noise", "unknown"}]
        return spoken[-1:] == ["not"]

    def _is_total(self, at: int) -> bool:
        """Whether the amount is for several months together: "300 000 pour 6 mois"."""
        link, months = (*self._signs[at + 1 : at + 3], None, None)[:2]
        if link is None or months is None or months.role != "counted":
            return False
        words = self._row.text(months).split()
        return self._row.text(link) in {"pour", "for", "les"} and words[-1] in {"mois", "months"} and words[0] != "1"

    def _cue(self, at: int) -> int | None:
        """Give the sign that says what the amount limits: the one before it, else the one after it."""
        before = list(self._silent_until(range(at - 1, -1, -1)))
        after = list(self._silent_until(range(at + 1, len(self._signs))))
        bounds = [i for i in (*before, *after) if self._bounds(i, before=i < at) and not self._is_apart(i, at)]
        return bounds[0] if bounds else next((i for i in before if self._signs[i].role == "price"), None)

    def _bounds(self, at: int, *, before: bool) -> bool:
        role = self._signs[at].role
        return at not in self._used and (role in {"most", "least"} or (before and role in _CUES - {"price"}))

    def _is_apart(self, cue: int, at: int) -> bool:
        """Whether a word like "dès" stands too far from the amount to be about it: "avec des placards, 50 mille"."""
        between = self._signs[cue + 1 : at]
        about = all(sign.role == "price" or self._row.text(sign) in _ABOUT for sign in between)
        return self._signs[cue].role == "least_before" and not about

    def _silent_until(self, indexes: range) -> Iterator[int]:
        """Go outward past words that say nothing, and give the cues met before anything else is said."""
        for index in indexes:
            role = self._signs[index].role
            if role in _CUES:
                yield index
            elif role not in _SILENT:
                return

    def _is_fee(self, at: int) -> bool:
        return self._fee_before(at) or self._fee_after(at)

    def _fee_before(self, at: int) -> bool:
        """Whether a deposit or commission is named just before, not as the tail of "6 mois d'avance"."""
        index = at - 1
        while index >= 0 and self._row.text(self._signs[index]) in _OF:
            index -= 1
        if index < 0 or self._signs[index].role != "fee":
            return False
        previous = self._signs[index - 1] if index else None
        tail = self._row.text(self._signs[index]).startswith(("d ", "de "))
        months = previous is not None and previous.role == "counted"
        return not (months or (tail and previous is not None and previous.role == "amount"))

    def _fee_after(self, at: int) -> bool:
        texts = [self._row.text(sign) for sign in self._signs[at + 1 : at + 3]]
        roles = [sign.role for sign in self._signs[at + 1 : at + 3]]
        if roles[:1] == ["fee"]:
            return texts[0].startswith(("d ", "de "))
        return roles[1:2] == ["fee"] and texts[0] in {"de", "d", "pour", "for"}

    def _francs(self, number: Number, *, cued: bool) -> int | None:
        """Give the francs a number stands for, None when it is no price."""
        if number.bare:
            return number.value * THOUSAND if self._thousands and number.value >= _BARE_FROM else None
        sure = cued or number.money or number.scale > 1 or number.value >= _YEARLY
        return number.value if sure and number.value else None


def _limits(found: _Found) -> Limits:
    low = max(found.low, default=None)
    lone = found.said or found.lone
    top = max(found.top, default=None)
    if top is None and lone and (low is None or max(lone) > low):
        top = max(lone)
    return Limits(low if top is None or low is None or low <= top else None, top)

"""What a payment pays: the payer's months first, otherwise the oldest due, and the rest is credit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from core.kit.month import Month
from core.money.words import ChargeId

ChargeKind = Literal["rent", "service", "penalty", "deposit", "instalment", "share", "fee"]

RANK: Final[dict[str, int]] = {
    "rent": 0, "service": 1, "instalment": 2, "share": 3, "fee": 4, "penalty": 5,
}  # fmt: skip
"""The order within one month; what is missing here (a deposit) is never paid by itself."""


@dataclass(frozen=True, slots=True)
class OpenCharge:
    """A charge of ``amount`` francs, of which ``left`` (more than 0) are still owed."""

    id: ChargeId
    kind: ChargeKind
    period: Month
    due_on: date
    amount: int
    left: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one charge gets: ``amount`` francs, after which ``left_after`` are owed."""

    charge: OpenCharge
    amount: int

    @property
    def left_after(self) -> int:
        """Francs still owed once this part is paid."""
        return self.charge.left - self.amount


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where an amount goes: to charges, and the rest to the tenant's credit; together exactly the amount."""

    parts: tuple[Part, ...]
    credit: int


def allocate(amount: int, charges: Sequence[OpenCharge], chosen: Collection[Month], today: date) -> Allocation:
    """Spread ``amount`` francs (above 0) over charges.

    The months the payer chose come first, then what is due (the current month included), each oldest first and
    rent before what goes with it; months to come are paid only when chosen (Code civil, art. 1253 and 1256 in
    the old numbering). Deposits never are.
    """
    parts: list[Part] = []
    rest = amount
    for charge in _in_order(charges, frozenset(chosen), today):
        if rest == 0:
            break
        paid = min(rest, charge.left)
        parts.append(Part(charge, paid))
        rest -= paid
    return Allocation(tuple(parts), rest)


def lacking(amount: int, charges: Sequence[OpenCharge], chosen: Collection[Month], today: date) -> int:
    """Francs that ``amount`` lacks to pay everything it may pay; 0 when it is enough."""
    return max(0, sum(charge.left for charge in _in_order(charges, frozenset(chosen), today)) - amount)


def _in_order(charges: Sequence[OpenCharge], chosen: frozenset[Month], today: date) -> list[OpenCharge]:
    now = Month.of(today)
    payable = [
        charge
        for charge in charges
        if charge.kind in RANK and (charge.period in chosen or charge.period <= now or charge.due_on <= today)
    ]
    return sorted(payable, key=lambda charge: (charge.period not in chosen, *_age(charge)))


def _age(charge: OpenCharge) -> tuple[Month, int, date, int]:
    return charge.period, RANK[charge.kind], charge.due_on, charge.id


def left_of(months: Collection[Month], charges: Sequence[OpenCharge], parts: Sequence[Part]) -> int:
    """Francs still owed for some months (deposits aside) once the parts are paid."""
    owed = sum(charge.left for charge in charges if charge.period in months and charge.kind in RANK)
    return owed - sum(part.amount for part in parts if part.charge.period in months)

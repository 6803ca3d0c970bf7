"""What may be said about leases."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NewType, Protocol

from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone

LeaseId = NewType("LeaseId", int)

LEAST_PART = 500
"""Francs: the smallest part payment anybody may choose (or all that is left, if less)."""

AHEAD = 6
"""How many months can be paid in advance."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as its parties see it; ``title`` names the home ("Studio B3"), ``landlord`` the one who is paid.

    To somebody who only typed the lease code, ``tenant`` is a first name and nothing else personal is shown.
    """

    id: LeaseId
    code: str
    title: str
    tenant: str
    landlord: str
    monthly: Money
    due_day: int


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed for one month: rent and service charges together. ``left`` is what is still to pay."""

    month: Month
    due_on: date
    amount: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Account:
    """What a lease owes now: dues not fully paid (oldest first, the current month included), credit in hand,
    and the coming months that may be paid in advance. What is left of a month is what the credit does not pay of it.
    """

    lease: Lease
    dues: tuple[Due, ...]
    credit: Money
    ahead: tuple[Due, ...]

    @property
    def left(self) -> Money:
        """Everything due now, together."""
        total = Money(0, self.lease.monthly.currency)
        for due in self.dues:
            total += due.left
        return total

    def left_of(self, months: Collection[Month]) -> Money:
        """What is still to pay of some months, coming ones too; without any, everything due now."""
        if not months:
            return self.left
        total = Money(0, self.lease.monthly.currency)
        for due in (*self.dues, *self.ahead):
            total += due.left if due.month in months else Money(0, total.currency)
        return total

    def takes(self, amount: Money, months: Collection[Month], owed: Money | None) -> bool:
        """Whether an amount still is what it was chosen as, when ``owed`` was left of these months (or in all).

        A part of that is good as long as so much is left; all of it, or more on purpose, only while the same is left.
        Of an amount of which nothing is known no more is taken than is left.
        """
        left = self.left_of(months)
        return left == owed or (amount <= left and (owed is None or amount < owed))


class LeasesReading(Protocol):
    """What can be read about leases."""

    async def mine(self) -> tuple[Lease, ...]:
        """The leases on which the speaker is a tenant, the current ones first."""
        ...

    async def by_code(self, code: str) -> Lease | None:
        """The lease of that code ("B3018"), for somebody who pays for another; None when there is none."""
        ...

    async def account(self, lease: LeaseId) -> Account | None:
        """What a lease owes; None when it does not exist."""
        ...


@dataclass(frozen=True, slots=True)
class PayRent:
    """Start paying a lease by Mobile Money from a wallet; the operator's prompt follows once the session is over.

    ``amount`` goes to ``months`` first (the payer's explicit choice), otherwise to the oldest due; what is over is
    kept as credit for the next months. ``pin`` is the payer's PIN, None from somebody who has shown who they are where
    no PIN may be typed: the operator's own prompt is their consent. ``owed`` is what was left to pay of the months, or
    in all, when the amount was chosen (Account.takes); None from whoever does not know. Result: money.words.Started.

    Refused: ``pin.wrong``, ``pin.locked``; ``pay.changed`` (the account is no longer what it was when the amount was
    chosen: blank ``left``), ``pay.little`` (below the smallest part), ``pay.much`` (more than what is due now and AHEAD
    months), ``pay.open`` (a payment for these charges is under way: blanks ``amount``, ``at``, ``ref``), ``pay.rail``
    (no operator serves that wallet), ``pay.closed`` (the lease takes no payment).
    """

    lease: LeaseId
    amount: Money
    months: tuple[Month, ...]
    wallet: Phone
    pin: str | None
    owed: Money | None = None

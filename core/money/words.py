"""What may be said about money."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType, Protocol

from core.kit.money import Currency, Money
from core.kit.month import Month
from core.kit.phone import Phone

AttemptId = NewType("AttemptId", int)
ChargeId = NewType("ChargeId", int)
ReceiptId = NewType("ReceiptId", int)

AttemptState = Literal["created", "submitting", "submitted", "succeeded", "failed", "unresolved"]
Failure = Literal[
    "insufficient_funds", "payer_timeout", "payer_declined", "payer_not_found", "payer_limit", "payer_blocked",
    "payee_blocked", "amount_mismatch", "provider_unavailable", "provider_error", "not_submitted", "duplicate",
]  # fmt: skip
"""Our own reasons; each has its words in every language (catalogue keys ``failure.<code>``)."""


@dataclass(frozen=True, slots=True)
class Wallet:
    """A Mobile Money account that could pay; ``rail`` is the key of the operator's name (``rail.mtn``)."""

    phone: Phone
    rail: str


@dataclass(frozen=True, slots=True)
class Started:
    """A payment that was written down: its reference people see ("P88213")."""

    ref: str
    amount: Money
    rail: str


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """A payment under way, and when it was begun (local time of whoever asks)."""

    ref: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as its owner sees it: a *quittance* for a fully paid period, otherwise a *reçu*.

    ``number`` is gap-free per payee and year ("2026-000123"); ``check`` is what anybody can verify it by.
    """

    id: ReceiptId
    kind: Literal["quittance", "recu"]
    number: str
    check: str
    amount: Money
    left: Money
    months: tuple[Month, ...]
    title: str
    at: datetime
    ref: str


@dataclass(frozen=True, slots=True)
class Received:
    """What a payee last received: all of a month, and of its latest payments who owed them and how much came."""

    month: Month
    total: Money
    latest: tuple[tuple[str, Money], ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What anybody may learn of a receipt from its code: no full name, no number."""

    number: str
    kind: Literal["quittance", "recu"]
    amount: Money
    months: tuple[Month, ...]
    title: str
    tenant: str
    at: datetime


class MoneyReading(Protocol):
    """What can be read about payments."""

    async def wallet(self, phone: Phone) -> Wallet | None:
        """The Mobile Money account of a number on a rail that is switched on; a prefix is only a hint, so the
        person confirms it. None when no rail serves the number.
        """
        ...

    async def collects(self, currency: Currency) -> bool:
        """Whether payments in a currency are taken here at all."""
        ...

    async def under_way(self, subject: int | None = None) -> OpenAttempt | None:
        """The speaker's payment for a subject (a lease) that has no outcome yet, or their latest one for any."""
        ...

    async def receipts(self, before: ReceiptId | None = None) -> tuple[Receipt, ...]:
        """The speaker's receipts, the newest first, 12 at a time."""
        ...

    async def receipt(self, receipt: ReceiptId) -> Receipt | None:
        """One of the speaker's receipts."""
        ...

    async def received(self) -> Received | None:
        """What the speaker received in the last month in which anybody paid them; None when nobody ever did."""
        ...

    async def check(self, code: str) -> Checked | None:
        """The receipt of a verification code; None when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class SendReceipt:
    """Send one of the speaker's receipts again to where they ask for it: by SMS to a phone, into a conversation with
    its paper if it takes papers. Refused: ``receipt.unknown``, ``receipt.often`` (three a day).
    """

    receipt: ReceiptId

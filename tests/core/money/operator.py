"""An operator inside the test: does what it is told, and keeps a log of what it really debited."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from core.kit.errors import ProviderError
from core.kit.phone import Phone
from core.money.rails import MTN_CAMEROON, Capabilities, Holder, Order, Status, StatusWord
from core.money.words import Failure

LOST = ProviderError("provider_unavailable", retryable=True, unknown=True)
AWAY = ProviderError("provider_unavailable", retryable=True)


@dataclass
class Payment:
    """An order as the operator keeps it."""

    order: Order
    word: StatusWord = "pending"
    tx: str = ""
    failure: Failure | None = None


@dataclass
class FakeOperator:
    """A rail with a truth log; faults are put into ``submits`` and ``statuses`` and used up in order.

    ``after`` faults happen once the effect has happened, the others before; a lie is
    told once about one order.
    """

    can: Capabilities = MTN_CAMEROON
    payments: dict[UUID, Payment] = field(default_factory=dict)
    truth: list[dict[str, object]] = field(default_factory=list)
    before: list[ProviderError] = field(default_factory=list)
    after: list[ProviderError] = field(default_factory=list)
    statuses: list[ProviderError | Status | None] = field(default_factory=list)
    lies: dict[UUID, Status] = field(default_factory=dict)
    asked: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: count(10_000))

    async def submit(self, order: Order) -> None:
        """Take an order, or the same one again."""
        if self.before:
            raise self.before.pop(0)
        self.payments.setdefault(order.reference, Payment(order))
        if self.after:
            raise self.after.pop(0)

    async def status(self, reference: UUID) -> Status | None:
        """What became of it."""
        self.asked += 1
        if reference in self.lies:
            return self.lies.pop(reference)
        if self.statuses:
            planned = self.statuses.pop(0)
            if isinstance(planned, ProviderError):
                raise planned
            return planned
        found = self.payments.get(reference)
        return None if found is None else told(found)

    async def holder(self, phone: Phone) -> Holder | None:
        """Everybody has a wallet here."""
        return Holder(active=True, name=phone.masked)

    def approve(self, payment: Payment) -> None:
        """The payer types the PIN: the money is taken."""
        if payment.word != "pending":
            return
        payment.word, payment.tx = "succeeded", str(next(self._numbers))
        amount = payment.order.amount
        self.truth.append(
            {
                "reference": str(payment.order.reference),
                "external_id": payment.order.ref,
                "amount": amount.francs,
                "currency": amount.currency,
                "financial_transaction_id": payment.tx,
            }
        )

    def refuse(self, payment: Payment, failure: Failure = "payer_declined") -> None:
        """The payer refuses, or the operator does."""
        if payment.word == "pending":
            payment.word, payment.failure = "failed", failure

    def last(self) -> Payment:
        """The order that came last."""
        return list(self.payments.values())[-1]


def told(payment: Payment, **otherwise: object) -> Status:
    """A payment as the status answer tells it, with lies in ``otherwise``."""
    amount = payment.order.amount
    facts: dict[str, object] = {
        "word": payment.word,
        "francs": amount.francs,
        "currency": amount.currency,
        "ref": payment.order.ref,
        "provider_tx": payment.tx,
        "failure": payment.failure,
    }
    return Status(**{**facts, **otherwise})  # type: ignore[arg-type]

"""Issuing charges, each once for ever, and giving up parts of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import text

from core.kit.db import Record, Statement, Tx
from core.kit.money import Money
from core.kit.month import Month
from core.kit.speaker import PersonId
from core.money.allocation import ChargeKind
from core.money.credits import apply_credit
from core.money.owed import MonthOwed, credit_of, months_owed, open_charges
from core.money.words import ChargeId

__all__ = ["MonthOwed", "NewCharge", "credit_of", "issue", "months_owed", "open_charges", "waive"]


@dataclass(frozen=True, slots=True)
class NewCharge:
    """A charge to issue; ``origin_key`` makes it one charge however often it is issued ("lease:12:rent:2026-11")."""

    subject: int
    debtor: PersonId
    creditor: PersonId
    kind: ChargeKind
    amount: Money
    period: Month
    due_on: date
    title: str
    origin_key: str


_ISSUE: Final = Statement(
    text("""
INSERT INTO charge (subject, debtor, creditor, kind, amount, currency, period, due_on, title, origin_key, issued_at)
SELECT c.*, CAST(:now AS timestamptz) FROM unnest(
    CAST(:subjects AS bigint[]), CAST(:debtors AS bigint[]), CAST(:creditors AS bigint[]), CAST(:kinds AS text[]),
    CAST(:amounts AS bigint[]), CAST(:currencies AS text[]), CAST(:periods AS date[]), CAST(:dues AS date[]),
    CAST(:titles AS text[]), CAST(:origins AS text[])
) AS c (subject, debtor, creditor, kind, amount, currency, period, due_on, title, origin_key)
ORDER BY c.origin_key
ON CONFLICT (origin_key) DO NOTHING
""")
)
_ISSUED: Final = Statement(
    text(
        "SELECT id, origin_key, amount, currency, subject FROM charge WHERE origin_key = any(CAST(:origins AS text[]))"
    )
)
_WAIVE: Final = Statement(
    text("""
INSERT INTO waiver (charge_id, amount, reason, origin_key, at)
VALUES (CAST(:charge AS bigint), CAST(:amount AS bigint), :reason, :origin, CAST(:now AS timestamptz))
ON CONFLICT (origin_key) DO NOTHING
""")
)


async def issue(tx: Tx, charges: Sequence[NewCharge], now: datetime) -> tuple[ChargeId, ...]:
    """Issue charges, each at most once for ever, and let credit in hand pay those that are due.

    A charge whose key exists stays as it is: ValueError when it was issued with another amount or subject.
    """
    await tx.fetch(_ISSUE, **_columns(charges), now=now)
    rows = await tx.fetch(_ISSUED, origins=[charge.origin_key for charge in charges])
    issued = {row["origin_key"]: row for row in rows}
    for charge in charges:
        _same(charge, issued[charge.origin_key])
    await apply_credit(tx, sorted({charge.subject for charge in charges}), now)
    return tuple(ChargeId(issued[charge.origin_key]["id"]) for charge in charges)


def _same(charge: NewCharge, row: Record) -> None:
    was = (row["amount"], row["currency"], row["subject"])
    if was != (charge.amount.francs, charge.amount.currency, charge.subject):
        raise ValueError(f"charge {charge.origin_key} was issued otherwise; its amount never changes")


def _columns(charges: Sequence[NewCharge]) -> dict[str, list[object]]:
    return {
        "subjects": [charge.subject for charge in charges],
        "debtors": [charge.debtor for charge in charges],
        "creditors": [charge.creditor for charge in charges],
        "kinds": [charge.kind for charge in charges],
        "amounts": [charge.amount.francs for charge in charges],
        "currencies": [charge.amount.currency for charge in charges],
        "periods": [charge.period.first() for charge in charges],
        "dues": [charge.due_on for charge in charges],
        "titles": [charge.title for charge in charges],
        "origins": [charge.origin_key for charge in charges],
    }


async def waive(tx: Tx, charge: ChargeId, amount: int, *, reason: str, origin_key: str, now: datetime) -> None:
    """Give up francs of a charge, once per key; asyncpg.CheckViolationError when less is left."""
    await tx.fetch(_WAIVE, charge=charge, amount=amount, reason=reason, origin=origin_key, now=now)

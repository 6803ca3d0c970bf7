"""Reading what is owed: open charges, months, and credit in hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.money import Currency, Money
from core.kit.month import Month
from core.money.allocation import RANK, ChargeKind, OpenCharge
from core.money.words import ChargeId

CHARGES_LEFT: Final = """charge AS c
CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS paid FROM allocation WHERE charge_id = c.id) AS p
CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS waived FROM waiver WHERE charge_id = c.id) AS w"""
"""Charges (c) with what was paid (p.paid) and given up (w.waived) of each."""


@dataclass(frozen=True, slots=True)
class MonthOwed:
    """All charges of one month together, deposits aside: francs asked and francs left (0 when it is paid)."""

    period: Month
    due_on: date
    amount: Money
    left: Money


_MONTHS: Final = Statement(
    text(f"""
SELECT c.subject, c.period, min(c.due_on) AS due_on, c.currency, sum(c.amount)::bigint AS amount,
    sum(c.amount - p.paid - w.waived)::bigint AS remaining
FROM {CHARGES_LEFT}
WHERE c.subject = any(CAST(:subjects AS bigint[])) AND c.kind = any(CAST(:kinds AS text[]))
GROUP BY c.subject, c.currency, c.period ORDER BY c.subject, c.period
""")  # noqa: S608 - constants only
)
_CREDIT: Final = Statement(
    text("""
SELECT a.owner, (
    (SELECT coalesce(sum(amount), 0) FROM posting WHERE destination_account = a.id)
    - (SELECT coalesce(sum(amount), 0) FROM posting WHERE source_account = a.id)
)::bigint AS balance
FROM account AS a
WHERE a.kind = 'tenant_credit' AND a.owner = any(CAST(:subjects AS bigint[])) AND a.currency = CAST(:currency AS text)
""")
)
_OPEN: Final = Statement(
    text(f"""
SELECT c.id, c.kind, c.period, c.due_on, c.amount, (c.amount - p.paid - w.waived)::bigint AS remaining
FROM {CHARGES_LEFT}
WHERE c.subject = CAST(:subject AS bigint) AND c.amount > p.paid + w.waived
ORDER BY c.id
""")  # noqa: S608 - constants only
)


async def open_charges(reader: Reader, subject: int) -> tuple[OpenCharge, ...]:
    """What is still owed on a subject, deposits included, in the order of issue."""
    return tuple(open_charge(*row) for row in await reader.fetch(_OPEN, subject=subject))


def open_charge(number: int, kind: ChargeKind, period: date, due_on: date, amount: int, left: int) -> OpenCharge:
    """A charge as statements give it: ``period`` is the month's first day."""
    return OpenCharge(ChargeId(number), kind, Month.of(period), due_on, amount, left)


async def months_owed(reader: Reader, subjects: Sequence[int]) -> dict[int, tuple[MonthOwed, ...]]:
    """Every month charged on some subjects, the oldest first, paid ones included."""
    found: dict[int, list[MonthOwed]] = {subject: [] for subject in subjects}
    for row in await reader.fetch(_MONTHS, subjects=list(subjects), kinds=list(RANK)):
        amount, left = Money(row["amount"], row["currency"]), Money(row["remaining"], row["currency"])
        found[row["subject"]].append(MonthOwed(Month.of(row["period"]), row["due_on"], amount, left))
    return {subject: tuple(months) for subject, months in found.items()}


async def credit_of(reader: Reader, subject: int, currency: Currency) -> Money:
    """What was paid ahead on a subject and not used yet."""
    row = await reader.one(_CREDIT, subjects=[subject], currency=currency)
    return Money(row["balance"] if row else 0, currency)

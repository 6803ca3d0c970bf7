"""Reading what is owed: open charges, months, and credit in hand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Record, Statement
from core.kit.money import Currency, Money
from core.kit.month import Month
from core.money.allocation import RANK, OpenCharge
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
SELECT c.id, c.subject, c.kind, c.period, c.due_on, c.amount, (c.amount - p.paid - w.waived)::bigint AS remaining
FROM {CHARGES_LEFT}
WHERE c.subject = CAST(:subject AS bigint) AND c.amount > p.paid + w.waived
ORDER BY c.id
""")  # noqa: S608 - constants only
)
_OWED_TO: Final = Statement(
    text(f"""
SELECT c.id, c.subject, c.kind, c.period, c.due_on, c.amount, (c.amount - p.paid - w.waived)::bigint AS remaining
FROM unnest(CAST(:subjects AS bigint[]), CAST(:creditors AS bigint[]), CAST(:currencies AS text[]))
    AS o (subject, creditor, currency)
JOIN {CHARGES_LEFT} ON c.subject = o.subject AND c.creditor = o.creditor AND c.currency = o.currency
WHERE c.amount > p.paid + w.waived
""")  # noqa: S608 - constants only
)


async def open_charges(reader: Reader, subject: int) -> tuple[OpenCharge, ...]:
    """What is still owed on a subject, deposits included, in the order of issue."""
    return tuple(map(open_charge, await reader.fetch(_OPEN, subject=subject)))


async def open_charges_owed_to(reader: Reader, owed: Sequence[tuple[int, int, str]]) -> dict[int, list[OpenCharge]]:
    """What is still owed on each (subject, creditor, currency); a subject without debts has an empty list."""
    found: dict[int, list[OpenCharge]] = defaultdict(list)
    rows = await reader.fetch(
        _OWED_TO,
        subjects=[subject for subject, _, _ in owed],
        creditors=[creditor for _, creditor, _ in owed],
        currencies=[currency for _, _, currency in owed],
    )
    for row in rows:
        found[row["subject"]].append(open_charge(row))
    return found


def open_charge(row: Record) -> OpenCharge:
    """A row of an open charge (id, kind, period, due_on, amount, remaining)."""
    return OpenCharge(
        ChargeId(row["id"]), row["kind"], Month.of(row["period"]), row["due_on"], row["amount"], row["remaining"]
    )


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

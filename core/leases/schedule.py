"""The charges a lease creates: month by month as they fall due, and ahead when somebody pays in advance.

Whole months are charged, the first and the last as well, however late in the one the lease begins and however
early in the other it ends; what two sides agree on for a part of a month is a waiver.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import text

from core.kit.clock import Clock, local_day
from core.kit.db import Database, Statement, Tx
from core.kit.money import Money
from core.kit.month import Month
from core.leases.tables import ChargeKind
from core.leases.terms import Term, terms
from core.leases.words import LeaseId
from core.money.charges import NewCharge, issue

_BATCH: Final = 100
"""Leases charged in one transaction."""

_LATE: Final = Statement(
    text("""
    SELECT l.id FROM lease AS l
    WHERE l.state IN ('active', 'notice') AND l.start_on < CAST(:month AS date) + interval '1 month'
        AND NOT EXISTS (
            SELECT FROM lease_charge AS c
            WHERE c.lease_id = l.id AND c.kind = 'rent'
                AND c.period = least(CAST(:month AS date), date_trunc('month', l.end_on - 1)::date))
    ORDER BY l.id LIMIT :many
    FOR NO KEY UPDATE SKIP LOCKED
    """)
)

_CHARGED: Final = Statement(
    text("SELECT lease_id, period, kind FROM lease_charge WHERE lease_id = any(CAST(:leases AS bigint[]))")
)

_KEEP: Final = Statement(
    text("""
    INSERT INTO lease_charge (lease_id, period, kind, charge_id)
    SELECT * FROM unnest(CAST(:leases AS bigint[]), CAST(:periods AS date[]), CAST(:kinds AS text[]),
        CAST(:charges AS bigint[]))
    ON CONFLICT (lease_id, period, kind) DO NOTHING
    """)
)


class Schedule:
    """The worker's round: the charges of the month, for every current lease that has not got them yet."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def run_once(self) -> int:
        """Issue a batch in a transaction of its own; how many charges."""
        async with self._db.transaction() as tx:
            return await issue_due(tx, self._clock.now())


async def issue_due(tx: Tx, now: datetime) -> int:
    """Create the charges of current leases up to this month, for a batch of leases; how many charges.

    Safe to run again and by several at once. The month begins when it begins in Douala, an hour early elsewhere.
    """
    until = Month.of(local_day(now, "CM"))
    late = await tx.fetch(_LATE, month=until.first(), many=_BATCH)
    wanted = [
        (term, month)
        for term in await terms(tx, [LeaseId(row["id"]) for row in late])
        for month in term.months(Month.of(term.start), until)
    ]
    return await _issue(tx, wanted, now)


async def issue_ahead(tx: Tx, term: Term, months: Iterable[Month], now: datetime) -> int:
    """Create the charges of coming months of one lease, because somebody pays them in advance; how many charges.

    Months outside the lease are left out, and all of them once it has ended.
    """
    return await _issue(tx, [(term, month) for month in months if term.running and term.holds(month)], now)


async def _issue(tx: Tx, wanted: Sequence[tuple[Term, Month]], now: datetime) -> int:
    leases = sorted({term.lease for term, _ in wanted})
    charged = {(row["lease_id"], row["period"], row["kind"]) for row in await tx.fetch(_CHARGED, leases=leases)}
    new = [
        (term, month, kind, amount)
        for term, month in wanted
        for kind, amount in _parts(term)
        if (term.lease, month.first(), kind) not in charged
    ]
    if not new:
        return 0
    issued = await issue(tx, [_charge(*one) for one in new], now)
    await tx.fetch(
        _KEEP,
        leases=[term.lease for term, *_ in new],
        periods=[month.first() for _, month, *_ in new],
        kinds=[kind for _, _, kind, _ in new],
        charges=list(issued),
    )
    return len(issued)


def _parts(term: Term) -> tuple[tuple[ChargeKind, Money], ...]:
    """Rent and service charge are charges of their own: a receipt names them apart."""
    return (("rent", term.rent), ("service", term.service)) if term.service else (("rent", term.rent),)


def _charge(term: Term, month: Month, kind: ChargeKind, amount: Money) -> NewCharge:
    return NewCharge(
        subject=term.lease,
        debtor=term.tenant,
        creditor=term.landlord,
        kind=kind,
        amount=amount,
        period=month,
        due_on=term.due_on(month),
        title=term.title,
        origin_key=f"lease:{term.lease}:{month.first():%Y-%m}:{kind}",
    )

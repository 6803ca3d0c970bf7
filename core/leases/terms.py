"""What a lease says: who owes whom how much, for which months, due when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Record, Statement
from core.kit.money import Money
from core.kit.month import Month
from core.kit.speaker import PersonId
from core.leases.tables import State
from core.leases.words import LeaseId

CURRENT: Final = frozenset({"active", "notice"})
"""The states in which a lease goes on creating charges."""

PAYABLE: Final = CURRENT | {"ended"}
"""The states in which a lease takes payments: arrears outlive it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A lease as its charges are made from it; ``end`` is the first day that is no longer part of it."""

    lease: LeaseId
    code: str
    title: str
    state: State
    tenant: PersonId
    tenant_name: str
    landlord: PersonId
    landlord_name: str
    rent: Money
    service: Money
    due_day: int
    start: date
    end: date | None

    @property
    def monthly(self) -> Money:
        """Rent and service charge together."""
        return self.rent + self.service

    @property
    def running(self) -> bool:
        """It goes on creating charges."""
        return self.state in CURRENT

    def holds(self, month: Month) -> bool:
        """Whether a charge is made for a month: whole months, the first and the last included."""
        return Month.of(self.start) <= month and (self.end is None or month.first() < self.end)

    def months(self, since: Month, until: Month) -> Iterator[Month]:
        """The months of the lease between two, both included."""
        month = max(since, Month.of(self.start))
        while month <= until and self.holds(month):
            yield month
            month = month.plus(1)

    def due_on(self, month: Month) -> date:
        """The day a month is due; never before the lease begins."""
        return max(month.day(self.due_day), self.start)


_TERM = """
SELECT l.id, l.code, l.title, l.state, l.rent, l.service_charge, l.currency, l.due_day, l.start_on, l.end_on,
    l.landlord_id, t.person_id AS tenant_id, landlord.name AS landlord_name, tenant.name AS tenant_name
FROM lease AS l
JOIN lease_party AS t ON t.lease_id = l.id AND t.role = 'tenant'
JOIN person AS tenant ON tenant.id = t.person_id
JOIN person AS landlord ON landlord.id = l.landlord_id
"""

_BY_ID: Final = Statement(text(f"{_TERM} WHERE l.id = any(CAST(:leases AS bigint[])) ORDER BY l.id"))

_BY_CODE: Final = Statement(text(f"{_TERM} WHERE l.code = :code AND l.state = any(CAST(:states AS text[]))"))

_OF_PERSON: Final = Statement(
    text(
        f"""{_TERM}
    WHERE l.state = any(CAST(:states AS text[])) AND l.id IN (
        SELECT lease_id FROM lease_party WHERE person_id = :person AND role IN ('tenant', 'co_tenant'))
    ORDER BY l.state = 'ended', l.start_on DESC, l.id
    """  # noqa: S608 - constants only
    )
)

_INVOLVES: Final = Statement(
    text("""
    SELECT 1 FROM lease WHERE id = :lease AND landlord_id = :person
    UNION ALL SELECT 1 FROM lease_party WHERE lease_id = :lease AND person_id = :person
    LIMIT 1
    """)
)


def term_of(row: Record) -> Term:
    """A row of the lease with the names of its two sides."""
    return Term(
        lease=LeaseId(row["id"]),
        code=row["code"],
        title=row["title"],
        state=row["state"],
        tenant=PersonId(row["tenant_id"]),
        tenant_name=row["tenant_name"] or "",
        landlord=PersonId(row["landlord_id"]),
        landlord_name=row["landlord_name"] or "",
        rent=Money(row["rent"], row["currency"]),
        service=Money(row["service_charge"], row["currency"]),
        due_day=row["due_day"],
        start=row["start_on"],
        end=row["end_on"],
    )


async def terms(on: Reader, leases: Sequence[LeaseId]) -> list[Term]:
    """These leases, in the order of their ids, whatever their state."""
    return [term_of(row) for row in await on.fetch(_BY_ID, leases=list(leases))]


async def term(on: Reader, lease: LeaseId) -> Term | None:
    """One lease, whatever its state."""
    return next(iter(await terms(on, [lease])), None)


async def term_by_code(on: Reader, code: str) -> Term | None:
    """The lease of a code, if it takes payments."""
    row = await on.one(_BY_CODE, code=code, states=sorted(PAYABLE))
    return term_of(row) if row else None


async def terms_of(on: Reader, tenant: PersonId) -> list[Term]:
    """The leases on which somebody is a tenant and that take payments, the current and latest first."""
    return [term_of(row) for row in await on.fetch(_OF_PERSON, person=tenant, states=sorted(PAYABLE))]


async def involves(on: Reader, lease: LeaseId, person: PersonId) -> bool:
    """Whether somebody is the landlord or stands on the tenant's side."""
    return await on.one(_INVOLVES, lease=lease, person=person) is not None

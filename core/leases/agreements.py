"""Leases agreed on: written as a draft with the people behind them, and moved from state to state."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import text

from core.homes.words import UnitId
from core.kit.db import Statement, Tx
from core.kit.ids import make_code
from core.kit.money import Money
from core.kit.speaker import PersonId
from core.leases.tables import Role, State
from core.leases.words import LeaseId


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a landlord and a tenant agree on. ``rent`` and ``service`` are a month's, due on ``due_day`` (1 to 28);
    ``end`` is the first day that is no longer part of it; ``others`` stand beside or behind the tenant.
    """

    unit: UnitId
    landlord: PersonId
    tenant: PersonId
    title: str
    rent: Money
    service: Money
    due_day: int
    start: date
    end: date | None = None
    others: tuple[tuple[PersonId, Role], ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """A lease that was written down: its id, and the code people type ("B3018")."""

    id: LeaseId
    code: str


_NEXT: Final = Statement(text("SELECT nextval(pg_get_serial_sequence('lease', 'id')) AS number"))

_DRAFT: Final = Statement(
    text("""
    INSERT INTO lease (id, code, unit_id, landlord_id, title, rent, service_charge, currency, due_day, start_on, end_on,
        changed_by, changed_at)
    VALUES (:id, :code, :unit, :landlord, :title, :rent, :service, :currency, :due_day, :start, :end, :by, :now)
    """)
)

_PARTIES: Final = Statement(
    text("""
    INSERT INTO lease_party (lease_id, person_id, role)
    SELECT :lease, * FROM unnest(CAST(:people AS bigint[]), CAST(:roles AS text[]))
    """)
)

_SET_STATE: Final = Statement(
    text("""
    UPDATE lease SET state = CAST(:state AS text), end_on = coalesce(:end, end_on), changed_by = :by, changed_at = :now
    WHERE id = :lease AND state <> :state
    """)
)


async def draft(tx: Tx, new: Agreement, by: PersonId | None, now: datetime) -> Agreed:
    """Write a lease down; it binds nobody yet. ValueError when rent and service charge are not of one currency."""
    if new.rent.currency != new.service.currency:
        raise ValueError("a lease has one currency")
    number = int((await tx.fetch(_NEXT))[0]["number"])
    agreed = Agreed(LeaseId(number), make_code("B", number))
    await tx.fetch(
        _DRAFT,
        id=number,
        code=agreed.code,
        unit=new.unit,
        landlord=new.landlord,
        title=new.title,
        rent=new.rent.francs,
        service=new.service.francs,
        currency=new.rent.currency,
        due_day=new.due_day,
        start=new.start,
        end=new.end,
        by=by,
        now=now,
    )
    sides: tuple[tuple[PersonId, Role], ...] = ((new.tenant, "tenant"), *new.others)
    await tx.fetch(_PARTIES, lease=number, people=[person for person, _ in sides], roles=[role for _, role in sides])
    return agreed


async def set_state(
    tx: Tx, lease: LeaseId, state: State, by: PersonId | None, now: datetime, *, end: date | None = None
) -> None:
    """Move a lease to another state, with a new end if one is given; the same state again changes nothing.

    The database refuses a move that is not in ``lease_transition`` (ForeignKeyViolationError), a second current
    lease of the unit on the same days (ExclusionViolationError), and an ended lease without an end.
    """
    await tx.fetch(_SET_STATE, lease=lease, state=state, end=end, by=by, now=now)


async def begin(tx: Tx, new: Agreement, by: PersonId | None, now: datetime) -> Agreed:
    """Write a lease down and let it take effect at once."""
    agreed = await draft(tx, new, by, now)
    await set_state(tx, agreed.id, "active", by, now)
    return agreed

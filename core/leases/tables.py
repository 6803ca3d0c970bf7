"""Leases, their parties, and the charges they have created."""

from typing import Final, Literal, get_args

from sqlalchemy import (
    CHAR,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

import core.homes.tables
import core.money.tables  # noqa: F401 - leases refer to charges
from core.kit.db import metadata, one_of

State = Literal["draft", "active", "notice", "ended", "cancelled"]
Role = Literal["tenant", "co_tenant", "guarantor"]
ChargeKind = Literal["rent", "service"]

FIRST_NUMBER: Final = 300
"""Lease numbers begin here, so that every code has the same length for years."""

TRANSITIONS: Final = (
    ("", "draft"),
    ("draft", "active"), ("draft", "cancelled"),
    ("active", "notice"), ("active", "ended"),
    ("notice", "active"), ("notice", "ended"),
)  # fmt: skip
"""What a lease may become; it begins as a draft. The database refuses anything else."""

lease_transition = Table(
    "lease_transition",
    metadata,
    Column("from_state", Text, primary_key=True),
    Column("to_state", Text, primary_key=True),
)
"""What a lease may become (``TRANSITIONS``)."""

lease = Table(
    "lease",
    metadata,
    Column("id", BigInteger, Identity(start=FIRST_NUMBER), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False, index=True),
    Column("landlord_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("rent", BigInteger, nullable=False),
    Column("service_charge", BigInteger, nullable=False, server_default="0"),
    Column("currency", CHAR(3), nullable=False),
    Column("due_day", SmallInteger, nullable=False),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),
    Column("state", Text, nullable=False, server_default="draft"),
    Column("changed_by", ForeignKey("person.id")),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("title <> ''", name="has_title"),
    CheckConstraint("rent > 0", name="rent"),
    CheckConstraint("service_charge >= 0", name="service_charge"),
    CheckConstraint("currency IN ('XAF', 'XOF')", name="currency"),
    CheckConstraint("due_day BETWEEN 1 AND 28", name="due_day"),
    CheckConstraint("end_on > start_on", name="ends_after_it_starts"),
    CheckConstraint("state <> 'ended' OR end_on IS NOT NULL", name="ended_when"),
    CheckConstraint(one_of("state", get_args(State)), name="state"),
    ExcludeConstraint(
        (text("int8range(unit_id, unit_id, '[]')"), "&&"),
        (text("daterange(start_on, end_on, '[)')"), "&&"),
        name="ex_lease_one_at_a_time",
        using="gist",
        where=text("state IN ('active', 'notice')"),
    ),
    Index("ix_lease_current", "id", postgresql_where=text("state IN ('active', 'notice')")),
)
"""Somebody lives in a unit for a rent. ``rent`` and ``service_charge`` are francs a month, due on ``due_day``;
``end_on`` is the first day that is no longer part of it."""

lease_party = Table(
    "lease_party",
    metadata,
    Column("lease_id", ForeignKey("lease.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("lease_id", "person_id", "role"),
    CheckConstraint(one_of("role", get_args(Role)), name="role"),
    Index("uq_lease_party_tenant", "lease_id", unique=True, postgresql_where=text("role = 'tenant'")),
)
"""Who stands on the tenant's side of a lease: one tenant, any number of others."""

lease_charge = Table(
    "lease_charge",
    metadata,
    Column("lease_id", ForeignKey("lease.id"), nullable=False),
    Column("period", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("charge_id", ForeignKey("charge.id"), nullable=False, unique=True),
    PrimaryKeyConstraint("lease_id", "period", "kind"),
    CheckConstraint("extract(day FROM period) = 1", name="period_is_a_month"),
    CheckConstraint(one_of("kind", get_args(ChargeKind)), name="kind"),
)
"""Which charge stands for which month of a lease; ``period`` is the month's first day."""

lease_event = Table(
    "lease_event",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("lease_id", ForeignKey("lease.id"), nullable=False, index=True),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("by_id", ForeignKey("person.id")),
    Column("at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["from_state", "to_state"],
        ["lease_transition.from_state", "lease_transition.to_state"],
        name="fk_lease_event_transition",
    ),
)
"""The history of a lease, written by a trigger alone. Append-only."""

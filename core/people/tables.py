"""The tables of people: profiles, the phones they share, PINs and consents."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.kit.db import metadata

_E164: Final = r"~ '^\+[1-9][0-9]{7,14}$'"

person = Table(
    "person",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("name", Text),
    Column("language", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("city_id", Integer),
    Column("status", Text, nullable=False, server_default="active"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("status IN ('active', 'suspended', 'erased')", name="status"),
    CheckConstraint("(status = 'erased') = (name IS NULL)", name="erased_has_no_name"),
    CheckConstraint("length(name) BETWEEN 1 AND 80", name="name"),
    CheckConstraint("language IN ('fr', 'en')", name="language"),
    CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
)

phone = Table(
    "phone",
    metadata,
    Column("e164", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("is_primary", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("e164", "person_id"),
    UniqueConstraint("e164", "number"),
    CheckConstraint(f"e164 {_E164}", name="e164"),
    CheckConstraint("number BETWEEN 1 AND 6", name="number"),
    Index("ix_phone_person_id", "person_id"),
    Index("uq_phone_primary", "person_id", unique=True, postgresql_where=text("is_primary")),
)

person_role = Table(
    "person_role",
    metadata,
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("person_id", "role"),
    CheckConstraint("role IN ('tenant', 'landlord', 'agent', 'cooperative')", name="role"),
    CheckConstraint("state IN ('requested', 'active')", name="state"),
)

phone_preference = Table(
    "phone_preference",
    metadata,
    Column("e164", Text, primary_key=True),
    Column("language", Text, nullable=False),
    CheckConstraint(f"e164 {_E164}", name="e164"),
    CheckConstraint("language IN ('fr', 'en')", name="language"),
)

pin_credential = Table(
    "pin_credential",
    metadata,
    Column("person_id", BigInteger, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
    Column("failed", SmallInteger, nullable=False, server_default="0"),
    Column("locked_until", DateTime(timezone=True)),
    CheckConstraint("failed BETWEEN 0 AND 5", name="failed"),
    CheckConstraint("failed < 5 OR locked_until IS NOT NULL", name="locked"),
)

pin_draft = Table(
    "pin_draft",
    metadata,
    Column("e164", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    CheckConstraint(f"e164 {_E164}", name="e164"),
)

consent_event = Table(
    "consent_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("text_version", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("action IN ('granted', 'withdrawn')", name="action"),
    Index("ix_consent_event_person_id", "person_id"),
)
"""Append-only, by trigger."""

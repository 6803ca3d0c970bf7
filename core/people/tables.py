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
    Column("language_chosen", Boolean, nullable=False, server_default="false"),
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

door = Table(
    "door",
    metadata,
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("name", Text),
    Column("language", Text),
    Column("e164", Text),
    Column("verified_by", Text),
    Column("person_id", BigInteger, ForeignKey("person.id")),
    Column("linked_at", DateTime(timezone=True)),
    Column("state", Text, nullable=False, server_default="open"),
    Column("failed", SmallInteger, nullable=False, server_default="0"),
    Column("locked_until", DateTime(timezone=True)),
    Column("heard_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("channel", "address"),
    CheckConstraint("channel IN ('sms', 'whatsapp', 'telegram')", name="channel"),
    CheckConstraint("length(address) BETWEEN 1 AND 140", name="address"),
    CheckConstraint("language IN ('fr', 'en')", name="language"),
    CheckConstraint(f"e164 {_E164}", name="e164"),
    CheckConstraint("verified_by IN ('provider', 'contact', 'code')", name="verified_by"),
    CheckConstraint("(e164 IS NULL) = (verified_by IS NULL)", name="verified"),
    CheckConstraint("(person_id IS NULL) = (linked_at IS NULL)", name="linked"),
    CheckConstraint("state IN ('open', 'unreachable', 'suspended')", name="state"),
    CheckConstraint("failed BETWEEN 0 AND 5", name="failed"),
    Index("ix_door_person_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
)
"""Somebody's address on a message channel. ``e164`` is a number known to be theirs and how that is known, ``person_id``
whose it was shown to be, ``heard_at`` when they last wrote. ``failed`` counts wrong link codes; ``suspended`` after a
change of number or device, until it is linked anew.
"""

door_alias = Table(
    "door_alias",
    metadata,
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("alias", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("channel", "address", "source"),
    CheckConstraint("length(alias) BETWEEN 1 AND 160", name="alias"),
    Index("ix_door_alias_alias", "channel", "source", "alias"),
)
"""What else a provider calls somebody whom it also calls by this address, and since when."""

door_event = Table(
    "door_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id")),
    Column("event", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("event IN ('linked', 'unlinked', 'suspended', 'verified')", name="event"),
    Index("ix_door_event_person_id", "person_id"),
)
"""Append-only, by trigger."""

link_code = Table(
    "link_code",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("person.id")),
    Column("e164", Text),
    Column("channel", Text),
    Column("address", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("(person_id IS NULL) <> (e164 IS NULL)", name="purpose"),
    CheckConstraint("(e164 IS NULL) = (address IS NULL)", name="for_whom"),
    CheckConstraint("(channel IS NULL) = (address IS NULL)", name="door"),
    CheckConstraint(f"e164 {_E164}", name="e164"),
    Index("ix_link_code_person_id", "person_id"),
    Index("ix_link_code_e164", "e164"),
)
"""Six digits that link, kept as a keyed hash: shown to a person who gave their PIN, to be typed in any chat; or sent by
SMS to a number, to be typed in the one chat that asked.
"""

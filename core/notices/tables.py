"""The tables of notices: the outbox, what became of each message, the inbox and who wants no more."""

from typing import Final

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.kit.db import metadata

_E164: Final = r"~ '^\+[1-9][0-9]{7,14}$'"

notice = Table(
    "notice",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("dedupe_key", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id")),
    Column("channel", Text, nullable=False, server_default="sms"),
    Column("source", Text),
    Column("settled", Boolean, nullable=False, server_default="false"),
    Column("address", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("blanks", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("next_try_at", DateTime(timezone=True)),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("resent", Boolean, nullable=False, server_default="false"),
    Column("segments", SmallInteger),
    Column("cost_amount", Numeric(14, 4)),
    Column("cost_currency", CHAR(3)),
    Column("provider", Text),
    Column("provider_id", Text),
    Column("failure", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Column("done_at", DateTime(timezone=True)),
    UniqueConstraint("dedupe_key"),
    CheckConstraint("channel IN ('sms', 'whatsapp', 'telegram')", name="channel"),
    CheckConstraint(f"channel <> 'sms' OR address {_E164}", name="address"),
    CheckConstraint("language IN ('fr', 'en')", name="language"),
    CheckConstraint(r"template ~ '^[a-z_]+\.[0-9]+$'", name="template"),
    CheckConstraint("jsonb_typeof(blanks) = 'object'", name="blanks"),
    CheckConstraint(
        "state IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'dead', 'suppressed')", name="state"
    ),
    CheckConstraint(
        "CASE WHEN state IN ('queued', 'sending') THEN next_try_at IS NOT NULL"
        " ELSE next_try_at IS NULL OR state = 'unknown' END",
        name="due",
    ),
    CheckConstraint("tries >= 0 AND segments > 0 AND cost_amount >= 0", name="counts"),
    CheckConstraint("(provider IS NULL) = (provider_id IS NULL)", name="provider"),
    Index("ix_notice_due", "next_try_at", postgresql_where=text("next_try_at IS NOT NULL")),
    Index(
        "uq_notice_provider_id",
        "provider",
        "provider_id",
        unique=True,
        postgresql_where=text("provider_id IS NOT NULL"),
    ),
    Index("ix_notice_unsettled", "address", postgresql_where=text("state IN ('sending', 'unknown')")),
    Index("ix_notice_dead", "id", postgresql_where=text("state = 'dead'")),
    Index(
        "ix_notice_waiting",
        "channel",
        "address",
        "id",
        postgresql_where=text("state IN ('queued', 'sending') AND channel <> 'sms'"),
    ),
    postgresql_with={"fillfactor": "80"},
)
"""One row a message. ``source`` is the provider to go through where that is known; ``settled`` says that where it goes
is no longer asked. ``next_try_at`` is when the worker looks at it next: to send it, to send it once more, or, while it
is ``sending``, when whoever sends it must be taken for dead.
"""

notice_transition = Table(
    "notice_transition",
    metadata,
    Column("before", Text, nullable=False),
    Column("state", Text, nullable=False),
    PrimaryKeyConstraint("before", "state"),
)
"""The only moves a notice can make; filled by the migration."""

notice_event = Table(
    "notice_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("notice_id", BigInteger, ForeignKey("notice.id"), nullable=False),
    Column("before", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("detail", Text),
    ForeignKeyConstraint(["before", "state"], ["notice_transition.before", "notice_transition.state"]),
    Index("ix_notice_event_notice_id", "notice_id"),
    Index(
        "uq_notice_event_final",
        "notice_id",
        unique=True,
        postgresql_where=text("state IN ('delivered', 'failed')"),
    ),
)
"""Every move of every notice, written by a trigger on ``notice``; append-only."""

delivery = Table(
    "delivery",
    metadata,
    Column("provider", Text, nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("notice_id", BigInteger, ForeignKey("notice.id")),
    Column("address", Text),
    Column("status", Text),
    Column("reason", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("provider", "provider_id"),
    CheckConstraint("status IN ('sent', 'delivered', 'failed')", name="status"),
    Index("ix_delivery_unclaimed", "address", postgresql_where=text("notice_id IS NULL")),
)
"""Where the provider's answer (which notice) and its report (what became of it) meet, whichever comes first."""

inbox = Table(
    "inbox",
    metadata,
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("source", "external_id"),
    Index("ix_inbox_received_at", "received_at"),
)

suppression = Table(
    "suppression",
    metadata,
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("list", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("blocked", Boolean, nullable=False, server_default="false"),
    PrimaryKeyConstraint("channel", "address", "list"),
    CheckConstraint("list IN ('all', 'reminders', 'alerts')", name="list"),
)

preference = Table(
    "preference",
    metadata,
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("list", Text, nullable=False),
    Column("channel", Text, nullable=False),
    PrimaryKeyConstraint("person_id", "list"),
    CheckConstraint("list IN ('payments', 'reminders', 'alerts')", name="list"),
    CheckConstraint("channel IN ('sms', 'whatsapp', 'telegram')", name="channel"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id")),
    Column("album", Text, nullable=False),
    Column("media_id", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("reason", Text),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("next_try_at", DateTime(timezone=True)),
    Column("kind", Text),
    Column("size", Integer),
    Column("digest", LargeBinary),
    Column("content", LargeBinary),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('queued', 'fetched', 'refused', 'failed')", name="state"),
    CheckConstraint("(state = 'queued') = (next_try_at IS NOT NULL)", name="due"),
    CheckConstraint(
        "CASE WHEN state = 'fetched' THEN num_nulls(kind, size, digest, content) = 0"
        " ELSE num_nonnulls(kind, size, digest, content) = 0 END",
        name="whole",
    ),
    CheckConstraint(
        "kind IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf', 'audio/ogg', 'audio/mpeg')", name="kind"
    ),
    CheckConstraint("size BETWEEN 1 AND 5242880", name="size"),
    Index("ix_attachment_due", "next_try_at", postgresql_where=text("next_try_at IS NOT NULL")),
    Index("ix_attachment_sender", "channel", "address", "created_at"),
    Index("ix_attachment_created_at", "created_at"),
    Index("ix_attachment_person_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
)
"""One row a file that somebody sent. ``mime`` and ``name`` are what its provider says, ``kind`` what it is;
``next_try_at`` is when the worker looks at it next.
"""

"""The tables of money: accounts, entries and postings, charges, payment attempts, receipts, the seal."""

from typing import Final

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
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

import core.people.tables  # noqa: F401 - money refers to people
from core.kit.db import metadata, one_of

ACCOUNT_KINDS: Final = (
    "operator_clearing", "tenant_receivable", "tenant_credit", "landlord_payable", "deposit_held",
    "cooperative_capital", "commission", "operator_fee", "suspense",
)  # fmt: skip
CHARGE_KINDS: Final = ("rent", "service", "penalty", "deposit", "instalment", "share", "fee")
"""In the order in which one month's charges are paid; a deposit never is by a rent payment."""

ENTRY_KINDS: Final = ("rent_payment", "credit_use")
OPEN_STATES: Final = ("created", "submitting", "submitted", "unresolved")
"""What still may move, and so forbids another attempt of the same payer for the same subject."""

TRANSITIONS: Final = (
    ("created", "submitting"), ("created", "failed"),
    ("submitting", "created"), ("submitting", "submitted"), ("submitting", "succeeded"),
    ("submitting", "failed"), ("submitting", "unresolved"),
    ("submitted", "submitting"), ("submitted", "succeeded"), ("submitted", "failed"), ("submitted", "unresolved"),
    ("unresolved", "succeeded"), ("unresolved", "failed"),
)  # fmt: skip
"""Every move an attempt may make; succeeded and failed lead nowhere."""


def _id() -> Column[int]:
    return Column("id", BigInteger, Identity(), primary_key=True)


def _whole(name: str, to: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(to), nullable=nullable)


def _francs(name: str = "amount") -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _words(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _currency() -> Column[str]:
    return Column("currency", CHAR(3), nullable=False)


def _at(name: str = "at", *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _counted(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


account = Table(
    "account",
    metadata,
    _id(),
    _words("kind"),
    Column("owner", BigInteger),
    _words("rail", nullable=True),
    _currency(),
    CheckConstraint(one_of("kind", ACCOUNT_KINDS), name="kind"),
    CheckConstraint(one_of("currency", ("XAF", "XOF")), name="currency"),
    UniqueConstraint("kind", "owner", "rail", "currency", postgresql_nulls_not_distinct=True),
    UniqueConstraint("id", "currency"),
)
"""The typed chart. ``owner`` is a person (payable), a subject (credit, deposit) or nobody; clearing has a rail."""

entry = Table(
    "entry",
    metadata,
    _id(),
    _words("idempotency_key"),
    Column("input_hash", LargeBinary, nullable=False),
    _words("kind"),
    _at(),
    _words("source_ref"),
    UniqueConstraint("idempotency_key"),
    CheckConstraint(one_of("kind", ENTRY_KINDS), name="kind"),
    CheckConstraint("octet_length(input_hash) = 32", name="input_hash"),
)
"""One event; append-only."""

posting = Table(
    "posting",
    metadata,
    _id(),
    _whole("entry_id", "entry.id"),
    Column("source_account", BigInteger, nullable=False),
    Column("destination_account", BigInteger, nullable=False),
    _francs(),
    _currency(),
    ForeignKeyConstraint(["source_account", "currency"], ["account.id", "account.currency"]),
    ForeignKeyConstraint(["destination_account", "currency"], ["account.id", "account.currency"]),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("source_account <> destination_account", name="moves"),
    Index("ix_posting_entry_id", "entry_id"),
    Index("ix_posting_source_account", "source_account"),
    Index("ix_posting_destination_account", "destination_account"),
)
"""Money moved from one account to another; append-only. Accounts with a floor never go below zero (trigger)."""

charge = Table(
    "charge",
    metadata,
    _id(),
    Column("subject", BigInteger, nullable=False),
    _whole("debtor", "person.id"),
    _whole("creditor", "person.id"),
    _words("kind"),
    _francs(),
    _currency(),
    Column("period", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    _words("title"),
    _words("origin_key"),
    _at("issued_at"),
    UniqueConstraint("origin_key"),
    CheckConstraint(one_of("kind", CHARGE_KINDS), name="kind"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("extract(day FROM period) = 1", name="period"),
    Index("ix_charge_subject", "subject", "period"),
)
"""What is owed; append-only. What is left of it is its amount less its allocations and waivers."""

waiver = Table(
    "waiver",
    metadata,
    _id(),
    _whole("charge_id", "charge.id"),
    _francs(),
    _words("reason"),
    _words("origin_key"),
    _at(),
    UniqueConstraint("origin_key"),
    CheckConstraint("amount > 0", name="amount"),
    Index("ix_waiver_charge_id", "charge_id"),
)
"""A part of a charge that the creditor gave up; append-only."""

allocation = Table(
    "allocation",
    metadata,
    _id(),
    _whole("entry_id", "entry.id"),
    _whole("charge_id", "charge.id"),
    _francs(),
    Column("left_after", BigInteger, nullable=False),
    UniqueConstraint("entry_id", "charge_id"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("left_after >= 0", name="left_after"),
    Index("ix_allocation_charge_id", "charge_id"),
)
"""What of an entry paid which charge; append-only. A trigger holds ``left_after`` to the truth under a row lock."""

attempt_transition = Table(
    "attempt_transition", metadata, Column("source", Text, primary_key=True), Column("target", Text, primary_key=True)
)
"""The moves an attempt may make: TRANSITIONS."""

payment_attempt = Table(
    "payment_attempt",
    metadata,
    Column("id", BigInteger, Identity(start=1000), primary_key=True),
    _words("ref"),
    Column("reference", Uuid, nullable=False),
    _whole("payer", "person.id"),
    _words("payer_phone"),
    _words("notify_phone"),
    _words("language"),
    _whole("payee", "person.id"),
    _whole("debtor", "person.id"),
    Column("subject", BigInteger, nullable=False),
    _words("title"),
    _francs(),
    _currency(),
    _words("rail"),
    Column("months", ARRAY(Date), nullable=False, server_default="{}"),
    Column("state", Text, nullable=False, server_default="created"),
    _words("came_from", nullable=True),
    _words("failure", nullable=True),
    _words("provider_tx", nullable=True),
    _at("created_at"),
    _at("moved_at"),
    _at("submitted_at", nullable=True),
    _at("settled_at", nullable=True),
    _at("expired_at", nullable=True),
    _at("alerted_at", nullable=True),
    _at("next_check_at", nullable=True),
    _at("checked_at", nullable=True),
    _counted("checks"),
    _counted("submits"),
    _counted("misses"),
    _at("missed_since", nullable=True),
    UniqueConstraint("ref"),
    UniqueConstraint("reference"),
    ForeignKeyConstraint(["came_from", "state"], ["attempt_transition.source", "attempt_transition.target"]),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("state = 'created' OR came_from IS NOT NULL", name="came_from"),
    CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure"),
    CheckConstraint("state NOT IN ('succeeded', 'failed') OR next_check_at IS NULL", name="at_rest"),
    Index("ix_payment_attempt_due", "next_check_at", postgresql_where=text("next_check_at IS NOT NULL")),
    Index("uq_payment_attempt_open", "payer", "subject", unique=True,
          postgresql_where=text(one_of("state", OPEN_STATES))),
    Index("uq_payment_attempt_provider_tx", "rail", "provider_tx", unique=True,
          postgresql_where=text("provider_tx IS NOT NULL")),
    Index("ix_payment_attempt_alert", "moved_at",
          postgresql_where=text("state = 'unresolved' AND alerted_at IS NULL")),
    postgresql_with={"fillfactor": "70"},
)  # fmt: skip
"""One try to collect an amount. ``payer_phone`` is the wallet, ``notify_phone`` where the result is sent."""

attempt_event = Table(
    "attempt_event",
    metadata,
    _id(),
    _whole("attempt_id", "payment_attempt.id"),
    _words("came_from"),
    _words("state"),
    _words("failure", nullable=True),
    _at(),
    Index("ix_attempt_event_attempt_id", "attempt_id"),
)
"""Every move of every attempt, written by a trigger; append-only."""

callback = Table(
    "callback",
    metadata,
    _id(),
    _words("provider"),
    Column("raw", LargeBinary, nullable=False),
    _at("received_at"),
    _at("handled_at", nullable=True),
    _whole("attempt_id", "payment_attempt.id", nullable=True),
    CheckConstraint("octet_length(raw) <= 65536", name="raw"),
    Index("ix_callback_attempt_id", "attempt_id"),
)
"""What providers called in, byte for byte: it holds full numbers, so nothing but an inquiry reads it."""

receipt = Table(
    "receipt",
    metadata,
    _id(),
    _words("kind"),
    _whole("payee", "person.id"),
    _whole("debtor", "person.id"),
    _whole("payer", "person.id"),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    _words("check_code"),
    _whole("entry_id", "entry.id"),
    Column("months", ARRAY(Date), nullable=False),
    _words("title"),
    _words("payee_name"),
    _words("debtor_name"),
    _francs(),
    _francs("credit"),
    _francs("remaining"),
    _currency(),
    _at(),
    _words("ref"),
    Column("text_hash", LargeBinary, nullable=False),
    UniqueConstraint("payee", "year", "number"),
    UniqueConstraint("check_code"),
    UniqueConstraint("entry_id"),
    CheckConstraint(one_of("kind", ("quittance", "recu")), name="kind"),
    CheckConstraint("kind = 'recu' OR remaining = 0", name="quittance"),
    CheckConstraint("amount > 0 AND credit >= 0 AND credit <= amount AND remaining >= 0", name="amounts"),
    CheckConstraint("number > 0", name="number"),
    Index("ix_receipt_debtor", "debtor", "id"),
    Index("ix_receipt_payer", "payer", "id"),
)
"""A receipt as it was given; append-only. ``remaining`` is what was left of its months."""

receipt_counter = Table(
    "receipt_counter",
    metadata,
    Column("payee", BigInteger, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    CheckConstraint("last > 0", name="last"),
    postgresql_with={"fillfactor": "50"},
)
"""The last number given; one batch takes all its numbers of a payee at once."""

payee_month = Table(
    "payee_month",
    metadata,
    Column("payee", BigInteger, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("month", Date, primary_key=True),
    Column("currency", CHAR(3), primary_key=True),
    Column("received", BigInteger, nullable=False),
    postgresql_with={"fillfactor": "50"},
)
"""What a payee received in a month, for the message; the books compare it with the receipts."""

seal = Table(
    "seal",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    _whole("entry_id", "entry.id"),
    Column("digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    _at(),
    UniqueConstraint("entry_id"),
)
"""The hash chain over entries: each hash is SHA-256 of the one before and the entry's digest; append-only."""

APPEND_ONLY: Final = (
    "entry", "posting", "charge", "waiver", "allocation", "attempt_event", "receipt", "seal",
)  # fmt: skip
"""Tables whose rows are never changed nor removed (trigger)."""

"""Money: ledger, charges, payment attempts, receipts, and the triggers that guard them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("entry", "posting", "charge", "waiver", "allocation", "attempt_event", "receipt", "seal")
TRANSITIONS = (
    ("created", "submitting"), ("created", "failed"),
    ("submitting", "created"), ("submitting", "submitted"), ("submitting", "succeeded"),
    ("submitting", "failed"), ("submitting", "unresolved"),
    ("submitted", "submitting"), ("submitted", "succeeded"), ("submitted", "failed"), ("submitted", "unresolved"),
    ("unresolved", "succeeded"), ("unresolved", "failed"),
)  # fmt: skip

ATTEMPT_MOVES = """
CREATE FUNCTION attempt_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.came_from := OLD.came_from;
    IF NEW.state <> OLD.state THEN
        NEW.came_from := OLD.state;
        INSERT INTO attempt_event (attempt_id, came_from, state, failure, at)
        VALUES (NEW.id, OLD.state, NEW.state, NEW.failure, NEW.moved_at);
    END IF;
    RETURN NEW;
END $$
"""

ALLOCATION_FITS = """
CREATE FUNCTION allocation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stale bigint;
BEGIN
    PERFORM 1 FROM charge WHERE id IN (SELECT charge_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    SELECT c.id INTO stale
    FROM (SELECT charge_id, min(left_after) AS said FROM added GROUP BY charge_id) AS a
    JOIN charge AS c ON c.id = a.charge_id
    WHERE a.said <> c.amount
        - (SELECT coalesce(sum(amount), 0) FROM allocation WHERE charge_id = c.id)
        - (SELECT coalesce(sum(amount), 0) FROM waiver WHERE charge_id = c.id)
    LIMIT 1;
    IF stale IS NOT NULL THEN
        RAISE EXCEPTION 'charge % was paid or waived meanwhile', stale USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END $$
"""

WAIVER_FITS = """
CREATE FUNCTION waiver_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE over bigint;
BEGIN
    PERFORM 1 FROM charge WHERE id IN (SELECT charge_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    SELECT c.id INTO over FROM charge AS c
    WHERE c.id IN (SELECT charge_id FROM added) AND c.amount
        < (SELECT coalesce(sum(amount), 0) FROM allocation WHERE charge_id = c.id)
        + (SELECT coalesce(sum(amount), 0) FROM waiver WHERE charge_id = c.id)
    LIMIT 1;
    IF over IS NOT NULL THEN
        RAISE EXCEPTION 'charge % has less left than is waived', over USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""

FLOORS_HOLD = """
CREATE FUNCTION floors_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE short bigint;
BEGIN
    PERFORM 1 FROM account WHERE id IN (SELECT source_account FROM added)
        AND kind IN ('tenant_credit', 'landlord_payable', 'deposit_held', 'cooperative_capital')
    ORDER BY id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT a.id INTO short FROM account AS a
    WHERE a.id IN (SELECT source_account FROM added)
        AND a.kind IN ('tenant_credit', 'landlord_payable', 'deposit_held', 'cooperative_capital')
        AND (SELECT coalesce(sum(amount), 0) FROM posting WHERE destination_account = a.id)
          < (SELECT coalesce(sum(amount), 0) FROM posting WHERE source_account = a.id)
    LIMIT 1;
    IF short IS NOT NULL THEN
        RAISE EXCEPTION 'account % would fall below zero', short USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""

ENTRIES_ADD_UP = """
CREATE FUNCTION entries_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE odd bigint;
BEGIN
    SELECT e.id INTO odd FROM added AS e
    WHERE NOT EXISTS (SELECT FROM posting WHERE entry_id = e.id)
        OR (SELECT coalesce(sum(amount), 0) FROM allocation WHERE entry_id = e.id)
        <> (SELECT coalesce(sum(p.amount), 0) FROM posting AS p JOIN account AS a ON a.id = p.destination_account
            WHERE p.entry_id = e.id AND a.kind = 'landlord_payable')
    LIMIT 1;
    IF odd IS NOT NULL THEN
        RAISE EXCEPTION 'entry % does not add up', odd USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""

FIXED = "ref, reference, payer, payer_phone, payee, debtor, subject, title, amount, currency, rail, months"
CHECKED = {
    "allocation": "allocation_fits", "waiver": "waiver_fits", "posting": "floors_hold", "entry": "entries_add_up",
}  # fmt: skip


def upgrade() -> None:
    """Forward."""
    _tables()
    for function in (ATTEMPT_MOVES, ALLOCATION_FITS, WAIVER_FITS, FLOORS_HOLD, ENTRIES_ADD_UP):
        op.execute(function)
    _triggers()
    op.bulk_insert(
        sa.table("attempt_transition", sa.column("source"), sa.column("target")),
        [{"source": source, "target": target} for source, target in TRANSITIONS],
    )


def _triggers() -> None:
    refuse = "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER fixed BEFORE UPDATE OF {FIXED} ON payment_attempt {refuse}")
    op.execute(f"CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payment_attempt {refuse}")
    op.execute(
        "CREATE TRIGGER moves BEFORE UPDATE OF state, came_from ON payment_attempt "
        "FOR EACH ROW EXECUTE FUNCTION attempt_moves()"
    )
    for table, function in CHECKED.items():
        op.execute(
            f"CREATE TRIGGER {function} AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )


def downgrade() -> None:
    """Back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for function in ("attempt_moves", *CHECKED.values()):
        op.execute(f"DROP FUNCTION {function}()")


TABLES = (
    "account", "entry", "posting", "charge", "waiver", "allocation", "attempt_transition", "payment_attempt",
    "attempt_event", "callback", "receipt", "receipt_counter", "payee_month", "seal",
)  # fmt: skip


def _tables() -> None:
    _ledger()
    _charges()
    _attempts()
    _receipts()


def _ledger() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("rail", sa.Text(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.CheckConstraint("currency IN ('XAF', 'XOF')", name=op.f("ck_account_currency")),
        sa.CheckConstraint(
            "kind IN ('operator_clearing', 'tenant_receivable', 'tenant_credit', 'landlord_payable', 'deposit_held', 'cooperative_capital', 'commission', 'operator_fee', 'suspense')",
            name=op.f("ck_account_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("id", "currency", name=op.f("uq_account_id_currency")),
        sa.UniqueConstraint(
            "kind",
            "owner",
            "rail",
            "currency",
            name=op.f("uq_account_kind_owner_rail_currency"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('rent_payment', 'credit_use')", name=op.f("ck_entry_kind")),
        sa.CheckConstraint("octet_length(input_hash) = 32", name=op.f("ck_entry_input_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_entry_idempotency_key")),
    )
    op.create_table(
        "posting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("source_account", sa.BigInteger(), nullable=False),
        sa.Column("destination_account", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_posting_amount")),
        sa.CheckConstraint("source_account <> destination_account", name=op.f("ck_posting_moves")),
        sa.ForeignKeyConstraint(
            ["destination_account", "currency"],
            ["account.id", "account.currency"],
            name=op.f("fk_posting_destination_account_currency"),
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_posting_entry_id")),
        sa.ForeignKeyConstraint(
            ["source_account", "currency"],
            ["account.id", "account.currency"],
            name=op.f("fk_posting_source_account_currency"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    op.create_index("ix_posting_destination_account", "posting", ["destination_account"], unique=False)
    op.create_index("ix_posting_entry_id", "posting", ["entry_id"], unique=False)
    op.create_index("ix_posting_source_account", "posting", ["source_account"], unique=False)


def _charges() -> None:
    op.create_table(
        "charge",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("debtor", sa.BigInteger(), nullable=False),
        sa.Column("creditor", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("origin_key", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('rent', 'service', 'penalty', 'deposit', 'instalment', 'share', 'fee')",
            name=op.f("ck_charge_kind"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_charge_amount")),
        sa.CheckConstraint("extract(day FROM period) = 1", name=op.f("ck_charge_period")),
        sa.ForeignKeyConstraint(["creditor"], ["person.id"], name=op.f("fk_charge_creditor")),
        sa.ForeignKeyConstraint(["debtor"], ["person.id"], name=op.f("fk_charge_debtor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("origin_key", name=op.f("uq_charge_origin_key")),
    )
    op.create_index("ix_charge_subject", "charge", ["subject", "period"], unique=False)
    op.create_table(
        "waiver",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("charge_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("origin_key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_waiver_amount")),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("fk_waiver_charge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint("origin_key", name=op.f("uq_waiver_origin_key")),
    )
    op.create_index("ix_waiver_charge_id", "waiver", ["charge_id"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("charge_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("left_after", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocation_amount")),
        sa.CheckConstraint("left_after >= 0", name=op.f("ck_allocation_left_after")),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("fk_allocation_charge_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_allocation_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("entry_id", "charge_id", name=op.f("uq_allocation_entry_id_charge_id")),
    )
    op.create_index("ix_allocation_charge_id", "allocation", ["charge_id"], unique=False)


def _attempts() -> None:
    op.create_table(
        "attempt_transition",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "target", name=op.f("pk_attempt_transition")),
    )
    op.create_table(
        "payment_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False, start=1000), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("payer", sa.BigInteger(), nullable=False),
        sa.Column("payer_phone", sa.Text(), nullable=False),
        sa.Column("notify_phone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("payee", sa.BigInteger(), nullable=False),
        sa.Column("debtor", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("rail", sa.Text(), nullable=False),
        sa.Column("months", postgresql.ARRAY(sa.Date()), server_default="{}", nullable=False),
        sa.Column("state", sa.Text(), server_default="created", nullable=False),
        sa.Column("came_from", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("provider_tx", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("submits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("missed_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_payment_attempt_failure")),
        sa.CheckConstraint("state = 'created' OR came_from IS NOT NULL", name=op.f("ck_payment_attempt_came_from")),
        sa.CheckConstraint(
            "state NOT IN ('succeeded', 'failed') OR next_check_at IS NULL", name=op.f("ck_payment_attempt_at_rest")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_attempt_amount")),
        sa.ForeignKeyConstraint(
            ["came_from", "state"],
            ["attempt_transition.source", "attempt_transition.target"],
            name=op.f("fk_payment_attempt_came_from_state"),
        ),
        sa.ForeignKeyConstraint(["debtor"], ["person.id"], name=op.f("fk_payment_attempt_debtor")),
        sa.ForeignKeyConstraint(["payee"], ["person.id"], name=op.f("fk_payment_attempt_payee")),
        sa.ForeignKeyConstraint(["payer"], ["person.id"], name=op.f("fk_payment_attempt_payer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempt")),
        sa.UniqueConstraint("ref", name=op.f("uq_payment_attempt_ref")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_attempt_reference")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index(
        "ix_payment_attempt_alert",
        "payment_attempt",
        ["moved_at"],
        unique=False,
        postgresql_where=sa.text("state = 'unresolved' AND alerted_at IS NULL"),
    )
    op.create_index(
        "ix_payment_attempt_due",
        "payment_attempt",
        ["next_check_at"],
        unique=False,
        postgresql_where=sa.text("next_check_at IS NOT NULL"),
    )
    op.create_index(
        "uq_payment_attempt_open",
        "payment_attempt",
        ["payer", "subject"],
        unique=True,
        postgresql_where=sa.text("state IN ('created', 'submitting', 'submitted', 'unresolved')"),
    )
    op.create_index(
        "uq_payment_attempt_provider_tx",
        "payment_attempt",
        ["rail", "provider_tx"],
        unique=True,
        postgresql_where=sa.text("provider_tx IS NOT NULL"),
    )
    op.create_table(
        "attempt_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("came_from", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["payment_attempt.id"], name=op.f("fk_attempt_event_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_event")),
    )
    op.create_index("ix_attempt_event_attempt_id", "attempt_event", ["attempt_id"], unique=False)
    op.create_table(
        "callback",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("octet_length(raw) <= 65536", name=op.f("ck_callback_raw")),
        sa.ForeignKeyConstraint(["attempt_id"], ["payment_attempt.id"], name=op.f("fk_callback_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
    )
    op.create_index("ix_callback_attempt_id", "callback", ["attempt_id"], unique=False)


def _receipts() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payee", sa.BigInteger(), nullable=False),
        sa.Column("debtor", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("check_code", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("months", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("payee_name", sa.Text(), nullable=False),
        sa.Column("debtor_name", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind = 'recu' OR remaining = 0", name=op.f("ck_receipt_quittance")),
        sa.CheckConstraint("kind IN ('quittance', 'recu')", name=op.f("ck_receipt_kind")),
        sa.CheckConstraint(
            "amount > 0 AND credit >= 0 AND credit <= amount AND remaining >= 0", name=op.f("ck_receipt_amounts")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_receipt_number")),
        sa.ForeignKeyConstraint(["debtor"], ["person.id"], name=op.f("fk_receipt_debtor")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_receipt_entry_id")),
        sa.ForeignKeyConstraint(["payee"], ["person.id"], name=op.f("fk_receipt_payee")),
        sa.ForeignKeyConstraint(["payer"], ["person.id"], name=op.f("fk_receipt_payer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("check_code", name=op.f("uq_receipt_check_code")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_receipt_entry_id")),
        sa.UniqueConstraint("payee", "year", "number", name=op.f("uq_receipt_payee_year_number")),
    )
    op.create_index("ix_receipt_debtor", "receipt", ["debtor", "id"], unique=False)
    op.create_index("ix_receipt_payer", "receipt", ["payer", "id"], unique=False)
    op.create_table(
        "receipt_counter",
        sa.Column("payee", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_receipt_counter_last")),
        sa.ForeignKeyConstraint(["payee"], ["person.id"], name=op.f("fk_receipt_counter_payee")),
        sa.PrimaryKeyConstraint("payee", "year", name=op.f("pk_receipt_counter")),
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "payee_month",
        sa.Column("payee", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["payee"], ["person.id"], name=op.f("fk_payee_month_payee")),
        sa.PrimaryKeyConstraint("payee", "month", "currency", name=op.f("pk_payee_month")),
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "seal",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_seal_entry_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_seal_entry_id")),
    )

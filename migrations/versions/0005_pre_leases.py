"""Leases: one at a time in a unit, who stands behind them, and the charges they create."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ExcludeConstraint

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CURRENT = sa.text("state IN ('active', 'notice')")

TRANSITIONS = (
    ("", "draft"),
    ("draft", "active"), ("draft", "cancelled"),
    ("active", "notice"), ("active", "ended"),
    ("notice", "active"), ("notice", "ended"),
)  # fmt: skip

HISTORY = """
CREATE FUNCTION lease_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO lease_event (lease_id, from_state, to_state, by_id, at)
        VALUES (NEW.id, '', NEW.state, NEW.changed_by, NEW.changed_at);
    ELSIF OLD.state <> NEW.state THEN
        INSERT INTO lease_event (lease_id, from_state, to_state, by_id, at)
        VALUES (NEW.id, OLD.state, NEW.state, NEW.changed_by, NEW.changed_at);
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    """CREATE TRIGGER lease_history AFTER INSERT OR UPDATE OF state ON lease
       FOR EACH ROW EXECUTE FUNCTION lease_history()""",
    """CREATE TRIGGER lease_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON lease_event
       FOR EACH STATEMENT EXECUTE FUNCTION append_only()""",
)


def upgrade() -> None:
    """Forward."""
    _lease()
    _sides()
    _history()


def _lease() -> None:
    op.create_table(
        "lease",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=300), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("landlord_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rent", sa.BigInteger(), nullable=False),
        sa.Column("service_charge", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("due_day", sa.SmallInteger(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date()),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("changed_by", sa.BigInteger()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lease"),
        sa.UniqueConstraint("code", name="uq_lease_code"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_lease_unit_id"),
        sa.ForeignKeyConstraint(["landlord_id"], ["person.id"], name="fk_lease_landlord_id"),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name="fk_lease_changed_by"),
        sa.CheckConstraint("title <> ''", name="ck_lease_has_title"),
        sa.CheckConstraint("rent > 0", name="ck_lease_rent"),
        sa.CheckConstraint("service_charge >= 0", name="ck_lease_service_charge"),
        sa.CheckConstraint("currency IN ('XAF', 'XOF')", name="ck_lease_currency"),
        sa.CheckConstraint("due_day BETWEEN 1 AND 28", name="ck_lease_due_day"),
        sa.CheckConstraint("end_on > start_on", name="ck_lease_ends_after_it_starts"),
        sa.CheckConstraint("state <> 'ended' OR end_on IS NOT NULL", name="ck_lease_ended_when"),
        sa.CheckConstraint("state IN ('draft', 'active', 'notice', 'ended', 'cancelled')", name="ck_lease_state"),
        ExcludeConstraint(
            (sa.text("int8range(unit_id, unit_id, '[]')"), "&&"),
            (sa.text("daterange(start_on, end_on, '[)')"), "&&"),
            name="ex_lease_one_at_a_time",
            using="gist",
            where=CURRENT,
        ),
    )
    op.create_index("ix_lease_unit_id", "lease", ["unit_id"])
    op.create_index("ix_lease_landlord_id", "lease", ["landlord_id"])
    op.create_index("ix_lease_current", "lease", ["id"], postgresql_where=CURRENT)


def _sides() -> None:
    op.create_table(
        "lease_party",
        sa.Column("lease_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lease_id", "person_id", "role", name="pk_lease_party"),
        sa.ForeignKeyConstraint(["lease_id"], ["lease.id"], name="fk_lease_party_lease_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_lease_party_person_id"),
        sa.CheckConstraint("role IN ('tenant', 'co_tenant', 'guarantor')", name="ck_lease_party_role"),
    )
    op.create_index("ix_lease_party_person_id", "lease_party", ["person_id"])
    op.create_index(
        "uq_lease_party_tenant",
        "lease_party",
        ["lease_id"],
        unique=True,
        postgresql_where=sa.text("role = 'tenant'"),
    )
    op.create_table(
        "lease_charge",
        sa.Column("lease_id", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("charge_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lease_id", "period", "kind", name="pk_lease_charge"),
        sa.ForeignKeyConstraint(["lease_id"], ["lease.id"], name="fk_lease_charge_lease_id"),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name="fk_lease_charge_charge_id"),
        sa.UniqueConstraint("charge_id", name="uq_lease_charge_charge_id"),
        sa.CheckConstraint("extract(day FROM period) = 1", name="ck_lease_charge_period_is_a_month"),
        sa.CheckConstraint("kind IN ('rent', 'service')", name="ck_lease_charge_kind"),
    )


def _history() -> None:
    transition = op.create_table(
        "lease_transition",
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("from_state", "to_state", name="pk_lease_transition"),
    )
    op.bulk_insert(transition, [{"from_state": a, "to_state": b} for a, b in TRANSITIONS])
    op.create_table(
        "lease_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("lease_id", sa.BigInteger(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lease_event"),
        sa.ForeignKeyConstraint(["lease_id"], ["lease.id"], name="fk_lease_event_lease_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_lease_event_by_id"),
        sa.ForeignKeyConstraint(
            ["from_state", "to_state"],
            ["lease_transition.from_state", "lease_transition.to_state"],
            name="fk_lease_event_transition",
        ),
    )
    op.create_index("ix_lease_event_lease_id", "lease_event", ["lease_id"])
    for statement in (HISTORY, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """Back."""
    for table in ("lease_event", "lease_transition", "lease_charge", "lease_party", "lease"):
        op.drop_table(table)
    op.execute("DROP FUNCTION lease_history()")

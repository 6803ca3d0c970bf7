"""People and notices: profiles, PINs, consents; the outbox, what became of each message, the inbox."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_E164 = r"~ '^\+[1-9][0-9]{7,14}$'"
_FORWARD = (
    "queued>sending queued>suppressed sending>sent sending>queued sending>unknown sending>dead sending>delivered"
    " sending>failed sent>delivered sent>failed unknown>sending unknown>sent unknown>delivered unknown>failed"
    " unknown>suppressed dead>queued"
).split()


def _now(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _append_only(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )


def upgrade() -> None:
    """Forward."""
    op.execute(
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION '% is append-only', tg_table_name USING ERRCODE = 'restrict_violation'; END $$"
    )
    _people()
    _pins()
    _notices()
    _history()
    _doors()


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("city_id", sa.Integer()),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.CheckConstraint("status IN ('active', 'suspended', 'erased')", name="ck_person_status"),
        sa.CheckConstraint("(status = 'erased') = (name IS NULL)", name="ck_person_erased_has_no_name"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name="ck_person_name"),
        sa.CheckConstraint("language IN ('fr', 'en')", name="ck_person_language"),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="ck_person_country"),
    )
    op.create_table(
        "phone",
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        _now("created_at"),
        sa.PrimaryKeyConstraint("e164", "person_id", name="pk_phone"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_phone_person_id"),
        sa.UniqueConstraint("e164", "number", name="uq_phone_e164_number"),
        sa.CheckConstraint(f"e164 {_E164}", name="ck_phone_e164"),
        sa.CheckConstraint("number BETWEEN 1 AND 6", name="ck_phone_number"),
    )
    op.create_index("ix_phone_person_id", "phone", ["person_id"])
    op.create_index("uq_phone_primary", "phone", ["person_id"], unique=True, postgresql_where=sa.text("is_primary"))
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _now("since"),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_person_role"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_role_person_id"),
        sa.CheckConstraint("role IN ('tenant', 'landlord', 'agent', 'cooperative')", name="ck_person_role_role"),
        sa.CheckConstraint("state IN ('requested', 'active')", name="ck_person_role_state"),
    )
    op.create_table(
        "phone_preference",
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("e164", name="pk_phone_preference"),
        sa.CheckConstraint(f"e164 {_E164}", name="ck_phone_preference_e164"),
        sa.CheckConstraint("language IN ('fr', 'en')", name="ck_phone_preference_language"),
    )


def _pins() -> None:
    op.create_table(
        "pin_credential",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("failed", sa.SmallInteger(), server_default="0", nullable=False),
        _now("locked_until", nullable=True),
        sa.PrimaryKeyConstraint("person_id", name="pk_pin_credential"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_pin_credential_person_id"),
        sa.CheckConstraint("failed BETWEEN 0 AND 5", name="ck_pin_credential_failed"),
        sa.CheckConstraint("failed < 5 OR locked_until IS NOT NULL", name="ck_pin_credential_locked"),
    )
    op.create_table(
        "pin_draft",
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        _now("expires_at"),
        sa.PrimaryKeyConstraint("e164", name="pk_pin_draft"),
        sa.CheckConstraint(f"e164 {_E164}", name="ck_pin_draft_e164"),
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        _now("at"),
        sa.PrimaryKeyConstraint("id", name="pk_consent_event"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_consent_event_person_id"),
        sa.CheckConstraint("action IN ('granted', 'withdrawn')", name="ck_consent_event_action"),
    )
    op.create_index("ix_consent_event_person_id", "consent_event", ["person_id"])
    _append_only("consent_event")


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("channel", sa.Text(), server_default="sms", nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("blanks", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True)),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("resent", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("segments", sa.SmallInteger()),
        sa.Column("cost_amount", sa.Numeric(14, 4)),
        sa.Column("cost_currency", sa.CHAR(3)),
        sa.Column("provider", sa.Text()),
        sa.Column("provider_id", sa.Text()),
        sa.Column("failure", sa.Text()),
        _now("created_at"),
        _now("changed_at"),
        _now("sent_at", nullable=True),
        _now("done_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notice_person_id"),
        sa.UniqueConstraint("dedupe_key", name="uq_notice_dedupe_key"),
        sa.CheckConstraint("channel IN ('sms')", name="ck_notice_channel"),
        sa.CheckConstraint(f"address {_E164}", name="ck_notice_address"),
        sa.CheckConstraint("language IN ('fr', 'en')", name="ck_notice_language"),
        sa.CheckConstraint(r"template ~ '^[a-z_]+\.[0-9]+$'", name="ck_notice_template"),
        sa.CheckConstraint("jsonb_typeof(blanks) = 'object'", name="ck_notice_blanks"),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'dead', 'suppressed')",
            name="ck_notice_state",
        ),
        sa.CheckConstraint(
            "CASE WHEN state IN ('queued', 'sending') THEN next_try_at IS NOT NULL"
            " ELSE next_try_at IS NULL OR state = 'unknown' END",
            name="ck_notice_due",
        ),
        sa.CheckConstraint("tries >= 0 AND segments > 0 AND cost_amount >= 0", name="ck_notice_counts"),
        sa.CheckConstraint("(provider IS NULL) = (provider_id IS NULL)", name="ck_notice_provider"),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index("ix_notice_due", "notice", ["next_try_at"], postgresql_where=sa.text("next_try_at IS NOT NULL"))
    op.create_index(
        "uq_notice_provider_id",
        "notice",
        ["provider", "provider_id"],
        unique=True,
        postgresql_where=sa.text("provider_id IS NOT NULL"),
    )
    op.create_index(
        "ix_notice_unsettled",
        "notice",
        ["address"],
        postgresql_where=sa.text("state IN ('sending', 'unknown')"),
    )
    op.create_index("ix_notice_dead", "notice", ["id"], postgresql_where=sa.text("state = 'dead'"))


def _history() -> None:
    steps = op.create_table(
        "notice_transition",
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("before", "state", name="pk_notice_transition"),
    )
    op.bulk_insert(steps, [dict(zip(("before", "state"), step.split(">"), strict=True)) for step in _FORWARD])
    op.create_table(
        "notice_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _now("at"),
        sa.Column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_notice_event"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_notice_event_notice_id"),
        sa.ForeignKeyConstraint(
            ["before", "state"],
            ["notice_transition.before", "notice_transition.state"],
            name="fk_notice_event_before_state",
        ),
    )
    op.create_index("ix_notice_event_notice_id", "notice_event", ["notice_id"])
    op.create_index(
        "uq_notice_event_final",
        "notice_event",
        ["notice_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('delivered', 'failed')"),
    )
    _append_only("notice_event")
    op.execute(
        "CREATE FUNCTION notice_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO notice_event (notice_id, before, state, at, detail)"
        " VALUES (new.id, old.state, new.state, new.changed_at, new.failure); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER notice_moved AFTER UPDATE OF state ON notice FOR EACH ROW"
        " WHEN (old.state <> new.state) EXECUTE FUNCTION notice_moved()"
    )


def _doors() -> None:
    op.create_table(
        "delivery",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.BigInteger()),
        sa.Column("address", sa.Text()),
        sa.Column("status", sa.Text()),
        sa.Column("reason", sa.Text()),
        _now("at"),
        sa.PrimaryKeyConstraint("provider", "provider_id", name="pk_delivery"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_delivery_notice_id"),
        sa.CheckConstraint("status IN ('sent', 'delivered', 'failed')", name="ck_delivery_status"),
    )
    op.create_index("ix_delivery_unclaimed", "delivery", ["address"], postgresql_where=sa.text("notice_id IS NULL"))
    op.create_table(
        "inbox",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        _now("received_at"),
        sa.PrimaryKeyConstraint("source", "external_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "suppression",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        _now("since"),
        sa.PrimaryKeyConstraint("address", "list", name="pk_suppression"),
        sa.CheckConstraint(f"address {_E164}", name="ck_suppression_address"),
        sa.CheckConstraint("list IN ('alerts')", name="ck_suppression_list"),
    )


def downgrade() -> None:
    """Back."""
    for table in (
        "suppression inbox delivery notice_event notice_transition notice"
        " consent_event pin_draft pin_credential phone_preference person_role phone person"
    ).split():
        op.drop_table(table)
    op.execute("DROP FUNCTION notice_moved()")
    op.execute("DROP FUNCTION append_only()")

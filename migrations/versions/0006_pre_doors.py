"""Doors: who somebody is on each channel, the codes that link one to a person, and whose task a place holds."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_E164 = r"~ '^\+[1-9][0-9]{7,14}$'"


def upgrade() -> None:
    """Forward."""
    _doors()
    _codes()
    op.add_column("place", sa.Column("owner", sa.BigInteger()))
    op.create_index("ix_place_owner", "place", ["owner"], postgresql_where=sa.text("owner IS NOT NULL"))
    for check in ("channel", "address"):
        op.drop_constraint(op.f(f"ck_notice_ck_notice_{check}"), "notice")
    op.create_check_constraint(op.f("ck_notice_channel"), "notice", "channel IN ('sms', 'whatsapp', 'telegram')")
    op.create_check_constraint(op.f("ck_notice_address"), "notice", f"channel <> 'sms' OR address {_E164}")


def _doors() -> None:
    op.create_table(
        "door",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("e164", sa.Text()),
        sa.Column("verified_by", sa.Text()),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("linked_at", sa.DateTime(timezone=True)),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("failed", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name="pk_door"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_door_person_id"),
        sa.CheckConstraint("channel IN ('sms', 'whatsapp', 'telegram')", name=op.f("ck_door_channel")),
        sa.CheckConstraint("length(address) BETWEEN 1 AND 140", name=op.f("ck_door_address")),
        sa.CheckConstraint("language IN ('fr', 'en')", name=op.f("ck_door_language")),
        sa.CheckConstraint(f"e164 {_E164}", name=op.f("ck_door_e164")),
        sa.CheckConstraint("verified_by IN ('provider', 'contact', 'code')", name=op.f("ck_door_verified_by")),
        sa.CheckConstraint("(e164 IS NULL) = (verified_by IS NULL)", name=op.f("ck_door_verified")),
        sa.CheckConstraint("(person_id IS NULL) = (linked_at IS NULL)", name=op.f("ck_door_linked")),
        sa.CheckConstraint("state IN ('open', 'unreachable', 'suspended')", name=op.f("ck_door_state")),
        sa.CheckConstraint("failed BETWEEN 0 AND 5", name=op.f("ck_door_failed")),
    )
    op.create_index("ix_door_person_id", "door", ["person_id"], postgresql_where=sa.text("person_id IS NOT NULL"))
    op.create_table(
        "door_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_door_event"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_door_event_person_id"),
        sa.CheckConstraint(
            "event IN ('linked', 'unlinked', 'suspended', 'verified')", name=op.f("ck_door_event_event")
        ),
    )
    op.create_index("ix_door_event_person_id", "door_event", ["person_id"])
    op.execute(
        "CREATE TRIGGER door_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON door_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )


def _codes() -> None:
    op.create_table(
        "link_code",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("e164", sa.Text()),
        sa.Column("channel", sa.Text()),
        sa.Column("address", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_link_code"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_link_code_person_id"),
        sa.CheckConstraint("(person_id IS NULL) <> (e164 IS NULL)", name=op.f("ck_link_code_purpose")),
        sa.CheckConstraint("(e164 IS NULL) = (address IS NULL)", name=op.f("ck_link_code_for_whom")),
        sa.CheckConstraint("(channel IS NULL) = (address IS NULL)", name=op.f("ck_link_code_door")),
        sa.CheckConstraint(f"e164 {_E164}", name=op.f("ck_link_code_e164")),
    )
    op.create_index("ix_link_code_person_id", "link_code", ["person_id"])
    op.create_index("ix_link_code_e164", "link_code", ["e164"])


def downgrade() -> None:
    """Back: what was queued for other channels than SMS cannot be kept."""
    op.execute("ALTER TABLE notice_event DISABLE TRIGGER notice_event_append_only")
    op.execute("DELETE FROM notice_event USING notice WHERE notice.id = notice_id AND channel <> 'sms'")
    op.execute("ALTER TABLE notice_event ENABLE TRIGGER notice_event_append_only")
    op.execute("DELETE FROM delivery USING notice WHERE notice.id = notice_id AND channel <> 'sms'")
    op.execute("DELETE FROM notice WHERE channel <> 'sms'")
    for check in ("channel", "address"):
        op.drop_constraint(op.f(f"ck_notice_{check}"), "notice")
    op.create_check_constraint(op.f("ck_notice_ck_notice_channel"), "notice", "channel IN ('sms')")
    op.create_check_constraint(op.f("ck_notice_ck_notice_address"), "notice", f"address {_E164}")
    op.drop_index("ix_place_owner", "place")
    op.drop_column("place", "owner")
    for table in ("link_code", "door_event", "door"):
        op.drop_table(table)

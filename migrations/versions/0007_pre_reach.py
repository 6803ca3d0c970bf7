"""Where notices reach people: their preferred channel by list, STOP by channel and list, the provider of a message."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LISTS = "('payments', 'reminders', 'alerts')"


def upgrade() -> None:
    """Forward; whoever had said STOP had said it about everything."""
    op.add_column("notice", sa.Column("source", sa.Text()))
    op.add_column("notice", sa.Column("settled", sa.Boolean(), server_default="false", nullable=False))
    op.create_index(
        "ix_notice_waiting",
        "notice",
        ["channel", "address", "id"],
        postgresql_where=sa.text("state IN ('queued', 'sending') AND channel <> 'sms'"),
    )
    op.create_table(
        "preference",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "list", name="pk_preference"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_preference_person_id"),
        sa.CheckConstraint(f"list IN {_LISTS}", name=op.f("ck_preference_list")),
        sa.CheckConstraint("channel IN ('sms', 'whatsapp', 'telegram')", name=op.f("ck_preference_channel")),
    )
    _set_aside()
    op.create_table(
        "suppression",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", "list", name="pk_suppression"),
        sa.CheckConstraint("list IN ('all', 'reminders', 'alerts')", name=op.f("ck_suppression_list")),
    )
    op.execute(
        "INSERT INTO suppression (channel, address, list, since)"
        " SELECT 'sms', address, 'all', since FROM suppression_before"
    )
    op.drop_table("suppression_before")


def _set_aside() -> None:
    op.drop_constraint("pk_suppression", "suppression")
    op.rename_table("suppression", "suppression_before")


def downgrade() -> None:
    """Back: only STOP overall by SMS has a place there."""
    _set_aside()
    op.create_table(
        "suppression",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", "list", name="pk_suppression"),
        sa.CheckConstraint("list IN ('alerts')", name=op.f("ck_suppression_ck_suppression_list")),
    )
    op.execute(
        "INSERT INTO suppression (address, list, since) SELECT address, 'alerts', since FROM suppression_before"
        " WHERE channel = 'sms' AND list = 'all'"
    )
    op.drop_table("suppression_before")
    op.drop_table("preference")
    op.drop_index("ix_notice_waiting", "notice")
    op.drop_column("notice", "settled")
    op.drop_column("notice", "source")

"""Attachments: what people send beside words, queued in the turn and fetched afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("album", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True)),
        sa.Column("kind", sa.Text()),
        sa.Column("size", sa.Integer()),
        sa.Column("digest", sa.LargeBinary()),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_attachment_person_id"),
        sa.CheckConstraint("state IN ('queued', 'fetched', 'refused', 'failed')", name=op.f("ck_attachment_state")),
        sa.CheckConstraint("(state = 'queued') = (next_try_at IS NOT NULL)", name=op.f("ck_attachment_due")),
        sa.CheckConstraint(
            "CASE WHEN state = 'fetched' THEN num_nulls(kind, size, digest, content) = 0"
            " ELSE num_nonnulls(kind, size, digest, content) = 0 END",
            name=op.f("ck_attachment_whole"),
        ),
        sa.CheckConstraint(
            "kind IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf', 'audio/ogg', 'audio/mpeg')",
            name=op.f("ck_attachment_kind"),
        ),
        sa.CheckConstraint("size BETWEEN 1 AND 5242880", name=op.f("ck_attachment_size")),
    )
    op.create_index(
        "ix_attachment_due", "attachment", ["next_try_at"], postgresql_where=sa.text("next_try_at IS NOT NULL")
    )
    op.create_index("ix_attachment_sender", "attachment", ["channel", "address", "created_at"])
    op.create_index("ix_attachment_created_at", "attachment", ["created_at"])
    op.create_index(
        "ix_attachment_person_id", "attachment", ["person_id"], postgresql_where=sa.text("person_id IS NOT NULL")
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("attachment")

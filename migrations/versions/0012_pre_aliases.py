"""Other names of a door, by which whoever hides their number stays the same person; STOP that was only a block."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward; whatever was stopped until now was stopped in words, for all we know."""
    op.create_table(
        "door_alias",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", "source", name="pk_door_alias"),
        sa.CheckConstraint("length(alias) BETWEEN 1 AND 160", name=op.f("ck_door_alias_alias")),
    )
    op.create_index("ix_door_alias_alias", "door_alias", ["channel", "source", "alias"])
    op.add_column("suppression", sa.Column("blocked", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    """Back."""
    op.drop_column("suppression", "blocked")
    op.drop_table("door_alias")

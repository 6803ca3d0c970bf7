"""Whether somebody chose their language, or was only spoken to in it so far."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward; nobody comes to speak English here without choosing it."""
    op.add_column("person", sa.Column("language_chosen", sa.Boolean(), server_default="false", nullable=False))
    op.execute("UPDATE person SET language_chosen = true WHERE language <> 'fr'")


def downgrade() -> None:
    """Back."""
    op.drop_column("person", "language_chosen")

"""Where homes stand is looked up: which quarters lie near a point."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_building_point",
        "building",
        ["latitude", "longitude"],
        postgresql_where=sa.text("latitude IS NOT NULL AND quarter IS NOT NULL"),
        postgresql_include=["quarter"],
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_building_point", "building")

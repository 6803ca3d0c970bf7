"""Where a building stands, and the photo of a listing."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("building", sa.Column("latitude", sa.Double()))
    op.add_column("building", sa.Column("longitude", sa.Double()))
    op.create_check_constraint(
        op.f("ck_building_point"), "building", "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180"
    )
    op.create_check_constraint(op.f("ck_building_whole_point"), "building", "(latitude IS NULL) = (longitude IS NULL)")
    op.add_column("listing", sa.Column("photo", sa.Text()))
    op.create_check_constraint(op.f("ck_listing_photo"), "listing", "length(photo) BETWEEN 1 AND 500")


def downgrade() -> None:
    """Back."""
    op.drop_constraint(op.f("ck_listing_photo"), "listing")
    op.drop_column("listing", "photo")
    op.drop_constraint(op.f("ck_building_whole_point"), "building")
    op.drop_constraint(op.f("ck_building_point"), "building")
    op.drop_column("building", "longitude")
    op.drop_column("building", "latitude")

"""Homes: buildings, units, listings with their history, and indexes that answer a search in one probe."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PUBLISHED = sa.text("state = 'published'")

TRANSITIONS = (
    ("", "draft"),
    ("draft", "pending"), ("draft", "archived"),
    ("pending", "published"), ("pending", "rejected"), ("pending", "archived"),
    ("rejected", "pending"), ("rejected", "archived"),
    ("published", "paused"), ("published", "reserved"), ("published", "let"), ("published", "sold"),
    ("published", "expired"), ("published", "archived"),
    ("paused", "published"), ("paused", "let"), ("paused", "sold"), ("paused", "archived"),
    ("reserved", "published"), ("reserved", "let"), ("reserved", "sold"), ("reserved", "archived"),
    ("expired", "published"), ("expired", "archived"),
    ("let", "published"), ("let", "archived"), ("sold", "archived"),
)  # fmt: skip

HISTORY = """
CREATE FUNCTION listing_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO listing_event (listing_id, from_state, to_state, by_id, at)
        VALUES (NEW.id, '', NEW.state, NEW.changed_by, NEW.changed_at);
        RETURN NULL;
    END IF;
    IF OLD.state <> NEW.state THEN
        INSERT INTO listing_event (listing_id, from_state, to_state, by_id, at)
        VALUES (NEW.id, OLD.state, NEW.state, NEW.changed_by, NEW.changed_at);
    END IF;
    IF OLD.price <> NEW.price THEN
        INSERT INTO listing_event (listing_id, old_price, new_price, by_id, at)
        VALUES (NEW.id, OLD.price, NEW.price, NEW.changed_by, NEW.changed_at);
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    """CREATE TRIGGER listing_history AFTER INSERT OR UPDATE OF state, price ON listing
       FOR EACH ROW EXECUTE FUNCTION listing_history()""",
    """CREATE TRIGGER listing_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON listing_event
       FOR EACH STATEMENT EXECUTE FUNCTION append_only()""",
)


def upgrade() -> None:
    """Forward."""
    _property()
    _listing()
    _history()


def _property() -> None:
    op.create_table(
        "building",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("landlord_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("city", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer()),
        sa.Column("landmark", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_building"),
        sa.ForeignKeyConstraint(["landlord_id"], ["person.id"], name="fk_building_landlord_id"),
        sa.UniqueConstraint("id", "city", name="uq_building_id_city"),
        sa.UniqueConstraint("id", "quarter", name="uq_building_id_quarter"),
        sa.CheckConstraint("name <> ''", name="ck_building_has_name"),
    )
    op.create_index("ix_building_landlord_id", "building", ["landlord_id"])
    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bedrooms", sa.SmallInteger(), nullable=False),
        sa.Column("area_m2", sa.Integer()),
        sa.Column("furnished", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name="fk_unit_building_id"),
        sa.UniqueConstraint("building_id", "code", name="uq_unit_building_id_code"),
        sa.UniqueConstraint("id", "building_id", "kind", "bedrooms", "furnished", name="uq_unit_as_listed"),
        sa.CheckConstraint("code <> ''", name="ck_unit_has_code"),
        sa.CheckConstraint(
            "kind IN ('room', 'studio', 'apartment', 'house', 'villa', 'duplex', 'building', 'shop', 'office', "
            "'warehouse', 'land')",
            name="ck_unit_kind",
        ),
        sa.CheckConstraint("bedrooms BETWEEN 0 AND 30", name="ck_unit_bedrooms"),
        sa.CheckConstraint("area_m2 > 0", name="ck_unit_area"),
        sa.CheckConstraint(
            "kind NOT IN ('shop', 'office', 'warehouse', 'land') OR bedrooms = 0",
            name="ck_unit_bedrooms_where_people_live",
        ),
        sa.CheckConstraint("kind <> 'land' OR NOT furnished", name="ck_unit_land_is_bare"),
    )


def _listing() -> None:
    op.create_table(
        "listing",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=400), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("price_period", sa.Text()),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("deposit_months", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("advance_months", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("features", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("landmark", sa.Text(), server_default="", nullable=False),
        sa.Column("city", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bedrooms", sa.SmallInteger(), nullable=False),
        sa.Column("rooms", sa.SmallInteger(), nullable=False),
        sa.Column("furnished", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("changed_by", sa.BigInteger()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
        sa.UniqueConstraint("code", name="uq_listing_code"),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name="fk_listing_changed_by"),
        sa.ForeignKeyConstraint(
            ["unit_id", "building_id", "kind", "bedrooms", "furnished"],
            ["unit.id", "unit.building_id", "unit.kind", "unit.bedrooms", "unit.furnished"],
            name="fk_listing_as_the_unit",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["building_id", "city"], ["building.id", "building.city"], name="fk_listing_city", onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["building_id", "quarter"],
            ["building.id", "building.quarter"],
            name="fk_listing_quarter",
            onupdate="CASCADE",
        ),
        *_listing_checks(),
    )
    op.create_index("ix_listing_expires_at", "listing", ["expires_at"], postgresql_where=PUBLISHED)
    op.create_index("uq_listing_unit_id_deal", "listing", ["unit_id", "deal"], unique=True, postgresql_where=PUBLISHED)
    for area in ("city", "quarter"):
        for fixed in ((), ("kind",), ("rooms", "furnished"), ("kind", "rooms", "furnished")):
            op.create_index(
                "_".join(("ix_listing", area, *fixed)),
                "listing",
                [area, "deal", *fixed, "price", "id"],
                postgresql_where=PUBLISHED,
                postgresql_include=["bedrooms"] if "rooms" in fixed else [],
            )


def _listing_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("deal IN ('rent', 'sale', 'rent_to_own')", name="ck_listing_deal"),
        sa.CheckConstraint(
            "state IN ('draft', 'pending', 'published', 'paused', 'reserved', 'let', 'sold', 'expired', 'archived', "
            "'rejected')",
            name="ck_listing_state",
        ),
        sa.CheckConstraint("price > 0", name="ck_listing_price"),
        sa.CheckConstraint("currency IN ('XAF', 'XOF')", name="ck_listing_currency"),
        sa.CheckConstraint("price_period = 'month'", name="ck_listing_price_period"),
        sa.CheckConstraint("(deal = 'sale') = (price_period IS NULL)", name="ck_listing_sales_have_no_period"),
        sa.CheckConstraint(
            "deposit_months BETWEEN 0 AND 24 AND advance_months BETWEEN 0 AND 24", name="ck_listing_months"
        ),
        sa.CheckConstraint("rooms = least(bedrooms, 4)", name="ck_listing_rooms"),
        sa.CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="ck_listing_published_when"),
        sa.CheckConstraint("expires_at > published_at", name="ck_listing_expires_later"),
    )


def _history() -> None:
    transition = op.create_table(
        "listing_transition",
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("from_state", "to_state", name="pk_listing_transition"),
    )
    op.bulk_insert(transition, [{"from_state": a, "to_state": b} for a, b in TRANSITIONS])
    op.create_table(
        "listing_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("from_state", sa.Text()),
        sa.Column("to_state", sa.Text()),
        sa.Column("old_price", sa.BigInteger()),
        sa.Column("new_price", sa.BigInteger()),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listing_event"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_listing_event_listing_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_listing_event_by_id"),
        sa.ForeignKeyConstraint(
            ["from_state", "to_state"],
            ["listing_transition.from_state", "listing_transition.to_state"],
            name="fk_listing_event_transition",
            match="FULL",
        ),
        sa.CheckConstraint("(to_state IS NULL) <> (new_price IS NULL)", name="ck_listing_event_one_change"),
    )
    op.create_index("ix_listing_event_listing_id", "listing_event", ["listing_id"])
    for statement in (HISTORY, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """Back."""
    for table in ("listing_event", "listing_transition", "listing", "unit", "building"):
        op.drop_table(table)
    op.execute("DROP FUNCTION listing_history()")

"""Buildings, units and listings, and what may become of a listing."""

from typing import Final, get_args

from sqlalchemy import (
    ARRAY,
    CHAR,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

import core.people.tables  # noqa: F401 - homes refer to people
from core.homes.card import LONGEST
from core.homes.words import Deal, Kind, State
from core.kit.db import metadata, one_of

ROOMS: Final = 4
"""Searches tell 0, 1, 2 and 3 bedrooms apart; this many means "or more"."""

FIRST_NUMBER: Final = 400
"""Listing numbers begin here, so that every code has the same length for years."""

TRANSITIONS: Final = (
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
"""What a listing may become; it begins as a draft. The database refuses anything else."""


building = Table(
    "building",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("landlord_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("city", Integer, nullable=False),
    Column("quarter", Integer),
    Column("landmark", Text, nullable=False, server_default=""),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("latitude", Double),
    Column("longitude", Double),
    UniqueConstraint("id", "city"),
    UniqueConstraint("id", "quarter"),
    CheckConstraint("name <> ''", name="has_name"),
    CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="point"),
    CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
)
"""``city`` and ``quarter`` are ids of the gazetteer; the pairs are unique so that listings can refer to them.
The exact point (WGS 84, in degrees) is nobody's to see: ``core.kit.point`` says how near it is shown."""

Index(
    "ix_building_point",
    building.c.latitude,
    building.c.longitude,
    postgresql_where=building.c.latitude.is_not(None) & building.c.quarter.is_not(None),
    postgresql_include=["quarter"],
)

unit = Table(
    "unit",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("building_id", ForeignKey("building.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("bedrooms", SmallInteger, nullable=False),
    Column("area_m2", Integer),
    Column("furnished", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("building_id", "code"),
    UniqueConstraint("id", "building_id", "kind", "bedrooms", "furnished", name="uq_unit_as_listed"),
    CheckConstraint("code <> ''", name="has_code"),
    CheckConstraint(one_of("kind", get_args(Kind)), name="kind"),
    CheckConstraint("bedrooms BETWEEN 0 AND 30", name="bedrooms"),
    CheckConstraint("area_m2 > 0", name="area"),
    CheckConstraint(
        "kind NOT IN ('shop', 'office', 'warehouse', 'land') OR bedrooms = 0", name="bedrooms_where_people_live"
    ),
    CheckConstraint("kind <> 'land' OR NOT furnished", name="land_is_bare"),
)
"""A lot of a building: a flat, a room, a shop, the whole house, a plot."""

listing_transition = Table(
    "listing_transition",
    metadata,
    Column("from_state", Text, primary_key=True),
    Column("to_state", Text, primary_key=True),
)
"""What a listing may become (``TRANSITIONS``)."""

listing = Table(
    "listing",
    metadata,
    Column("id", BigInteger, Identity(start=FIRST_NUMBER), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("unit_id", BigInteger, nullable=False),
    Column("building_id", BigInteger, nullable=False),
    Column("deal", Text, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("price_period", Text),
    Column("currency", CHAR(3), nullable=False),
    Column("deposit_months", SmallInteger, nullable=False, server_default="0"),
    Column("advance_months", SmallInteger, nullable=False, server_default="0"),
    Column("features", ARRAY(Text), nullable=False, server_default="{}"),
    Column("landmark", Text, nullable=False, server_default=""),
    Column("city", Integer, nullable=False),
    Column("quarter", Integer),
    Column("kind", Text, nullable=False),
    Column("bedrooms", SmallInteger, nullable=False),
    Column("rooms", SmallInteger, nullable=False),
    Column("furnished", Boolean, nullable=False),
    Column("state", Text, nullable=False, server_default="draft"),
    Column("changed_by", ForeignKey("person.id")),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
    Column("photo", Text),
    ForeignKeyConstraint(
        ["unit_id", "building_id", "kind", "bedrooms", "furnished"],
        ["unit.id", "unit.building_id", "unit.kind", "unit.bedrooms", "unit.furnished"],
        name="fk_listing_as_the_unit",
        onupdate="CASCADE",
    ),
    ForeignKeyConstraint(
        ["building_id", "city"], ["building.id", "building.city"], name="fk_listing_city", onupdate="CASCADE"
    ),
    ForeignKeyConstraint(
        ["building_id", "quarter"],
        ["building.id", "building.quarter"],
        name="fk_listing_quarter",
        onupdate="CASCADE",
    ),
    CheckConstraint(one_of("deal", get_args(Deal)), name="deal"),
    CheckConstraint(one_of("state", get_args(State)), name="state"),
    CheckConstraint("price > 0", name="price"),
    CheckConstraint("currency IN ('XAF', 'XOF')", name="currency"),
    CheckConstraint("price_period = 'month'", name="price_period"),
    CheckConstraint("(deal = 'sale') = (price_period IS NULL)", name="sales_have_no_period"),
    CheckConstraint("deposit_months BETWEEN 0 AND 24 AND advance_months BETWEEN 0 AND 24", name="months"),
    CheckConstraint(f"rooms = least(bedrooms, {ROOMS})", name="rooms"),
    CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_when"),
    CheckConstraint("expires_at > published_at", name="expires_later"),
    CheckConstraint(f"length(photo) BETWEEN 1 AND {LONGEST}", name="photo"),
    Index("ix_listing_expires_at", "expires_at", postgresql_where=text("state = 'published'")),
    Index("uq_listing_unit_id_deal", "unit_id", "deal", unique=True, postgresql_where=text("state = 'published'")),
)
"""A home on offer. ``price`` is francs, a month unless for sale. ``kind``, ``bedrooms``, ``furnished``, ``city`` and
``quarter`` repeat the unit and the building so that one index answers a search; foreign keys keep them the same."""

SEARCHED: Final = ((), ("kind",), ("rooms", "furnished"), ("kind", "rooms", "furnished"))
"""What a wish may fix besides the place and the deal: one index for each, in the order of the page."""

for _area in ("city", "quarter"):
    for _fixed in SEARCHED:
        Index(
            "_".join(("ix_listing", _area, *_fixed)),
            *(listing.c[name] for name in (_area, "deal", *_fixed, "price", "id")),
            postgresql_where=text("state = 'published'"),
            postgresql_include=["bedrooms"] if "rooms" in _fixed else [],
        )

listing_event = Table(
    "listing_event",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("listing_id", ForeignKey("listing.id"), nullable=False, index=True),
    Column("from_state", Text),
    Column("to_state", Text),
    Column("old_price", BigInteger),
    Column("new_price", BigInteger),
    Column("by_id", ForeignKey("person.id")),
    Column("at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["from_state", "to_state"],
        ["listing_transition.from_state", "listing_transition.to_state"],
        name="fk_listing_event_transition",
        match="FULL",
    ),
    CheckConstraint("(to_state IS NULL) <> (new_price IS NULL)", name="one_change"),
)
"""The history of a listing, written by triggers alone: each change of state or price. Append-only."""

"""Where people stand in their conversations."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    text,
)

from core.kit.db import metadata

place = Table(
    "place",
    metadata,
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("owner", BigInteger),
    PrimaryKeyConstraint("channel", "address"),
    CheckConstraint("version > 0", name="version_counts"),
    Index("ix_place_owner", "owner", postgresql_where=text("owner IS NOT NULL")),
    postgresql_with={"fillfactor": "70"},
)
"""``owner`` is the person whose unfinished task this holds; nobody's when there is nothing to go on with."""

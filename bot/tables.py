"""Where people stand in their conversations."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
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
    PrimaryKeyConstraint("channel", "address"),
    CheckConstraint("version > 0", name="version_counts"),
    postgresql_with={"fillfactor": "70"},
)

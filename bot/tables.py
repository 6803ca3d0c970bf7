"""Where people stand in their conversations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Integer,
    LargeBinary,
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
    Column("body", LargeBinary, nullable=False),
    Column("session", Text, nullable=False, server_default=""),
    Column("heard_length", Integer, nullable=False, server_default="0"),
    Column("heard_hash", LargeBinary, nullable=False, server_default=""),
    Column("reply", Text, nullable=False, server_default=""),
    Column("open", Boolean, nullable=False, server_default="false"),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("channel", "address"),
    CheckConstraint("version > 0", name="version_counts"),
    postgresql_with={"fillfactor": "70"},
)

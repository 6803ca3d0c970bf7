"""Signs of life of the processes."""

from sqlalchemy import Column, DateTime, Table, Text

from core.kit.db import metadata

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("worker", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)

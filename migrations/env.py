"""Runs migrations: on asyncpg, one transaction each, never waiting long for a lock."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

import bot.tables  # noqa: F401 - the conversations' tables
import core.tables
from core.kit.db import metadata

core.tables.load()


def _run(connection: Connection) -> None:
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.commit()
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def _online(url: str) -> None:
    address = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(address, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_online(context.config.attributes["url"]))

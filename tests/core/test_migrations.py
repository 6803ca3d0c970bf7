"""The migrated database is the one the code describes, and every migration can be taken back."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

import bot.tables  # noqa: F401
import core.tables
import migrations
from core.kit.db import metadata
from core.kit.embedded import Embedded


async def test_tables_in_code_and_migrated_schema_agree(database_url: str) -> None:
    core.tables.load()
    engine = create_async_engine(
        database_url.replace("postgresql://", "postgresql+asyncpg://"), poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert differences == []


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    return list(compare_metadata(context, metadata))


def test_every_migration_goes_down_and_up_again(server: Embedded) -> None:
    server.psql("CREATE DATABASE up_and_down")
    url = server.url("up_and_down")
    migrations.upgrade(url)
    migrations.downgrade(url)
    left = server.psql("SELECT 1")
    assert left
    migrations.upgrade(url)
    server.psql("DROP DATABASE up_and_down WITH (FORCE)")

"""What tests share: a private PostgreSQL, and a fresh migrated database for each test that asks for one."""

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import fasteners
import pytest

import migrations
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.embedded import Embedded

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """A private PostgreSQL with a migrated template database, shared by the processes of one test run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with fasteners.InterProcessLock(shared / "server.lock"):
        embedded = Embedded.start(shared / "pg")
        _prepare(embedded, shared / "template.ready")
    yield embedded
    embedded.close()


def _prepare(embedded: Embedded, ready: Path) -> None:
    if ready.exists():
        return
    for setting in ("fsync = off", "full_page_writes = off", "max_connections = 200"):
        embedded.psql(f"ALTER SYSTEM SET {setting}")
    embedded.psql("SELECT pg_reload_conf()")
    embedded.psql("CREATE DATABASE template_toit")
    migrations.upgrade(embedded.url("template_toit"))
    ready.touch()


@pytest.fixture
async def database_url(server: Embedded) -> AsyncIterator[str]:
    """The address of a fresh migrated database, dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    admin = await asyncpg.connect(server.url())
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template_toit STRATEGY file_copy")
    yield server.url(name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A pool on a fresh migrated database."""
    database = await Database.open(database_url)
    yield database
    await database.close()


@pytest.fixture
def clock() -> FixedClock:
    """Thursday 5 November 2026, 09:00 in Douala."""
    return FixedClock(datetime(2026, 11, 5, 8, 0, tzinfo=UTC))

"""Private PostgreSQL servers as tests need them: in memory where there is some, and careless of power cuts."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import migrations
from core.kit.embedded import Embedded

MEMORY_B = 2 << 30
"""Bytes of shared memory that are enough; a container has 64 MB unless it was given more."""


def quick_folder() -> Path:
    """Where data is best put that nobody needs tomorrow: a database is 500 files to copy."""
    memory = Path("/dev/shm")  # noqa: S108 - the folders in it have names of their own and a mode
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).total >= MEMORY_B
    return memory if roomy else Path(tempfile.gettempdir())


def prepare(server: Embedded, database: str) -> None:
    """Make a new server quick, and a migrated database in it."""
    for setting in ("fsync = off", "full_page_writes = off"):
        server.psql(f"ALTER SYSTEM SET {setting}")
    server.psql("SELECT pg_reload_conf()")
    server.psql(f"CREATE DATABASE {database}")
    migrations.upgrade(server.url(database))


@contextmanager
def own_server() -> Iterator[Embedded]:
    """A PostgreSQL that nobody else uses, with a migrated database ``toit``; for what would disturb others."""
    with tempfile.TemporaryDirectory(prefix="toit-", dir=quick_folder(), ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        server = Embedded.start(Path(name) / "pg")
        try:
            prepare(server, "toit")
            yield server
        finally:
            server.close()

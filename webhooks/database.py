"""The database a process works on: the one it was given, or a private one in the data folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from core.kit.embedded import Embedded
from core.kit.settings import Settings

NAME: Final = "toit"


@contextmanager
def database_of(settings: Settings) -> Iterator[str]:
    """Its address; a private server is started (or joined) when ``DATABASE_URL`` is not set."""
    if settings.database_url:
        yield settings.database_url
        return
    server = Embedded.start(settings.home / "postgres")
    try:
        if NAME not in server.psql("SELECT datname FROM pg_database").split():
            server.psql(f"CREATE DATABASE {NAME}")
        yield server.url(NAME)
    finally:
        server.close()

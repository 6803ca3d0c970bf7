"""The whole house as real processes on loopback: app, worker and sandbox on a database of their own."""

import asyncio
import itertools
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

from core.kit.clock import SystemClock
from core.kit.db import Database
from core.kit.embedded import Embedded
from core.kit.settings import Settings
from core.money.books import verify_books
from tests.patience import PATIENCE_S, until
from webhooks.seed import seed

_numbers = itertools.count(1)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class House:
    """Processes started for one test, and the calls a test makes to them."""

    def __init__(self, database_url: str, home: Path, *, traced: bool = False) -> None:
        """``traced``: what its processes reach of the code counts as covered, which makes them a third slower."""
        self.home, self._traced = home, traced
        self.ports = {"web": free_port(), "sandbox": free_port()}
        self.url = database_url
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self.http: aiohttp.ClientSession = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_S))

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are started with."""
        return {
            **os.environ,
            "DATABASE_URL": self.url,
            "TOIT_HOME": str(self.home),
            "TOIT_PORT": str(self.ports["web"]),
            "TOIT_SANDBOX_PORT": str(self.ports["sandbox"]),
            **({} if self._traced else {"COVERAGE_PROCESS_CONFIG": ""}),
        }

    def settings(self) -> Settings:
        """The same, for code that runs inside the test."""
        return Settings(
            database_url=self.url, home=self.home, port=self.ports["web"], sandbox_port=self.ports["sandbox"]
        )

    @property
    def people(self) -> list[dict[str, Any]]:
        """The demo's people: name, roles, number, PIN and lease, the tenants first."""
        found: list[dict[str, Any]] = json.loads((self.home / "people.json").read_text(encoding="utf-8"))
        return found

    async def plant(self) -> None:
        """The demo's people and homes."""
        async with self.database() as db:
            await seed(db, self.settings(), SystemClock(), self.home)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """The database, seen from the test."""
        db = await Database.open(self.url, size=2)
        try:
            yield db
        finally:
            await db.close()

    async def sql(self, query: str, *values: object) -> Any:
        """One value from the database; a change is kept."""
        connection = await asyncpg.connect(self.url)
        try:
            return await connection.fetchval(query, *values)
        finally:
            await connection.close()

    async def breaches(self) -> list[str]:
        """What is wrong with the books, by the operator's own log of what was really debited."""
        truth = await self.call("GET", "/truth/mtn")
        async with self.database() as db:
            report = await verify_books(db, truth)
        return [] if report.sound else [report.words()]

    # --- processes ---

    async def start(self, name: str, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
        """Start one process; ``name`` tells them apart."""
        with (self.home / f"{name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *arguments, env={**self.environment, **environment}, stdout=log, stderr=log
            )
        self._running[name] = process
        return process

    async def open(self) -> None:
        """App, worker and sandbox, ready."""
        await self.start("sandbox", "-m", "sandbox")
        await self.start("web", "-m", "webhooks", "web")
        await self.start("worker", "-m", "webhooks", "worker")
        await self.ready()

    async def ready(self) -> None:
        """Wait until the sandbox answers and the app says that it can work."""
        await self.until(lambda: self.answers(f"{self.sandbox}/healthz"), "the sandbox")
        await self.until(lambda: self.answers(f"{self.web}/readyz"), "the app")

    @property
    def running(self) -> set[str]:
        """The processes that were started and are still alive."""
        return {name for name, process in self._running.items() if process.returncode is None}

    async def kill(self, name: str) -> None:
        """End one process as a power cut would."""
        await self._end(name, signal.SIGKILL)

    async def stop(self, name: str) -> None:
        """End one process as an operator would; one that does not end within its time is killed."""
        await self._end(name, signal.SIGTERM)

    async def _end(self, name: str, how: signal.Signals) -> None:
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            process.send_signal(how)
        try:
            await asyncio.wait_for(process.wait(), PATIENCE_S)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def close(self) -> None:
        """End what was started."""
        await asyncio.gather(*(self.stop(name) for name in list(self._running)))
        await self.http.close()

    # --- calls ---

    @property
    def web(self) -> str:
        """The app's address."""
        return f"http://127.0.0.1:{self.ports['web']}"

    @property
    def sandbox(self) -> str:
        """The sandbox's address."""
        return f"http://127.0.0.1:{self.ports['sandbox']}"

    async def status(self, url: str) -> int:
        """What an address answers; 0 when nobody listens there."""
        try:
            async with self.http.get(url) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    async def answers(self, url: str) -> bool:
        """Whether an address answers 200."""
        return await self.status(url) == 200

    async def until(self, true: Callable[[], Awaitable[Any]], what: str) -> Any:
        """Wait for something, and return it; AssertionError with the logs when it does not come."""
        with suppress(TimeoutError):
            return await until(true, 0.1)
        logs = "\n".join(f"--- {file.name}\n{file.read_text()[-2000:]}" for file in self.home.glob("*.log"))
        raise AssertionError(f"{what} never came\n{logs}")

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """One request to the sandbox's JSON: status and answer, whatever they are."""
        async with self.http.request(method, self.sandbox + path, json=body) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """One request to the sandbox's JSON; AssertionError unless it answers 2xx."""
        status, answer = await self.ask(method, path, body)
        assert status < 300, f"{method} {path}: {status} {answer}"
        return answer


@asynccontextmanager
async def planted_house(server: Embedded, home: Path) -> AsyncIterator[House]:
    """A house with the demo's people on a new database of the tests' server; nothing runs in it yet."""
    name = f"house_{os.getpid()}_{next(_numbers)}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE template_toit STRATEGY file_copy")
    house = House(server.url(name), home)
    try:
        await house.plant()
        yield house
    finally:
        await house.close()
        server.psql(f"DROP DATABASE {name} WITH (FORCE)")


def option(screen: str, label: str) -> str | None:
    """The number of the option whose label holds these words, as a person finds it who reads the screen."""
    lines = [line.split(" ", 1) for line in screen.splitlines()]
    return next((line[0] for line in lines if line[0].isdigit() and label in line[-1]), None)


class Handset:
    """One person's phone in the sandbox."""

    def __init__(self, house: House, number: str) -> None:
        self.house = house
        self.path = f"/phones/{number.lstrip('+')}"
        self.screen = ""

    async def dial(self, code: str = "*384#") -> str:
        """Dial, and see the screen."""
        self.screen = str((await self.house.call("POST", f"{self.path}/dial", {"code": code}))["text"])
        return self.screen

    async def answer(self, *said: str) -> str:
        """Answer, and see the last screen."""
        for one in said:
            self.screen = str((await self.house.call("POST", f"{self.path}/answer", {"text": one}))["text"])
        return self.screen

    async def choose(self, *labels: str) -> str:
        """Choose option after option by a part of its label."""
        for label in labels:
            number = option(self.screen, label)
            assert number is not None, f"no option {label!r} on:\n{self.screen}"
            await self.answer(number)
        return self.screen

    async def hang_up(self) -> None:
        """Cut the session."""
        await self.house.call("POST", f"{self.path}/hangup")

    async def messages(self) -> list[str]:
        """The SMS received, oldest first."""
        return [message["text"] for message in await self.house.call("GET", f"{self.path}/messages")]

    async def message(self, *words: str) -> str:
        """Wait for an SMS with all these words."""

        async def found() -> str:
            return next((text for text in await self.messages() if all(word in text for word in words)), "")

        return str(await self.house.until(found, f"an SMS with {words}"))

    async def prompt(self) -> dict[str, Any]:
        """Wait for a Mobile Money prompt."""

        async def found() -> Any:
            return next(iter(await self.house.call("GET", f"{self.path}/prompts")), None)

        prompt: dict[str, Any] = await self.house.until(found, "a prompt")
        return prompt

    async def approve(self) -> None:
        """Approve the prompt with the wallet's PIN."""
        prompt = await self.prompt()
        await self.house.call("POST", f"{self.path}/prompts/{prompt['id']}", {"pin": prompt["pin"]})

    async def wallet(self, behaviour: str) -> None:
        """How the wallet's owner behaves when asked to pay (sandbox/README.md)."""
        await self.house.call("PUT", f"/wallets/mtn/{self.path.rpartition('/')[2]}", {"behaviour": behaviour})

"""The whole house as real processes on loopback: app, worker and sandbox on a database of their own."""

import asyncio
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp

from core.kit.clock import SystemClock
from core.kit.db import Database
from core.kit.settings import Settings
from webhooks.seed import seed

PATIENCE_S = 30.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class House:
    """Processes started for one test, and the calls a test makes to them."""

    def __init__(self, database_url: str, home: Path) -> None:
        self.home = home
        self.ports = {"web": free_port(), "sandbox": free_port()}
        self._url = database_url
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self.http: aiohttp.ClientSession = aiohttp.ClientSession()

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are started with."""
        return {
            **os.environ,
            "DATABASE_URL": self._url,
            "TOIT_HOME": str(self.home),
            "TOIT_PORT": str(self.ports["web"]),
            "TOIT_SANDBOX_PORT": str(self.ports["sandbox"]),
        }

    def settings(self) -> Settings:
        """The same, for code that runs inside the test."""
        return Settings(
            database_url=self._url, home=self.home, port=self.ports["web"], sandbox_port=self.ports["sandbox"]
        )

    async def plant(self) -> None:
        """The demo's people and homes."""
        db = await Database.open(self._url, size=2)
        try:
            await seed(db, self.settings(), SystemClock(), self.home)
        finally:
            await db.close()

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
        await self.until(lambda: self.answers(f"{self.sandbox}/healthz"), "the sandbox")
        await self.until(lambda: self.answers(f"{self.web}/readyz"), "the app")

    async def stop(self, name: str) -> None:
        """End one process."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()

    async def close(self) -> None:
        """End what was started."""
        for name in list(self._running):
            await self.stop(name)
        await self.http.close()

    @property
    def web(self) -> str:
        """The app's address."""
        return f"http://127.0.0.1:{self.ports['web']}"

    @property
    def sandbox(self) -> str:
        """The sandbox's address."""
        return f"http://127.0.0.1:{self.ports['sandbox']}"

    async def answers(self, url: str) -> bool:
        """Whether an address answers 200."""
        try:
            async with self.http.get(url) as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False

    async def until(self, true: Callable[[], Awaitable[Any]], what: str, patience_s: float = PATIENCE_S) -> Any:
        """Wait for something, and return it; AssertionError with the logs when it does not come."""
        for _ in range(int(patience_s / 0.1)):
            if found := await true():
                return found
            await asyncio.sleep(0.1)
        logs = "\n".join(f"--- {file.name}\n{file.read_text()[-2000:]}" for file in self.home.glob("*.log"))
        raise AssertionError(f"{what} never came\n{logs}")

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """One request to the sandbox's JSON; AssertionError unless it answers 2xx."""
        async with self.http.request(method, self.sandbox + path, json=body) as response:
            text = await response.text()
            assert response.status < 300, f"{method} {path}: {response.status} {text}"
            return await response.json() if text else None


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
        """Choose option after option by a part of its label, as a person would who reads the screen."""
        for label in labels:
            lines = [line.split(" ", 1) for line in self.screen.splitlines()]
            number = next((line[0] for line in lines if line[0].isdigit() and label in line[-1]), None)
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

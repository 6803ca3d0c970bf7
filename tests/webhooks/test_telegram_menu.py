"""A worker that starts sets Telegram's menu of commands at the sandbox, and works on while Telegram is in trouble."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import asyncpg
import pytest
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs
from telegram import BotCommandScopeAllPrivateChats

import sandbox.server
import sandbox.settings
from bot.send.telegram import bot_of
from core.kit.settings import Settings
from tests.patience import until
from webhooks.telegram_setup import COMMANDS, Menu, has_bot
from webhooks.worker import work

SCOPE = BotCommandScopeAllPrivateChats()


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[TestClient[aiohttp.web.Request, aiohttp.web.Application]]:
    """The sandbox, listening."""
    app = await sandbox.server.make_app(sandbox.settings.Settings(home=tmp_path, app="http://127.0.0.1:1", secret="x"))
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def settings(outside: TestClient[aiohttp.web.Request, aiohttp.web.Application], database_url: str) -> Settings:
    return Settings(_env_file=None, DATABASE_URL=database_url, sandbox_port=outside.port)


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[None]:
    running = asyncio.create_task(work(settings))
    try:
        yield
        assert not running.done()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def menu(settings: Settings, language: str | None) -> list[str]:
    async with aiohttp.ClientSession() as http:
        shown = await bot_of(settings, http).get_my_commands(scope=SCOPE, language_code=language)
    return [command.command for command in shown]


async def test_a_worker_that_starts_sets_the_menu(settings: Settings) -> None:
    async def shown() -> bool:
        return await menu(settings, "en") == [*COMMANDS["en"]]

    async with working(settings):
        await until(shown)
    assert await menu(settings, None) == [*COMMANDS["fr"]]


async def test_a_telegram_in_trouble_stops_nothing_and_is_told_again(
    settings: Settings,
    outside: TestClient[aiohttp.web.Request, aiohttp.web.Application],
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await outside.put("/faults/f", json={"route": "telegram.api", "kind": "502_html"})
    monkeypatch.setattr("webhooks.worker.MENU_AGAIN_S", 0.05)
    connection = await asyncpg.connect(database_url)

    async def alive() -> bool:
        return bool(await connection.fetchval("SELECT count(*) FROM heartbeat"))

    async def warned() -> bool:
        return "telegram_menu_not_set" in [line["event"] for line in lines]

    async def shown() -> bool:
        return await menu(settings, "en") == [*COMMANDS["en"]]

    with capture_logs() as lines:
        async with working(settings):
            await until(alive)
            await until(warned)
            await outside.delete("/faults/f")
            await until(shown)
    await connection.close()
    told = [line for line in lines if line["event"] == "telegram_menu_not_set"]
    assert {(line["log_level"], line["error"]) for line in told} == {("warning", "NetworkError")}
    assert "demo-telegram" not in str(lines)


async def test_it_is_set_once(
    settings: Settings, outside: TestClient[aiohttp.web.Request, aiohttp.web.Application]
) -> None:
    async with aiohttp.ClientSession() as http:
        bot = bot_of(settings, http)
        own = Menu(settings, bot)
        await outside.put("/faults/f", json={"route": "telegram.api", "kind": "drop_before", "times": 1})
        assert await own.run_once() == 0
        assert await own.run_once() == len(COMMANDS)
        await bot.delete_my_commands(scope=SCOPE)
        assert await own.run_once() == 0
    assert await menu(settings, None) == []


@pytest.mark.parametrize(
    ("changed", "has"),
    [
        ({}, True),
        ({"telegram_url": "https://api.telegram.org"}, False),
        ({"telegram_url": "https://api.telegram.org", "telegram_token": "7700:AAH-of-this-test"}, True),
        ({"telegram_token": "7700:AAH-of-this-test"}, True),
    ],
)
def test_the_token_of_the_demo_is_shown_to_nobody_else(changed: dict[str, str], has: bool) -> None:
    assert has_bot(Settings(_env_file=None, **changed)) is has  # type: ignore[arg-type]


async def test_nobody_else_is_asked_with_it() -> None:
    async with aiohttp.ClientSession() as http:
        foreign = Settings(_env_file=None, telegram_url="http://localhost:1")
        with capture_logs() as lines:
            assert await Menu(foreign, bot_of(foreign, http)).run_once() == 0
    assert lines == []

"""What Telegram is told about the bot, seen from a server that speaks its API."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import TelegramError

from bot.render.words import LANGUAGES
from core.kit.settings import Settings
from flows import ROUTER
from webhooks.telegram_setup import COMMANDS, set_up

TOKEN = "7700:AAH-of-this-test"


class Api:
    """Answers the Bot API's calls and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.knows_the_token = True

    async def call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append((method, form))
        if not self.knows_the_token or request.match_info["token"] != TOKEN:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        bot = {"id": 7700, "is_bot": True, "first_name": "Toit", "username": "ToitBot"}
        return web.json_response({"ok": True, "result": bot if method == "getMe" else True})


@pytest.fixture
async def api() -> AsyncIterator[tuple[Api, Settings]]:
    """The server, and settings that point to it."""
    api = Api()
    app = web.Application()
    app.add_routes([web.post("/bot{token}/{method}", api.call)])
    async with TestServer(app) as server:
        settings = Settings(
            _env_file=None,
            telegram_url=str(server.make_url("")).rstrip("/"),
            telegram_token=TOKEN,
            telegram_secret="s3cret_of-this-test",
            public_url="https://toit.example.org/",
        )
        yield api, settings


async def test_updates_go_to_the_public_address_with_the_secret(api: tuple[Api, Settings]) -> None:
    server, settings = api
    assert await set_up(settings) == "https://toit.example.org/webhooks/telegram"
    form = dict(server.asked)["setWebhook"]
    assert form["url"] == "https://toit.example.org/webhooks/telegram"
    assert form["secret_token"] == "s3cret_of-this-test"
    assert json.loads(form["allowed_updates"]) == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_the_menu_of_commands_is_french_and_english_where_the_app_is(api: tuple[Api, Settings]) -> None:
    server, settings = api
    await set_up(settings)
    menus = [form for method, form in server.asked if method == "setMyCommands"]
    assert [form.get("language_code", "") for form in menus] == ["", "en"]
    assert all(json.loads(form["scope"]) == {"type": "all_private_chats"} for form in menus)
    french, english = (json.loads(form["commands"]) for form in menus)
    assert [one["command"] for one in french] == ["menu", "chercher", "payer", "recus", "aide", "langue", "stop"]
    assert {"command": "pay", "description": "Pay my rent"} in english


async def test_a_wrong_token_is_said(api: tuple[Api, Settings]) -> None:
    server, settings = api
    server.knows_the_token = False
    with pytest.raises(TelegramError):
        await set_up(settings)


def test_every_command_is_a_word_that_the_house_knows() -> None:
    assert set(COMMANDS) == set(LANGUAGES)
    words = {word for menu in COMMANDS.values() for word in menu} - {"stop"}
    assert [word for word in words if ROUTER.word(word) is None] == []

"""What a bot sets up, what a page hears, and what a phone remembers."""

import asyncio

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
)

from tests.patience import PATIENCE_S
from tests.sandbox.side import TENANT, Client, Start, TinyApp, ask, say, until
from tests.sandbox.telegram.side import HOOK, bot_at, keys


async def test_webhook(client: Client, tiny: TinyApp, bot: Bot) -> None:
    assert (await bot.get_webhook_info()).url == f"{tiny.url}{HOOK}"
    await bot.set_webhook(f"{tiny.url}/other", secret_token="s3", allowed_updates=["message"], max_connections=7)
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == (f"{tiny.url}/other", 7, ("message",))
    await say(client, "telegram", text="allo")
    [call] = tiny.to("/other")
    assert call.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3"
    await say(client, "telegram", blocked=True)
    await bot.delete_webhook()
    assert (await say(client, "telegram", text="allo"))["status"] is None
    assert len(tiny.calls) == 1


async def test_webhook_at_the_public_address(start: Start, tiny: TinyApp) -> None:
    client = await start(public="https://toit.example")
    async with bot_at(client) as bot:
        await bot.set_webhook("https://toit.example/webhooks/telegram", secret_token="s3")
    await say(client, "telegram", text="allo")
    assert len(tiny.to(HOOK)) == 1


async def test_menu_of_commands(client: Client, bot: Bot) -> None:
    scope, menu = BotCommandScopeAllPrivateChats(), [BotCommand("payer", "Payer mon loyer")]
    await bot.set_my_commands(menu, scope=scope)
    await bot.set_my_commands([BotCommand("pay", "Pay my rent")], scope=scope, language_code="en")
    assert await bot.get_my_commands(scope=scope) == tuple(menu)
    assert (await bot.get_my_commands(scope=scope, language_code="en"))[0].command == "pay"
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(scope=scope)
    assert await bot.get_my_commands(scope=scope) == ()


async def test_news_of_a_thread(client: Client, bot: Bot, chat: int) -> None:
    sent = await bot.send_message(chat, "Un")
    async with client.get("/events") as stream:
        await stream.content.readuntil(b"\n\n")
        await bot.edit_message_text("Deux", chat, sent.message_id)
        line = await asyncio.wait_for(stream.content.readline(), PATIENCE_S)
    assert b'"kind":"thread"' in line
    assert b'"channel":"telegram"' in line


async def test_a_phone_remembers_so_much(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.handset.KEPT", 3)
    for n in range(5):
        await say(client, "telegram", text=str(n))
    thread = await ask(client, "GET", f"/phones/{TENANT}/thread/telegram")
    assert [message["text"] for message in thread] == ["2", "3", "4"]


async def test_everything_is_remembered(start: Start, tiny: TinyApp) -> None:
    client = await start()
    await say(client, "telegram", text="/start")
    chat = tiny.to(HOOK)[0].json["message"]["chat"]["id"]
    async with bot_at(client) as bot:
        sent = await bot.send_message(chat, "Un", reply_markup=keys("1:1"))
    await client.close()
    client = await start()
    async with bot_at(client) as bot:
        await bot.edit_message_text("Deux", chat, sent.message_id, reply_markup=keys("1:1"))
    await say(client, "telegram", tap="1:1")
    await until(lambda: len(tiny.to(HOOK)) == 2)

"""What a bot does by the real library, and every limit of the Bot API."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter
from yarl import URL

from tests.sandbox.side import TENANT, Client, Start, TinyApp, ask, order, quiet, received, say
from tests.sandbox.telegram.side import HOOK, TOKEN, bot_at, keys


async def test_who_it_is(bot: Bot) -> None:
    assert (bot.id, bot.username) == (384000, "ToitBot")


@pytest.mark.parametrize("token", ["384000:wrong", "1:x"])
async def test_another_token(client: Client, token: str) -> None:
    with pytest.raises(InvalidToken):
        async with bot_at(client, token):
            pass


async def test_unknown_method(client: Client) -> None:
    told = await ask(client, "POST", f"/telegram/bot{TOKEN}/makeCoffee", {}, 404)
    assert told == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}


async def test_json_form_and_query_are_the_same(client: Client, chat: int) -> None:
    path = f"/telegram/bot{TOKEN}/sendMessage"
    said = {"chat_id": chat, "text": "é"}
    for sent in ({"json": said}, {"data": {"chat_id": str(chat), "text": "é"}}, {"params": said}):
        async with client.post(path, **sent) as got:
            assert (await got.json())["result"]["text"] == "é"
    async with client.post(path, data=b"[", headers={"Content-Type": "application/json"}) as got:
        assert (got.status, (await got.json())["ok"]) == (400, False)


async def test_message_with_buttons(client: Client, bot: Bot, chat: int) -> None:
    sent = await bot.send_message(chat, "Où ?", reply_markup=keys("1:1"))
    [message] = await received(client)
    assert sent.reply_markup == keys("1:1")
    assert message["id"] == str(sent.message_id)
    assert (message["channel"], message["from"], message["text"]) == ("telegram", "ToitBot", "Où ?")
    assert message["buttons"] == [{"id": "1:1", "label": "Choix 1:1", "note": ""}]
    assert (message["style"], message["segments"], message["edited"]) == ("buttons", None, False)


async def test_html_is_shown_as_words(client: Client, bot: Bot, chat: int) -> None:
    await bot.send_message(chat, "<b>Loyer</b> &lt; 90 000", parse_mode="HTML")
    assert (await received(client))[0]["text"] == "Loyer < 90 000"


async def test_edited_in_place(client: Client, bot: Bot, chat: int) -> None:
    sent = await bot.send_message(chat, "Un", reply_markup=keys("1:1"))
    first = (await received(client))[0]["at"]
    edited = await bot.edit_message_text("Deux", chat, sent.message_id, reply_markup=keys("2:1"))
    assert not isinstance(edited, bool)
    assert edited.text == "Deux"
    [message] = await received(client)
    assert (message["text"], message["edited"], message["at"]) == ("Deux", True, first)
    assert message["buttons"][0]["id"] == "2:1"
    await bot.edit_message_reply_markup(chat, sent.message_id, reply_markup=None)
    assert (await received(client))[0]["buttons"] == []


async def test_deleted(client: Client, bot: Bot, chat: int) -> None:
    sent = await bot.send_message(chat, "Oups")
    assert await bot.delete_message(chat, sent.message_id)
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []
    with pytest.raises(BadRequest, match="essage to delete not found"):
        await bot.delete_message(chat, sent.message_id)


async def test_files_are_shown_and_held(client: Client, bot: Bot, chat: int) -> None:
    picture = b"\xff\xd8\xff\xe0 a picture"
    await bot.send_photo(chat, "https://img.example/a.jpg", caption="Studio", reply_markup=keys("1:1"))
    sent = await bot.send_photo(chat, picture)
    await bot.send_photo(chat, sent.photo[-1].file_id)
    await bot.send_location(chat, 3.87, 11.52)
    far, near, again, place = await received(client, 4)
    assert (far["photo"], far["text"], far["buttons"][0]["id"]) == ("https://img.example/a.jpg", "Studio", "1:1")
    async with client.get(near["photo"]) as got:
        assert (got.content_type, await got.read()) == ("image/jpeg", picture)
    assert again["photo"] == near["photo"]
    assert place["location"] == {"latitude": 3.87, "longitude": 11.52, "name": ""}


async def test_a_document_is_shown_by_its_name_and_can_be_opened(client: Client, bot: Bot, chat: int) -> None:
    written = await bot.send_document(chat, b"%PDF-1.4", filename="reçu n° 1.pdf", caption="Quittance")
    assert written.document is not None
    assert written.document.file_name == "reçu n° 1.pdf"
    await bot.send_document(chat, written.document.file_id)
    document, again = await received(client, 2)
    assert document["text"] == "Quittance"
    assert document["document"].endswith("/re%C3%A7u%20n%C2%B0%201.pdf"), "a phone shows its name"
    assert again["document"] == document["document"]
    async with client.get(URL(document["document"], encoded=True)) as got:
        assert (got.content_type, await got.read()) == ("application/pdf", b"%PDF-1.4")
        assert "Content-Security-Policy" not in got.headers, "a browser would not show it"


async def test_typing_is_seen(client: Client, bot: Bot, chat: int) -> None:
    assert await bot.send_chat_action(chat, "typing")
    with pytest.raises(BadRequest, match="rong parameter action"):
        await bot.send_chat_action(chat, "dancing")


Doing = Callable[[Bot, int], Awaitable[Any]]
LONG = "x" * 4097
ROW = [[InlineKeyboardButton("a", callback_data="b")] * 9]
MANY = [[InlineKeyboardButton("a", callback_data="b")] for _ in range(101)]
REFUSED: list[tuple[str, Doing]] = [
    ("message text is empty", lambda bot, chat: bot.send_message(chat, "  ")),
    ("message is too long", lambda bot, chat: bot.send_message(chat, LONG)),
    ("message caption is too long", lambda bot, chat: bot.send_photo(chat, "https://a.example/", caption="x" * 1025)),
    ("BUTTON_DATA_INVALID", lambda bot, chat: bot.send_message(chat, "x", reply_markup=keys("é" * 33))),
    (
        "reply markup is too long",
        lambda bot, chat: bot.send_message(chat, "x", reply_markup=InlineKeyboardMarkup(MANY)),
    ),
    ("reply markup is too long", lambda bot, chat: bot.send_message(chat, "x", reply_markup=InlineKeyboardMarkup(ROW))),
    ("chat not found", lambda bot, _: bot.send_message(42, "x")),
    ("wrong file identifier/HTTP URL", lambda bot, chat: bot.send_photo(chat, "12345")),
    ("file must be non-empty", lambda bot, chat: bot.send_document(chat, b"", filename="a.pdf")),
    ("latitude must be a valid number", lambda bot, chat: bot.send_location(chat, 91, 0)),
    ("unsupported parse_mode", lambda bot, chat: bot.send_message(chat, "x", parse_mode="Klingon")),
    ("can't parse entities", lambda bot, chat: bot.send_message(chat, "<b>x", parse_mode="HTML")),
    ("message to edit not found", lambda bot, chat: bot.edit_message_text("x", chat, 4444)),
    ("message can't be edited", lambda bot, chat: bot.edit_message_text("x", chat, 1)),
    ("query is too old and response timeout", lambda bot, _: bot.answer_callback_query("12")),
    ("bad webhook", lambda bot, _: bot.set_webhook("https://elsewhere.example/hook")),
    ("secret token contains unallowed", lambda bot, _: bot.set_webhook("http://127.0.0.1:9/", secret_token="é")),
    ("BOT_COMMAND_INVALID", lambda bot, _: bot.set_my_commands([BotCommand("Menu!", "x")])),
    ("BOT_COMMAND_DESCRIPTION_INVALID", lambda bot, _: bot.set_my_commands([BotCommand("menu", "")])),
]


@pytest.mark.parametrize(("why", "doing"), REFUSED, ids=[f"{n} {why}" for n, (why, _) in enumerate(REFUSED)])
async def test_refused(client: Client, bot: Bot, chat: int, why: str, doing: Doing) -> None:
    with pytest.raises(BadRequest) as refused:
        await doing(bot, chat)
    assert why.lower() in str(refused.value).lower()
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []


@pytest.mark.parametrize(
    "allowed",
    [
        lambda bot, chat: bot.send_message(chat, "x" * 4096),
        lambda bot, chat: bot.send_message(chat, "x", reply_markup=InlineKeyboardMarkup(MANY[:100])),
        lambda bot, chat: bot.send_message(chat, "x", reply_markup=keys("é" * 32)),
    ],
)
async def test_just_allowed(bot: Bot, chat: int, allowed: Doing) -> None:
    assert (await allowed(bot, chat)).message_id


async def test_what_cannot_be_edited(bot: Bot, chat: int) -> None:
    same = await bot.send_message(chat, "Un", reply_markup=keys("1:1"))
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("Un", chat, same.message_id, reply_markup=keys("1:1"))
    own = ReplyKeyboardMarkup([[KeyboardButton("ici", request_location=True)]])
    asked = await bot.send_message(chat, "Où ?", reply_markup=own)
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("Quand ?", chat, asked.message_id)
    picture = await bot.send_photo(chat, "https://img.example/a.jpg")
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await bot.edit_message_text("Quand ?", chat, picture.message_id)
    await bot.edit_message_caption(chat, picture.message_id, caption="Studio")


async def test_an_old_tap(start: Start, tiny: TinyApp) -> None:
    client = await start(time_scale=5000.0)
    await say(client, "telegram", text="/start")
    chat = tiny.to(HOOK)[0].json["message"]["chat"]["id"]
    async with bot_at(client) as bot:
        await bot.send_message(chat, "Où ?", reply_markup=keys("7:1"))
        await say(client, "telegram", tap="7:1")
        query = tiny.to(HOOK)[-1].json["callback_query"]["id"]
        await quiet(0.25)
        with pytest.raises(BadRequest, match="uery is too old"):
            await bot.answer_callback_query(query)


@pytest.fixture
def timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's waiting times as they will be: it warns of whole seconds."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.mark.usefixtures("timedeltas")
async def test_one_message_a_second(bot: Bot, chat: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr("sandbox.telegram.pace.time", SimpleNamespace(monotonic=lambda: now))
    sent = [bot.send_message(chat, str(n)) for n in range(7)]
    results = await asyncio.gather(*sent, return_exceptions=True)
    late = [found for found in results if isinstance(found, RetryAfter)]
    assert len(late) == 2
    assert _seconds(late[0]) == 1


def _seconds(late: RetryAfter) -> float:
    after = late.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


@pytest.mark.usefixtures("timedeltas")
async def test_ordered_429(client: Client, bot: Bot, chat: int) -> None:
    await order(client, "telegram.send", "429", seconds=17, times=1)
    with pytest.raises(RetryAfter) as late:
        await bot.send_message(chat, "x")
    assert _seconds(late.value) == 17
    await bot.send_message(chat, "x")


async def test_ordered_502_is_a_page(client: Client, bot: Bot, chat: int) -> None:
    await order(client, "telegram.send", "502_html", times=1)
    with pytest.raises(NetworkError):
        await bot.send_message(chat, "x")
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []


async def test_lost_after_the_effect(client: Client, bot: Bot, chat: int) -> None:
    await order(client, "telegram.send", "drop_after", times=1)
    with pytest.raises(NetworkError):
        await bot.send_message(chat, "x")
    assert len(await received(client)) == 1

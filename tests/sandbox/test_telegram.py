"""Telegram: the real library as the client, every limit of the Bot API, updates as a bot is told them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from tests.sandbox.side import TENANT, Call, Client, Start, TinyApp, ask, base_of, order, quiet, received, say, until

TOKEN = "384000:demo-telegram-bot-token"
HOOK = "/webhooks/telegram"


def bot_at(client: Client, token: str = TOKEN) -> Bot:
    """The library, unmodified, at the sandbox."""
    base = f"{base_of(client)}/telegram"
    return Bot(token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot")


@pytest.fixture
async def bot(client: Client) -> AsyncIterator[Bot]:
    async with bot_at(client) as found:
        yield found


@pytest.fixture
async def chat(client: Client, tiny: TinyApp) -> int:
    """A chat that its owner has opened."""
    await say(client, "telegram", text="/start")
    return int(tiny.to(HOOK)[0].json["message"]["chat"]["id"])


def update_of(call: Call) -> Update:
    """An update as the library reads it."""
    return Update.de_json(call.json, None)


def keys(*data: str) -> InlineKeyboardMarkup:
    """One button below the other."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"Choix {one}", callback_data=one)] for one in data])


# What people do


async def test_first_words_need_no_set_up(client: Client, tiny: TinyApp) -> None:
    told = await say(client, "telegram", text="/start A4821")
    [call] = tiny.to(HOOK)
    assert call.headers["X-Telegram-Bot-Api-Secret-Token"] == "demo-telegram-secret"
    update = update_of(call)
    assert told == {"id": str(update.update_id), "status": 200}
    assert update.message is not None
    assert update.message.text == "/start A4821"
    assert update.message.entities[0].type == "bot_command"
    assert update.message.chat.type == "private"
    assert update.message.from_user is not None
    assert update.message.from_user.id == update.message.chat.id
    assert str(TENANT) not in str(update.message.chat.id)


async def test_the_chat_of_a_phone_stays_the_same(start: Start, tiny: TinyApp) -> None:
    for _ in range(2):
        client = await start()
        await say(client, "telegram", text="salut")
        await client.close()
    first, second = (update_of(call) for call in tiny.to(HOOK))
    assert first.effective_chat == second.effective_chat
    assert second.update_id > first.update_id


async def test_own_contact(client: Client, tiny: TinyApp) -> None:
    await say(client, "telegram", contact=True)
    await say(client, "telegram", contact="+237699000222")
    own, other = (update_of(call).message for call in tiny.to(HOOK))
    assert own is not None
    assert other is not None
    assert own.contact is not None
    assert other.contact is not None
    assert (own.contact.phone_number, own.contact.user_id) == (TENANT, own.chat.id)
    assert (other.contact.phone_number, other.contact.user_id) == ("237699000222", None)


async def test_location_and_venue(client: Client, tiny: TinyApp) -> None:
    await say(client, "telegram", location={"latitude": 3.87, "longitude": 11.52, "name": "Bastos"})
    message = update_of(tiny.to(HOOK)[0]).message
    assert message is not None
    assert message.location is not None
    assert message.venue is not None
    assert (message.location.latitude, message.venue.title) == (3.87, "Bastos")


@pytest.mark.parametrize("kind", ["photo", "voice", "document", "video"])
async def test_media_can_be_fetched(client: Client, tiny: TinyApp, bot: Bot, kind: str) -> None:
    await say(client, "telegram", media=kind)
    message = update_of(tiny.to(HOOK)[0]).message
    assert message is not None
    held = message.photo[-1] if kind == "photo" else getattr(message, kind)
    file = await bot.get_file(held.file_id)
    assert len(await file.download_as_bytearray()) == file.file_size == held.file_size
    with pytest.raises(BadRequest, match="nvalid file_id"):
        await bot.get_file("404")


async def test_a_tap_names_its_message(client: Client, tiny: TinyApp, bot: Bot, chat: int) -> None:
    shown = await bot.send_message(chat, "Où ?", reply_markup=keys("7:1", "7:2"))
    told = await say(client, "telegram", tap="Choix 7:2")
    query = update_of(tiny.to(HOOK)[-1]).callback_query
    assert told["status"] == 200
    assert query is not None
    assert query.message is not None
    assert (query.data, query.message.message_id) == ("7:2", shown.message_id)
    assert await bot.answer_callback_query(query.id)
    thread = await ask(client, "GET", f"/phones/{TENANT}/thread/telegram")
    assert [message["mine"] for message in thread] == [True, False]


async def test_an_older_message_can_be_tapped(client: Client, tiny: TinyApp, bot: Bot, chat: int) -> None:
    old = await bot.send_message(chat, "Où ?", reply_markup=keys("7:1"))
    await bot.send_message(chat, "Quand ?", reply_markup=keys("8:1"))
    await say(client, "telegram", tap="7:1")
    await say(client, "telegram", tap="7:1", message=str(old.message_id))
    await say(client, "telegram", tap="8:1", message=old.message_id, status=409)
    await say(client, "telegram", tap="nichts", status=409)
    assert len(tiny.to(HOOK)) == 3


async def test_a_key_of_the_phone_is_typed(client: Client, tiny: TinyApp, bot: Bot, chat: int) -> None:
    row = [KeyboardButton("Mon numéro", request_contact=True), KeyboardButton("Plus tard")]
    await bot.send_message(chat, "Qui êtes-vous ?", reply_markup=ReplyKeyboardMarkup([row]))
    [message] = await received(client)
    assert (message["style"], message["asks"]) == ("keyboard", "contact")
    await say(client, "telegram", tap="Plus tard")
    said = update_of(tiny.to(HOOK)[-1]).message
    assert said is not None
    assert said.text == "Plus tard"


async def test_the_same_again(client: Client, tiny: TinyApp) -> None:
    await say(client, "telegram", text="payer")
    await say(client, "telegram", again=True)
    first, second = tiny.to(HOOK)
    assert (first.body, first.headers["X-Telegram-Bot-Api-Secret-Token"]) == (
        second.body,
        second.headers["X-Telegram-Bot-Api-Secret-Token"],
    )


async def test_resent_under_new_numbers(client: Client, tiny: TinyApp, bot: Bot, chat: int) -> None:
    await bot.send_message(chat, "Payer ?", reply_markup=keys("9:1"))
    await order(client, "telegram.updates", "resent", count=3)
    await say(client, "telegram", tap="9:1")
    updates = [update_of(call) for call in await tiny.wait(HOOK, 4)][1:]
    queries = [update.callback_query for update in updates]
    assert len({update.update_id for update in updates}) == 3
    assert len({query.id for query in queries if query}) == 1


@pytest.mark.parametrize(("kind", "at_once", "in_all"), [("never", 0, 0), ("duplicate", 1, 2), ("late", 0, 1)])
async def test_updates_go_astray(client: Client, tiny: TinyApp, kind: str, at_once: int, in_all: int) -> None:
    await order(client, "telegram.updates", kind, seconds=15)
    await say(client, "telegram", text="allo")
    assert len(tiny.to(HOOK)) == at_once
    await tiny.wait(HOOK, in_all)
    assert len({call.body for call in tiny.to(HOOK)}) == min(in_all, 1)


async def test_updates_in_the_wrong_order(client: Client, tiny: TinyApp) -> None:
    await order(client, "telegram.updates", "reordered", times=1)
    await say(client, "telegram", text="un")
    await say(client, "telegram", text="deux")
    texts = [call.json["message"]["text"] for call in await tiny.wait(HOOK, 2)]
    assert texts == ["deux", "un"]


async def test_a_held_update_goes_by_itself_in_the_end(client: Client, tiny: TinyApp) -> None:
    await order(client, "telegram.updates", "reordered", seconds=2)
    await say(client, "telegram", text="un")
    assert len(await tiny.wait(HOOK)) == 1


async def test_updates_are_brought_until_the_app_accepts(client: Client, tiny: TinyApp) -> None:
    tiny.status = [500, 404]
    told = await say(client, "telegram", text="allo")
    assert told["status"] == 500
    calls = await tiny.wait(HOOK, 3)
    await quiet()
    assert len({call.body for call in calls}) == 1
    assert len(tiny.to(HOOK)) == 3


async def test_without_a_network_nothing_goes(client: Client, tiny: TinyApp, bot: Bot, chat: int) -> None:
    await ask(client, "POST", f"/phones/{TENANT}/network", {"on": False})
    await say(client, "telegram", text="allo", status=409)
    await bot.send_message(chat, "Plus tard")
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []
    await ask(client, "POST", f"/phones/{TENANT}/network", {"on": True})
    assert [message["text"] for message in await received(client)] == ["Plus tard"]


async def test_a_blocked_bot(client: Client, tiny: TinyApp, bot: Bot, chat: int) -> None:
    told = await say(client, "telegram", blocked=True)
    change = update_of(tiny.to(HOOK)[-1]).my_chat_member
    assert told["status"] == 200
    assert change is not None
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat, "Coucou")
    await say(client, "telegram", blocked=False)
    await bot.send_message(chat, "Coucou")


# What a bot does


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
    await bot.send_document(chat, b"%PDF-1.4", filename="recu.pdf", caption="Quittance")
    await bot.send_location(chat, 3.87, 11.52)
    far, near, again, document, place = await received(client, 5)
    assert (far["photo"], far["text"], far["buttons"][0]["id"]) == ("https://img.example/a.jpg", "Studio", "1:1")
    async with client.get(near["photo"]) as got:
        assert (got.content_type, await got.read()) == ("image/jpeg", picture)
    assert again["photo"] == near["photo"]
    assert document["text"] == "Quittance"
    async with client.get(document["document"]) as got:
        assert await got.read() == b"%PDF-1.4"
    assert place["location"] == {"latitude": 3.87, "longitude": 11.52, "name": ""}


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
async def test_one_message_a_second(bot: Bot, chat: int) -> None:
    sent = [bot.send_message(chat, str(n)) for n in range(7)]
    results = await asyncio.gather(*sent, return_exceptions=True)
    late = [found for found in results if isinstance(found, RetryAfter)]
    assert 1 <= len(late) <= 2
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


# What a bot sets up


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
        line = await asyncio.wait_for(stream.content.readline(), 3)
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

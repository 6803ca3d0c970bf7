"""What people do in a chat, as a bot is told it and as the real library reads it."""

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, Forbidden

from tests.patience import NEVER_S
from tests.sandbox.side import ASTRAY, TENANT, Client, Start, TinyApp, ask, order, quiet, received, say
from tests.sandbox.telegram.side import HOOK, keys, update_of


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


async def test_a_label_is_tapped_as_it_looks(client: Client, tiny: TinyApp, bot: Bot, chat: int) -> None:
    button = InlineKeyboardButton("Tout (85\u202f000\u00a0FCFA)", callback_data="7:1")
    await bot.send_message(chat, "Combien ?", reply_markup=InlineKeyboardMarkup([[button]]))
    await say(client, "telegram", tap="tout (85 000 FCFA)")
    query = update_of(tiny.to(HOOK)[-1]).callback_query
    assert query is not None
    assert query.data == "7:1"
    await say(client, "telegram", tap="Tout (85000 FCFA)", status=409)


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


async def test_a_keyboard_is_taken_away_by_a_message_that_no_other_can_replace(
    client: Client, tiny: TinyApp, bot: Bot, chat: int
) -> None:
    gone = await bot.send_message(chat, "C'est noté.", reply_markup=ReplyKeyboardRemove())
    [message] = await received(client)
    assert message["clears"]
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("Quoi ?", chat_id=chat, message_id=gone.message_id)


async def test_a_key_that_shares_has_a_name(client: Client, tiny: TinyApp, bot: Bot, chat: int) -> None:
    nameless = ReplyKeyboardMarkup([[KeyboardButton("", request_location=True)]])
    with pytest.raises(BadRequest, match="must be of type string"):
        await bot.send_message(chat, "Où ?", reply_markup=nameless)


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


@pytest.mark.parametrize(("kind", "seconds", "count"), ASTRAY)
async def test_updates_go_astray(client: Client, tiny: TinyApp, kind: str, seconds: float, count: int) -> None:
    await order(client, "telegram.updates", kind, seconds=seconds)
    await say(client, "telegram", text="allo")
    assert len({call.body for call in await tiny.arrived(HOOK, count)}) == min(count, 1)


async def test_updates_in_the_wrong_order(client: Client, tiny: TinyApp) -> None:
    await order(client, "telegram.updates", "reordered", times=1, seconds=NEVER_S)
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

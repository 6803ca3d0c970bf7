"""Whatever stands in a field, the providers refuse or take it; they never stumble."""

import json
from typing import Any

import pytest
from aiohttp import encode_basic_auth

from tests.sandbox.side import TENANT, Client, TinyApp, ask, say

ODD: list[Any] = ["\x00", "\ud800", 10**30, -1, 1.5, 1e308, None, True, [], {}, [[[]]], {"a": []}, "9" * 5000, "٣", "é"]
BOT = "/telegram/bot384000:demo-telegram-bot-token"
ACCOUNT = f"AC{384:032}"
HEADERS = {
    "/meta": {"Authorization": "Bearer demo-meta-access"},
    "/twil": {"Authorization": encode_basic_auth(ACCOUNT, "demo-twilio-token")},
}


async def offer(client: Client, path: str, body: object) -> None:
    """Send JSON that a careful client would not."""
    headers = {"Content-Type": "application/json", **HEADERS.get(path[:5], {})}
    async with client.post(path, data=json.dumps(body).encode(), headers=headers) as got:
        assert got.status < 500, (path, body, await got.text())


def button(odd: Any) -> dict[str, Any]:
    """A message with one button."""
    action = {"buttons": [{"reply": {"id": odd, "title": odd}}]}
    return {"type": "interactive", "interactive": {"type": "button", "body": {"text": odd}, "action": action}}


def shapes(odd: Any) -> list[dict[str, Any]]:
    """Messages of the Cloud API with something odd in them."""
    named = {"name": "x", "language": {"code": "fr"}}
    good = button("x")["interactive"]
    return [
        {"type": odd},
        {"to": odd, "type": "text", "text": {"body": "x"}},
        {"type": "text", "text": odd},
        {"type": "text", "text": {"body": odd}, "biz_opaque_callback_data": odd},
        {"type": "image", "image": {"link": odd, "id": odd, "caption": odd}},
        {"type": "location", "location": {"latitude": odd, "longitude": odd, "name": odd}},
        {"type": "template", "template": {**named, "components": odd}},
        {"type": "template", "template": {**named, "components": [{"type": "body", "parameters": [{"text": odd}]}]}},
        {"status": odd, "message_id": odd},
        {"type": "interactive", "interactive": {**good, "action": odd}},
        {"type": "interactive", "interactive": {**good, "header": {"type": odd, "text": odd}}},
        {"type": "interactive", "interactive": {**good, "type": "list", "action": {"button": "x", "sections": [odd]}}},
        button(odd),
    ]


@pytest.mark.parametrize("odd", ODD, ids=repr)
async def test_meta(client: Client, odd: Any) -> None:
    await say(client, "whatsapp", text="x")
    for shape in shapes(odd):
        body = {"messaging_product": "whatsapp", "to": TENANT, **shape}
        await offer(client, "/meta/384000000000001/messages", body)
    made = {"name": "x", "language": "fr", "category": "UTILITY", "components": [{"type": "BODY", "text": "x"}]}
    for name in made:
        await offer(client, "/meta/384/message_templates", {**made, name: odd})
    await ask(client, "GET", f"/phones/{TENANT}/thread/whatsapp")


@pytest.mark.parametrize("odd", ODD, ids=repr)
async def test_telegram(client: Client, tiny: TinyApp, odd: Any) -> None:
    await say(client, "telegram", text="x")
    chat = tiny.calls[0].json["message"]["chat"]["id"]
    inline = {"inline_keyboard": [[{"text": "x", "callback_data": odd}]]}
    for markup in (odd, inline, {"inline_keyboard": [odd]}, {"keyboard": [[odd]]}):
        await offer(client, f"{BOT}/sendMessage", {"chat_id": chat, "text": "x", "reply_markup": markup})
    await offer(client, f"{BOT}/sendMessage", {"chat_id": odd, "text": odd})
    await offer(client, f"{BOT}/sendPhoto", {"chat_id": chat, "photo": odd, "caption": odd})
    await offer(client, f"{BOT}/sendLocation", {"chat_id": chat, "latitude": odd, "longitude": odd})
    await offer(client, f"{BOT}/editMessageText", {"chat_id": chat, "message_id": odd, "text": odd})
    await offer(client, f"{BOT}/answerCallbackQuery", {"callback_query_id": odd})
    await offer(client, f"{BOT}/setWebhook", {"url": odd, "allowed_updates": odd, "max_connections": odd})
    await offer(client, f"{BOT}/setMyCommands", {"commands": odd, "scope": odd})
    await offer(client, f"{BOT}/getFile", {"file_id": odd})
    await ask(client, "GET", f"/phones/{TENANT}/thread/telegram")


@pytest.mark.parametrize("odd", ODD, ids=repr)
async def test_twilio(client: Client, odd: Any) -> None:
    await say(client, "whatsapp", text="x", via="twilio")
    contents: list[dict[str, Any]] = [
        {"text": {"body": odd}},
        {"quick-reply": {"body": "x", "actions": odd}},
        {"list-picker": {"body": "x", "button": "x", "items": [odd]}},
        {"card": {"title": "x", "media": odd, "actions": odd}},
        {"location": {"latitude": odd, "longitude": odd, "label": "x"}},
        {"media": {"media": [odd]}},
    ]
    path = f"/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    for content in contents:
        types = {f"twilio/{kind}": given for kind, given in content.items()}
        await offer(client, "/twilio/v1/Content", {"language": "fr", "types": types})
    async with client.get("/twilio/v1/Content", headers=HEADERS["/twil"]) as got:
        made = (await got.json())["contents"]
    for one in made:
        form = {"To": f"whatsapp:+{TENANT}", "From": "whatsapp:+237650003840", "ContentSid": one["sid"]}
        async with client.post(path, data=form, headers=HEADERS["/twil"]) as got:
            assert got.status == 201
    await ask(client, "GET", f"/phones/{TENANT}/thread/whatsapp")


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("channel", ["sms", "whatsapp", "telegram"])
async def test_phones(client: Client, channel: str, odd: Any) -> None:
    place = {"latitude": odd, "longitude": odd, "name": odd}
    for said in ({"text": odd}, {"tap": odd, "message": odd}, {"media": odd}, {"contact": odd}, {"location": place}):
        await offer(client, f"/phones/{TENANT}/{channel}", said)
    await ask(client, "GET", f"/phones/{TENANT}/thread/{channel}")

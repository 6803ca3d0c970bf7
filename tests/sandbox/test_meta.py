"""Meta's Cloud API: limits as published, signed batches, statuses, people without a number."""

import hmac
from hashlib import sha256
from typing import Any

import pytest
from aiohttp import FormData

from tests.sandbox.side import TENANT, Call, Client, Start, TinyApp, ask, order, quiet, received, say

HOOK = "/webhooks/whatsapp"
NUMBER = "384000000000001"
SEND = f"/meta/v21.0/{NUMBER}/messages"
TOKEN = {"Authorization": "Bearer demo-meta-access"}


async def post(client: Client, status: int = 200, path: str = SEND, **message: Any) -> Any:
    """Send one message; of a refusal the error alone."""
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": TENANT, **message}
    async with client.post(path, json=body, headers=TOKEN) as got:
        told = await got.json()
        assert got.status == status, told
        return told["error"] if status >= 400 else told


async def text(client: Client, body: str = "Bonjour", status: int = 200, **more: Any) -> Any:
    """Send words."""
    return await post(client, status, type="text", text={"body": body}, **more)


def buttons(*titles: str, **more: Any) -> dict[str, Any]:
    """A message with buttons."""
    replies = [{"type": "reply", "reply": {"id": f"7:{n}", "title": title}} for n, title in enumerate(titles, 1)]
    shown = {"type": "button", "body": {"text": "On y va ?"}, "action": {"buttons": replies}, **more}
    return {"type": "interactive", "interactive": shown}


def rows(*sections: list[dict[str, str]], button: str = "Choisir", **more: Any) -> dict[str, Any]:
    """A message with a list."""
    listed = [{"title": f"Partie {n}", "rows": section} for n, section in enumerate(sections, 1)]
    action = {"button": button, "sections": listed}
    return {
        "type": "interactive",
        "interactive": {"type": "list", "body": {"text": "Où ?"}, "action": action, **more},
    }


def row(number: int, **changes: str) -> dict[str, str]:
    """One line of a list."""
    return {"id": f"7:{number}", "title": f"Quartier {number}", **changes}


def value_of(call: Call) -> Any:
    """What is inside an envelope that holds one change."""
    assert call.json["object"] == "whatsapp_business_account"
    [entry] = call.json["entry"]
    [change] = entry["changes"]
    assert change["field"] == "messages"
    assert change["value"]["metadata"] == {"display_phone_number": "237650003842", "phone_number_id": NUMBER}
    return change["value"]


def statuses(tiny: TinyApp) -> list[Any]:
    """What became of messages, in the order in which it was told."""
    values = [value_of(call) for call in tiny.to(HOOK)]
    return [status for value in values for status in value.get("statuses", [])]


def heard(tiny: TinyApp) -> Any:
    """The newest message that somebody sent."""
    values = [value_of(call) for call in tiny.to(HOOK)]
    return [message for value in values for message in value.get("messages", [])][-1]


@pytest.fixture
async def opened(client: Client, tiny: TinyApp) -> TinyApp:
    """Somebody has written: anything may be sent to them for a day."""
    await say(client, "whatsapp", text="Bonjour")
    tiny.calls.clear()
    return tiny


# What people say


async def test_words_are_signed(client: Client, tiny: TinyApp) -> None:
    told = await say(client, "whatsapp", text="cherche studio é")
    [call] = tiny.to(HOOK)
    digest = hmac.new(b"demo-meta-secret", call.body, sha256).hexdigest()
    assert call.headers["X-Hub-Signature-256"] == f"sha256={digest}"
    value = value_of(call)
    [message], [contact] = value["messages"], value["contacts"]
    assert told == {"id": message["id"], "status": 200}
    assert (message["from"], message["type"], message["text"]) == (TENANT, "text", {"body": "cherche studio é"})
    assert contact["wa_id"] == TENANT
    assert contact["user_id"] == message["from_user_id"]
    assert message["timestamp"].isdigit()


async def test_somebody_without_a_number(client: Client, opened: TinyApp) -> None:
    await say(client, "whatsapp", text="Bonjour", hidden=True)
    value = value_of(opened.to(HOOK)[0])
    [message], [contact] = value["messages"], value["contacts"]
    assert "from" not in message
    assert "wa_id" not in contact
    assert TENANT not in opened.to(HOOK)[0].body.decode()
    scoped = message["from_user_id"]
    assert scoped.startswith("CM.")
    told = await post(client, to="", recipient=scoped, type="text", text={"body": "Bienvenue"})
    assert told["contacts"] == [{"input": scoped, "user_id": scoped}]
    assert (await received(client, 1, "whatsapp"))[0]["text"] == "Bienvenue"
    await opened.wait(HOOK, 2)
    assert "recipient_id" not in statuses(opened)[0]
    assert statuses(opened)[0]["recipient_user_id"] == scoped
    await say(client, "whatsapp", hidden=False, text="Me revoilà")
    assert heard(opened)["from"] == TENANT


@pytest.mark.parametrize(("kind", "shape"), [("photo", "image"), ("voice", "audio"), ("document", "document")])
async def test_media_can_be_fetched(client: Client, tiny: TinyApp, kind: str, shape: str) -> None:
    await say(client, "whatsapp", media=kind)
    [message] = value_of(tiny.to(HOOK)[0])["messages"]
    held = message[shape]
    assert message["type"] == shape
    async with client.get(f"/meta/v21.0/{held['id']}", headers=TOKEN) as got:
        about = await got.json()
    async with client.get(about["url"].removeprefix(str(client.make_url(""))), headers=TOKEN) as got:
        body = await got.read()
    assert sha256(body).hexdigest() == held["sha256"] == about["sha256"]
    assert (about["file_size"], about["mime_type"]) == (len(body), held["mime_type"])
    for address in (f"/meta/{held['id']}", f"/meta/download/{held['id']}"):
        async with client.get(address) as got:
            assert got.status == 401


async def test_media_elsewhere(client: Client, tiny: TinyApp) -> None:
    await say(client, "whatsapp", media="http://169.254.169.254/latest")
    [message] = value_of(tiny.to(HOOK)[0])["messages"]
    async with client.get(f"/meta/{message['image']['id']}", headers=TOKEN) as got:
        assert (await got.json())["url"] == "http://169.254.169.254/latest"


async def test_location_and_contact(client: Client, tiny: TinyApp) -> None:
    await say(client, "whatsapp", location={"latitude": 3.87, "longitude": 11.52, "name": "Bastos"})
    await say(client, "whatsapp", contact=True)
    place, card = (value_of(call)["messages"][0] for call in tiny.to(HOOK))
    assert place["location"] == {"latitude": 3.87, "longitude": 11.52, "name": "Bastos"}
    assert card["contacts"][0]["phones"] == [{"phone": f"+{TENANT}", "wa_id": TENANT, "type": "CELL"}]
    thread = await ask(client, "GET", f"/phones/{TENANT}/thread/whatsapp")
    assert [message["status"] for message in thread] == ["delivered", "delivered"]


async def test_a_tap_answers_its_message(client: Client, opened: TinyApp) -> None:
    sent = await post(client, **buttons("Oui", "Non"))
    [message] = await received(client)
    assert (message["style"], message["from"], message["segments"]) == ("buttons", "+237650003842", None)
    assert [button["label"] for button in message["buttons"]] == ["Oui", "Non"]
    await say(client, "whatsapp", tap="Non")
    tapped = heard(opened)
    assert tapped["interactive"] == {"type": "button_reply", "button_reply": {"id": "7:2", "title": "Non"}}
    assert tapped["context"] == {"from": "237650003842", "id": sent["messages"][0]["id"]}


async def test_a_line_of_a_list(client: Client, opened: TinyApp) -> None:
    await post(client, **rows([row(1, description="80 000 F"), row(2)]))
    [message] = await received(client)
    assert (message["style"], message["opener"]) == ("list", "Choisir")
    assert message["buttons"][0] == {"id": "7:1", "label": "Quartier 1", "note": "80 000 F"}
    await say(client, "whatsapp", tap="7:1")
    tapped = heard(opened)["interactive"]
    assert tapped["list_reply"] == {"id": "7:1", "title": "Quartier 1", "description": "80 000 F"}


async def test_batch(client: Client, tiny: TinyApp) -> None:
    await order(client, "meta.incoming", "batch", count=3, times=3)
    told = [await say(client, "whatsapp", text=str(n)) for n in range(3)]
    [call] = await tiny.wait(HOOK)
    entries = call.json["entry"]
    assert [len(entry["changes"]) for entry in entries] == [2, 1]
    found = [change["value"]["messages"][0] for entry in entries for change in entry["changes"]]
    assert [message["id"] for message in found] == [one["id"] for one in told]
    assert {one["status"] for one in told} == {None}


async def test_a_batch_does_not_wait_for_ever(client: Client, tiny: TinyApp) -> None:
    await order(client, "meta.incoming", "batch", count=3, seconds=1)
    await say(client, "whatsapp", text="seul")
    assert value_of((await tiny.wait(HOOK))[0])["messages"][0]["text"]["body"] == "seul"


@pytest.mark.parametrize(("kind", "at_once", "in_all"), [("never", 0, 0), ("duplicate", 1, 2), ("late", 0, 1)])
async def test_messages_go_astray(client: Client, tiny: TinyApp, kind: str, at_once: int, in_all: int) -> None:
    await order(client, "meta.incoming", kind, seconds=15)
    await say(client, "whatsapp", text="allo")
    assert len(tiny.to(HOOK)) == at_once
    calls = await tiny.wait(HOOK, in_all)
    assert len({(call.body, call.headers["X-Hub-Signature-256"]) for call in calls}) == min(in_all, 1)


async def test_brought_until_the_app_accepts(client: Client, tiny: TinyApp) -> None:
    tiny.status = [500, 503]
    assert (await say(client, "whatsapp", text="allo"))["status"] == 500
    await tiny.wait(HOOK, 3)
    [mine] = await ask(client, "GET", f"/phones/{TENANT}/thread/whatsapp")
    assert mine["status"] == "failed"


# What the app sends


async def test_the_way_of_a_message(client: Client, opened: TinyApp) -> None:
    told = await text(client, biz_opaque_callback_data="41")
    assert told["contacts"] == [{"input": TENANT, "wa_id": TENANT}]
    await opened.wait(HOOK, 3)
    assert [status["status"] for status in statuses(opened)] == ["sent", "delivered", "read"]
    for status in statuses(opened):
        assert (status["id"], status["recipient_id"]) == (told["messages"][0]["id"], TENANT)
        assert status["biz_opaque_callback_data"] == "41"


async def test_statuses_wait_for_the_network(client: Client, opened: TinyApp) -> None:
    await ask(client, "POST", f"/phones/{TENANT}/network", {"on": False})
    await text(client)
    await quiet()
    assert [status["status"] for status in statuses(opened)] == ["sent"]
    await ask(client, "POST", f"/phones/{TENANT}/network", {"on": True})
    await opened.wait(HOOK, 3)
    assert [status["status"] for status in statuses(opened)] == ["sent", "delivered", "read"]


async def test_statuses_in_the_wrong_order(client: Client, opened: TinyApp) -> None:
    await order(client, "meta.status", "reordered", times=1)
    await text(client)
    await opened.wait(HOOK, 3)
    assert [status["status"] for status in statuses(opened)] == ["delivered", "sent", "read"]


@pytest.mark.parametrize("asked", ["location_request_message", "request_contact_info"])
async def test_asking(client: Client, opened: TinyApp, asked: str) -> None:
    action = {"name": asked}
    await post(client, type="interactive", interactive={"type": asked, "body": {"text": "?"}, "action": action})
    assert (await received(client))[0]["asks"] == ("location" if "location" in asked else "contact")


async def test_pictures_points_and_papers(client: Client, opened: TinyApp) -> None:
    form = {"messaging_product": "whatsapp", "type": "application/pdf", "file": "no file"}
    async with client.post(f"/meta/{NUMBER}/media", data=form, headers=TOKEN) as got:
        assert got.status == 400
    upload = FormData({"messaging_product": "whatsapp", "type": "application/pdf"})
    upload.add_field("file", b"%PDF-1.4", filename="recu.pdf", content_type="application/pdf")
    async with client.post(f"/meta/{NUMBER}/media", data=upload, headers=TOKEN) as got:
        ident = (await got.json())["id"]
    await post(client, type="image", image={"link": "https://img.example/a.jpg", "caption": "Studio"})
    await post(client, type="location", location={"latitude": 3.87, "longitude": 11.52, "name": "Bastos"})
    await post(client, type="document", document={"id": ident, "filename": "recu.pdf"})
    header = {"type": "image", "image": {"link": "https://img.example/b.jpg"}}
    await post(client, **buttons("Oui", header=header, footer={"text": "Toit"}))
    picture, place, paper, card = await received(client, 4)
    assert (picture["photo"], picture["text"]) == ("https://img.example/a.jpg", "Studio")
    assert place["location"]["name"] == "Bastos"
    async with client.get(paper["document"]) as got:
        assert await got.read() == b"%PDF-1.4"
    assert (card["photo"], card["text"]) == ("https://img.example/b.jpg", "On y va ?\nToit")


async def test_reading_and_typing(client: Client, tiny: TinyApp) -> None:
    told = await say(client, "whatsapp", text="Bonjour")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": told["id"]}
    async with client.post(SEND, json={**mark, "typing_indicator": {"type": "text"}}, headers=TOKEN) as got:
        assert await got.json() == {"success": True}
    [mine] = await ask(client, "GET", f"/phones/{TENANT}/thread/whatsapp")
    assert mine["status"] == "read"
    async with client.post(SEND, json={**mark, "message_id": "wamid.x"}, headers=TOKEN) as got:
        assert got.status == 400


ROWS = [row(n) for n in range(1, 12)]
REFUSED: list[tuple[int, dict[str, Any]]] = [
    (100, {"type": "text", "text": {"body": "x" * 4097}}),
    (131009, {"type": "text", "text": {"body": " "}}),
    (131009, {"type": "text", "text": {"body": 7}}),
    (131008, {"type": "text"}),
    (100, {"type": "hologram", "hologram": {}}),
    (100, {"type": {}}),
    (131009, buttons("a", "b", "c", "d")),
    (131009, buttons()),
    (131009, buttons("x" * 21)),
    (131009, buttons("")),
    (131009, buttons("a", body={"text": "x" * 1025})),
    (131009, buttons("a", footer={"text": "x" * 61})),
    (131009, buttons("a", header={"type": "text", "text": "x" * 61})),
    (131009, rows(ROWS)),
    (131009, rows(ROWS[:6], ROWS[6:])),
    (131009, rows([row(1, title="x" * 25)])),
    (131009, rows([row(1, description="x" * 73)])),
    (131009, rows([row(1, id="x" * 201)])),
    (131009, rows([row(1), row(1)])),
    (131009, rows([row(1)], button="x" * 21)),
    (131009, rows([row(1)], header={"type": "image", "image": {"link": "https://img.example/a.jpg"}})),
    (131009, {"type": "interactive", "interactive": {"type": "dance", "body": {"text": "x"}, "action": {}}}),
    (131009, {"type": "image", "image": {"link": "https://img.example/a.jpg", "caption": "x" * 1025}}),
    (131009, {"type": "image", "image": {"link": "ftp://img.example/a.jpg"}}),
    (131009, {"type": "document", "document": {"id": "404"}}),
    (131009, {"type": "location", "location": {"latitude": "north"}}),
    (131009, {"type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513}),
    (131009, {"type": "text", "text": {"body": "x"}, "to": "nobody"}),
    (100, {"type": "text", "text": {"body": "x"}, "to": ""}),
    (100, {"type": "text", "text": {"body": "x"}, "messaging_product": "signal"}),
]


@pytest.mark.parametrize(("code", "message"), REFUSED)
async def test_refused(client: Client, opened: TinyApp, code: int, message: dict[str, Any]) -> None:
    error = await post(client, 400, **message)
    assert (error["code"], error["type"]) == (code, "OAuthException")
    assert error["message"].startswith(f"(#{code}) ")
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert error["error_data"]["details"]
    await quiet(0.02)
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []


@pytest.mark.parametrize(
    "message",
    [
        {"type": "text", "text": {"body": "x" * 4096}},
        buttons("x" * 20, "b", "c", body={"text": "x" * 1024}),
        rows([row(n, title="x" * 24, description="x" * 72) for n in range(1, 11)], button="x" * 20),
        rows([row(1, id="x" * 200)]),
        {"type": "image", "image": {"link": "https://img.example/a.jpg", "caption": "x" * 1024}},
    ],
)
async def test_just_allowed(client: Client, opened: TinyApp, message: dict[str, Any]) -> None:
    await post(client, **message)
    await received(client)


async def test_only_with_the_token(client: Client) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        async with client.post(SEND, json={}, headers=headers) as got:
            assert (got.status, (await got.json())["error"]["code"]) == (401, 190)


async def test_only_our_number(client: Client, opened: TinyApp) -> None:
    assert (await text(client, status=400, path="/meta/v21.0/1/messages"))["code"] == 100
    await text(client, path=f"/meta/{NUMBER}/messages")


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b"\xff"])
async def test_no_json(client: Client, body: bytes) -> None:
    async with client.post(SEND, data=body, headers=TOKEN) as got:
        assert (got.status, (await got.json())["error"]["code"]) == (400, 100)


# The window, templates and mishaps


async def test_outside_the_window(client: Client, tiny: TinyApp) -> None:
    await text(client)
    await tiny.wait(HOOK)
    [status] = statuses(tiny)
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131047)
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []


async def test_the_window_of_the_other_provider(client: Client, tiny: TinyApp) -> None:
    await say(client, "whatsapp", text="Bonjour", via="twilio")
    await text(client)
    await tiny.wait(HOOK)
    assert statuses(tiny)[0]["errors"][0]["code"] == 131047


def template(name: str = "loyer_du", language: str = "fr", *values: str) -> dict[str, Any]:
    """A message by a template."""
    parameters = [{"type": "text", "text": value} for value in values]
    payload = {"type": "button", "sub_type": "quick_reply", "index": "0"}
    components = [
        {"type": "body", "parameters": parameters},
        {**payload, "parameters": [{"type": "payload", "payload": "9:1"}]},
    ]
    shown = {"name": name, "language": {"code": language}, "components": components}
    return {"type": "template", "template": shown}


MADE = {
    "name": "loyer_du",
    "language": "fr",
    "category": "UTILITY",
    "components": [
        {"type": "BODY", "text": "Loyer de {{1}} : {{2}}."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Payer"}]},
    ],
}
TEMPLATES = "/meta/v21.0/384000000000009/message_templates"


async def test_templates(client: Client, tiny: TinyApp) -> None:
    async with client.post(TEMPLATES, json=MADE, headers=TOKEN) as got:
        assert (await got.json())["status"] == "APPROVED"
    async with client.get(TEMPLATES, headers=TOKEN) as got:
        assert [one["name"] for one in (await got.json())["data"]] == ["loyer_du"]
    told = await post(client, **template("loyer_du", "fr", "mai", "80 000 F"))
    assert told["messages"][0]["message_status"] == "accepted"
    [message] = await received(client)
    assert (message["text"], message["buttons"]) == (
        "Loyer de mai : 80 000 F.",
        [{"id": "9:1", "label": "Payer", "note": ""}],
    )
    await say(client, "whatsapp", tap="Payer")
    tapped = heard(tiny)
    assert (tapped["type"], tapped["button"]) == ("button", {"payload": "9:1", "text": "Payer"})
    assert (await post(client, 400, **template("loyer_du", "fr", "mai")))["code"] == 132000
    assert (await post(client, 400, **template("loyer_du", "fr", "mai", "a\nb")))["code"] == 131009
    assert (await post(client, 404, **template("loyer_du", "en", "May", "1")))["code"] == 132001


async def test_an_account_that_made_no_templates_has_any(client: Client, tiny: TinyApp) -> None:
    await post(client, **template("quittance", "fr", "P88213"))
    assert (await received(client))[0]["text"] == "quittance · P88213"


@pytest.mark.parametrize("change", [{"name": "Loyer"}, {"category": "FUN"}, {"components": [{"type": "HEADER"}]}])
async def test_bad_templates(client: Client, change: dict[str, Any]) -> None:
    async with client.post(TEMPLATES, json={**MADE, **change}, headers=TOKEN) as got:
        assert got.status == 400


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [("window", {}, 131047), ("accepted_failed", {}, 131026), ("accepted_failed", {"code": "131049"}, 131049)],
)
async def test_accepted_and_failed(client: Client, opened: TinyApp, kind: str, more: dict[str, str], code: int) -> None:
    await order(client, "meta.messages", kind, times=1, **more)
    await text(client)
    await opened.wait(HOOK)
    [status] = statuses(opened)
    assert (status["status"], status["errors"][0]["code"]) == ("failed", code)
    await text(client)
    await received(client)


@pytest.mark.parametrize(("kind", "code"), [("429", 130429), ("401", 190), ("500", 131000), ("503", 131016)])
async def test_refusals_to_order(client: Client, opened: TinyApp, kind: str, code: int) -> None:
    await order(client, "meta.messages", kind)
    assert (await text(client, status=int(kind)))["code"] == code


async def test_nobody_behind_an_id(client: Client, tiny: TinyApp) -> None:
    await post(client, to="CM.404", type="text", text={"body": "x"})
    await tiny.wait(HOOK)
    assert statuses(tiny)[0]["errors"][0]["code"] == 131026


async def test_another_app_secret(start: Start, tiny: TinyApp) -> None:
    client = await start(meta_app_secret="other")
    await say(client, "whatsapp", text="allo")
    [call] = tiny.to(HOOK)
    assert call.headers["X-Hub-Signature-256"] == f"sha256={hmac.new(b'other', call.body, sha256).hexdigest()}"

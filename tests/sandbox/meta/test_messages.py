"""What the app sends through the Cloud API: its limits, and the way to the phone."""

from typing import Any

import pytest
from aiohttp import FormData

from tests.patience import NEVER_S
from tests.sandbox.meta.side import HOOK, NUMBER, SEND, TOKEN, buttons, post, row, rows, statuses, text
from tests.sandbox.side import TENANT, Client, TinyApp, ask, order, quiet, received, say


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
    await opened.wait(HOOK)
    await quiet()
    assert [status["status"] for status in statuses(opened)] == ["sent"]
    await ask(client, "POST", f"/phones/{TENANT}/network", {"on": True})
    await opened.wait(HOOK, 3)
    assert [status["status"] for status in statuses(opened)] == ["sent", "delivered", "read"]


async def test_statuses_in_the_wrong_order(client: Client, opened: TinyApp) -> None:
    await order(client, "meta.status", "reordered", times=1, seconds=NEVER_S)
    await text(client)
    await opened.wait(HOOK, 3)
    assert [status["status"] for status in statuses(opened)] == ["delivered", "sent", "read"]


@pytest.mark.parametrize(
    ("asked", "name"), [("location_request_message", "send_location"), ("request_contact_info", "request_contact_info")]
)
async def test_asking(client: Client, opened: TinyApp, asked: str, name: str) -> None:
    action = {"name": name}
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


_ASKED = {"type": "location_request_message", "body": {"text": "Où ?"}}
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
    (131009, {"type": "interactive", "interactive": {**_ASKED, "action": {"name": "location"}}}),
    (131008, {"type": "interactive", "interactive": _ASKED}),
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

"""What people say, as Meta signs and batches it."""

import hmac
from hashlib import sha256

import pytest

from tests.patience import NEVER_S
from tests.sandbox.meta.side import HOOK, TOKEN, buttons, heard, post, row, rows, statuses, value_of
from tests.sandbox.side import ASTRAY, TENANT, Client, TinyApp, ask, order, received, say


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
    await order(client, "meta.incoming", "batch", count=3, times=3, seconds=NEVER_S)
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


@pytest.mark.parametrize(("kind", "seconds", "count"), ASTRAY)
async def test_messages_go_astray(client: Client, tiny: TinyApp, kind: str, seconds: float, count: int) -> None:
    await order(client, "meta.incoming", kind, seconds=seconds)
    await say(client, "whatsapp", text="allo")
    calls = await tiny.arrived(HOOK, count)
    assert len({(call.body, call.headers["X-Hub-Signature-256"]) for call in calls}) == min(count, 1)


async def test_brought_until_the_app_accepts(client: Client, tiny: TinyApp) -> None:
    tiny.status = [500, 503]
    assert (await say(client, "whatsapp", text="allo"))["status"] == 500
    await tiny.wait(HOOK, 3)
    [mine] = await ask(client, "GET", f"/phones/{TENANT}/thread/whatsapp")
    assert mine["status"] == "failed"

"""The window of a day, templates, and mishaps to order."""

import hmac
from hashlib import sha256
from typing import Any

import pytest

from tests.sandbox.meta.side import HOOK, TOKEN, heard, post, statuses, text
from tests.sandbox.side import TENANT, Client, Start, TinyApp, ask, order, received, say


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

"""The Cloud API as a client sees it, and the shapes tests need."""

from typing import Any

from tests.sandbox.side import TENANT, Call, Client, TinyApp

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

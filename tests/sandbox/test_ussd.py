"""The USSD gateway: what the app gets, what the phone shows, how sessions end."""

import re

from tests.sandbox.side import TENANT, Client, TinyApp, ask

PHONE = f"/phones/{TENANT}"
USSD = "/webhooks/ussd/africastalking/s3cret"
BROKEN = "Erreur de connexion ou code MMI non valide."


async def test_text_is_cumulated(client: Client, tiny: TinyApp) -> None:
    shown = await ask(client, "POST", f"{PHONE}/dial", {"code": "*384#"})
    assert shown == {"session": shown["session"], "text": "text=", "open": True, "septets": 5}
    assert re.fullmatch(r"ATUid_[0-9a-f]{32}", shown["session"])
    await ask(client, "POST", f"{PHONE}/answer", {"text": "1"})
    last = await ask(client, "POST", f"{PHONE}/answer", {"text": "a*b"})
    assert last["text"] == "text=1*a*b"
    assert tiny.calls[0].form == {
        "sessionId": shown["session"],
        "phoneNumber": f"+{TENANT}",
        "networkCode": "62401",
        "serviceCode": "*384#",
        "text": "",
    }

"""What people say, as Twilio's own validator judges it."""

import json
from typing import Any

import pytest

from tests.sandbox.side import ASTRAY, TENANT, Client, Start, TinyApp, order, quiet, received, say
from tests.sandbox.twilio.side import ACCOUNT, AUTH, HOOK, SMS, TO, WHATSAPP, sent, signed

pytestmark = [  # the package's own
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]


async def test_whatsapp_is_signed(client: Client, tiny: TinyApp) -> None:
    told = await say(client, "whatsapp", text="loyer é & Cie", via="twilio")
    [call] = tiny.to(HOOK)
    form = call.form
    assert signed(tiny, call)
    assert not signed(tiny, call, token="other")
    assert told == {"id": form["MessageSid"], "status": 200}
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"]
    assert (form["From"], form["To"], form["WaId"]) == (TO, WHATSAPP, TENANT)
    assert (form["Body"], form["NumMedia"], form["MessageType"]) == ("loyer é & Cie", "0", "text")
    assert form["AccountSid"] == ACCOUNT
    assert json.loads(form["ChannelMetadata"])["type"] == "whatsapp"


async def test_sms_is_signed(client: Client, tiny: TinyApp) -> None:
    await say(client, "sms", text="ê" * 71, via="twilio")
    [call] = tiny.to(HOOK)
    assert signed(tiny, call)
    assert (call.form["From"], call.form["To"], call.form["NumSegments"]) == (f"+{TENANT}", SMS, "2")
    assert "WaId" not in call.form


async def test_signed_over_the_public_address(start: Start, tiny: TinyApp) -> None:
    client = await start(public="https://toit.example", twilio_token="other")
    await say(client, "whatsapp", text="allo", via="twilio")
    [call] = tiny.to(HOOK)
    assert signed(tiny, call, "other", "https://toit.example")
    assert not signed(tiny, call, "other")


async def test_somebody_without_a_number(client: Client, tiny: TinyApp, twilio: Any) -> None:
    await say(client, "whatsapp", text="Bonjour", via="twilio", hidden=True)
    [call] = tiny.to(HOOK)
    assert TENANT not in call.body.decode()
    assert call.form["From"] == call.form["ExternalUserId"]
    assert call.form["From"].startswith("whatsapp:CM.")
    await sent(twilio, to=call.form["From"])
    assert (await received(client))[0]["text"] == "Bonjour"


@pytest.mark.parametrize(("kind", "mime"), [("photo", "image/jpeg"), ("voice", "audio/ogg")])
async def test_media_can_be_fetched(client: Client, tiny: TinyApp, kind: str, mime: str) -> None:
    await say(client, "whatsapp", media=kind, via="twilio")
    form = tiny.to(HOOK)[0].form
    assert (form["NumMedia"], form["MediaContentType0"], form["MessageSid"][:2]) == ("1", mime, "MM")
    path = "/twilio" + form["MediaUrl0"].partition("/twilio")[2]
    async with client.get(path, headers=AUTH) as got:
        assert (got.status, got.content_type) == (200, mime)
    async with client.get(path) as got:
        assert got.status == 401
    async with client.get(f"{path[:-32]}{1:032}", headers=AUTH) as got:
        assert got.status == 404


async def test_location_and_media_elsewhere(client: Client, tiny: TinyApp) -> None:
    place = {"latitude": 3.87, "longitude": 11.52, "name": "Bastos"}
    await say(client, "whatsapp", location=place, via="twilio")
    await say(client, "sms", media="http://10.0.0.1/a.jpg", via="twilio")
    spot, picture = (call.form for call in tiny.to(HOOK))
    assert (spot["Latitude"], spot["Longitude"], spot["Label"], spot["Body"]) == ("3.87", "11.52", "Bastos", "")
    assert picture["MediaUrl0"] == "http://10.0.0.1/a.jpg"


async def test_only_a_lost_connection_is_tried_again(client: Client, tiny: TinyApp) -> None:
    tiny.status = [500, 500]
    told = await say(client, "whatsapp", text="allo", via="twilio")
    await quiet(0.1)
    assert (told["status"], len(tiny.to(HOOK))) == (500, 1)


@pytest.mark.parametrize(("kind", "seconds", "count"), ASTRAY)
async def test_messages_go_astray(client: Client, tiny: TinyApp, kind: str, seconds: float, count: int) -> None:
    await order(client, "twilio.incoming", kind, seconds=seconds)
    await say(client, "sms", text="allo", via="twilio")
    calls = await tiny.arrived(HOOK, count)
    assert len({call.headers["X-Twilio-Signature"] for call in calls}) == min(count, 1)

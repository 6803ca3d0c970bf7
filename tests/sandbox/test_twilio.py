"""Twilio: the real package as the client, its own validator on what is posted, limits by the error dictionary."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientError, encode_basic_auth
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client as Package

from tests.sandbox.side import TENANT, Call, Client, Start, TinyApp, ask, base_of, order, quiet, received, say

HOOK, STATUS = "/webhooks/twilio", "/webhooks/twilio/status"
ACCOUNT = f"AC{384:032}"
WHATSAPP, SMS = "whatsapp:+237650003840", "+237650003841"
TO = f"whatsapp:+{TENANT}"
TOKEN = "demo-twilio-token"
AUTH = {"Authorization": encode_basic_auth(ACCOUNT, TOKEN)}
pytestmark = [  # the package's own
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]


def package(client: Client, token: str = TOKEN, http: Any = None) -> Any:
    """The vendor's package, unmodified, at the sandbox."""
    found = Package(ACCOUNT, token, http_client=http)
    found.api.base_url = found.content.base_url = f"{base_of(client)}/twilio"
    return found


@pytest.fixture
async def twilio(client: Client) -> AsyncIterator[Any]:
    http = AsyncTwilioHttpClient(timeout=5)
    yield package(client, http=http)
    await http.close()


@pytest.fixture
async def opened(client: Client, tiny: TinyApp) -> TinyApp:
    """Somebody has written on WhatsApp: anything may be sent to them for a day."""
    await say(client, "whatsapp", text="Bonjour", via="twilio")
    tiny.calls.clear()
    return tiny


def signed(tiny: TinyApp, call: Call, token: str = TOKEN, base: str = "") -> bool:
    """What the vendor's own validator says."""
    validator = RequestValidator(token)
    return bool(validator.validate((base or tiny.url) + call.path, call.form, call.headers["X-Twilio-Signature"]))


async def sent(twilio: Any, **changes: Any) -> Any:
    """A message by the async client."""
    return await twilio.messages.create_async(**{"from_": WHATSAPP, "to": TO, "body": "Bonjour", **changes})


async def refused(twilio: Any, **changes: Any) -> TwilioRestException:
    """The refusal of a message."""
    with pytest.raises(TwilioRestException) as why:
        await sent(twilio, **changes)
    return why.value


async def made(client: Client, types: dict[str, Any], status: int = 201) -> Any:
    """A content template, as the API is told without the package's many nulls."""
    body = {"friendly_name": "choix", "language": "fr", "types": {f"twilio/{k}": v for k, v in types.items()}}
    async with client.post("/twilio/v1/Content", json=body, headers=AUTH) as got:
        assert got.status == status, await got.text()
        return await got.json()


# What people say


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


@pytest.mark.parametrize(("kind", "at_once", "in_all"), [("never", 0, 0), ("duplicate", 1, 2), ("late", 0, 1)])
async def test_messages_go_astray(client: Client, tiny: TinyApp, kind: str, at_once: int, in_all: int) -> None:
    await order(client, "twilio.incoming", kind, seconds=15)
    await say(client, "sms", text="allo", via="twilio")
    assert len(tiny.to(HOOK)) == at_once
    calls = await tiny.wait(HOOK, in_all)
    assert len({call.headers["X-Twilio-Signature"] for call in calls}) == min(in_all, 1)


# What the app sends


async def test_the_way_of_a_message(client: Client, opened: TinyApp, twilio: Any) -> None:
    message = await sent(twilio, status_callback=f"{opened.url}/hear")
    assert (message.status, message.direction, message.from_, message.to) == ("queued", "outbound-api", WHATSAPP, TO)
    [shown] = await received(client)
    assert (shown["channel"], shown["from"], shown["text"]) == ("whatsapp", "+237650003840", "Bonjour")
    calls = await opened.wait("/hear", 4)
    assert [call.form["MessageStatus"] for call in calls] == ["queued", "sent", "delivered", "read"]
    assert all(signed(opened, call) for call in calls)
    assert {call.form["MessageSid"] for call in calls} == {message.sid}
    now = await twilio.messages(message.sid).fetch_async()
    assert (now.status, now.error_code) == ("read", None)


async def test_the_way_of_an_sms(client: Client, tiny: TinyApp, twilio: Any) -> None:
    await sent(twilio, from_=SMS, to=f"+{TENANT}")
    [shown] = await received(client)
    assert (shown["channel"], shown["from"], shown["segments"]) == ("sms", SMS, 1)
    await tiny.wait(STATUS, 3)
    await quiet(0.05)
    assert [call.form["MessageStatus"] for call in tiny.to(STATUS)] == ["queued", "sent", "delivered"]


async def test_the_synchronous_client(client: Client, opened: TinyApp) -> None:
    def act() -> tuple[str, list[str]]:
        http = TwilioHttpClient(timeout=5)
        found = package(client, http=http)
        first = found.messages.create(from_=WHATSAPP, to=TO, body="un")
        found.messages.create(from_=WHATSAPP, to=TO, body="deux")
        listed = [message.body for message in found.messages.list(to=TO, limit=5)]
        http.session.close()
        return first.status, listed

    assert await asyncio.to_thread(act) == ("queued", ["deux", "un"])


async def test_a_messaging_service(opened: TinyApp, twilio: Any) -> None:
    message = await twilio.messages.create_async(to=TO, body="x", messaging_service_sid=f"MG{1:032}")
    assert message.from_ == WHATSAPP


async def test_a_picture_and_a_point(client: Client, opened: TinyApp, twilio: Any) -> None:
    await sent(twilio, media_url=["https://img.example/a.jpg"])
    await sent(twilio, body="Bastos", persistent_action=["geo:3.87,11.52|Bastos"])
    picture, place = await received(client, 2)
    assert picture["photo"] == "https://img.example/a.jpg"
    assert place["location"] == {"latitude": 3.87, "longitude": 11.52, "name": "Bastos"}


async def test_statuses_in_the_wrong_order(client: Client, opened: TinyApp, twilio: Any) -> None:
    await order(client, "twilio.status", "reordered", times=1)
    await sent(twilio)
    calls = await opened.wait(STATUS, 4)
    assert [call.form["MessageStatus"] for call in calls] == ["sent", "queued", "delivered", "read"]


REFUSED: list[tuple[int, dict[str, Any]]] = [
    (21617, {"body": "x" * 1601}),
    (21602, {"body": ""}),
    (21602, {"body": " "}),
    (21211, {"to": "whatsapp:677"}),
    (21211, {"to": "+0677", "from_": SMS}),
    (21211, {"to": TENANT, "from_": SMS}),
    (21604, {"to": ""}),
    (21603, {"from_": ""}),
    (21606, {"to": f"+{TENANT}", "from_": "+15005550006"}),
    (63007, {"from_": "whatsapp:+15005550006"}),
    (21910, {"to": f"+{TENANT}"}),
    (21609, {"status_callback": "https://elsewhere.example/"}),
    (21620, {"media_url": ["file:///etc/passwd"]}),
    (21623, {"media_url": [f"https://img.example/{n}" for n in range(11)]}),
    (21655, {"content_sid": f"HX{1:032x}"}),
    (20001, {"persistent_action": ["dance"]}),
]


@pytest.mark.parametrize(("code", "changes"), REFUSED)
async def test_refused(client: Client, opened: TinyApp, twilio: Any, code: int, changes: dict[str, Any]) -> None:
    why = await refused(twilio, **changes)
    assert (why.status, why.code) == (400, code)
    await quiet(0.02)
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []


async def test_as_long_as_it_may_be(client: Client, opened: TinyApp, twilio: Any) -> None:
    await sent(twilio, body="x" * 1600)
    await received(client)


async def test_another_token_or_account(client: Client, opened: TinyApp, twilio: Any) -> None:
    http = AsyncTwilioHttpClient(timeout=5)
    assert (await refused(package(client, "wrong", http))).code == 20003
    await http.close()
    with pytest.raises(TwilioRestException) as unknown:
        await twilio.messages(f"SM{1:032}").fetch_async()
    assert unknown.value.code == 20404
    path = f"/twilio/2010-04-01/Accounts/AC{1:032}/Messages.json"
    async with client.post(path, data={}, headers=AUTH) as got:
        assert got.status == 404


@pytest.mark.parametrize("body", [b"\xff", b"To=%ff"])
async def test_no_form(client: Client, body: bytes) -> None:
    path = f"/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    async with client.post(path, data=body, headers=AUTH) as got:
        assert got.status == 400


async def test_stop_and_start_on_sms(client: Client, tiny: TinyApp, twilio: Any) -> None:
    number = {"from_": SMS, "to": f"+{TENANT}"}
    await say(client, "sms", text="arret", via="twilio")
    await sent(twilio, **number)
    await say(client, "sms", text=" STOP", via="twilio")
    assert (await refused(twilio, **number)).code == 21610
    await say(client, "sms", text="Start", via="twilio")
    await sent(twilio, **number)
    assert len(tiny.to(HOOK)) == 3


# The window, content and mishaps


async def failed(tiny: TinyApp) -> str:
    """The error a message came to nothing with."""
    [call] = await tiny.wait(STATUS)
    assert call.form["MessageStatus"] == "failed"
    return call.form["ErrorCode"]


async def test_outside_the_window(client: Client, tiny: TinyApp, twilio: Any) -> None:
    message = await sent(twilio)
    assert message.status == "queued"
    assert await failed(tiny) == "63016"
    now = await twilio.messages(message.sid).fetch_async()
    assert (now.status, now.error_code) == ("failed", 63016)
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []


async def test_templates_open_the_window_once_approved(client: Client, tiny: TinyApp, twilio: Any) -> None:
    content = await made(client, {"text": {"body": "Loyer de {{1}} : {{2}}."}})
    values = {"body": None, "content_sid": content["sid"], "content_variables": '{"1": "mai", "2": "80 000 F"}'}
    await sent(twilio, **values)
    assert await failed(tiny) == "63016"
    path = f"/twilio/v1/Content/{content['sid']}/ApprovalRequests"
    wanted = {"name": "loyer_du", "category": "UTILITY"}
    async with client.post(f"{path}/whatsapp", json={**wanted, "name": "Loyer"}, headers=AUTH) as got:
        assert got.status == 400
    async with client.post(f"{path}/whatsapp", json=wanted, headers=AUTH) as got:
        assert (await got.json())["status"] == "approved"
    fetched = await twilio.content.v1.contents(content["sid"]).approval_fetch().fetch_async()
    assert fetched.whatsapp["status"] == "approved"
    await sent(twilio, **values)
    assert (await received(client))[0]["text"] == "Loyer de mai : 80 000 F."


async def test_quick_replies(client: Client, opened: TinyApp, twilio: Any) -> None:
    actions = [{"type": "QUICK_REPLY", "title": f"{{{{{n}}}}}", "id": f"7:{n}"} for n in (1, 2)]
    content = await made(client, {"quick-reply": {"body": "Où ?", "actions": actions}})
    message = await sent(twilio, body=None, content_sid=content["sid"], content_variables='{"1": "Ici", "2": "Là"}')
    [shown] = await received(client)
    assert (shown["style"], [button["label"] for button in shown["buttons"]]) == ("buttons", ["Ici", "Là"])
    await say(client, "whatsapp", tap="Là")
    form = opened.to(HOOK)[0].form
    assert (form["ButtonPayload"], form["ButtonText"], form["Body"]) == ("7:2", "Là", "Là")
    assert (form["OriginalRepliedMessageSid"], form["OriginalRepliedMessageSender"]) == (message.sid, WHATSAPP)


async def test_list_picker(client: Client, opened: TinyApp, twilio: Any) -> None:
    items = [{"item": "Bastos", "id": "7:1", "description": "80 000 F"}, {"item": "Odza", "id": "7:2"}]
    content = await made(client, {"list-picker": {"body": "Où ?", "button": "Choisir", "items": items}})
    await sent(twilio, body=None, content_sid=content["sid"])
    [shown] = await received(client)
    assert (shown["style"], shown["opener"], shown["buttons"][0]["note"]) == ("list", "Choisir", "80 000 F")
    await say(client, "whatsapp", tap="7:1")
    form = opened.to(HOOK)[0].form
    assert (form["ListId"], form["ListTitle"], form["MessageType"]) == ("7:1", "Bastos", "interactive")


async def test_other_content(client: Client, opened: TinyApp, twilio: Any) -> None:
    place = {"latitude": "{{1}}", "longitude": "11.52", "label": "Bastos"}
    contents = [
        (await made(client, {"location": place}), '{"1": "3.87"}'),
        (await made(client, {"media": {"body": "Studio", "media": ["https://img.example/{{1}}"]}}), '{"1": "a.jpg"}'),
        (await made(client, {"card": {"title": "Studio", "subtitle": "Bastos", "actions": []}}), ""),
    ]
    for content, variables in contents:
        await sent(twilio, body=None, content_sid=content["sid"], content_variables=variables)
    spot, picture, card = await received(client, 3)
    assert spot["location"]["latitude"] == 3.87
    assert picture["photo"] == "https://img.example/a.jpg"
    assert card["text"] == "Studio\nBastos"


async def test_content_by_the_package(client: Client, twilio: Any) -> None:
    for n in range(5):
        await made(client, {"text": {"body": f"texte {n}"}})
    listed = await twilio.content.v1.contents.list_async(page_size=2)
    assert [content.types["twilio/text"]["body"] for content in listed] == [f"texte {n}" for n in (4, 3, 2, 1, 0)]
    one = await twilio.content.v1.contents(listed[0].sid).fetch_async()
    assert (one.friendly_name, one.language, one.account_sid) == ("choix", "fr", ACCOUNT)
    assert await twilio.content.v1.contents(one.sid).delete_async()
    with pytest.raises(TwilioRestException) as gone:
        await twilio.content.v1.contents(one.sid).fetch_async()
    assert gone.value.status == 404


async def test_content_made_by_the_package(client: Client) -> None:
    def act() -> str:
        http = TwilioHttpClient(timeout=5)
        contents = package(client, http=http).content.v1.contents
        types = contents.Types({"twilio/text": contents.TwilioText({"body": "allo"})})
        request = contents.ContentCreateRequest({"friendly_name": "x", "language": "fr", "types": types})
        sid = str(contents.create(request).sid)
        http.session.close()
        return sid

    assert (await asyncio.to_thread(act)).startswith("HX")


def item(n: int, **changes: str) -> dict[str, str]:
    """One line of a list picker."""
    return {"item": f"Lieu {n}", "id": str(n), **changes}


def picker(*items: dict[str, str], **changes: str) -> dict[str, Any]:
    """A list picker."""
    return {"list-picker": {"body": "Où ?", "button": "Choisir", **changes, "items": list(items)}}


def replies(*titles: str, body: str = "Où ?") -> dict[str, Any]:
    """Quick replies."""
    return {"quick-reply": {"body": body, "actions": [{"title": t, "id": str(n)} for n, t in enumerate(titles)]}}


@pytest.mark.parametrize(
    "types",
    [
        picker(),
        picker(*[item(n) for n in range(11)]),
        picker(item(1, item="x" * 25)),
        picker(item(1, id="x" * 201)),
        picker(item(1, description="x" * 73)),
        picker(item(1), item(1)),
        picker(item(1), button="x" * 21),
        picker(item(1), body="x" * 1025),
        replies(),
        replies("x" * 21),
        replies(*"abcdefghijk"),
        replies("a", body=""),
        {"text": {"body": "x" * 1601}},
        {"dance": {"body": "x"}},
        {"text": {"body": 7}},
    ],
)
async def test_content_refused(client: Client, types: dict[str, Any]) -> None:
    assert (await made(client, types, 400))["code"] == 20001


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"language": "fr"}'])
async def test_content_that_is_none(client: Client, body: bytes) -> None:
    async with client.post("/twilio/v1/Content", data=body, headers=AUTH) as got:
        assert got.status == 400


@pytest.mark.parametrize(
    ("types", "variables"),
    [
        (replies(*"abcd"), ""),
        (replies("{{1}}"), json.dumps({"1": "x" * 21})),
        (picker(item(1, item="{{1}}")), json.dumps({"1": "x" * 25})),
    ],
)
async def test_content_that_does_not_fit(
    client: Client, opened: TinyApp, twilio: Any, types: dict[str, Any], variables: str
) -> None:
    content = await made(client, types)
    await sent(twilio, body=None, content_sid=content["sid"], content_variables=variables)
    assert await failed(opened) == "63021"


@pytest.mark.parametrize("variables", ["{", "[]", '{"1": 2}', '{"1": " "}'])
async def test_bad_variables(client: Client, opened: TinyApp, twilio: Any, variables: str) -> None:
    content = await made(client, {"text": {"body": "{{1}}"}})
    assert (await refused(twilio, content_sid=content["sid"], content_variables=variables)).code == 21656


async def test_a_list_opens_no_window(client: Client, tiny: TinyApp, twilio: Any) -> None:
    content = await made(client, picker(item(1)))
    path = f"/twilio/v1/Content/{content['sid']}/ApprovalRequests/whatsapp"
    async with client.post(path, json={"name": "x", "category": "UTILITY"}, headers=AUTH) as got:
        assert got.status == 201
    await sent(twilio, body=None, content_sid=content["sid"])
    assert await failed(tiny) == "63016"


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [("window", {}, "63016"), ("accepted_failed", {}, "30008"), ("accepted_failed", {"code": "63033"}, "63033")],
)
async def test_accepted_and_failed(
    client: Client, opened: TinyApp, twilio: Any, kind: str, more: dict[str, str], code: str
) -> None:
    await order(client, "twilio.messages", kind, times=1, **more)
    await sent(twilio)
    assert await failed(opened) == code
    await sent(twilio)
    await received(client)


@pytest.mark.parametrize(("kind", "code"), [("429", 20429), ("401", 20003), ("500", 20500), ("503", 20503)])
async def test_refusals_to_order(client: Client, opened: TinyApp, twilio: Any, kind: str, code: int) -> None:
    await order(client, "twilio.messages", kind)
    why = await refused(twilio)
    assert (why.status, why.code) == (int(kind), code)


async def test_lost_after_the_effect(client: Client, opened: TinyApp, twilio: Any) -> None:
    await order(client, "twilio.messages", "timeout_after_effect", seconds=1, times=1)
    with pytest.raises(ClientError):
        await sent(twilio)
    assert len(await received(client)) == 1


async def test_nobody_behind_an_id(opened: TinyApp, twilio: Any) -> None:
    await sent(twilio, to="whatsapp:CM.404")
    assert await failed(opened) == "63024"

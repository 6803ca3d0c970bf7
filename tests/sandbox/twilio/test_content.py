"""The window of a day, content templates, and mishaps to order."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientError
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient

from tests.patience import PATIENCE_S
from tests.sandbox.side import TENANT, Client, TinyApp, ask, order, received, say
from tests.sandbox.twilio.side import (
    ACCOUNT,
    AUTH,
    HOOK,
    STATUS,
    WHATSAPP,
    made,
    package,
    refused,
    sent,
)

pytestmark = [  # the package's own
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]


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
        http = TwilioHttpClient(timeout=PATIENCE_S)
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


async def test_a_tap_goes_to_who_sent_the_message(client: Client, opened: TinyApp, twilio: Any) -> None:
    content = await made(client, replies("Oui"))
    await sent(twilio, body=None, content_sid=content["sid"])
    await received(client)
    await say(client, "whatsapp", tap="Oui", via="meta", status=409)
    await say(client, "whatsapp", tap="Oui")
    assert opened.to(HOOK)[0].form["ButtonText"] == "Oui"

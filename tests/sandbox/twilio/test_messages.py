"""What the app sends by the vendor's package, and what the error dictionary says."""

import asyncio
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.http_client import TwilioHttpClient

from tests.patience import NEVER_S, PATIENCE_S
from tests.sandbox.side import TENANT, Client, TinyApp, ask, order, quiet, received, say
from tests.sandbox.twilio.side import (
    ACCOUNT,
    AUTH,
    HOOK,
    SMS,
    STATUS,
    TO,
    WHATSAPP,
    package,
    refused,
    sent,
    signed,
)

pytestmark = [  # the package's own
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]


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
        http = TwilioHttpClient(timeout=PATIENCE_S)
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
    await order(client, "twilio.status", "reordered", times=1, seconds=NEVER_S)
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
    http = AsyncTwilioHttpClient(timeout=PATIENCE_S)
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

"""Faults on served routes: each kind does what it says, on each route, as often as ordered."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientPayloadError, ClientTimeout, ServerDisconnectedError

from sandbox.faults import HTTP, KINDS
from tests.patience import NEVER_S, until
from tests.sandbox.side import TENANT, Client, Mtn, ask, quiet, received

SEND = "/africastalking/version1/messaging"
BOT = "/telegram/bot384000:demo-telegram-bot-token"
FORM = {"username": "sandbox", "to": f"+{TENANT}", "message": "Bonjour", "bulkSMSMode": "1"}


async def order(mtn: Mtn, route: str, kind: str, **more: object) -> None:
    """Order a fault."""
    await ask(mtn.client, "PUT", "/faults/f", {"route": route, "kind": kind, **more})


async def paid(mtn: Mtn) -> bool:
    """Whether the last request to pay had its effect."""
    listed = await ask(mtn.client, "GET", f"/phones/{TENANT}/prompts")
    return len(listed) == 1


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        ("401", 401, "application/json"),
        ("429", 429, "application/json"),
        ("500", 500, "application/json"),
        ("503", 503, "application/json"),
        ("500_html", 500, "text/html"),
        ("502_html", 502, "text/html"),
        ("200_html", 200, "text/html"),
    ],
)
async def test_answered_instead(mtn: Mtn, kind: str, status: int, content_type: str) -> None:
    await order(mtn, "mtn.requesttopay", kind)
    async with mtn.request() as got:
        assert (got.status, got.content_type) == (status, content_type)
        assert ("Retry-After" in got.headers) == (kind == "429")
        assert ("html" in await got.text()) == ("html" in kind)
    assert not await paid(mtn)


async def test_code_and_message_can_be_chosen(mtn: Mtn) -> None:
    await order(mtn, "mtn.requesttopay", "500", code="NOT_ALLOWED", message="no")
    async with mtn.request() as got:
        assert await got.json() == {"code": "NOT_ALLOWED", "message": "no"}


@pytest.mark.parametrize(("kind", "effect"), [("drop_before", False), ("drop_after", True), ("reset", False)])
async def test_connection_lost(mtn: Mtn, kind: str, effect: bool) -> None:
    await order(mtn, "mtn.requesttopay", kind, times=1)
    with pytest.raises(ClientConnectionError) as lost:
        await mtn.request()
    assert isinstance(lost.value, ServerDisconnectedError) == (kind != "reset")
    await quiet(0.02)
    assert await paid(mtn) == effect


@pytest.mark.parametrize(("kind", "effect"), [("timeout", False), ("timeout_after_effect", True)])
async def test_no_answer_for_long(mtn: Mtn, kind: str, effect: bool) -> None:
    await order(mtn, "mtn.requesttopay", kind, seconds=NEVER_S)
    asking = asyncio.ensure_future(mtn.request())

    async def reached() -> bool:
        return bool((await ask(mtn.client, "GET", "/faults"))[0]["seen"])

    await until(reached)
    await quiet()
    assert await paid(mtn) == effect
    assert not asking.done()
    asking.cancel()


async def test_hanging_ends_without_an_answer(mtn: Mtn) -> None:
    await order(mtn, "mtn.requesttopay", "timeout", seconds=1)
    with pytest.raises(ServerDisconnectedError):
        await mtn.request()


async def test_delay(mtn: Mtn) -> None:
    await order(mtn, "mtn.requesttopay", "delay", seconds=10)
    before = asyncio.get_running_loop().time()
    await mtn.pay()
    assert asyncio.get_running_loop().time() - before >= 0.2


async def test_slow_loris(mtn: Mtn) -> None:
    reference = await mtn.pay()
    await order(mtn, "mtn.status", "slow_loris", seconds=0.5)
    path = f"/mtn/collection/v1_0/requesttopay/{reference}"
    before = asyncio.get_running_loop().time()
    async with mtn.client.get(path, headers=mtn.headers) as got:
        assert (await got.json())["status"] == "PENDING"
    assert asyncio.get_running_loop().time() - before >= 1
    with pytest.raises((asyncio.TimeoutError, ClientPayloadError)):
        async with mtn.client.get(path, headers=mtn.headers, timeout=ClientTimeout(total=0.3)) as got:
            await got.read()


@pytest.mark.parametrize("kind", ["401", "502_html", "drop_after", "timeout_after_effect"])
async def test_messaging(client: Client, mtn: Mtn, kind: str) -> None:
    await order(mtn, "africastalking.messaging", kind, seconds=10)
    headers = {"apiKey": "demo-at-key"}
    try:
        async with client.post(SEND, data=FORM, headers=headers) as got:
            assert (got.status, got.content_type) == {"401": (401, "text/plain"), "502_html": (502, "text/html")}[kind]
    except ServerDisconnectedError:
        assert kind in {"drop_after", "timeout_after_effect"}
    count = int(kind in {"drop_after", "timeout_after_effect"})
    await quiet(0.05)
    assert len(await received(client, count)) == count


HOLDER = f"collection/v1_0/accountholder/msisdn/{TENANT}"
SERVED = {
    "mtn.apiuser": ("POST", "/mtn/v1_0/apiuser"),
    "mtn.token": ("POST", "/mtn/collection/token/"),
    "mtn.requesttopay": ("POST", "/mtn/collection/v1_0/requesttopay"),
    "mtn.status": ("GET", "/mtn/collection/v1_0/requesttopay/x"),
    "mtn.accountholder": ("GET", f"/mtn/{HOLDER}/active"),
    "mtn.basicuserinfo": ("GET", f"/mtn/{HOLDER}/basicuserinfo"),
    "mtn.balance": ("GET", "/mtn/collection/v1_0/account/balance"),
    "mtn.deliverynotification": ("POST", "/mtn/collection/v1_0/requesttopay/x/deliverynotification"),
    "africastalking.messaging": ("POST", SEND),
    "parlayx.send": ("POST", "/parlayx/sendUssd"),
    "twilio.messages": ("POST", f"/twilio/2010-04-01/Accounts/AC{384:032}/Messages.json"),
    "twilio.content": ("GET", "/twilio/v1/Content"),
    "twilio.media": ("GET", f"/twilio/2010-04-01/Accounts/AC{384:032}/Messages/SM1/Media/ME{1:032}"),
    "meta.messages": ("POST", "/meta/v21.0/384000000000001/messages"),
    "meta.media": ("GET", "/meta/v21.0/1"),
    "telegram.send": ("POST", f"{BOT}/sendMessage"),
    "telegram.edit": ("POST", f"{BOT}/editMessageText"),
    "telegram.answer": ("POST", f"{BOT}/answerCallbackQuery"),
    "telegram.api": ("GET", f"{BOT}/getMe"),
}


def test_every_served_route_is_tested() -> None:
    assert {route for route, kinds in KINDS.items() if kinds >= HTTP} == set(SERVED)


@pytest.mark.parametrize("route", sorted(SERVED))
async def test_every_served_route_obeys(client: Client, mtn: Mtn, route: str) -> None:
    await order(mtn, route, "502_html")
    method, path = SERVED[route]
    async with client.request(method, path) as got:
        assert got.status == 502


async def test_status_lags_behind(mtn: Mtn) -> None:
    await order(mtn, "mtn.status", "lag", polls=2)
    reference = await mtn.pay()
    await mtn.get(f"requesttopay/{reference}", 404)
    await mtn.get(f"requesttopay/{reference}", 404)
    assert (await mtn.get(f"requesttopay/{reference}"))["status"] == "PENDING"


async def test_other_words(mtn: Mtn) -> None:
    await ask(mtn.client, "PUT", f"/wallets/mtn/{TENANT}", {"behaviour": "approve"})
    reference = await mtn.pay()
    await mtn.ended(reference)
    await order(mtn, "mtn.status", "word")
    assert (await mtn.get(f"requesttopay/{reference}"))["status"] == "SUCCESSFULL"
    await order(mtn, "mtn.status", "word", word="CREATED", instead_of="PENDING")
    assert (await mtn.get(f"requesttopay/{reference}"))["status"] == "SUCCESSFUL"
    await ask(mtn.client, "PUT", f"/wallets/mtn/{TENANT}", {"behaviour": "ask"})
    assert (await mtn.get(f"requesttopay/{await mtn.pay()}"))["status"] == "CREATED"


@pytest.mark.parametrize("kind", ["reason_string", "reason_object"])
async def test_reason_as_ordered(mtn: Mtn, kind: str) -> None:
    await ask(mtn.client, "PUT", f"/wallets/mtn/{TENANT}", {"behaviour": "reject"})
    await order(mtn, "mtn.status", kind)
    for _ in range(2):
        told = await mtn.ended(await mtn.pay())
        assert isinstance(told["reason"], str) == (kind == "reason_string")


async def test_result_as_text(mtn: Mtn) -> None:
    await order(mtn, "mtn.accountholder", "string_result")
    assert await mtn.get(f"accountholder/msisdn/{TENANT}/active") == {"result": "true"}


async def test_times_and_skip(mtn: Mtn) -> None:
    await order(mtn, "mtn.balance", "500", times=2, skip=1)
    for status in (200, 500, 500, 200):
        await mtn.get("account/balance", status)


async def test_replacing_starts_to_count_again(mtn: Mtn) -> None:
    for _ in range(2):
        await order(mtn, "mtn.balance", "500", times=1)
        await mtn.get("account/balance", 500)
    await mtn.get("account/balance")


async def test_listing_and_removing(client: Client) -> None:
    body = {"route": "mtn.token", "kind": "429"}
    await ask(client, "PUT", "/faults/a", body)
    await ask(client, "PUT", "/faults/b", {**body, "times": 3})
    listed = await ask(client, "GET", "/faults")
    assert listed == [
        {"name": "a", "seen": 0, **body},
        {"name": "b", "seen": 0, **body, "times": 3},
    ]
    assert await ask(client, "DELETE", "/faults/a") == {"removed": 1}
    assert await ask(client, "DELETE", "/faults") == {"removed": 1}
    assert await ask(client, "GET", "/faults") == []


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ({"route": "mtn.nothing", "kind": "500"}, "routes"),
        ({"route": "mtn.token", "kind": "explode"}, "kinds"),
        ({"route": "mtn.token", "kind": "500", "colour": "red"}, "error"),
        ({"route": "mtn.token", "kind": "500", "times": -1}, "error"),
        ({"route": "ussd", "kind": "suffix", "as": "wish"}, "error"),
        ({}, "routes"),
    ],
)
async def test_bad_orders_are_refused(client: Client, body: dict[str, Any], hint: str) -> None:
    assert hint in await ask(client, "PUT", "/faults/f", body, 400)
    assert await ask(client, "GET", "/faults") == []

"""Africa's Talking SMS: the API as recorded, the reports, what a phone sends."""

import re
from typing import Any

import pytest

from tests.patience import NEVER_S
from tests.sandbox.side import ASTRAY, TENANT, Client, Start, TinyApp, ask, order, quiet, received, until

SEND = "/africastalking/version1/messaging"
KEY = {"apiKey": "demo-at-key"}
BASE = {"username": "sandbox", "to": f"+{TENANT}", "message": "Bonjour", "bulkSMSMode": "1"}
IN = "/webhooks/sms/africastalking/s3cret"


async def send(client: Client, **changes: str | None) -> Any:
    """Send one SMS and return the vendor's data."""
    form = {k: v for k, v in {**BASE, **changes}.items() if v is not None}
    async with client.post(SEND, data=form, headers=KEY) as got:
        assert got.status == 201, await got.text()
        assert got.headers["Content-Type"].startswith("application/json")
        return (await got.json())["SMSMessageData"]


async def test_sent_and_reported(client: Client, tiny: TinyApp) -> None:
    told = await send(client)
    [recipient] = told["Recipients"]
    message = recipient.pop("messageId")
    assert re.fullmatch(r"ATXid_[0-9a-f]{32}", message)
    assert told["Message"] == "Sent to 1/1 Total Cost: USD 0.0079 Message parts: 1"
    number = f"+{TENANT}"
    assert recipient == {"cost": "XAF 15.0000", "number": number, "status": "Success", "statusCode": 101}
    [text] = await received(client)
    assert re.match(r"\d{4}-\d\d-\d\dT", text.pop("at"))
    assert re.fullmatch(r"\d+", text.pop("id"))
    nothing = {
        "style": "none",
        "opener": "",
        "asks": "",
        "clears": False,
        "photo": None,
        "document": None,
        "location": None,
    }
    said = {"channel": "sms", "from": "TMUT", "text": "Bonjour", "segments": 1}
    assert text == {**said, **nothing, "buttons": [], "edited": False}
    [report] = await tiny.wait("/delivery")
    assert report.path == f"{IN}/delivery"
    assert report.form == {
        "id": message,
        "status": "Success",
        "phoneNumber": number,
        "networkCode": "62401",
        "retryCount": "0",
    }


async def test_queued_when_enqueued(client: Client) -> None:
    assert (await send(client, enqueue="1"))["Recipients"][0]["statusCode"] == 102


async def test_premium_cost_has_no_currency(client: Client) -> None:
    told = await send(client, bulkSMSMode="0")
    assert (told["Message"], told["Recipients"][0]["cost"]) == ("Sent to 1/1", "0")


async def test_cost_and_parts_of_a_long_text(client: Client) -> None:
    told = await send(client, message="ê" * 71)
    assert told["Message"] == "Sent to 1/1 Total Cost: USD 0.0158 Message parts: 2"
    assert told["Recipients"][0]["cost"] == "XAF 30.0000"
    assert (await received(client))[0]["segments"] == 2


async def test_kenyan_number_has_the_recorded_cost(client: Client) -> None:
    assert (await send(client, to="+254700072929"))["Recipients"][0]["cost"] == "KES 0.8000"


async def test_unknown_sender_fails_with_201(client: Client) -> None:
    told = await send(client, **{"from": "NOBODY"})
    assert told == {"Message": "InvalidSenderId", "Recipients": []}
    await quiet(0.05)
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []


@pytest.mark.parametrize("number", ["677000111", TENANT, "+0677", "+abc"])
async def test_bad_number(client: Client, number: str) -> None:
    told = await send(client, to=f"{number},+{TENANT}")
    assert told["Recipients"][0] == {
        "cost": "0",
        "messageId": "None",
        "number": number,
        "status": "InvalidPhoneNumber",
        "statusCode": 403,
    }
    assert told["Recipients"][1]["status"] == "Success"
    assert told["Message"].startswith("Sent to 1/2 ")


@pytest.mark.parametrize(("key", "username"), [("wrong", "sandbox"), ("demo-at-key", "toit"), ("", "sandbox")])
async def test_wrong_key_is_plain_text(client: Client, key: str, username: str) -> None:
    async with client.post(SEND, data={**BASE, "username": username}, headers={"apiKey": key}) as got:
        assert (got.status, await got.text()) == (401, "The supplied authentication is invalid")
        assert got.headers["Content-Type"] == "text/plain; charset=UTF-8"
        assert got.headers["WWW-Authenticate"] == 'Basic realm="api",charset=UTF-8'


@pytest.mark.parametrize("field", ["username", "to", "message"])
async def test_missing_field(client: Client, field: str) -> None:
    form = {k: v for k, v in BASE.items() if k != field}
    async with client.post(SEND, data=form, headers=KEY) as got:
        assert got.status == 400
        assert field in await got.text()


async def test_json_is_no_form(client: Client) -> None:
    async with client.post(SEND, json=BASE, headers=KEY) as got:
        assert got.status == 415


async def test_report_is_repeated_until_200(client: Client, tiny: TinyApp) -> None:
    tiny.status = [500, 202]
    await send(client)
    reports = await tiny.arrived("/delivery", 3)
    assert len({report.form["id"] for report in reports}) == 1


async def test_report_is_not_repeated_for_ever(start: Start, tiny: TinyApp) -> None:
    client = await start(time_scale=5000.0)
    tiny.status = [500] * 50
    await send(client)
    await tiny.arrived("/delivery", 6)


async def test_fault_201_but_failed(client: Client) -> None:
    await order(client, "africastalking.messaging", "http201_failed", message="InsufficientBalance")
    assert await send(client) == {"Message": "InsufficientBalance", "Recipients": []}


async def test_fault_refused_recipient(client: Client) -> None:
    await order(client, "africastalking.messaging", "recipient", status_code=407)
    [recipient] = (await send(client))["Recipients"]
    assert (recipient["status"], recipient["statusCode"]) == ("CouldNotRoute", 407)


@pytest.mark.parametrize(("kind", "count"), [("never", 0), ("duplicate", 2)])
async def test_fault_report_never_or_twice(client: Client, tiny: TinyApp, kind: str, count: int) -> None:
    await order(client, "africastalking.dlr", kind)
    await send(client)
    await received(client)
    await tiny.arrived("/delivery", count)


@pytest.mark.parametrize(("seconds", "count"), [(NEVER_S, 0), (0.1, 1)])
async def test_fault_report_late(client: Client, tiny: TinyApp, seconds: float, count: int) -> None:
    await order(client, "africastalking.dlr", "late", seconds=seconds)
    await send(client)
    await received(client)
    await tiny.arrived("/delivery", count)


async def test_fault_failed_delivery(client: Client, tiny: TinyApp) -> None:
    await order(client, "africastalking.dlr", "failed", reason="UserInBlackList", status="Rejected")
    await send(client)
    [report] = await tiny.wait("/delivery")
    assert (report.form["status"], report.form["failureReason"]) == ("Rejected", "UserInBlackList")
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []


async def test_phone_writes(client: Client, tiny: TinyApp) -> None:
    await ask(client, "POST", f"/phones/%2B{TENANT}/sms", {"text": "LOYER é"}, 202)
    await until(lambda: bool(tiny.calls))
    form = tiny.calls[0].form
    assert tiny.calls[0].path == IN
    assert re.fullmatch(r"[0-9a-f]{32}", form.pop("id"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d|T\d\d:\d\d:\d\dZ)", form.pop("date"))
    assert form == {"text": "LOYER é", "from": f"+{TENANT}", "to": "TMUT", "linkId": ""}
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []
    assert (await ask(client, "GET", f"/phones/{TENANT}/thread"))[0]["direction"] == "out"


@pytest.mark.parametrize(("kind", "seconds", "count"), ASTRAY)
async def test_incoming_faults(client: Client, tiny: TinyApp, kind: str, seconds: float, count: int) -> None:
    await order(client, "africastalking.incoming", kind, seconds=seconds)
    told = await ask(client, "POST", f"/phones/{TENANT}/sms", {"text": "AIDE"}, 202)
    assert told["status"] == (200 if kind == "duplicate" else None)
    assert len({call.form["id"] for call in await tiny.arrived(IN, count)}) == min(count, 1)


async def test_opting_out(client: Client, tiny: TinyApp) -> None:
    await ask(client, "POST", f"/phones/{TENANT}/optout", status=202)
    [told] = await tiny.wait("/optout")
    assert (told.path, told.form) == (f"{IN}/optout", {"senderId": "TMUT", "phoneNumber": f"+{TENANT}"})
    [recipient] = (await send(client))["Recipients"]
    assert (recipient["status"], recipient["statusCode"]) == ("UserInBlacklist", 406)


async def test_messages_wait_for_the_network(client: Client) -> None:
    await ask(client, "POST", f"/phones/{TENANT}/network", {"on": False})
    await send(client)
    await quiet(0.05)
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []
    await ask(client, "POST", f"/phones/{TENANT}/network", {"on": True})
    assert [m["text"] for m in await received(client)] == ["Bonjour"]

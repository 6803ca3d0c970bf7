"""The channel log: exchanges of every adapter full of PINs, numbers and secrets, and none of them in a line."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from core.kit.settings import Settings
from webhooks.exchanges import CAP, Exchanges
from webhooks.raw import read_raw

PATH_SECRET = "path-secret-of-this-test"
SECRETS = {
    "webhook_secret": PATH_SECRET,
    "twilio_token": "twilio-token-of-this-test",
    "meta_app_secret": "meta-secret-of-this-test",
    "meta_verify_token": "verify-me",
    "meta_access_token": "EAAG-access-of-this-test",
    "telegram_token": "7700:AAH-bot-of-this-test",
    "telegram_secret": "telegram-secret-of-this-test",
    "africastalking_api_key": "at-key-of-this-test",
    "mtn_api_key": "mtn-key-of-this-test",
}
PIN = "40719"
NUMBER = "237677000001"
NAME = "Ngo Bassong"
HIDDEN = (*SECRETS.values(), PIN, NUMBER, "677000001", "7000", "0719", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA")
SAID = f"{NAME} {PIN}"
FORM = "application/x-www-form-urlencoded"
SOAP = f"<s:Envelope a='{NUMBER}'><!-- {SAID} --><msgType>0</msgType><msIsdn>{NUMBER}</msIsdn>\
<ussdString>{SAID}</ussdString>{SAID}</s:Envelope>{SAID}"
KEYED = {"telegram": {"x-telegram-bot-api-secret-token": SECRETS["telegram_secret"]}, "meta": {
    "x-hub-signature-256": "sha256=" + "ab12" * 16}, "twilio": {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
    "basic": {"authorization": "Basic dXNlcjpwYXNz"}}  # fmt: skip


def form(**fields: str) -> bytes:
    """As a gateway posts it."""
    return "&".join(f"{name}={quote_plus(value)}" for name, value in fields.items()).encode()


def every_digit(text: str) -> str:
    """Digits in percent signs, as nobody must but anybody may write them."""
    return "".join(f"%{ord(mark):02X}" for mark in text)


def escaped(text: str) -> bytes:
    """In JSON, with every letter escaped."""
    return ('{"body": "' + "".join(f"\\u{ord(mark):04x}" for mark in text) + '"}').encode()


JSON_OF_META = json.dumps({"from": NUMBER, "text": {"body": PIN}, "n": int(PIN), "a": [NUMBER]}).encode()
JSON_OF_TELEGRAM = json.dumps({"message": {"text": f"PIN: {PIN}", "chat": {"id": int(NUMBER)}}}).encode()
JSON_OF_HUBTEL = json.dumps(
    {"Mobile": NUMBER, "Message": SAID, "Type": "Response", SAID: SAID, "deep": [[{"x": SAID}]]}
).encode()

EXCHANGES: dict[str, tuple[str, str, bytes, str, Mapping[str, str]]] = {
    "twilio": (
        "/webhooks/twilio", "", form(From=f"whatsapp:+{NUMBER}", Body=f"mon code {PIN}", WaId=NUMBER), FORM,
        KEYED["twilio"],
    ),
    "twilio, text in base64": (
        "/webhooks/twilio", "", form(From=f"+{NUMBER}", Body="MTIzNDU2Nzg5MDEyMzQ1Njc4OTA="), FORM, KEYED["twilio"],
    ),
    "meta": (
        "/webhooks/whatsapp", "", JSON_OF_META, "application/json", KEYED["meta"],
    ),
    "meta, escaped": (
        "/webhooks/whatsapp", "", escaped(PIN),
        "application/json", KEYED["meta"],
    ),
    "meta, verification": (
        "/webhooks/whatsapp", f"hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge={PIN}", b"", "", {},
    ),
    "telegram": (
        "/webhooks/telegram", "", JSON_OF_TELEGRAM,
        "application/json", KEYED["telegram"],
    ),
    "africastalking sms": (
        "/webhooks/sms/africastalking/" + PATH_SECRET, "",
        form(text=f"4 07 19, {PIN}", **{"from": f"+{NUMBER}"}), FORM, {},
    ),
    "a number as people write it": (
        "/webhooks/sms/africastalking/" + PATH_SECRET, "", form(text="237 677-00-00-01"), FORM, {},
    ),
    "ussd form": (
        "/webhooks/ussd/africastalking/" + PATH_SECRET, "",
        form(sessionId="ATUid_1", phoneNumber=f"+{NUMBER}", text=f"1*{SAID}", status="Incomplete"), FORM, {},
    ),
    "ussd query": (
        "/webhooks/ussd/flares/" + PATH_SECRET,
        f"MSISDN={NUMBER}&input={quote(SAID)}&password=at-key-of-this-test&clean=clean&={PIN}&{PIN}=1", b"", "", {},
    ),
    "ussd digits in percent signs": (
        "/webhooks/ussd/safaricom/" + PATH_SECRET,
        f"ORIG={every_digit(NUMBER)}&USSD_PARAMS={every_digit(PIN)}", b"", "", {},
    ),
    "ussd json": (
        "/webhooks/ussd/hubtel/" + PATH_SECRET, "",
        JSON_OF_HUBTEL,
        "application/json", {},
    ),
    "ussd xml": ("/webhooks/ussd/parlayx/" + PATH_SECRET, "", SOAP.encode(), "text/xml", {}),
    "ussd, a wrong secret that is nearly right": (
        f"/webhooks/ussd/nalo/{PIN}", "", json.dumps({"USERDATA": SAID}).encode(), "application/json", {},
    ),
    "payment": (
        "/webhooks/payments/mtn/" + PATH_SECRET, "", json.dumps({"payer": {"partyId": NUMBER}}).encode(),
        "application/json", KEYED["basic"],
    ),
    "a body cut in the middle": ("/webhooks/telegram", "", f'{{"text":"{PIN}'.encode(), "application/json", {}),
    "bytes that are no text": ("/webhooks/telegram", "", PIN.encode("utf-16"), "application/json", {}),
    "a secret where it does not belong": (
        "/webhooks/twilio", "", form(Body="here: at-key-of-this-test", apiKey="anything", pin="xyz"), FORM, {},
    ),
}  # fmt: skip


@pytest.fixture
def settings() -> Settings:
    return Settings(_env_file=None, **SECRETS)  # type: ignore[arg-type]


@pytest.fixture
def lines() -> list[Mapping[str, Any]]:
    return []


@pytest.fixture
async def client(settings: Settings, lines: list[Mapping[str, Any]]) -> AsyncIterator[TestClient[Any, Any]]:
    """An app with the house's routes whose handlers read as the house reads and answer with what was said."""

    async def echo(request: web.Request) -> web.Response:
        raw = await read_raw(request, 1 << 20)
        if "charset=bad" in raw.header("content-type"):
            raise web.HTTPBadRequest(text=f"no: {NUMBER}\n")
        return web.Response(body=b"END " + raw.body)

    app = web.Application(middlewares=[Exchanges(settings, lines.append).middleware])
    for path in ("twilio", "whatsapp", "telegram", "sms/africastalking/{secret}", "ussd/{dialect}/{secret}",
                 "payments/mtn/{secret}"):  # fmt: skip
        app.router.add_route("*", f"/webhooks/{path}", echo)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize(("path", "query", "body", "kind", "headers"), EXCHANGES.values(), ids=EXCHANGES.keys())
async def test_nothing_secret_is_in_a_line(
    client: TestClient[Any, Any], lines: list[Mapping[str, Any]], path: str, query: str, body: bytes, kind: str,
    headers: Mapping[str, str],
) -> None:  # fmt: skip
    url = URL(f"{path}?{query}" if query else path, encoded=True)
    sent = {"content-type": kind, **headers} if kind else dict(headers)
    async with client.post(url, data=body, headers=sent) as answer:
        assert answer.status == 200
    (line,) = lines
    shown = json.dumps(line, ensure_ascii=False)
    assert [secret for secret in (*HIDDEN, *headers.values()) if secret in shown] == []
    assert not re.search(r"\d{4}", shown), shown
    if "/ussd/" in path:
        assert "Bassong" not in shown
    assert line["direction"] == "in"
    assert line["method"] == "POST"
    assert line["status"] == 200
    assert "{secret}" in line["route"] or "this-test" not in path


async def test_the_shape_of_an_exchange_can_be_seen(
    client: TestClient[Any, Any], lines: list[Mapping[str, Any]]
) -> None:
    body = form(Body="bonjour", SmsStatus="received")
    await client.post("/webhooks/twilio", data=body, headers={"content-type": FORM})
    await client.post(
        "/webhooks/ussd/hubtel/x", data=b'{"Type":"Response","Message":"Oui","SessionId":"a1"}',
        headers={"content-type": "application/json"},
    )  # fmt: skip
    assert [(line["route"], line["type"], line["body"], line["answer"]) for line in lines] == [
        ("/webhooks/twilio", FORM, "Body=bonjour&SmsStatus=received", "***=bonjour&SmsStatus=received"),
        (
            "/webhooks/ussd/{dialect}/{secret}", "application/json",
            '{"Type": "Response", "Message": "***", "SessionId": "***"}', "***",
        ),
    ]  # fmt: skip


async def test_a_refusal_and_an_unknown_address_are_lines_too(
    client: TestClient[Any, Any], lines: list[Mapping[str, Any]]
) -> None:
    await client.post("/webhooks/twilio", data=b"x", headers={"content-type": f"{FORM};charset=bad"})
    await client.post(f"/webhooks/elsewhere/{PIN}", data=PIN.encode())
    assert [(line["route"], line["status"], line["answer"]) for line in lines] == [
        ("/webhooks/twilio", 400, "no: ***"),
        ("none", 404, "404: Not Found"),
    ]


async def test_a_line_has_an_end(client: TestClient[Any, Any], lines: list[Mapping[str, Any]]) -> None:
    await client.post("/webhooks/twilio", data=b"Body=" + b"bonjour+" * 30_000, headers={"content-type": FORM})
    assert len(lines[0]["body"]) == CAP + 3


async def test_what_goes_out_is_a_line_without_secrets(
    client: TestClient[Any, Any], settings: Settings, lines: list[Mapping[str, Any]]
) -> None:
    server = client.server
    assert server is not None
    token = SECRETS["telegram_token"]
    trace = Exchanges(settings, lines.append).tracing()
    async with aiohttp.ClientSession(trace_configs=[trace]) as http:
        url = server.make_url(f"/bot{token}/sendMessage?chat_id={NUMBER}")
        await http.post(url, json={"text": f"{PIN}"}, headers={"apiKey": SECRETS["africastalking_api_key"]})
        with pytest.raises(aiohttp.ClientError):
            await http.post("http://127.0.0.1:9/send", data={"to": NUMBER})
    sent, failed = (line for line in lines if line["direction"] == "out")
    assert (sent["method"], sent["status"], sent["body"]) == ("POST", 404, '{"text": "***"}')
    assert sent["url"].endswith("/bot***/sendMessage")
    assert sent["query"] == "chat_id=***"
    assert (failed["status"], failed["answer"]) == (0, "ClientConnectorError")
    shown = json.dumps([sent, failed])
    assert [secret for secret in HIDDEN if secret in shown] == []

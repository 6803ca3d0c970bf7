"""``toit read-request``: how each adapter would read a request, asked as an integrator asks."""

import hmac
import itertools
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus

import pytest
from twilio.request_validator import RequestValidator

from bot.inbound import Event
from core.kit.settings import Settings
from tests.webhooks.test_cli import toit
from webhooks.adapters import ADAPTERS, Adapter
from webhooks.read_request import Requests, shown

SETTINGS = Settings(_env_file=None)
FORM = "application/x-www-form-urlencoded"
AWA = "+221771234567"


def form(fields: Mapping[str, str]) -> str:
    """As a provider posts it."""
    return "&".join(f"{name}={quote_plus(value)}" for name, value in fields.items())


def posted(fields: Mapping[str, str], path: str = "/ussd/x", **more: Any) -> dict[str, Any]:
    """A posted form."""
    return {"id": "7", "method": "POST", "path": path, "query": "", "headers": {"Content-Type": FORM},
            "body": form(fields), **more}  # fmt: skip


def asked(query: str, **more: Any) -> dict[str, Any]:
    """A GET with a query."""
    return {"id": "7", "method": "GET", "path": "/ussd/x", "query": query, "headers": {}, "body": "", **more}


def told(body: object, path: str = "/x", **headers: str) -> dict[str, Any]:
    """Posted JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return {"id": "7", "method": "POST", "path": path, "query": "",
            "headers": {"Content-Type": "application/json", **headers}, "body": text}  # fmt: skip


def twilio(**fields: str) -> dict[str, Any]:
    """A form signed as Twilio signs it."""
    url = f"{SETTINGS.public_url}/webhooks/twilio"
    request = posted(fields, "/webhooks/twilio")
    request["headers"]["X-Twilio-Signature"] = RequestValidator("demo-twilio-token").compute_signature(url, fields)
    return request


def meta(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A batch signed as Meta signs it."""
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1"}, "messages": messages, **more}
    batch = {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}
    body = json.dumps(batch)
    signature = hmac.new(b"demo-meta-secret", body.encode(), sha256).hexdigest()
    return told(body, "/webhooks/anything", **{"X-Hub-Signature-256": f"sha256={signature}"})


def telegram(**update: Any) -> dict[str, Any]:
    """An update with the demo's secret."""
    return told({"update_id": 11, **update}, **{"X-Telegram-Bot-Api-Secret-Token": "demo-telegram-secret"})


PERSON = {"id": 700100200, "is_bot": False, "first_name": "Awa"}
SAID = {"message_id": 3, "date": 1793865600, "chat": {"id": 700100200, "type": "private"}, "from": PERSON}
BUTTON = {"type": "button_reply", "button_reply": {"id": "7:1", "title": "Payer"}}
SESSION = {"sessionId": "ATUid_77", "phoneNumber": AWA, "networkCode": "62401", "serviceCode": "*384#"}
XML = "<ussd><msisdn>221771234567</msisdn><sessionid>1</sessionid><type>1</type><msg>&e;</msg></ussd>"

READ: dict[str, tuple[str, dict[str, Any], list[dict[str, Any]]]] = {
    "twilio message": (
        "twilio",
        twilio(MessageSid="SM1", From=f"whatsapp:{AWA}", To="whatsapp:+237650003840", Body="payer", NumMedia="0"),
        [{
            "kind": "message", "channel": "whatsapp", "sender": AWA, "phone": AWA, "msisdn": AWA, "text": "payer",
            "external_id": "SM1", "choice": None, "media": [], "location": None, "contact": None, "delivery": None,
            "reason": None, "wa_id": "221771234567",
        }],
    ),
    "twilio media": (
        "twilio",
        twilio(MessageSid="MM1", From=f"whatsapp:{AWA}", NumMedia="1", MediaUrl0="https://api.twilio.com/M/ME1",
               MediaContentType0="image/png"),
        [{"kind": "media", "mime": "image/png", "text": "", "media": [{
            "id": "ME1", "mime": "image/png", "url": "https://api.twilio.com/M/ME1", "name": None, "voice": False}]}],
    ),
    "twilio location": (
        "twilio",
        twilio(MessageSid="SM2", From=f"whatsapp:{AWA}", Latitude="14.7", Longitude="-17.4", Body="", Label="Yoff"),
        [{"kind": "location", "lat": 14.7, "lon": -17.4, "name": "Yoff"}],
    ),
    "meta batch, in its order": (
        "meta",
        meta(
            {"from": AWA[1:], "id": "wamid.1", "timestamp": "1793865600", "type": "text", "text": {"body": "1"}},
            {"from": AWA[1:], "id": "wamid.2", "timestamp": "1793865601", "type": "interactive", "interactive": BUTTON},
            {"from": AWA[1:], "id": "wamid.3", "timestamp": "1793865602", "type": "reaction", "reaction": {}},
        ),
        [
            {"kind": "message", "text": "1", "external_id": "wamid.1", "ts": 1793865600},
            {"kind": "selection", "choice": "7:1", "payload": "7:1", "title": "Payer", "context": None},
            {"kind": "ignored", "reason": "reaction"},
        ],
    ),
    "meta verification": (
        "meta",
        {"id": "7", "method": "GET", "path": "/webhooks/whatsapp", "headers": {},
         "query": "hub.mode=subscribe&hub.verify_token=demo-verify&hub.challenge=5"},
        [],
    ),
    "telegram message": (
        "telegram", telegram(message={**SAID, "text": "bonjour"}),
        [{"kind": "message", "sender": "700100200", "phone": None, "chat_id": 700100200, "external_id": "11"}],
    ),
    "telegram own contact": (
        "telegram",
        telegram(message={**SAID, "contact": {"phone_number": AWA, "first_name": "Awa", "user_id": 700100200}}),
        [{"kind": "contact", "phone": AWA,
          "contact": {"name": "Awa", "phones": [AWA], "own": True, "verified": True}}],
    ),
    "telegram tap": (
        "telegram", telegram(callback_query={"id": "55", "from": PERSON, "chat_instance": "1", "data": "7:2"}),
        [{"kind": "selection", "choice": "7:2", "payload": "7:2", "callback": "55", "external_id": "cb:55"}],
    ),
    "sms at our address": (
        "africastalking-sms",
        posted({"id": "a1", "from": AWA, "text": "AIDE", "to": "8123"}, "/webhooks/sms/africastalking/demo"),
        [{"kind": "message", "channel": "sms", "text": "AIDE", "external_id": "a1", "sender": AWA}],
    ),
    "sms at another address": (
        "africastalking-sms", posted({"id": "a1", "from": AWA, "text": "AIDE"}, "/sms"), [{"kind": "message"}],
    ),
    "delivery report at another address": (
        "africastalking-sms", posted({"id": "AT1", "status": "Failed", "failureReason": "UserInBlacklist"}, "/sms/dlr"),
        [{"kind": "delivery_status", "delivery": "failed", "reason": "UserInBlacklist", "external_id": "AT1"}],
    ),
    "delivery in our word, and in Twilio's": (
        "twilio",
        twilio(MessageSid="SM1", From="whatsapp:+237650003840", To=f"whatsapp:{AWA}", MessageStatus="undelivered",
               ErrorCode="63016"),
        [{"kind": "delivery_status", "delivery": "failed", "status": "undelivered", "error": 63016}],
    ),
    "delivery in our word, and in Meta's": (
        "meta", meta(statuses=[{"id": "wamid.1", "status": "played", "recipient_id": AWA[1:]}]),
        [{"kind": "delivery_status", "delivery": "read", "status": "played"}],
    ),
    "delivery in our word, and in Africa's Talking's": (
        "africastalking-sms", posted({"id": "AT1", "status": "Success", "phoneNumber": AWA}, "/sms/dlr"),
        [{"kind": "delivery_status", "delivery": "delivered", "status": "Success"}],
    ),
    "opt-out at another address": (
        "africastalking-sms", posted({"senderId": "TMUT", "phoneNumber": AWA}, "/sms/stop"),
        [{"kind": "opt_out", "sender": AWA, "sender_id": "TMUT"}],
    ),
    "a session begins": (
        "africastalking", posted({**SESSION, "text": ""}),
        [{"kind": "session_start", "channel": "ussd", "session_id": "ATUid_77", "service_code": "*384#", "input": None,
          "msisdn": AWA, "outcome": None}],
    ),
    "a session goes on, all of it repeated": (
        "africastalking", posted({**SESSION, "text": "2*1*a*b"}, prior_text="2*1"),
        [{"kind": "session_reply", "session_id": "ATUid_77", "input": "a*b", "reason": None}],
    ),
    "an answer of stars alone": (
        "africastalking", posted({**SESSION, "text": "2****"}, prior_text="2"), [{"input": "***"}],
    ),
    "the first answer": ("africastalking", posted({**SESSION, "text": "2"}, prior_text=""), [{"input": "2"}]),
    "the same request again": (
        "africastalking", posted({**SESSION, "text": "2*1"}, prior_text="2*1"),
        [{"kind": "session_reply", "input": "", "reason": "repeat"}],
    ),
    "what does not follow": (
        "africastalking", posted({**SESSION, "text": "3*1"}, prior_text="2*1"),
        [{"kind": "session_reply", "input": None, "reason": "lost"}],
    ),
    "a session ends": (
        "africastalking",
        posted({**SESSION, "status": "Incomplete", "hopsCount": "3", "input": "2*1", "durationInMillis": "900"}),
        [{"kind": "session_end", "outcome": "abandoned", "input": None, "hops": 3, "text": ""}],
    ),
    "a gateway that repeats nothing": (
        "flares", asked("MSISDN=221771234567&MSC=m&input=7&SessionID=s1", prior_text=""),
        [{"kind": "session_reply", "session_id": "s1", "input": "7"}],
    ),
    "a query behind the path": (
        "flares", asked("", path="/ussd/flares?MSISDN=221771234567&MSC=m&input=384%2A2&SessionID=s1"),
        [{"kind": "session_start", "service_code": "*384*2#", "input": None}],
    ),
}  # fmt: skip

REFUSED: dict[str, tuple[str, dict[str, Any], int, str]] = {
    "twilio, unsigned": ("twilio", posted({"MessageSid": "SM1", "From": AWA}, "/webhooks/twilio"), 403, ""),
    "twilio, another address": ("twilio", {**twilio(MessageSid="SM1", From=AWA, Body="1"), "path": "/x"}, 403, ""),
    "meta, badly signed": ("meta", told({"object": "x"}, **{"X-Hub-Signature-256": "sha256=" + "0" * 64}), 403, ""),
    "meta, another body": ("meta", {**meta(), "body": "{}"}, 403, ""),
    "telegram, no secret": ("telegram", told({"update_id": 1}), 403, "wrong secret"),
    "telegram, no JSON": ("telegram", {**telegram(), "body": "{"}, 400, "body: no JSON"),
    "telegram, huge": ("telegram", {**telegram(), "body": "x" * 300_000}, 413, "body: at most 262144 bytes"),
    "telegram, by GET": ("telegram", {**telegram(), "method": "get"}, 405, "method: POST"),
    "sms, wrong secret at our address": (
        "africastalking-sms", posted({"id": "1", "from": AWA, "text": ""}, "/webhooks/sms/africastalking/x"), 403, "",
    ),
    "sms, nothing in it": ("africastalking-sms", posted({"id": "1"}), 400, "missing field: phoneNumber"),
    "ussd, wrong secret at our address": (
        "africastalking", posted({**SESSION, "text": ""}, "/webhooks/ussd/africastalking/x"), 403, "wrong secret",
    ),
    "ussd, fields missing": ("safaricom", asked("ORIG=221771234567&USSD_PARAMS=7&SESSION_ID=s"), 400, ""),
    "ussd, JSON for a form": ("africastalking", told({"text": ""}), 415, f"content type: {FORM}"),
    "ussd, an entity": (
        "truroute",
        {**told(f"<!DOCTYPE u [<!ENTITY e 'x'>]>{XML}"), "headers": {"Content-Type": "text/xml"}},
        400, "",
    ),
}  # fmt: skip


def answers(adapter: Adapter, settings: Settings, lines: list[bytes]) -> list[bytes]:
    """What comes back for some lines."""
    return list(Requests(adapter, settings).answers(lines))


def answer(adapter: Adapter, settings: Settings, asked: bytes) -> dict[str, Any]:
    """What comes back for one."""
    (found,) = answers(adapter, settings, [asked])
    return dict(json.loads(found))


def line(request: object) -> bytes:
    """As it is handed in."""
    return json.dumps(request).encode()


@pytest.mark.parametrize(("adapter", "request_", "expected"), READ.values(), ids=READ.keys())
def test_a_request_is_read(adapter: str, request_: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    found = answer(ADAPTERS[adapter], SETTINGS, line(request_))
    assert (found["id"], found["status"], len(found["events"])) == ("7", 200, len(expected)), found
    for event, wanted in zip(found["events"], expected, strict=True):
        assert {name: event.get(name, "missing") for name in wanted} == wanted


@pytest.mark.parametrize(("adapter", "request_", "status", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_request_is_refused_as_the_app_would(
    adapter: str, request_: dict[str, Any], status: int, reason: str
) -> None:
    found = answer(ADAPTERS[adapter], SETTINGS, line(request_))
    (event,) = found["events"]
    assert (found["id"], found["status"], event["kind"]) == ("7", status, "rejected")
    assert event["reason"] == reason if reason else event["reason"]


def test_what_is_missing_is_named() -> None:
    found = answer(ADAPTERS["safaricom"], SETTINGS, line(REFUSED["ussd, fields missing"][1]))
    assert found["events"][0]["missing"] == ["DEST"]


RUBBISH = ["", "{}", "[]", "null", "x=1", "<a/>", "\0", "%", "&&==", '{"a":' * 500, "é" * 3000, "<" * 100]


@pytest.mark.parametrize("name", list(ADAPTERS))
def test_no_adapter_stumbles_over_rubbish(name: str) -> None:
    kinds = (FORM, "application/json", "text/xml", "", f"{FORM}; charset=bogus")
    for method, kind, body in itertools.product(("POST", "GET", "PUT"), kinds, RUBBISH):
        request = {"id": 1, "method": method, "path": "/", "headers": {"Content-Type": kind}, "query": body}
        found = answer(ADAPTERS[name], SETTINGS, line({**request, "body": body}))
        assert found["status"] < 500, (found, request)
        assert all(set(event) >= {"kind", "reason"} for event in found["events"])


BAD = [b"nonsense", b"[]", b"5", b'{"id":', b"\xff\xfe", b"[" * 10_000, b'{"headers":[]}', b'{"id":{}}']


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_line_is_told_and_stops_nothing(bad: bytes) -> None:
    good = line(READ["telegram message"][1])
    first, second, third = map(json.loads, answers(ADAPTERS["telegram"], SETTINGS, [good, bad + b"\n", b"\n", good]))
    assert (first["status"], third["status"]) == (200, 200)
    assert (second["id"], second["status"], second["events"][0]["kind"]) == (None, 400, "rejected")


def test_the_mark_some_editors_put_first_belongs_to_no_line() -> None:
    good = line(READ["telegram message"][1])
    found = answer(ADAPTERS["telegram"], SETTINGS, b"\xef\xbb\xbf" + good)
    assert (found["id"], found["status"]) == ("7", 200)


def test_a_line_with_a_name_keeps_it_even_when_it_is_no_request() -> None:
    assert answer(ADAPTERS["telegram"], SETTINGS, b'{"id": 5, "body": {}}')["id"] == 5


@pytest.mark.untraced
def test_each_of_many_lines_is_answered_before_the_next_is_read_and_costs_the_same() -> None:
    said, taken, calls, costs = line(READ["a session goes on, all of it repeated"][1]), 0, 0, list[int]()

    def lines() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(300):
            taken += 1
            yield said

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    answered = Requests(ADAPTERS["africastalking"], SETTINGS).answers(lines())
    for number, _ in enumerate(_counted(answered, count), 1):
        assert taken == number
        costs.append(calls)
        calls = 0
    assert taken == 300
    assert 0 < max(costs[100:]) <= min(costs[100:]) * 1.2
    assert max(costs[100:]) < 5_000


def _counted(found: Iterator[Any], count: Callable[..., None]) -> Iterator[Any]:
    """The same, with everything that is called on the way to each of them."""
    ended = object()
    while True:
        sys.setprofile(count)
        one = next(found, ended)
        sys.setprofile(None)
        if one is ended:
            return
        yield one


async def test_the_command_reads_lines_in_their_order_without_a_database() -> None:
    requests = [{**telegram(message={**SAID, "text": str(number)}), "id": number} for number in range(50)]
    requests.insert(7, "nonsense")  # type: ignore[arg-type]
    says = "\n".join(json.dumps(request) for request in requests) + "\n"
    status, out, err = await toit("read-request", "telegram", says=says, DATABASE_URL="postgresql://127.0.0.1:9/none")
    assert (status, err) == (2, "")
    found = [json.loads(answered) for answered in out.splitlines()]
    assert [one["id"] for one in found] == [*range(7), None, *range(7, 50)]
    assert [one["events"][0].get("text") for one in found if one["id"] is not None] == [str(n) for n in range(50)]


async def test_secrets_come_from_the_settings() -> None:
    status, out, _ = await toit(
        "read-request", "telegram", says=json.dumps(telegram()), TOIT_TELEGRAM_SECRET="another-secret"
    )
    assert (status, json.loads(out)["status"]) == (0, 403)


async def test_an_unknown_adapter_is_told_which_there_are() -> None:
    status, out, err = await toit("read-request", "pigeon", says="{}")
    assert (status, out) == (2, "")
    assert "pigeon" in err
    assert all(name in err for name in ("twilio", "meta", "telegram", "africastalking-sms", "flares", "parlayx"))


def test_a_kind_that_nobody_else_has_a_word_for_is_shown_as_ignored() -> None:
    told = shown(Event("opt_in", "telegram", "telegram", sender="7", reason="unblocked"))
    assert (told["kind"], told["reason"]) == ("ignored", "unblocked")

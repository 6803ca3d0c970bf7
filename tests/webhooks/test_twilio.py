"""Twilio's webhooks: what people write, tap and send on WhatsApp and by SMS, and delivery; good, nasty and hostile."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.inbound import Location, Media
from core.kit.settings import Settings
from tests.webhooks.signing import shown, twilio_request, twilio_signature
from webhooks.raw import FORM, Raw, Rejected
from webhooks.twilio import BODY_LIMIT, read

TOKEN, BASE = "test-token-of-ours", "https://toit.example"
URL = f"{BASE}/webhooks/twilio"
SETTINGS = Settings(_env_file=None, public_url=BASE, twilio_token=TOKEN)
ALICE, OURS = "+237677000001", "+237650003840"

COMMON = {
    "SmsMessageSid": "SMa1", "NumMedia": "0", "SmsSid": "SMa1", "SmsStatus": "received", "NumSegments": "1",
    "MessageSid": "SMa1", "AccountSid": "AC1", "ApiVersion": "2010-04-01",
}  # fmt: skip
SMS = {**COMMON, "From": ALICE, "To": "+237650003841", "Body": "menu", "FromCountry": "CM", "ToCity": ""}
CHAT = {
    **COMMON, "From": f"whatsapp:{ALICE}", "To": f"whatsapp:{OURS}", "Body": "menu", "WaId": "237677000001",
    "ProfileName": "Ngo Alice", "MessageType": "text", "Forwarded": "false",
}  # fmt: skip
STATUS = {
    "MessageSid": "SMout1", "SmsSid": "SMout1", "SmsStatus": "sent", "MessageStatus": "sent", "AccountSid": "AC1",
    "From": f"whatsapp:{OURS}", "To": f"whatsapp:{ALICE}", "ApiVersion": "2010-04-01", "ChannelPrefix": "whatsapp",
}  # fmt: skip

Form = dict[str, str]
FROM_ALICE: dict[str, Any] = {"source": "twilio", "sender": ALICE, "phone": ALICE, "external_id": "SMa1"}
WROTE: dict[str, Any] = {**FROM_ALICE, "kind": "message", "channel": "sms", "text": "menu"}
CHATTED: dict[str, Any] = {**WROTE, "channel": "whatsapp", "name": "Ngo Alice"}
LONG = "Bonjour, je cherche un studio meublé à Bastos, près de l’école, pour 80 000 F par mois 🏠"
PACKED = base64.b64encode(LONG.encode()).decode()


def without(form: Form, *names: str) -> Form:
    return {name: value for name, value in form.items() if name not in names}


def request(form: Form, url: str = URL, query: str = "") -> Raw:
    return twilio_request(TOKEN, url, list(form.items()), query)


READ: list[tuple[str, Form, dict[str, Any]]] = [
    ("an SMS", SMS, WROTE),
    ("an SMS without a plus", {**SMS, "From": "237677000001"}, WROTE),
    ("an SMS with a NUL", {**SMS, "Body": f"{SMS['Body'][:2]}\0{SMS['Body'][2:]}"}, WROTE),
    ("an empty SMS", {**SMS, "Body": ""}, without(WROTE, "text")),
    ("an SMS without a body", without(SMS, "Body"), without(WROTE, "text")),
    ("blanks at the ends stay", {**SMS, "Body": "  1 \n"}, {**WROTE, "text": "  1 \n"}),
    ("only the short id", without(SMS, "MessageSid", "SmsMessageSid"), WROTE),
    ("parts of a long SMS in base64", {**SMS, "Body": PACKED}, {**WROTE, "text": LONG}),
    ("the same, folded", {**SMS, "Body": PACKED[:76] + "\n" + PACKED[76:]}, {**WROTE, "text": LONG}),
    ("letters that only look packed", {**SMS, "Body": "a" * 64}, {**WROTE, "text": "a" * 64}),
    ("bytes in base64 that are no text", {**SMS, "Body": "AAEC" * 20}, {**WROTE, "text": "AAEC" * 20}),
    ("a short word in base64", {**SMS, "Body": "bWVudQ=="}, {**WROTE, "text": "bWVudQ=="}),
    ("base64 on WhatsApp is what was typed", {**CHAT, "Body": PACKED}, {**CHATTED, "text": PACKED}),
    ("a chat", CHAT, CHATTED),
    ("a chat without a prefix on From", {**CHAT, "From": ALICE}, CHATTED),
    ("a chat without a plus", {**CHAT, "From": "whatsapp:237677000001"}, CHATTED),
    ("unknown parameters", {**CHAT, "NewThing": "é 🏠", "": "x", "Zz": ""}, CHATTED),
    ("a number of the old plan", {**CHAT, "From": "whatsapp:+22967000001"},
     {**CHATTED, "sender": "+22967000001", "phone": "+2290167000001"}),
    ("somebody without a number", {**CHAT, "From": "whatsapp:US.1234", "ExternalUserId": "whatsapp:US.1234"},
     {**without(CHATTED, "phone"), "sender": "US.1234", "alias": "US.1234"}),
    ("a number behind which an id stands too", {**CHAT, "ExternalUserId": "whatsapp:CM.450000001"},
     {**CHATTED, "alias": "CM.450000001"}),
    ("a button", {**CHAT, "Body": "Payer", "ButtonText": "Payer", "ButtonPayload": '{"a": 1}', "MessageType": "button",
                  "OriginalRepliedMessageSid": "SMout1"},
     {**CHATTED, "kind": "selection", "text": "Payer", "choice": '{"a": 1}', "reply_to": "SMout1"}),
    ("a button without its text", {**without(CHAT, "Body"), "ButtonPayload": "t:1"},
     {**without(CHATTED, "text"), "kind": "selection", "choice": "t:1"}),
    ("a button without a payload", {**CHAT, "Body": "Oui", "ButtonText": "Oui"},
     {**CHATTED, "kind": "selection", "text": "Oui"}),
    ("a line of a list", {**CHAT, "Body": "Bastos", "ListId": "12:3", "ListTitle": "Bastos"},
     {**CHATTED, "kind": "selection", "text": "Bastos", "choice": "12:3"}),
    ("a pin", {**CHAT, "Body": "", "Latitude": "3.8861", "Longitude": "11.5021", "MessageType": "location"},
     {**without(CHATTED, "text"), "kind": "location", "location": Location(3.8861, 11.5021)}),
    ("a named pin", {**CHAT, "Body": "", "Latitude": "-3", "Longitude": "0", "Label": "Carrefour", "Address": "Rue 1"},
     {**without(CHATTED, "text"), "kind": "location", "location": Location(-3.0, 0.0, "Carrefour")}),
    ("a pin off the earth", {**CHAT, "Latitude": "91", "Longitude": "11"},
     {**without(CHATTED, "text"), "kind": "ignored", "reason": "malformed"}),
    ("a pin that is no number", {**CHAT, "Latitude": "nan", "Longitude": "1e999"},
     {**without(CHATTED, "text"), "kind": "ignored", "reason": "malformed"}),
    ("a picture", {**without(CHAT, "Body"), "NumMedia": "1", "MediaContentType0": "image/jpeg",
                   "MediaUrl0": "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/SMa1/Media/ME7"},
     {**without(CHATTED, "text"), "kind": "media", "media": (
         Media("ME7", "image/jpeg", "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/SMa1/Media/ME7"),)}),
    ("two pictures and a caption", {**CHAT, "Body": "le toit", "NumMedia": "2", "MediaUrl0": "https://x/A",
                                    "MediaUrl1": "https://x/B", "MediaContentType1": "image/png"},
     {**CHATTED, "kind": "media", "text": "le toit",
      "media": (Media("A", "", "https://x/A"), Media("B", "image/png", "https://x/B"))}),
    ("more media than are there", {**CHAT, "NumMedia": "9", "MediaUrl0": "https://x/A"},
     {**CHATTED, "kind": "media", "media": (Media("A", "", "https://x/A"),)}),
    ("media without an address", {**CHAT, "Body": "", "NumMedia": "1", "MessageType": "image"},
     {**without(CHATTED, "text"), "kind": "unsupported", "reason": "image"}),
    ("a count that is none", {**CHAT, "NumMedia": "²"}, CHATTED),
    ("a count beyond all counting", {**CHAT, "NumMedia": "9" * 5_000, "MediaUrl0": "https://x/A"}, CHATTED),
    ("an order", {**CHAT, "Body": "", "MessageType": "order"},
     {**without(CHATTED, "text"), "kind": "unsupported", "reason": "order"}),
    ("a brand", {**SMS, "From": "OrangeMoney"},
     {**without(WROTE, "text", "phone", "sender"), "kind": "ignored", "reason": "the sender cannot be answered"}),
    ("a short code", {**SMS, "From": "8123"},
     {**without(WROTE, "text", "phone", "sender"), "kind": "ignored", "reason": "the sender cannot be answered"}),
    ("another channel", {**SMS, "From": "messenger:1234567890", "To": "messenger:1"},
     {**without(WROTE, "text", "phone", "sender"), "kind": "ignored", "channel": "messenger",
      "reason": "channel messenger"}),
    ("a chat from nobody", {**CHAT, "From": "whatsapp:"},
     {**without(CHATTED, "text", "phone", "sender"), "kind": "ignored", "reason": "the sender cannot be answered"}),
]  # fmt: skip


@pytest.mark.parametrize(("form", "expected"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_what_is_said_is_read(form: Form, expected: dict[str, Any]) -> None:
    (event,) = read(request(form), SETTINGS)
    assert shown(event) == expected


DELIVERED: dict[str, Any] = {
    "kind": "delivery_status", "channel": "whatsapp", "source": "twilio", "sender": ALICE, "phone": ALICE,
    "external_id": "SMout1",
}  # fmt: skip
STATUSES: list[tuple[Form, dict[str, Any]]] = [
    ({}, {"delivery": "sent"}),
    *(({"MessageStatus": word}, {"delivery": "queued"}) for word in ("queued", "accepted", "scheduled", "sending")),
    ({"MessageStatus": "delivered"}, {"delivery": "delivered"}),
    ({"MessageStatus": "READ"}, {"delivery": "read"}),
    ({"MessageStatus": "undelivered", "ErrorCode": "30003"}, {"delivery": "failed", "reason": "30003"}),
    ({"MessageStatus": "failed", "ErrorCode": "63016"}, {"delivery": "failed", "reason": "63016"}),
    ({"MessageStatus": "failed", "ErrorCode": "²"}, {"delivery": "failed", "reason": "²"}),
    ({"MessageStatus": "Canceled"}, {"delivery": "failed"}),
    ({"MessageStatus": "teleported"}, {"delivery": "teleported"}),
    ({"From": "+237650003841", "To": ALICE}, {"delivery": "sent", "channel": "sms"}),
    ({"To": "whatsapp:CM.4500"}, {"delivery": "sent", "sender": "CM.4500", "phone": None}),
    ({"To": ""}, {"delivery": "sent", "sender": None, "phone": None}),
]


@pytest.mark.parametrize("path", ["", "/status"])
@pytest.mark.parametrize(("changes", "expected"), STATUSES)
def test_what_became_of_a_message_is_read(path: str, changes: Form, expected: dict[str, Any]) -> None:
    (event,) = read(request({**STATUS, **changes}, URL + path), SETTINGS)
    assert shown(event) == {name: value for name, value in (DELIVERED | expected).items() if value}


def test_integrators_see_what_else_came() -> None:
    (event,) = read(request({**CHAT, "ExternalUserId": "whatsapp:CM.45", "Forwarded": "true"}), SETTINGS)
    assert event.raw == {"business_user_id": "CM.45", "forwarded": True}
    (event,) = read(request({**STATUS, "ErrorCode": "63016"}), SETTINGS)
    assert event.raw == {"error": 63016, "status": "sent"}


# --- the signature -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "a=1&b=2", "b=2&a=1&a=%C3%A9+%2B", "a", "a=1&a=1"])
def test_the_query_is_signed_as_it_stood(query: str) -> None:
    assert len(read(request(CHAT, query=query), SETTINGS)) == 1
    with pytest.raises(Rejected):
        read(replace(request(CHAT, query=query), query=query + "&c"), SETTINGS)


@pytest.mark.parametrize("signed_as", [BASE, f"{BASE}:443"])
@pytest.mark.parametrize("public", [BASE, f"{BASE}:443", f"{BASE}/"])
def test_the_port_may_be_in_the_signed_address_or_not(signed_as: str, public: str) -> None:
    settings = Settings(_env_file=None, public_url=public, twilio_token=TOKEN)
    assert len(read(request(CHAT, f"{signed_as}/webhooks/twilio"), settings)) == 1


def test_repeated_parameters_are_signed_once_for_each_value() -> None:
    pairs = [*CHAT.items(), ("Extra", "2"), ("Extra", "1"), ("Extra", "2"), ("Body", "second")]
    (event,) = read(twilio_request(TOKEN, URL, pairs), SETTINGS)
    assert event.text == "menu"


def test_a_form_in_another_charset_is_signed_by_its_text() -> None:
    form = {**CHAT, "Body": "déjà payé"}
    signature = twilio_signature(TOKEN, URL, list(form.items()))
    body = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in form.items()).encode("cp1252")
    headers = {"content-type": f"{FORM}; charset=windows-1252", "x-twilio-signature": signature}
    (event,) = read(Raw("POST", "/webhooks/twilio", "", headers, body), SETTINGS)
    assert event.text == "déjà payé"


def signed_json(body: bytes, query: str | None = None) -> Raw:
    query = f"bodySHA256={hashlib.sha256(body).hexdigest()}" if query is None else query
    signature = twilio_signature(TOKEN, f"{URL}?{query}", [])
    return Raw(
        "POST", "/webhooks/twilio", query, {"content-type": "application/json", "x-twilio-signature": signature}, body
    )


def test_signed_json_is_acknowledged_and_is_no_message() -> None:
    (event,) = read(signed_json(json.dumps(CHAT).encode()), SETTINGS)
    assert (event.kind, event.reason) == ("ignored", "no message: JSON")


@pytest.mark.parametrize(
    "raw",
    [
        signed_json(b"{}", "bodySHA256=" + "0" * 64),
        signed_json(b"{}", ""),
        signed_json(b"\xff"),
        replace(signed_json(b"{}"), body=b"{ }"),
    ],
)
def test_json_without_the_right_hash_is_refused(raw: Raw) -> None:
    with pytest.raises(Rejected) as refused:
        read(raw, SETTINGS)
    assert refused.value.status == 403


def headed(raw: Raw, name: str, value: str | None) -> Raw:
    kept = {known: given for known, given in raw.headers.items() if known != name}
    return replace(raw, headers=kept if value is None else {**kept, name: value})


SIGNATURE = "x-twilio-signature"
FORGERIES: dict[str, Callable[[Raw], Raw]] = {
    "unsigned": lambda raw: headed(raw, SIGNATURE, None),
    "signed with nothing": lambda raw: headed(raw, SIGNATURE, ""),
    "badly signed": lambda raw: headed(raw, SIGNATURE, "bm90IHRoZSBzaWduYXR1cmU="),
    "signed in no alphabet": lambda raw: headed(raw, SIGNATURE, "é🏠\udcff"),
    "a letter off": lambda raw: headed(raw, SIGNATURE, raw.headers[SIGNATURE].swapcase()),
    "signed by another": lambda raw: headed(raw, SIGNATURE, twilio_signature("12345", URL, [])),
    "one more parameter": lambda raw: replace(raw, body=raw.body + b"&Body=1"),
    "truncated": lambda raw: replace(raw, body=raw.body[:-3]),
    "a text that was trimmed": lambda raw: replace(raw, body=raw.body.replace(b"menu", b"menu+")),
    "for another path": lambda raw: replace(raw, path="/webhooks/twilio/other"),
    "for no path": lambda raw: replace(raw, path="[::@x"),
    "for a path in no charset": lambda raw: replace(raw, path="/webhooks/twilio\udcff"),
    "with a query": lambda raw: replace(raw, query="a=1"),
    "as JSON": lambda raw: headed(raw, "content-type", "application/json"),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize("form", [SMS, CHAT, STATUS], ids=["sms", "chat", "status"])
def test_what_is_not_signed_so_is_refused(form: Form, forge: Callable[[Raw], Raw]) -> None:
    raw = request({**form, "Body": "menu"})
    assert len(read(raw, SETTINGS)) == 1
    with pytest.raises(Rejected) as refused:
        read(forge(raw), SETTINGS)
    assert refused.value.status == 403


def hostile(row: tuple[str, Form, dict[str, Any]]) -> list[Raw]:
    """A good request in every wrong way."""
    raw = request(row[1])
    charset = headed(raw, "content-type", f"{FORM}; charset=bogus")
    return [
        *(forge(raw) for name, forge in FORGERIES.items() if name != "a text that was trimmed"),
        replace(raw, body=raw.body[: len(raw.body) // 2]),
        charset,
        headed(raw, "content-type", f"{FORM}; charset=utf-16"),
        headed(raw, "content-type", "text/plain"),
        headed(raw, "content-type", None),
        replace(raw, body=raw.body + b"&Body=%FF"),
        replace(raw, body=raw.body + b"&Body=%00"),
        replace(raw, body=raw.body + b"&x=" * 200),
        replace(raw, body=b""),
        replace(raw, body=b"\xff" * 1_000),
        replace(raw, body=raw.body + b"x" * BODY_LIMIT),
    ]


@pytest.mark.parametrize("row", READ, ids=[row[0] for row in READ])
def test_nothing_hostile_is_read(row: tuple[str, Form, dict[str, Any]]) -> None:
    for raw in hostile(row):
        with pytest.raises(Rejected) as refused:
            read(raw, SETTINGS)
        assert refused.value.status in {400, 403, 415}


@pytest.mark.parametrize(
    "form",
    [
        without(SMS, "MessageSid", "SmsSid"),
        {**without(SMS, "SmsSid"), "MessageSid": ""},
        {**SMS, "MessageSid": "S" * 129},
        {**SMS, "MessageSid": "a\nb"},
        {**STATUS, "MessageSid": "", "SmsSid": ""},
    ],
)
def test_a_signed_message_must_have_an_id(form: Form) -> None:
    with pytest.raises(Rejected) as refused:
        read(request(form), SETTINGS)
    assert (refused.value.status, "MessageSid" in refused.value.reason) == (400, True)


def test_a_message_of_nobody_is_no_message() -> None:
    for form in (without(SMS, "From"), {**CHAT, "From": ""}):
        with pytest.raises(Rejected) as refused:
            read(request(form), SETTINGS)
        assert (refused.value.status, refused.value.reason) == (400, "missing field: From")

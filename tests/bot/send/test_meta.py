"""The Cloud API client: what is put on the wire for each screen, and what each answer means."""

import json
from typing import Any

import aiohttp
import pytest

from bot.render.bubble import Bubble, Choice, Pin, pack_bubble
from bot.send import exchange, meta
from bot.send.meta import Meta
from core.kit.errors import ProviderError
from core.kit.settings import Settings
from core.kit.speaker import Address
from core.notices.words import Paper, Parcel, Sent
from tests.bot.send.conftest import Answer, Vendor

TO = Address("whatsapp", "+237677000001")
PHOTO = "https://toit.example/photos/1.jpg"
TWO = (Choice("7:1", "Voir"), Choice("7:0", "Retour"))


def taken(wamid: str = "wamid.QTE") -> Answer:
    contact = {"input": "237677000001", "wa_id": "237677000001"}
    body = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]}
    return Answer(200, json.dumps(body))


def refused(code: int, status: int = 400) -> Answer:
    error = {"message": f"(#{code}) to +237677000001", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return Answer(status, json.dumps({"error": error}))


@pytest.fixture
def client(vendor: Vendor, http: aiohttp.ClientSession) -> Meta:
    return Meta(http, Settings(_env_file=None, meta_url=f"{vendor.url}/v23.0", meta_phone_number_id="384"))


def words(text: str = "Bonjour") -> Parcel:
    return Parcel(51, TO, text, "fr")


def screen(**bubble: Any) -> Parcel:
    return Parcel(51, TO, "", "fr", screen=pack_bubble(Bubble(**{"text": "Que faire ?", **bubble})))


async def sent(client: Meta, vendor: Vendor, parcel: Parcel) -> list[dict[str, Any]]:
    """What the vendor got for a parcel: each message without its envelope."""
    vendor.rule = lambda _: taken(f"wamid.{len(vendor.asked)}")
    assert await client.send(parcel) == Sent("meta", f"wamid.{len(vendor.asked)}")
    envelope = {"messaging_product", "recipient_type", "to", "biz_opaque_callback_data"}
    return [{name: value for name, value in one.json.items() if name not in envelope} for one in vendor.asked]


async def test_words(client: Meta, vendor: Vendor) -> None:
    vendor.script = [taken()]
    assert await client.send(words()) == Sent("meta", "wamid.QTE")
    (asked,) = vendor.asked
    assert (asked.method, asked.path) == ("POST", "/v23.0/384/messages")
    assert asked.headers["Authorization"] == "Bearer demo-meta-access"
    assert asked.json == {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "237677000001",
        "biz_opaque_callback_data": "51", "type": "text", "text": {"body": "Bonjour", "preview_url": False},
    }  # fmt: skip


async def test_somebody_without_a_number_is_named_by_their_id(client: Meta, vendor: Vendor) -> None:
    vendor.script = [taken()]
    await client.send(Parcel(51, Address("whatsapp", "CM.45001"), "x", "fr"))
    assert vendor.asked[0]["recipient"] == "CM.45001"
    assert vendor.asked[0].get("to") is None


async def test_buttons(client: Meta, vendor: Vendor) -> None:
    (message,) = await sent(client, vendor, screen(choices=TWO, style="buttons"))
    buttons = [
        {"type": "reply", "reply": {"id": "7:1", "title": "Voir"}},
        {"type": "reply", "reply": {"id": "7:0", "title": "Retour"}},
    ]
    shown = {"type": "button", "body": {"text": "Que faire ?"}, "action": {"buttons": buttons}}
    assert message == {"type": "interactive", "interactive": shown}


async def test_a_list(client: Meta, vendor: Vendor) -> None:
    rows = (Choice("7:1", "Studio", "85 000 FCFA"), Choice("7:0", "Retour"))
    (message,) = await sent(client, vendor, screen(choices=rows, style="list", opener="Choisir"))
    told = [{"id": "7:1", "title": "Studio", "description": "85 000 FCFA"}, {"id": "7:0", "title": "Retour"}]
    action = {"button": "Choisir", "sections": [{"rows": told}]}
    assert message["interactive"] == {"type": "list", "body": {"text": "Que faire ?"}, "action": action}


async def test_a_picture_over_buttons_is_one_message(client: Meta, vendor: Vendor) -> None:
    (message,) = await sent(client, vendor, screen(choices=TWO, style="buttons", photo=PHOTO))
    assert message["interactive"]["header"] == {"type": "image", "image": {"link": PHOTO}}


async def test_a_picture_with_words_alone_has_them_as_its_caption(client: Meta, vendor: Vendor) -> None:
    assert await sent(client, vendor, screen(photo=PHOTO)) == [
        {"type": "image", "image": {"link": PHOTO, "caption": "Que faire ?"}}
    ]


async def test_what_can_be_tapped_comes_last(client: Meta, vendor: Vendor) -> None:
    parcel = screen(choices=TWO, style="list", opener="Choisir", photo=PHOTO, pin=Pin(4.05, 9.7, "Akwa"))
    messages = await sent(client, vendor, parcel)
    assert [message["type"] for message in messages] == ["image", "location", "interactive"]
    assert messages[1]["location"] == {"latitude": 4.05, "longitude": 9.7, "name": "Akwa"}
    named = [one.get("biz_opaque_callback_data") for one in vendor.asked]
    assert named == [None, None, "51"], "reports of a picture are not the message's own"


async def test_a_location_is_asked_for_and_a_contact_in_words(client: Meta, vendor: Vendor) -> None:
    (message,) = await sent(client, vendor, screen(asks="location", share="Envoyer"))
    asked = {"type": "location_request_message", "body": {"text": "Que faire ?"}, "action": {"name": "send_location"}}
    assert message["interactive"] == asked
    vendor.asked.clear()
    (message,) = await sent(client, vendor, screen(asks="contact", share="Envoyer"))
    assert message["type"] == "text"


async def test_an_approved_template_has_one_line_in_each_blank(client: Meta, vendor: Vendor) -> None:
    parcel = Parcel(51, TO, "unused", "en", approved=("toit_rent_paid", ("85 000 FCFA", "a\nb\t  c", " ")))
    (message,) = await sent(client, vendor, parcel)
    told = [{"type": "text", "text": text} for text in ("85 000 FCFA", "a b c", "-")]
    components = [{"type": "body", "parameters": told}]
    assert message["template"] == {"name": "toit_rent_paid", "language": {"code": "en"}, "components": components}
    vendor.asked.clear()
    (message,) = await sent(client, vendor, Parcel(51, TO, "", "fr", approved=("toit_waiting", ())))
    assert message["template"]["components"] == []


REFUSED = [
    # code, retryable, after, gone, closed
    (131047, False, 0, False, True),
    (132001, False, 0, False, True),
    (131026, False, 0, True, False),
    (130429, True, 2, False, False),
    (80007, True, 60, False, False),
    (4, True, 60, False, False),
    (131048, True, 600, False, False),
    (131056, True, 6, False, False),
    (131000, True, 0, False, False),
    (131049, False, 0, False, False),
    (131050, False, 0, False, False),
    (131062, False, 0, False, False),
    (190, False, 0, False, False),
    (100, False, 0, False, False),
    (999999, False, 0, False, False),
]


@pytest.mark.parametrize("status", [400, 403, 429, 500, 200])
@pytest.mark.parametrize(("code", "retryable", "after_s", "gone", "closed"), REFUSED)
async def test_refusals_go_by_their_code_whatever_the_status(
    client: Meta, vendor: Vendor, code: int, retryable: bool, after_s: float, gone: bool, closed: bool, status: int
) -> None:
    vendor.script = [refused(code, status)]
    with pytest.raises(ProviderError) as caught:
        await client.send(words())
    error = caught.value
    flags = (error.code, error.retryable, error.unknown, error.after_s, error.gone, error.closed)
    assert flags == (str(code), retryable, False, after_s, gone, closed)
    assert "677000001" not in str(error)


ODD = [
    (502, "<html>Bad Gateway</html>", "http_502", True, False),
    (503, "", "http_503", True, False),
    (504, "<html>", "http_504", False, True),
    (500, "oops", "http_500", True, False),
    (401, "no", "http_401", False, False),
    (302, "", "http_302", False, False),
    (400, '{"error":{"code":"x"}}', "http_400", False, False),
    (400, '{"error":7}', "http_400", False, False),
    (200, "<html>ok</html>", "unreadable_answer", False, True),
    (200, "[" * 100_000, "unreadable_answer", False, True),
    (200, json.dumps({"messages": [{"id": "x"}], "filler": "x" * 300_000}), "unreadable_answer", False, True),
    (200, '{"messages":{}}', "unreadable_answer", False, True),
]


@pytest.mark.parametrize(("status", "body", "code", "retryable", "unknown"), ODD)
async def test_what_nobody_can_read(
    client: Meta, vendor: Vendor, status: int, body: str, code: str, retryable: bool, unknown: bool
) -> None:
    vendor.script = [Answer(status, body)]
    with pytest.raises(ProviderError) as caught:
        await client.send(words())
    assert (caught.value.code, caught.value.retryable, caught.value.unknown) == (code, retryable, unknown)


@pytest.mark.parametrize("body", ["{}", '{"messages":[]}', '{"messages":[{"id":"a\\u0000b"}]}'])
async def test_taken_without_an_id(client: Meta, vendor: Vendor, body: str) -> None:
    vendor.script = [Answer(200, body)]
    assert await client.send(words()) == Sent("meta", "")


def receipt(text: str = "85 000 FCFA payés", **more: Any) -> Parcel:
    return Parcel(51, TO, text, "fr", paper=Paper("quittance-2026-000123.pdf", b"%PDF-1.3"), **more)


def paths(vendor: Vendor) -> list[str]:
    return [asked.path.rpartition("/")[2] for asked in vendor.asked]


UPLOADED = Answer(200, '{"id":"4470"}')


async def test_a_paper_is_uploaded_and_is_one_message_with_its_words(client: Meta, vendor: Vendor) -> None:
    vendor.script = [UPLOADED, taken()]
    assert await client.send(receipt()) == Sent("meta", "wamid.QTE")
    upload, message = vendor.asked
    assert (upload.method, upload.path) == ("POST", "/v23.0/384/media")
    assert upload.headers["Authorization"] == "Bearer demo-meta-access"
    assert dict(upload.form) == {"messaging_product": "whatsapp", "type": "application/pdf"}
    assert upload.files == {"file": ("quittance-2026-000123.pdf", "application/pdf", b"%PDF-1.3")}
    assert (message.path, message["type"], message["to"]) == ("/v23.0/384/messages", "document", "237677000001")
    named = {"id": "4470", "filename": "quittance-2026-000123.pdf"}
    assert message["document"] == {**named, "caption": "85 000 FCFA payés"}
    assert message["biz_opaque_callback_data"] == "51"


@pytest.mark.parametrize(
    ("parcel", "asked"),
    [
        (receipt("x" * 1_024), ["media", "messages"]),
        (receipt("x" * 1_025), ["messages"]),
        (receipt(approved=("toit_rent_paid", ("85.000F",))), ["messages"]),
    ],
    ids=["the longest caption", "too long for one", "outside the window"],
)
async def test_a_paper_goes_only_where_its_words_are_a_caption(
    client: Meta, vendor: Vendor, parcel: Parcel, asked: list[str]
) -> None:
    vendor.rule = lambda one: UPLOADED if one.path.endswith("/media") else taken()
    await client.send(parcel)
    assert paths(vendor) == asked
    assert vendor.asked[-1]["type"] == ("template" if parcel.approved else "document" if "media" in asked else "text")


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ([refused(100), taken()], ["media", "messages"]),
        ([refused(130429), taken()], ["media", "messages"]),
        ([Answer(504, "<html>"), taken()], ["media", "messages"]),
        ([Answer(200, "{}"), taken()], ["media", "messages"]),
        ([Answer(200, "<html>"), taken()], ["media", "messages"]),
        ([UPLOADED, refused(131053), taken()], ["media", "messages", "messages"]),
        ([UPLOADED, refused(131009), taken()], ["media", "messages", "messages"]),
    ],
)
async def test_a_paper_that_is_not_taken_leaves_the_words(
    client: Meta, vendor: Vendor, script: list[Answer], asked: list[str]
) -> None:
    vendor.script = script
    assert await client.send(receipt()) == Sent("meta", "wamid.QTE")
    assert paths(vendor) == asked
    assert vendor.asked[-1]["text"] == {"body": "85 000 FCFA payés", "preview_url": False}


@pytest.mark.parametrize("answer", [refused(131047), refused(131026), refused(130429), Answer(504, "<html>")])
async def test_a_paper_for_nobody_or_one_that_may_have_come_is_not_followed_by_words(
    client: Meta, vendor: Vendor, answer: Answer
) -> None:
    vendor.script = [UPLOADED, answer]
    with pytest.raises(ProviderError):
        await client.send(receipt())
    assert paths(vendor) == ["media", "messages"]


async def test_a_picture_that_is_refused_does_not_hold_up_the_words(client: Meta, vendor: Vendor) -> None:
    vendor.script = [refused(131053), taken()]
    parcel = screen(choices=TWO, style="list", opener="Choisir", photo=PHOTO)
    assert await client.send(parcel) == Sent("meta", "wamid.QTE")


@pytest.mark.parametrize("code", [131047, 131026, 130429])
async def test_nothing_more_is_tried_when_the_picture_meets_a_shut_door(
    client: Meta, vendor: Vendor, code: int
) -> None:
    vendor.script = [refused(code)]
    with pytest.raises(ProviderError):
        await client.send(screen(choices=TWO, style="list", opener="Choisir", photo=PHOTO))
    assert len(vendor.asked) == 1


async def test_nobody_listens_is_no_message_lost(http: aiohttp.ClientSession) -> None:
    client = Meta(http, Settings(_env_file=None, meta_url="http://127.0.0.1:1"))
    with pytest.raises(ProviderError) as caught:
        await client.send(words())
    assert (caught.value.code, caught.value.retryable, caught.value.unknown) == ("unreachable", True, False)


def test_time_outs_end_before_the_lease() -> None:
    assert exchange.TIMEOUT.total is not None
    assert 3 * exchange.TIMEOUT.total < 90, "three messages of one screen"
    assert not meta.GONE & meta.CLOSED

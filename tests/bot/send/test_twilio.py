"""Twilio's client: what its own package puts on the wire for each screen, and what each answer means."""

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from bot.render.bubble import Bubble, Choice, Pin, pack_bubble
from bot.send.twilio import Twilio
from bot.send.twilio_content import laid_out
from core.kit.errors import ProviderError
from core.kit.settings import Settings
from core.kit.speaker import Address
from core.notices.words import Parcel, Sent
from tests.bot.send.conftest import Answer, Asked, Vendor

ACCOUNT = "AC00000000000000000000000000000384"
MESSAGES = f"/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
PHONE, CHAT = Address("sms", "+237677000001"), Address("whatsapp", "+237677000001")
PHOTO = "https://toit.example/photos/1.jpg"
TWO = (Choice("7:1", "Voir"), Choice("7:0", "Retour"))
BLANK = re.compile(r"\{\{(\d+)\}\}")


def made(**more: Any) -> Answer:
    body = {"sid": "SM1", "status": "queued", "price": None, "price_unit": "USD", "error_code": None, **more}
    return Answer(201, json.dumps(body))


def refused(code: int, status: int = 400) -> Answer:
    told = {"code": code, "message": "to +237677000001", "more_info": "https://x.example", "status": status}
    return Answer(status, json.dumps(told))


@dataclass
class Account:
    """The account behind the wire: its templates, and what a phone would show of a message."""

    vendor: Vendor
    contents: dict[str, dict[str, Any]] = field(default_factory=dict)
    answer: Answer = field(default_factory=made)

    def __post_init__(self) -> None:
        self.vendor.rule = self.rule

    def rule(self, asked: Asked) -> Answer | None:
        if asked.path.startswith("/twilio/v1/Content"):
            return self.content(asked)
        assert asked.path == MESSAGES
        return None if self.vendor.script else self.answer

    def content(self, asked: Asked) -> Answer:
        if asked.method == "POST":
            sid = f"HX{len(self.contents) + 1:032}"
            self.contents[sid] = {**asked.json, "sid": sid}
            return Answer(201, json.dumps(self.contents[sid]))
        page = "".join(re.findall(r"Page=(\d+)", asked.path)) or "0"
        listed = list(self.contents.values())[int(page) : int(page) + 1]
        more = int(page) + 1 < len(self.contents)
        following = f"{self.vendor.url}/twilio/v1/Content?PageSize=1&Page={int(page) + 1}" if more else None
        return Answer(200, json.dumps({"contents": listed, "meta": {"key": "contents", "next_page_url": following}}))

    @property
    def sent(self) -> list[Asked]:
        """Messages only."""
        return [asked for asked in self.vendor.asked if asked.path == MESSAGES]

    def shown(self, asked: Asked) -> dict[str, Any]:
        """A template with its blanks filled, every one of them."""
        values = json.loads(asked["ContentVariables"])
        assert all(0 < len(value) <= 255 for value in values.values())
        types = json.dumps(self.contents[asked["ContentSid"]]["types"])
        assert set(BLANK.findall(types)) == set(values)
        assert set(self.contents[asked["ContentSid"]]["variables"]) == set(values)
        filled = BLANK.sub(lambda found: json.dumps(values[found[1]])[1:-1], types)
        shown: dict[str, Any] = json.loads(filled)
        return shown


@pytest.fixture
def account(vendor: Vendor) -> Account:
    return Account(vendor)


@pytest.fixture
def client(vendor: Vendor, http: aiohttp.ClientSession) -> Twilio:
    return make(vendor, http)


def make(vendor: Vendor, http: aiohttp.ClientSession) -> Twilio:
    return Twilio(http, Settings(_env_file=None, twilio_url=f"{vendor.url}/twilio", public_url="https://toit.example"))


def words(text: str = "Loyer reçu: 85.000F & merci é+", to: Address = PHONE) -> Parcel:
    return Parcel(51, to, text, "fr")


def screen(**bubble: Any) -> Parcel:
    return Parcel(51, CHAT, "", "fr", screen=pack_bubble(Bubble(**{"text": "Que faire ?", **bubble})))


async def test_an_sms(client: Twilio, account: Account) -> None:
    assert await client.send(words()) == Sent("twilio", "SM1")
    (asked,) = account.sent
    assert dict(asked.form) == {
        "To": "+237677000001", "From": "+237650003841", "Body": "Loyer reçu: 85.000F & merci é+",
        "StatusCallback": "https://toit.example/webhooks/twilio/status",
    }  # fmt: skip
    assert asked.headers["Authorization"] == aiohttp.encode_basic_auth(ACCOUNT, "demo-twilio-token")


async def test_words_by_whatsapp(client: Twilio, account: Account) -> None:
    await client.send(words("Bonjour", CHAT))
    await client.send(words("Bonjour", Address("whatsapp", "US.1234")))
    told = [(asked["To"], asked["From"]) for asked in account.sent]
    assert told == [
        ("whatsapp:+237677000001", "whatsapp:+237650003840"), ("whatsapp:US.1234", "whatsapp:+237650003840"),
    ]  # fmt: skip


async def test_a_long_text_goes_out_in_parts_between_words(client: Twilio, account: Account) -> None:
    text = " ".join(f"mot{n}" for n in range(700))
    await client.send(words(text, CHAT))
    bodies = [asked["Body"] for asked in account.sent]
    assert " ".join(bodies) == text
    assert all(len(body) <= 1600 for body in bodies)
    assert [bool(asked["StatusCallback"]) for asked in account.sent] == [False] * (len(bodies) - 1) + [True]


async def test_buttons_are_a_template_made_once(client: Twilio, account: Account) -> None:
    for text in ("Que faire ?", "Et encore ?"):
        await client.send(screen(text=text, choices=TWO, style="buttons"))
    assert len(account.contents) == 1
    actions = [
        {"type": "QUICK_REPLY", "title": "Voir", "id": "7:1"}, {"type": "QUICK_REPLY", "title": "Retour", "id": "7:0"},
    ]  # fmt: skip
    shown = [account.shown(asked) for asked in account.sent]
    assert shown == [
        {"twilio/quick-reply": {"body": text, "actions": actions}} for text in ("Que faire ?", "Et encore ?")
    ]
    assert [asked.get("Body") for asked in account.sent] == [[], []]


async def test_another_worker_finds_what_one_has_made(
    client: Twilio, account: Account, vendor: Vendor, http: aiohttp.ClientSession
) -> None:
    for style, opener in (("buttons", ""), ("list", "Choisir")):
        await client.send(screen(choices=TWO, style=style, opener=opener))
    for style, opener in (("buttons", ""), ("list", "Choisir")):
        await make(vendor, http).send(screen(choices=TWO, style=style, opener=opener))
    assert len(account.contents) == 2
    assert [asked["ContentSid"] for asked in account.sent[:2]] == [asked["ContentSid"] for asked in account.sent[2:]]


@pytest.mark.parametrize("notes", [("85 000 FCFA", "90 000 FCFA"), ("85 000 FCFA", ""), ("", "x"), ("", "")])
async def test_a_list(client: Twilio, account: Account, notes: tuple[str, str]) -> None:
    rows = (Choice("7:1", "Studio", notes[0]), Choice("7:2", "F3", notes[1]))
    await client.send(screen(choices=rows, style="list", opener="Choisir"))
    (asked,) = account.sent
    plain: list[dict[str, str]] = [{"item": "Studio", "id": "7:1"}, {"item": "F3", "id": "7:2"}]
    items = [{**item, "description": note} if note else item for item, note in zip(plain, notes, strict=True)]
    assert account.shown(asked) == {"twilio/list-picker": {"body": "Que faire ?", "button": "Choisir", "items": items}}


@pytest.mark.parametrize("text", ["x" * 1024, "mot " * 255 + "fin", "a" * 249 + " " * 4 + "b" * 600, "é" * 251])
async def test_a_long_question_fills_several_blanks_and_loses_nothing(
    client: Twilio, account: Account, text: str
) -> None:
    rows = tuple(Choice(f"7:{n}", f"Choix {n}", "note") for n in range(10))
    await client.send(screen(text=text, choices=rows, style="list", opener="Choisir"))
    (asked,) = account.sent
    assert account.shown(asked)["twilio/list-picker"]["body"] == text


def test_a_blank_ends_inside_a_word() -> None:
    _, values = laid_out(Bubble("mot " * 255 + "fin", TWO, "buttons"))
    told = [value for value in values.values() if "mot" in value]
    assert len(told) > 4
    assert all(part == part.strip() for part in told)


async def test_what_can_be_tapped_comes_last(client: Twilio, account: Account) -> None:
    await client.send(screen(choices=TWO, style="buttons", photo=PHOTO, pin=Pin(4.05, 9.7, "Akwa | Douala")))
    picture, point, tapped = account.sent
    assert (picture["MediaUrl"], picture.get("Body")) == (PHOTO, [])
    assert (point["Body"], point["PersistentAction"]) == ("Akwa Douala", "geo:4.050000,9.700000|Akwa Douala")
    assert tapped["ContentSid"]
    assert [asked.get("StatusCallback") for asked in (picture, point)] == [[], []]


async def test_a_picture_with_words_alone_is_one_message(client: Twilio, account: Account) -> None:
    await client.send(screen(photo=PHOTO))
    (asked,) = account.sent
    assert (asked["Body"], asked["MediaUrl"]) == ("Que faire ?", PHOTO)


async def test_an_approved_template_is_found_by_its_name_and_language(client: Twilio, account: Account) -> None:
    for n, language in enumerate(("en", "fr"), 1):
        account.contents[f"HX{n}"] = {
            "sid": f"HX{n}", "friendly_name": "toit_rent_paid", "language": language, "types": {}, "variables": {},
        }  # fmt: skip
    parcel = Parcel(51, CHAT, "", "fr", approved=("toit_rent_paid", ("85 000 FCFA", "a\nb")))
    await client.send(parcel)
    (asked,) = account.sent
    assert asked["ContentSid"] == "HX2"
    assert json.loads(asked["ContentVariables"]) == {"1": "85 000 FCFA", "2": "a b"}


async def test_a_template_nobody_approved_shuts_the_door(client: Twilio, account: Account) -> None:
    with pytest.raises(ProviderError) as caught:
        await client.send(Parcel(51, CHAT, "", "fr", approved=("toit_rent_paid", ())))
    assert (caught.value.code, caught.value.closed, caught.value.retryable) == ("no_template", True, False)
    assert account.sent == []


COSTS = [
    ("-0.00750", "USD", Decimal("0.00750"), "USD"),
    (None, "USD", None, None),
    ("free", "USD", None, None),
    ("-0.1", "dollars", Decimal("0.1"), None),
]


@pytest.mark.parametrize(("price", "unit", "cost", "currency"), COSTS)
async def test_the_price(
    client: Twilio, account: Account, price: str | None, unit: str, cost: Decimal | None, currency: str | None
) -> None:
    account.answer = made(price=price, price_unit=unit)
    assert await client.send(words()) == Sent("twilio", "SM1", cost, currency)


REFUSED = [
    # code, status, retryable, after, gone, closed
    (63016, 400, False, 0, False, True),
    (21610, 400, False, 0, True, False),
    (21211, 400, False, 0, True, False),
    (63024, 400, False, 0, True, False),
    (20429, 429, True, 2, False, False),
    (63018, 400, True, 5, False, False),
    (63038, 429, True, 3600, False, False),
    (21408, 400, False, 0, False, False),
    (21617, 400, False, 0, False, False),
    (63032, 400, False, 0, False, False),
    (20003, 401, False, 0, False, False),
    (20500, 500, True, 0, False, False),
]


@pytest.mark.parametrize(("code", "status", "retryable", "after_s", "gone", "closed"), REFUSED)
async def test_refusals_go_by_their_code(
    client: Twilio, account: Account, code: int, status: int, retryable: bool, after_s: float, gone: bool, closed: bool
) -> None:
    account.vendor.script = [refused(code, status)]
    with pytest.raises(ProviderError) as caught:
        await client.send(words())
    error = caught.value
    flags = (error.code, error.retryable, error.unknown, error.after_s, error.gone, error.closed)
    assert flags == (str(code), retryable, False, after_s, gone, closed)
    assert error.__cause__ is None
    assert "677000001" not in f"{error!r} {error.__cause__!r}"


ODD = [
    (502, "<html>Bad Gateway</html>", "http_502", True, False),
    (503, "", "http_503", True, False),
    (504, "<html>", "http_504", False, True),
    (429, "slow", "http_429", True, False),
    (401, "no", "http_401", False, False),
    (302, "", "http_302", False, False),
    (201, "<html>made</html>", "unreadable_answer", False, True),
    (201, "[]", "unreadable_answer", False, True),
    (201, "[" * 100_000, "unreadable_answer", False, True),
    (201, json.dumps({"sid": "SM1", "filler": "x" * 300_000}), "unreadable_answer", False, True),
]


@pytest.mark.parametrize(("status", "body", "code", "retryable", "unknown"), ODD)
async def test_what_nobody_can_read(
    client: Twilio, account: Account, status: int, body: str, code: str, retryable: bool, unknown: bool
) -> None:
    account.vendor.script = [Answer(status, body)]
    with pytest.raises(ProviderError) as caught:
        await client.send(words())
    assert (caught.value.code, caught.value.retryable, caught.value.unknown) == (code, retryable, unknown)


@pytest.mark.parametrize("status", ["failed", "undelivered"])
async def test_made_but_failed(client: Twilio, account: Account, status: str) -> None:
    account.answer = made(status=status, error_code=63016)
    with pytest.raises(ProviderError) as caught:
        await client.send(words("x", CHAT))
    assert (caught.value.code, caught.value.closed) == ("63016", True)


async def test_trouble_with_templates_leaves_no_message_unknown(client: Twilio, vendor: Vendor) -> None:
    for answer in (Answer(504, "<html>"), Answer(200, "<html>"), Answer(503, ""), Answer(200, '{"contents":7}')):
        vendor.script = [answer]
        with pytest.raises(ProviderError) as caught:
            await client.send(screen(choices=TWO, style="buttons"))
        assert (caught.value.retryable, caught.value.unknown) == (True, False)


async def test_a_picture_that_is_refused_does_not_hold_up_the_words(client: Twilio, account: Account) -> None:
    account.vendor.script = [refused(63019), made()]
    assert await client.send(screen(choices=TWO, style="buttons", photo=PHOTO)) == Sent("twilio", "SM1")


async def test_nobody_listens_is_no_message_lost(http: aiohttp.ClientSession) -> None:
    client = Twilio(http, Settings(_env_file=None, twilio_url="http://127.0.0.1:1"))
    with pytest.raises(ProviderError) as caught:
        await client.send(words())
    assert (caught.value.code, caught.value.retryable, caught.value.unknown) == ("unreachable", True, False)


async def test_the_vendor_keeps_templates_on_a_host_of_their_own(http: aiohttp.ClientSession) -> None:
    client = Twilio(http, Settings(_env_file=None, twilio_url="https://api.twilio.com"))
    assert client._contents._client.content.base_url == "https://content.twilio.com"

"""Telegram's client: what its own package puts on the wire for each screen, and what each answer means."""

import json
from typing import Any

import aiohttp
import pytest

from bot.render.bubble import Bubble, Choice, Pin, pack_bubble
from bot.send import telegram
from bot.send.pace import PATIENCE_S, Pace
from bot.send.telegram import Telegram, bot_of, laid_out
from core.kit.errors import ProviderError
from core.kit.settings import Settings
from core.kit.speaker import Address
from core.notices.words import Paper, Parcel, Sent
from tests.bot.send.conftest import Answer, Asked, Vendor

CHAT = "38400001"
TO = Address("telegram", CHAT)
PHOTO = "https://toit.example/photos/1.jpg"
TWO = (Choice("7:1", "Voir"), Choice("7:0", "Retour"))


def done(result: Any) -> Answer:
    return Answer(200, json.dumps({"ok": True, "result": result}))


def refused(code: int, description: str, **parameters: int) -> Answer:
    told: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return Answer(code, json.dumps({**told, "parameters": parameters} if parameters else told))


def written(number: int = 9) -> Answer:
    chat = {"id": int(CHAT), "type": "private", "first_name": "Marie"}
    return done({"message_id": number, "date": 1_795_000_000, "chat": chat, "text": "x"})


class Wire:
    """The Bot API: takes everything, but for what is scripted by method."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        self.script: dict[str, list[Answer]] = {}
        vendor.rule = self.rule

    def rule(self, asked: Asked) -> Answer:
        method = self.method(asked)
        if self.script.get(method):
            return self.script[method].pop(0)
        return done(True) if method == "answerCallbackQuery" else written()

    @staticmethod
    def method(asked: Asked) -> str:
        return asked.path.rpartition("/")[2]

    @property
    def methods(self) -> list[str]:
        return list(map(self.method, self.vendor.asked))


@pytest.fixture
def wire(vendor: Vendor) -> Wire:
    return Wire(vendor)


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(vendor: Vendor, http: aiohttp.ClientSession, slept: list[float]) -> Telegram:
    async def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))

    bot = bot_of(Settings(_env_file=None, telegram_url=f"{vendor.url}/telegram"), http)
    return Telegram(bot, Pace(telegram.EACH_S, telegram.ALL_S, sleep=sleep, time=lambda: 100.0))


def screen(**bubble: Any) -> Parcel:
    return Parcel(51, TO, "", "fr", screen=pack_bubble(Bubble(**{"text": "Que faire ?", **bubble})))


async def failure(client: Telegram, parcel: Parcel) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await client.send(parcel)
    assert caught.value.__cause__ is None
    assert "demo-telegram" not in repr(caught.value)
    return caught.value


async def test_words(client: Telegram, wire: Wire) -> None:
    assert await client.send(Parcel(51, TO, "Bonjour é", "fr")) == Sent("telegram", f"{CHAT}:9")
    (asked,) = wire.vendor.asked
    assert asked.path == "/telegram/bot384000:demo-telegram-bot-token/sendMessage"
    assert dict(asked.form) == {"chat_id": CHAT, "text": "Bonjour é"}


async def test_buttons(client: Telegram, wire: Wire) -> None:
    await client.send(screen(choices=TWO, style="buttons"))
    keys = [[{"text": "Voir", "callback_data": "7:1"}, {"text": "Retour", "callback_data": "7:0"}]]
    assert json.loads(wire.vendor.asked[0]["reply_markup"]) == {"inline_keyboard": keys}


LAYOUTS = [
    (["Oui", "Non"], [["Oui", "Non"]]),
    (["Oui", "Non", "Retour"], [["Oui", "Non"], ["Retour"]]),
    (["Studio meublé Akwa · 85 000", "Oui", "Non"], [["Studio meublé Akwa · 85 000"], ["Oui", "Non"]]),
    (["Oui", "Studio meublé Akwa · 85 000", "Non"], [["Oui"], ["Studio meublé Akwa · 85 000"], ["Non"]]),
    ([], []),
]


@pytest.mark.parametrize(("labels", "rows"), LAYOUTS)
def test_short_ones_share_a_row_and_keep_their_order(labels: list[str], rows: list[list[str]]) -> None:
    choices = [Choice(f"7:{n}", label) for n, label in enumerate(labels)]
    assert [[one.label for one in row] for row in laid_out(choices)] == rows


@pytest.mark.parametrize("asks", ["contact", "location"])
async def test_a_key_that_shares(client: Telegram, wire: Wire, asks: str) -> None:
    await client.send(screen(asks=asks, share="Envoyer", edit="4", callback="c1"))
    assert wire.methods == ["answerCallbackQuery", "sendMessage"], "such a message cannot take another's place"
    markup = json.loads(wire.vendor.asked[1]["reply_markup"])
    assert markup["keyboard"] == [[{"text": "Envoyer", f"request_{asks}": True}]]
    assert markup["one_time_keyboard"]


async def test_the_keyboard_that_shared_is_taken_away(client: Telegram, wire: Wire, slept: list[float]) -> None:
    await client.send(screen(choices=TWO, style="buttons", noted="C'est noté."))
    assert wire.methods == ["sendMessage", "sendMessage"], "a message has one markup"
    noted, asked = wire.vendor.asked
    assert (noted["text"], json.loads(noted["reply_markup"])) == ("C'est noté.", {"remove_keyboard": True})
    assert "inline_keyboard" in json.loads(asked["reply_markup"])
    assert slept == [telegram.EACH_S], "each has its own moment"


async def test_words_alone_take_the_keyboard_away_themselves(client: Telegram, wire: Wire) -> None:
    await client.send(screen(noted="C'est noté."))
    (asked,) = wire.vendor.asked
    assert (asked["text"], json.loads(asked["reply_markup"])) == ("Que faire ?", {"remove_keyboard": True})


async def test_a_tap_is_acknowledged_and_its_message_edited(client: Telegram, wire: Wire) -> None:
    assert await client.send(screen(choices=TWO, style="buttons", edit="4", callback="c1")) == Sent("telegram", "")
    assert wire.methods == ["answerCallbackQuery", "editMessageText"]
    acknowledged, edited = wire.vendor.asked
    assert dict(acknowledged.form) == {"callback_query_id": "c1"}
    assert (edited["chat_id"], edited["message_id"], edited["text"]) == (CHAT, "4", "Que faire ?")


async def test_an_acknowledgement_that_comes_too_late_hurts_nobody(client: Telegram, wire: Wire) -> None:
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    for answer in (refused(400, late), refused(429, "Too Many Requests: retry after 3", retry_after=3)):
        wire.script = {"answerCallbackQuery": [answer]}
        assert await client.send(screen(edit="4", callback="c1")) == Sent("telegram", "")


async def test_the_same_again_is_fine(client: Telegram, wire: Wire) -> None:
    same = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    wire.script = {"editMessageText": [refused(400, same)]}
    assert await client.send(screen(edit="4")) == Sent("telegram", "")
    assert wire.methods == ["editMessageText"]


UNEDITABLE = ("message can't be edited", "message to edit not found", "there is no text in the message to edit")


@pytest.mark.parametrize("why", UNEDITABLE)
async def test_what_cannot_be_edited_is_written_anew(client: Telegram, wire: Wire, why: str) -> None:
    wire.script = {"editMessageText": [refused(400, f"Bad Request: {why}")]}
    assert await client.send(screen(edit="4", choices=TWO, style="buttons")) == Sent("telegram", f"{CHAT}:9")
    assert wire.methods == ["editMessageText", "sendMessage"]


@pytest.mark.parametrize("edit", ["abc", "", "-4", "4.5"])
async def test_what_is_no_number_of_a_message_is_not_edited(client: Telegram, wire: Wire, edit: str) -> None:
    await client.send(screen(edit=edit))
    assert wire.methods == ["sendMessage"]


async def test_a_picture_with_its_words_after_the_point(client: Telegram, wire: Wire, slept: list[float]) -> None:
    await client.send(screen(photo=PHOTO, pin=Pin(4.05, 9.7, "Akwa"), choices=TWO, style="buttons", edit="4"))
    assert wire.methods == ["sendLocation", "sendPhoto"]
    point, picture = wire.vendor.asked
    assert (point["latitude"], point["longitude"]) == ("4.05", "9.7")
    assert (picture["photo"], picture["caption"]) == (PHOTO, "Que faire ?")
    assert "7:1" in picture["reply_markup"]
    assert slept == [telegram.EACH_S], "the point is a message too"


@pytest.mark.parametrize("answer", [
    refused(400, "Bad Request: wrong type of the web page content"), refused(500, "Internal Server Error"),
    Answer(504, "<html>", "text/html"), Answer(200, "<html>", "text/html"),
])  # fmt: skip
async def test_a_point_that_is_not_taken_leaves_the_card(client: Telegram, wire: Wire, answer: Answer) -> None:
    wire.script = {"sendLocation": [answer]}
    assert await client.send(screen(pin=Pin(4.05, 9.7))) == Sent("telegram", f"{CHAT}:9")
    assert wire.methods == ["sendLocation", "sendMessage"]


async def test_a_point_that_comes_too_fast_is_sent_later_with_its_card(client: Telegram, wire: Wire) -> None:
    wire.script = {"sendLocation": [refused(429, "Too Many Requests: retry after 3", retry_after=3)]}
    error = await failure(client, screen(pin=Pin(4.05, 9.7)))
    assert (error.code, wire.methods) == ("retry_after", ["sendLocation"])


def receipt(text: str = "85 000 FCFA payés") -> Parcel:
    return Parcel(51, TO, text, "fr", paper=Paper("quittance-2026-000123.pdf", b"%PDF-1.3"))


async def test_a_paper_is_one_message_with_its_words(client: Telegram, wire: Wire, slept: list[float]) -> None:
    assert await client.send(receipt()) == Sent("telegram", f"{CHAT}:9")
    (asked,) = wire.vendor.asked
    assert wire.methods == ["sendDocument"]
    assert dict(asked.form)["caption"] == "85 000 FCFA payés"
    ((name, kind, body),) = asked.files.values()
    assert (name, kind, body) == ("quittance-2026-000123.pdf", "application/pdf", b"%PDF-1.3")
    assert slept == []


@pytest.mark.parametrize(("letters", "methods"), [("x", ["sendDocument"]), ("😀", ["sendMessage"])])
async def test_words_too_long_for_a_caption_go_without_the_paper(
    client: Telegram, wire: Wire, letters: str, methods: list[str]
) -> None:
    await client.send(receipt(letters * 1_024))
    assert wire.methods == methods


async def test_a_paper_that_is_not_taken_leaves_the_words(client: Telegram, wire: Wire) -> None:
    wire.script = {"sendDocument": [refused(400, "Bad Request: file must be non-empty")]}
    assert await client.send(receipt()) == Sent("telegram", f"{CHAT}:9")
    assert wire.methods == ["sendDocument", "sendMessage"]


@pytest.mark.parametrize(
    ("answer", "gone", "unknown"),
    [
        (refused(400, "Bad Request: chat not found"), True, False),
        (refused(403, "Forbidden: bot was blocked by the user"), True, False),
        (Answer(504, "<html>", "text/html"), False, True),
    ],
)
async def test_a_paper_for_nobody_or_one_that_may_have_come_is_not_followed_by_words(
    client: Telegram, wire: Wire, answer: Answer, gone: bool, unknown: bool
) -> None:
    wire.script = {"sendDocument": [answer]}
    error = await failure(client, receipt())
    assert (error.gone, error.unknown, wire.methods) == (gone, unknown, ["sendDocument"])


@pytest.mark.parametrize("why", ["failed to get HTTP URL content", "wrong file identifier/HTTP URL specified"])
async def test_a_picture_nobody_can_fetch_leaves_the_words(client: Telegram, wire: Wire, why: str) -> None:
    wire.script = {"sendPhoto": [refused(400, f"Bad Request: {why}")]}
    await client.send(screen(photo=PHOTO, choices=TWO, style="buttons"))
    assert wire.methods == ["sendPhoto", "sendMessage"]
    assert "7:1" in wire.vendor.asked[1]["reply_markup"]


REFUSED = [
    # status, description, code, retryable, unknown, gone
    (403, "Forbidden: bot was blocked by the user", "forbidden", False, False, True),
    (403, "Forbidden: user is deactivated", "forbidden", False, False, True),
    (400, "Bad Request: chat not found", "chat_not_found", False, False, True),
    (400, "Bad Request: BUTTON_DATA_INVALID", "bad_request", False, False, False),
    (400, "Bad Request: message is too long", "bad_request", False, False, False),
    (401, "Unauthorized", "invalidtoken", False, False, False),
    (404, "Not Found", "invalidtoken", False, False, False),
    (409, "Conflict: terminated by other getUpdates request", "conflict", False, False, False),
    (500, "Internal Server Error", "server_trouble", True, False, False),
]


@pytest.mark.parametrize(("status", "why", "code", "retryable", "unknown", "gone"), REFUSED)
async def test_refusals(
    client: Telegram, wire: Wire, status: int, why: str, code: str, retryable: bool, unknown: bool, gone: bool
) -> None:
    wire.script = {"sendMessage": [refused(status, why)]}
    error = await failure(client, screen())
    assert (error.code, error.retryable, error.unknown, error.gone) == (code, retryable, unknown, gone)


ODD = [
    (502, "<html>Bad Gateway</html>", "server_trouble", True, False),
    (503, "", "server_trouble", True, False),
    (504, "<html>", "no_answer", False, True),
    (504, '{"ok": false, "error_code": 504, "description": "Gateway Timeout"}', "no_answer", False, True),
    (200, "<html>", "unreadable_answer", False, True),
]


@pytest.mark.parametrize(("status", "body", "code", "retryable", "unknown"), ODD)
async def test_what_nobody_can_read(
    client: Telegram, wire: Wire, status: int, body: str, code: str, retryable: bool, unknown: bool
) -> None:
    wire.script = {"sendMessage": [Answer(status, body, "text/html")]}
    error = await failure(client, screen())
    assert (error.code, error.retryable, error.unknown) == (code, retryable, unknown)


async def test_a_flood_wait_is_kept_to_in_that_chat_alone(client: Telegram, wire: Wire, slept: list[float]) -> None:
    wire.script = {"sendMessage": [refused(429, "Too Many Requests: retry after 30", retry_after=30)]}
    error = await failure(client, screen())
    assert (error.code, error.retryable, error.after_s) == ("retry_after", True, 30)
    error = await failure(client, screen())
    assert (error.code, error.retryable, error.after_s) == ("paced", True, 30)
    await client.send(Parcel(52, Address("telegram", "38400002"), "x", "fr"))
    assert len(wire.vendor.asked) == 2
    assert max(slept, default=0) < 1


async def test_nobody_listens_is_no_message_lost(http: aiohttp.ClientSession) -> None:
    bot = bot_of(Settings(_env_file=None, telegram_url="http://127.0.0.1:1"), http)
    error = await failure(Telegram(bot), screen())
    assert (error.code, error.retryable, error.unknown) == ("unreachable", True, False)


async def test_what_broke_on_our_side_may_have_gone_out(client: Telegram, http: aiohttp.ClientSession) -> None:
    await http.close()
    error = await failure(client, screen())
    assert (error.code, error.retryable, error.unknown) == ("no_answer", False, True)


# --- pace --------------------------------------------------------------------------------------------------


async def test_one_a_second_in_a_chat_and_thirty_in_all(client: Telegram, wire: Wire, slept: list[float]) -> None:
    for n in (1, 1, 2, 3):
        await client.send(Parcel(n, Address("telegram", str(n)), "x", "fr"))
    assert slept == [1.05, 0.067, 0.1]


async def test_whoever_would_wait_too_long_is_left_to_the_outbox() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    pace = Pace(1, 0, sleep=sleep, time=lambda: 0.0)
    for _ in range(6):
        await pace.moment("a")
    with pytest.raises(ProviderError) as caught:
        await pace.moment("a")
    assert (caught.value.retryable, caught.value.after_s) == (True, 6)
    assert max(waits) == PATIENCE_S
    await pace.moment("b")


async def test_the_longest_silent_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.send.pace.MOST_KEYS", 2)
    pace = Pace(1, 0, time=lambda: 0.0)
    for key in "abc":
        await pace.moment(key)
    assert list(pace._next) == ["b", "c"]

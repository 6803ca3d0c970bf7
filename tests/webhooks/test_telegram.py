"""Telegram's updates as the house reads them: good, nasty and hostile."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.inbound import Contact, Location, Media
from core.kit.settings import Settings
from webhooks.raw import Raw, Rejected
from webhooks.telegram import read

SETTINGS = Settings(_env_file=None)
HEADERS = {"content-type": "application/json", "x-telegram-bot-api-secret-token": "demo-telegram-secret"}
WHEN = 1793865600
AWA = {"id": 700100200, "is_bot": False, "first_name": "Awa", "last_name": "Ndiaye", "language_code": "fr"}
BOT = {"id": 384000, "is_bot": True, "first_name": "Toit", "username": "ToitBot"}
PRIVATE = {"id": 700100200, "type": "private", "first_name": "Awa"}
GROUP = {"id": -100200300, "type": "supergroup", "title": "Locataires de Mermoz"}
CHANNEL = {"id": -100777, "type": "channel", "title": "Annonces"}
OURS = {"message_id": 41, "date": WHEN - 60, "chat": PRIVATE, "from": BOT, "text": "Bonjour"}
CARD = {"phone_number": "221771234567", "first_name": "Awa", "user_id": 700100200}
THUMB = {"file_id": "small-1", "file_unique_id": "u1", "width": 90, "height": 67, "file_size": 1200}
LARGE = {"file_id": "large-1", "file_unique_id": "u2", "width": 1280, "height": 960, "file_size": 180000}
FILE = {"file_id": "d1", "file_unique_id": "u3"}
SPOT = {"latitude": 14.7167, "longitude": -17.4677}
FORWARDED = {"forward_origin": {"type": "hidden_user", "sender_user_name": "Moussa", "date": WHEN - 900}}


def message(**more: Any) -> dict[str, Any]:
    """An update with one message of Awa's."""
    return {"update_id": 9001, "message": {"message_id": 42, "date": WHEN, "chat": PRIVATE, "from": AWA, **more}}


def edited(**more: Any) -> dict[str, Any]:
    """The same, changed afterwards."""
    return {"update_id": 9002, "edited_message": {**message(edit_date=WHEN + 5, **more)["message"]}}


def tap(**more: Any) -> dict[str, Any]:
    """An update with one tapped button."""
    query = {"id": "4382abc", "from": AWA, "chat_instance": "-77", "message": OURS, "data": "7:2", **more}
    return {"update_id": 9003, "callback_query": {name: value for name, value in query.items() if value is not None}}


def member(status: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    """The bot's own membership changed."""
    banned = {"until_date": 0} if status == "kicked" else {}
    change = {
        "chat": chat,
        "from": AWA,
        "date": WHEN,
        "old_chat_member": {"status": "left", "user": BOT},
        "new_chat_member": {"status": status, "user": BOT, **banned},
    }
    return {"update_id": 9004, "my_chat_member": change}


def command(text: str) -> dict[str, Any]:
    """A command as the apps send it."""
    length = len(text.split(maxsplit=1)[0])
    return message(text=text, entities=[{"type": "bot_command", "offset": 0, "length": length}])


PAYLOADS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    # --- what people write
    "text": (
        message(text="cherche studio bastos 80k"),
        {
            "kind": "message", "text": "cherche studio bastos 80k", "sender": "700100200", "external_id": "9001",
            "name": "Awa Ndiaye", "language": "fr", "at": datetime(2026, 11, 5, 8, tzinfo=UTC), "source": "telegram",
            "channel": "telegram", "phone": None, "reply_to": "",
        },
    ),
    "accents and emoji": (message(text="été 🏠 à Yoff"), {"kind": "message", "text": "été 🏠 à Yoff"}),
    "several lines": (message(text="bonjour\nun toit"), {"text": "bonjour\nun toit"}),
    "a NUL inside": (message(text="pa\0yer"), {"kind": "message", "text": "payer"}),
    "no language, no last name": (
        message(text="1", **{"from": {"id": 700100200, "is_bot": False, "first_name": "Awa"}}),
        {"kind": "message", "name": "Awa", "language": ""},
    ),
    "no sender at all": (
        {"update_id": 1, "message": {"message_id": 2, "date": WHEN, "chat": PRIVATE, "text": "1"}},
        {"kind": "message", "sender": "700100200", "name": ""},
    ),
    "a reply to our message": (message(text="2", reply_to_message=OURS), {"kind": "message", "reply_to": "41"}),
    "forwarded text": (message(text="a lire", **FORWARDED), {"kind": "message", "raw": {"forwarded": True}}),
    "forwarded, as older servers say": (
        message(text="a lire", forward_from=AWA, forward_date=WHEN - 900), {"raw": {"forwarded": True}},
    ),
    "fields nobody knows yet": (message(text="1", mood="sunny"), {"kind": "message", "text": "1"}),
    # --- commands
    "start": (command("/start"), {"kind": "message", "text": "menu"}),
    "start with a payload": (command("/start A4821"), {"kind": "message", "text": "A4821"}),
    "start for this bot": (command("/start@ToitBot  A4821 "), {"text": "A4821"}),
    "a command": (command("/payer"), {"kind": "message", "text": "payer"}),
    "a command for this bot": (command("/recus@ToitBot"), {"text": "recus"}),
    "a command with words": (command("/chercher studio bastos"), {"text": "chercher studio bastos"}),
    "a slash that is no command": (message(text="/ 2"), {"text": "/ 2"}),
    "a path": (message(text="/etc/passwd"), {"text": "/etc/passwd"}),
    "a date": (message(text="5/11/2026"), {"text": "5/11/2026"}),
    # --- taps
    "tap": (
        tap(),
        {
            "kind": "selection", "choice": "7:2", "sender": "700100200", "external_id": "cb:4382abc",
            "callback": "4382abc", "reply_to": "41", "language": "fr", "text": "",
        },
    ),
    "the same tap under a new update id": (
        {**tap(), "update_id": 9999}, {"kind": "selection", "external_id": "cb:4382abc", "choice": "7:2"},
    ),
    "tap on a message that is gone": (
        tap(message={"chat": PRIVATE, "message_id": 41, "date": 0}),
        {"kind": "selection", "reply_to": "", "choice": "7:2"},
    ),
    "tap without its message": (tap(message=None), {"kind": "selection", "sender": "700100200", "reply_to": ""}),
    "tap in a group": (tap(message={**OURS, "chat": GROUP}), {"kind": "ignored"}),
    "tap without data": (tap(data=None, game_short_name="snake"), {"kind": "ignored", "external_id": "9003"}),
    "tap with an id without end": (tap(id="7" * 5000), {"kind": "ignored"}),
    "tap by a bot": (tap(**{"from": BOT}), {"kind": "ignored", "reason": "from a bot"}),
    # --- contacts
    "own contact": (
        message(contact=CARD),
        {"kind": "contact", "contact": Contact("Awa", ("+221771234567",), own=True), "phone": None},
    ),
    "own contact with a plus": (
        message(contact={**CARD, "phone_number": "+237 677 00 00 01"}),
        {"contact": Contact("Awa", ("+237677000001",), own=True), "phone": None},
    ),
    "somebody else's contact": (
        message(contact={**CARD, "user_id": 700999}),
        {"kind": "contact", "contact": Contact("Awa", ("+221771234567",), own=False), "phone": None},
    ),
    "a contact that is no user": (
        message(contact={"phone_number": "221771234567", "first_name": "Awa"}),
        {"kind": "contact", "contact": Contact("Awa", ("+221771234567",), own=False), "phone": None},
    ),
    "own contact, forwarded": (
        message(contact=CARD, **FORWARDED), {"contact": Contact("Awa", ("+221771234567",), own=False), "phone": None},
    ),
    "own contact, forwarded, as older servers say": (
        message(contact=CARD, forward_date=WHEN - 900), {"contact": Contact("Awa", ("+221771234567",), own=False)},
    ),
    "own contact by way of another bot": (
        message(contact=CARD, via_bot=BOT), {"contact": Contact("Awa", ("+221771234567",), own=False)},
    ),
    "own contact in somebody's name": (
        message(contact={**CARD, "user_id": "700100200"}), {"contact": Contact("Awa", ("+221771234567",), own=False)},
    ),
    "own contact without a sender": (
        {"update_id": 1, "message": {"message_id": 2, "date": WHEN, "chat": PRIVATE, "contact": CARD}},
        {"kind": "contact", "contact": Contact("Awa", ("+221771234567",), own=False)},
    ),
    "own contact in a group": (message(contact=CARD, chat=GROUP), {"kind": "ignored", "contact": None}),
    "own contact that is no number": (
        message(contact={**CARD, "phone_number": "n/a"}), {"contact": Contact("Awa", (), own=True), "phone": None},
    ),
    # --- places
    "location": (message(location=SPOT), {"kind": "location", "location": Location(14.7167, -17.4677)}),
    "venue": (
        message(location=SPOT, venue={"location": SPOT, "title": "Marché HLM", "address": "Dakar"}),
        {"kind": "location", "location": Location(14.7167, -17.4677, "Marché HLM")},
    ),
    "location nowhere on earth": (message(location={"latitude": 91, "longitude": 0}), {"kind": "unsupported"}),
    "location in words": (message(location={"latitude": "14", "longitude": "x"}), {"kind": "ignored"}),
    # --- media
    "photo": (
        message(photo=[THUMB, LARGE], caption="la fuite"),
        {"kind": "media", "media": (Media("large-1", "image/jpeg"),), "text": "la fuite", "group": ""},
    ),
    "one of an album": (
        message(photo=[LARGE, THUMB], media_group_id="139000"),
        {"kind": "media", "media": (Media("large-1", "image/jpeg"),), "text": "", "group": "139000"},
    ),
    "document": (
        message(document={**FILE, "file_name": "bail.pdf", "mime_type": "application/pdf"}),
        {"kind": "media", "media": (Media("d1", "application/pdf", name="bail.pdf"),)},
    ),
    "document without a type": (
        message(document=FILE), {"kind": "media", "media": (Media("d1"),)},
    ),
    "voice": (
        message(voice={"file_id": "v1", "file_unique_id": "u", "duration": 4}),
        {"kind": "media", "media": (Media("v1", "audio/ogg"),), "raw": {"voice": True}},
    ),
    "video": (
        message(video={"file_id": "m1", "file_unique_id": "u", "width": 1, "height": 1, "duration": 2}),
        {"kind": "media", "media": (Media("m1", "video/mp4"),)},
    ),
    "audio": (
        message(audio={"file_id": "a1", "file_unique_id": "u", "duration": 9, "mime_type": "audio/mpeg"}),
        {"kind": "media", "media": (Media("a1", "audio/mpeg"),), "raw": {}},
    ),
    # --- what nobody here can read
    "sticker": (
        message(sticker={"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1,
                         "is_animated": False, "is_video": False}, effect_id="5"),
        {"kind": "unsupported", "reason": "sticker", "sender": "700100200"},
    ),
    "dice": (message(dice={"emoji": "🎲", "value": 3}), {"kind": "unsupported", "reason": "dice"}),
    "something of next year": (message(hologram={"id": 1}), {"kind": "unsupported", "reason": "unknown message"}),
    # --- edits
    "edited text": (
        edited(text="90k"),
        {"kind": "edit", "text": "90k", "external_id": "9002", "raw": {"original_id": "42"}, "reason": "edited"},
    ),
    "edited caption": (edited(photo=[LARGE], caption="ici"), {"kind": "edit", "text": "ici", "media": ()}),
    "a live location that moves": (edited(location=SPOT), {"kind": "edit", "location": None}),
    "edited in a group": (edited(text="x", chat=GROUP), {"kind": "ignored"}),
    # --- blocked
    "blocked": (
        member("kicked"), {"kind": "opt_out", "reason": "blocked", "sender": "700100200", "external_id": "9004"},
    ),
    "unblocked": (member("member"), {"kind": "opt_in", "reason": "unblocked", "sender": "700100200"}),
    "thrown out of a group": (member("kicked", GROUP), {"kind": "ignored"}),
    # --- not for us
    "a group": (message(text="payer", chat=GROUP), {"kind": "ignored", "reason": "not a private chat: supergroup"}),
    "a channel's post": (
        {"update_id": 5, "channel_post": {"message_id": 1, "date": WHEN, "chat": CHANNEL, "text": "1"}},
        {"kind": "ignored", "reason": "channel_post", "external_id": "5"},
    ),
    "a bot's own message": (message(text="1", **{"from": BOT}), {"kind": "ignored", "reason": "from a bot"}),
    "a service message": (
        message(pinned_message=OURS), {"kind": "ignored", "reason": "service message: pinned_message"},
    ),
    "an update of next year": ({"update_id": 7, "hologram": {}}, {"kind": "ignored", "reason": "unknown update"}),
    "a poll": ({"update_id": 7, "poll_answer": {"poll_id": "1", "user": AWA, "option_ids": [0],
                "option_persistent_ids": ["0"]}}, {"kind": "ignored", "reason": "poll_answer"}),
    # --- hostile
    "nothing": ({}, {"kind": "ignored", "external_id": ""}),
    "an empty message": ({"update_id": 1, "message": {}}, {"kind": "ignored", "external_id": "1"}),
    "a message that is a number": ({"update_id": 1, "message": 5}, {"kind": "ignored"}),
    "a message that is a list": ({"update_id": 1, "message": [1]}, {"kind": "ignored"}),
    "text that is a number": (message(text=5), {"kind": "ignored", "external_id": "9001"}),
    "text that is an object": (message(text={"a": 1}), {"kind": "ignored"}),
    "a date beyond all calendars": (message(text="1", date=10**18), {"kind": "ignored"}),
    "a date in words": (message(text="1", date="today"), {"kind": "ignored"}),
    "a chat in words": (message(text="1", chat={"id": "x", "type": "private"}), {"kind": "ignored"}),
    "a chat without end": (message(text="1", chat={"id": 10**40, "type": "private"}), {"kind": "ignored"}),
    "an update id in words": ({**message(text="1"), "update_id": "x"}, {"kind": "ignored", "external_id": ""}),
    "a photo without sizes": (message(photo=[{"file_id": "1", "file_unique_id": "2"}]), {"kind": "ignored"}),
    "data that is a number": (tap(data=7), {"kind": "ignored"}),
    "a user of 2016": (message(text="1", **{"from": {"id": 7, "first_name": "A"}}), {"kind": "ignored"}),
}  # fmt: skip


def heard(update: object, **headers: str) -> Any:
    """The one event of an update."""
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    (event,) = read(Raw("POST", "/webhooks/telegram", "", {**HEADERS, **headers}, body), SETTINGS)
    return event


@pytest.mark.parametrize(("update", "expected"), PAYLOADS.values(), ids=PAYLOADS.keys())
def test_an_update_is_read(update: dict[str, Any], expected: dict[str, Any]) -> None:
    event = heard(update)
    assert {name: getattr(event, name) for name in expected} == expected
    if event.kind == "ignored":
        assert event.reason
        assert not event.sender


@pytest.mark.parametrize("secret", ["", "demo", "demo-telegram-secret ", "Demo-telegram-secret", "é", "\udce9"])
def test_whoever_does_not_know_the_secret_is_refused_before_anything_is_read(secret: str) -> None:
    with pytest.raises(Rejected) as refused:
        heard(b"{", **{"x-telegram-bot-api-secret-token": secret})
    assert refused.value.status == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"5", b"\xff\xfe{}", b'{"update_id":1', b"[" * 5000])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        heard(body)
    assert refused.value.status == 400


def test_a_form_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        heard(b"update_id=1", **{"content-type": "application/x-www-form-urlencoded"})
    assert refused.value.status == 415


@pytest.mark.parametrize("cut", range(1, 400, 7))
def test_an_update_cut_anywhere_is_refused(cut: int) -> None:
    body = json.dumps(tap()).encode()
    with pytest.raises(Rejected):
        heard(body[: min(cut, len(body) - 1)])


def _every_part_spoilt(update: Any, junk: object) -> list[Any]:
    """Every variant of an update in which one part, however deep, is junk."""
    if isinstance(update, dict):
        spoilt = []
        for name, value in update.items():
            spoilt.append({**update, name: junk})
            spoilt += [{**update, name: inner} for inner in _every_part_spoilt(value, junk)]
        return spoilt
    if isinstance(update, list):
        return [[inner, *update[1:]] for inner in _every_part_spoilt(update[0], junk)] if update else []
    return []


@pytest.mark.untraced
@pytest.mark.parametrize("junk", [None, 5, -1, "x", [], {}, [[]], True, 1e300, "\0"])
def test_an_update_with_one_part_spoilt_is_read_or_ignored(junk: object) -> None:
    for update in (tap(), member("kicked"), *(payload for payload, _ in PAYLOADS.values())):
        for spoilt in _every_part_spoilt(update, junk):
            event = heard(spoilt)
            texts = (event.sender, event.external_id, event.text, event.choice, event.name, event.language, event.group)
            assert all(type(text) is str and "\0" not in text for text in texts), spoilt
            assert event.kind == "ignored" or (event.sender and event.external_id), spoilt

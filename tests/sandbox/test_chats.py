"""What people do in chats, for scripts and the page: refusals, threads, what an old file still holds."""

import asyncio
import sqlite3
from typing import Any

import africastalking  # type: ignore[import-untyped]
import pytest

from sandbox.settings import Settings, read_settings
from tests.sandbox.side import TENANT, Client, Start, TinyApp, ask, base_of, order, quiet, received, say

CHANNELS = ("sms", "whatsapp", "telegram")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": 7},
        {"text": "a", "tap": "b"},
        {"text": "x" * 65_537},
        {"location": {"latitude": 3.8}},
        {"location": {"latitude": 3.8, "longitude": 11.5, "altitude": 700}},
        {"text": "a", "via": "pigeon"},
        {"colour": "red"},
    ],
)
async def test_bad_acts(client: Client, tiny: TinyApp, channel: str, body: dict[str, Any]) -> None:
    assert (await ask(client, "POST", f"/phones/{TENANT}/{channel}", body, 400))["error"]
    assert tiny.calls == []


@pytest.mark.parametrize(
    ("channel", "body", "status"),
    [
        ("sms", {"media": "photo"}, 400),
        ("sms", {"tap": "1"}, 400),
        ("sms", {"tap": "1", "via": "twilio"}, 409),
        ("whatsapp", {"tap": "1"}, 409),
        ("whatsapp", {"again": True}, 409),
        ("whatsapp", {"blocked": True}, 400),
        ("telegram", {"contact": "me"}, 400),
        ("telegram", {"text": "a", "via": "meta"}, 400),
    ],
)
async def test_what_cannot_be_done(
    client: Client, tiny: TinyApp, channel: str, body: dict[str, Any], status: int
) -> None:
    assert (await ask(client, "POST", f"/phones/{TENANT}/{channel}", body, status))["error"]
    assert tiny.calls == []


async def test_no_other_channels(client: Client) -> None:
    await ask(client, "POST", f"/phones/{TENANT}/pigeon", {"text": "a"}, 404)
    await ask(client, "GET", f"/phones/{TENANT}/thread/pigeon", status=404)
    await ask(client, "POST", "/phones/12/whatsapp", {"text": "a"}, 400)
    async with client.get("/media/404") as got:
        assert got.status == 404


async def test_threads_are_kept_apart(client: Client) -> None:
    for channel in CHANNELS:
        await say(client, channel, text=channel)
    for channel in CHANNELS:
        [mine] = await ask(client, "GET", f"/phones/{TENANT}/thread/{channel}")
        assert (mine["text"], mine["mine"], mine["direction"], mine["from"]) == (channel, True, "out", f"+{TENANT}")
    assert len(await ask(client, "GET", f"/phones/{TENANT}/thread")) == 3
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []


async def test_own_photo_and_card_are_seen(client: Client) -> None:
    await say(client, "whatsapp", media="photo")
    await say(client, "whatsapp", contact=True)
    photo, card = await ask(client, "GET", f"/phones/{TENANT}/thread/whatsapp")
    async with client.get(photo["photo"]) as got:
        assert got.content_type == "image/jpeg"
    assert card["text"].endswith(f"+{TENANT}")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_app_is_away(start: Start, channel: str) -> None:
    client = await start(app="http://127.0.0.1:9")
    assert (await say(client, channel, text="allo"))["status"] is None


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_the_app_answered(client: Client, tiny: TinyApp, channel: str) -> None:
    tiny.status = [403]
    told = await say(client, channel, text="allo")
    assert told["status"] == 403
    assert told["id"]


async def test_files_are_held_for_a_while(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.media.KEPT", 2)
    for _ in range(3):
        await say(client, "whatsapp", media="photo")
    first, *others = await ask(client, "GET", f"/phones/{TENANT}/thread/whatsapp")
    for message, status in [(first, 404), *((other, 200) for other in others)]:
        async with client.get(message["photo"]) as got:
            assert got.status == status


async def test_a_file_of_an_earlier_version(start: Start, settings: Settings) -> None:
    settings.home.mkdir(exist_ok=True)
    db = sqlite3.connect(settings.home / "sandbox.db")
    db.executescript(
        "CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, msisdn TEXT NOT NULL,"
        " channel TEXT NOT NULL, sender TEXT NOT NULL, body TEXT NOT NULL, segments INTEGER NOT NULL,"
        " direction TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 0) STRICT;"
        "CREATE TABLE phones (msisdn TEXT PRIMARY KEY, network INTEGER NOT NULL DEFAULT 1,"
        " opted_out INTEGER NOT NULL DEFAULT 0) STRICT;"
    )
    row = ("2026-11-21T10:00:00.000+00:00", TENANT, "sms", "TMUT", "Bonjour", 1, "in")
    db.execute(
        "INSERT INTO messages (at, msisdn, channel, sender, body, segments, direction) VALUES (?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    db.commit()
    db.close()
    client = await start()
    assert [message["text"] for message in await received(client)] == ["Bonjour"]
    await say(client, "whatsapp", text="allo")


def test_settings_by_the_variables_of_the_app() -> None:
    env = {"TOIT_PUBLIC_URL": "https://toit.example/", "TOIT_TWILIO_TOKEN": "t", "TOIT_META_APP_SECRET": "m"}
    found = read_settings([], env)
    assert (found.public_url, found.twilio_token, found.meta_app_secret) == ("https://toit.example", "t", "m")
    assert (found.telegram_secret, read_settings([], {}).public_url) == (
        "demo-telegram-secret",
        "http://127.0.0.1:8080",
    )


# The package of Africa's Talking: it warns that there is no WhatsApp where its test name leads


def at_sms(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The package's SMS service at the sandbox: it has no option for that."""
    africastalking.initialize("sandbox", "demo-at-key")
    monkeypatch.setattr(africastalking.SMS, "_baseUrl", f"{base_of(client)}/africastalking/version1")
    return africastalking.SMS


UNTESTED = pytest.mark.filterwarnings("ignore:Sandbox is currently not available:UserWarning")


@UNTESTED
async def test_the_package_of_africas_talking(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sms = at_sms(client, monkeypatch)
    told = await asyncio.to_thread(sms.send, "Quittance reçue", [f"+{TENANT}"], "TMUT", enqueue=True)
    [recipient] = told["SMSMessageData"]["Recipients"]
    assert (recipient["status"], recipient["statusCode"]) == ("Success", 102)
    assert (await received(client))[0]["text"] == "Quittance reçue"


@UNTESTED
async def test_its_201_that_failed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sms = at_sms(client, monkeypatch)
    await order(client, "africastalking.messaging", "http201_failed")
    told = await asyncio.to_thread(sms.send, "x", [f"+{TENANT}"])
    assert told["SMSMessageData"] == {"Message": "InvalidSenderId", "Recipients": []}


@UNTESTED
async def test_its_502(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sms = at_sms(client, monkeypatch)
    await order(client, "africastalking.messaging", "502_html")
    with pytest.raises(africastalking.Service.AfricasTalkingException, match="502 Bad Gateway"):
        await asyncio.to_thread(sms.send, "x", [f"+{TENANT}"])
    await quiet(0.02)
    assert await ask(client, "GET", f"/phones/{TENANT}/messages") == []

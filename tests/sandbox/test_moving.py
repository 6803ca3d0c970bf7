"""A change of number and an album, as the vendors tell them and as the house reads them."""

from typing import Any

import pytest

from core.kit.settings import Settings
from tests.sandbox.meta.side import HOOK as META
from tests.sandbox.meta.side import post, value_of
from tests.sandbox.side import TENANT, Call, Client, TinyApp, ask, say
from tests.sandbox.telegram.side import HOOK as TELEGRAM
from tests.sandbox.telegram.side import update_of
from webhooks import whatsapp
from webhooks.raw import Raw

NEW = "237699000222"


async def test_meta_tells_that_a_number_has_changed(client: Client, tiny: TinyApp) -> None:
    told = await say(client, "whatsapp", moves=f"+{NEW}")
    [call] = tiny.to(META)
    value = value_of(call)
    [message] = value["messages"]
    assert "contacts" not in value
    assert (message["from"], message["type"], message["id"]) == (TENANT, "system", told["id"])
    assert (message["system"]["type"], message["system"]["wa_id"]) == ("user_changed_number", NEW)
    assert f"from {TENANT} to {NEW}" in message["system"]["body"]
    assert await ask(client, "GET", f"/phones/{TENANT}/thread/whatsapp") == [], "nobody wrote that"


async def test_the_house_reads_it(client: Client, tiny: TinyApp) -> None:
    await say(client, "whatsapp", moves=NEW)
    [event] = whatsapp.read(_raw(tiny.to(META)[0]), Settings(_env_file=None))
    assert (event.kind, event.reason) == ("identity_change", "user_changed_number")
    assert (event.previous, event.sender) == (f"+{TENANT}", f"+{NEW}")


async def test_it_opens_no_window(client: Client, tiny: TinyApp) -> None:
    await say(client, "whatsapp", moves=NEW)
    await post(client, type="text", text={"body": "Bonjour"})
    await tiny.wait(META, 2)
    [status] = value_of(tiny.to(META)[1])["statuses"]
    assert status["errors"][0]["code"] == 131047


@pytest.mark.parametrize(
    ("channel", "act"),
    [
        ("whatsapp", {"moves": NEW, "via": "twilio"}),
        ("whatsapp", {"moves": "somewhere"}),
        ("whatsapp", {"moves": NEW, "text": "Bonjour"}),
        ("telegram", {"moves": NEW}),
        ("sms", {"moves": NEW, "via": "twilio"}),
        ("whatsapp", {"media": "photo", "album": 2}),
        ("telegram", {"text": "Bonjour", "album": 2}),
        ("telegram", {"media": "photo", "album": 1}),
        ("telegram", {"media": "photo", "album": 11}),
    ],
)
async def test_who_cannot(client: Client, tiny: TinyApp, channel: str, act: dict[str, Any]) -> None:
    assert (await say(client, channel, status=400, **act))["error"]
    assert tiny.calls == []


async def test_an_album_is_several_updates_of_one_group(client: Client, tiny: TinyApp) -> None:
    told = await say(client, "telegram", media="photo", album=3)
    await say(client, "telegram", media="photo", album=2)
    await say(client, "telegram", media="photo")
    messages = [update_of(call).message for call in tiny.to(TELEGRAM)]
    groups = [message.media_group_id for message in messages if message]
    assert [groups.count(group) for group in groups] == [3, 3, 3, 2, 2, 1]
    assert groups[-1] is None
    files = {message.photo[-1].file_id for message in messages if message}
    assert len(files) == len({message.message_id for message in messages if message}) == 6
    assert told["id"] == str(update_of(tiny.to(TELEGRAM)[2]).update_id)
    assert len(await ask(client, "GET", f"/phones/{TENANT}/thread/telegram")) == 6


def _raw(call: Call) -> Raw:
    """What the app got, as its readers want it."""
    return Raw("POST", META, "", {name.lower(): value for name, value in call.headers.items()}, call.body)

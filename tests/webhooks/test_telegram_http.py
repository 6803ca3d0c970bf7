"""Telegram over HTTP: what is heard is kept before it is acknowledged, and nothing is heard twice."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from core.kit.clock import FixedClock
from core.kit.db import Database, Record, Statement
from core.kit.settings import Settings
from webhooks.app import make_app
from webhooks.front import Front

AWA = 700100200
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "demo-telegram-secret", "Content-Type": "application/json"}


@dataclass
class House:
    """The app over HTTP, and its database."""

    client: TestClient[Any, Any]
    db: Database

    async def post(self, body: bytes, **headers: str) -> int:
        async with self.client.post("/webhooks/telegram", data=body, headers={**SECRET, **headers}) as answer:
            return answer.status

    async def update(self, number: int, **more: Any) -> int:
        return await self.post(json.dumps({"update_id": number, **more}).encode())

    async def said(self, number: int, what: str = "menu", who: int = AWA, **more: Any) -> int:
        """One text message."""
        return await self.update(number, message={**message(who), "text": what, **more})

    async def tapped(self, number: int, callback: str, data: str) -> int:
        """One tapped button of the message before."""
        query = {"id": callback, "from": person(AWA), "chat_instance": "1", "data": data, "message": message(AWA)}
        return await self.update(number, callback_query=query)

    async def answers(self) -> list[Record]:
        """What was queued, in its order."""
        return await self.db.fetch(Statement(text("SELECT channel, address, blanks FROM notice ORDER BY id")))


def person(who: int) -> dict[str, Any]:
    return {"id": who, "is_bot": False, "first_name": "Awa", "language_code": "fr"}


def message(who: int) -> dict[str, Any]:
    chat = {"id": who, "type": "private", "first_name": "Awa"}
    return {"message_id": 7, "date": 1793865600, "chat": chat, "from": person(who)}


@pytest.fixture
async def house(db: Database, clock: FixedClock) -> AsyncIterator[House]:
    async with TestClient(TestServer(make_app(Front.build(db, Settings(_env_file=None), clock)))) as client:
        yield House(client, db)


async def test_a_message_is_answered_to_its_chat(house: House) -> None:
    assert await house.said(1) == 200
    assert [(row["channel"], row["address"]) for row in await house.answers()] == [("telegram", str(AWA))]


async def test_an_update_brought_again_is_heard_once(house: House) -> None:
    assert await asyncio.gather(*(house.said(1) for _ in range(10))) == [200] * 10
    assert len(await house.answers()) == 1


async def test_a_tap_sent_again_under_a_new_update_id_is_heard_once(house: House) -> None:
    await house.said(1)
    for number in range(2, 6):
        assert await house.tapped(number, "cb-1", "1:1") == 200
    assert len(await house.answers()) == 2


async def test_whoever_blocks_the_bot_gets_no_answer(house: House) -> None:
    bot = {"id": 384000, "is_bot": True, "first_name": "Toit"}
    change = {
        "chat": message(AWA)["chat"], "from": person(AWA), "date": 1793865600,
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": "kicked", "user": bot, "until_date": 0},
    }  # fmt: skip
    assert await house.update(1, my_chat_member=change) == 200
    assert await house.answers() == []


@pytest.mark.parametrize(
    "update",
    [
        {"message": {**message(AWA), "chat": {"id": -5, "type": "group", "title": "x"}, "text": "menu"}},
        {
            "channel_post": {
                "message_id": 1,
                "date": 5,
                "chat": {"id": -5, "type": "channel", "title": "x"},
                "text": "1",
            }
        },
        {"edited_message": {**message(AWA), "edit_date": 1793865700, "text": "menu"}},
        {"message": {"text": "menu"}},
        {"message": 5},
        {"hologram": {}},
        {},
    ],
)
async def test_what_is_not_for_us_is_acknowledged_and_not_answered(house: House, update: dict[str, Any]) -> None:
    assert await house.update(3, **update) == 200
    assert await house.answers() == []


async def test_a_stranger_and_rubbish_are_refused(house: House) -> None:
    assert await house.post(b"{}", **{"X-Telegram-Bot-Api-Secret-Token": "demo"}) == 403
    assert await house.post(b"{") == 400
    assert await house.post(b"x" * (256 * 1024 + 1)) == 413
    assert await house.answers() == []


async def test_two_people_never_mix(house: House) -> None:
    await asyncio.gather(*(house.said(number, who=AWA + number % 5) for number in range(1, 26)))
    rows = await house.answers()
    assert len(rows) == 25
    assert {row["address"] for row in rows} == {str(AWA + number) for number in range(5)}


# --- blocked, and let in again -----------------------------------------------------------------------------


async def membership(house: House, number: int, status: str) -> None:
    user = {**person(5), "is_bot": True, "first_name": "Toit"}
    shapes = {"kicked": {"until_date": 0}, "member": {}}
    before, after = ("member", "kicked") if status == "kicked" else ("kicked", "member")
    change = {
        "chat": message(AWA)["chat"], "from": person(AWA), "date": 1793865600,
        "old_chat_member": {"user": user, "status": before, **shapes[before]},
        "new_chat_member": {"user": user, "status": after, **shapes[after]},
    }  # fmt: skip
    assert await house.update(number, my_chat_member=change) == 200


async def stopped(house: House) -> set[str]:
    return {row["list"] for row in await house.db.fetch(Statement(text("SELECT list FROM suppression")))}


async def test_what_a_block_had_stopped_flows_when_the_bot_is_let_in_again(house: House) -> None:
    await house.said(1)
    await membership(house, 2, "kicked")
    assert await stopped(house) == {"all"}
    await house.db.fetch(Statement(text("UPDATE door SET state = 'unreachable'")))
    await membership(house, 3, "member")
    assert await stopped(house) == set()
    (door,) = await house.db.fetch(Statement(text("SELECT state FROM door")))
    assert door["state"] == "open"
    await membership(house, 2, "kicked")
    assert await stopped(house) == set(), "brought again, it is nothing"


@pytest.mark.parametrize(("word", "kept"), [("stop", {"all"}), ("stop rappels", {"reminders"})])
@pytest.mark.parametrize("first", [True, False])
async def test_what_was_stopped_in_words_stays_so(house: House, word: str, kept: set[str], *, first: bool) -> None:
    if first:
        await house.said(1, word)
    await membership(house, 2, "kicked")
    if not first:
        await house.said(3, word)
    await membership(house, 4, "member")
    assert await stopped(house) == kept
    await house.said(5, "reprendre")
    assert await stopped(house) == set()

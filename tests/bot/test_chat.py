"""A turn in a chat is answered for whoever wrote when it is kept, not for whoever it was when it was read."""

from dataclasses import dataclass

import pytest

from bot.inbound import Event
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.speaker import Speaker
from tests.bot.office import CREATE, PREFER_ENGLISH, Chat, Office


@pytest.fixture
async def office(db: Database, clock: FixedClock) -> Office:
    await db.fetch(CREATE)
    return Office(db, clock)


@dataclass(slots=True)
class Changing(Chat):
    """Awa turns to English right after it was read who writes."""

    read: int = 0

    async def known(self, event: Event) -> Speaker | None:
        found = await Chat.known(self, event)
        self.read += 1
        if self.read == 2:
            await self.runner.turns.db.fetch(PREFER_ENGLISH)
        return found


async def test_a_command_is_done_for_whoever_writes_when_it_is_done(office: Office) -> None:
    chat = Changing(office.runner())
    assert "Répondez" in await chat.say("menu")
    assert "Reply" in await chat.say("1")
    assert await office.done() == ["write"]
    assert chat.read == 3, "the turn that was overtaken is run again"
    assert office.outcomes == ["answer", "answer"]

"""A turn in a chat on a real database: heard once, moved once, answered to whoever wrote when it is kept."""

import asyncio
from dataclasses import dataclass, replace

import pytest

from bot.engine import Engine
from bot.entry import Entry, Lead, Unasked
from bot.inbound import Event
from bot.turns import Conflict
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.speaker import Speaker
from tests.bot.office import CREATE, FLOWS, PREFER_ENGLISH, ROUTER, Call, Chat, Meeting, Office, nothing

DESK = "Desk\n1 write\n2 note\n3 close\n4 vault"
DESK_BY_SMS = f"{DESK}\nRépondez 1-4"


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


async def test_a_message_is_answered_once(office: Office) -> None:
    chat = Chat(office.runner())
    assert await chat.say("bonjour") == DESK_BY_SMS
    await chat.say("1")
    await chat.say("1", same=True)
    chat.runner = office.runner()
    await chat.say("1", same=True)
    assert len(chat.answers) == 2
    assert await office.done() == ["write"]
    assert office.outcomes == ["answer", "answer", "repeat", "repeat"]


async def test_words_of_somebody_with_nothing_elsewhere_are_read_once(office: Office) -> None:
    read = []

    def words(said: str) -> Lead:
        read.append(said)
        return Lead(Entry("note"))

    runner, unasked = office.runner(), Unasked(words)
    runner.turns.engine, runner.turns.router = Engine(FLOWS, unasked=unasked), replace(ROUTER, unasked=unasked)
    assert (await Chat(runner).say("une chambre")).startswith("Note")
    assert read == ["une chambre"]


@pytest.mark.parametrize(("hours", "seen"), [(12, "Noted 2\n1 More\nRépondez 1, 0 Retour"), (13, DESK_BY_SMS)])
async def test_a_message_after_half_a_day_is_no_answer(office: Office, hours: int, seen: str) -> None:
    chat = Chat(office.runner())
    await chat.say("scribble")
    office.clock.move(hours=hours)
    assert await chat.say("2") == seen


async def test_a_label_may_be_written_instead_of_its_number(office: Office) -> None:
    chat = Chat(office.runner())
    await chat.say("menu")
    assert await chat.say("Write") == DESK_BY_SMS
    assert await office.done() == ["write"]


async def test_no_code_is_asked_for_in_a_chat(office: Office) -> None:
    chat = Chat(office.runner())
    await chat.say("menu")
    told = await chat.say("vault")
    assert "ne se tape jamais dans un message" in told
    assert "*384#" in told
    assert (await Call(office.runner()).dial()).text == DESK
    call = Call(office.runner(), "gate-2")
    await call.dial()
    assert (await call.say("4")).text == "Code\n0 Retour\n00 Accueil"


async def test_two_messages_at_once_are_both_answered(office: Office) -> None:
    chats = [Chat(office.runner()), Chat(office.runner(), _number=10)]
    await chats[0].say("menu")
    office.after_write = Meeting()
    await asyncio.gather(*(chat.say("1") for chat in chats))
    assert await office.done() == ["write", "write"]
    assert await office.version() == 3


async def test_a_code_may_be_the_first_thing_somebody_writes(office: Office) -> None:
    assert (await Chat(office.runner()).say("A4821")).startswith("Noted A4821")


async def test_a_message_that_cannot_be_kept_is_not_claimed(office: Office) -> None:
    chat = Chat(office.runner())
    await chat.say("menu")
    office.before_screen = office.move
    with pytest.raises(Conflict):
        await chat.say("1")
    office.before_screen = nothing
    assert await chat.say("1", same=True) == DESK_BY_SMS
    assert await office.done() == ["write"]

"""Turns of many people in one transaction: each is heard once, and nobody's trouble is another's."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text

from bot.inbound import Event, Media
from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import Address
from core.kit.structs import replace
from core.notices.inbox import claim
from core.notices.outbox import queue
from core.notices.words import Notice
from core.people.doors import link, suspend
from core.people.profile import Profile, create
from core.people.visits import Visit, known
from tests.patience import until
from webhooks.front import Front

SETTINGS = Settings(_env_file=None)
ANSWERS = Statement(text("SELECT address, person_id FROM notice WHERE dedupe_key LIKE 'answer:%' ORDER BY id"))
PLACES = Statement(text("SELECT address, version FROM place ORDER BY address"))
DOORS = Statement(text("SELECT address, source, name, e164, state FROM door ORDER BY address"))
CLAIMED = Statement(text("SELECT external_id FROM inbox ORDER BY external_id"))
WRITERS = Statement(text("SELECT count(DISTINCT xmin::text) AS writers FROM place"))
WAITING = Statement(text("SELECT failure FROM notice WHERE dedupe_key = 'n1'"))
PICTURES = Statement(text("SELECT media_id, person_id FROM attachment ORDER BY media_id"))


def wrote(who: int, number: int = 1, said: str = "menu", **more: object) -> Event:
    """One of many people, by SMS."""
    phone = Phone(f"+2376770000{who:02}")
    whole = Event("message", "sms", "gate", phone.e164, phone, f"{who}-{number}", said)
    return replace(whole, **more)  # type: ignore[arg-type]


@pytest.fixture
def front(db: Database, clock: FixedClock) -> Front:
    return Front.build(db, SETTINGS, clock)


@pytest.fixture
async def other(database_url: str, clock: FixedClock) -> AsyncIterator[Front]:
    """Another process on the same database."""
    db = await Database.open(database_url)
    yield Front.build(db, SETTINGS, clock)
    await db.close()


async def answered(db: Database) -> Counter[str]:
    return Counter(row["address"] for row in await db.fetch(ANSWERS))


async def at_once(front: Front, *events: Event) -> None:
    await asyncio.gather(*(front.take([event]) for event in events))


async def test_those_who_write_at_once_are_kept_together(front: Front, db: Database) -> None:
    await at_once(front, *(wrote(who) for who in range(20)))
    assert await answered(db) == Counter(wrote(who).sender for who in range(20))
    assert [row["external_id"] for row in await db.fetch(CLAIMED)] == sorted(f"{who}-1" for who in range(20))
    row = await db.one(WRITERS)
    assert row is not None
    assert row["writers"] < 20


async def test_two_processes_are_brought_the_same_and_answer_it_once(front: Front, other: Front, db: Database) -> None:
    for number in range(1, 4):
        events = [wrote(who, number) for who in range(12)]
        await asyncio.gather(at_once(front, *events), at_once(other, *reversed(events)))
    assert await answered(db) == Counter({wrote(who).sender: 3 for who in range(12)})
    assert {row["version"] for row in await db.fetch(PLACES)} == {3}


async def test_an_id_that_two_people_bring_at_once_is_one_message(front: Front, db: Database) -> None:
    await at_once(front, wrote(1), wrote(2, external_id="1-1"), *(wrote(who) for who in range(3, 6)))
    found = await answered(db)
    assert sum(found[wrote(who).sender] for who in (1, 2)) == 1
    assert all(found[wrote(who).sender] == 1 for who in range(3, 6))
    assert len(await db.fetch(DOORS)) == len(await db.fetch(PLACES)) == 4


async def test_whoever_is_held_up_holds_up_their_own_answer_alone(
    front: Front, db: Database, database_url: str
) -> None:
    """One door is locked for longer than a turn waits; whoever wrote there is answered when it is free."""
    await front.take([wrote(1)])
    holding = await asyncpg.connect(database_url)
    lock = holding.transaction()
    await lock.start()
    await holding.execute("SELECT FROM door WHERE address = $1 FOR UPDATE", wrote(1).sender)
    turns = asyncio.create_task(at_once(front, *(wrote(who, 2) for who in range(1, 8))))

    async def all_but_one() -> bool:
        return len(await answered(db)) == 7

    await until(all_but_one)
    assert (await answered(db))[wrote(1).sender] == 1
    await lock.rollback()
    await holding.close()
    await turns
    assert (await answered(db))[wrote(1).sender] == 2


async def test_what_was_heard_changes_nothing_when_it_is_brought_again(
    front: Front, db: Database, clock: FixedClock
) -> None:
    at = Address("telegram", "500")
    first = Event("message", "telegram", "telegram", sender="500", external_id="u1", text="menu", name="Awa")
    await front.take([first])
    await queue(db, Notice("n1", at, "fr", "said.1", {"text": "x"}), clock.now())
    await db.fetch(Statement(text("UPDATE notice SET failure = 'waiting' WHERE dedupe_key = 'n1'")))
    before = [await db.fetch(one) for one in (ANSWERS, PLACES, DOORS, CLAIMED, WAITING)]
    again = Event("message", "telegram", "elsewhere", sender="500", external_id="u1", text="1", name="Ngo")
    for event in (first, replace(first, kind="media", media=(Media("p"),))):
        await front.take([event])
    told = {"channel": "telegram", "gateway": "telegram", "outcome": "repeat"}
    assert front.meters.registry.get_sample_value("toit_turns_total", told) == 2
    assert [await db.fetch(one) for one in (ANSWERS, PLACES, DOORS, CLAIMED, WAITING)] == before
    await front.take([again])
    (door,) = await db.fetch(DOORS)
    assert (door["source"], door["name"]) == ("elsewhere", "Ngo"), "another provider's, so it is new"
    (waiting,) = await db.fetch(WAITING)
    assert waiting["failure"] is None


async def test_of_an_album_all_is_kept_and_one_answered(front: Front, db: Database) -> None:
    pictures = [wrote(1, n, "", kind="media", group="g", media=(Media(f"p{n}"),)) for n in range(1, 5)]
    await at_once(front, *pictures, *pictures, wrote(2))
    assert await answered(db) == Counter({wrote(1).sender: 1, wrote(2).sender: 1})
    assert [row["media_id"] for row in await db.fetch(PICTURES)] == ["p1", "p2", "p3", "p4"]


async def test_a_turn_that_broke_is_claimed_with_its_apology(front: Front, db: Database) -> None:
    await db.fetch(
        Statement(text("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'"))
    )
    await db.fetch(Statement(text("CREATE TRIGGER no BEFORE INSERT ON place FOR EACH ROW"
                                  " WHEN (NEW.address = '+237677000003') EXECUTE FUNCTION no()")))  # fmt: skip
    await at_once(front, *(wrote(who) for who in range(1, 6)))
    await front.take([wrote(3)])
    assert await answered(db) == Counter(wrote(who).sender for who in range(1, 6))
    assert len(await db.fetch(PLACES)) == 4


async def test_who_wrote_is_known_before_and_after_by_the_same_rules(
    front: Front, db: Database, clock: FixedClock
) -> None:
    """What is read before a turn is what the door says once it has been written."""
    phone = Phone("+237677000009")
    owned, chat = Visit(Address("sms", phone.e164), "gate", "1", phone, "Awa", owned=True), Address("telegram", "9")
    guessed = Visit(chat, "telegram", "1", phone)
    async with db.transaction() as tx:
        person = await create(tx, Profile(phone, "Awa", "tenant", "en", "CM"), None, clock.now())
    assert person is not None

    async def twice(visit: Visit) -> list[object]:
        before = await known(db, [visit])
        async with db.transaction() as tx:
            assert await claim(tx, visit.source, visit.external_id) is not None
        await front.take([Event("message", visit.door.channel, visit.source, sender=visit.door.name, phone=visit.phone,
                                external_id=visit.external_id + "x", text="menu")])  # fmt: skip
        ((after, repeated),) = await known(db, [visit])
        assert repeated
        assert before == [(after, False)]
        return [after.person, after.proved, after.language]

    assert await twice(owned) == [person, False, "en"]
    assert await twice(guessed) == [None, False, "en"]
    async with db.transaction() as tx:
        await link(tx, chat, person, clock.now())
    assert await twice(Visit(chat, "telegram", "2", phone)) == [person, True, "en"]
    await suspend(db, chat, clock.now())
    assert await twice(Visit(chat, "telegram", "3", phone)) == [None, False, "en"]

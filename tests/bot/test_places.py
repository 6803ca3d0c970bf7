"""Places in PostgreSQL: many at once in one round trip each way, compared by version, kept as they were."""

import asyncio
from datetime import timedelta

import pytest

from bot.place import Frame, Place, pack
from bot.places import Kept, Key, Places, Row
from bot.session import Heard
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.phone import Phone
from core.kit.speaker import PersonId, Speaker

KEYS: list[Key] = [("ussd", f"+2376700001{number:02}") for number in range(20)]


def kept(clock: FixedClock, note: str = "") -> Kept:
    """A place with something of everything."""
    speaker = Speaker(Phone("+237670000101"), language="en", profiles=2, person=PersonId(7), proved=True)
    frames = [Frame("menu", "desk", pack({})), Frame("note", "note", pack({"note": note}))]
    place = Place(frames=frames, turn=3, kind="menu", offered=[pack("a"), pack(1)], speaker=speaker, language="en")
    return Kept(place, clock.now(), "gate-1", Heard.of("1*2580", b"key"), "1 Oui\n2 Été", open=True)


async def test_what_was_kept_is_what_is_found(db: Database, clock: FixedClock) -> None:
    before = kept(clock, "é\x00\x1e\x1f\n\"'🏠")
    assert await Places(db).keep(Row(KEYS[0], 0, before))
    clock.move(hours=1)
    row = await Places(db).load(KEYS[0], clock.now())
    assert (row.version, row.kept) == (1, before)
    assert row.kept.at == clock.now() - timedelta(hours=1)


async def test_nobody_has_a_place_before_the_first_turn(db: Database, clock: FixedClock) -> None:
    row = await Places(db).load(KEYS[0], clock.now())
    assert (row.version, row.kept) == (0, Kept(Place(), clock.now()))


async def test_many_at_once_each_find_their_own(db: Database, clock: FixedClock) -> None:
    places = Places(db)
    rows = [Row(key, 0, kept(clock, key[1])) for key in KEYS]
    assert await asyncio.gather(*map(places.keep, rows)) == [True] * len(KEYS)
    found = await asyncio.gather(*(places.load(key, clock.now()) for key in [*KEYS, ("sms", KEYS[0][1])]))
    assert [row.kept for row in found[:-1]] == [row.kept for row in rows]
    assert found[-1].version == 0, "another channel is another place"


async def test_only_the_first_to_move_on_from_a_version_is_kept(db: Database, clock: FixedClock) -> None:
    one, other = Places(db), Places(db)
    assert await one.keep(Row(KEYS[0], 0, kept(clock, "first")))
    assert not await other.keep(Row(KEYS[0], 0, kept(clock, "second")))
    moved = [one.keep(Row(KEYS[0], 1, kept(clock, "third"))), other.keep(Row(KEYS[1], 0, kept(clock)))]
    assert await asyncio.gather(*moved) == [True, True]
    assert not await other.keep(Row(KEYS[0], 1, kept(clock, "fourth")))
    row = await one.load(KEYS[0], clock.now())
    assert (row.version, row.kept) == (2, kept(clock, "third"))


async def test_one_that_lost_leaves_the_others_of_its_batch_alone(db: Database, clock: FixedClock) -> None:
    places = Places(db)
    await places.keep(Row(KEYS[1], 0, kept(clock)))
    stores = [places.keep(Row(key, 0, kept(clock, "late"))) for key in KEYS[:3]]
    assert await asyncio.gather(*stores) == [True, False, True]


async def test_what_was_stored_last_is_told_once(db: Database, clock: FixedClock) -> None:
    places = Places(db)
    assert places.recall(KEYS[0], clock.now()) is None
    await places.keep(Row(KEYS[0], 0, kept(clock, "first")))
    assert places.recall(KEYS[0], clock.now()) == Row(KEYS[0], 1, kept(clock, "first"))
    assert places.recall(KEYS[0], clock.now()) is None


async def test_nothing_is_kept_in_mind_of_what_may_be_otherwise(db: Database, clock: FixedClock) -> None:
    places, other = Places(db), Places(db)
    await places.keep(Row(KEYS[0], 0, kept(clock)))
    await other.keep(Row(KEYS[0], 1, kept(clock)))
    assert not await places.keep(Row(KEYS[0], 1, kept(clock)))
    assert places.recall(KEYS[0], clock.now()) is None, "another was first"
    async with db.transaction() as tx:
        await other.keep_in(tx, Row(KEYS[0], 2, kept(clock)))
    assert other.recall(KEYS[0], clock.now()) is None, "whether a transaction stays is not known here"
    await places.keep(Row(KEYS[1], 0, Kept(Place(), clock.now())))
    assert places.recall(KEYS[1], clock.now()) is None, "no session"


async def test_only_so_many_sessions_are_kept_in_mind(
    db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.places.MOST_SESSIONS", 2)
    places = Places(db)
    for key in KEYS[:3]:
        await places.keep(Row(key, 0, kept(clock)))
    assert [places.recall(key, clock.now()) is None for key in KEYS[:3]] == [True, False, False]


async def test_a_place_in_a_transaction_comes_and_goes_with_it(db: Database, clock: FixedClock) -> None:
    places = Places(db)
    async with db.transaction() as tx:
        assert await places.keep_in(tx, Row(KEYS[0], 0, kept(clock)))
        assert not await places.keep_in(tx, Row(KEYS[0], 0, kept(clock)))
        assert (await places.load(KEYS[0], clock.now())).version == 0, "not before it is committed"
    assert (await places.load(KEYS[0], clock.now())).version == 1

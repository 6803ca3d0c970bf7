"""Held connections: lent to one at a time, thrown away when in doubt, opened anew."""

import asyncio
from contextlib import AsyncExitStack

import asyncpg
import pytest
from sqlalchemy import text

from core.kit.db import TRANSIENT, Database, Statement
from core.kit.embedded import Embedded
from core.kit.errors import Refused
from core.kit.lines import Lines, is_whole
from tests.patience import PATIENCE_S, until

PID = Statement(text("SELECT pg_backend_pid() AS pid"))
SLEEP = Statement(text("SELECT pg_sleep(:seconds)"))
BAD = Statement(text("SELECT 1 / 0"))


class Line:
    """A connection that never breaks."""

    def is_closed(self) -> bool:
        return False


async def open_one() -> Line:
    return Line()


async def pid(db: Database) -> int:
    row = await db.one(PID)
    assert row is not None
    return int(row["pid"])


async def test_the_same_connection_serves_again(db: Database) -> None:
    assert await pid(db) == await pid(db)


async def test_nobody_shares_one_and_the_rest_wait(database_url: str) -> None:
    db = await Database.open(database_url, size=2)
    seen: list[int] = []
    busy = 0

    async def use() -> None:
        nonlocal busy
        async with db.held() as connection:
            busy += 1
            assert busy <= 2
            seen.append(await connection.fetchval("SELECT pg_backend_pid()"))
            busy -= 1

    await asyncio.gather(*(use() for _ in range(20)))
    assert len(seen) == 20
    assert len(set(seen)) == 2
    await db.close()


async def test_a_refused_statement_leaves_the_connection_in_order(db: Database) -> None:
    before = await pid(db)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await db.fetch(BAD)
    with pytest.raises(Refused):
        async with db.transaction():
            raise Refused("no")
    assert await pid(db) == before


async def test_a_query_left_in_the_middle_costs_its_connection(database_url: str) -> None:
    db = await Database.open(database_url, size=1)
    before = await pid(db)
    task = asyncio.create_task(db.fetch(SLEEP, seconds=PATIENCE_S))
    other = await asyncpg.connect(database_url)
    await until(lambda: other.fetchval("SELECT true FROM pg_stat_activity WHERE pid = $1 AND state = 'active'", before))
    await other.close()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await pid(db) != before
    await db.close()


async def test_who_gives_up_waiting_loses_nobody_the_turn(database_url: str) -> None:
    db = await Database.open(database_url, size=1)
    async with db.held():
        waiting = [asyncio.create_task(pid(db)) for _ in range(3)]
        await asyncio.sleep(0.05)
        waiting[0].cancel()
        await asyncio.sleep(0)
    assert await asyncio.wait_for(asyncio.gather(*waiting[1:]), PATIENCE_S)
    await db.close()


async def test_who_is_called_and_gone_passes_the_turn_on(database_url: str) -> None:
    db = await Database.open(database_url, size=1)
    async with db.held():
        first, second = asyncio.create_task(pid(db)), asyncio.create_task(pid(db))
        await asyncio.sleep(0.05)
    first.cancel()
    assert await asyncio.wait_for(second, PATIENCE_S)
    await db.close()


async def test_who_waits_in_vain_is_told_so_and_may_try_again() -> None:
    lines = Lines(open_one, 1, wait_s=0.1)
    held = await lines.take()
    for end in await asyncio.gather(*(lines.take() for _ in range(3)), return_exceptions=True):
        assert isinstance(end, TRANSIENT)
    lines.give(held, whole=True)
    assert await lines.take() is held


async def test_who_was_refused_takes_no_turn_from_those_who_wait() -> None:
    lines = Lines(open_one, 1, wait_s=0.1)
    held = await lines.take()
    early = asyncio.create_task(lines.take())
    await asyncio.sleep(0)
    lines._wait_s = PATIENCE_S
    late = asyncio.create_task(lines.take())
    with pytest.raises(TimeoutError):
        await early
    lines.give(held, whole=True)
    assert await late is held


async def test_nobody_waits_longer_because_others_are_quicker() -> None:
    lines = Lines(open_one, 1, wait_s=0.2)
    held = await lines.take()
    waiting = asyncio.create_task(lines.take())
    for _ in range(8):
        await asyncio.sleep(0.05)
        lines.give(held, whole=True)
        assert await lines.take() is held
    with pytest.raises(TimeoutError):
        await waiting


async def test_turns_that_hold_everything_only_delay_the_rest(db: Database) -> None:
    """A house whose connections are all taken answers again as soon as one is given back."""
    async with AsyncExitStack() as stack:
        for _ in range(8):
            await stack.enter_async_context(db.held())
        waiting = asyncio.create_task(pid(db))
        await asyncio.sleep(0.05)
        assert not waiting.done()
    assert await asyncio.wait_for(waiting, PATIENCE_S)


async def test_a_server_that_does_not_answer_is_left() -> None:
    class Deaf:
        def is_closed(self) -> bool:
            return False

        async def close(self, *, timeout: float) -> None:  # noqa: ASYNC109 - as asyncpg has it
            await asyncio.wait_for(asyncio.Event().wait(), timeout / 20)

    lines = Lines(open_one, 2)
    for _ in range(2):
        lines.give(Deaf(), whole=True)
    await asyncio.wait_for(lines.close(), PATIENCE_S)


async def test_a_killed_connection_is_replaced(db: Database, server: Embedded) -> None:
    before = await pid(db)
    (connection,) = db._lines._idle
    server.psql(f"SELECT pg_terminate_backend({before})")

    async def hung_up() -> bool:
        return bool(connection.is_closed())

    await until(hung_up)
    assert await pid(db) != before


async def test_a_door_that_does_not_open_is_tried_again_by_the_next() -> None:
    tries = 0

    async def connect() -> object:
        nonlocal tries
        tries += 1
        raise OSError

    lines = Lines(connect, 1)
    for _ in range(2):
        with pytest.raises(OSError):  # noqa: PT011 - any will do
            await lines.take()
    assert tries == 2


@pytest.mark.parametrize(
    ("error", "whole"),
    [
        (None, True),
        (Refused("no"), True),
        (asyncpg.UniqueViolationError(), True),
        (asyncpg.QueryCanceledError(), True),
        (asyncpg.AdminShutdownError(), False),
        (asyncpg.ConnectionDoesNotExistError(), False),
        (asyncpg.InterfaceError(""), False),
        (OSError(), False),
        (asyncio.CancelledError(), False),
    ],
)
def test_what_leaves_a_connection_in_order(error: BaseException | None, whole: bool) -> None:
    assert is_whole(error) is whole

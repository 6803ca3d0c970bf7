"""Waiting, but no longer than was promised."""

import asyncio

import pytest

from core.kit.patience import Patience


async def test_what_is_done_in_time_is_waited_for() -> None:
    patience = Patience(5)
    tasks = [asyncio.create_task(asyncio.sleep(0.01, number)) for number in range(5)]
    assert all(await asyncio.gather(*(patience.wait(task) for task in tasks)))
    assert [task.result() for task in tasks] == [0, 1, 2, 3, 4]


async def test_what_takes_too_long_is_left_running() -> None:
    patience = Patience(0.05)
    slow = asyncio.create_task(asyncio.sleep(0.4, "done"))
    assert not await patience.wait(slow)
    assert await slow == "done"
    assert await patience.wait(asyncio.create_task(asyncio.sleep(0)))


async def test_an_error_is_left_in_the_task() -> None:
    async def fail() -> None:
        raise ValueError

    task = asyncio.create_task(fail())
    assert await Patience(1).wait(task)
    with pytest.raises(ValueError):  # noqa: PT011 - ours
        task.result()


async def test_who_stops_waiting_does_not_disturb_the_others() -> None:
    patience = Patience(0.2)
    slow = asyncio.create_task(asyncio.sleep(5))
    one, other = asyncio.create_task(patience.wait(slow)), asyncio.create_task(patience.wait(slow))
    await asyncio.sleep(0.01)
    one.cancel()
    assert not await other
    slow.cancel()

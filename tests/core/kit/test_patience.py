"""Waiting, but no longer than was promised."""

import asyncio

import pytest

from core.kit.patience import Patience


async def test_what_is_done_in_time_is_waited_for() -> None:
    patience = Patience(5)
    tasks = await asyncio.gather(*(patience.wait(asyncio.sleep(0.01, number)) for number in range(5)))
    assert [task.result() for task in tasks] == [0, 1, 2, 3, 4]


async def test_what_takes_too_long_is_left_running() -> None:
    patience = Patience(0.05)
    slow = await patience.wait(asyncio.sleep(0.4, "done"))
    assert not slow.done()
    assert await slow == "done"
    assert (await patience.wait(asyncio.sleep(0))).done()


async def test_an_error_is_left_in_the_task() -> None:
    async def fail() -> None:
        raise ValueError

    task = await Patience(1).wait(fail())
    with pytest.raises(ValueError):  # noqa: PT011 - ours
        task.result()


async def test_who_stops_waiting_does_not_disturb_the_others() -> None:
    patience = Patience(0.2)
    one, other = (asyncio.create_task(patience.wait(asyncio.sleep(0.4, number))) for number in range(2))
    await asyncio.sleep(0.01)
    one.cancel()
    task = await other
    assert not task.done()
    assert await task == 1

"""Waiting, but no longer than was promised."""

import asyncio

import pytest

from core.kit.patience import Patience
from tests.patience import NEVER_S, PATIENCE_S


async def test_what_is_done_in_time_is_waited_for() -> None:
    patience = Patience(NEVER_S)
    waiting = asyncio.gather(*(patience.wait(asyncio.sleep(0.01, number)) for number in range(5)))
    tasks = await asyncio.wait_for(waiting, PATIENCE_S)
    assert [task.result() for task in tasks] == [0, 1, 2, 3, 4]


async def test_what_takes_too_long_is_left_running() -> None:
    patience, over = Patience(0.05), asyncio.Event()
    slow = await patience.wait(over.wait())
    assert not slow.done()
    over.set()
    assert await slow
    again = await patience.wait(asyncio.sleep(0, "served"))
    assert await again == "served"


async def test_an_error_is_left_in_the_task() -> None:
    async def fail() -> None:
        raise ValueError

    task = await Patience(PATIENCE_S).wait(fail())
    with pytest.raises(ValueError):  # noqa: PT011 - ours
        task.result()


async def test_who_stops_waiting_does_not_disturb_the_others() -> None:
    patience, over = Patience(0.2), asyncio.Event()
    one, other = (asyncio.create_task(patience.wait(over.wait())) for _ in range(2))
    await asyncio.sleep(0)
    one.cancel()
    task = await other
    assert not task.done()
    over.set()
    assert await task

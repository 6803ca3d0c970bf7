"""Waits for work, but no longer than was promised; one timer serves everybody who waits."""

import asyncio
from typing import Any, Final

TICK_S: Final = 0.25
"""How late the end of somebody's patience may be noticed."""


class Patience:
    """Waits ``seconds`` for a task at most, and leaves it running when it takes longer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: dict[asyncio.Future[bool], float] = {}
        self._ticking = False

    async def wait(self, task: "asyncio.Future[Any]") -> bool:
        """Whether it was done in time; its result or error is left in it."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()
        self._waiting[waiter] = loop.time() + self._seconds
        task.add_done_callback(lambda _: _settle(waiter, in_time=True))
        if not self._ticking:
            self._ticking = True
            loop.call_later(min(TICK_S, self._seconds), self._tick)
        try:
            return await waiter
        finally:
            del self._waiting[waiter]

    def _tick(self) -> None:
        """Let those go whose time is over: they stand in the order in which they came."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for waiter, until in self._waiting.items():
            if until > now:
                break
            _settle(waiter, in_time=False)
        self._ticking = bool(self._waiting)
        if self._ticking:
            loop.call_later(min(TICK_S, self._seconds), self._tick)


def _settle(waiter: "asyncio.Future[bool]", *, in_time: bool) -> None:
    if not waiter.done():
        waiter.set_result(in_time)

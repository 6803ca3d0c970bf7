"""Waits for work, but no longer than was promised; one timer serves everybody who waits."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

TICK_S: Final = 0.25
"""How late the end of somebody's patience may be noticed."""


R = TypeVar("R")


class Patience:
    """Waits ``seconds`` for some work at most, and leaves it running when it takes longer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: dict[asyncio.Future[None], float] = {}
        self._ticking = False

    async def wait(self, work: Coroutine[Any, Any, R]) -> asyncio.Task[R]:
        """Begin it; its task, which is done (its result or error is left in it), or not yet when the time is over."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiting[waiter] = loop.time() + self._seconds
        task = loop.create_task(_told(work, waiter))
        if not self._ticking:
            self._ticking = True
            loop.call_later(min(TICK_S, self._seconds), self._tick)
        try:
            await waiter
        finally:
            del self._waiting[waiter]
        return task

    def _tick(self) -> None:
        """Let those go whose time is over: they stand in the order in which they came."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for waiter, until in self._waiting.items():
            if until > now:
                break
            _settle(waiter)
        self._ticking = bool(self._waiting)
        if self._ticking:
            loop.call_later(min(TICK_S, self._seconds), self._tick)


async def _told(work: Coroutine[Any, Any, R], waiter: "asyncio.Future[None]") -> R:
    try:
        return await work
    finally:
        _settle(waiter)


def _settle(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_result(None)

"""Gathers what waits on the loop into one round trip: group commit for many people."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
R = TypeVar("R")


class Gather(Generic[K, T, R]):
    """One batch in flight; whatever arrives meanwhile is the next batch.

    ``run`` receives at most ``limit`` items, no two with the same key, and returns one result for each, in
    order; a result that is an exception is raised to its caller. An error of ``run`` reaches the whole batch.
    """

    def __init__(self, run: Callable[[list[T]], Awaitable[list[R | Exception]]], *, limit: int = 256) -> None:
        self._run = run
        self._limit = limit
        self._waiting: list[tuple[K, T, asyncio.Future[R]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def __call__(self, key: K, item: T) -> R:
        """Hand in one item and wait for its result."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, item, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._batch(self._take())
        finally:
            self._worker = None

    def _take(self) -> list[tuple[K, T, asyncio.Future[R]]]:
        """The next batch: the first waiting item of each key, so that one person's turns stay in order."""
        batch: dict[K, tuple[K, T, asyncio.Future[R]]] = {}
        later = []
        for entry in self._waiting:
            if entry[0] in batch or len(batch) >= self._limit:
                later.append(entry)
            else:
                batch[entry[0]] = entry
        self._waiting = later
        return list(batch.values())

    async def _batch(self, batch: list[tuple[K, T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._run([item for _, item, _ in batch])
        except Exception as error:  # noqa: BLE001 - every caller of the batch must hear of it
            results = [error] * len(batch)
        for (_, _, future), result in zip(batch, results, strict=True):
            if future.cancelled():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)

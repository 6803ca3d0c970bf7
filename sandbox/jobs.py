"""Work that goes on after an answer was given, and that a shut-down ends."""

import asyncio
import logging
from collections.abc import Coroutine

log = logging.getLogger("sandbox")


class Jobs:
    """Keeps background tasks alive while they run and cancels what is left at the end."""

    def __init__(self) -> None:
        """Start with nothing running."""
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run `work` on the side; a failure is logged and harms nobody else."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            log.error("background work failed", exc_info=problem)

    async def close(self) -> None:
        """Cancel what still runs and wait until it is gone."""
        left = list(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

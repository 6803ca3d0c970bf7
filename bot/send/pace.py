"""Keeps to a provider's pace: so many messages a second to one address, and so many to all."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from core.kit.errors import ProviderError

MOST_KEYS: Final = 10_000
"""Addresses remembered; whoever was written to longest ago is forgotten first."""

PATIENCE_S: Final = 5.0
"""Waits longer than this are left to the outbox."""


class Pace:
    """Gives everybody their moment, in this process: ``each_s`` between two messages to one address, ``all_s`` between
    any two. Several workers on one bot share its limits, and learn of that by being refused.
    """

    def __init__(
        self,
        each_s: float,
        all_s: float,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        time: Callable[[], float] | None = None,
    ) -> None:
        self._each_s, self._all_s = each_s, all_s
        self._sleep = sleep
        self._time = time or _loop_time
        self._next: OrderedDict[str, float] = OrderedDict()
        self._free = 0.0

    async def moment(self, key: str) -> None:
        """Wait for one's turn. Raises ProviderError (retryable) when it is too far away."""
        now = self._time()
        at = max(now, self._next.get(key, 0.0), self._free)
        if at - now > PATIENCE_S:
            raise ProviderError("paced", retryable=True, after_s=at - now)
        self._free = max(now, self._free) + self._all_s
        self._next[key] = at + self._each_s
        self._next.move_to_end(key)
        if len(self._next) > MOST_KEYS:
            self._next.popitem(last=False)
        if at > now:
            await self._sleep(at - now)

    def pause(self, key: str, seconds: float) -> None:
        """The provider asked to leave this address alone for a while; the others need not wait."""
        self._next[key] = max(self._next.get(key, 0.0), self._time() + seconds)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()

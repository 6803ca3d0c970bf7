"""Waiting for what must come: as long as a machine ten times slower than ours may need, which costs nothing here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

PATIENCE_S: Final = 180.0
NEVER_S: Final = 86_400.0
"""A delay that outlasts every test: what it holds back is not yet there, however slow the machine."""

Found = TypeVar("Found")


async def until(true: Callable[[], Awaitable[Found | None]], pause_s: float = 0.02) -> Found:
    """Ask again and again, and return the first answer that is true; TimeoutError when patience is over."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if found := await true():
                return found
            await asyncio.sleep(pause_s)

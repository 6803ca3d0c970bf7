"""Where operators' access tokens are kept: in this process, or anywhere that fits the same port."""

from datetime import datetime, timedelta
from typing import Protocol

from core.kit.clock import Clock


class Tokens(Protocol):
    """A cache of access tokens that several workers may share; losing it costs one call."""

    async def get(self, key: str) -> str | None:
        """The token kept under a key, while it lives."""
        ...

    async def put(self, key: str, token: str, seconds: int) -> None:
        """Keep a token for so many seconds."""
        ...

    async def drop(self, key: str) -> None:
        """Forget a token that was refused."""
        ...


class MemoryTokens:
    """Tokens of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[str, datetime]] = {}

    async def get(self, key: str) -> str | None:
        """The token kept under a key, while it lives."""
        token, until = self._kept.get(key, ("", self._clock.now()))
        return token if until > self._clock.now() else None

    async def put(self, key: str, token: str, seconds: int) -> None:
        """Keep a token for so many seconds."""
        self._kept[key] = (token, self._clock.now() + timedelta(seconds=seconds))

    async def drop(self, key: str) -> None:
        """Forget a token that was refused."""
        self._kept.pop(key, None)

"""The sandbox's sense of time, which tests may speed up."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """Aware UTC time; every waiting time of the simulated world is divided by `scale`.

    The app and people live in real time: no limit on them falls below `shortest_limit` real seconds by scaling.
    """

    scale: float = 1.0
    shortest_limit: float = 1.0

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def stamp(self) -> str:
        """The present moment as ISO 8601 text."""
        return self.now().isoformat(timespec="milliseconds")

    def real(self, seconds: float) -> float:
        """How many real seconds a simulated waiting time lasts."""
        return seconds / self.scale

    def limit(self, seconds: float) -> float:
        """How many real seconds the app or a person is given."""
        return max(self.real(seconds), min(seconds, self.shortest_limit))

    def after(self, seconds: float) -> datetime:
        """The moment at which so many real seconds will be over."""
        return self.now() + timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Wait for a simulated time."""
        await asyncio.sleep(self.real(seconds))

    async def sleep_until(self, moment: datetime) -> None:
        """Wait for a moment computed by `after`, which may have passed already."""
        await asyncio.sleep(max(0.0, (moment - self.now()).total_seconds()))

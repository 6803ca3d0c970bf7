"""The sandbox's sense of time, which tests may speed up."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

APP_PATIENCE_FLOOR = 1.0


@dataclass(frozen=True, slots=True)
class Clock:
    """Aware UTC time; every waiting time of the simulated world is divided by `scale`."""

    scale: float = 1.0

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def stamp(self) -> str:
        """The present moment as ISO 8601 text."""
        return self.now().isoformat(timespec="milliseconds")

    def real(self, seconds: float) -> float:
        """How many real seconds a simulated waiting time lasts."""
        return seconds / self.scale

    def patience(self, seconds: float) -> float:
        """How long to wait for the app, which runs in real time whatever the scale."""
        return max(self.real(seconds), min(seconds, APP_PATIENCE_FLOOR))

    def after(self, seconds: float) -> datetime:
        """The moment at which a simulated waiting time will be over."""
        return self.now() + timedelta(seconds=self.real(seconds))

    async def sleep(self, seconds: float) -> None:
        """Wait for a simulated time."""
        await asyncio.sleep(self.real(seconds))

    async def sleep_until(self, moment: datetime) -> None:
        """Wait for a moment computed by `after`, which may have passed already."""
        await asyncio.sleep(max(0.0, (moment - self.now()).total_seconds()))

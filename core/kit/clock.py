"""Time, handed in: nothing in the house asks the machine for it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

_ZONES: Final = {"CM": ZoneInfo("Africa/Douala"), "BJ": ZoneInfo("Africa/Porto-Novo")}


def local(moment: datetime, country: str) -> datetime:
    """A moment on the clocks of a country; Senegal, Côte d'Ivoire and the unknown keep UTC."""
    return moment.astimezone(_ZONES.get(country, UTC))


def local_day(moment: datetime, country: str) -> date:
    """The day it is in a country."""
    return local(moment, country).date()


class Clock(Protocol):
    """Tells the present moment as an aware UTC datetime."""

    def now(self) -> datetime:
        """The present moment."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands until it is moved: for tests, demos and replays."""

    at: datetime

    def now(self) -> datetime:
        """Where it was set."""
        return self.at

    def move(self, **by: float) -> None:
        """Move it on, in the words of timedelta (``minutes=5``)."""
        self.at += timedelta(**by)

"""Days and moments where a currency is used."""

from datetime import date, datetime
from typing import Final

from core.kit.clock import local, local_day

_COUNTRY: Final = {"XAF": "CM"}


def moment_of(moment: datetime, currency: str) -> datetime:
    """A moment on the clocks of where a currency is used."""
    return local(moment, _COUNTRY.get(currency, ""))


def day_of(moment: datetime, currency: str) -> date:
    """The day a moment falls on where a currency is used (a month and a year begin there)."""
    return local_day(moment, _COUNTRY.get(currency, ""))

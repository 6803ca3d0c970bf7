"""When an operator is asked again: often at first, then every quarter of an hour, and in the end a person is called."""

from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

LADDER: Final = tuple(timedelta(seconds=seconds) for seconds in (10, 20, 30, 45, 60, 90, *[120] * 14))
"""Waits between two questions while the payer is likely to be waiting too."""

_RUNGS: Final = tuple(accumulate(LADDER))
_APART: Final = timedelta(seconds=5)

SLOWLY: Final = timedelta(minutes=15)
GIVE_UP_AFTER: Final = timedelta(hours=24)
"""An attempt without an outcome for so long is unresolved: a person is called."""

STILL: Final = timedelta(hours=1)
"""How often an unresolved attempt is asked after: a success may come later still."""

FORGET_AFTER: Final = timedelta(days=7)

LEASE: Final = timedelta(seconds=60)
"""How long a worker may take for one attempt before it counts as dead; longer than its calls may last together."""

UNSENT_FOR: Final = timedelta(minutes=2)
"""A prompt that comes later than this would surprise the payer: the attempt fails instead."""

MISSES: Final = 3
MISSED_FOR: Final = timedelta(seconds=60)
"""An operator's index lags behind: only so many "not found" over so long mean that it does not have the order."""

SUBMITS: Final = 3
LOST_AFTER: Final = timedelta(minutes=10)
"""An order that was sent so often, never acknowledged and not found for so long was never taken."""


def next_check(now: datetime, since: datetime) -> datetime:
    """When to ask again about an order that the operator has (or may have) since a moment."""
    rung = next((rung for rung in _RUNGS if since + rung > now + _APART), None)
    return now + SLOWLY if rung is None else since + rung


def next_look(now: datetime, created_at: datetime) -> datetime | None:
    """When to ask again about an unresolved attempt; None when nobody asks any more."""
    return now + STILL if now - created_at < FORGET_AFTER else None

"""How much one sender, and one session, may say; and what was heard a moment ago, which costs nobody anything."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.kit.clock import Clock

MOST_KEYS: Final = 50_000
"""Senders remembered at a time, about 10 MB; whoever was silent longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of ``burst`` drops that gains ``per_minute`` of them a minute; each thing said takes one."""

    burst: int
    per_minute: float


MESSAGES: Final = Rate(burst=60, per_minute=60)
"""Of one sender on a message channel. People tap fast; nobody reads a screen a second for a minute."""

TURNS: Final = Rate(burst=120, per_minute=0)
"""Of one session on a session channel, which lives for minutes: so many turns in all."""


class Recent:
    """What this process has heard to its end, the latest ``most``: brought again, it is known at once."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._heard: OrderedDict[tuple[str, str], None] = OrderedDict()

    def __contains__(self, message: tuple[str, str]) -> bool:
        """Whether a message (its source, its id there) is one of these."""
        return message in self._heard

    def add(self, message: tuple[str, str]) -> None:
        """It was heard to its end."""
        self._heard[message] = None
        if len(self._heard) > self._most:
            self._heard.popitem(last=False)


@dataclass(slots=True)
class _Bucket:
    drops: float
    at: datetime
    told: bool = False


class Limits:
    """Buckets by key, kept in this process: each process of many allows its own share, which is bound enough."""

    def __init__(self, rate: Rate, clock: Clock, most: int = MOST_KEYS) -> None:
        self._rate = rate
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Whether this one may be heard; takes a drop when it may."""
        bucket = self._filled(key)
        if bucket.drops < 1:
            return False
        bucket.drops -= 1
        bucket.told = False
        return True

    def first_refusal(self, key: str) -> bool:
        """Whether this refusal is the first since something was heard: one line of log for a flood, not thousands."""
        bucket = self._buckets.get(key)
        if bucket is None or bucket.told:
            return False
        bucket.told = True
        return True

    def __len__(self) -> int:
        """Keys remembered."""
        return len(self._buckets)

    def _filled(self, key: str) -> _Bucket:
        """The bucket of a key, with what it has gained since."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(self._rate.burst, self._clock.now())
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            return bucket
        self._buckets.move_to_end(key)
        if self._rate.per_minute:
            self._fill(bucket, self._clock.now())
        return bucket

    def _fill(self, bucket: _Bucket, now: datetime) -> None:
        """A clock that was set back gains nothing."""
        gained = max(0.0, (now - bucket.at).total_seconds()) * self._rate.per_minute / 60
        bucket.drops = min(self._rate.burst, bucket.drops + gained)
        bucket.at = now

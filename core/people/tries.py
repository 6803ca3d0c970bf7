"""How often a secret may be got wrong before it is locked for a while: one rule for PINs and link codes."""

import math
from datetime import datetime, timedelta
from typing import Final

TRIES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=30)


def after_wrong(failed: int, locked_until: datetime | None, now: datetime) -> tuple[int, datetime | None]:
    """Wrong tries and lock after one more: the fifth locks; after a lock has run out they count from the start."""
    counted = 1 if locked_until else failed + 1
    return counted, now + LOCKED_FOR if counted >= TRIES else None


def minutes(left: timedelta) -> int:
    """What is left of a lock, in whole minutes begun."""
    return math.ceil(left.total_seconds() / 60)

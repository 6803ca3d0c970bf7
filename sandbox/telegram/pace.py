"""How fast a bot may write: a message a second to one chat, thirty in all, with a little in hand."""

import math
import time
from collections import OrderedDict

from sandbox.telegram.call import RefusedError

BURST, EVERYWHERE_BURST = 5.0, 60.0
A_SECOND, EVERYWHERE_A_SECOND = 1.0, 30.0
MOST_CHATS = 10_000


class Pace:
    """Buckets that fill in real time: the app counts real seconds too, whatever the sandbox's clock does."""

    def __init__(self) -> None:
        """Start with full buckets."""
        self._chats: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._all = (EVERYWHERE_BURST, time.monotonic())

    def count(self, chat: int) -> None:
        """One more message; refuses it (429) with the seconds to wait."""
        now = time.monotonic()
        everywhere = _filled(self._all, now, EVERYWHERE_A_SECOND, EVERYWHERE_BURST)
        here = _filled(self._chats.get(chat, (BURST, now)), now, A_SECOND, BURST)
        short = max((1.0 - here) / A_SECOND, (1.0 - everywhere) / EVERYWHERE_A_SECOND)
        if short > 0:
            raise too_fast(math.ceil(short))
        self._all = (everywhere - 1.0, now)
        self._chats[chat] = (here - 1.0, now)
        self._chats.move_to_end(chat)
        while len(self._chats) > MOST_CHATS:
            self._chats.popitem(last=False)


def too_fast(seconds: int) -> RefusedError:
    """What is said to who writes too fast."""
    return RefusedError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def _filled(bucket: tuple[float, float], now: float, rate: float, most: float) -> float:
    level, at = bucket
    return min(most, level + (now - at) * rate)

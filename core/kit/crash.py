"""Places where a process may be made to die: a campaign kills it at each and looks whether money survived."""

import os
import signal
from typing import Final

CRASH_POINTS: Final = (
    "attempt.written",
    "collect.claimed",
    "submit.marked",
    "submit.answered",
    "submit.stored",
    "status.asked",
    "status.answered",
    "post.read",
    "post.done",
    "move.untold",
    "fail.done",
    "miss.stored",
    "expired.told",
    "unresolved.done",
    "alert.logged",
    "callback.stored",
    "credit.locked",
    "credit.posted",
    "seal.read",
    "seal.done",
)
"""Every dangerous moment of the money path, in the order in which a payment meets them."""


def crash_point(name: str) -> None:
    """Do nothing, unless the variable TOIT_CRASH_AT names this point: then die at once, as by ``kill -9``."""
    if os.environ.get("TOIT_CRASH_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)

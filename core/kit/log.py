"""One JSON line an event, with numbers masked and no secret in it."""

import asyncio
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import msgspec
import structlog

from core.kit.clock import Clock

_NUMBER = re.compile(r"(?<![\w.-])\+?(\d{4})\d{3,8}(\d{3})(?![\w-])")

_SHORTEST_NUMBER = 8
_encode = msgspec.json.Encoder().encode
_levels = {"info": False}
"""Whether lines of a level are wanted; nothing is before ``set_up_logging``."""


def mask(text: str) -> str:
    """Hide the middle of anything that could be a phone number."""
    return _NUMBER.sub(r"\1****\2", text)


def _masked(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if type(value) is str and len(value) >= _SHORTEST_NUMBER and key != "timestamp":
            event[key] = mask(value)
    return event


def set_up_logging(level: str = "info") -> None:
    """Send structured lines to standard output; call once a process."""
    _levels["info"] = level in {"debug", "info"}
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _masked,
            structlog.processors.JSONRenderer(serializer=lambda event, **_: msgspec.json.encode(event, enc_hook=repr)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )


class Lines:
    """Writes the one line that every turn has: of the same shape as all others, gathered while the loop is busy.

    Nothing is masked here: fields must be names and figures of ours, never what somebody said or a number.
    """

    def __init__(self, room: str, event: str, clock: Clock) -> None:
        self._clock = clock
        self._head = {"room": room, "event": event, "level": "info"}
        self._waiting: list[bytes] = []

    def write(self, **fields: str | float) -> None:
        """Write one line; needs a running loop."""
        if not _levels["info"]:
            return
        self._waiting.append(_encode({**self._head, **fields, "timestamp": self._clock.now()}))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        sys.stdout.buffer.write(b"\n".join(self._waiting) + b"\n")
        sys.stdout.buffer.flush()
        self._waiting.clear()


def get_log(room: str) -> Any:
    """A logger that signs its lines with the room they come from."""
    return structlog.get_logger(room=room)

"""What the codes of providers' reports say of an address: the same tables that their answers are read by."""

from collections.abc import Mapping
from typing import Final

from bot.send import meta, twilio

_GONE: Final[dict[str, frozenset[int]]] = {meta.PROVIDER: meta.GONE, twilio.PROVIDER: twilio.GONE}
_CLOSED: Final[dict[str, frozenset[int]]] = {meta.PROVIDER: meta.CLOSED, twilio.PROVIDER: twilio.CLOSED}


def is_gone(source: str, reason: str) -> bool:
    """Whether a report's reason means that nothing reaches that address any more."""
    return _says(_GONE, source, reason)


def is_closed(source: str, reason: str) -> bool:
    """Whether it means that free words come too late there."""
    return _says(_CLOSED, source, reason)


def _says(codes: Mapping[str, frozenset[int]], source: str, reason: str) -> bool:
    return reason.isascii() and reason.isdecimal() and int(reason) in codes.get(source, ())

"""What the codes of providers' reports say of an address: the same tables that their answers are read by."""

from typing import Final

from bot.send import meta, twilio

_GONE: Final[dict[str, frozenset[int]]] = {meta.PROVIDER: meta.GONE, twilio.PROVIDER: twilio.GONE}


def is_gone(source: str, reason: str) -> bool:
    """Whether a report's reason means that nothing reaches that address any more."""
    return reason.isascii() and reason.isdecimal() and int(reason) in _GONE.get(source, ())

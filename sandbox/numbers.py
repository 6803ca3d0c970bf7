"""Phone numbers as the sandbox's vendors write them, and what a number tells about its market."""

import re
from dataclasses import dataclass

_DIGITS = re.compile(r"[1-9][0-9]{7,14}")


class NotANumberError(ValueError):
    """The text is no international phone number."""


def digits(text: str) -> str:
    """International digits without `+`; a `+` that was sent unescaped may have become a space."""
    bare = text.strip().removeprefix("+")
    if not _DIGITS.fullmatch(bare):
        raise NotANumberError(f"not an international phone number: {text!r}")
    return bare


@dataclass(frozen=True, slots=True)
class Market:
    """A country as a gateway sees it: the code of the network and the price of an SMS."""

    network: str
    sms_cost: str
    currency: str


_ATHENA = Market("99999", "0.8000", "KES")
_MARKETS = {
    "237": Market("62401", "15.0000", "XAF"),
    "225": Market("61205", "25.0000", "XOF"),
    "229": Market("61603", "20.0000", "XOF"),
    "221": Market("60801", "20.0000", "XOF"),
}


def market(msisdn: str) -> Market:
    """The market of a number, or the gateway's test network for a country it does not list."""
    return _MARKETS.get(msisdn.removeprefix("+")[:3], _ATHENA)

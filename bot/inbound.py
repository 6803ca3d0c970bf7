"""The one normal form of "someone said something"."""

from dataclasses import dataclass
from typing import Literal

from bot.render.ussd import Limits
from core.kit.phone import Phone


@dataclass(frozen=True, slots=True)
class Inbound:
    """One request of a session gateway.

    ``session`` is unique among gateways (its name is part of it). ``text`` is all that was typed in the session when
    ``cumulated``, otherwise the last input; ``suffix`` is what was dialled behind the service code.
    """

    gateway: str
    session: str
    phone: Phone
    text: str
    suffix: str = ""
    cumulated: bool = True
    kind: Literal["turn", "end"] = "turn"
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a message channel; ``id`` is the provider's, unique within ``source``."""

    channel: str
    source: str
    id: str
    phone: Phone
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to a session gateway."""

    text: str
    keep_open: bool

"""The one normal form of "someone said something", whichever gateway or provider brought it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from bot.render.ussd import Limits
from core.kit.phone import Phone

Kind = Literal[
    "session_start", "session_reply", "session_end", "message", "selection", "location", "contact", "media", "edit",
    "opt_out", "opt_in", "identity_change", "delivery_status", "unsupported", "ignored",
]  # fmt: skip
"""What a request can bring. ``selection``: a button or a line of a list was tapped. ``edit``: something said before was
changed or taken back, which is never an answer. ``unsupported``: said in a way nobody here can read, so the person is
told what can be. ``opt_in``: an opt_out is taken back. ``ignored``: nothing to do, and why."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, voice note or document: how its provider names it (an id, or an address of its own)."""

    id: str
    mime: str = ""
    url: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A point, in degrees (WGS 84), with the name it was shared under."""

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A shared contact; ``own`` when the channel vouches that it is the sender's own, None where it never tells."""

    name: str
    phones: tuple[str, ...] = ()
    own: bool | None = False


class Event(msgspec.Struct, frozen=True):
    """One thing that happened on a channel; ``sender`` is the person's address there, which may be no number.

    ``source`` is the provider that brought it, ``external_id`` what it is claimed by (once for ever within a source),
    ``phone`` the number the provider vouches for (E.164), ``choice`` the id of what was tapped, ``reply_to`` the id
    of our message it answers, ``callback`` what a tap must be acknowledged by, ``group`` an album. ``delivery`` and
    ``reason`` belong to a delivery_status (queued, sent, delivered, read, failed, or what no table knows), ``reason``
    also to whatever is ignored, unsupported, an edit or an identity_change; ``previous`` is the address before an
    identity_change, ``echo`` what we sent along with our message, given back. ``alias`` is a name of the sender that
    hides the number: beside it, or the only one there is. Sessions have ``session``, ``code`` (what was dialled) and no
    external_id. ``raw`` holds what else integrators ask for (``original_id``, ``error``, ``voice``, the provider's own
    ``status``): ``toit read-request`` shows it as it is, and nothing in the house reads it.
    """

    kind: Kind
    channel: str
    source: str
    sender: str = ""
    phone: Phone | None = None
    external_id: str = ""
    text: str = ""
    choice: str = ""
    name: str = ""
    language: str = ""
    at: datetime | None = None
    media: tuple[Media, ...] = ()
    location: Location | None = None
    contact: Contact | None = None
    reply_to: str = ""
    callback: str = ""
    group: str = ""
    delivery: str = ""
    reason: str = ""
    previous: str = ""
    echo: str = ""
    alias: str = ""
    session: str = ""
    code: str = ""
    raw: Mapping[str, object] = {}


class Inbound(msgspec.Struct, frozen=True):
    """One request of a session gateway.

    ``session`` is unique among gateways (its name is part of it). ``text`` is all that was typed in the session when
    ``cumulated``, otherwise the last input; ``suffix`` is what was dialled behind the service code. ``anew``: a session
    begins, although it has the name of the one before (gateways that tell sessions apart by phone only).
    """

    gateway: str
    session: str
    phone: Phone
    text: str
    suffix: str = ""
    cumulated: bool = True
    kind: Literal["turn", "end"] = "turn"
    anew: bool = False
    limits: Limits = Limits()


class Reply(msgspec.Struct, frozen=True):
    """What goes back to a session gateway."""

    text: str
    keep_open: bool

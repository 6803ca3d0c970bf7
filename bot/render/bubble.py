"""What a message channel shows: words, choices to tap, a picture, a point; and the vendor's limits on them."""

from typing import Literal

import msgspec


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to tap. ``id`` comes back with the tap: ``turn:answer``, where the answer is what one would type."""

    id: str
    label: str
    note: str = ""


class Pin(msgspec.Struct, frozen=True, omit_defaults=True):
    """A point on the map, in degrees (WGS 84)."""

    latitude: float
    longitude: float
    name: str = ""


class Bubble(msgspec.Struct, frozen=True, omit_defaults=True):
    """One screen as one message; it travels through the outbox as JSON.

    ``style`` says how the choices look; ``opener`` is the words that open a list. ``asks`` offers to share the own
    contact or a location. ``edit`` is the id of our message that this one takes the place of, ``callback`` the tap
    that must be acknowledged. ``photo`` is an https address. ``segments`` is what it costs as SMS. ``noted`` is said
    where the keyboard that shared is taken away.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    style: Literal["none", "buttons", "list"] = "none"
    opener: str = ""
    asks: Literal["", "contact", "location"] = ""
    share: str = ""
    photo: str = ""
    pin: Pin | None = None
    edit: str = ""
    callback: str = ""
    segments: int = 0
    noted: str = ""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Bubble)


def pack_bubble(bubble: Bubble) -> str:
    """As JSON, for the outbox."""
    return _encoder.encode(bubble).decode()


def unpack_bubble(packed: str) -> Bubble:
    """Back from the outbox. Raises msgspec.MsgspecError for what is none."""
    return _decoder.decode(packed)

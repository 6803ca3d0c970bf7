"""Where a person stands in a conversation, and how that is stored."""

from typing import Any, Final

import msgspec

from core.kit.speaker import Language, PersonId, Speaker

HISTORY: Final = 8
"""How many steps back "0 Retour" can go within one flow."""


DEPTH: Final = 8
"""How many flows are kept under one that was begun beside them."""


class Stop(msgspec.Struct, array_like=True, frozen=True):
    """A step that was left, the answers it was left with, and on which page."""

    step: str
    state: msgspec.Raw
    page: int = 0


class Frame(msgspec.Struct, omit_defaults=True):
    """One flow under way; a child flow stands on top of the flow that called it."""

    flow: str
    step: str
    state: msgspec.Raw
    back: list[Stop] = []


class Place(msgspec.Struct, omit_defaults=True):
    """Everything a conversation remembers between two turns.

    ``offered`` holds the answers as shown (also a menu's ``more``, last, when ``more`` is True), so that "2"
    means what the person saw; ``further`` is True when the renderer kept options for another page. ``turn``
    counts screens shown: taps, timers and payments carry it. ``starts`` holds where each page up to the present one
    begins among the options, and the one behind it; ``unnumbered``: what is shown bears no numbers. ``owner`` is the
    person whose conversation this is, as soon as one is known. ``keys`` says that a keyboard of ours stands in the
    place of the phone's own.
    """

    frames: list[Frame] = []
    turn: int = 0
    kind: str = ""
    offered: list[msgspec.Raw] = []
    links: list[str] = []
    more: bool = False
    first: int = 0
    page: int = 0
    starts: list[int] = []
    unnumbered: bool = False
    further: bool = False
    tries: int = 0
    resuming: bool = False
    language: Language = "fr"
    speaker: Speaker | None = None
    owner: PersonId | None = None
    keys: bool = False

    @property
    def top(self) -> Frame | None:
        """The flow that is speaking."""
        return self.frames[-1] if self.frames else None


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(Place)
_raws: Final = msgspec.json.Decoder(list[msgspec.Raw])
_decoders: Final[dict[Any, msgspec.json.Decoder[Any]]] = {}


def store(place: Place) -> bytes:
    """A place as JSON."""
    return _encoder.encode(place)


def restore(stored: bytes | str) -> Place:
    """A place as stored by this or an earlier version: unknown fields are dropped, missing ones defaulted.

    Raises msgspec.ValidationError (a ValueError) for what is no place.
    """
    return _decoder.decode(stored)


def pack(value: object) -> msgspec.Raw:
    """A value as JSON."""
    return msgspec.Raw(_encoder.encode(value))


def pack_all(values: list[Any]) -> list[msgspec.Raw]:
    """The same for many."""
    return _raws.decode(_encoder.encode(values))


def unpack(raw: msgspec.Raw, kind: Any) -> Any:
    """Back into the type it has now. Raises msgspec.ValidationError when it no longer fits."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    return decoder.decode(raw)

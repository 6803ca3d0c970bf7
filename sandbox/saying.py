"""What a person does in a chat, before any provider has put it into its own words."""

from dataclasses import dataclass
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from sandbox.courier import Parcel
from sandbox.handset import Message
from sandbox.look import Button, Spot
from sandbox.media import File

MOST = 65_536
"""Characters a WhatsApp message of a person may have; no channel lets them write more."""

LineOfText = Annotated[str, Meta(max_length=MOST)]


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One act on a phone: exactly one of the first seven; the rest says how.

    `tap` is the id or the label of something shown, `message` the message it is on when that is not the newest one,
    `media` a kind (photo, voice, document, video) or an address, of which an `album` has so many, `contact` true for
    the own card or another number, `moves` the number that the account behind this one has from now on, `again` brings
    the last request once more, byte for byte.
    """

    text: LineOfText | None = None
    tap: LineOfText | None = None
    media: LineOfText | None = None
    location: Spot | None = None
    contact: bool | str | None = None
    moves: LineOfText | None = None
    again: bool = False
    message: str | int | None = None
    via: str | None = None
    album: Annotated[int, Meta(ge=2, le=10)] | None = None
    hidden: bool | None = None
    blocked: bool | None = None

    @property
    def acts(self) -> int:
        """How many things this does; a request does one."""
        given = (self.text, self.tap, self.media, self.location, self.contact or None, self.moves)
        return sum(part is not None for part in given) + self.again


@dataclass(frozen=True, slots=True)
class Card:
    """A shared contact; digits without `+`."""

    number: str
    name: str
    own: bool


@dataclass(frozen=True, slots=True)
class Spoken:
    """The same, looked up: `number` is the message on the sender's own phone, `original` what was tapped on, `group`
    the album it is part of, `moves_to` the number of the account from now on.
    """

    msisdn: str
    name: str
    channel: str
    number: int = 0
    text: str = ""
    button: Button | None = None
    original: Message | None = None
    file: File | None = None
    spot: Spot | None = None
    card: Card | None = None
    group: str = ""
    moves_to: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What was brought to the app: its id with the provider, and the HTTP status of the app's answer."""

    id: str
    status: int | None
    parcel: Parcel


class Provider(Protocol):
    """Whoever carries what people say to the app."""

    async def hear(self, spoken: Spoken) -> Told:
        """Put it into the provider's words and bring it."""
        ...

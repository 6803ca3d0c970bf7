"""What a message shows beside its words: things to tap, a picture, a point on the map."""

from typing import Annotated

import msgspec
from msgspec import Meta


class Button(msgspec.Struct, frozen=True):
    """Something to tap; `id` is what the provider brings back."""

    id: str
    label: str
    note: str = ""


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point on the map, in degrees."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    name: str = ""


def spot(latitude: object, longitude: object, name: object) -> Spot | None:
    """A point, if there is one at these degrees."""
    try:
        return msgspec.convert({"latitude": latitude, "longitude": longitude, "name": name}, Spot, strict=False)
    except msgspec.ValidationError:
        return None


class Look(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a message looks: `style` is none, buttons, list or keyboard; `asks` is contact or location; it `clears` the
    keyboard of an earlier one.

    `photo` and `document` are addresses: of the sandbox itself, or wherever the app says. Of a `template` WhatsApp says
    otherwise what was tapped.
    """

    style: str = "none"
    opener: str = ""
    buttons: tuple[Button, ...] = ()
    asks: str = ""
    clears: bool = False
    photo: str = ""
    document: str = ""
    location: Spot | None = None
    template: bool = False


PLAIN = Look()


def pack(look: Look) -> str:
    """As kept in the file."""
    return msgspec.json.encode(look).decode()


def unpack(kept: str) -> Look:
    """Back from the file."""
    return msgspec.json.decode(kept, type=Look)


def shown(look: Look) -> dict[str, object]:
    """As scripts and the page read it."""
    buttons = [{"id": button.id, "label": button.label, "note": button.note} for button in look.buttons]
    at = look.location
    return {
        "style": look.style,
        "opener": look.opener,
        "buttons": buttons,
        "asks": look.asks,
        "clears": look.clears,
        "photo": look.photo or None,
        "document": look.document or None,
        "location": at and {"latitude": at.latitude, "longitude": at.longitude, "name": at.name},
    }

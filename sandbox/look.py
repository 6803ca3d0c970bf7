"""What a message shows beside its words: things to tap, a picture, a point on the map."""

import msgspec


class Button(msgspec.Struct, frozen=True):
    """Something to tap; `id` is what the provider brings back."""

    id: str
    label: str
    note: str = ""


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point on the map, in degrees."""

    latitude: float
    longitude: float
    name: str = ""


class Look(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a message looks: `style` is none, buttons, list or keyboard; `asks` is contact or location.

    `photo` and `document` are addresses: of the sandbox itself, or wherever the app says. Of a `template` WhatsApp says
    otherwise what was tapped.
    """

    style: str = "none"
    opener: str = ""
    buttons: tuple[Button, ...] = ()
    asks: str = ""
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
    spot = look.location
    return {
        "style": look.style,
        "opener": look.opener,
        "buttons": buttons,
        "asks": look.asks,
        "photo": look.photo or None,
        "document": look.document or None,
        "location": spot and {"latitude": spot.latitude, "longitude": spot.longitude, "name": spot.name},
    }

"""Reads each kind of message and status of Meta's Cloud API into the one normal form; pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec

from bot.inbound import Contact, Event, Location, Media
from core.kit.phone import Phone
from core.kit.structs import replace
from webhooks.address import scoped_id, whatsapp_address

CHANNEL: Final = "whatsapp"
SOURCE: Final = "meta"
NAME_LIMIT: Final = 128
WORD_LIMIT: Final = 40

IGNORED: Final = frozenset({"reaction", "revoke", "request_welcome"})
"""Nothing is answered by these: an emoji on a message, one taken back, a chat opened for the first time."""

STATUSES: Final = {"played": "read"}
"""Meta's words for what became of a message, where the house has another."""

CHANGES: Final = frozenset(
    {"user_changed_number", "customer_changed_number", "user_changed_user_id", "customer_identity_changed"}
)
"""System messages after which it may be somebody else who writes, or the same person elsewhere."""

_Ident = Annotated[str, msgspec.Meta(min_length=1, max_length=512, pattern=r"\A[!-~]*\Z")]


class _Head(msgspec.Struct):
    """What every message has, whatever it is; ``from`` is missing where somebody hides their number."""

    id: _Ident
    type: str
    sender: str | None = msgspec.field(name="from", default=None)
    from_user_id: str | None = None
    timestamp: str | int | None = None
    context: Any = None
    group_id: Any = None
    errors: Any = None


class _Text(msgspec.Struct):
    body: str


class _File(msgspec.Struct):
    id: _Ident
    mime_type: str = ""
    caption: str | None = None
    filename: str | None = None
    url: str | None = None
    voice: bool | None = None


class _Spot(msgspec.Struct):
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    name: str | None = None
    address: str | None = None


class _CardPhone(msgspec.Struct):
    phone: str | None = None
    wa_id: str | None = None


class _CardName(msgspec.Struct):
    formatted_name: str | None = None


class _Card(msgspec.Struct):
    name: _CardName | None = None
    phones: list[_CardPhone] | None = None


class _Line(msgspec.Struct):
    id: str
    title: str = ""
    description: str | None = None


class _Tapped(msgspec.Struct):
    type: str
    button_reply: _Line | None = None
    list_reply: _Line | None = None


class _Button(msgspec.Struct):
    text: str = ""
    payload: str | None = None


class _System(msgspec.Struct):
    type: str
    wa_id: str | None = None
    new_wa_id: str | None = None
    user_id: str | None = None


class _Edit(msgspec.Struct):
    original_message_id: _Ident
    message: dict[str, Any] | None = None


class _Profile(msgspec.Struct):
    name: str | None = None


class _Person(msgspec.Struct):
    """An entry of the batch's own contacts: who wrote."""

    wa_id: str | None = None
    user_id: str | None = None
    profile: _Profile | None = None


class _Status(msgspec.Struct):
    id: _Ident
    status: str
    recipient_id: str | None = None
    recipient_user_id: str | None = None
    timestamp: str | int | None = None
    errors: Any = None
    biz_opaque_callback_data: Any = None


People = Mapping[str, _Person]


def ignored(reason: str) -> Event:
    """Something nobody need hear of."""
    return Event("ignored", CHANNEL, SOURCE, reason=reason)


def contacts_of(rows: list[Any]) -> People:
    """Who wrote, by each id they go under; an entry that cannot be read names nobody."""
    found: dict[str, _Person] = {}
    for row in rows:
        try:
            person = msgspec.convert(row, _Person)
        except msgspec.ValidationError:
            continue
        found |= {ident: person for ident in (person.wa_id, person.user_id) if ident}
    return found


def first_error(errors: Any) -> str:
    """The code of the first error in a list of them, "" when there is none."""
    first = errors[0] if isinstance(errors, list) and errors else None
    code = first.get("code") if isinstance(first, dict) else None
    return word if isinstance(code, int | str) and (word := str(code)[:WORD_LIMIT]).isprintable() else ""


def read_message(found: Any, people: People, error: str) -> Event:
    """One message; ``error`` is the code the batch gives when the message itself has none."""
    try:
        head = msgspec.convert(found, _Head)
        return _told(_begun(head, people), head, found, first_error(head.errors) or error)
    except msgspec.ValidationError:
        return ignored("malformed")


def read_status(found: Any) -> Event:
    """What became of one of our messages; a status we do not know passes in Meta's word, the reason is the code of its
    error.
    """
    try:
        status = msgspec.convert(found, _Status)
    except msgspec.ValidationError:
        return ignored("malformed")
    to, phone = _first_address(status.recipient_id, status.recipient_user_id)
    return Event(
        "delivery_status",
        CHANNEL,
        SOURCE,
        to,
        phone,
        status.id,
        at=_moment(status.timestamp),
        delivery=STATUSES.get(word := status.status.lower()[:WORD_LIMIT], word),
        echo=_echoed(status.biz_opaque_callback_data),
        reason=(error := first_error(status.errors)),
        raw={"status": status.status[:WORD_LIMIT], **_coded(error)},
    )


def _begun(head: _Head, people: People) -> Event:
    """The event before anybody has looked at what was said."""
    sender, phone = _first_address(head.sender, head.from_user_id)
    person = people.get(head.sender or "") or people.get(head.from_user_id or "") or _Person()
    name = (person.profile.name if person.profile else None) or ""
    scoped = head.from_user_id or person.user_id
    return Event(
        "message",
        CHANNEL,
        SOURCE,
        sender,
        phone,
        head.id,
        name=name[:NAME_LIMIT],
        at=_moment(head.timestamp),
        reply_to=_replied(head.context),
        alias=scoped_id(scoped or "") or scoped_id(sender),
        raw={**({"business_user_id": scoped} if scoped else {}), **_forwarded(head.context)},
    )


def _told(event: Event, head: _Head, found: Mapping[str, Any], error: str) -> Event:
    """The event by what was said. Raises msgspec.ValidationError for what is not as it should be."""
    if head.type in IGNORED:
        return replace(event, kind="ignored", reason=head.type)
    if head.group_id:
        return replace(event, kind="ignored", reason="group")
    if not event.sender:
        return replace(event, kind="ignored", reason="the sender cannot be answered")
    reader, body = _READERS.get(head.type), found.get(head.type)
    if reader is None or body is None:
        return _unsupported(event, error or head.type, error)
    return reader(event, body)


def _unsupported(event: Event, reason: str, error: str = "") -> Event:
    return replace(event, kind="unsupported", reason=reason[:WORD_LIMIT], raw={**event.raw, **_coded(error)})


# --- the kinds ---------------------------------------------------------------------------------------------


def _text(event: Event, body: Any) -> Event:
    return replace(event, text=msgspec.convert(body, _Text).body)


def _file(event: Event, body: Any) -> Event:
    found = msgspec.convert(body, _File)
    media = Media(found.id, found.mime_type, found.url or "", found.filename or "")
    raw = {**event.raw, **({"voice": found.voice} if found.voice is not None else {})}
    return replace(event, kind="media", text=found.caption or "", media=(media,), raw=raw)


def _spot(event: Event, body: Any) -> Event:
    found = msgspec.convert(body, _Spot, strict=False)
    name = found.name or found.address or ""
    return replace(event, kind="location", location=Location(found.latitude, found.longitude, name))


def _cards(event: Event, body: Any) -> Event:
    """The cards as one: their names and numbers. A card says nothing about who sent it."""
    cards = msgspec.convert(body, list[_Card])
    names = [card.name.formatted_name for card in cards if card.name and card.name.formatted_name]
    phones = [shown for card in cards for phone in card.phones or () if (shown := _card_phone(phone))]
    contact = Contact(", ".join(names), tuple(dict.fromkeys(phones)), own=None)
    return replace(event, kind="contact", contact=contact, raw={**event.raw, "count": len(cards)})


def _card_phone(found: _CardPhone) -> str:
    """E.164 when WhatsApp knows the number, otherwise as somebody wrote it."""
    return whatsapp_address(found.wa_id or "")[0] or found.phone or ""


def _tapped(event: Event, body: Any) -> Event:
    found = msgspec.convert(body, _Tapped)
    line = found.button_reply if found.type == "button_reply" else found.list_reply
    if line is None:
        return _unsupported(event, "flow" if found.type == "nfm_reply" else found.type)
    raw = {**event.raw, **({"description": line.description} if line.description else {})}
    return replace(event, kind="selection", choice=line.id, text=line.title, raw=raw)


def _button(event: Event, body: Any) -> Event:
    """A quick reply of a template."""
    found = msgspec.convert(body, _Button)
    return replace(event, kind="selection", choice=found.payload or "", text=found.text)


def _system(event: Event, body: Any) -> Event:
    found = msgspec.convert(body, _System)
    if found.type not in CHANGES:
        return replace(event, kind="ignored", reason=f"system {found.type}"[:WORD_LIMIT])
    changed = replace(event, kind="identity_change", reason=found.type)
    new, phone = _first_address(found.wa_id, found.new_wa_id, found.user_id)
    if not new or new == event.sender:
        return changed
    return replace(changed, sender=new, phone=phone, previous=event.sender)


def _edit(event: Event, body: Any) -> Event:
    """Something said before now reads otherwise: the new words are kept, as no answer."""
    found = msgspec.convert(body, _Edit)
    inner = found.message or {}
    kind = inner.get("type")
    if isinstance(kind, str) and kind in _CONTENT and inner.get(kind) is not None:
        event = _CONTENT[kind](event, inner[kind])
    raw = {**event.raw, "original_id": found.original_message_id}
    return replace(event, kind="edit", reply_to=found.original_message_id, reason="edit", raw=raw)


_Reader = Callable[[Event, Any], Event]

_CONTENT: Final[dict[str, _Reader]] = {
    "text": _text,
    **dict.fromkeys(("image", "video", "document", "audio", "sticker"), _file),
}
_READERS: Final[dict[str, _Reader]] = {
    **_CONTENT,
    "location": _spot,
    "contacts": _cards,
    "interactive": _tapped,
    "button": _button,
    "system": _system,
    "edit": _edit,
}


# --- small parts -------------------------------------------------------------------------------------------


def _first_address(*candidates: str | None) -> tuple[str, Phone | None]:
    """The first that is an address."""
    found = (whatsapp_address(candidate) for candidate in candidates if candidate)
    return next((address for address in found if address[0]), ("", None))


def _moment(seconds: str | int | None) -> datetime | None:
    """A timestamp in seconds since 1970; None for what is none."""
    try:
        return datetime.fromtimestamp(int(seconds or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _replied(context: Any) -> str:
    """The id of our message that was answered."""
    ident = context.get("id") if isinstance(context, dict) else None
    return ident if isinstance(ident, str) and ident.isprintable() else ""


def _echoed(data: Any) -> str:
    """What we sent along, as far as it can be ours."""
    return data if isinstance(data, str) and data.isprintable() and len(data) <= WORD_LIMIT else ""


def _forwarded(context: Any) -> dict[str, object]:
    marks = ("forwarded", "frequently_forwarded")
    return {"forwarded": True} if isinstance(context, dict) and any(context.get(mark) for mark in marks) else {}


def _coded(error: str) -> dict[str, object]:
    return {"error": int(error) if error.isascii() and error.isdigit() else error} if error else {}

"""Tells integrators how the house would read a request: JSON lines in, JSON lines out; nothing kept, nothing sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from bot.inbound import Contact, Event, Location, Media
from core.kit.settings import Settings
from webhooks.adapters import Adapter, hear
from webhooks.lines import numbered
from webhooks.raw import Raw, Rejected

_SESSION: Final = frozenset({"session_start", "session_reply", "session_end"})
_MISSING: Final = "missing field: "


class Line(msgspec.Struct):
    """One request as it is handed in; ``prior_text`` is what the session had said before it, null when unknown."""

    id: str | int | None = None
    method: str | None = None
    path: str | None = None
    query: str | None = None
    headers: dict[str, str] | None = None
    body: str | None = None
    prior_text: str | None = None

    def raw(self) -> Raw:
        """As the app would have received it."""
        path, _, query = (self.path or "").partition("?")
        headers = {name.lower(): value for name, value in (self.headers or {}).items()}
        query = (self.query or query).removeprefix("?")
        return Raw((self.method or "POST").upper(), path, query, headers, (self.body or "").encode())


class _Named(msgspec.Struct):
    """What is left of a line that is no request."""

    id: str | int | None = None


_encoder = msgspec.json.Encoder()
_lines = msgspec.json.Decoder(Line)
_named = msgspec.json.Decoder(_Named)


@dataclass(slots=True)
class Requests:
    """Reads requests to one adapter one after the other; ``bad`` counts the lines that were none."""

    adapter: Adapter
    settings: Settings
    bad: int = 0

    def answers(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """One line for each, in order; empty ones are passed over, and a bad one stops nothing."""
        for number, line in numbered(lines):
            yield _encoder.encode(self._answer(number, line)) + b"\n"

    def _answer(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            request = _lines.decode(line)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            self.bad += 1
            return _rejected(_id(line), 400, f"line {number}: {error}")
        return answer(self.adapter, self.settings, request)


def answer(adapter: Adapter, settings: Settings, request: Line) -> dict[str, Any]:
    """How the app would answer a request, and what it would hear in it."""
    try:
        events = hear(adapter, request.raw(), settings, request.prior_text)
    except Rejected as error:
        return _rejected(request.id, error.status, error.reason)
    except Exception as error:  # noqa: BLE001 - a bug of ours: the app would answer 500, and the next line is read
        return _rejected(request.id, 500, f"not read: {type(error).__name__}")
    return {"id": request.id, "status": 200, "events": [shown(event) for event in events]}


def _id(line: bytes) -> str | int | None:
    try:
        return _named.decode(line).id
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def _rejected(identity: str | int | None, status: int, reason: str) -> dict[str, Any]:
    event: dict[str, Any] = {"kind": "rejected", "reason": reason, "http_status": status}
    if reason.startswith(_MISSING):
        event["missing"] = reason.removeprefix(_MISSING).split(", ")
    return {"id": identity, "status": status, "events": [event]}


_PLAIN: Final = {"opt_in": "ignored"}
"""Kinds that nobody else has a word for."""


# --- one event -------------------------------------------------------------------------------------------------


def shown(event: Event) -> dict[str, Any]:
    """An event in our words, and in the neutral ones that integrators use; what was not said is null, texts are ""."""
    ours: dict[str, Any] = {
        "kind": _PLAIN.get(event.kind, event.kind),
        "channel": event.channel,
        "source": event.source,
        "sender": event.sender or None,
        "phone": _phone(event),
        "text": event.text,
        "choice": event.choice or None,
        "media": [_media(one, event) for one in event.media],
        "location": _location(event.location),
        "contact": _contact(event.contact),
        "external_id": event.external_id or None,
        "delivery": event.delivery or None,
        "reason": event.reason or None,
        "at": event.at.isoformat() if event.at else None,
        "language": event.language or None,
        "profile_name": event.name or None,
        "reply_to": event.reply_to or None,
        "callback": event.callback or None,
        "group": event.group or None,
        "previous": event.previous or None,
        **_neutral(event),
    }
    more = {name: value for name, value in event.raw.items() if ours.get(name) is None}
    return {**ours, **more}


def _neutral(event: Event) -> dict[str, Any]:
    """The same under the names that go without saying, as far as the kind of event has them."""
    found: dict[str, Any] = {
        "msisdn": _phone(event),
        "context": event.reply_to or None,
        "in_reply_to": event.reply_to or None,
        "ts": int(event.at.timestamp()) if event.at else None,
    }
    if event.kind in _SESSION or event.session:
        found |= _session(event)
    if event.media:
        first = _media(event.media[0], event)
        found |= {"media_id": first["id"], "mime": first["mime"], "filename": first["name"], "voice": first["voice"]}
    if event.location:
        found |= {"lat": event.location.latitude, "lon": event.location.longitude, "name": event.location.name or None}
    return found | _of_kind(event) | _of_channel(event)


def _phone(event: Event) -> str | None:
    """The number that is vouched for: of the address itself, or of the sender's own contact."""
    if event.phone:
        return event.phone.e164
    return next(iter(event.contact.phones), None) if event.contact and event.contact.own else None


def _of_kind(event: Event) -> dict[str, Any]:
    match event.kind:
        case "selection":
            return {"payload": event.choice, "data": event.choice, "title": event.text or None}
        case "delivery_status":
            return {"status": event.raw.get("status") or event.delivery}
        case "identity_change":
            return {"old": event.previous.removeprefix("+") or None, "new": event.sender.removeprefix("+") or None}
    return {}


def _of_channel(event: Event) -> dict[str, Any]:
    match event.channel:
        case "whatsapp":
            return {"wa_id": event.sender[1:] if event.sender.startswith("+") else None}
        case "telegram":
            return {"chat_id": int(event.sender) if event.sender else None, "media_group_id": event.group or None}
    return {}


def _session(event: Event) -> dict[str, Any]:
    """``input`` is null when nothing new was said, "" when an empty answer was."""
    answered = event.kind == "session_reply" and event.reason != "lost"
    return {
        "session_id": event.session or None,
        "service_code": event.code or None,
        "input": event.text if answered else event.text or None,
        "outcome": event.reason or None if event.kind == "session_end" else None,
        "error": None,
    }


def _media(media: Media, event: Event) -> dict[str, Any]:
    voice = event.raw.get("voice") is True
    return {
        "id": media.id or None,
        "mime": media.mime or None,
        "url": media.url or None,
        "name": media.name or None,
        "voice": voice,
    }


def _location(location: Location | None) -> dict[str, Any] | None:
    if location is None:
        return None
    return {"latitude": location.latitude, "longitude": location.longitude, "name": location.name or None}


def _contact(contact: Contact | None) -> dict[str, Any] | None:
    if contact is None:
        return None
    return {
        "name": contact.name,
        "phones": list(contact.phones),
        "own": bool(contact.own),
        "verified": bool(contact.own),
    }

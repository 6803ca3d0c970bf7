"""WhatsApp and SMS by Twilio: what people write, tap and send, and what became of our messages.

Every request is signed over the public address and all its parameters; the signature holds no time, so a message is
claimed by its signed ``MessageSid``. Answers go out by the outbox, never in the HTTP response.
"""

import base64
import math
import re
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from bot.inbound import Event, Location, Media
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.structs import replace
from webhooks.address import scoped_id, sms_phone, whatsapp_address
from webhooks.front import FRONT
from webhooks.raw import Raw, Rejected, clean, form_pairs, need, read_raw

PATH: Final = "/webhooks/twilio"
SOURCE: Final = "twilio"
BODY_LIMIT: Final = 256 * 1024
ID_LIMIT: Final = 128
NAME_LIMIT: Final = 128
MOST_MEDIA: Final = 20

STATUSES: Final = {
    "accepted": "queued",
    "scheduled": "queued",
    "sending": "queued",
    "undelivered": "failed",
    "canceled": "failed",
}
"""The vendor's words for what became of a message, where the house has another (Messaging API, message status)."""

_JSON: Final = "application/json"
_PREFIX: Final = re.compile(r"([a-z]+):(.*)", re.DOTALL)
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4}){14,}[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/](?:=|[A-Za-z0-9+/]))")
"""At least 60 characters with nothing between them: no sentence, and longer than any word."""

Form = Mapping[str, str]


def routes() -> list[web.RouteDef]:
    """The two addresses."""
    return [web.post(PATH, _heard), web.post(f"{PATH}/status", _heard)]


async def _heard(request: web.Request) -> web.Response:
    """Read, taken, and answered with nothing to say; 403 for whoever cannot sign."""
    front = request.app[FRONT]
    raw = await read_raw(request, BODY_LIMIT)
    await front.take(read(raw, front.settings))
    return web.Response(text='<?xml version="1.0" encoding="UTF-8"?><Response/>', content_type="text/xml")


def read(raw: Raw, settings: Settings) -> list[Event]:
    """What a request brings: one event.

    Rejected: 403 without the right signature, 400 and 415 for what is no form of theirs.
    """
    pairs = _authentic(raw, settings)
    if pairs is None:
        return [Event("ignored", "whatsapp", SOURCE, reason="no message: JSON")]
    form: dict[str, str] = {}
    for name, value in clean(pairs):
        form.setdefault(name, value)
    return [_status(form) if form.get("MessageStatus", "received") != "received" else _said(form)]


def _authentic(raw: Raw, settings: Settings) -> list[tuple[str, str]] | None:
    """The parameters, once their signature holds; None for a signed JSON body."""
    signature = raw.header("x-twilio-signature")
    if not signature:
        raise Rejected(403, "unsigned")
    json = raw.header("content-type").partition(";")[0].strip().lower() == _JSON
    pairs = None if json else form_pairs(raw)
    url = f"{settings.public_url}{raw.path}{'?' if raw.query else ''}{raw.query}"
    validator = RequestValidator(settings.twilio_token.get_secret_value())
    try:
        hashed = raw.body.decode() if pairs is None else MultiDict(pairs)
        valid = validator.validate(url, hashed, signature)
    except (TypeError, ValueError):  # JSON without its hash; an address that is none
        valid = False
    if not valid:
        raise Rejected(403, "wrong signature")
    return pairs


def _sid(form: Form, *besides: str) -> str:
    """The message's id; Rejected 400 also when one of the fields ``besides`` it is missing."""
    sid, *_ = need({**form, "MessageSid": form.get("MessageSid") or form.get("SmsSid", "")}, "MessageSid", *besides)
    if len(sid) > ID_LIMIT or not sid.isprintable():
        raise Rejected(400, f"MessageSid: 1 to {ID_LIMIT} printable characters")
    return sid


def _door(ours: str, theirs: str) -> tuple[str, str, Phone | None]:
    """The channel, and who they are on it: "" for nobody who can be answered.

    WhatsApp is told by a prefix on either side: ``From`` has come without it.
    """
    prefix, name = _split(theirs)
    if prefix == "whatsapp" or (not prefix and _split(ours)[0] == "whatsapp"):
        return ("whatsapp", *whatsapp_address(name))
    if prefix:
        return prefix, "", None
    phone = sms_phone(name)
    return "sms", phone.e164 if phone else "", phone


def _split(address: str) -> tuple[str, str]:
    """The channel's prefix, "" for SMS, and the rest."""
    found = _PREFIX.fullmatch(address)
    return (found[1], found[2]) if found else ("", address)


def _status(form: Form) -> Event:
    """What became of one of our messages; a status we do not know passes in Twilio's word for it."""
    word = form["MessageStatus"][:32]
    channel, to, phone = _door(form.get("From", ""), form.get("To", ""))
    error = form.get("ErrorCode", "")[:32]
    return Event(
        "delivery_status",
        channel,
        SOURCE,
        to,
        phone,
        _sid(form),
        delivery=STATUSES.get(word.lower(), word.lower()),
        reason=error,
        raw={"status": word, **({"error": _number(error)} if error else {})},
    )


def _said(form: Form) -> Event:
    """What somebody wrote, tapped or sent. Whoever cannot be answered (a brand, a short code) is not heard."""
    channel, sender, phone = _door(form.get("To", ""), form.get("From", ""))
    event = Event(
        "message",
        channel,
        SOURCE,
        sender,
        phone,
        _sid(form, "From"),
        text=form.get("Body", ""),
        name=form.get("ProfileName", "")[:NAME_LIMIT],
        reply_to=form.get("OriginalRepliedMessageSid", "")[:ID_LIMIT],
        alias=scoped_id(_split(form.get("ExternalUserId", ""))[1]) or scoped_id(sender),
        raw=_extras(form),
    )
    if channel not in {"whatsapp", "sms"}:
        return replace(event, kind="ignored", text="", reason=f"channel {channel[:20]}")
    if not sender:
        return replace(event, kind="ignored", text="", reason="the sender cannot be answered")
    return _told(event, form)


def _told(event: Event, form: Form) -> Event:
    """The event by what is in the form beside the text."""
    for choice, title in (("ButtonPayload", "ButtonText"), ("ListId", "ListTitle")):
        if form.get(choice) or form.get(title):
            shown = form.get(title) or event.text
            return replace(event, kind="selection", choice=form.get(choice, ""), text=shown)
    if form.get("Latitude") and form.get("Longitude"):
        return _located(event, form)
    if media := _media(form):
        return replace(event, kind="media", media=media)
    if event.channel == "sms":
        return replace(event, text=_decoded(event.text))
    return event if event.text else replace(event, kind="unsupported", reason=form.get("MessageType", "")[:32])


def _located(event: Event, form: Form) -> Event:
    latitude, longitude = (_degrees(form[name], most) for name, most in (("Latitude", 90), ("Longitude", 180)))
    if latitude is None or longitude is None:
        return replace(event, kind="ignored", text="", reason="malformed")
    name = form.get("Label") or form.get("Address", "")
    return replace(event, kind="location", location=Location(latitude, longitude, name))


def _media(form: Form) -> tuple[Media, ...]:
    count = form.get("NumMedia", "")
    wanted = min(int(count), MOST_MEDIA) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    found = ((form.get(f"MediaUrl{n}", ""), form.get(f"MediaContentType{n}", "")) for n in range(wanted))
    return tuple(Media(url.rpartition("/")[2], mime, url) for url, mime in found if url)


def _decoded(text: str) -> str:
    """A text that came in base64, as parts of long SMS have; anything that is not surely one stays as it is."""
    packed = "".join(text.split())
    if not _BASE64.fullmatch(packed) or " " in text.strip():
        return text
    try:
        found = base64.b64decode(packed, validate=True).decode()
    except ValueError:
        return text
    return found if all(mark.isprintable() or mark.isspace() for mark in found) else text


def _degrees(text: str, most: int) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) and abs(found) <= most else None


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _extras(form: Form) -> dict[str, object]:
    """What integrators ask for beside the event."""
    found: dict[str, object] = {}
    if scoped := form.get("ExternalUserId", ""):
        found["business_user_id"] = _split(scoped)[1]
    if "true" in {form.get("Forwarded"), form.get("FrequentlyForwarded")}:
        found["forwarded"] = True
    return found

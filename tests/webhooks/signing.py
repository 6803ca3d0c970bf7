"""Signs requests as Twilio and Meta do, written from their descriptions and not with our readers' libraries."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import urlencode

from bot.inbound import Event
from webhooks.raw import FORM, Raw

Pairs = Sequence[tuple[str, str]]


def twilio_signature(token: str, url: str, pairs: Pairs) -> str:
    """HMAC-SHA1, in base64, of the URL and every different name and value in order."""
    text = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def meta_signature(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of the bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def twilio_request(token: str, url: str, pairs: Pairs, query: str = "") -> Raw:
    """A signed form to an address: public base, path."""
    base, _, path = url.partition("/webhooks")
    whole = f"{url}?{query}" if query else url
    headers = {"content-type": FORM, "x-twilio-signature": twilio_signature(token, whole, pairs)}
    assert base
    return Raw("POST", f"/webhooks{path}", query, headers, urlencode(list(pairs)).encode())


def meta_request(secret: str, body: bytes) -> Raw:
    """A signed batch."""
    headers = {"content-type": "application/json", "x-hub-signature-256": meta_signature(secret, body)}
    return Raw("POST", "/webhooks/whatsapp", "", headers, body)


def shown(event: Event) -> dict[str, object]:
    """What an event says, without what is empty and beside ``raw``; the phone as text."""
    fields = {name: getattr(event, name) for name in Event.__struct_fields__ if name not in {"raw", "phone"}}
    return {name: value for name, value in fields.items() if value} | (
        {"phone": event.phone.e164} if event.phone else {}
    )

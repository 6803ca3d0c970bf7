"""WhatsApp by Meta's Cloud API: what people write, tap and send, and what became of our messages.

A request is a batch, signed as a whole over its bytes and brought again for up to seven days; everything in it is heard
in its order, and what cannot be read takes nothing else with it.
"""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from aiohttp import web

from bot.inbound import Event
from core.kit.settings import Settings
from webhooks.front import FRONT
from webhooks.raw import Raw, Rejected, json_object, need, query, read_raw
from webhooks.whatsapp_messages import contacts_of, first_error, ignored, read_message, read_status

PATH: Final = "/webhooks/whatsapp"
BODY_LIMIT: Final = 1024 * 1024
OBJECT: Final = "whatsapp_business_account"


def routes() -> list[web.RouteDef]:
    """The one address: asked for once whether it is ours, then told everything."""
    return [web.get(PATH, _verify, allow_head=False), web.post(PATH, _heard)]


async def _verify(request: web.Request) -> web.Response:
    raw = await read_raw(request, BODY_LIMIT)
    return web.Response(text=challenge(raw, request.app[FRONT].settings))


async def _heard(request: web.Request) -> web.Response:
    front = request.app[FRONT]
    raw = await read_raw(request, BODY_LIMIT)
    await front.take(read(raw, front.settings))
    return web.Response(text="ok\n")


def challenge(raw: Raw, settings: Settings) -> str:
    """What a verification is answered with. Rejected: 403 for another token, 400 without a challenge."""
    asked = query(raw)
    given = asked.get("hub.verify_token", "").encode("utf-8", "surrogateescape")
    known = hmac.compare_digest(given, settings.meta_verify_token.get_secret_value().encode())
    if not known or asked.get("hub.mode") != "subscribe":
        raise Rejected(403, "wrong verify token")
    return need(asked, "hub.challenge")[0]


def read(raw: Raw, settings: Settings) -> list[Event]:
    """What a request brings, in its order; nothing for a verification.

    Rejected: 403 without the right signature, 400 and 415 for what is no JSON object, 405 for other methods.
    """
    if raw.method == "GET":
        challenge(raw, settings)
        return []
    if raw.method != "POST":
        raise Rejected(405, "GET or POST")
    _authenticate(raw, settings)
    batch = json_object(raw)
    if batch.get("object") != OBJECT:
        return [ignored(f"object {str(batch.get('object'))[:40]}")]
    changes = (change for entry in _rows(batch, "entry") for change in _rows(entry, "changes"))
    return [event for change in changes for event in _change(change)]


def _authenticate(raw: Raw, settings: Settings) -> None:
    """The signature is over the bytes as they came, before anybody reads them."""
    given = raw.header("x-hub-signature-256")
    if not given:
        raise Rejected(403, "unsigned")
    secret = settings.meta_app_secret.get_secret_value().encode()
    right = f"sha256={hmac.new(secret, raw.body, sha256).hexdigest()}"
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right.encode()):
        raise Rejected(403, "wrong signature")


def _change(change: Any) -> Iterator[Event]:
    """Everything in one change. Echoes, account news and template reviews come under other fields."""
    value = change.get("value") if isinstance(change, dict) else None
    if not isinstance(value, dict):
        yield ignored("malformed")
    elif change.get("field") != "messages":
        yield ignored(f"field {str(change.get('field'))[:40]}")
    else:
        yield from _value(value)


def _value(value: dict[str, Any]) -> Iterator[Event]:
    people = contacts_of(_rows(value, "contacts"))
    error = first_error(value.get("errors"))
    messages, statuses = _rows(value, "messages"), _rows(value, "statuses")
    for message in messages:
        yield read_message(message, people, error)
    for status in statuses:
        yield read_status(status)
    if not messages and not statuses:
        yield ignored(f"error {error}" if error else "nothing in it")


def _rows(holder: Any, name: str) -> list[Any]:
    """The list of that name; what is no list holds nothing."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []

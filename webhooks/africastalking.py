"""SMS by Africa's Talking: what people write, what became of our messages, and who opted out at the operator.

None of these callbacks is signed: the secret in the path is all that tells them from a stranger's, and nothing that
costs or reveals follows from one. Whatever is not answered with 200 is brought again for ten minutes.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote

from aiohttp import web

from bot.inbound import Event
from core.kit.settings import Settings
from webhooks.address import sms_phone
from webhooks.front import FRONT
from webhooks.raw import Raw, Rejected, check_path_secret, form, need, read_raw

CHANNEL: Final = "sms"
SOURCE: Final = "africastalking"
PATH: Final = f"/webhooks/sms/{SOURCE}"
TAILS: Final = ("", "delivery", "optout")
"""What follows the secret in the three addresses."""

BODY_LIMIT: Final = 64 * 1024
ID_LIMIT: Final = 128
REASON_LIMIT: Final = 80

STATUSES: Final = {
    "Sent": "sent",
    "Submitted": "sent",
    "Buffered": "sent",
    "Success": "delivered",
    "Failed": "failed",
    "Rejected": "failed",
    "Expired": "failed",
}
"""The vendor's words for what became of a message (SMS delivery reports); the last four are final."""


def routes() -> list[web.RouteDef]:
    """The three addresses."""
    path = f"{PATH}/{{secret}}"
    return [web.post(f"{path}/{tail}".rstrip("/"), _heard) for tail in TAILS]


async def _heard(request: web.Request) -> web.Response:
    """The secret first: of a stranger's request nothing else is read."""
    front = request.app[FRONT]
    check_path_secret(request.match_info["secret"], front.settings.secret)
    raw = await read_raw(request, BODY_LIMIT)
    await front.take(read(raw, front.settings))
    return web.Response(text="ok\n")


def read(raw: Raw, settings: Settings) -> list[Event]:
    """What a callback brings: one event.

    Rejected: 403 for another secret, 404 for another address, 400, 413 and 415 for what is no callback of theirs.
    """
    if not raw.path.startswith(f"{PATH}/"):
        raise Rejected(404, "no such address")
    secret, _, tail = raw.path.removeprefix(f"{PATH}/").partition("/")
    check_path_secret(unquote(secret, errors="surrogateescape"), settings.secret)
    if tail not in TAILS:
        raise Rejected(404, "no such address")
    return [parse(raw, tail)]


def parse(raw: Raw, tail: str) -> Event:
    """The event of a callback whose secret has been seen; ``tail`` is what follows the secret: "", delivery, optout."""
    fields = form(raw)
    if tail == "delivery":
        return _report(fields)
    return _opt_out(fields) if tail == "optout" else _incoming(fields)


def _incoming(fields: Mapping[str, str]) -> Event:
    """Somebody wrote. A sender that is no phone number (a brand, a short code) is acknowledged and not heard."""
    sender, external_id = need(fields, "from")[0], _id(fields)
    if "text" not in fields:
        raise Rejected(400, "missing field: text")
    phone, at = sms_phone(sender), _moment(fields.get("date", ""))
    if phone is None:
        return Event("ignored", CHANNEL, SOURCE, external_id=external_id, at=at, reason="the sender is no phone number")
    return Event("message", CHANNEL, SOURCE, phone.e164, phone, external_id, fields["text"], at=at)


def _report(fields: Mapping[str, str]) -> Event:
    """What became of a message; a status we do not know passes in the vendor's word."""
    external_id, word = _id(fields), need(fields, "status")[0][:REASON_LIMIT]
    delivery = STATUSES.get(word, word)
    reason = (fields.get("failureReason") or word)[:REASON_LIMIT] if delivery == "failed" else ""
    phone = sms_phone(fields.get("phoneNumber", ""))
    sender = phone.e164 if phone else ""
    return Event(
        "delivery_status", CHANNEL, SOURCE, sender, phone, external_id, delivery=delivery, reason=reason,
        raw={"status": word},
    )  # fmt: skip


def _opt_out(fields: Mapping[str, str]) -> Event:
    """Somebody told the operator to stop our messages, whichever of our sender names it was about."""
    phone = sms_phone(need(fields, "phoneNumber")[0])
    if phone is None:
        raise Rejected(400, "phoneNumber: no phone number")
    return Event("opt_out", CHANNEL, SOURCE, phone.e164, phone, raw={"sender_id": fields.get("senderId", "")})


def _id(fields: Mapping[str, str]) -> str:
    (external_id,) = need(fields, "id")
    if len(external_id) > ID_LIMIT or not external_id.isprintable():
        raise Rejected(400, f"id: 1 to {ID_LIMIT} printable characters")
    return external_id


def _moment(text: str) -> datetime | None:
    """A date as it comes, with a T and a Z or with a space and no zone: UTC either way."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

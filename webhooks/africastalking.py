"""SMS by Africa's Talking: what people write, what became of our messages, and who opted out at the operator.

None of these callbacks is signed: the secret in the path is all that tells them from a stranger's, and nothing that
costs or reveals follows from one. Whatever is not answered with 200 is brought again for ten minutes.
"""

from typing import Final

from aiohttp import web

from bot.inbound import Message
from bot.send.africastalking import PROVIDER
from core.kit.errors import Unclear
from core.kit.log import get_log
from core.kit.phone import Phone, gateway_phone
from core.notices.reports import record_delivery
from core.notices.suppression import stop
from core.notices.words import ReportStatus
from webhooks.forms import check_secret, need, read_form
from webhooks.front import FRONT, Front
from webhooks.stop import obeyed

BODY_LIMIT: Final = 64 * 1024
ID_LIMIT: Final = 128

STATUSES: Final[dict[str, ReportStatus]] = {
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
    path = f"/webhooks/sms/{PROVIDER}/{{secret}}"
    return [web.post(path, _incoming), web.post(f"{path}/delivery", _report), web.post(f"{path}/optout", _opt_out)]


async def _form(request: web.Request) -> tuple[Front, dict[str, str]]:
    front = request.app[FRONT]
    check_secret(request, front.settings.secret)
    return front, await read_form(request, BODY_LIMIT)


async def _incoming(request: web.Request) -> web.Response:
    """Somebody wrote. A sender that is no phone number (a brand, a short code) is acknowledged and not heard."""
    front, form = await _form(request)
    sender, external_id = need(form, "from")[0], _id(form)
    if "text" not in form:
        raise web.HTTPBadRequest(text="missing field: text\n")
    phone = _phone(sender)
    if phone is None:
        return _ignored("sender_is_no_phone", sender)
    message = Message("sms", PROVIDER, external_id, phone, form["text"])
    if not await obeyed(front.db, front.clock, message):
        await front.hear_sms(phone, message.text, external_id)
    return _done()


async def _report(request: web.Request) -> web.Response:
    """What became of a message; a status we do not know is acknowledged and changes nothing."""
    front, form = await _form(request)
    external_id, word = _id(form), need(form, "status")[0]
    status = STATUSES.get(word)
    if status is None:
        return _ignored("unknown_status", word)
    reason = (form.get("failureReason") or word)[:80] if status == "failed" else None
    to = _phone(form.get("phoneNumber", ""))
    await record_delivery(front.db, PROVIDER, external_id, status, reason, front.clock.now(), to)
    return _done()


async def _opt_out(request: web.Request) -> web.Response:
    """Somebody told the operator to stop our messages, whichever of our sender names it was about."""
    front, form = await _form(request)
    phone = _phone(need(form, "phoneNumber")[0])
    if phone is None:
        raise web.HTTPBadRequest(text="phoneNumber: no phone number\n")
    await stop(front.db, phone, front.clock.now())
    return _done()


def _id(form: dict[str, str]) -> str:
    (external_id,) = need(form, "id")
    if len(external_id) > ID_LIMIT or not external_id.isprintable():
        raise web.HTTPBadRequest(text=f"id: 1 to {ID_LIMIT} printable characters\n")
    return external_id


def _phone(text: str) -> Phone | None:
    try:
        return gateway_phone(text)
    except Unclear:
        return None


def _ignored(why: str, what: str) -> web.Response:
    get_log("sms").info("ignored", why=why, what=what[:40])
    return _done()


def _done() -> web.Response:
    return web.Response(text="ok\n")

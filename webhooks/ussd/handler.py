"""Answers the requests of every USSD gateway in the table."""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.inbound import Inbound
from core.kit.errors import Unclear
from core.kit.log import get_log
from core.kit.phone import gateway_phone
from webhooks.forms import check_secret, read_form
from webhooks.front import FRONT
from webhooks.ussd.dialects import DIALECTS, Dialect, Form, Malformed, dialled_suffix

BODY_LIMIT: Final = 16 * 1024
"""Bytes of a request; a session's inputs never come near it."""

TEXT_LIMIT: Final = 2_000
"""Characters of a session's cumulated text."""

SESSION_LIMIT: Final = 128


def routes() -> list[web.RouteDef]:
    """Every dialect's addresses: requests, and the ends of sessions where the gateway tells them."""
    found = []
    for dialect in DIALECTS.values():
        path = f"/webhooks/ussd/{dialect.name}/{{secret}}"
        found += [web.route(method, path, _handler(dialect)) for method in dialect.methods]
        if dialect.ends:
            found.append(web.post(f"{path}/end", _end))
    return found


def _handler(dialect: Dialect) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of one dialect."""

    async def handle(request: web.Request) -> web.Response:
        front = request.app[FRONT]
        check_secret(request, front.settings.secret)
        form = await read_form(request, BODY_LIMIT)
        try:
            inbound = read_request(dialect, form, front.settings.service_code)
        except (Malformed, Unclear) as error:
            raise web.HTTPBadRequest(text=f"{error}\n") from error
        answer = dialect.answer(await front.runner.hear(inbound), form)
        return web.Response(body=answer.body.encode(), headers={"Content-Type": answer.content_type})

    return handle


def read_request(dialect: Dialect, form: Form, service_code: str) -> Inbound:
    """A gateway's request in the one normal form. Raises Malformed or Unclear for what cannot be one."""
    parsed = dialect.parse(form)
    if not 0 < len(parsed.session) <= SESSION_LIMIT or not parsed.session.isprintable():
        raise Malformed(f"session id: 1 to {SESSION_LIMIT} printable characters")
    if len(parsed.text) > TEXT_LIMIT:
        raise Malformed(f"text: at most {TEXT_LIMIT} characters")
    return Inbound(
        gateway=dialect.name,
        session=f"{dialect.name}:{parsed.session}",
        phone=gateway_phone(parsed.phone),
        text=parsed.text,
        suffix=dialled_suffix(parsed.code, service_code),
        cumulated=dialect.cumulated,
        limits=dialect.limits,
    )


async def _end(request: web.Request) -> web.Response:
    """A session is over: counted and logged; its ``input`` repeats the PIN and is never looked at."""
    front = request.app[FRONT]
    check_secret(request, front.settings.secret)
    form: Form = await read_form(request, BODY_LIMIT)
    get_log("ussd").info(
        "session_end",
        session=form.get("sessionId", "")[:SESSION_LIMIT],
        status=form.get("status", "")[:32],
        hops=form.get("hopsCount", "")[:8],
        error=form.get("errorMessage", "")[:200],
    )
    return web.Response(text="ok\n")

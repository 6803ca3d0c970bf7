"""Answers the requests of every USSD gateway in the table."""

import hmac
from typing import Final

from aiohttp import web

from bot.inbound import Inbound
from core.kit.errors import Unclear
from core.kit.log import get_log
from core.kit.phone import gateway_phone
from webhooks.forms import read_form
from webhooks.front import FRONT, Front
from webhooks.ussd.dialects import DIALECTS, Dialect, Form, Malformed, Parsed, dialled_suffix

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
        found += [web.route(method, path, _Handler(dialect)) for method in dialect.methods]
        if dialect.ends:
            found.append(web.post(f"{path}/end", _end))
    return found


class _Handler:
    """The handler of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    async def __call__(self, request: web.Request) -> web.Response:
        front = request.app[FRONT]
        check_secret(request, front)
        form = await read_form(request, BODY_LIMIT)
        try:
            inbound = self.inbound(self.dialect.parse(form), front.settings.service_code)
        except (Malformed, Unclear) as error:
            raise web.HTTPBadRequest(text=f"{error}\n") from error
        answer = self.dialect.answer(await front.runner.hear(inbound), form)
        return web.Response(text=answer.body, content_type=answer.content_type)

    def inbound(self, parsed: Parsed, service_code: str) -> Inbound:
        """The neutral form. Raises Malformed or Unclear for what cannot be one."""
        if not 0 < len(parsed.session) <= SESSION_LIMIT or not parsed.session.isprintable():
            raise Malformed(f"session id: 1 to {SESSION_LIMIT} printable characters")
        if len(parsed.text) > TEXT_LIMIT:
            raise Malformed(f"text: at most {TEXT_LIMIT} characters")
        return Inbound(
            gateway=self.dialect.name,
            session=f"{self.dialect.name}:{parsed.session}",
            phone=gateway_phone(parsed.phone),
            text=parsed.text,
            suffix=dialled_suffix(parsed.code, service_code),
            cumulated=self.dialect.cumulated,
            limits=self.dialect.limits,
        )


def check_secret(request: web.Request, front: Front) -> None:
    """Refuse whoever does not know the path's secret, before anything of the request is read."""
    given = request.match_info["secret"].encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, front.settings.secret.encode()):
        raise web.HTTPForbidden(text="wrong secret\n")


async def _end(request: web.Request) -> web.Response:
    """A session is over: counted and logged; its ``input`` repeats the PIN and is never looked at."""
    front = request.app[FRONT]
    check_secret(request, front)
    form: Form = await read_form(request, BODY_LIMIT)
    get_log("ussd").info(
        "session_end",
        session=form.get("sessionId", "")[:SESSION_LIMIT],
        status=form.get("status", "")[:32],
        hops=form.get("hopsCount", "")[:8],
        error=form.get("errorMessage", "")[:200],
    )
    return web.Response(text="ok\n")

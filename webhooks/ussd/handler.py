"""Answers the requests of every USSD gateway in the table."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import aiohttp
import msgspec
from aiohttp import web

from bot.send.parlayx import ParlayX
from core.kit.log import get_log
from core.kit.phone import Phone
from webhooks.front import FRONT, Front
from webhooks.limits import TURNS, Limits
from webhooks.raw import Rejected, check_path_secret, read_raw
from webhooks.ussd.dialects import DIALECTS
from webhooks.ussd.push import Pusher
from webhooks.ussd.read import ended, inbound, log_of, parse, phone_of
from webhooks.ussd.words import Answer, Asked, Dialect

BODY_LIMIT: Final = 16 * 1024
"""Bytes of a request; a session's inputs never come near it."""

MOST_CALLERS: Final = 20_000
"""Sessions whose phone is kept in mind, for gateways that do not name it at the end."""


_MORE: Final[dict[str, dict[str, Any]]] = {"GET": {"allow_head": False}, "POST": {}, "PUT": {}}


class Desk:
    """What the gateways' handlers share in one process: limits, whose session is whose, and what pushes screens."""

    def __init__(self, front: Front, pusher: Pusher | None) -> None:
        self.limits = Limits(TURNS, front.clock)
        self.pusher = pusher
        self._callers: OrderedDict[tuple[str, str], Phone | None] = OrderedDict()

    def note(self, dialect: Dialect, asked: Asked, phone: Phone) -> None:
        """Keep in mind who speaks in a session; losable, for all that hangs on it is a reminder."""
        self._keep((dialect.name, asked.session), phone)

    def _keep(self, session: tuple[str, str], phone: Phone | None) -> None:
        self._callers[session] = phone
        if len(self._callers) > MOST_CALLERS:
            self._callers.popitem(last=False)

    def caller(self, dialect: Dialect, asked: Asked) -> Phone | None:
        """Who spoke in a session, as far as the request or this process knows; from its end on nobody does."""
        session = dialect.name, asked.session
        phone = phone_of(asked.phone) or self._callers.get(session)
        if asked.over and dialect.ends_name_nobody:
            self._keep(session, None)
        return phone

    def is_over(self, dialect: Dialect, asked: Asked) -> bool:
        """Whether this process was told that a session ended; of what it does not know it says no."""
        return self._callers.get((dialect.name, asked.session), asked) is None


DESK: Final = web.AppKey("ussd", Desk)


async def running(app: web.Application) -> AsyncIterator[None]:
    """What the gateways need while the app runs; without an address of ParlayX nothing is ever pushed."""
    front = app[FRONT]
    async with aiohttp.ClientSession(trust_env=False) as http:
        configured = bool(front.settings.parlayx_url)
        pusher = Pusher(front, ParlayX(http, front.settings, front.clock)) if configured else None
        app[DESK] = Desk(front, pusher)
        yield
        if pusher is not None:
            await pusher.close()


def routes() -> list[web.RouteDef]:
    """Every dialect's addresses. Looking at one (HEAD) would be a turn, so nobody may."""
    return [
        web.RouteDef(method, f"/webhooks/ussd/{dialect.name}/{{secret}}{path}", _handler(dialect), _MORE[method])
        for dialect in DIALECTS.values()
        for path in dialect.paths
        for method in dialect.methods
    ]


def _handler(dialect: Dialect) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of one dialect."""

    async def handle(request: web.Request) -> web.Response:
        app = request.app
        front, desk = app[FRONT], app[DESK]
        check_path_secret(request.match_info["secret"], front.settings.secret)
        asked = parse(dialect, await read_raw(request, BODY_LIMIT))
        if asked.over or asked.ignored:
            return _respond(dialect, await _ended(front, desk, dialect, asked))
        phone = phone_of(asked.phone)
        if phone is None:
            raise Rejected(400, "the caller: no phone number")
        heard = inbound(dialect, asked, phone, front.settings.service_code)
        if not desk.limits.allows(heard.session if asked.session else _hourly(heard.session, front)):
            raise _over_limit(front, desk, heard.session)
        if dialect.ends_name_nobody:
            desk.note(dialect, asked, phone)
        if dialect.pushed:
            _pusher(desk).start(asked, heard)
            return _respond(dialect, dialect.closed(asked))
        return _respond(dialect, dialect.answer(await front.runner.hear(heard), asked))

    return handle


def _respond(dialect: Dialect, answer: Answer) -> web.Response:
    headers = {"Content-Type": answer.content_type, **answer.headers}
    return web.Response(body=answer.body.encode(dialect.charset), headers=headers)


def _pusher(desk: Desk) -> Pusher:
    if desk.pusher is None:
        raise Rejected(404, "no such gateway here")
    return desk.pusher


def _hourly(session: str, front: Front) -> str:
    """A session that is only known by its phone never ends: it is counted by the hour."""
    return f"{session}:{front.clock.now():%Y%m%d%H}"


def _over_limit(front: Front, desk: Desk, session: str) -> Rejected:
    front.meters.unheard.labels("ussd").inc()
    if desk.limits.first_refusal(session):
        get_log("ussd").warning("over_limit", gateway=session.partition(":")[0])
    return Rejected(429, "too much in one session")


async def _ended(front: Front, desk: Desk, dialect: Dialect, asked: Asked) -> Answer:
    """A session is over: logged, and told to whoever may want to remind its person."""
    event = ended(dialect, asked, desk.caller(dialect, asked))
    get_log("ussd").info(event.kind, **log_of(event))
    if event.kind == "session_end":
        await front.session_ended(event)
    elif desk.is_over(dialect, asked):
        return dialect.closed(msgspec.structs.replace(asked, over="done"))
    return dialect.closed(asked)

"""The web application: every route of the house on one aiohttp app."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable

import uvloop
from aiohttp import web

from core.kit.clock import SystemClock
from core.kit.db import Database
from core.kit.log import get_log
from core.kit.settings import Settings
from webhooks import africastalking, health, payments, telegram, twilio, whatsapp
from webhooks.exchanges import Exchanges
from webhooks.front import FRONT, Front
from webhooks.raw import Rejected
from webhooks.ussd import handler as ussd

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LARGEST_BODY = 256 * 1024


def make_app(front: Front) -> web.Application:
    """The app around a front; whoever made the front closes its database."""
    logged = [Exchanges(front.settings).middleware] if front.settings.log_exchanges else []
    app = web.Application(middlewares=[*logged, _answer_errors], client_max_size=_LARGEST_BODY)
    app[FRONT] = front
    for room in (health, ussd, africastalking, twilio, whatsapp, telegram, payments):
        app.add_routes(room.routes())
    app.cleanup_ctx.append(ussd.running)
    return app


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong, the caller gets a short plain answer and we get the line in the log."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        _refused(request, error.status)
        raise
    except Rejected as error:
        _refused(request, error.status)
        return web.Response(status=error.status, text=f"{error.reason}\n")
    except Exception:  # noqa: BLE001 - the last wall
        get_log("web").exception("request_failed", route=_route(request))
        _refused(request, 500)
        return web.Response(status=500, text="something went wrong here; nothing was lost\n")


def _refused(request: web.Request, status: int) -> None:
    request.app[FRONT].meters.refusals.labels(_route(request), status).inc()


def _route(request: web.Request) -> str:
    """The route's pattern: the path itself holds the secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"


def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    web.run_app(
        _made(settings),
        host=settings.host,
        port=settings.port,
        access_log=None,
        print=None,
        loop=uvloop.new_event_loop(),
        handler_cancellation=False,
    )


async def _made(settings: Settings) -> web.Application:
    db = await Database.open(settings.database_url)
    app = make_app(Front.build(db, settings, SystemClock()))
    spare_the_collector()

    async def close(_app: web.Application) -> AsyncIterator[None]:
        yield
        await db.close()

    app.cleanup_ctx.append(close)
    return app


def spare_the_collector() -> None:
    """What was loaded at the start stays for good: the garbage collector need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)

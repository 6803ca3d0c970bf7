"""One process with every face of the outside world, on 127.0.0.1 only."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from aiohttp import web

from sandbox import page, pictures
from sandbox.africastalking import AfricasTalking
from sandbox.answers import RefusalError, json
from sandbox.chats import Carriers, Chats
from sandbox.courier import Courier
from sandbox.desk import Desk, Phones
from sandbox.handset import Handsets
from sandbox.media import Files
from sandbox.meta.face import Meta
from sandbox.mtn.access import Access
from sandbox.mtn.callbacks import Callbacks
from sandbox.mtn.face import Collection
from sandbox.mtn.payments import Payments
from sandbox.parlayx import ParlayX
from sandbox.settings import Settings, read_settings
from sandbox.telegram.face import Telegram
from sandbox.twilio.face import Twilio
from sandbox.ussd import Gateway
from sandbox.wallets import Wallets
from sandbox.world import World, make_world

HOST = "127.0.0.1"
BODY_CAP = 256 * 1024
SHUTDOWN_SECONDS = 2.0
LOCAL_NAMES = {"127.0.0.1", "localhost", "::1"}
log = logging.getLogger("sandbox")


async def make_app(settings: Settings) -> web.Application:
    """The whole sandbox as one aiohttp application."""
    world = make_world(settings)
    app = web.Application(client_max_size=BODY_CAP, middlewares=[_guard])
    app.add_routes([*_routes(world), *page.routes(), *pictures.routes()])

    async def hang_up(_: web.Application) -> None:
        world.hub.close()

    async def close(_: web.Application) -> None:
        await world.close()

    app.on_shutdown.append(hang_up)
    app.on_cleanup.append(close)
    return app


def _routes(world: World) -> list[web.RouteDef]:
    handsets, wallets, callbacks = Handsets(world), Wallets(world), Callbacks(world)
    payments = Payments(world, wallets, handsets, callbacks)
    files, courier = Files(world), Courier(world)
    access, sms = Access(world), AfricasTalking(world, handsets, courier)
    collection = Collection(world, access, payments, wallets, handsets)
    shared = (world, handsets, files, courier)
    twilio, meta, telegram = Twilio(*shared), Meta(*shared), Telegram(*shared)
    carriers: Carriers = {
        "whatsapp": {"meta": meta, "twilio": twilio},
        "sms": {"twilio": twilio},
        "telegram": {"telegram": telegram},
    }
    chats = Chats(world, handsets, files, courier, sms, telegram, carriers)
    gateway = Gateway(world, handsets)
    phones = Phones(gateway, sms, payments, handsets)
    payments.resume()
    parlayx = ParlayX(world, gateway)
    faces = (sms, parlayx, access, collection, twilio, meta, telegram, phones, chats, files, Desk(world, wallets))
    return [route for face in faces for route in face.routes()]


@web.middleware
async def _guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    # A page of another site must not reach the sandbox through a name that resolves to loopback.
    if urlsplit(f"//{request.host}").hostname not in LOCAL_NAMES:
        return json({"error": "this sandbox only answers to a loopback name"}, 403)
    try:
        return await handler(request)
    except RefusalError as refusal:
        return refusal.response
    except web.HTTPException as plain:
        return json({"error": plain.reason}, plain.status)


async def serve(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; 1 when the port is taken."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(
        await make_app(settings),
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, settings.port).start()
    except OSError as taken:
        log.critical("cannot listen on %s:%s: %s", HOST, settings.port, taken.strerror)
        await runner.cleanup()
        return 1
    log.info("phones: http://%s:%s/ · app: %s", HOST, settings.port, settings.app)
    await stop.wait()
    await runner.cleanup()
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sandbox; the exit code is 0 after a clean stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s sandbox: %(message)s", stream=sys.stderr)
    return asyncio.run(serve(read_settings(arguments)))

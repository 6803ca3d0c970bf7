"""Stands before the app processes as a load balancer would, and looks at everything they answer."""

from collections import OrderedDict
from itertools import count

import aiohttp
from aiohttp import web

from tests.soak.tally import Tally

REMEMBERED = 2_000
SAFE_PAGES = ("occupe", "panne", "busy", "went wrong", "problem")
"""Words of the pages that go out when a turn could not be answered in time: the only reason for another answer."""


class Balancer:
    """Hands each request to the next app process that listens."""

    def __init__(self, port: int, apps: list[str], tally: Tally) -> None:
        self._port, self._apps, self._tally = port, apps, tally
        self._turn = count()
        self._answered: OrderedDict[bytes, bytes] = OrderedDict()

    async def open(self) -> None:
        """Listen on loopback."""
        timeout = aiohttp.ClientTimeout(total=30)
        self._http = aiohttp.ClientSession(timeout=timeout, auto_decompress=False)
        app = web.Application(client_max_size=2**20)
        app.router.add_route("*", "/{path:.*}", self._forward)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def close(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()
        await self._http.close()

    async def _forward(self, request: web.Request) -> web.Response:
        body = await request.read()
        first = next(self._turn)
        for step in range(len(self._apps)):
            app = self._apps[(first + step) % len(self._apps)]
            try:
                return await self._ask(app, request, body)
            except aiohttp.ClientConnectorError:
                continue
            except (aiohttp.ClientError, TimeoutError):
                self._tally.add("answers lost with their process")
                return web.Response(status=502)
        self._tally.add("requests with no app process up")
        return web.Response(status=502)

    async def _ask(self, app: str, request: web.Request, body: bytes) -> web.Response:
        headers = {"Content-Type": request.headers.get("Content-Type", "")}
        async with self._http.request(request.method, app + request.path_qs, data=body, headers=headers) as answer:
            content = await answer.read()
            self._look(request, body, answer.status, content)
            return web.Response(status=answer.status, body=content, content_type=answer.content_type)

    def _look(self, request: web.Request, body: bytes, status: int, content: bytes) -> None:
        if status >= 500 and request.path.startswith("/webhooks/"):
            self._tally.breach(f"{request.method} {_route(request)} answered {status}")
        if request.path.startswith("/webhooks/ussd/") and not request.path.endswith("/end") and status == 200:
            self._same(body, content)

    def _same(self, body: bytes, content: bytes) -> None:
        """The same request of a session gets the same bytes, whichever process is asked."""
        before = self._answered.pop(body, None)
        if before is not None:
            self._tally.add("the same request again")
            if before != content and not any(is_safe(one) for one in (before, content)):
                self._tally.breach(f"one request, two answers: {before!r} and {content!r}")
        self._answered[body] = content
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)


def is_safe(page: bytes) -> bool:
    """Whether it is one of the pages that promise the answer for later."""
    return any(word in page.decode(errors="replace") for word in SAFE_PAGES)


def _route(request: web.Request) -> str:
    """The path without its secret."""
    return "/".join(request.path.split("/")[:4])

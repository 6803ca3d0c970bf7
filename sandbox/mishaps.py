"""Playing an ordered mishap on a route that the sandbox serves."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web

from sandbox.clock import Clock
from sandbox.faults import HTTP, Fault, Faults

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REJECTED = "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected.</body></html>"
BAD_GATEWAY = "<html><body><h1>502 Bad Gateway</h1></body></html>"
HANG, DRIBBLE = 60.0, 1.0


class Mishaps:
    """Wraps handlers so that an ordered fault happens before, after or instead of them."""

    def __init__(self, faults: Faults, clock: Clock) -> None:
        """Play the orders in `faults` on the sandbox's clock."""
        self._faults, self._clock = faults, clock

    def on(self, route: str, handler: Handler) -> Handler:
        """The handler, exposed to the faults ordered for `route`."""

        async def exposed(request: web.Request) -> web.StreamResponse:
            fault = self._faults.take(route, *HTTP)
            if fault is None:
                return await handler(request)
            return await self._play(fault, request, handler)

        return exposed

    async def _play(self, fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
        if (instead := _INSTEAD.get(fault.kind)) is not None:
            return instead(fault)
        if fault.kind in {"drop_before", "reset"}:
            return _cut(request, hard=fault.kind == "reset")
        if fault.kind == "timeout":
            return await self._hang(fault, request)
        if fault.kind == "delay":
            await self._clock.sleep(fault.wait(2.0))
        answer = await handler(request)
        return await self._spoil(fault, request, answer)

    async def _spoil(self, fault: Fault, request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
        if fault.kind == "drop_after":
            return _cut(request)
        if fault.kind == "timeout_after_effect":
            return await self._hang(fault, request)
        if fault.kind == "slow_loris":
            return await self._dribble(fault, request, answer)
        return answer

    async def _hang(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        await self._clock.sleep(fault.wait(HANG))
        return _cut(request)

    async def _dribble(self, fault: Fault, request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
        body = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b""
        slow = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
        await slow.prepare(request)
        for byte in body or b" " * 30:
            await slow.write(bytes([byte]))
            await asyncio.sleep(self._clock.real(fault.wait(DRIBBLE)))
        return slow


def _cut(request: web.Request, *, hard: bool = False) -> web.Response:
    transport = request.transport
    if transport is not None and hard:
        sock = transport.get_extra_info("socket")
        # A zero linger turns the close into a TCP reset.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    elif transport is not None:
        transport.close()
    return web.Response()


def _error(status: int) -> Callable[[Fault], web.Response]:
    def make(fault: Fault) -> web.Response:
        vendor = fault.route.partition(".")[0]
        if status == HTTPStatus.UNAUTHORIZED and vendor == "africastalking":
            return web.Response(text="The supplied authentication is invalid", status=status)
        body = msgspec.json.encode(_BODIES.get(vendor, _plain)(status, fault))
        headers = {"Retry-After": "2"} if status == HTTPStatus.TOO_MANY_REQUESTS else {}
        return web.Response(body=body, status=status, content_type="application/json", headers=headers)

    return make


def _plain(status: int, fault: Fault) -> dict[str, object]:
    code, message = _SAID[status]
    return {"code": fault.code or code, "message": fault.message or message}


def _number(fault: Fault) -> int:
    return int(fault.code) if fault.code.isascii() and fault.code.isdigit() else 0


def _twilio(status: int, fault: Fault) -> dict[str, object]:
    code = _number(fault) or {401: 20003}.get(status, 20000 + status)
    more = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": fault.message or _SAID[status][1], "more_info": more, "status": status}


def _meta(status: int, fault: Fault) -> dict[str, object]:
    code = _number(fault) or {401: 190, 429: 130429, 503: 131016}.get(status, 131000)
    message = f"(#{code}) {fault.message or _SAID[status][1]}"
    return {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AsandboxTrace"}}


def _telegram(status: int, fault: Fault) -> dict[str, object]:
    body: dict[str, object] = {"ok": False, "error_code": status, "description": fault.message or _SAID[status][1]}
    if status != HTTPStatus.TOO_MANY_REQUESTS:
        return body
    seconds = max(1, int(fault.wait(2.0)))
    return {
        **body,
        "description": f"Too Many Requests: retry after {seconds}",
        "parameters": {"retry_after": seconds},
    }


_SAID: Final = {
    401: ("UNAUTHORIZED", "The token is unknown or has expired."),
    429: ("TOO_MANY_REQUESTS", "Rate limit is exceeded. Try again in 2 seconds."),
    500: ("INTERNAL_PROCESSING_ERROR", "An internal error occurred while processing."),
    503: ("SERVICE_UNAVAILABLE", "Service temporarily unavailable, try again later."),
}
_BODIES: Final = {"twilio": _twilio, "meta": _meta, "telegram": _telegram}


def _page(status: int, page: str) -> Callable[[Fault], web.Response]:
    return lambda _: web.Response(text=page, status=status, content_type="text/html")


_INSTEAD: dict[str, Callable[[Fault], web.Response]] = {
    "401": _error(401),
    "429": _error(429),
    "500": _error(500),
    "503": _error(503),
    "500_html": _page(500, REJECTED),
    "502_html": _page(502, BAD_GATEWAY),
    "200_html": _page(200, REJECTED),
}

"""What happens in the sandbox, told live to whoever has the page open."""

import asyncio
from collections.abc import Mapping

import msgspec
from aiohttp import web

KEEP_ALIVE = 15.0
BACKLOG = 500


class Hub:
    """Hands every event to every listener; a listener that is too slow loses the oldest ones."""

    def __init__(self) -> None:
        """Start without listeners."""
        self._listeners: set[asyncio.Queue[bytes]] = set()
        self._closed = asyncio.Event()

    def tell(self, kind: str, **data: object) -> None:
        """Publish one event."""
        if not self._listeners:
            return
        line = _line(kind, data)
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(line)

    def close(self) -> None:
        """End every stream, so that a shut-down does not wait for open pages."""
        self._closed.set()
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(b"")

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Serve `GET /events` until the page leaves or the sandbox stops."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue: asyncio.Queue[bytes] = asyncio.Queue(BACKLOG)
        self._listeners.add(queue)
        try:
            await self._pump(response, queue)
        except ConnectionError:
            pass  # the page was closed: nothing to tell anybody
        finally:
            self._listeners.discard(queue)
        return response

    async def _pump(self, response: web.StreamResponse, queue: asyncio.Queue[bytes]) -> None:
        await response.write(_line("hello", {}))
        while not self._closed.is_set():
            try:
                line = await asyncio.wait_for(queue.get(), KEEP_ALIVE)
            except TimeoutError:
                line = b": still here\n\n"
            await response.write(line)


def _line(kind: str, data: Mapping[str, object]) -> bytes:
    return b"data: " + msgspec.json.encode({"kind": kind, **data}) + b"\n\n"

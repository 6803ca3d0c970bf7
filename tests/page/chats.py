"""Conversations for the page's tests: what the sandbox says of WhatsApp, Telegram and SMS, written by the test."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession, web

from sandbox.answers import json, read_json
from sandbox.events import Hub

Said = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CHANNELS = ("sms", "whatsapp", "telegram")


class Chats:
    """Threads by phone and channel, and everything the page posted."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.posts: list[tuple[str, Said]] = []
        self.on_post: Callable[[str, str, Said], None] | None = None
        self._threads: defaultdict[tuple[str, str], list[Said]] = defaultdict(list)

    def say(self, msisdn: str, channel: str, text: str, **more: Any) -> str:
        """Put a message on a phone; its id."""
        thread = self._threads[msisdn, channel]
        message: Said = {
            "id": f"{channel}-{len(thread) + 1}",
            "at": datetime.now(UTC).isoformat(),
            "mine": False,
            "from": "Toit",
            "text": text,
            "segments": 1,
            "style": "none",
            "opener": "",
            "buttons": [],
            "asks": "",
            "photo": "",
            "location": None,
            "edited": False,
            "status": "delivered",
        }
        thread.append(message | more)
        self.hub.tell("message", msisdn=msisdn, channel=channel)
        return str(message["id"])

    def edit(self, msisdn: str, channel: str, number: str, **more: Any) -> None:
        """Change a message that is there."""
        message = next(one for one in self._threads[msisdn, channel] if one["id"] == number)
        message.update(more)
        self.hub.tell("message", msisdn=msisdn, channel=channel)

    @web.middleware
    async def answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer for the conversations, leave the rest to the sandbox."""
        _, first, *rest = request.path.split("/")
        if first != "phones" or len(rest) < 2 or rest[-1] not in CHANNELS:
            return await handler(request)
        if rest[-1] == "sms":
            return await self._sms(request, handler)
        if request.method == "GET":
            return json(self._threads[rest[0], rest[-1]])
        return json(self._take(rest[0], rest[-1], await read_json(request, dict[str, Any])), 202)

    async def _sms(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The sandbox's own SMS."""
        if request.method == "POST":
            return await handler(request)
        async with (
            ClientSession() as http,
            http.get(f"{request.url.origin()}/phones/{request.path.split('/')[2]}/thread") as got,
        ):
            return json(
                [{**one, "id": str(i), "mine": one["direction"] == "out"} for i, one in enumerate(await got.json())]
            )

    def _take(self, msisdn: str, channel: str, body: Said) -> Said:
        self.posts.append((channel, body))
        shown = {"photo": "/page/home.svg"} if "media" in body else {"location": body.get("location")}
        number = self.say(msisdn, channel, self._words(msisdn, channel, body), mine=True, status="read", **shown)
        if self.on_post:
            self.on_post(msisdn, channel, body)
        return {"id": number, "status": "sent"}

    def _words(self, msisdn: str, channel: str, body: Said) -> str:
        if "tap" not in body:
            return str(body.get("text", "+237 6 77 00 01 11" if "contact" in body else ""))
        message = next(one for one in self._threads[msisdn, channel] if one["id"] == body["message"])
        return str(next(one["label"] for one in message["buttons"] if one["id"] == body["tap"]))

"""The addresses of Twilio: messages, content and media, each behind Basic authentication."""

import hmac
from base64 import b64decode
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from sandbox.answers import json
from sandbox.courier import Courier
from sandbox.handset import Handsets
from sandbox.media import Files, served
from sandbox.saying import Spoken, Told
from sandbox.twilio.content import Contents, Template, approval, shape
from sandbox.twilio.errors import TwilioError, not_found, refusal
from sandbox.twilio.messages import Messages
from sandbox.twilio.webhook import API, Webhook
from sandbox.whatsapp import Names
from sandbox.world import World

ACCOUNT: Final = f"/twilio/{API}/Accounts/{{account:AC[0-9a-f]{{32}}}}"
CONTENT: Final = "/twilio/v1/Content"
ONE: Final = CONTENT + "/{sid:HX[0-9a-f]{32}}"
MOST: Final = 1000
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Twilio:
    """One account with a number for SMS and one for WhatsApp."""

    def __init__(self, world: World, handsets: Handsets, files: Files, courier: Courier) -> None:
        """Connect the account with phones and app."""
        self._world, self._files = world, files
        names = Names(world, handsets, "twilio")
        self._contents = Contents(world)
        self._webhook = Webhook(world, handsets, courier, names)
        self._messages = Messages(world, handsets, self._contents, self._webhook, names)

    def routes(self) -> list[web.RouteDef]:
        """Everything the package of the vendor calls for messages."""
        on = self._world.mishaps.on
        messages, content, media = "twilio.messages", "twilio.content", "twilio.media"
        file = f"{ACCOUNT}/Messages/{{sid}}/Media/ME{{file:[0-9a-f]{{32}}}}"
        asked = ONE + "/ApprovalRequests"
        return [
            web.post(f"{ACCOUNT}/Messages.json", on(messages, self._guarded(self.send))),
            web.get(f"{ACCOUNT}/Messages.json", self._guarded(self.listed), allow_head=False),
            web.get(f"{ACCOUNT}/Messages/{{sid}}.json", self._guarded(self.message), allow_head=False),
            web.get(file, on(media, self._guarded(self.media)), allow_head=False),
            web.post(CONTENT, on(content, self._guarded(self.create))),
            web.get(CONTENT, on(content, self._guarded(self.contents)), allow_head=False),
            web.get(ONE, on(content, self._guarded(self.content)), allow_head=False),
            web.delete(ONE, on(content, self._guarded(self.delete))),
            web.post(asked + "/whatsapp", on(content, self._guarded(self.approve))),
            web.get(asked, on(content, self._guarded(self.approval)), allow_head=False),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        """Refuses who does not know the token, and puts refusals into the vendor's words."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._check(request)
                return await handler(request)
            except TwilioError as why:
                return refusal(why)

        return guarded

    def _check(self, request: web.Request) -> None:
        own = self._world.settings
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        try:
            pair = b64decode(given, validate=True)
        except ValueError:
            pair = b""
        known = hmac.compare_digest(pair, f"{own.twilio_account}:{own.twilio_token}".encode())
        if kind != "Basic" or not known:
            raise TwilioError(20003, status=401)
        if request.match_info.get("account", own.twilio_account) != own.twilio_account:
            raise not_found(request)

    async def hear(self, spoken: Spoken) -> Told:
        """What a person says."""
        return await self._webhook.hear(spoken)

    # Messages

    async def send(self, request: web.Request) -> web.Response:
        """Take a message for sending."""
        body = await request.read()
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=100)
        except ValueError as wrong:
            raise TwilioError(20001, "the body must be a form in UTF-8") from wrong
        return json(self._messages.accept(pairs), 201)

    async def listed(self, request: web.Request) -> web.Response:
        """Messages sent, newest first, on one page."""
        found = self._messages.all(request.query.get("To", ""), _size(request))
        return json({"messages": found, "page": 0, "page_size": len(found), "next_page_uri": None})

    async def message(self, request: web.Request) -> web.Response:
        """One message as it is now."""
        found = self._messages.get(request.match_info["sid"])
        if found is None:
            raise not_found(request)
        return json(found)

    async def media(self, request: web.Request) -> web.Response:
        """A file that a person sent."""
        file = self._files.get(str(int(request.match_info["file"], 16)))
        if file is None:
            raise not_found(request)
        return served(file)

    # Content

    async def create(self, request: web.Request) -> web.Response:
        """Make a template."""
        return json(self._shape(self._contents.create(await request.read()), request), 201)

    async def contents(self, request: web.Request) -> web.Response:
        """Templates, newest first, page by page."""
        size, page = _size(request), _number(request, "Page", 0)
        found = self._contents.all(size, page * size)
        base = f"{request.scheme}://{request.host}{CONTENT}"
        following = f"{base}?PageSize={size}&Page={page + 1}" if len(found) == size else None
        meta = {"page": page, "page_size": size, "key": "contents", "next_page_url": following, "url": base}
        return json({"contents": [self._shape(one, request) for one in found], "meta": meta})

    async def content(self, request: web.Request) -> web.Response:
        """One template."""
        return json(self._shape(self._template(request), request))

    async def delete(self, request: web.Request) -> web.Response:
        """Take a template away."""
        if not self._contents.delete(request.match_info["sid"]):
            raise not_found(request)
        return web.Response(status=204)

    async def approve(self, request: web.Request) -> web.Response:
        """Ask WhatsApp to approve it, which it does at once."""
        template, body = self._template(request), await request.read()
        try:
            wanted = msgspec.json.decode(body, type=dict[str, object])
        except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
            raise TwilioError(20001, "the body must be a JSON object") from wrong
        name, category = str(wanted.get("name", "")), str(wanted.get("category", ""))
        return json(approval(self._contents.approve(template, name, category)), 201)

    async def approval(self, request: web.Request) -> web.Response:
        """How far WhatsApp is with it."""
        template = self._template(request)
        account = self._world.settings.twilio_account
        return json({"sid": template.sid, "account_sid": account, "whatsapp": approval(template), "url": request.path})

    def _template(self, request: web.Request) -> Template:
        template = self._contents.get(request.match_info["sid"])
        if template is None:
            raise not_found(request)
        return template

    def _shape(self, template: Template, request: web.Request) -> dict[str, object]:
        base = f"{request.scheme}://{request.host}/twilio"
        return {**shape(template, base), "account_sid": self._world.settings.twilio_account}


def _size(request: web.Request) -> int:
    return min(max(1, _number(request, "PageSize", 50)), MOST)


def _number(request: web.Request, name: str, default: int) -> int:
    given = request.query.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else default

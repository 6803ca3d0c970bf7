"""The addresses of the Cloud API: messages and their way to the phone, media, templates."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from aiohttp import web

from sandbox.answers import json
from sandbox.courier import Courier
from sandbox.handset import Handsets
from sandbox.media import File, Files, served
from sandbox.meta.content import Content, Given, Reader, check_media, part, text_of
from sandbox.meta.graph import GraphError, refusal
from sandbox.meta.templates import Templates
from sandbox.meta.webhook import Sent, Webhook, wamid
from sandbox.saying import Spoken, Told
from sandbox.whatsapp import Names, NotANumberError
from sandbox.world import World

VERSION: Final = "/meta{version:(?:/v[0-9]{1,2}\\.[0-9])?}"
SENT_AFTER, DELIVERED_AFTER, READ_AFTER = 0.3, 0.5, 1.5
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Meta:
    """The Cloud API for one number."""

    def __init__(self, world: World, handsets: Handsets, files: Files, courier: Courier) -> None:
        """Connect the number with phones and app."""
        self._world, self._handsets, self._files = world, handsets, files
        self._names = Names(world, handsets, "meta")
        self._webhook = Webhook(world, courier, self._names)
        self._reader, self._templates = Reader(files), Templates(world)

    def routes(self) -> list[web.RouteDef]:
        """With and without the version in front."""
        on = self._world.mishaps.on
        media = VERSION + "/{id:[0-9]{1,20}}"
        return [
            web.post(VERSION + "/{sender:[0-9]+}/messages", on("meta.messages", self._guarded(self.send))),
            web.post(VERSION + "/{sender:[0-9]+}/media", on("meta.media", self._guarded(self.upload))),
            web.get(media, on("meta.media", self._guarded(self.media)), allow_head=False),
            web.get("/meta/download/{id:[0-9]{1,20}}", on("meta.media", self._guarded(self.download))),
            web.post(VERSION + "/{account:[0-9]+}/message_templates", self._guarded(self.create_template)),
            web.get(VERSION + "/{account:[0-9]+}/message_templates", self._guarded(self.list_templates)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        """Refuses who has no token, and puts refusals into the vendor's words."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
            if not hmac.compare_digest(given, f"Bearer {self._world.settings.meta_access_token}".encode()):
                return refusal(GraphError(190, "the access token is not valid", 401))
            try:
                return await handler(request)
            except GraphError as why:
                return refusal(why)

        return guarded

    async def hear(self, spoken: Spoken) -> Told:
        """What a person says."""
        return await self._webhook.hear(spoken)

    # Sending

    async def send(self, request: web.Request) -> web.Response:
        """Messages, and the marks that something was read or is being answered."""
        self._own_number(request)
        body = await _object(request)
        if body.get("messaging_product") != "whatsapp":
            raise GraphError(100, "The parameter messaging_product is required.")
        if "status" in body:
            return self._mark(body)
        to = body.get("to") or body.get("recipient")
        if not isinstance(to, str) or not to:
            raise GraphError(100, "The parameter to is required.")
        opaque = text_of(body, "biz_opaque_callback_data", 0, 512)
        return self._accept(to, self._read(body), opaque)

    def _own_number(self, request: web.Request) -> None:
        sender = request.match_info["sender"]
        if sender != self._world.settings.meta_phone_number_id:
            raise GraphError(100, f"Object with ID '{sender}' does not exist or cannot be used by you")

    def _read(self, body: Given) -> Content:
        if body.get("type") == "template":
            return self._templates.fill(part(body, "template"))
        return self._reader.read(body)

    def _accept(self, to: str, content: Content, opaque: str) -> web.Response:
        try:
            msisdn = self._names.msisdn(to)
        except NotANumberError as no_number:
            raise GraphError(131009, "to: a phone number or a user id") from no_number
        sent = Sent(wamid(), to, msisdn or "", opaque, self._trouble(msisdn, content))
        self._world.jobs.start(self._carry(sent, content))
        contact = {"input": to, **({"user_id": to} if "." in to else {"wa_id": msisdn})}
        told = {"id": sent.ref, **({"message_status": "accepted"} if content.template else {})}
        return json({"messaging_product": "whatsapp", "contacts": [contact], "messages": [told]})

    def _trouble(self, msisdn: str | None, content: Content) -> int:
        """The error a message that was accepted comes to nothing with; 0 when it arrives."""
        fault = self._world.faults.take("meta.messages", "accepted_failed", "window")
        if fault and fault.kind == "accepted_failed":
            return int(fault.code) if fault.code.isdigit() else 131026
        if msisdn is None:
            return 131026
        closed = fault is not None or not self._names.is_open(msisdn)
        return 131047 if closed and not content.template else 0

    async def _carry(self, sent: Sent, content: Content) -> None:
        if sent.trouble:
            await self._world.clock.sleep(SENT_AFTER)
            await self._webhook.status(sent, "failed")
            return
        ours = self._world.settings.meta_display_number
        number = self._handsets.deliver(
            sent.msisdn, "whatsapp", ours, content.text, via="meta", ref=sent.ref, look=content.look
        )
        await self._world.clock.sleep(SENT_AFTER)
        await self._webhook.status(sent, "sent")
        await self._handsets.reached(sent.msisdn)
        for word, seconds in (("delivered", DELIVERED_AFTER), ("read", READ_AFTER)):
            await self._world.clock.sleep(seconds)
            self._handsets.mark(number, word)
            await self._webhook.status(sent, word)

    def _mark(self, body: Given) -> web.Response:
        message = self._handsets.by_ref("meta", str(body.get("message_id", "")))
        if body["status"] != "read" or message is None or not message.mine:
            raise GraphError(131009, "status: read, with the message_id of something received")
        self._handsets.mark(message.number, "read")
        if "typing_indicator" in body:
            self._world.hub.tell("typing", msisdn=message.msisdn, channel="whatsapp")
        return json({"success": True})

    # Media

    async def upload(self, request: web.Request) -> web.Response:
        """A file that messages may name by its id. Refuses kinds and sizes that the vendor does."""
        self._own_number(request)
        form = await request.post()
        file = form.get("file")
        if form.get("messaging_product") != "whatsapp" or not isinstance(file, web.FileField):
            raise GraphError(100, "The parameters messaging_product and file are required.")
        mime, body = str(form.get("type") or file.content_type), file.file.read()
        check_media(mime, len(body))
        return json({"id": self._files.keep(mime, file.filename, body).id})

    async def media(self, request: web.Request) -> web.Response:
        """Where a file can be fetched, for five minutes with the vendor."""
        file = self._file(request)
        url = file.url or f"{request.scheme}://{request.host}/meta/download/{file.id}"
        told = {"url": url, "mime_type": file.mime, "sha256": file.sha256, "file_size": len(file.body), "id": file.id}
        return json({**told, "messaging_product": "whatsapp"})

    async def download(self, request: web.Request) -> web.Response:
        """The bytes."""
        return served(self._file(request))

    def _file(self, request: web.Request) -> File:
        file = self._files.get(request.match_info["id"])
        if file is None:
            raise GraphError(100, f"Object with ID '{request.match_info['id']}' does not exist", 404)
        return file

    # Templates

    async def create_template(self, request: web.Request) -> web.Response:
        """Make a template; it is approved at once."""
        return json(self._templates.create(await _object(request)))

    async def list_templates(self, _request: web.Request) -> web.Response:
        """Every template."""
        return json({"data": self._templates.listed()})


async def _object(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise GraphError(100, "the body must be a JSON object") from wrong

"""What Meta posts to the app: signed batches of messages and statuses."""

import asyncio
import hmac
import secrets
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import msgspec

from sandbox.courier import PAUSES, Courier, Parcel
from sandbox.faults import Fault
from sandbox.handset import Message
from sandbox.look import Button
from sandbox.meta.graph import failure
from sandbox.saying import Spoken, Told
from sandbox.whatsapp import Names
from sandbox.world import World

PATH: Final = "/webhooks/whatsapp"
ACCOUNT: Final = "384000000000009"
BATCH_WAITS: Final = 5.0
Shape = dict[str, Any]


def wamid() -> str:
    """A fresh id of a message."""
    return f"wamid.{b64encode(secrets.token_bytes(36)).decode()}"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was accepted: `trouble` is the error it comes to nothing with, `opaque` is given back."""

    ref: str
    to: str
    msisdn: str
    opaque: str
    trouble: int


class Webhook:
    """Brings batches to the app until it says 200."""

    def __init__(self, world: World, courier: Courier, names: Names) -> None:
        """Sign with the app secret of this world."""
        self._world, self._courier, self._names = world, courier, names
        self._batch: list[Shape] = []
        self._full = asyncio.Event()

    # What people say

    async def hear(self, spoken: Spoken) -> Told:
        """A message, by itself or together with others when that was ordered."""
        message = {**self._from(spoken.msisdn), "id": wamid(), "timestamp": self._now(), **self._said(spoken)}
        said_by = {} if spoken.moves_to else {"contacts": [self._contact(spoken.msisdn, spoken.name)]}
        value = {**self._head(), **said_by, "messages": [message]}
        parcel = self._parcel("meta.incoming", [value])
        fault = self._world.faults.take("meta.incoming", "batch")
        if fault is None:
            return Told(message["id"], await self._courier.bring(parcel), parcel)
        self._wait_for_more(value, fault)
        return Told(message["id"], None, parcel)

    def _wait_for_more(self, value: Shape, fault: Fault) -> None:
        self._batch.append(value)
        if len(self._batch) == 1:
            self._full = asyncio.Event()
            self._world.jobs.start(self._bring_batch(fault.wait(BATCH_WAITS)))
        if len(self._batch) >= fault.count:
            self._full.set()

    async def _bring_batch(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._full.wait(), self._world.clock.real(seconds))
        except TimeoutError:
            self._full.set()  # nobody else says anything: what there is goes
        values, self._batch = self._batch, []
        await self._courier.bring(self._parcel("meta.incoming", values))

    def _from(self, msisdn: str) -> Shape:
        scoped = {"from_user_id": self._names.scoped(msisdn)}
        return scoped if self._names.hidden(msisdn) else {"from": msisdn, **scoped}

    def _contact(self, msisdn: str, name: str) -> Shape:
        known = {"profile": {"name": name}, "user_id": self._names.scoped(msisdn)}
        return known if self._names.hidden(msisdn) else {**known, "wa_id": msisdn}

    def _said(self, spoken: Spoken) -> Shape:
        if spoken.original is None or spoken.button is None:
            return _said(spoken)
        ours = self._world.settings.meta_display_number.lstrip("+")
        return {"context": {"from": ours, "id": spoken.original.ref}, **_tapped(spoken.original, spoken.button)}

    # What becomes of messages

    async def status(self, sent: Sent, word: str) -> None:
        """Tell one step of a message's way."""
        status: Shape = {"id": sent.ref, "status": word, "timestamp": self._now(), **self._recipient(sent)}
        if word in {"sent", "delivered"}:
            talk = sha256(sent.msisdn.encode()).hexdigest()[:32]
            status["conversation"] = {"id": talk, "origin": {"type": "service"}}
            status["pricing"] = {"billable": False, "pricing_model": "PMP", "category": "service"}
        if sent.opaque:
            status["biz_opaque_callback_data"] = sent.opaque
        if sent.trouble:
            status["errors"] = [failure(sent.trouble)]
        await self._courier.bring(self._parcel("meta.status", [{**self._head(), "statuses": [status]}]))

    def _recipient(self, sent: Sent) -> Shape:
        if not sent.msisdn:
            return {"recipient_user_id": sent.to}
        scoped = {"recipient_user_id": self._names.scoped(sent.msisdn)}
        return scoped if self._names.hidden(sent.msisdn) else {"recipient_id": sent.msisdn, **scoped}

    # Envelope and signature

    def _head(self) -> Shape:
        own = self._world.settings
        number = own.meta_display_number.lstrip("+")
        metadata = {"display_phone_number": number, "phone_number_id": own.meta_phone_number_id}
        return {"messaging_product": "whatsapp", "metadata": metadata}

    def _parcel(self, route: str, values: list[Shape]) -> Parcel:
        changes = [{"value": value, "field": "messages"} for value in values]
        # A batch comes as entries with several changes each; two to an entry shows both.
        pairs = [changes[at : at + 2] for at in range(0, len(changes), 2)]
        entries = [{"id": ACCOUNT, "changes": pair} for pair in pairs]
        body = msgspec.json.encode({"object": "whatsapp_business_account", "entry": entries})
        digest = hmac.new(self._world.settings.meta_app_secret.encode(), body, sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": f"sha256={digest}",
        }
        return Parcel(route, self._world.app_url(PATH), body, headers, PAUSES)

    def _now(self) -> str:
        return str(int(self._world.clock.now().timestamp()))


def _said(spoken: Spoken) -> Shape:
    """The message by what the person did; nobody writes the one that tells of another number."""
    if spoken.moves_to:
        words = f"User {spoken.name} changed from {spoken.msisdn} to {spoken.moves_to}"
        return {"type": "system", "system": {"type": "user_changed_number", "wa_id": spoken.moves_to, "body": words}}
    if spoken.file:
        return _file(spoken)
    if spoken.spot:
        spot = {"latitude": spoken.spot.latitude, "longitude": spoken.spot.longitude}
        named = {"name": spoken.spot.name} if spoken.spot.name else {}
        return {"type": "location", "location": {**spot, **named}}
    if spoken.card:
        name = {"formatted_name": spoken.card.name, "first_name": spoken.card.name}
        phone = {"phone": f"+{spoken.card.number}", "wa_id": spoken.card.number, "type": "CELL"}
        return {"type": "contacts", "contacts": [{"name": name, "phones": [phone]}]}
    return {"type": "text", "text": {"body": spoken.text}}


def _tapped(original: Message, button: Button) -> Shape:
    if original.look.template:
        return {"type": "button", "button": {"payload": button.id, "text": button.label}}
    kind = "list_reply" if original.look.style == "list" else "button_reply"
    note = {"description": button.note} if button.note and kind == "list_reply" else {}
    reply = {"id": button.id, "title": button.label, **note}
    return {"type": "interactive", "interactive": {"type": kind, kind: reply}}


def _file(spoken: Spoken) -> Shape:
    file = spoken.file
    if file is None:
        return {}
    kind = {"image": "image", "audio": "audio", "video": "video"}.get(file.mime.partition("/")[0], "document")
    told: Shape = {"mime_type": file.mime, "sha256": file.sha256, "id": file.id}
    if file.url:
        told["url"] = file.url
    if kind == "audio":
        told["voice"] = True
    if kind == "document":
        told["filename"] = file.name
    if spoken.text:
        told["caption"] = spoken.text
    return {"type": kind, kind: told}

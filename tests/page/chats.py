"""The service's side of the conversations in the page's tests: what reached it, and what it puts on a phone."""

from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from sandbox.handset import Handsets
from sandbox.look import Button, Look, Spot

Heard = tuple[str, str]
PROVIDERS = {"sms": "africastalking", "whatsapp": "meta", "telegram": "telegram"}


class Chats:
    """Hears what the providers bring, answers by putting messages on phones."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.on_heard: Callable[[str, str], object] | None = None
        self._refs = count(1000)
        self._handsets: Handsets | None = None

    def serve(self, handsets: Handsets) -> None:
        """Work on these phones."""
        self._handsets = handsets

    @property
    def handsets(self) -> Handsets:
        """The phones of the sandbox."""
        assert self._handsets
        return self._handsets

    def say(self, msisdn: str, channel: str, text: str, **look: Any) -> int:
        """Put a message on a phone; its number."""
        shown, ref = _look(**look), str(next(self._refs))
        return self.handsets.deliver(msisdn, channel, "Toit", text, via=PROVIDERS[channel], ref=ref, look=shown)

    def edit(self, number: int, text: str, **look: Any) -> None:
        """Put something else in the place of a message."""
        message = self.handsets.get(number)
        assert message
        self.handsets.change(message, text, _look(**look))

    def hear(self, path: str, body: bytes) -> None:
        """Take in what a provider brings."""
        for kind, value in _read(path, body):
            self.heard.append((kind, value))
            if self.on_heard:
                self.on_heard(kind, value)


def _look(*, buttons: tuple[tuple[str, ...], ...] = (), location: dict[str, Any] | None = None, **more: Any) -> Look:
    spot = Spot(**location) if location else None
    return Look(buttons=tuple(Button(*button) for button in buttons), location=spot, **more)


def _read(path: str, body: bytes) -> list[Heard]:
    if path == "/webhooks/twilio":
        form = dict(parse_qsl(body.decode()))
        return [("text by twilio", form["Body"])]
    if path == "/webhooks/telegram":
        return _update(msgspec.json.decode(body))
    if path == "/webhooks/whatsapp":
        changes = [change for entry in msgspec.json.decode(body)["entry"] for change in entry["changes"]]
        return [_message(one) for change in changes for one in change["value"].get("messages", [])]
    return []


def _update(update: dict[str, Any]) -> list[Heard]:
    if "callback_query" in update:
        return [("tap", update["callback_query"]["data"])]
    return [_message(update["message"])]


def _message(message: dict[str, Any]) -> Heard:
    """A message of Meta's or of Telegram's as (kind, value)."""
    if "interactive" in message:
        reply = message["interactive"]
        return "tap", reply[reply["type"]]["id"]
    if "location" in message:
        return "location", f"{message['location']['latitude']:.4f}"
    if "contact" in message or "contacts" in message:
        return "contact", ""
    if "photo" in message or "image" in message:
        return "photo", ""
    text = message["text"]
    return "text", text if isinstance(text, str) else text["body"]

"""Users, chats and messages as the Bot API writes them."""

import re
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from sandbox.handset import Handsets, Message
from sandbox.media import File
from sandbox.settings import Settings
from sandbox.store import Store
from sandbox.telegram.markup import inline_of

BOT_NAME = "ToitBot"
Shape = dict[str, Any]


def bot(settings: Settings) -> Shape:
    """The bot itself; its id is the first part of its token."""
    ident = int(settings.telegram_token.partition(":")[0])
    return {"id": ident, "is_bot": True, "first_name": "Toit", "username": BOT_NAME}


class Chats:
    """Private chats: one per phone, under a number that tells nothing of the phone's."""

    def __init__(self, store: Store) -> None:
        """Work on the remembered names."""
        self._store = store

    def of(self, msisdn: str) -> int:
        """The chat of a phone, always the same one."""
        chat = 5_000_000_000 + int.from_bytes(sha256(f"telegram {msisdn}".encode()).digest()[:8]) % 10**10
        self._store.run("INSERT INTO aliases VALUES ('telegram', ?, ?) ON CONFLICT DO NOTHING", str(chat), msisdn)
        return chat

    def msisdn(self, chat: int) -> str | None:
        """The phone behind a chat; None until its owner has written to the bot."""
        row = self._store.one("SELECT msisdn FROM aliases WHERE provider = 'telegram' AND alias = ?", str(chat))
        return row["msisdn"] if row else None


def user(chat: int, name: str) -> Shape:
    """A person; in a private chat their id is the chat's."""
    return {"id": chat, "is_bot": False, "first_name": name, "language_code": "fr"}


def private(chat: int, name: str) -> Shape:
    """The private chat with a person."""
    return {"id": chat, "first_name": name, "type": "private"}


def message_of(message: Message, chat: int, name: str, settings: Settings) -> Shape:
    """A message of the bot as the vendor gives it back."""
    sent: Shape = {
        "message_id": message.number,
        "from": user(chat, name) if message.mine else bot(settings),
        "chat": private(chat, name),
        "date": int(message.at.timestamp()),
    }
    return {**sent, **_content(message), **inline_of(message.look)}


def _content(message: Message) -> Shape:
    look = message.look
    if look.location:
        return {"location": {"latitude": look.location.latitude, "longitude": look.location.longitude}}
    caption = {"caption": message.text} if message.text else {}
    if look.photo:
        return {"photo": [photo(look.photo)], **caption}
    if look.document:
        name = unquote(look.document.rpartition("/")[2])
        return {"document": {**_file(look.document), "file_name": name, "mime_type": "application/pdf"}, **caption}
    return {"text": message.text}


def _file(address: str, size: int = 1) -> Shape:
    held = re.match(r"/media/([0-9]+)", address)
    ident = held[1] if held else address.rpartition("/")[2][:64] or "file"
    return {"file_id": ident, "file_unique_id": f"u{ident}", "file_size": size}


def photo(address: str, size: int = 1) -> Shape:
    """One size of a photo."""
    return {**_file(address, size), "width": 96, "height": 60}


def attached(file: File) -> Shape:
    """A file that a person sent."""
    size = len(file.body)
    if file.mime.startswith("image/"):
        small = {**photo(f"{file.id}", size), "width": 48, "height": 30}
        return {"photo": [small, photo(file.id, size)]}
    kind = {"audio": "voice", "video": "video"}.get(file.mime.partition("/")[0], "document")
    more: dict[str, Shape] = {
        "voice": {"duration": 3},
        "video": {"duration": 3, "width": 96, "height": 60},
        "document": {"file_name": file.name},
    }
    return {kind: {**_file(file.id, size), "mime_type": file.mime, **more[kind]}}


def own_message(handsets: Handsets, msisdn: str, number: int) -> Message | None:
    """A message of this chat by its id; None when it is in another one or gone."""
    found = handsets.get(number)
    return found if found and found.msisdn == msisdn and found.channel == "telegram" else None

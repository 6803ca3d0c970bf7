"""Telegram: what people write, tap and share in private chats with the bot.

Whatever is signed and is JSON is answered with 200, even when nobody can read it: Telegram brings an update that is
refused again and again, and the ones behind it wait.
"""

import hmac
import re
from collections.abc import Callable
from typing import Any, Final

from aiohttp import web
from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram import Contact as Card
from telegram.helpers import effective_message_type

from bot.inbound import Contact, Event, Location, Media
from core.kit.settings import Settings
from webhooks.front import FRONT
from webhooks.raw import Raw, Rejected, json_object, read_raw

SOURCE: Final = "telegram"
BODY_LIMIT: Final = 256 * 1024
ID_LIMIT: Final = 128
SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"  # noqa: S105 - its name

_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?:\s+(.*))?", re.DOTALL)

_FILES: Final = {
    "document": "",
    "voice": "audio/ogg",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "audio": "",
}
"""What holds one file, and its type where Telegram may leave it out (Bot API, the types of the same names)."""

_SAID: Final = "sticker dice poll game story live_photo paid_media checklist giveaway".split()
"""Said by a person in a way nobody here can read; all else that a message may hold is news of the chat itself."""


def routes() -> list[web.RouteDef]:
    """The one address."""
    return [web.post("/webhooks/telegram", _update)]


async def _update(request: web.Request) -> web.Response:
    """An update: heard and kept before it is acknowledged."""
    front = request.app[FRONT]
    raw = await read_raw(request, BODY_LIMIT)
    await front.take(read(raw, front.settings))
    return web.Response()


def read(raw: Raw, settings: Settings) -> list[Event]:
    """What an update brings: always one event.

    Rejected: 403 without the secret (Bot API, setWebhook, secret_token), 400 for what is no JSON object, 415 for a
    form. An update that cannot be read, or is not for us, is ``ignored``.
    """
    _check(raw, settings.telegram_secret.get_secret_value())
    update = json_object(raw)
    try:
        return [_event(Update.de_json(update, None))]
    except Exception as error:  # noqa: BLE001 - the library raises whatever an odd field leads to
        return [_ignored(_number(update.get("update_id")), f"unreadable update: {type(error).__name__}")]


def _check(raw: Raw, secret: str) -> None:
    given = raw.header(SECRET_HEADER)
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
        raise Rejected(403, "wrong secret")


def _event(update: Update) -> Event:
    external_id = _number(update.update_id)
    if not external_id:
        return _ignored("", "no update id")
    for name, reader in _READERS.items():
        if found := getattr(update, name):
            return reader(found, external_id)
    return _ignored(external_id, next((name for name in Update.ALL_TYPES if getattr(update, name)), "unknown update"))


def _number(value: object) -> str:
    """An id of Telegram's, "" for what cannot be one (they are of 52 bits at most)."""
    return str(value) if type(value) is int and abs(value) < 1 << 52 else ""


def _ignored(external_id: str, reason: str) -> Event:
    return Event("ignored", "telegram", SOURCE, external_id=external_id, reason=reason)


# --- messages ---


def _message(message: Message, external_id: str) -> Event:
    if reason := _foreign(message.chat, message.from_user):
        return _ignored(external_id, reason)
    return _said(message, external_id)


def _edit(message: Message, external_id: str) -> Event:
    """Something said before was changed, or a live location moved on."""
    if reason := _foreign(message.chat, message.from_user):
        return _ignored(external_id, reason)
    original = {"original_id": _number(message.message_id)}
    text = _words(message.text or message.caption)
    return _from(message, external_id, "edit", text=text, reason="edited", raw=original)


def _foreign(chat: Chat, sender: User | None) -> str:
    """Why something is not a person talking to us in private; "" when it is."""
    if chat.type != Chat.PRIVATE:
        return f"not a private chat: {_words(chat.type)[:ID_LIMIT]}"
    if sender is not None and sender.is_bot:
        return "from a bot"
    return "" if _number(chat.id) else "no chat id"


def _said(message: Message, external_id: str) -> Event:
    if message.text is not None:
        return _from(message, external_id, "message", text=_typed(_words(message.text)))
    if message.contact:
        return _card(message, message.contact, external_id)
    if message.location:
        return _point(message, external_id)
    if media := _media(message):
        group = _words(message.media_group_id)[:ID_LIMIT]
        raw = {"voice": True} if message.voice else {}
        text = _words(message.caption)
        return _from(message, external_id, "media", text=text, media=(media,), group=group, raw=raw)
    said, kind = next((name for name in _SAID if getattr(message, name)), ""), effective_message_type(message)
    if said or kind is None:
        return _from(message, external_id, "unsupported", reason=said or "unknown message")
    return _ignored(external_id, f"service message: {kind}")


def _typed(text: str) -> str:
    """A command as the words it stands for: ``/payer@ToitBot`` is "payer", ``/start A4821`` is "A4821"."""
    match = _COMMAND.fullmatch(text.strip())
    if match is None:
        return text
    command, rest = match[1], (match[2] or "").strip()
    if command.lower() == "start":
        return rest or "menu"
    return f"{command} {rest}".rstrip()


def _from(message: Message, external_id: str, kind: Any, **more: Any) -> Event:
    """An event of a message, with all that every message tells."""
    return Event(
        kind,
        "telegram",
        SOURCE,
        sender=str(message.chat.id),
        external_id=external_id,
        name=_name(message.from_user),
        language=_words(message.from_user.language_code)[:16] if message.from_user else "",
        at=message.date,
        reply_to=_number(message.reply_to_message.message_id) if message.reply_to_message else "",
        **{**more, "raw": {**_forwarded(message), **more.get("raw", {})}},
    )


def _name(user: User | None) -> str:
    return " ".join(filter(None, (_words(user.first_name), _words(user.last_name)))) if user else ""


def _forwarded(message: Message) -> dict[str, bool]:
    """Whether somebody else said it first; older servers tell so by other fields (Bot API before 7.0)."""
    old = {"forward_from", "forward_date", "forward_sender_name"}
    return {"forwarded": True} if message.forward_origin or old & message.api_kwargs.keys() else {}


def _card(message: Message, card: Card, external_id: str) -> Event:
    """A shared contact: the sender's own only when Telegram names the same user and nobody passed it on.

    Even so it is an answer, for a flow to judge: whose chat this is does not change because a card was shared in it.
    """
    sender = message.from_user
    own = sender is not None and type(card.user_id) is int and card.user_id == sender.id == message.chat.id
    own = own and not _forwarded(message) and not message.via_bot
    number = "+" + re.sub(r"\D", "", _words(card.phone_number))
    name = " ".join(filter(None, (_words(card.first_name), _words(card.last_name))))
    contact = Contact(name, (number,) if len(number) > 1 else (), own=own)
    return _from(message, external_id, "contact", contact=contact)


def _point(message: Message, external_id: str) -> Event:
    spot = message.location
    if spot is None or not (abs(spot.latitude) <= 90 and abs(spot.longitude) <= 180):
        return _from(message, external_id, "unsupported", reason="location out of bounds")
    name = _words(message.venue.title) if message.venue else ""
    return _from(message, external_id, "location", location=Location(spot.latitude, spot.longitude, name))


def _media(message: Message) -> Media | None:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Media(_words(largest.file_id), "image/jpeg")
    for kind, mime in _FILES.items():
        if file := getattr(message, kind):
            found = getattr(file, "mime_type", None) or mime
            return Media(_words(file.file_id), _words(found), name=_words(getattr(file, "file_name", None)))
    return None


# --- taps, and whether we may write at all ---


def _tap(query: CallbackQuery, external_id: str) -> Event:
    """A tapped button. Its own id is what it is claimed by: a tap is sent again under a new update id."""
    chat = query.message.chat if query.message else None
    reason = _foreign(chat or Chat(query.from_user.id, Chat.PRIVATE), query.from_user)
    callback = _words(query.id)
    if reason or query.data is None or not 0 < len(callback) <= ID_LIMIT:
        return _ignored(external_id, reason or "a tap without data or id")
    return Event(
        "selection",
        "telegram",
        SOURCE,
        sender=_number(chat.id if chat else query.from_user.id),
        external_id=f"cb:{callback}",
        choice=_words(query.data),
        name=_name(query.from_user),
        language=_words(query.from_user.language_code)[:16],
        reply_to=_number(query.message.message_id) if query.message and query.message.is_accessible else "",
        callback=callback,
    )


def _membership(change: ChatMemberUpdated, external_id: str) -> Event:
    """The person blocked the bot, or let it write again."""
    if reason := _foreign(change.chat, change.from_user):
        return _ignored(external_id, reason)
    blocked = change.new_chat_member.status == ChatMember.BANNED
    return Event(
        "opt_out" if blocked else "opt_in",
        "telegram",
        SOURCE,
        sender=str(change.chat.id),
        external_id=external_id,
        name=_name(change.from_user),
        at=change.date,
        reason="blocked" if blocked else "unblocked",
    )


def _words(value: object) -> str:
    """A text field, which may be missing. TypeError for anything else."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


_READERS: Final[dict[str, Callable[[Any, str], Event]]] = {
    "message": _message,
    "edited_message": _edit,
    "callback_query": _tap,
    "my_chat_member": _membership,
}

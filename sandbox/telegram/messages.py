"""What a bot writes, changes and takes back, as the Bot API allows it."""

import re
from typing import Final

import msgspec

from sandbox.handset import Handsets, Message
from sandbox.look import Look, Spot
from sandbox.media import File, Files
from sandbox.telegram.call import Call, RefusedError, Upload, bad
from sandbox.telegram.markup import CAPTION, is_own, read_markup, read_text
from sandbox.telegram.pace import Pace
from sandbox.telegram.shapes import BOT_NAME, Chats, Shape, message_of, own_message
from sandbox.world import World

ACTIONS: Final = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker"
    " find_location record_video_note upload_video_note".split()
)
DELETABLE_SECONDS = 48 * 3600
SAME: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current"
    " content and reply markup of the message"
)
_WEB = re.compile(r"https?://[^\s/]+\S*")


class Messages:
    """Puts the bot's messages on phones."""

    def __init__(self, world: World, handsets: Handsets, files: Files, chats: Chats) -> None:
        """Write to these phones."""
        self._world, self._handsets, self._files, self._chats = world, handsets, files, chats
        self._pace = Pace()

    # Writing

    def text(self, call: Call) -> Shape:
        """`sendMessage`."""
        msisdn, chat = self._to(call)
        words = read_text(call.text("text"), call.text("parse_mode"))
        if not words.strip():
            raise bad("message text is empty")
        return self._put(msisdn, chat, words, read_markup(call.nested("reply_markup")))

    def photo(self, call: Call) -> Shape:
        """`sendPhoto`: an address, a file that is held, or bytes."""
        return self._with_file(call, "photo", "image/jpeg")

    def document(self, call: Call) -> Shape:
        """`sendDocument`, in the same three ways."""
        return self._with_file(call, "document", "application/octet-stream")

    def _with_file(self, call: Call, kind: str, mime: str) -> Shape:
        msisdn, chat = self._to(call)
        words = read_text(call.text("caption"), call.text("parse_mode"), CAPTION)
        address = self._address(call, kind, mime)
        look = msgspec.structs.replace(read_markup(call.nested("reply_markup")), **{kind: address})
        return self._put(msisdn, chat, words, look)

    def _address(self, call: Call, kind: str, mime: str) -> str:
        given = call.text(kind)
        if (upload := call.files.get(given.removeprefix("attach://") or kind)) is not None:
            return self._keep(upload, mime).address
        if _WEB.fullmatch(given):
            return given
        if (held := self._files.get(given)) is None:
            missing = f"there is no {kind} in the request"
            raise bad("wrong file identifier/HTTP URL specified" if given else missing)
        return held.address

    def _keep(self, upload: Upload, mime: str) -> File:
        if not upload.body:
            raise bad("file must be non-empty")
        kept = mime if mime.startswith("image/") else upload.mime
        return self._files.keep(kept, upload.name, upload.body)

    def location(self, call: Call) -> Shape:
        """`sendLocation`."""
        msisdn, chat = self._to(call)
        spot = Spot(call.degrees("latitude", 90), call.degrees("longitude", 180))
        look = msgspec.structs.replace(read_markup(call.nested("reply_markup")), location=spot)
        return self._put(msisdn, chat, "", look)

    def action(self, call: Call) -> bool:
        """`sendChatAction`."""
        msisdn, _ = self._open(call)
        if call.text("action") not in ACTIONS:
            raise bad("wrong parameter action in request")
        self._world.hub.tell("typing", msisdn=msisdn, channel="telegram")
        return True

    def _open(self, call: Call) -> tuple[str, int]:
        chat = call.number("chat_id")
        msisdn = self._chats.msisdn(chat)
        if msisdn is None:
            raise bad("chat not found")
        if self._handsets.flag(msisdn, "blocked"):
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        return msisdn, chat

    def _to(self, call: Call) -> tuple[str, int]:
        msisdn, chat = self._open(call)
        self._pace.count(chat)
        return msisdn, chat

    def _put(self, msisdn: str, chat: int, text: str, look: Look) -> Shape:
        number = self._handsets.deliver(msisdn, "telegram", BOT_NAME, text, via="telegram", look=look)
        return self._back(number, chat)

    def _back(self, number: int, chat: int) -> Shape:
        message = self._handsets.get(number)
        if message is None:
            raise bad("message not found")
        return message_of(message, chat, "", self._world.settings)

    # Changing

    def edit_text(self, call: Call) -> Shape:
        """`editMessageText`."""
        message, chat = self._editable(call)
        words = read_text(call.text("text"), call.text("parse_mode"))
        if not words.strip():
            raise bad("message text is empty")
        if message.look.photo or message.look.document or message.look.location:
            raise bad("there is no text in the message to edit")
        return self._change(message, chat, words, _inline(call))

    def edit_caption(self, call: Call) -> Shape:
        """`editMessageCaption`."""
        message, chat = self._editable(call)
        if not (message.look.photo or message.look.document):
            raise bad("there is no caption in the message to edit")
        words = read_text(call.text("caption"), call.text("parse_mode"), CAPTION)
        return self._change(message, chat, words, _inline(call))

    def edit_markup(self, call: Call) -> Shape:
        """`editMessageReplyMarkup`."""
        message, chat = self._editable(call)
        return self._change(message, chat, message.text, _inline(call))

    def _editable(self, call: Call) -> tuple[Message, int]:
        msisdn, chat = self._open(call)
        message = own_message(self._handsets, msisdn, call.number("message_id"))
        if message is None:
            raise bad("message to edit not found")
        if message.mine or is_own(message.look):
            raise bad("message can't be edited")
        return message, chat

    def _change(self, message: Message, chat: int, text: str, keyboard: Look) -> Shape:
        old = message.look
        look = msgspec.structs.replace(keyboard, photo=old.photo, document=old.document, location=old.location)
        if (text, look) == (message.text, old):
            raise bad(SAME)
        self._handsets.change(message, text, look)
        return {**self._back(message.number, chat), "edit_date": int(self._world.clock.now().timestamp())}

    def delete(self, call: Call) -> bool:
        """`deleteMessage`, for two days."""
        msisdn, _ = self._open(call)
        message = own_message(self._handsets, msisdn, call.number("message_id"))
        if message is None:
            raise bad("message to delete not found")
        if (self._world.clock.now() - message.at).total_seconds() > DELETABLE_SECONDS:
            raise bad("message can't be deleted for everyone")
        self._handsets.remove(message)
        return True


def _inline(call: Call) -> Look:
    look = read_markup(call.nested("reply_markup"))
    if is_own(look):
        raise bad("inline keyboard expected")
    return look

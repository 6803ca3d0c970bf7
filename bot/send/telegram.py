"""Sends screens and notices through Telegram's Bot API, by python-telegram-bot: edited in place where that is asked."""

import logging
import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import aiohttp
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram import Message as Written
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.render.bubble import Bubble, Choice, Pin, unpack_bubble
from bot.render.rich import size
from bot.render.telegram import CAPTION
from bot.send.pace import Pace
from bot.send.telegram_http import SessionRequest, Unanswered
from core.kit.errors import ProviderError
from core.kit.log import get_log
from core.kit.settings import Settings
from core.notices.words import Paper, Parcel, Sent

PROVIDER: Final = "telegram"

# The package's own switch: durations as timedelta, as in its next version, without a warning for each.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# It logs answers it cannot read, which hold what was said.
logging.getLogger("telegram").addHandler(logging.NullHandler())
logging.getLogger("telegram").propagate = False

EACH_S: Final = 1.05
ALL_S: Final = 1 / 30
"""The Bot API's pace (Bots FAQ): a message a second in a chat, with a little for the way, and thirty in all."""

BESIDE: Final = 15
"""Characters of a button that leaves room for another beside it."""

_SAME: Final = "not modified"

_NO_CHAT: Final = ("chat not found", "user is deactivated", "bot was blocked", "peer_id_invalid")
_NO_PICTURE: Final = ("http url", "wrong file", "web page", "photo_", "image_", "webpage_")


def bot_of(settings: Settings, http: aiohttp.ClientSession) -> Bot:
    """Our bot at the configured address, over a session that stays its owner's."""
    base = settings.telegram_url.rstrip("/")
    request = SessionRequest(http)
    token = settings.telegram_token.get_secret_value()
    return Bot(
        token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot", request=request, get_updates_request=request
    )


class Telegram:
    """Messages of one bot."""

    def __init__(self, bot: Bot, pace: Pace | None = None) -> None:
        self._bot = bot
        self._pace = pace or Pace(EACH_S, ALL_S)

    async def send(self, parcel: Parcel) -> Sent:
        """Hand over one message, in the place of another where the screen says so and Telegram allows it. A paper
        carries the words as its caption; what Telegram does not take beside the words (paper, picture, point) is left.

        Raises ProviderError: retryable when it surely was not taken and may be later, ``unknown`` when it may have
        been taken, ``gone`` for whoever has blocked the bot.
        """
        chat = parcel.to.name
        bubble = unpack_bubble(parcel.screen) if parcel.screen else Bubble(parcel.text)
        if bubble.callback:
            await self._acknowledge(bubble.callback)
        await self._pace.moment(chat)
        try:
            if bubble.noted and bubble.choices:
                await self._bot.send_message(chat, bubble.noted, reply_markup=ReplyKeyboardRemove())
                await self._pace.moment(chat)
            if bubble.edit.isdecimal() and await self._edited(chat, bubble):
                return Sent(PROVIDER, "")
            return Sent(PROVIDER, f"{chat}:{(await self._new(chat, bubble, parcel.paper)).message_id}")
        except TelegramError as error:
            raise self._judged(chat, error) from None

    async def _acknowledge(self, callback: str) -> None:
        """The phone waits for it with a spinning button; nobody is hurt when it is too late."""
        try:
            await self._bot.answer_callback_query(callback)
        except TelegramError:
            return

    async def _edited(self, chat: str, bubble: Bubble) -> bool:
        """Whether the old message now says this; False when only a new one can."""
        if bubble.photo or bubble.pin or bubble.asks:
            return False
        try:
            await self._bot.edit_message_text(
                bubble.text, chat_id=chat, message_id=int(bubble.edit), reply_markup=_inline(bubble.choices)
            )
        except BadRequest as error:
            return _SAME in str(error).lower()
        return True

    async def _new(self, chat: str, bubble: Bubble, paper: Paper | None) -> Written:
        if bubble.pin:
            await self._point(chat, bubble.pin)
        if paper and size(bubble.text) <= CAPTION and (shown := await self._documented(chat, bubble, paper)):
            return shown
        if bubble.photo and (shown := await self._pictured(chat, bubble)):
            return shown
        return await self._bot.send_message(chat, bubble.text, reply_markup=_keyboard(bubble))

    async def _point(self, chat: str, pin: Pin) -> None:
        """A message of its own, so whatever follows waits for its own moment; it follows without the point too."""
        try:
            await self._bot.send_location(chat, pin.latitude, pin.longitude)
        except (RetryAfter, Forbidden):
            raise
        except TelegramError:
            get_log("worker").warning("point_not_sent")
        await self._pace.moment(chat)

    async def _documented(self, chat: str, bubble: Bubble, paper: Paper) -> Written | None:
        """None when Telegram does not want the paper: the words go alone."""
        try:
            return await self._bot.send_document(
                chat, paper.body, caption=bubble.text, filename=paper.name, reply_markup=_keyboard(bubble)
            )
        except BadRequest as error:
            if _gone(error):
                raise
            get_log("worker").warning("paper_not_taken")
            return None

    async def _pictured(self, chat: str, bubble: Bubble) -> Written | None:
        """None when Telegram cannot fetch the picture: the words go alone."""
        try:
            return await self._bot.send_photo(chat, bubble.photo, bubble.text, reply_markup=_keyboard(bubble))
        except BadRequest as error:
            if any(part in str(error).lower() for part in _NO_PICTURE):
                return None
            raise

    def _judged(self, chat: str, error: TelegramError) -> ProviderError:
        if isinstance(error, RetryAfter):
            wait = _seconds(error)
            self._pace.pause(chat, wait)
            return ProviderError("retry_after", retryable=True, after_s=wait)
        if isinstance(error, Forbidden):
            return ProviderError("forbidden", retryable=False, gone=True)
        if isinstance(error, BadRequest):
            gone = _gone(error)
            return ProviderError("chat_not_found" if gone else "bad_request", retryable=False, gone=gone)
        if isinstance(error, NetworkError):
            return _network(error)
        if type(error) is TelegramError:
            return ProviderError("unreadable_answer", retryable=False, unknown=True)
        return ProviderError(type(error).__name__.lower(), retryable=False)


def _gone(error: BadRequest) -> bool:
    """Whether nobody is there any more."""
    return any(part in str(error).lower() for part in _NO_CHAT)


def _network(error: NetworkError) -> ProviderError:
    """What never left us, and what Telegram refused as a server in trouble, may be sent again; the rest is unknown."""
    if isinstance(error, Unanswered):
        return error.verdict
    if isinstance(error.__cause__, TelegramError | None):
        return ProviderError("server_trouble", retryable=True)
    return ProviderError("no_answer", retryable=False, unknown=True)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


# --- keyboards ---------------------------------------------------------------------------------------------


def _keyboard(bubble: Bubble) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    if not bubble.asks:
        return ReplyKeyboardRemove() if bubble.noted and not bubble.choices else _inline(bubble.choices)
    contact, location = ((bubble.asks == what) or None for what in ("contact", "location"))
    shared = KeyboardButton(bubble.share, request_contact=contact, request_location=location)
    return ReplyKeyboardMarkup([[shared]], resize_keyboard=True, one_time_keyboard=True)


def _inline(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    if not choices:
        return None
    rows = [[InlineKeyboardButton(c.label, callback_data=c.id) for c in row] for row in laid_out(choices)]
    return InlineKeyboardMarkup(rows)


def laid_out(choices: Sequence[Choice]) -> list[list[Choice]]:
    """Short ones two in a row, in their order; a long one has a row of its own."""
    rows: list[list[Choice]] = []
    for one in choices:
        short = len(one.label) <= BESIDE
        if short and rows and len(rows[-1]) == 1 and len(rows[-1][0].label) <= BESIDE:
            rows[-1].append(one)
        else:
            rows.append([one])
    return rows

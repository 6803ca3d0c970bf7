"""The real library at the sandbox, and the shapes tests need."""

from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.request import HTTPXRequest

from tests.patience import PATIENCE_S
from tests.sandbox.side import Call, Client, base_of

TOKEN = "384000:demo-telegram-bot-token"
HOOK = "/webhooks/telegram"


def bot_at(client: Client, token: str = TOKEN) -> Bot:
    """The library, unmodified, at the sandbox."""
    base = f"{base_of(client)}/telegram"
    limits: dict[str, Any] = {f"{what}_timeout": PATIENCE_S for what in ("read", "write", "connect", "pool")}
    return Bot(token, f"{base}/bot", f"{base}/file/bot", request=HTTPXRequest(**limits))


def update_of(call: Call) -> Update:
    """An update as the library reads it."""
    return Update.de_json(call.json, None)


def keys(*data: str) -> InlineKeyboardMarkup:
    """One button below the other."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"Choix {one}", callback_data=one)] for one in data])

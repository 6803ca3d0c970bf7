"""The real library at the sandbox, and the shapes tests need."""

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)

from tests.sandbox.side import Call, Client, base_of

TOKEN = "384000:demo-telegram-bot-token"
HOOK = "/webhooks/telegram"


def bot_at(client: Client, token: str = TOKEN) -> Bot:
    """The library, unmodified, at the sandbox."""
    base = f"{base_of(client)}/telegram"
    return Bot(token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot")


def update_of(call: Call) -> Update:
    """An update as the library reads it."""
    return Update.de_json(call.json, None)


def keys(*data: str) -> InlineKeyboardMarkup:
    """One button below the other."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"Choix {one}", callback_data=one)] for one in data])

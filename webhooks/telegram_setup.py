"""Tells Telegram where its updates go and which commands the menu of a chat offers; both may be told again at will."""

from typing import Final
from urllib.parse import urlsplit

import aiohttp
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.render.words import say
from bot.send.telegram import bot_of
from core.kit.log import get_log
from core.kit.say import t
from core.kit.settings import DEMO_SECRETS, Settings

ALLOWED: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""The updates that are read; Telegram keeps all others to itself."""

COMMANDS: Final = {
    "fr": {
        "menu": "menu",
        "chercher": "search",
        "payer": "pay",
        "recus": "receipts",
        "aide": "help",
        "langue": "language",
        "stop": "stop",
    },
    "en": {
        "menu": "menu",
        "search": "search",
        "pay": "pay",
        "receipts": "receipts",
        "help": "help",
        "language": "language",
        "stop": "stop",
    },
}
"""What is typed after the slash, and the line of the catalogue that tells what it does."""


async def set_commands(bot: Bot) -> None:
    """The menu in private chats: French for everybody, English for those whose app speaks it.

    Raises telegram.error.TelegramError.
    """
    scope = BotCommandScopeAllPrivateChats()
    for language, commands in COMMANDS.items():
        menu = [BotCommand(name, say(t(f"command.{what}"), language)) for name, what in commands.items()]
        await bot.set_my_commands(menu, scope=scope, language_code=None if language == "fr" else language)


class Menu:
    """Sets the menu of commands once for a worker; what a Telegram in trouble did not take is tried again."""

    def __init__(self, settings: Settings, bot: Bot) -> None:
        self._bot = bot
        self._wanted = has_bot(settings)

    async def run_once(self) -> int:
        """How many menus were set."""
        if not self._wanted:
            return 0
        try:
            await set_commands(self._bot)
        except TelegramError as error:
            get_log("worker").warning("telegram_menu_not_set", error=type(error).__name__)
            return 0
        self._wanted = False
        return len(COMMANDS)


def has_bot(settings: Settings) -> bool:
    """Whether the token is somebody's: the demo's own is known to the sandbox alone, on this machine."""
    demo = settings.telegram_token.get_secret_value() == DEMO_SECRETS["telegram_token"]
    return not demo or urlsplit(settings.telegram_url).hostname == "127.0.0.1"


async def set_webhook(bot: Bot, settings: Settings) -> str:
    """Updates go to the public address from now on, with the secret; returns it.

    Raises telegram.error.TelegramError.
    """
    url = f"{settings.public_url}/webhooks/telegram"
    await bot.set_webhook(url, secret_token=settings.telegram_secret.get_secret_value(), allowed_updates=ALLOWED)
    return url


async def set_up(settings: Settings) -> str:
    """Both, and the address. Raises telegram.error.TelegramError."""
    async with aiohttp.ClientSession(trust_env=False) as http:
        bot = bot_of(settings, http)
        await set_commands(bot)
        return await set_webhook(bot, settings)

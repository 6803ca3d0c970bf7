"""The renderer of each message channel."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.engine import Turn
from bot.place import Place
from bot.render import sms, telegram, whatsapp
from bot.render.bubble import Bubble

Render = Callable[[Turn, Place], tuple[Bubble, bool]]
"""One screen as one message, and whether options were kept for another page."""

RENDERERS: Final[Mapping[str, Render]] = {
    "sms": sms.render, "whatsapp": whatsapp.render, "telegram": telegram.render,
}  # fmt: skip

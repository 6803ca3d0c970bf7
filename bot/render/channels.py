"""The renderer of each message channel."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.engine import Turn
from bot.place import Place
from bot.render import sms
from bot.render.bubble import Bubble


def _sms(turn: Turn, place: Place) -> tuple[Bubble, bool]:
    worded, further = sms.render(turn, place)
    return Bubble(worded.text, segments=worded.segments), further


RENDERERS: Final[Mapping[str, Callable[[Turn, Place], tuple[Bubble, bool]]]] = {"sms": _sms}

"""Renders screens for Telegram: a text and what to tap under it, ten options at a time."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from bot.engine import Turn
from bot.place import Place
from bot.render.bubble import Bubble
from bot.render.choices import Way, Ways, on_page, turned_to, ways
from bot.render.rich import body, choice, dressed, fitting, hint, named, rich, size, titles, told
from bot.render.words import say
from bot.talk import Field, Menu, t

TEXT: Final = 4_096
CAPTION: Final = 1_024
"""The Bot API's limits on a message and on the words under a picture."""

ON_A_PAGE: Final = 10
"""Options under one message: more would push the question off the screen."""

BUTTON: Final = 36
"""Units of a button that a narrow telephone still shows."""


def render(turn: Turn, place: Place) -> tuple[Bubble, bool]:
    """A screen as one message, and whether options were kept for another."""
    words = rich(place)
    above, found = told(turn, words, button=True), ways(turn, place, words)
    limit = CAPTION if isinstance(turn.screen, Menu) and turn.screen.photo else TEXT
    if isinstance(turn.screen, Field) and turn.screen.asks:
        # A message has one keyboard: the one that shares leaves no room for the ways back.
        return _keyed(dressed(Bubble(body(above, (), hint(found.back), limit)), turn, place), place), False
    shown, further = turned_to(place, found.options, lambda left: _room(left, above, limit))
    place.unnumbered = True
    buttons = _buttons(found, shown, further=further)
    labels = titles(buttons, BUTTON)
    choices = tuple(choice(place, way, label) for way, label in zip(buttons, labels, strict=True))
    text = body(above, _lost(buttons, labels), "", limit)
    bubble = dressed(Bubble(text, choices, "buttons" if choices else "none"), turn, place)
    return _keyed(bubble, place), further


def _keyed(bubble: Bubble, place: Place) -> Bubble:
    """A keyboard that shares stays under everything that follows, until a message takes it away."""
    stands, place.keys = place.keys, bool(bubble.asks)
    return replace(bubble, noted=say(t("share.noted"), place.language)) if stands and not bubble.asks else bubble


def _buttons(found: Ways, shown: Sequence[Way], *, further: bool) -> list[Way]:
    following = [found.following] if further or found.more else []
    return [*map(named, on_page(shown)), *following, *map(named, found.links), *found.back]


def _room(left: Sequence[Way], above: Sequence[str], limit: int) -> int:
    """How many options go on a page: what is cut on the buttons must fit into the text, and mostly all would."""
    most = [named(way) for way in left[:ON_A_PAGE]]
    if size(body(above, most, "", 2 * limit)) <= limit:
        return len(most)

    def length(some: Sequence[Way]) -> int:
        return size(body(above, _lost(some, titles(some, BUTTON)), "", 2 * limit))

    return fitting(most, ON_A_PAGE, length, limit)


def _lost(buttons: Sequence[Way], labels: Sequence[str]) -> list[Way]:
    """What the buttons could not say in full."""
    return [
        way
        for way, label in zip(buttons, labels, strict=True)
        if not (label.startswith(way.label) and way.note in label)
    ]

"""Renders screens for WhatsApp: buttons up to three choices, a list up to ten, a paged list beyond."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.engine import Turn
from bot.place import Place
from bot.render.bubble import Bubble, Choice
from bot.render.choices import Way, Ways, on_page, turned_to, ways
from bot.render.rich import body, choice, cut, dressed, fitting, hint, named, rich, size, titles, told
from bot.render.words import say
from bot.talk import Confirm, Field, Menu, t

TEXT: Final = 4_096
"""Units of a message without choices (a caption has as many as a body)."""

BODY: Final = 1_024
"""Units of a message with buttons, a list, a picture or a request to share."""

BUTTONS: Final = 3
BUTTON: Final = 20
ROWS: Final = 10
ROW: Final = 24
NOTE: Final = 72
"""What Meta's interactive messages hold; Twilio's quick replies and list pickers hold the same."""

_MARKED: Final = re.compile(r"(?<![^\W_])([*_~])(?=\S)([^\n]*?\S)\1(?![^\W_])")
_ALIKE: Final = str.maketrans({"*": "∗", "_": "＿", "~": "∼"})
_BACKTICK: Final = ("`", "′")


def render(turn: Turn, place: Place) -> tuple[Bubble, bool]:
    """A screen as one message, and whether options were kept for another."""
    words = rich(place)
    above, found = [plain(part) for part in told(turn, words, button=False)], ways(turn, place, words)
    place.unnumbered = True
    buttons = _buttons(turn, found)
    if found.asked and buttons is None:
        bubble, further = _list(place, above, found)
    else:
        place.page, place.starts, further = 0, [], False
        bubble = _tapped(place, above, found, buttons) if found.asked and buttons else _words(turn, above, found)
    return dressed(bubble, turn, place), further


def plain(text: str) -> str:
    """What would be bold, italic, struck or typewritten loses its marks to look-alikes: there is no other way to say
    that they are part of a name. A dial string keeps its stars.
    """
    text = text.replace(*_BACKTICK)
    while (marked := _MARKED.sub(lambda found: found[0].translate(_ALIKE), text)) != text:
        text = marked
    return text


def _words(turn: Turn, above: Sequence[str], found: Ways) -> Bubble:
    """Something to read or to type."""
    screen = turn.screen
    more_than_words = (isinstance(screen, Field) and screen.asks) or (isinstance(screen, Menu) and screen.photo)
    return Bubble(body(above, (), hint(found.back), BODY if more_than_words else TEXT))


# --- buttons -----------------------------------------------------------------------------------------------


def _buttons(turn: Turn, found: Ways) -> list[Way] | None:
    """What the buttons choose, if buttons will do: yes and no always, a menu when all it says fits on them."""
    following = [found.following] if found.more else []
    chosen = [named(way) for way in (*found.options, *following, *found.links)]
    if len(chosen) > BUTTONS:
        return None
    whole = titles(chosen, BUTTON) == [way.whole for way in chosen]
    return chosen if whole or isinstance(turn.screen, Confirm) else None


def _tapped(place: Place, above: Sequence[str], found: Ways, chosen: Sequence[Way]) -> Bubble:
    """Buttons, the ways back among them as long as there is room."""
    back = found.back[: BUTTONS - len(chosen)]
    shown = [*chosen, *back]
    labels = titles(shown, BUTTON)
    lost = [way for way, label in zip(shown, labels, strict=True) if size(way.whole) > BUTTON]
    choices = tuple(choice(place, way, label) for way, label in zip(shown, labels, strict=True))
    return Bubble(body(above, _plainly(lost), hint(found.back[len(back) :]), BODY), choices, "buttons")


# --- lists -------------------------------------------------------------------------------------------------


def _list(place: Place, above: Sequence[str], found: Ways) -> tuple[Bubble, bool]:
    """A list, a page at a time; the ways back are rows of it as long as there is room."""
    shown, further = turned_to(place, found.options, lambda left: _room(left, above, found))
    following = [found.following] if further or found.more else []
    rows = [*map(named, on_page(shown)), *following, *map(named, found.links)]
    back = found.back[: ROWS - len(rows)]
    choices, lost = _rows(place, [*rows, *back])
    text = body(above, lost, hint(found.back[len(back) :]), BODY)
    opener = say(t("nav.choose"), place.language)
    return Bubble(text, choices, "list", opener), further


def _room(left: Sequence[Way], above: Sequence[str], found: Ways) -> int:
    """How many options go on a page: one row is kept for the next page, and what is cut must fit into the body."""
    free = ROWS - len(found.links)
    fit = len(left) if len(left) + found.more <= free else free - 1
    return fitting([*map(named, left[:fit])], fit, lambda some: _length(some, above, found), BODY)


def _length(some: Sequence[Way], above: Sequence[str], found: Ways) -> int:
    _, lost = _rows(Place(), some)
    return size(body(above, lost, hint(found.back), TEXT))


def _rows(place: Place, shown: Sequence[Way]) -> tuple[tuple[Choice, ...], list[Way]]:
    """Rows whose description has the note, or all that was too long for the title; and what neither could hold."""
    labels = titles([replace(way, note="") for way in shown], ROW)
    notes = [way.note if way.label in label else way.whole for way, label in zip(shown, labels, strict=True)]
    choices = zip(shown, labels, notes, strict=True)
    lost = [way for way, note in zip(shown, notes, strict=True) if size(note) > NOTE]
    return tuple(choice(place, way, label, cut(note, NOTE)) for way, label, note in choices), _plainly(lost)


def _plainly(lost: Sequence[Way]) -> list[Way]:
    return [replace(way, label=plain(way.label), note=plain(way.note)) for way in lost]

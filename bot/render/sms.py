"""Renders screens and notices for SMS: numbered lines, and one segment wherever a template promises it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.answer import option_number
from bot.engine import Turn
from bot.place import Place
from bot.render.gsm7 import fold_sms, segments
from bot.render.words import say, word
from bot.talk import Confirm, Menu, Notice, Text
from core.kit.say import t

ON_A_PAGE: Final = 8
"""Options in one message."""

_NAMES: Final = frozenset({"landlord", "name", "payer", "tenant", "title"})
"""Blanks that may be cut short; never an amount, a number, a code or what was said to somebody."""

_SHORTEST_NAME: Final = 6


@dataclass(frozen=True, slots=True)
class Worded:
    """A message as it goes out, and how many segments it is paid as."""

    text: str
    segments: int


def word_notice(template: str, blanks: Mapping[str, object], language: str) -> Worded:
    """A notice in words, kept to one segment where names are all that is too long: the longest shrinks first."""
    text = _notice(template, blanks, language)
    names = {key: str(value) for key, value in blanks.items() if key in _NAMES}
    while segments(text) > 1 and (longest := max(names, key=lambda key: len(names[key]), default="")):
        if len(names[longest]) <= _SHORTEST_NAME:
            break
        names[longest] = names[longest].rstrip(".")[:-1].rstrip(" .") + "."
        text = _notice(template, {**blanks, **names}, language)
    return Worded(text, segments(text))


def _notice(template: str, blanks: Mapping[str, object], language: str) -> str:
    return fold_sms(say(Text(f"notice.{template}", blanks), language))


def render(turn: Turn, place: Place) -> tuple[Worded, bool]:
    """A screen as one message, and whether options were kept for another."""
    lines, further = _lines(turn, place)
    text = fold_sms("\n".join(lines))
    return Worded(text, segments(text)), further


def _lines(turn: Turn, place: Place) -> tuple[list[str], bool]:
    screen, language = turn.screen, place.language
    title = screen.text if isinstance(screen, Notice) else screen.title
    head = [say(label, language) for label in (turn.remark, title) if label is not None]
    if isinstance(screen, Menu):
        return _menu(head, screen, place)
    if isinstance(screen, Confirm):
        choices = [f"1 {say(screen.yes, language)}", f"2 {say(screen.no, language)}"]
        return [*head, *choices], False
    return head, False


def _menu(head: list[str], menu: Menu[object], place: Place) -> tuple[list[str], bool]:
    language = place.language
    start = place.page * ON_A_PAGE
    further = len(menu.options) > start + ON_A_PAGE
    lines = [
        f"{option_number(menu.first + index)} {say(option.label, language)} {word(option.note, language)}".rstrip()
        for index, option in enumerate(menu.options)
        if start <= index < start + ON_A_PAGE
    ]
    lines += [f"{key} {say(link.label, language)}" for key, link in zip((8, 7), menu.links, strict=False)]
    if further or menu.more is not None:
        lines.append(f"9 {say(t('nav.next'), language)}")
    return [*head, *lines], further

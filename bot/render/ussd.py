"""Renders screens for USSD: numbered lines within the septets of the gateway, a few options a page."""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any, Final

import msgspec

from bot.answer import BACK, HOME, NEXT, option_number
from bot.engine import Turn
from bot.place import Place
from bot.render.choices import in_order, turned_to
from bot.render.gsm7 import cut, fold_ascii, fold_sms, septets
from bot.render.words import say, word
from bot.talk import Confirm, Label, Menu, Notice, Option, Text

ON_A_PAGE: Final = 6
"""Options on one screen, however short they are."""


_SHORTEST: Final = 8
"""Letters of a label that are worth showing before it is cut."""


class Limits(msgspec.Struct, frozen=True):
    """What a gateway and its handsets can show: septets a screen, and whether accents survive."""

    septets: int = 160
    accents: bool = False


class Screen(msgspec.Struct, frozen=True):
    """A rendered screen; ``further`` is True when options were kept for another page."""

    text: str
    keep_open: bool
    further: bool = False


def render(turn: Turn, place: Place, limits: Limits) -> Screen:
    """The screen in the language of the place, on the page the person is on."""
    page = _Page(place, limits)
    title = turn.screen.text if isinstance(turn.screen, Notice) else turn.screen.title
    head = [page.words(title)]
    if turn.remark is not None:
        head.insert(0, page.words(turn.remark))
    if isinstance(turn.screen, Notice):
        return Screen(page.fitted(head, []), keep_open=False)
    if isinstance(turn.screen, Confirm):
        choices = [f"1 {page.words(turn.screen.yes)}", f"2 {page.words(turn.screen.no)}"]
        return Screen(page.fitted(head, [*choices, *page.ways_back(choices)]), keep_open=True)
    if isinstance(turn.screen, Menu):
        return page.menu(head, turn.screen)
    return Screen(page.fitted(head, page.ways_back([])), keep_open=True)


class _Page:
    """Lays out one screen."""

    def __init__(self, place: Place, limits: Limits) -> None:
        self.place = place
        self.limits = limits
        self.fold = fold_sms if limits.accents else fold_ascii
        self.fixed = _fixed(place.language, limits.accents)
        self.at_home = len(place.frames) <= 1 and not (place.top and place.top.back)

    def words(self, label: Label) -> str:
        if isinstance(label, Text) and not label.blanks:
            return self.fixed[label.key]
        return self.fold(say(label, self.place.language))

    def room(self, lines: list[str]) -> int:
        """Septets left after these lines, a line feed behind each."""
        return self.limits.septets - sum(map(_cost, lines))

    def ways_back(self, lines: list[str]) -> list[str]:
        """Say "0 Retour" whenever there is somewhere to go back to; "00 Accueil" is said when there is room."""
        if self.at_home:
            return []
        back = [f"0 {self.words(BACK)}"]
        return back if lines else [*back, f"00 {self.words(HOME)}"]

    def fitted(self, head: list[str], tail: list[str]) -> str:
        """Head and tail on one screen: the head gives way, the remark before the question, never the choices."""
        room = self.room(tail)
        if len(head) > 1 and _size(head) > room:
            head = [cut(head[0], max(_SHORTEST, room - _size(head[1:]) - 1)), *head[1:]]
        if _size(head) > room and tail and tail[-1].startswith("00 "):
            return self.fitted(head, tail[:-1])
        if _size(head) > room:
            head = [cut("\n".join(head), room)]
        return "\n".join([*head, *tail])

    def menu(self, head: list[str], menu: Menu[Any]) -> Screen:
        links = [f"{key} {self.words(link.label)}" for key, link in in_order(menu.links)]
        foot = [*links, *self.ways_back(["menu"])]
        if menu.more is None and len(menu.options) <= ON_A_PAGE:
            lines = [self.line(option_number(menu.first + index), option) for index, option in enumerate(menu.options)]
            whole = "\n".join([*head, *lines, *foot])
            if (septets(whole) or 0) <= self.limits.septets:
                self.place.page, self.place.starts = 0, []
                return Screen(whole, keep_open=True)
        laid: dict[int, str] = {}
        indices = range(len(menu.options))
        page, further = turned_to(self.place, indices, lambda left: self.fitting(left, head, menu, foot, laid))
        shown = [laid[index] for index in page]
        following = [f"9 {self.words(NEXT)}"] if further or menu.more is not None else []
        return Screen(self.fitted(head, [*shown, *following, *foot]), keep_open=True, further=further)

    def fitting(
        self, left: Sequence[int], head: list[str], menu: Menu[Any], foot: list[str], laid: dict[int, str]
    ) -> int:
        """How many of the options that are left go on one page, at most six; their lines are put among ``laid``."""
        free = self.room([*head, *foot]) + 1
        before_next = free - _cost(f"9 {self.words(NEXT)}")
        last, used = len(menu.options) - 1, 0
        for count, index in enumerate(left):
            laid[index] = self.line(option_number(menu.first + index), menu.options[index], before_next - 1)
            used += _cost(laid[index])
            limit = free if index == last and menu.more is None else before_next
            if count == ON_A_PAGE or (count and used > limit):
                return count
        return len(left)

    def line(self, number: int, option: Option[Any], room: int | None = None) -> str:
        """One numbered line; a label that is too long for the room gives way to its note."""
        note = "" if option.note is None else f" {self.fold(word(option.note, self.place.language))}"
        label = self.words(option.label)
        line = f"{number} {label}{note}"
        if room is None or _cost(line) <= room + 1:
            return line
        return f"{number} {cut(label, max(_SHORTEST, room - len(str(number)) - 1 - (septets(note) or 0)))}{note}"


class _Fixed(dict[str, str]):
    """The lines of the catalogue that are always the same, by key, folded when they are first needed."""

    def __init__(self, language: str, fold: Callable[[str], str]) -> None:
        super().__init__()
        self._language = language
        self._fold = fold

    def __missing__(self, key: str) -> str:
        line = self[key] = self._fold(say(Text(key), self._language))
        return line


@cache
def _fixed(language: str, accents: bool) -> _Fixed:
    return _Fixed(language, fold_sms if accents else fold_ascii)


@lru_cache(maxsize=4096)
def _cost(line: str) -> int:
    """Septets of a line and of the line feed behind it."""
    return (septets(line) or 0) + 1


def _size(lines: list[str]) -> int:
    """Septets of lines with a line feed between them."""
    return sum(map(_cost, lines)) - 1

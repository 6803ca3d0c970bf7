"""What can be chosen on a turn, whichever message channel shows it: options, links, the next page, the ways back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TypeVar

from bot.answer import BACK, HOME, LINK_KEYS, NEXT, NEXT_KEY, option_number
from bot.engine import Turn
from bot.place import Place
from bot.talk import Confirm, Link, Menu, Notice, Screen

V = TypeVar("V")

Words = Callable[[object], str]
"""Says a label or a note in the words of one channel and language."""


@dataclass(frozen=True, slots=True)
class Way:
    """One thing to choose: what one would type for it, what it is called, and a short second part (a price).

    ``says`` is what it says by itself, on a screen that is past; ``place`` counts it on its page, where no numbers are
    shown.
    """

    answer: str
    label: str
    note: str = ""
    says: str = ""
    place: str = ""

    @property
    def number(self) -> str:
        """What stands before it where it must be told from others: its place on the page, else what one would type."""
        return self.place or self.answer

    @property
    def whole(self) -> str:
        """All that is said about it."""
        return f"{self.label} · {self.note}" if self.note else self.label


@dataclass(frozen=True, slots=True)
class Ways:
    """Everything that can be chosen on a screen. ``options`` are all of them, also those of other pages;
    ``more`` says that there is another page behind the last.
    """

    options: tuple[Way, ...]
    links: tuple[Way, ...]
    more: bool
    following: Way
    back: tuple[Way, ...]

    @property
    def asked(self) -> bool:
        """Something is to be chosen (not typed, not only read)."""
        return bool(self.options or self.links or self.more)


def ways(turn: Turn, place: Place, words: Words) -> Ways:
    """What can be chosen on a turn, in words."""
    screen = turn.screen
    menu = screen if isinstance(screen, Menu) else Menu("")
    back = () if isinstance(screen, Notice) else _back(place, words)
    links = tuple(Way(str(key), words(link.label)) for key, link in zip(LINK_KEYS, menu.links, strict=False))
    following = Way(str(NEXT_KEY), words(NEXT))
    return Ways(_options(screen, words), links, menu.more is not None, following, back)


def _options(screen: Screen, words: Words) -> tuple[Way, ...]:
    if isinstance(screen, Confirm):
        return Way("1", words(screen.yes)), Way("2", words(screen.no))
    if not isinstance(screen, Menu):
        return ()
    numbered = enumerate(screen.options, screen.first)
    return tuple(
        Way(str(option_number(index)), words(option.label), words(option.note), option.says)
        for index, option in numbered
    )


def _back(place: Place, words: Words) -> tuple[Way, ...]:
    """Back wherever there is somewhere to go back to; home too, unless that is where back leads."""
    below, began = len(place.frames) > 1, not (place.top and place.top.back)
    if began and not below:
        return ()
    back = Way("0", words(BACK))
    leads_home = place.resuming or (began and len(place.frames) == 2)
    return (back,) if leads_home else (back, Way("00", words(HOME)))


def in_order(links: Sequence[Link]) -> list[tuple[int, Link]]:
    """Links with their numbers, the smaller number first."""
    return sorted(zip(LINK_KEYS, links, strict=False), key=itemgetter(0))


def head(turn: Turn, words: Words) -> list[str]:
    """The remark, if there is one, and the question."""
    title = turn.screen.text if isinstance(turn.screen, Notice) else turn.screen.title
    return [words(label) for label in (turn.remark, title) if label is not None]


def turned_to(place: Place, options: Sequence[V], room: Callable[[Sequence[V]], int]) -> tuple[Sequence[V], bool]:
    """The options of the page a person is on, and whether there are others behind it.

    Each page takes as many of those that are left as ``room`` says, at least one; it begins where it began before, the
    next one behind what was shown. A page behind the last is the last, and the place is told so.
    """
    starts = [start for start in place.starts[: place.page + 1] if start < len(options)] or [0]
    while True:
        end = starts[-1] + max(1, room(options[starts[-1] :]))
        if len(starts) > place.page or end >= len(options):
            break
        starts.append(end)
    further = end < len(options)
    place.page = len(starts) - 1
    place.starts = [*starts, end] if further else starts if place.page else []
    return options[starts[-1] : end], further


def on_page(ways: Sequence[Way]) -> list[Way]:
    """The same, counted from one on: what they are called by where no numbers are shown."""
    return [replace(way, place=str(place)) for place, way in enumerate(ways, 1)]

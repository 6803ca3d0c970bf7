"""Reads an answer to a screen: the number, the label, yes or no, or what was typed."""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from rapidfuzz.distance import OSA

from bot.place import Place
from bot.talk import Confirm, Field, Menu, Option, Secret, Text
from core.kit.errors import Unclear
from core.kit.speaker import Language
from core.kit.text import fold

NEXT_KEY: Final = 9
LINK_KEYS: Final = (8, 7)
_IN_ORDER: Final = 6
"""Options one to six are numbered so; 7, 8 and 9 are links and "Suite"; the seventh option is number 10."""

_YES: Final = frozenset({"1", "oui", "o", "ok", "yes", "y", "wi"})
_NO: Final = frozenset({"2", "non", "n", "no"})
_TELLING: Final = 3
"""Letters of a label that are enough to mean it."""

NEXT: Final = Text("nav.next")
BACK: Final = Text("nav.back")
HOME: Final = Text("nav.home")
"""What stands beside 9, 0 and 00."""

_WAYS_BACK: Final = {"0": BACK, "00": HOME}
_AROUND: Final = " .:()"
"""What people put around a number: "1.", "(2)"."""

_ONE_SLIP, _TWO_SLIPS = 4, 9
"""Letters from which one slip of the thumb, or two, are overlooked."""

Words = Callable[[object], Collection[str]]
"""Every way in which a label or its note is written on some screen."""

Say = Callable[[object, str], Collection[str]]
"""The same in a language."""


class Lost(Exception):
    """The stored place no longer makes sense: begin again, with an apology."""


@dataclass(frozen=True, slots=True)
class Via:
    """A link was chosen."""

    to: str


def option_number(index: int) -> int:
    """The number that chooses the option at an index, running on through pages: 1-6, then 10, 11, …"""
    return index + 1 if index < _IN_ORDER else index + 4


def option_index(number: int) -> int:
    """The index a number chooses; negative for none."""
    return number - 1 if number <= _IN_ORDER else (number - 4 if number > NEXT_KEY else -1)


def bare(said: str) -> str:
    """A number without what stands around it; anything else as it was said."""
    number = said.strip(_AROUND)
    return number if number.isascii() and number.isdigit() else said


def read_back(said: str, say: Say) -> str | None:
    """What one would type for a way back whose name was typed, in any language: nobody is called so."""
    heard = fold(said)
    for way, label in _WAYS_BACK.items():
        if any(heard in map(fold, say(label, language)) for language in get_args(Language)):
            return way
    return None


def read_menu(place: Place, said: str) -> int | Via | Literal["next"] | None:
    """What a number means on the menu as it was shown: the index of what was offered, a link, the next page."""
    if not (said.isascii() and said.isdigit()):
        return None
    number = int(said[:9])
    if number == NEXT_KEY and (place.further or place.more):
        return "next" if place.further else len(place.offered) - 1
    if number in LINK_KEYS and LINK_KEYS.index(number) < len(place.links):
        return Via(place.links[LINK_KEYS.index(number)])
    index = option_index(number) - place.first
    return index if 0 <= index < len(place.offered) - place.more else None


def read_label(menu: Any, said: str, words: Words) -> Option[Any] | None:
    """The option whose label was typed, with its note or without; or whatever else may be typed there."""
    if not isinstance(menu, Menu):
        return None
    found = _labelled([_written(option, words) for option in menu.options], said)
    if found is not None:
        return menu.options[found]
    with suppress(Unclear):
        return Option(menu.typed(said), "") if menu.typed else None
    return None


def read_way(place: Place, menu: Any, said: str, words: Words) -> str | None:
    """What one would type for a way on that was named instead: a link, the next page, back."""
    links = (
        zip(map(str, LINK_KEYS), (link.label for link in menu.links), strict=False) if isinstance(menu, Menu) else ()
    )
    following = {str(NEXT_KEY): NEXT} if place.further or place.more else {}
    ways = {**dict(links), **following, **_WAYS_BACK}
    found = _labelled(map(words, ways.values()), said)
    return None if found is None else [*ways][found]


def _written(option: Option[Any], words: Words) -> list[str]:
    """An option as people may copy it: its label, and its label with the note beside it."""
    labels = words(option.label)
    if option.note is None:
        return [*labels]
    return [*labels, *(f"{label} {note}" for label, note in zip(labels, words(option.note), strict=True))]


def read_button(asked: Any, said: str, words: Words) -> bool | None:
    """Yes or no, in words for it or by what is written on the buttons of what is to be confirmed."""
    yes, confirm = read_yes_no(said), asked.instead if isinstance(asked, Secret) else asked
    if yes is not None or not isinstance(confirm, Confirm):
        return yes
    found = _labelled([words(confirm.yes), words(confirm.no)], said)
    return None if found is None else found == 0


def _labelled(labels: Iterable[Iterable[str]], said: str) -> int | None:
    """Which one of these was typed, each in some wordings: whole, or its start, in any case and without accents; then
    with slips in it.
    """
    heard, folded = fold(said), [[fold(label) for label in wordings] for wordings in labels]
    if not heard or heard.isdigit():
        return None

    def those(alike: Callable[[str], bool]) -> list[int]:
        return [number for number, wordings in enumerate(folded) if any(map(alike, wordings))]

    whole = those(lambda label: label == heard)
    begun = those(lambda label: len(heard) >= _TELLING and label.startswith(heard))
    fits = whole or begun or those(lambda label: _nearly(label, heard))
    return fits[0] if len(fits) == 1 else None


def _nearly(label: str, heard: str) -> bool:
    """Whether that is the label, or as many of its first words, but for slips of the thumb; never in a number."""
    if any(map(str.isdigit, heard)):
        return False
    begun = " ".join(label.split()[: len(heard.split())])
    slips = (len(heard) >= _ONE_SLIP) + (len(heard) >= _TWO_SLIPS)
    return slips > 0 and OSA.distance(begun, heard, score_cutoff=slips) <= slips


def read_yes_no(said: str) -> bool | None:
    """Yes, no, or neither."""
    heard = fold(said)
    return heard in _YES if heard in _YES | _NO else None


def read_typed(screen: Any, said: str) -> object:
    """The value of something typed. Raises Unclear; Lost when the step no longer asks for anything typed."""
    if isinstance(screen, Secret):
        if len(said) != screen.digits or not (said.isascii() and said.isdigit()):
            raise Unclear("secret.shape", digits=screen.digits)
        return said
    if isinstance(screen, Field):
        return screen.read(said)
    raise Lost


def asked_to_share(screen: Any) -> Callable[[Any], object] | None:
    """What reads something shared instead of typed or chosen; None where nothing of the kind is asked for."""
    return screen.shared if isinstance(screen, Field | Menu) else None

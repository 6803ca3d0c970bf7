"""Reads an answer to a screen: the number, the label, yes or no, or what was typed."""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from rapidfuzz.distance import OSA

from bot.numbers import is_last, numbered
from bot.place import Place
from bot.talk import Confirm, Field, Menu, Option, Secret, Text
from core.kit.errors import Unclear
from core.kit.speaker import Language
from core.kit.text import fold

NEXT_KEY: Final = 9
LINK_KEYS: Final = (8, 7)
_IN_ORDER: Final = 6
"""Options one to six are numbered so; 7, 8 and 9 are links and "Suite"; the seventh option is number 10."""

_YES: Final = frozenset(
    {
        "1",
        "oui",
        "o",
        "ok",
        "okay",
        "yes",
        "yep",
        "y",
        "wi",
        "ouais",
        "d accord",
        "bien sur",
        "bien sur que oui",
        "sure",
        "je confirme",
        "oui je confirme",
        "ok je confirme",
        "confirme",
        "confirmer",
        "oui confirmer",
        "i confirm",
        "yes i confirm",
        "confirm",
    }
)
_NO: Final = frozenset({"2", "non", "n", "no", "nope", "nan", "pas du tout", "not at all"})
_POLITE: Final = frozenset("merci svp stp please thanks monsieur madame".split())
_TELLING: Final = 3
"""Letters of a label that are enough to mean it."""

NEXT: Final = Text("nav.next")
BACK: Final = Text("nav.back")
HOME: Final = Text("nav.home")
"""What stands beside 9, 0 and 00."""

_WAYS_BACK: Final = {"0": BACK, "00": HOME}
_BACKWARD: Final = frozenset(
    {"precedent", "en arriere", "revenir", "retourner", "revenir en arriere", "previous", "go back", "return"}
)
_FORWARD: Final = frozenset(
    {"la suite", "suivant", "suivante", "suivants", "plus", "voir plus", "encore", "page suivante", "next", "more"}
)
_AWAY: Final = frozenset(
    {
        "annuler", "annule", "annulez", "j annule", "je veux annuler", "cancel", "quitter", "quit", "exit", "sortir",
        "terminer", "abandonner", "j abandonne", "laisse tomber", "laissez tomber", "plus tard", "pas maintenant",
        "une autre fois", "later", "not now",
    }
)  # fmt: skip
"""Ways by other names. Away is home while something is done; said out of the blue it has a meaning of its own."""

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


def read_back(place: Place, said: str, say: Say) -> str | None:
    """What one would type for a way back whose name was typed, in any language: nobody is called so."""
    heard = fold(said)
    if heard in _BACKWARD:
        return "0"
    if (place.kind in {"field", "secret"} or place.resuming) and is_away(place, said):
        return "00"
    for way, label in _WAYS_BACK.items():
        if any(heard in map(fold, say(label, language)) for language in get_args(Language)):
            return way
    return None


def is_away(place: Place, said: str) -> bool:
    """Whether what is being done shall be left; a button or an option that is called so comes first."""
    return len(place.frames) > 1 and fold(said) in _AWAY


def read_menu(place: Place, said: str) -> int | Via | Literal["next"] | None:
    """What a number means on the menu as it was shown: the index of what was offered, a link, the next page.

    Where no numbers were shown, options are counted from the top of the page.
    """
    if not (said.isascii() and said.isdigit()):
        return None
    number, page = int(said[:9]), on_page(place)
    if place.unnumbered and 0 < number <= len(page):
        return page[number - 1]
    if number == NEXT_KEY and (place.further or place.more):
        return "next" if place.further else len(place.offered) - 1
    if number in LINK_KEYS and LINK_KEYS.index(number) < len(place.links):
        return Via(place.links[LINK_KEYS.index(number)])
    if place.unnumbered:
        return None
    index = option_index(number) - place.first
    return index if 0 <= index < len(place.offered) - place.more else None


def on_page(place: Place) -> range:
    """The indices of what was offered and stood on the page a person saw."""
    begun, ended = place.starts[place.page : place.page + 1], place.starts[place.page + 1 : place.page + 2]
    return range(*(begun or [0]), *(ended or [len(place.offered) - place.more]))


def read_named(place: Place, menu: Any, said: str, words: Words) -> Option[Any] | str | None:
    """What words mean on a menu: an option by its label; what one would type for what they name; whatever else may be
    typed there; an option by words out of its label.
    """
    if not isinstance(menu, Menu):
        return None
    named = read_label(menu, said, words) or read_way(place, menu, said, words)
    return named or _read_typed(menu, said) or _read_inside(menu, said, words)


def read_label(menu: Menu[Any], said: str, words: Words) -> Option[Any] | None:
    """The option whose label was typed, with its note or without; or the one that agrees, or does not."""
    found = _labelled([_written(option, words) for option in menu.options], said)
    if found is None and menu.agrees and (yes := read_yes_no(said)) is not None:
        found = 0 if yes else 1
    return None if found is None else menu.options[found]


def _read_inside(menu: Menu[Any], said: str, words: Words) -> Option[Any] | None:
    """The one option that has these among the words of its label; never a number, nor a word as short as "pas"."""
    heard = fold(said)
    if len(heard) <= _TELLING or any(map(str.isdigit, heard)):
        return None
    fits = [one for one in menu.options if any(f" {heard} " in f" {fold(label)} " for label in words(one.label))]
    return fits[0] if len(fits) == 1 else None


def _read_typed(menu: Menu[Any], said: str) -> Option[Any] | None:
    with suppress(Unclear):
        return Option(menu.typed(said), "") if menu.typed else None
    return None


def read_way(place: Place, menu: Menu[Any], said: str, words: Words) -> str | None:
    """What one would type, were everything numbered, for what was named instead: a link, the next page, back, the
    number of an option.
    """
    links = zip(map(str, LINK_KEYS), (link.label for link in menu.links), strict=False)
    following = {str(NEXT_KEY): NEXT} if place.further or place.more else {}
    ways = {**dict(links), **following, **_WAYS_BACK}
    found = _labelled(map(words, ways.values()), said)
    if found is not None:
        return [*ways][found]
    if following and fold(said) in _FORWARD:
        return str(NEXT_KEY)
    return _last(place) if is_last(said) else _counted(place, said)


def _last(place: Place) -> str | None:
    """What one would type for the last option of the page, if there is any."""
    page = on_page(place)
    return str(option_number(place.first + page[-1])) if page else None


def _counted(place: Place, said: str) -> str | None:
    """What one would type for the number that was written in words or beside some."""
    number = numbered(said)
    meant = read_menu(place, number) if number and number != said else None
    if isinstance(meant, int) and meant in on_page(place):
        return str(option_number(place.first + meant))
    return None if meant is None else number


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
    """Yes, no, or neither; said politely, or by its number."""
    told = dict.fromkeys(word for word in fold(said).split() if word not in _POLITE)
    heard = " ".join(told)
    if heard not in _YES | _NO:
        heard = numbered(said) or ""
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

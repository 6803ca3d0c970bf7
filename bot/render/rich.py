"""What WhatsApp and Telegram have in common: whole words in paragraphs, choices to tap, nothing lost by being cut."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace as renamed
from itertools import count
from typing import Final

from msgspec.structs import replace

from bot.engine import Turn
from bot.place import Place
from bot.render.bubble import Bubble, Choice, Pin
from bot.render.choices import Way, Words, head
from bot.render.words import say, word
from bot.talk import Confirm, Field, Menu, t

_JOINER: Final = "\u200d"
_MODIFIERS: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_FLAGS: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
_BREAKS: Final = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")
_FAR: Final = re.compile(r"[\U00010000-\U0010ffff]")

_SHORTEST: Final = 8
"""Letters of a label that are worth showing beside its note."""

_PIN_NAME: Final = 60

ID_BYTES: Final = 64
"""What a button may bring back: Telegram's limit, the least of all."""

_GAP: Final = 2
"""Units between two paragraphs."""


def rich(place: Place) -> Words:
    """Words with amounts and months in full."""
    return lambda value: word(value, place.language, "rich")


def tapped(turn: Turn) -> Turn:
    """The same where choices bear no numbers: nobody is told to type one, nor to tap where there is nothing to tap."""
    if turn.remark is None or turn.remark.key not in {"answer.unknown", "answer.help"}:
        return turn
    screen = turn.screen
    offers = isinstance(screen, Menu) and (screen.options or screen.links or screen.more is not None)
    return Turn(screen, t("answer.tap" if offers or isinstance(screen, Confirm) else "answer.unread"))


def told(turn: Turn, words: Words, *, button: bool) -> list[str]:
    """The remark, the question, and that a location will do: there is no button for that in a menu, and under
    something to type only where ``button`` says so.
    """
    screen = turn.screen
    asks = screen.asks if isinstance(screen, Menu) or (isinstance(screen, Field) and not button) else ""
    return [*head(tapped(turn), words), *([words(t("share.or_location"))] if asks == "location" else [])]


# --- lengths -----------------------------------------------------------------------------------------------


def size(text: str) -> int:
    """Length in UTF-16 units: what Telegram counts, and never less than what anybody else counts."""
    return len(text) if text.isascii() else len(text) + len(_FAR.findall(text))


def cut(text: str, room: int) -> str:
    """At most so many units, cut with an ellipsis: between words where that loses little, never inside an emoji
    or between a letter and its marks.
    """
    if size(text) <= room:
        return text
    if room < 1:
        return ""
    end = min(len(text), room - 1)
    while end and (size(text[:end]) >= room or _joined(text, end)):
        end -= 1
    kept = text[:end]
    space = kept.rfind(" ")
    if not text[end].isspace() and space * 3 > room * 2:
        kept = kept[:space]
    return f"{kept.rstrip(' ,;:·(-')}…"


def _joined(text: str, at: int) -> bool:
    """Whether what stands before and behind belongs together."""
    before, behind = text[at - 1], text[at]
    if behind == _JOINER or behind in _MODIFIERS or unicodedata.category(behind)[0] == "M":
        return True
    return before == _JOINER or (before in _FLAGS and behind in _FLAGS)


# --- titles ------------------------------------------------------------------------------------------------


def named(way: Way) -> Way:
    """The same on one line; whatever has no visible name is called by its number."""
    label = _on_one_line(way.label)
    seen = any(letter.isprintable() and letter != " " for letter in label)
    return renamed(way, label=label if seen else way.number, note=_on_one_line(way.note))


def _on_one_line(text: str) -> str:
    return (text if text.isprintable() and "  " not in text else _BREAKS.sub(" ", text)).strip()


def titles(ways: Sequence[Way], room: int) -> list[str]:
    """Labels with their notes in so many units each, never the same twice: the second one gets its number."""
    found: dict[str, str] = {}
    for way in ways:
        title = _title(way, room)
        if title.casefold() in found:
            title = next(title for title in _numbered(way, room) if title.casefold() not in found)
        found[title.casefold()] = title
    return [*found.values()]


def _numbered(way: Way, room: int) -> Iterator[str]:
    for time in count(1):
        tail = f" ({way.number})" if time == 1 else f" ({way.number}/{time})"
        yield _title(way, room - size(tail)) + tail


def _title(way: Way, room: int) -> str:
    """A label that is too long gives way to its note."""
    note = f" · {way.note}" if way.note else ""
    beside = room - size(note)
    return cut(way.label, beside) + note if beside >= _SHORTEST else cut(way.whole, room)


# --- bubbles -----------------------------------------------------------------------------------------------


def choice(place: Place, way: Way, title: str, note: str = "") -> Choice:
    """What comes back with a tap is what one would type on this very screen; behind it, where it has any, the words
    that it says by itself.
    """
    now = f"{place.turn}:{way.answer}"
    lasting = f"{now}:{way.says}"
    return Choice(lasting if way.says and len(lasting.encode()) <= ID_BYTES else now, title, note)


def hint(back: Sequence[Way]) -> str:
    """The ways back that are not offered for tapping, in words."""
    return " · ".join(f"{way.answer} {way.label}" for way in back)


def body(head: Sequence[str], cut_short: Sequence[Way], tail: str, limit: int) -> str:
    """The remark and the question, what had to be cut in the choices, the hint: a paragraph each, within a limit.

    The hint is never cut, the question only when it takes more than half.
    """
    above = "\n\n".join(head).strip()
    whole = "\n".join(f"{way.number} {way.whole}" for way in cut_short)
    room = limit - _paragraph(tail)
    whole = cut(whole, room - _GAP - min(size(above), limit // 2))
    return "\n\n".join(filter(None, (cut(above, room - _paragraph(whole)), whole, tail))) or "…"


def _paragraph(text: str) -> int:
    """Units of a paragraph and of the gap before it."""
    return size(text) + _GAP if text else 0


def fitting(left: Sequence[Way], most: int, length: Callable[[Sequence[Way]], int], limit: int) -> int:
    """How many of the options, at most so many, leave a body within the limit."""
    fit = min(most, len(left))
    while fit > 1 and length(left[:fit]) > limit:
        fit -= 1
    return fit


def dressed(bubble: Bubble, turn: Turn, place: Place) -> Bubble:
    """A bubble with what its screen shows or asks beside words: a picture and a point, unless it was shown a moment ago
    and there is only a remark to make; something to share.
    """
    screen = turn.screen
    if isinstance(screen, Menu) and (screen.photo or screen.spot) and turn.remark is None:
        return replace(bubble, photo=screen.photo, pin=_pin(screen, place))
    if isinstance(screen, Field) and screen.asks:
        return replace(bubble, asks=screen.asks, share=say(t(f"share.{screen.asks}"), place.language))
    return bubble


def _pin(menu: Menu[object], place: Place) -> Pin | None:
    if menu.spot is None:
        return None
    first = rich(place)(menu.title).partition("\n")[0]
    return Pin(*menu.spot, cut(first, _PIN_NAME))

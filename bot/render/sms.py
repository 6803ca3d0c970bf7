"""Renders screens and notices for SMS: numbered lines, and one segment wherever a template promises it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.engine import Turn
from bot.place import Place
from bot.render.bubble import Bubble
from bot.render.choices import Way, Ways, head, turned_to, ways
from bot.render.gsm7 import PART, SINGLE, cut, fold_sms, segments, septets
from bot.render.words import say, word
from bot.talk import Confirm, Text, t

ON_A_PAGE: Final = 8
"""Options in one message."""

LEAST: Final = 4
"""Fewer options than this are not worth a page of their own, unless the message would be too long otherwise."""

MOST_SEGMENTS: Final = 3

LABELS: Final = (SINGLE, 30, 24, 20)
"""Septets of a label: whole, and how far it may be cut to save a segment."""

_NAMES: Final = frozenset({"landlord", "name", "payer", "tenant", "title"})
"""Blanks that may be cut short; never an amount, a number, a code or what was said to somebody."""

_SHORTEST_NAME: Final = 6


# --- notices -----------------------------------------------------------------------------------------------


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


# --- screens -----------------------------------------------------------------------------------------------


def render(turn: Turn, place: Place) -> tuple[Bubble, bool]:
    """A screen as one message of at most three segments, and whether options were kept for another."""
    language = place.language

    def words(value: object) -> str:
        return fold_sms(word(value, language))

    found, told = ways(turn, place, words), "\n".join(head(turn, words))
    screen = _Screen(told, found)
    whole = isinstance(turn.screen, Confirm)
    options, further = turned_to(place, found.options, len if whole else screen.room)
    text = screen.text(options, further=further)
    paid = segments(text)
    for tail in _tails(options, found, language):
        if segments(f"{text}\n{tail}") == paid:
            text = f"{text}\n{tail}"
            break
    return Bubble(text, segments=paid), further


class _Line(NamedTuple):
    """One numbered line, and its septets with the line break before it."""

    text: str
    size: int


class _Screen:
    """Lays out one message. Its parts are measured once, for they are put together in many ways."""

    __slots__ = ("_found", "_laid", "_size", "_told")

    def __init__(self, told: str, found: Ways) -> None:
        self._told, self._found = told, found
        self._size = septets(told) or 0
        self._laid: dict[str, Sequence[_Line]] = {}

    def room(self, left: Sequence[Way]) -> int:
        """How many of the options that are left go into one message: as few segments as that takes."""
        best, least = 0, MOST_SEGMENTS * PART
        for count in range(min(len(left), ON_A_PAGE), 0, -1):
            price = self._price(left, count)
            if price < least:
                best, least = count, price
            if least == 1:
                break
        return best

    def _price(self, left: Sequence[Way], count: int) -> int:
        paid, _ = self._fitted(left[:count], further=count < len(left))
        return paid if count >= min(LEAST, len(left)) else max(paid, MOST_SEGMENTS)

    def text(self, options: Sequence[Way], *, further: bool) -> str:
        """The message with these options; what was told is cut last of all."""
        paid, lines = self._fitted(options, further=further)
        if paid <= MOST_SEGMENTS:
            return self._joined(self._told, lines)
        # A pair that may not be split can leave the last septet of a segment empty.
        return self._joined(cut(self._told, MOST_SEGMENTS * (PART - 1) - sum(line.size for line in lines)), lines)

    def _fitted(self, options: Sequence[Way], *, further: bool) -> tuple[int, Sequence[_Line]]:
        """What the message costs, and its lines: labels are cut where that saves a segment."""
        found = self._found
        following = (found.following,) if further or found.more else ()
        fixed = [_line(way, cut(way.label, SINGLE)) for way in (*_by_number(found.links), *following)]
        ways = [*map(self._cut, options), *([line] * len(LABELS) for line in fixed)]
        whole, *others = zip(*ways, strict=True) if ways else [()]
        best, least = whole, self._paid(whole)
        for lines in others:
            if least == 1:
                break
            if lines != best and (paid := self._paid(lines)) < least:
                best, least = lines, paid
        return least, best

    def _cut(self, way: Way) -> Sequence[_Line]:
        """The line of an option in each room of LABELS; the note is never cut."""
        laid = self._laid.get(way.answer)
        if laid is None:
            size, whole = septets(way.label) or 0, _line(way, way.label)
            laid = [whole if size <= room else _line(way, cut(way.label, room)) for room in LABELS]
            self._laid[way.answer] = laid
        return laid

    def _paid(self, lines: Sequence[_Line]) -> int:
        """Segments; only where some letters cost two it matters where a message is parted."""
        size = self._size + sum(line.size for line in lines)
        if size <= SINGLE:
            return 1
        letters = len(self._told) + sum(len(line.text) + 1 for line in lines)
        return -(-size // PART) if letters == size else segments(self._joined(self._told, lines))

    @staticmethod
    def _joined(told: str, lines: Sequence[_Line]) -> str:
        return "\n".join([told, *(line.text for line in lines)])


def _line(way: Way, label: str) -> _Line:
    text = f"{way.answer} {label} {way.note}".rstrip()
    return _Line(text, (septets(text) or 0) + 1)


def _tails(options: Sequence[Way], found: Ways, language: str) -> list[str]:
    """What is said when there is room for it: what to answer, and the way back."""
    back = " ".join(f"{way.answer} {way.label}" for way in found.back[:1])
    numbers = _numbers([int(way.answer) for way in (*options, *_by_number(found.links))])
    reply = fold_sms(say(t("nav.reply", numbers=numbers), language)) if numbers else ""
    return [tail for tail in (", ".join(filter(None, (reply, back))), reply, back) if tail]


def _by_number(links: Sequence[Way]) -> list[Way]:
    return sorted(links, key=lambda way: int(way.answer))


def _numbers(shown: Sequence[int]) -> str:
    """From the first to the last of each run: "1-6, 10-11"."""
    runs: list[list[int]] = []
    for number in sorted(shown):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)

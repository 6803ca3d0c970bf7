"""Renders screens and notices for SMS: numbered lines, and one segment wherever a template promises it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

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
    for tail in _tails(options, found, language):
        if segments(f"{text}\n{tail}") == segments(text):
            text = f"{text}\n{tail}"
            break
    return Bubble(text, segments=segments(text)), further


@dataclass(frozen=True, slots=True)
class _Screen:
    """Lays out one message."""

    told: str
    found: Ways

    def room(self, left: Sequence[Way]) -> int:
        """How many of the options that are left go into one message: as few segments as that takes."""
        most = min(len(left), ON_A_PAGE)
        return min(range(most, 0, -1), key=lambda count: self._price(left, count), default=0)

    def _price(self, left: Sequence[Way], count: int) -> int:
        paid, _ = self._fitted(left[:count], further=count < len(left))
        return paid if count >= min(LEAST, len(left)) else max(paid, MOST_SEGMENTS)

    def text(self, options: Sequence[Way], *, further: bool) -> str:
        """The message with these options; what was told is cut last of all."""
        paid, lines = self._fitted(options, further=further)
        if paid <= MOST_SEGMENTS:
            return "\n".join([self.told, *lines])
        # A pair that may not be split can leave the last septet of a segment empty.
        room = MOST_SEGMENTS * (PART - 1) - sum((septets(line) or 0) + 1 for line in lines)
        return "\n".join([cut(self.told, room), *lines])

    def _fitted(self, options: Sequence[Way], *, further: bool) -> tuple[int, list[str]]:
        """What the message costs, and its lines: labels are cut where that saves a segment."""
        following = [self.found.following] if further or self.found.more else []
        laid = [
            [*(_line(way, room) for way in options), *(_line(way, SINGLE) for way in (*self.found.links, *following))]
            for room in LABELS
        ]
        priced = [(segments("\n".join([self.told, *lines])), lines) for lines in laid]
        return min(priced, key=lambda one: one[0])


def _line(way: Way, room: int) -> str:
    """One numbered line; the note is never cut."""
    return f"{way.answer} {cut(way.label, room)} {way.note}".rstrip()


def _tails(options: Sequence[Way], found: Ways, language: str) -> list[str]:
    """What is said when there is room for it: what to answer, and the way back."""
    back = " ".join(f"{way.answer} {way.label}" for way in found.back[:1])
    numbers = _numbers([int(way.answer) for way in options])
    reply = fold_sms(say(t("nav.reply", numbers=numbers), language)) if numbers else ""
    return [tail for tail in (", ".join(filter(None, (reply, back))), reply, back) if tail]


def _numbers(shown: Sequence[int]) -> str:
    """From the first to the last ("1-6"), or nothing where there is a gap."""
    if not shown or shown[-1] - shown[0] != len(shown) - 1:
        return ""
    return f"{shown[0]}-{shown[-1]}" if len(shown) > 1 else str(shown[0])

"""What every screen promises on every message channel: the vendor takes it, nothing is lost, each tap is an answer."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from bot.answer import option_number, read_menu
from bot.engine import Turn
from bot.place import Place
from bot.render.bubble import Bubble
from bot.render.channels import RENDERERS
from bot.render.gsm7 import fold_sms, segments, septets
from bot.render.rich import size, tapped
from bot.render.whatsapp import plain
from bot.render.words import say, word
from bot.talk import Confirm, Field, Label, Menu, Notice, Option, Secret, t
from tests.crawl.crawler import Seen

PAGES: Final = 40
"""More than any list has."""

SMS_LABEL: Final = 18
"""Septets of a label that an SMS always shows."""

SEGMENTS: Final[dict[type, int]] = {Menu: 2}
"""What a screen costs at most by SMS; all but menus cost one."""


def by_message(one: Seen) -> Iterator[str]:
    """What is wrong with a screen on the message channels, on each of its pages."""
    if isinstance(one.turn.screen, Secret):
        return
    for channel in RENDERERS:
        for problem in dict.fromkeys(_by_channel(channel, one)):
            yield f"{channel}: {problem}"


def _by_channel(channel: str, one: Seen) -> Iterator[str]:
    offered: set[str] = set()
    for page in range(PAGES):
        place = one.place
        place.page, place.starts = page, []
        bubble, place.further = RENDERERS[channel](one.turn, place)
        yield from _LIMITS[channel](bubble)
        if bubble.segments > SEGMENTS.get(type(one.turn.screen), 1):
            yield f"{bubble.segments} segments"
        answers = _answers(channel, one, bubble)
        yield from _taken(place, one.turn, bubble, answers)
        yield from _told(channel, one, bubble)
        yield from _leads_back(channel, one, bubble)
        yield from _invites(channel, one, bubble)
        offered |= answers
        if not place.further:
            break
    yield from _whole(one.turn, offered)


# --- what the vendors take ---------------------------------------------------------------------------------


def _sms(bubble: Bubble) -> Iterator[str]:
    if septets(bubble.text) is None or bubble.segments != segments(bubble.text):
        yield "not in the alphabet of SMS, or miscounted"


def _whatsapp(bubble: Bubble) -> Iterator[str]:
    """Meta: text 4096, body 1024, 3 buttons of 20, 10 rows of 24 and 72, opener 20, row ids 200."""
    most, room, note = {"none": (0, 0, 0), "buttons": (3, 20, 0), "list": (10, 24, 72)}[bubble.style]
    yield from _tapped(bubble, most, room, note)
    if not 1 <= size(bubble.text) <= (1_024 if bubble.choices or bubble.photo or bubble.asks else 4_096):
        yield f"a text of {size(bubble.text)}"
    if size(bubble.opener) > 20 or bool(bubble.opener) is not (bubble.style == "list"):
        yield f"opened by {bubble.opener!r}"


def _telegram(bubble: Bubble) -> Iterator[str]:
    """Bot API: text 4096, caption 1024, 64 bytes brought back; as many buttons and letters as a telephone shows."""
    yield from _tapped(bubble, 15, 36, 0)
    if not 1 <= size(bubble.text) <= (1_024 if bubble.photo else 4_096):
        yield f"a text of {size(bubble.text)}"
    if bubble.asks and bubble.choices:
        yield "two keyboards"


def _tapped(bubble: Bubble, most: int, room: int, note: int) -> Iterator[str]:
    if len(bubble.choices) > most or (bubble.style == "none") is not (not bubble.choices):
        yield f"{len(bubble.choices)} choices as {bubble.style}"
    for choice in bubble.choices:
        if not 1 <= size(choice.label.strip()) <= room or size(choice.note) > note:
            yield f"too long or too short: {choice}"
        if len(choice.id.encode()) > 64:
            yield f"an id too long: {choice.id}"
    for twice in ("label", "id"):
        if len({getattr(choice, twice) for choice in bubble.choices}) < len(bubble.choices):
            yield f"a {twice} twice"


_LIMITS: Final[Mapping[str, Callable[[Bubble], Iterator[str]]]] = {
    "sms": _sms, "whatsapp": _whatsapp, "telegram": _telegram,
}  # fmt: skip


# --- what people find --------------------------------------------------------------------------------------


def _answers(channel: str, one: Seen, bubble: Bubble) -> set[str]:
    """What can be tapped, or is numbered in an SMS below the question (which may begin with a number, too)."""
    if channel == "sms":
        head = "\n".join(_said(channel, label, one.language) for label in head_of(one.turn))
        numbers = [line.split(" ")[0] for line in bubble.text.removeprefix(head).split("\n")]
        return {number for number in numbers if number.isdigit()}
    return {choice.id.split(":")[1] for choice in bubble.choices}


def _taken(place: Place, turn: Turn, bubble: Bubble, answers: set[str]) -> Iterator[str]:
    """Each tap is of this screen, and an answer to it."""
    if any(choice.id.partition(":")[0] != str(place.turn) for choice in bubble.choices):
        yield "a tap of another screen"
    if isinstance(turn.screen, Menu):
        place.unnumbered = False
        unread = [answer for answer in answers - {"0", "00"} if read_menu(place, answer) is None]
        if unread:
            yield f"no answer: {sorted(unread)}"
        if (place.further or place.more) is not ("9" in answers):
            yield "no next page, or one too many"


def _whole(turn: Turn, offered: set[str]) -> Iterator[str]:
    """Every option is on some page."""
    screen = turn.screen
    numbers = {"1", "2"} if isinstance(screen, Confirm) else set[str]()
    if isinstance(screen, Menu):
        numbers = {str(option_number(screen.first + index)) for index in range(len(screen.options))}
    if missing := numbers - offered:
        yield f"never offered: {sorted(missing)}"


def _told(channel: str, one: Seen, bubble: Bubble) -> Iterator[str]:
    """The remark and the question are whole, and so is the name of whatever is offered (an SMS may cut its end)."""
    shown = "\n".join([bubble.text, *(f"{choice.label}\n{choice.note}" for choice in bubble.choices)])
    turn = one.turn if channel == "sms" else tapped(one.turn)
    for label in head_of(turn):
        if _said(channel, label, one.language) not in shown:
            yield "a cut head"
    for number, option in _numbered(one.turn):
        if number in _answers(channel, one, bubble) and not _named(channel, option, one.language, shown):
            yield f"a lost name: {option.label}"


def _said(channel: str, label: Label, language: str) -> str:
    if channel == "sms":
        return fold_sms(say(label, language)).strip()
    said = say(label, language, "rich").strip()
    return plain(said) if channel == "whatsapp" else said


def _named(channel: str, option: Option[Any], language: str, shown: str) -> bool:
    if channel == "sms":
        return fold_sms(say(option.label, language))[:SMS_LABEL].rstrip() in shown
    return say(option.label, language, "rich") in shown and word(option.note, language, "rich") in shown


def _leads_back(channel: str, one: Seen, bubble: Bubble) -> Iterator[str]:
    at_home = len(one.place.frames) == 1 and one.flow == "menu"
    back = f"0 {say(t('nav.back'), one.language)}"
    offered = "0" in _answers(channel, one, bubble) or back in bubble.text
    if isinstance(one.turn.screen, Notice):
        if bubble.choices or bubble.asks:
            yield "an end that is none"
    elif channel == "sms":
        if not at_home and not offered and segments(f"{bubble.text}, {back}") == bubble.segments:
            yield "no way back, which would be free"
    elif not at_home and not offered:
        yield "no way back"
    if isinstance(one.turn.screen, Field) and bubble.asks != ("" if channel == "sms" else one.turn.screen.asks):
        yield "nothing to share"


def _invites(channel: str, one: Seen, bubble: Bubble) -> Iterator[str]:
    """Where a location can be sent people are told so, by a button or in words; elsewhere not in vain."""
    screen = one.turn.screen
    asks = isinstance(screen, Menu | Field) and screen.asks == "location" and channel != "sms"
    told = say(t("share.or_location"), one.language) in bubble.text or (channel == "telegram" and bool(bubble.asks))
    if asks is not told and not (bubble.asks == "contact" and told):
        yield "nobody is told that a location will do, or somebody in vain"


# --- what a screen says ------------------------------------------------------------------------------------


def head_of(turn: Turn) -> list[Label]:
    """The remark and the question."""
    title = turn.screen.text if isinstance(turn.screen, Notice) else turn.screen.title
    return [label for label in (turn.remark, title) if label is not None]


def labels_of(turn: Turn) -> list[Label]:
    """Everything a screen says."""
    screen = turn.screen
    if isinstance(screen, Confirm):
        return [*head_of(turn), screen.yes, screen.no]
    if isinstance(screen, Menu):
        return [*head_of(turn), *(option.label for option in screen.options), *(link.label for link in screen.links)]
    return head_of(turn)


def _numbered(turn: Turn) -> list[tuple[str, Option[Any]]]:
    if not isinstance(turn.screen, Menu):
        return []
    return [(str(option_number(turn.screen.first + index)), option) for index, option in enumerate(turn.screen.options)]

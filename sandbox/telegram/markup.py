"""Keyboards of the Bot API: what may be on them, and how they look on a phone."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final

from sandbox.look import Button, Look
from sandbox.telegram.call import bad

ID_BYTES: Final = 64
MOST_BUTTONS: Final = 100
MOST_IN_A_ROW: Final = 8
TEXT: Final = 4096
CAPTION: Final = 1024

Shape = dict[str, Any]


def read_markup(given: Any) -> Look:
    """The keyboard of a message. Refuses one that is too large, and data over 64 bytes."""
    if given is None:
        return Look()
    if not isinstance(given, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in given:
        return _inline(given["inline_keyboard"])
    if given.get("remove_keyboard") is True:
        return Look(clears=True)
    return _own(given["keyboard"]) if "keyboard" in given else Look()


def is_own(look: Look) -> bool:
    """Whether it changes what the phone's own keyboard is; such a message cannot be edited."""
    return look.style == "keyboard" or bool(look.asks) or look.clears


def inline_of(look: Look) -> Shape:
    """The markup as the vendor gives it back."""
    rows = [[{"text": button.label, "callback_data": button.id}] for button in look.buttons]
    return {"reply_markup": {"inline_keyboard": rows}} if rows and look.style == "buttons" else {}


def _inline(rows: Any) -> Look:
    buttons = tuple(_tapped(key) for key in _keys(rows, "inline keyboard"))
    return Look(style="buttons", buttons=buttons) if buttons else Look()


def _tapped(key: Any) -> Button:
    if not isinstance(key, dict) or not _label(key):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if url := key.get("url"):
        return Button("", _label(key), str(url))
    data = key.get("callback_data")
    if not isinstance(data, str):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not 0 < len(data.encode()) <= ID_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    return Button(data, _label(key))


def _own(rows: Any) -> Look:
    keys = list(_keys(rows, "keyboard"))
    asks = next((what for key in keys for what in ("contact", "location") if _asked(key, what)), "")
    typed = [_label(key) for key in keys if not _asked(key, "contact") and not _asked(key, "location")]
    if not all(map(_label, keys)):
        raise bad('can\'t parse keyboard button: Field "text" must be of type String')
    return Look(style="keyboard", buttons=tuple(Button(text, text) for text in typed), asks=asks)


def _asked(key: Any, what: str) -> bool:
    return isinstance(key, dict) and key.get(f"request_{what}") is True


def _label(key: Any) -> str:
    text = key.get("text") if isinstance(key, dict) else key
    return text if isinstance(text, str) else ""


def _keys(rows: Any, what: str) -> Iterator[Any]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad(f'field "{what.replace(" ", "_")}" of the ReplyMarkup must be an Array of Arrays')
    if sum(len(row) for row in rows) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad("reply markup is too long")
    return (key for row in rows for key in row)


def read_text(text: str, parse_mode: str, limit: int = TEXT) -> str:
    """The words as a phone shows them. Refuses a text that is too long, and marks that do not close."""
    words = _unmarked(text, parse_mode)
    if len(words) > limit:
        raise bad("message is too long" if limit == TEXT else "message caption is too long")
    return words


def _unmarked(text: str, parse_mode: str) -> str:
    if not parse_mode:
        return text
    if parse_mode.lower() != "html":
        raise bad("unsupported parse_mode")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{reader.open[-1]}\"")
    return "".join(reader.words)


class _Reader(HTMLParser):
    """The words between the tags that the vendor knows."""

    KNOWN: Final = frozenset("b strong i em u ins s strike del code pre a span blockquote tg-spoiler".split())

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        if tag not in self.KNOWN:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise bad("can't parse entities: Unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

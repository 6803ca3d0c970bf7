"""What a message of the Cloud API may hold, and how it looks on a phone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from sandbox.look import PLAIN, Button, Look, spot
from sandbox.media import Files
from sandbox.meta.graph import GraphError, wrong

TEXT: Final = 4096
CAPTION: Final = 1024
FILE_NAME: Final = 240
BODY: Final = 1024
EDGE: Final = 60
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
ROWS, ROW_TITLE, ROW_NOTE, ROW_ID = 10, 24, 72, 200
SECTIONS, SECTION_TITLE, OPENER = 10, 24, 20
Given = Mapping[str, Any]


_MB: Final = 1024 * 1024
MEDIA: Final = {
    5 * _MB: "image/jpeg image/png",
    16 * _MB: "audio/aac audio/amr audio/mpeg audio/mp4 audio/ogg video/3gpp video/mp4",
    100 * _MB: "application/pdf text/plain application/msword application/vnd.ms-excel application/vnd.ms-powerpoint"
    " application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    " application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    " application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
"""What may be uploaded (Cloud API, supported media types): bytes at most, and kinds."""


@dataclass(frozen=True, slots=True)
class Content:
    """Words and look; `template` may be sent at any time."""

    text: str
    look: Look = PLAIN
    template: bool = False


class Reader:
    """Reads messages that the app sends."""

    def __init__(self, files: Files) -> None:
        """Pictures are looked up among these files."""
        self._files = files
        self._kinds: dict[str, Callable[[Given], Content]] = {
            "text": _text,
            "interactive": self._interactive,
            "location": _location,
            "image": lambda given: self._file(given, "photo"),
            "document": self._document,
            "audio": lambda given: self._file(given, "document"),
            "video": lambda given: self._file(given, "document"),
        }

    def read(self, body: Given) -> Content:
        """The content of a message. Raises GraphError for what the vendor refuses."""
        kind = body.get("type", "text")
        reader = self._kinds.get(kind) if isinstance(kind, str) else None
        if reader is None:
            raise GraphError(100, f"Param type must be one of {sorted(self._kinds)}")
        return reader(part(body, kind))

    def _file(self, given: Given, kind: str) -> Content:
        words = text_of(given, "caption", 0, CAPTION)
        return Content(words, msgspec.structs.replace(PLAIN, **{kind: self._address(given)}))

    def _document(self, given: Given) -> Content:
        """What is shown of it is the name that the message gives it, if any."""
        name, shown = text_of(given, "filename", 0, FILE_NAME), self._file(given, "document")
        held = self._files.get(given["id"]) if name and "id" in given else None
        if held is None:
            return shown
        return replace(shown, look=msgspec.structs.replace(shown.look, document=held.under(name)))

    def _address(self, given: Given) -> str:
        link, ident = given.get("link"), given.get("id")
        if isinstance(link, str) and link.startswith(("https://", "http://")):
            return link
        if isinstance(ident, str) and (held := self._files.get(ident)):
            return held.address
        raise wrong("Media: a link or the id of a file that was uploaded")

    def _interactive(self, given: Given) -> Content:
        words = text_of(part(given, "body"), "text", 1, BODY)
        if "footer" in given:
            words += f"\n{text_of(part(given, 'footer'), 'text', 1, EDGE)}"
        shown = Content(words, _chosen(given))
        return self._headed(shown, part(given, "header")) if "header" in given else shown

    def _headed(self, shown: Content, header: Given) -> Content:
        kind = str(header.get("type"))
        if kind == "text":
            return replace(shown, text=f"{text_of(header, 'text', 1, EDGE)}\n{shown.text}")
        if kind not in {"image", "document", "video"} or shown.look.style == "list":
            raise wrong("header: text, or a picture, document or video over buttons")
        place = "photo" if kind == "image" else "document"
        address = self._address(part(header, kind))
        return replace(shown, look=msgspec.structs.replace(shown.look, **{place: address}))


def check_media(mime: str, size: int) -> None:
    """Refuses a file of a kind or a size that is not taken."""
    kind = mime.partition(";")[0].strip().lower()
    most = next((most for most, kinds in MEDIA.items() if kind in kinds.split()), 0)
    if not most:
        raise GraphError(100, f"Param file must be a file with one of the following types: {' '.join(MEDIA.values())}")
    if not 0 < size <= most:
        raise GraphError(100, f"the file has {size} bytes, from 1 to {most} are taken")


def part(given: Given, name: str) -> Given:
    """A nested object; refuses it missing."""
    found = given.get(name)
    if not isinstance(found, dict):
        raise GraphError(131008, f"{name} is required and must be an object")
    return found


def listed(given: Given, name: str, most: int) -> list[Any]:
    """A list of one to `most`."""
    found = given.get(name)
    if not isinstance(found, list):
        raise GraphError(131008, f"{name} is required and must be a list")
    if not 1 <= len(found) <= most:
        raise wrong(f"{name}: at least 1 and at most {most}")
    return found


def text_of(given: Any, name: str, least: int, most: int) -> str:
    """A text of that many characters."""
    found = given.get(name, "") if isinstance(given, dict) else None
    if not isinstance(found, str):
        raise wrong(f"{name} must be text")
    if not least <= len(found.strip()) or len(found) > most:
        raise wrong(f"{name}: length invalid. Min length: {least}, Max length: {most}")
    return found


def _text(given: Given) -> Content:
    body = given.get("body")
    if isinstance(body, str) and len(body) > TEXT:
        raise GraphError(100, f"Param text['body'] must be at most {TEXT} characters long.")
    return Content(text_of(given, "body", 1, TEXT))


def _location(given: Given) -> Content:
    found = spot(given.get("latitude"), given.get("longitude"), given.get("name") or "")
    if found is None:
        raise wrong("location: latitude and longitude")
    return Content("", Look(location=found))


def _chosen(given: Given) -> Look:
    kind = given.get("type")
    if kind == "location_request_message":
        if part(given, "action").get("name") != "send_location":
            raise wrong("action: its name is send_location")
        return Look(asks="location")
    if kind == "request_contact_info":
        return Look(asks="contact")
    action = part(given, "action")
    if kind == "button":
        return Look(style="buttons", buttons=tuple(_buttons(action)))
    if kind == "list":
        rows = tuple(_rows(action))
        return Look(style="list", opener=text_of(action, "button", 1, OPENER), buttons=rows)
    if kind == "cta_url":
        link = part(action, "parameters")
        return Look(style="buttons", buttons=(Button("", text_of(link, "display_text", 1, 20), str(link.get("url"))),))
    raise wrong("interactive: type is button, list, cta_url, location_request_message or request_contact_info")


def _buttons(action: Given) -> Iterator[Button]:
    seen: set[str] = set()
    for button in listed(action, "buttons", BUTTONS):
        reply = part(button if isinstance(button, dict) else {}, "reply")
        found = Button(text_of(reply, "id", 1, BUTTON_ID), text_of(reply, "title", 1, BUTTON_TITLE))
        yield _once(found, seen)


def _rows(action: Given) -> Iterator[Button]:
    sections = listed(action, "sections", SECTIONS)
    seen: set[str] = set()
    for section in sections:
        text_of(section, "title", int(len(sections) > 1), SECTION_TITLE)
        for row in listed(section, "rows", ROWS):
            found = Button(
                text_of(row, "id", 1, ROW_ID),
                text_of(row, "title", 1, ROW_TITLE),
                text_of(row, "description", 0, ROW_NOTE),
            )
            yield _once(found, seen)
            if len(seen) > ROWS:
                raise wrong(f"Total row count exceed max allowed count: {ROWS}")


def _once(button: Button, seen: set[str]) -> Button:
    if button.id in seen:
        raise wrong(f"Duplicated id: {button.id}")
    seen.add(button.id)
    return button

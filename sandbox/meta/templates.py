"""Templates of the account: approved as soon as they are made, filled in when they are sent."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final, Literal

import msgspec

from sandbox.look import Button, Look
from sandbox.meta.content import BODY, Content, Given
from sandbox.meta.graph import GraphError, wrong
from sandbox.world import World

MOST: Final = 250
_NAME: Final = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:_[A-Z]{2})?")
_BLANK: Final = re.compile(r"\{\{\s*([0-9a-z_]+)\s*\}\}")


class _MadeButton(msgspec.Struct, frozen=True):
    type: str
    text: str = ""


class _MadePart(msgspec.Struct, frozen=True):
    type: str
    text: str = ""
    buttons: list[_MadeButton] = []


class Template(msgspec.Struct, frozen=True):
    """A template as it was made."""

    name: str
    language: str
    category: Literal["UTILITY", "MARKETING", "AUTHENTICATION"]
    components: list[_MadePart]


class _Value(msgspec.Struct, frozen=True):
    type: str = "text"
    text: str = ""
    payload: str = ""


class _Part(msgspec.Struct, frozen=True):
    type: str
    parameters: list[_Value] = []
    index: str | int = ""


class _Language(msgspec.Struct, frozen=True):
    code: str


class _Wanted(msgspec.Struct, frozen=True):
    """A template in a message."""

    name: str
    language: _Language
    components: list[_Part] = []


class Templates:
    """Templates by name and language."""

    def __init__(self, world: World) -> None:
        """Work on the remembered templates."""
        self._store = world.store

    def create(self, body: Given) -> dict[str, object]:
        """`POST …/message_templates`. Raises GraphError."""
        try:
            made = msgspec.convert(body, Template)
        except msgspec.ValidationError as odd:
            raise GraphError(100, str(odd)) from odd
        if not _NAME.fullmatch(made.name) or not _LANGUAGE.fullmatch(made.language):
            raise GraphError(100, "name: lower case letters, digits and underscores; language: fr or en_US")
        if [part.type for part in made.components].count("BODY") != 1:
            raise GraphError(100, "components: exactly one BODY")
        if len(self._all()) >= MOST:
            raise GraphError(100, f"at most {MOST} templates")
        self._store.run(
            "INSERT INTO setups VALUES ('meta', 'template', ?, ?)"
            " ON CONFLICT (provider, kind, name) DO UPDATE SET body = excluded.body",
            *(f"{made.name} {made.language}", msgspec.json.encode(made).decode()),
        )
        return {"id": _ident(made), "status": "APPROVED", "category": made.category}

    def listed(self) -> list[dict[str, Any]]:
        """Every template, as `GET …/message_templates` lists them."""
        found = [(made, msgspec.to_builtins(made)) for made in self._all()]
        return [{**told, "id": _ident(made), "status": "APPROVED"} for made, told in found]

    def _all(self) -> list[Template]:
        rows = self._store.all("SELECT body FROM setups WHERE provider = 'meta' AND kind = 'template' ORDER BY name")
        return [msgspec.json.decode(row["body"], type=Template) for row in rows]

    def fill(self, given: Given) -> Content:
        """A template as a phone shows it.

        Raises GraphError when it is unknown, its blanks are not all filled, or it gets too long. An account that never
        made one is taken to have any.
        """
        try:
            wanted = msgspec.convert(given, _Wanted)
        except msgspec.ValidationError as odd:
            raise wrong(str(odd)) from odd
        all_made = self._all()
        for made in all_made:
            if (made.name, made.language) == (wanted.name, wanted.language.code):
                return _made(made, wanted.components)
        if all_made:
            raise GraphError(132001, f"template name ({wanted.name[:512]}) does not exist in this language", 404)
        text = " · ".join([wanted.name, *_values(wanted.components, "body")])
        return Content(text, Look(template=True), template=True)


def _ident(made: Template) -> str:
    return str(int.from_bytes(sha256(f"{made.name} {made.language}".encode()).digest()[:6]))


def _made(template: Template, parts: Sequence[_Part]) -> Content:
    words = [
        _filled(component.text, _values(parts, component.type.lower()))
        for component in template.components
        if component.type in {"HEADER", "BODY", "FOOTER"} and component.text
    ]
    made = [button for component in template.components for button in component.buttons]
    replies = [button.text for button in made if button.type == "QUICK_REPLY"]
    buttons = tuple(Button(_payload(parts, n) or text, text) for n, text in enumerate(replies))
    text = "\n".join(words)
    if len(text) > BODY + 120:
        raise GraphError(132005, "the text got too long")
    return Content(text, Look(style="buttons" if buttons else "none", buttons=buttons, template=True), template=True)


def _values(parts: Sequence[_Part], kind: str) -> list[str]:
    found = next((part.parameters for part in parts if part.type.lower() == kind), [])
    values = [value.text for value in found]
    if any(not value.strip() or "\n" in value for value in values):
        raise wrong("parameters: text on one line")
    return values


def _filled(text: str, values: Sequence[str]) -> str:
    blanks = list(dict.fromkeys(_BLANK.findall(text)))
    if len(blanks) != len(values):
        raise GraphError(132000, f"number of localizable_params ({len(values)}) does not match ({len(blanks)})")
    by_name = dict(zip(blanks, values, strict=True))
    return _BLANK.sub(lambda blank: by_name[blank[1]], text)


def _payload(parts: Sequence[_Part], index: int) -> str:
    found = (part.parameters for part in parts if part.type.lower() == "button" and str(part.index) == str(index))
    return next((value.payload for values in found for value in values), "")

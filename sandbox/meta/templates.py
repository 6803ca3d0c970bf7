"""Templates of the account: approved as soon as they are made, filled in when they are sent."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

import msgspec

from sandbox.look import Button, Look
from sandbox.meta.content import BODY, Content, Given, listed, part, text_of
from sandbox.meta.graph import GraphError, wrong
from sandbox.world import World

MOST: Final = 250
_NAME: Final = re.compile(r"[a-z0-9_]{1,512}")
_BLANK: Final = re.compile(r"\{\{\s*([0-9a-z_]+)\s*\}\}")


class Templates:
    """Templates by name and language."""

    def __init__(self, world: World) -> None:
        """Work on the remembered templates."""
        self._store = world.store

    def create(self, body: Given) -> dict[str, object]:
        """`POST …/message_templates`."""
        name = text_of(body, "name", 1, 512)
        if not _NAME.fullmatch(name):
            raise GraphError(100, "name: lower case letters, digits and underscores")
        if body.get("category") not in {"UTILITY", "MARKETING", "AUTHENTICATION"}:
            raise GraphError(100, "category: UTILITY, MARKETING or AUTHENTICATION")
        components = listed(body, "components", 10)
        if sum(component.get("type") == "BODY" for component in components if isinstance(component, dict)) != 1:
            raise GraphError(100, "components: exactly one BODY")
        if len(self.all()) >= MOST:
            raise GraphError(100, f"at most {MOST} templates")
        self._store.run(
            "INSERT INTO setups VALUES ('meta', 'template', ?, ?)"
            " ON CONFLICT (provider, kind, name) DO UPDATE SET body = excluded.body",
            *(f"{name} {text_of(body, 'language', 2, 15)}", msgspec.json.encode(body).decode()),
        )
        return {
            "id": str(int.from_bytes(sha256(name.encode()).digest()[:6])),
            "status": "APPROVED",
            "category": body["category"],
        }

    def all(self) -> list[dict[str, Any]]:
        """Every template, as `GET …/message_templates` lists them."""
        rows = self._store.all("SELECT body FROM setups WHERE provider = 'meta' AND kind = 'template' ORDER BY name")
        return [{**msgspec.json.decode(row["body"]), "status": "APPROVED"} for row in rows]

    def fill(self, given: Given) -> Content:
        """A template as a phone shows it.

        Raises GraphError when it is unknown, its blanks are not all filled, or it gets too long. An account that never
        made one is taken to have any.
        """
        name, language = text_of(given, "name", 1, 512), text_of(part(given, "language"), "code", 2, 15)
        row = self._store.one(
            "SELECT body FROM setups WHERE provider = 'meta' AND kind = 'template' AND name = ?", f"{name} {language}"
        )
        parts = [found for found in given.get("components") or [] if isinstance(found, dict)]
        if row is None:
            return _unmade(name, parts, known=bool(self.all()))
        return _made(msgspec.json.decode(row["body"]), parts)


def _unmade(name: str, parts: Sequence[Given], *, known: bool) -> Content:
    if known:
        raise GraphError(132001, f"template name ({name}) does not exist in this language", 404)
    return Content(" · ".join([name, *_values(parts, "body")]), Look(template=True), template=True)


def _made(template: Mapping[str, Any], parts: Sequence[Given]) -> Content:
    words, buttons = [], []
    for component in template["components"]:
        kind = str(component.get("type", "")).lower()
        if kind in {"header", "body", "footer"} and component.get("text"):
            words.append(_filled(component["text"], _values(parts, kind)))
        elif kind == "buttons":
            buttons = [b for b in component.get("buttons", []) if b.get("type") == "QUICK_REPLY"]
    text = "\n".join(words)
    if len(text) > BODY + 120:
        raise GraphError(132005, "the text got too long")
    shown = tuple(Button(_payload(parts, i) or b["text"], b["text"]) for i, b in enumerate(buttons))
    look = Look(style="buttons" if shown else "none", buttons=shown, template=True)
    return Content(text, look, template=True)


def _values(parts: Sequence[Given], kind: str) -> list[str]:
    found = next((found for found in parts if str(found.get("type", "")).lower() == kind), {})
    values = [value.get("text") for value in found.get("parameters") or [] if isinstance(value, dict)]
    if any(not isinstance(value, str) or not value.strip() or "\n" in value for value in values):
        raise wrong("parameters: text on one line")
    return [str(value) for value in values]


def _filled(text: str, values: Sequence[str]) -> str:
    blanks = list(dict.fromkeys(_BLANK.findall(text)))
    if len(blanks) != len(values):
        raise GraphError(132000, f"number of localizable_params ({len(values)}) does not match ({len(blanks)})")
    by_name = dict(zip(blanks, values, strict=True))
    return _BLANK.sub(lambda blank: by_name[blank[1]], text)


def _payload(parts: Sequence[Given], index: int) -> str:
    for found in parts:
        if found.get("type") == "button" and str(found.get("index")) == str(index):
            values = found.get("parameters") or [{}]
            return str(values[0].get("payload", ""))
    return ""

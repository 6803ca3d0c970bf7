"""Content templates: what may be in them, how they are filled in, and whether WhatsApp approved them."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from sandbox.look import PLAIN, Button, Look, spot
from sandbox.store import Row
from sandbox.twilio.errors import TwilioError
from sandbox.world import World

BODY: Final = 1024
BUTTONS_IN_SESSION, BUTTONS_APPROVED = 3, 10
BUTTON_TITLE, BUTTON_ID = 20, 200
ITEMS, ITEM, ITEM_ID, ITEM_NOTE, OPENER = 10, 24, 200, 72, 20
KEPT: Final = 5000
_BLANK: Final = re.compile(r"\{\{\s*([0-9A-Za-z_]+)\s*\}\}")
SESSION_ONLY: Final = frozenset({"twilio/list-picker", "twilio/location"})
"""Types that cannot open a conversation (the vendor's page on error 63016)."""

Shape = dict[str, Any]


class Template(msgspec.Struct, frozen=True):
    """A template as it was made."""

    sid: str
    friendly_name: str
    language: str
    variables: dict[str, str]
    types: dict[str, Shape]
    created: str
    approved: bool = False
    name: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A template filled in: `problem` is the error it comes to nothing with on WhatsApp."""

    text: str
    look: Look
    opens: bool
    problem: int = 0


class _Made(msgspec.Struct, frozen=True):
    """The body of a request that makes one."""

    language: str
    types: dict[str, Shape | None]
    friendly_name: str | None = None
    variables: dict[str, str] | None = None


class Contents:
    """Templates by their sid; the oldest that nobody approved give way."""

    def __init__(self, world: World) -> None:
        """Work on the remembered templates."""
        self._store, self._clock = world.store, world.clock

    def create(self, body: bytes) -> Template:
        """Make one. Raises TwilioError for what no channel could show."""
        try:
            made = msgspec.json.decode(body, type=_Made)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
            raise TwilioError(20001, f"Invalid parameter: {wrong}") from wrong
        # The vendor's package names every type it knows, all but one of them as null.
        types = {kind: given for kind, given in made.types.items() if given is not None}
        known = [kind for kind in types if kind in _READERS]
        if not known:
            raise TwilioError(20001, f"types: one of {', '.join(sorted(_READERS))}")
        for kind in known:
            _READERS[kind](types[kind], {}, strict=True)
        sid = f"HX{secrets.token_hex(16)}"
        name, variables = made.friendly_name or "", made.variables or {}
        template = Template(sid, name, made.language, variables, types, self._clock.stamp())
        self._keep(template)
        return template

    def _keep(self, template: Template) -> None:
        self._store.run(
            "INSERT INTO setups VALUES ('twilio', ?, ?, ?)"
            " ON CONFLICT (provider, kind, name) DO UPDATE SET body = excluded.body, kind = excluded.kind",
            "content",
            template.sid,
            msgspec.json.encode(template).decode(),
        )
        self._store.run(
            "DELETE FROM setups WHERE rowid IN (SELECT rowid FROM setups WHERE provider = 'twilio' AND kind = 'content'"
            " AND body LIKE '%\"approved\":false%' ORDER BY rowid DESC LIMIT -1 OFFSET ?)",
            KEPT,
        )

    def get(self, sid: str) -> Template | None:
        """One template."""
        sql = "SELECT body FROM setups WHERE provider = 'twilio' AND kind = 'content' AND name = ?"
        return _read(self._store.one(sql, sid))

    def all(self, most: int, offset: int) -> list[Template]:
        """Templates, newest first."""
        rows = self._store.all(
            "SELECT body FROM setups WHERE provider = 'twilio' AND kind = 'content'"
            " ORDER BY rowid DESC LIMIT ? OFFSET ?",
            *(most, offset),
        )
        return [found for row in rows if (found := _read(row))]

    def delete(self, sid: str) -> bool:
        """Take one away; False when there is none."""
        sql = "DELETE FROM setups WHERE provider = 'twilio' AND kind = 'content' AND name = ?"
        return self._store.run(sql, sid) == 1

    def approve(self, template: Template, name: str, category: str) -> Template:
        """WhatsApp looked at it and had nothing against it."""
        if not re.fullmatch(r"[a-z0-9_]{1,512}", name) or category not in {"UTILITY", "MARKETING", "AUTHENTICATION"}:
            raise TwilioError(20001, "name: lower case letters, digits, underscores; category: UTILITY, MARKETING, …")
        approved = msgspec.structs.replace(template, approved=True, name=name, category=category)
        self._keep(approved)
        return approved


def fill(template: Template, variables: Mapping[str, str], *, whatsapp: bool) -> Filled:
    """A template with its blanks filled in, in the richest form the channel shows."""
    order = [kind for kind in _READERS if kind in template.types]
    kind = order[0] if whatsapp else next((kind for kind in order if kind == "twilio/text"), order[-1])
    values = {**template.variables, **variables}
    try:
        text, look = _READERS[kind](template.types[kind], values, strict=False)
    except TwilioError:
        return Filled("", PLAIN, opens=False, problem=63021)
    if not template.approved and len(look.buttons) > BUTTONS_IN_SESSION and kind == "twilio/quick-reply":
        return Filled("", PLAIN, opens=False, problem=63021)
    opens = template.approved and kind not in SESSION_ONLY
    return Filled(text, msgspec.structs.replace(look, template=opens), opens)


def variables_of(given: str) -> dict[str, str]:
    """The `ContentVariables` of a message, none of them empty. Raises TwilioError 21656."""
    if not given:
        return {}
    try:
        values = msgspec.json.decode(given, type=dict[str, str])
    except (msgspec.MsgspecError, RecursionError) as wrong:
        raise TwilioError(21656) from wrong
    if not all(value.strip() for value in values.values()):
        raise TwilioError(21656)
    return values


def shape(template: Template, base: str) -> Shape:
    """A template as the vendor gives it back."""
    url = f"{base}/v1/Content/{template.sid}"
    return {
        "sid": template.sid,
        "account_sid": "",
        "friendly_name": template.friendly_name,
        "language": template.language,
        "variables": template.variables,
        "types": template.types,
        "date_created": template.created,
        "date_updated": template.created,
        "url": url,
        "links": {"approval_create": f"{url}/ApprovalRequests/whatsapp", "approval_fetch": f"{url}/ApprovalRequests"},
    }


def approval(template: Template) -> Shape:
    """How far WhatsApp is with it."""
    status = "approved" if template.approved else "unsubmitted"
    return {
        "name": template.name,
        "category": template.category,
        "content_type": next(iter(template.types)),
        "status": status,
        "rejection_reason": "",
        "allow_category_change": True,
    }


def _read(row: Row | None) -> Template | None:
    return msgspec.json.decode(row["body"], type=Template) if row else None


# What each type holds


def _filled(text: Any, values: Mapping[str, str]) -> str:
    if not isinstance(text, str):
        raise TwilioError(20001, "Invalid parameter: text expected")
    return _BLANK.sub(lambda blank: values.get(blank[1], blank[0]), text)


def _sized(given: Any, name: str, values: Mapping[str, str], least: int, most: int) -> str:
    """A text that fits once it is filled in."""
    words = _filled(given.get(name) or "" if isinstance(given, dict) else None, values)
    if not least <= len(words.strip()) or len(words) > most:
        raise TwilioError(20001, f"Invalid parameter: {name} must have {least} to {most} characters")
    return words


def _some(given: Shape, name: str, most: int) -> list[Any]:
    found = given.get(name)
    if not isinstance(found, list) or not 1 <= len(found) <= most:
        raise TwilioError(20001, f"Invalid parameter: {name} must have 1 to {most} elements")
    return found


def _text(given: Shape, values: Mapping[str, str], *, strict: bool) -> tuple[str, Look]:  # noqa: ARG001 - as the others
    return _sized(given, "body", values, 1, 1600), PLAIN


def _replies(given: Shape, values: Mapping[str, str], *, strict: bool) -> tuple[str, Look]:  # noqa: ARG001
    body = _sized(given, "body", values, 1, BODY)
    buttons = tuple(_reply(action, values) for action in _some(given, "actions", BUTTONS_APPROVED))
    return body, Look(style="buttons", buttons=_distinct(buttons))


def _reply(action: Any, values: Mapping[str, str]) -> Button:
    title = _sized(action, "title", values, 1, BUTTON_TITLE)
    return Button(_sized(action, "id", values, 0, BUTTON_ID) or title, title)


def _picker(given: Shape, values: Mapping[str, str], *, strict: bool) -> tuple[str, Look]:  # noqa: ARG001
    body = _sized(given, "body", values, 1, BODY)
    opener = _sized(given, "button", values, 1, OPENER)
    rows = tuple(_item(item, values) for item in _some(given, "items", ITEMS))
    return body, Look(style="list", opener=opener, buttons=_distinct(rows))


def _item(item: Any, values: Mapping[str, str]) -> Button:
    return Button(
        _sized(item, "id", values, 1, ITEM_ID),
        _sized(item, "item", values, 1, ITEM),
        _sized(item, "description", values, 0, ITEM_NOTE),
    )


def _distinct(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    if len({button.id for button in buttons}) < len(buttons):
        raise TwilioError(20001, "Invalid parameter: ids must be different")
    return buttons


def _location(given: Shape, values: Mapping[str, str], *, strict: bool) -> tuple[str, Look]:
    if strict:
        return "", PLAIN  # latitude and longitude may be blanks, which only a message fills in
    latitude, longitude = (_filled(str(given.get(name)), values) for name in ("latitude", "longitude"))
    found = spot(latitude, longitude, _sized(given, "label", values, 0, 1000))
    if found is None:
        raise TwilioError(20001, "Invalid parameter: latitude and longitude")
    return "", Look(location=found)


def _media(given: Shape, values: Mapping[str, str], *, strict: bool) -> tuple[str, Look]:  # noqa: ARG001
    return _sized(given, "body", values, 0, BODY), Look(photo=_filled(_some(given, "media", 1)[0], values))


def _card(given: Shape, values: Mapping[str, str], *, strict: bool) -> tuple[str, Look]:  # noqa: ARG001
    lines = [_sized(given, "title", values, 1, BODY), _sized(given, "subtitle", values, 0, 60)]
    actions = _some(given, "actions", BUTTONS_APPROVED) if given.get("actions") else []
    replies = [a for a in actions if isinstance(a, dict) and a.get("type", "QUICK_REPLY") == "QUICK_REPLY"]
    buttons = _distinct(tuple(_reply(action, values) for action in replies))
    photo = _filled(_some(given, "media", 1)[0], values) if given.get("media") else ""
    look = Look(style="buttons" if buttons else "none", buttons=buttons, photo=photo)
    return "\n".join(line for line in lines if line), look


_READERS: Final[dict[str, Callable[..., tuple[str, Look]]]] = {
    "twilio/list-picker": _picker,
    "twilio/quick-reply": _replies,
    "twilio/card": _card,
    "twilio/location": _location,
    "twilio/media": _media,
    "twilio/text": _text,
}
"""The richest first: the one that WhatsApp shows when a template has several."""

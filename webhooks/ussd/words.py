"""What a line of the table of USSD gateways is made of: what a request says, what goes back, what differs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec
from defusedxml import ElementTree

from bot.inbound import Reply
from bot.render.ussd import Limits
from webhooks.raw import FORM, Raw, Rejected, form, json_object, query

Fields = Mapping[str, Any]
"""A request's fields by the gateway's names: text, or for JSON whatever stood there."""

Over = Literal["", "abandoned", "timeout", "done", "failed"]
"""Why a session is over; "" while it is not."""

TEXT: Final = "text/plain; charset=utf-8"
JSON: Final = "application/json"
XML: Final = "text/xml; charset=utf-8"

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

_DIALLED: Final = re.compile(r"\*[0-9A-Za-z*]{1,80}#")


class Asked(msgspec.Struct, frozen=True):
    """What a gateway's request says.

    ``code`` is what was dialled, as far as it tells; ``text`` the input as it was sent. ``begins``: the gateway says
    that a session begins (True) or goes on (False); None where it says neither, and a session nobody knows begins.
    ``over`` is why the session ended, ``ignored`` why there is nothing to do. ``external_id`` names the request itself
    where the gateway gives it a name. ``echo`` is what the answer repeats, ``more`` what else an integrator asks for.
    """

    session: str
    phone: str = ""
    code: str = ""
    text: str = ""
    begins: bool | None = None
    over: Over = ""
    ignored: str = ""
    external_id: str = ""
    echo: Mapping[str, Any] = NOTHING
    more: Mapping[str, Any] = NOTHING


class Answer(msgspec.Struct, frozen=True):
    """What goes back over HTTP, always with 200."""

    body: str
    content_type: str = TEXT
    headers: Mapping[str, str] = NOTHING


def nothing(_asked: Asked) -> Answer:
    """An empty answer, to whom the end of a session is only told."""
    return Answer("")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One gateway. Sources for each line are in ``docs/gateways.md``.

    ``parse`` is handed the fields and the request they came in (a path, a header). ``answer`` words a reply,
    ``closed`` acknowledges what needs none. ``cumulated``: the text repeats everything typed in the session.
    ``first_is_dialled``: the first input is what was dialled, never an answer. ``session_by``: what makes requests
    one session; by "phone" it begins anew whenever the gateway says so. ``paths``: what follows the secret in the
    addresses. ``ends_name_nobody``: the end of a session comes without a phone. ``charset``: of queries and answers.
    ``limits``: what its handsets can show. ``pushed``: a request is acknowledged at once (``closed``) and the screen
    goes out by a call of ours.
    """

    name: str
    methods: tuple[Literal["GET", "POST", "PUT"], ...]
    body: Literal["form", "query", "json", "xml"]
    parse: Callable[[Fields, Raw], Asked]
    answer: Callable[[Reply, Asked], Answer]
    closed: Callable[[Asked], Answer] = nothing
    cumulated: bool = False
    first_is_dialled: bool = False
    session_by: Literal["id", "phone"] = "id"
    paths: tuple[str, ...] = ("",)
    ends_name_nobody: bool = False
    charset: str = "utf-8"
    limits: Limits = Limits(septets=160, accents=False)
    pushed: bool = False


# --- reading -----------------------------------------------------------------------------------------------


def fields_of(dialect: Dialect, raw: Raw) -> Fields:
    """The fields of a request in the form this gateway sends. Raises Rejected for any other form."""
    if dialect.body == "form":
        return form(raw)
    if dialect.body == "query":
        return query(raw, dialect.charset)
    if dialect.body == "json":
        return json_object(raw) if raw.body else {}
    return elements(raw)


def elements(raw: Raw) -> dict[str, str]:
    """The elements of an XML body: name without namespace to text, the first of a name; a parent's text is "".

    Rejected: 415 for a form, 400 for what is no XML, and for any document type, hence for entities of its own.
    """
    if raw.header("content-type").startswith(FORM):
        raise Rejected(415, "content type: text/xml")
    try:
        root = ElementTree.fromstring(raw.body, forbid_dtd=True)
    except (SyntaxError, ValueError, LookupError) as error:
        raise Rejected(400, "body: no XML, or more than elements and text") from error
    found: dict[str, str] = {}
    for element in root.iter():
        found.setdefault(str(element.tag).rpartition("}")[2], (element.text or "").strip())
    return found


def have(fields: Fields, *names: str) -> list[str]:
    """The named fields as text, empty ones too. Rejected 400 with the names that are missing, or hold no text."""
    found = [fields.get(name) for name in names]
    if None in found:
        missing = [name for name, value in zip(names, found, strict=True) if value is None]
        raise Rejected(400, f"missing field: {', '.join(missing)}")
    return [value if type(value) is str else text_of(name, value) for name, value in zip(names, found, strict=True)]


def at_least(fields: Fields, session: str, *besides: str) -> list[str]:
    """What names a session, and what may be missing beside it ("" then): all that the end of one is asked for.

    Rejected 400 when the session is not named.
    """
    return [*have(fields, session), *(given(fields, name) for name in besides)]


def given(fields: Fields, name: str) -> str:
    """A field that may be missing or null, as text: "" then."""
    value = fields.get(name)
    return "" if value is None else text_of(name, value)


def text_of(name: str, value: object) -> str:
    """A field's value as text: numbers in their digits, "true" and "false". Rejected 400 for lists and objects."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise Rejected(400, f"field {name}: no text")


def flag(fields: Fields, name: str) -> bool:
    """Whether a field says yes, in any of the ways seen: true, "true", 1, "1". Rejected 400 when it is missing."""
    return have(fields, name)[0].strip().lower() in {"true", "1"}


def dialled(text: str) -> str:
    """The whole dial string of what a gateway leaves of it: ``*384*2#`` of ``384*2``; "" of nothing."""
    bare = text.strip().strip("*#")
    return f"*{bare}#" if bare else ""


def is_dialled(text: str) -> bool:
    """Whether an input is a dial string, from star to hash."""
    return _DIALLED.fullmatch(text.strip()) is not None


# --- writing -----------------------------------------------------------------------------------------------


def con_or_end(reply: Reply, _asked: Asked) -> Answer:
    """The commonest answer: the text behind "CON " while the session goes on, behind "END " when it is over."""
    return Answer(("CON " if reply.keep_open else "END ") + reply.text)


def as_json(fields: Mapping[str, object]) -> Answer:
    """An answer in JSON."""
    return Answer(msgspec.json.encode(fields).decode(), JSON)


def as_xml(root: str, fields: Mapping[str, str]) -> Answer:
    """An answer in XML: one element with a child for each field."""
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return Answer(f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>{inner}</{root}>', XML)

"""One HTTP request as the readers of gateways and providers see it: method, path, query, headers, bytes."""

import asyncio
import codecs
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import msgspec
from aiohttp import web

FORM: Final = "application/x-www-form-urlencoded"

CHARSETS: Final = frozenset({"utf-8", "ascii", "iso8859-1", "cp1252"})
"""What gateways are known to write in, by Python's names."""

MOST_FIELDS: Final = 100

_ODD: Final = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<nul>\\u0000)|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
"""What JSON may escape and no database takes (a NUL, half a surrogate pair), told from a backslash and a whole pair."""

READ_WITHIN_S: Final = 10.0
"""A body that trickles in more slowly than this is not waited for."""


class Rejected(Exception):
    """A request that is refused: the HTTP status, and in its text what is wrong, safe to be sent back."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Raw:
    """A request before anybody has judged it; ``query`` is as it stood in the URL.

    Headers are looked up by their names in lower case, whichever way they were sent.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """A header's value, "" when it is missing."""
        return self.headers.get(name, "")


RAW: Final = web.RequestKey("raw", Raw)
"""Where a request keeps what was read of it, for the channel log."""


async def read_raw(request: web.Request, limit: int) -> Raw:
    """The whole request, its body of at most ``limit`` bytes once unpacked.

    Rejected: 413 over the limit, 408 when it does not arrive, 400 when it cannot be unpacked.
    """
    path, _, query = request.raw_path.partition("?")
    raw = Raw(request.method, path, query, request.headers, await _body(request, limit))
    request[RAW] = raw
    return raw


async def _body(request: web.Request, limit: int) -> bytes:
    if (request.content_length or 0) > limit:
        raise Rejected(413, f"body: at most {limit} bytes")
    if request.content.is_eof():
        return _bounded(request.content.read_nowait(-1), limit)
    body = bytearray()
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            while len(body) <= limit and (chunk := await request.content.read(limit + 1 - len(body))):
                body += chunk
    except TimeoutError as error:
        raise Rejected(408, "the body did not arrive") from error
    except web.RequestPayloadError as error:
        raise Rejected(400, "the body could not be read") from error
    return _bounded(bytes(body), limit)


def _bounded(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise Rejected(413, f"body: at most {limit} bytes")
    return body


def check_path_secret(given: str, secret: str) -> None:
    """Refuse with 403 whoever does not know the secret in the path.

    The comparison takes as long for a near miss as for a wild guess.
    """
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
        raise Rejected(403, "wrong secret")


def form_pairs(raw: Raw) -> list[tuple[str, str]]:
    """The fields of a posted form in their order, repeated ones and NULs included: as they were signed.

    Rejected: 415 for another content type or a charset we do not read, 400 for bytes that are no text of the charset.
    A percent sign that introduces nothing stands for itself (WHATWG URL, percent-decode).
    """
    return _pairs(raw.body, _form_charset(raw))


def form(raw: Raw) -> dict[str, str]:
    """The same by name, NULs dropped; Rejected 400 when a field is given twice."""
    pairs = form_pairs(raw)
    return _once(clean(pairs) if b"\0" in raw.body or b"%00" in raw.body else pairs)


def clean(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Fields without their NULs, which no database takes: the rest is heard."""
    return [(name.replace("\0", ""), value.replace("\0", "")) for name, value in pairs]


def query(raw: Raw, charset: str = "utf-8") -> dict[str, str]:
    """The fields of the query, by name; a repeated name keeps its first value, as gateways repeat empty ones."""
    found: dict[str, str] = {}
    for name, value in clean(_pairs(raw.query.encode("utf-8", "surrogateescape"), charset)):
        found.setdefault(name, value)
    return found


def json_object(raw: Raw) -> dict[str, Any]:
    """The body as a JSON object: NULs are dropped, what is no text (bytes, half a surrogate pair) reads as U+FFFD, so
    that one odd sign costs nobody their message. Rejected: 415 for a form, 400 for what is no JSON object.
    """
    if raw.header("content-type").startswith(FORM):
        raise Rejected(415, "content type: application/json")
    try:
        found = _decoded(raw.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected(400, "body: no JSON") from error
    if not isinstance(found, dict):
        raise Rejected(400, "body: no JSON object")
    return found


def _decoded(body: bytes) -> Any:
    if rb"\u0000" not in body:
        try:
            return msgspec.json.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass
    return msgspec.json.decode(_ODD.sub(_mended, body.decode("utf-8", "replace")))


def _mended(found: re.Match[str]) -> str:
    return "" if found["nul"] else "\ufffd" if found["lone"] else found[0]


def need(fields: Mapping[str, str], *names: str) -> tuple[str, ...]:
    """The named fields, in order; Rejected 400 with the names of those that are missing or empty."""
    if missing := [name for name in names if not fields.get(name)]:
        raise Rejected(400, f"missing field: {', '.join(missing)}")
    return tuple(fields[name] for name in names)


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Rejected(400, f"field given twice: {_shown(twice)}")
    return found


def _form_charset(raw: Raw) -> str:
    declared = raw.header("content-type")
    if declared == FORM:
        return "utf-8"
    kind, _, parameters = declared.partition(";")
    if kind.strip().lower() != FORM:
        raise Rejected(415, f"content type: {FORM}")
    _, _, name = parameters.strip().lower().partition("charset=")
    try:
        found = codecs.lookup(name.strip(" \"'") or "utf-8").name
    except (LookupError, ValueError):
        found = ""
    if found not in CHARSETS:
        raise Rejected(415, "charset: utf-8")
    return found


def _pairs(encoded: bytes, charset: str) -> list[tuple[str, str]]:
    # What dial strings are made of parts no fields, so it is decoded all at once: most requests escape nothing else.
    plain = encoded.replace(b"+", b" ").replace(b"%2A", b"*").replace(b"%23", b"#").replace(b"%2B", b"+")
    pairs = [part.partition("=")[::2] for part in plain.decode("latin-1").split("&") if part]
    if len(pairs) > MOST_FIELDS:
        raise Rejected(400, f"more than {MOST_FIELDS} fields")
    if plain.isascii() and b"%" not in plain:
        return pairs
    return [(key := _text(name, charset, ""), _text(value, charset, key)) for name, value in pairs]


def _text(written: str, charset: str, name: str) -> str:
    """A field's name (``name`` is empty) or value; what was written has a character for each byte."""
    try:
        return unquote_to_bytes(written.encode("latin-1")).decode(charset)
    except UnicodeDecodeError as error:
        raise Rejected(400, f"{_what(name)}: not {charset}") from error


def _what(name: str) -> str:
    return f"field {_shown(name)}" if name else "a field's name"


def _shown(name: str) -> str:
    """A field's name as an error may show it."""
    return name[:40] if name.isprintable() else "(unprintable)"

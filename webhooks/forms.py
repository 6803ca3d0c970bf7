"""Reads the forms that gateways post: whole, strictly, and never more of them than was agreed."""

import asyncio
import codecs
import hmac
from typing import Final
from urllib.parse import unquote_to_bytes

from aiohttp import web

FORM: Final = "application/x-www-form-urlencoded"

CHARSETS: Final = frozenset({"utf-8", "ascii", "iso8859-1", "cp1252"})
"""What gateways are known to write in, by Python's names."""

MOST_FIELDS: Final = 100

READ_WITHIN_S: Final = 10.0
"""A body that trickles in more slowly than this is not waited for."""


def check_secret(request: web.Request, secret: str) -> None:
    """Refuse with 403 whoever does not know the secret in the path; nothing of the body has been read yet.

    The comparison takes as long for a near miss as for a wild guess.
    """
    given = request.match_info["secret"].encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, secret.encode()):
        raise web.HTTPForbidden(text="wrong secret\n")


async def read_form(request: web.Request, limit: int) -> dict[str, str]:
    """The fields of a posted form of at most ``limit`` bytes.

    Raises the HTTP answer that says what is wrong: 415 for another content type or a charset we do not read, 413 over
    the limit, 408 when it does not arrive, 400 for bytes that are no text of the charset, a field given twice, a NUL.
    A percent sign that introduces nothing stands for itself (WHATWG URL, percent-decode).
    """
    charset = _charset(request)
    body = await read_body(request, limit)
    parts = [part for part in body.split(b"&") if part]
    if len(parts) > MOST_FIELDS:
        raise web.HTTPBadRequest(text=f"more than {MOST_FIELDS} fields\n")
    form: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition(b"=")
        key = _text(name, charset, "")
        if key in form:
            raise web.HTTPBadRequest(text=f"field given twice: {_shown(key)}\n")
        form[key] = _text(value, charset, key)
    return form


def need(form: dict[str, str], *names: str) -> tuple[str, ...]:
    """The named fields, in order; 400 with the names of those that are missing or empty."""
    if missing := [name for name in names if not form.get(name)]:
        raise web.HTTPBadRequest(text=f"missing field: {', '.join(missing)}\n")
    return tuple(form[name] for name in names)


def _charset(request: web.Request) -> str:
    if request.headers.get("Content-Type") == FORM:
        return "utf-8"
    if request.content_type != FORM:
        raise web.HTTPUnsupportedMediaType(text=f"content type: {FORM}\n")
    try:
        name = codecs.lookup(request.charset or "utf-8").name
    except (LookupError, ValueError):
        name = ""
    if name not in CHARSETS:
        raise web.HTTPUnsupportedMediaType(text="charset: utf-8\n")
    return name


async def read_body(request: web.Request, limit: int) -> bytes:
    """The whole body, of at most ``limit`` bytes once unpacked. 413 over the limit, 408 when it does not arrive, 400
    when it cannot be unpacked.
    """
    if (request.content_length or 0) > limit:
        raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=request.content_length or 0)
    if request.content.is_eof():
        return _bounded(request.content.read_nowait(-1), limit)
    body = bytearray()
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            while len(body) <= limit and (chunk := await request.content.read(limit + 1 - len(body))):
                body += chunk
    except TimeoutError as error:
        raise web.HTTPRequestTimeout(text="the body did not arrive\n") from error
    except web.RequestPayloadError as error:
        raise web.HTTPBadRequest(text="the body could not be read\n") from error
    return _bounded(bytes(body), limit)


def _bounded(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=len(body))
    return body


def _text(raw: bytes, charset: str, field: str) -> str:
    """A field's name (``field`` is empty) or value."""
    try:
        whole = unquote_to_bytes(raw.replace(b"+", b" ")) if b"%" in raw or b"+" in raw else raw
        text = whole.decode(charset)
    except UnicodeDecodeError as error:
        raise web.HTTPBadRequest(text=f"{_what(field)}: not {charset}\n") from error
    if "\0" in text:
        raise web.HTTPBadRequest(text=f"{_what(field)}: holds a NUL\n")
    return text


def _what(field: str) -> str:
    return f"field {_shown(field)}" if field else "a field's name"


def _shown(name: str) -> str:
    """A field's name as an error may show it."""
    return name[:40] if name.isprintable() else "(unprintable)"

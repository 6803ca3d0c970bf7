"""What may befall a request between its sender and us: cut, written in another charset, made huge, put in disorder."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from xml.etree import ElementTree as ET

from webhooks.raw import FORM, Raw

CUTS: Final = (0.0, 0.4, 0.8, 0.97)
LONGEST_QUERY: Final = 6_000
"""Characters; more than about 8 000 in a first line are refused by the server itself."""


def truncated(raw: Raw, _limit: int) -> Iterator[Raw]:
    """Cut in several places."""
    for part in CUTS:
        yield replace(raw, body=raw.body[: int(len(raw.body) * part)], query=raw.query[: int(len(raw.query) * part)])


def in_another_charset(raw: Raw, _limit: int) -> Iterator[Raw]:
    """Written in one charset and called by the same name, by another's, or by none that exists."""
    kind = raw.headers.get("content-type", "text/plain").partition(";")[0]
    text = raw.body.decode("utf-8", "replace")
    for charset, named in (("utf-16", "utf-16"), ("cp1252", "windows-1252"), ("utf-8", "utf-16"), ("utf-8", "bogus")):
        headers = {**raw.headers, "content-type": f"{kind}; charset={named}"}
        yield replace(raw, headers=headers, body=text.encode(charset, "replace"))
    yield replace(raw, body=text.encode("latin-1", "replace") + (b"&x=%E9" if kind == FORM else b"\xe9"))
    if raw.query:
        yield replace(raw, query=f"{raw.query}&x=%E9%FF")


def huge(raw: Raw, limit: int) -> Iterator[Raw]:
    """As large as may be, and larger."""
    if raw.method == "GET":
        yield replace(raw, query=f"{raw.query}&filler={'x' * LONGEST_QUERY}")
        return
    for size in (limit, limit + 1):
        yield replace(raw, body=_filled(raw, size - len(raw.body)))


def _filled(raw: Raw, size: int) -> bytes:
    kind = raw.headers.get("content-type", "")
    if kind.startswith(FORM):
        return raw.body + b"&filler=" + b"x" * (size - 8)
    return raw.body + (b"<!--" + b"x" * (size - 7) + b"-->" if raw.body.startswith(b"<") else b" " * size)


def reordered(raw: Raw, _limit: int) -> Iterator[Raw]:
    """The same fields from the last to the first."""
    kind, body = raw.headers.get("content-type", ""), raw.body
    if kind.startswith(FORM):
        body = _turned(body.decode("latin-1")).encode("latin-1")
    elif body.startswith(b"<"):
        body = _turned_xml(body)
    elif body:
        body = _turned_json(body)
    yield replace(raw, body=body, query=_turned(raw.query))


def _turned(encoded: str) -> str:
    return "&".join(reversed(encoded.split("&")))


def _turned_json(body: bytes) -> bytes:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return body
    return json.dumps(_backwards(found)).encode()


def _backwards(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _backwards(found[name]) for name in reversed(found)}
    return [_backwards(part) for part in found] if isinstance(found, list) else found


def _turned_xml(body: bytes) -> bytes:
    try:
        root = ET.fromstring(body)  # noqa: S314 - our own tables
    except (ET.ParseError, LookupError, ValueError):
        return body
    for holder in list(root.iter()):
        if not any(len(child) for child in holder):
            holder[:] = list(reversed(holder))
    return ET.tostring(root)


TREATMENTS: Final[Mapping[str, Callable[[Raw, int], Iterator[Raw]]]] = {
    "truncated": truncated,
    "other charset": in_another_charset,
    "huge": huge,
    "reordered": reordered,
}
"""Those that change what is sent; it is signed anew afterwards."""

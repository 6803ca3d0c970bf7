"""One bounded download: from the hosts that were named and no others, wherever a redirect points to."""

from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import msgspec
from yarl import URL

from core.kit.errors import ProviderError
from core.notices.attachments import LARGEST, Unwanted

REDIRECTS: Final = 3
LARGEST_JSON: Final = 64 * 1024

_TIMEOUT: Final = aiohttp.ClientTimeout(total=40, connect=6, sock_connect=5, sock_read=12)
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_AGAIN: Final = frozenset({404, 408, 425, 429, 500, 502, 503, 504})
"""404 too: a file may be told before its provider has it everywhere."""

_PLAIN: Final = {"Accept-Encoding": "identity"}
"""Nothing that swells when it is unpacked."""

Hosts = Mapping[URL, Mapping[str, str]]
"""Origins that may be asked (scheme, host and port), and the headers each of them is shown."""


def origin(url: str) -> URL:
    """Where an address leads, without its path. ValueError for what is no absolute http(s) address."""
    return URL(url).origin()


async def download(http: aiohttp.ClientSession, url: str, hosts: Hosts) -> bytes:
    """The body at an address, of at most LARGEST bytes. Raises Unwanted and ProviderError.

    Each hop is asked with the headers of its own host only, so that no credentials travel on.
    """
    target = _checked(url, hosts)
    for _ in range(REDIRECTS + 1):
        status, found, location = await _get(http, target, hosts[target.origin()], LARGEST)
        if status not in _MOVED:
            return _body(status, found)
        target = _checked(_joined(target, location), hosts)
    raise ProviderError("redirects", retryable=False)


async def ask(http: aiohttp.ClientSession, url: URL, headers: Mapping[str, str]) -> dict[str, Any]:
    """A JSON object from one of the providers' own interfaces. Raises Unwanted and ProviderError."""
    status, body, _ = await _get(http, url, headers, LARGEST_JSON)
    try:
        found = msgspec.json.decode(_body(status, body, LARGEST_JSON))
    except msgspec.MsgspecError as error:
        raise ProviderError("unreadable_answer", retryable=True) from error
    if not isinstance(found, dict):
        raise ProviderError("unreadable_answer", retryable=True)
    return found


async def _get(http: aiohttp.ClientSession, url: URL, headers: Mapping[str, str], limit: int) -> tuple[int, bytes, str]:
    """Status, body (at most one byte over the limit) and where it moved to."""
    try:
        async with http.get(
            url, headers={**_PLAIN, **headers}, timeout=_TIMEOUT, allow_redirects=False, auto_decompress=False
        ) as answer:
            if answer.status == 200 and (answer.content_length or 0) > limit:
                raise Unwanted("too_large")
            return answer.status, await _bounded(answer, limit), answer.headers.get("Location", "")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise ProviderError("no_answer", retryable=True) from error


async def _bounded(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    if answer.status != 200:
        return b""
    body = bytearray()
    while len(body) <= limit and (chunk := await answer.content.read(limit + 1 - len(body))):
        body += chunk
    return bytes(body)


def _body(status: int, body: bytes, limit: int = LARGEST) -> bytes:
    if status != 200:
        raise ProviderError(f"http_{status}", retryable=status in _AGAIN)
    if len(body) > limit:
        raise Unwanted("too_large")
    return body


def _checked(url: URL | str, hosts: Hosts) -> URL:
    """The address, when it leads where one may go."""
    try:
        target = URL(url)
        known = target.origin() in hosts and not target.user and not target.password
    except (ValueError, TypeError):
        known = False
    if not known:
        raise Unwanted("host")
    return target


def _joined(here: URL, location: str) -> URL | str:
    try:
        return here.join(URL(location))
    except ValueError:
        return ""

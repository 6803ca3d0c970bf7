"""One request to a provider: its answer within a size and a time, or what may have become of the message."""

from typing import Any, Final

import aiohttp

from core.kit.errors import ProviderError

LARGEST_ANSWER: Final = 256 * 1024
"""Bytes of an answer that are read."""

TIMEOUT: Final = aiohttp.ClientTimeout(total=20, connect=6, sock_connect=5, sock_read=12)

STATUS_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503})
"""Answers of a server that took nothing and may take it later."""

STATUS_UNKNOWN: Final = frozenset({504})
"""Something in front of the provider tired of waiting for its answer; the message may be on its way."""


async def exchange(
    http: aiohttp.ClientSession, method: str, url: str, *, within: aiohttp.ClientTimeout = TIMEOUT, **request: Any
) -> tuple[int, bytes]:
    """Status and body, at most one byte more than LARGEST_ANSWER; redirects are not followed.

    Raises ProviderError: ``unreachable`` (retryable) when nothing was sent, ``no_answer`` (unknown) when the request
    was written and no whole answer came.
    """
    try:
        async with http.request(method, url, timeout=within, allow_redirects=False, **request) as answer:
            return answer.status, await _body(answer)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise ProviderError("unreachable", retryable=True) from error
    except (TimeoutError, aiohttp.ClientError) as error:
        raise ProviderError("no_answer", retryable=False, unknown=True) from error


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    while len(body) <= LARGEST_ANSWER and (chunk := await answer.content.read(LARGEST_ANSWER + 1 - len(body))):
        body += chunk
    return bytes(body)


def by_status(status: int) -> ProviderError:
    """What an answer without any code of the provider's own means."""
    return ProviderError(f"http_{status}", retryable=status in STATUS_AGAIN, unknown=status in STATUS_UNKNOWN)

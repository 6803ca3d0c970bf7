"""python-telegram-bot's requests over the worker's own HTTP session, judged like those to every other provider."""

from collections.abc import Mapping
from typing import Final

import aiohttp
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.send.exchange import LARGEST_ANSWER, STATUS_UNKNOWN, exchange
from core.kit.errors import ProviderError

POOL_S: Final = 3.0
CONNECT_S: Final = 5.0
WRITE_S: Final = 8.0
UPLOAD_S: Final = 20.0
READ_S: Final = 12.0
"""Seconds until a connection is free, until it is made, until the request (with files: the upload) is written, and
without a byte of the answer.
"""

FORM: Final = "application/x-www-form-urlencoded"


class Unanswered(NetworkError):
    """There was no answer of Telegram's; ``verdict`` says whether the request can have been taken.

    It names no cause: the errors of HTTP clients show addresses, and this address holds the token.
    """

    def __init__(self, verdict: ProviderError) -> None:
        super().__init__(verdict.code)
        self.verdict = verdict


class SessionRequest(BaseRequest):
    """The package's extension point for HTTP. The session is handed in and closed by whoever made it."""

    __slots__ = ("_http",)

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    @property
    def read_timeout(self) -> float:
        """In seconds."""
        return READ_S

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of the answer; a time-out is in seconds, None for none. Raises Unanswered.

        Files are not fetched with this: answers longer than ``LARGEST_ANSWER`` are not read.
        """
        files = request_data is not None and request_data.contains_files
        read, connect = _limit(read_timeout, READ_S), _limit(connect_timeout, CONNECT_S)
        write, pool = _limit(write_timeout, UPLOAD_S if files else WRITE_S), _limit(pool_timeout, POOL_S)
        within = aiohttp.ClientTimeout(
            total=_sum(pool, connect, write, read), connect=_sum(pool, connect), sock_connect=connect, sock_read=read
        )
        try:
            status, body = await exchange(self._http, method, url, within=within, **self._content(request_data))
        except ProviderError as error:
            raise Unanswered(error) from None
        if status in STATUS_UNKNOWN or len(body) > LARGEST_ANSWER:
            raise Unanswered(ProviderError("no_answer", retryable=False, unknown=True))
        return status, body

    def _content(self, given: RequestData | None) -> Mapping[str, object]:
        """What goes into the request; a form is encoded here, for the session's own way of it takes longer."""
        headers = {"User-Agent": self.USER_AGENT}
        if given is None:
            return {"headers": headers}
        if not given.contains_files:
            return {"headers": {**headers, "Content-Type": FORM}, "data": given.url_encoded_parameters().encode()}
        form = aiohttp.FormData(given.json_parameters)
        for name, (filename, content, kind) in given.multipart_data.items():
            form.add_field(name, content, filename=filename, content_type=kind)
        return {"headers": headers, "data": form}


def _limit(given: object, usual: float) -> float | None:
    """In seconds; the package marks what was not given by a value of its own."""
    if given is None:
        return None
    return float(given) if isinstance(given, int | float) else usual


def _sum(*limits: float | None) -> float | None:
    return None if None in limits else sum(filter(None, limits))

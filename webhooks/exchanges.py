"""The channel log: each raw exchange with a gateway or provider as one line, with nothing in it that must stay secret.

It is off unless ``TOIT_LOG_EXCHANGES`` is set: meant for the days in which a gateway is connected. What it shows is
the shape of an exchange: secrets, tokens, signatures and every run of four digits or more are masked, of a session
everything but the gateway's own small words, and no header is shown but the content type.
"""

import html
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from core.kit.log import get_log
from core.kit.settings import Settings
from webhooks.raw import RAW, Raw

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Write = Callable[[Mapping[str, Any]], None]

CAP: Final = 2_000
"""Characters of a body that are shown."""

READ: Final = 64 * 1024
"""Bytes of a body that are looked at; no gateway sends more, and what is masked costs time."""

MASK: Final = "***"

_DIGITS: Final = re.compile(r"\d(?:[\W_]{0,3}\d){3,}")
"""Four digits or more, also where they are set apart as people write numbers."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9+/=_-]{24,}")
"""What is as long as a key, a signature or text in base64."""

_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_BOT: Final = re.compile(r"/bot[^/]*/")
_ELEMENT: Final = re.compile(r"<(/?[A-Za-z][\w:.-]*)[^<>]*>([^<>]*)")
_NAME: Final = re.compile(r"[\w.-]{0,40}")

_SECRET: Final = re.compile(
    r"token|secret|passw|signature|authoriz|api.?key|apikey|^key$|^pin$|challenge|cookie|subscription", re.IGNORECASE
)
"""Names of fields whose value is never shown."""

_SMALL: Final = frozenset(
    "abort action charge clean continuesession error exitcode message_type messagetype mode msgtype network networkcode"
    " newrequest newsession opcode reason responseexitcode session_operation session_type shouldclose status"
    " statuscode statusmessage type ussdoptype userinputrequired".split()
)
"""Fields of sessions that never hold what somebody said; of these short values are shown."""


class Exchanges:
    """Writes the lines; ``write`` takes the fields of one."""

    def __init__(self, settings: Settings, write: Write | None = None) -> None:
        self._mask = _Masker(settings)
        self._write = write or _to_the_log

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Around every handler, outermost: what came in and what it was answered."""
        try:
            answer = await handler(request)
        except web.HTTPException as error:
            self._came_in(request, error)
            raise
        self._came_in(request, answer)
        return answer

    def _came_in(self, request: web.Request, answer: web.StreamResponse) -> None:
        resource = request.match_info.route.resource
        raw = request.get(RAW) or Raw(request.method, "")
        body = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b""
        session = "/ussd/" in (resource.canonical if resource else "")
        self._write(
            {
                "direction": "in",
                "method": request.method,
                "route": resource.canonical if resource else "none",
                "query": self._mask.body(raw.query.encode("utf-8", "replace"), session=session),
                "type": raw.header("content-type")[:60],
                "body": self._mask.body(raw.body, session=session),
                "status": answer.status,
                "answer": self._mask.body(body, session=session),
            }
        )

    def tracing(self) -> aiohttp.TraceConfig:
        """For a client session: what went out and how it was answered, without the answer's body (it is a stream)."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(_begin)
        trace.on_request_chunk_sent.append(_sent)
        trace.on_request_end.append(self._ended)
        trace.on_request_exception.append(self._failed)
        return trace

    async def _ended(self, _session: Any, told: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        self.went_out(params.method, str(params.url), bytes(told.sent), params.response.status)

    async def _failed(self, _session: Any, told: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams) -> None:
        self.went_out(params.method, str(params.url), bytes(told.sent), 0, type(params.exception).__name__.encode())

    def went_out(self, method: str, url: str, body: bytes, status: int, answer: bytes = b"") -> None:
        """One request of ours; ``status`` is 0 and ``answer`` the kind of error when there was no answer."""
        address, _, query = _BOT.sub(f"/bot{MASK}/", url).partition("?")
        self._write(
            {
                "direction": "out",
                "method": method,
                "url": "/".join(map(self._mask.text, address.split("/"))),
                "query": self._mask.body(query.encode("utf-8", "replace")),
                "body": self._mask.body(body),
                "status": status,
                "answer": self._mask.body(answer),
            }
        )


async def _begin(_session: Any, told: SimpleNamespace, _params: aiohttp.TraceRequestStartParams) -> None:
    told.sent = bytearray()


async def _sent(_session: Any, told: SimpleNamespace, params: aiohttp.TraceRequestChunkSentParams) -> None:
    told.sent += params.chunk[: READ - len(told.sent)]


def _to_the_log(fields: Mapping[str, Any]) -> None:
    get_log("channel").info("exchange", **fields)


class _Masker:
    """Shows a body without what is secret in it."""

    def __init__(self, settings: Settings) -> None:
        given = [value for _, value in settings if isinstance(value, SecretStr)]
        self._secrets = sorted((one.get_secret_value() for one in given if one), key=len, reverse=True)

    def body(self, body: bytes, *, session: bool = False) -> str:
        """A form, JSON, XML or plain text; decoded first, so that nothing hides behind its encoding."""
        if not body:
            return ""
        text = body[:READ].decode("utf-8", "replace").strip()
        shown = "".join(mark if mark.isprintable() else " " for mark in self._structured(text, session=session))
        return shown[:CAP] + ("..." if len(shown) > CAP or len(body) > READ else "")

    def _structured(self, text: str, *, session: bool) -> str:
        if text.startswith(("{", "[")):
            try:
                return json.dumps(self._value("", json.loads(text), session=session), ensure_ascii=False)
            except (ValueError, RecursionError):
                return MASK
        if text.startswith("<"):
            return self._markup(text, session=session)
        if "=" in text:
            pairs = parse_qsl(text, keep_blank_values=True)
            return "&".join(f"{self._name(name)}={self._leaf(name, value, session=session)}" for name, value in pairs)
        return MASK if session else self.text(text)

    def _value(self, name: str, value: object, *, session: bool) -> object:
        if isinstance(value, dict):
            return {self._name(key): self._value(key, inner, session=session) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._value(name, inner, session=session) for inner in value]
        if value is None or isinstance(value, bool):
            return value
        return self._leaf(name, str(value), session=session)

    def _name(self, name: str) -> str:
        """A field's name; what does not look like one may be anything."""
        return self.text(name) if _NAME.fullmatch(name) else MASK

    def _leaf(self, name: str, value: str, *, session: bool) -> str:
        if not value:
            return ""
        if _SECRET.search(name):
            return MASK
        if session and (name.lower() not in _SMALL or len(value) > 16):
            return MASK
        return self.text(value)

    def _markup(self, text: str, *, session: bool) -> str:
        """Elements and the text behind each; attributes, comments and whatever stands elsewhere are left out."""
        return "".join(
            f"<{match[1]}>{self._leaf(match[1].rpartition(':')[2], html.unescape(match[2].strip()), session=session)}"
            for match in _ELEMENT.finditer(text)
        )

    def text(self, text: str) -> str:
        """Words without secrets, tokens and numbers."""
        if _PERCENT.search(text):
            text = unquote_plus(text)
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _DIGITS.sub(MASK, _TOKEN.sub(MASK, text))

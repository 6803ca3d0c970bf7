"""Reading what callers send and answering in JSON, with a clear refusal instead of a stack trace."""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from sandbox.numbers import NotANumberError, digits

T = TypeVar("T")


class RefusalError(Exception):
    """The request is answered with this response and nothing else happens."""

    def __init__(self, response: web.Response) -> None:
        """Carry the response that goes out."""
        super().__init__(response.status)
        self.response = response


def refuse(status: int, message: str, **more: object) -> RefusalError:
    """A refusal in the sandbox's own JSON."""
    return RefusalError(json(dict(more, error=message), status))


def json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer."""
    body = msgspec.json.encode(value)
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


async def read_json(request: web.Request, shape: type[T]) -> T:
    """The body as `shape`; refuses (400) malformed JSON, unknown fields and wrong types."""
    body = await request.read()
    try:
        return msgspec.json.decode(body or b"{}", type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise refuse(400, f"cannot read the JSON body: {wrong}") from wrong


async def read_form(request: web.Request) -> dict[str, str] | None:
    """The fields of a UTF-8 form; None when the body is no such form."""
    body = await request.read()
    if "application/x-www-form-urlencoded" not in request.headers.get("Content-Type", ""):
        return None
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except ValueError:
        return None


def msisdn_of(request: web.Request) -> str:
    """The phone in the path, with or without `+`; refuses (400) what is no number."""
    try:
        return digits(request.match_info["msisdn"])
    except NotANumberError as wrong:
        raise refuse(400, str(wrong)) from wrong

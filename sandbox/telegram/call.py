"""One call of the Bot API: its parameters, however they were sent, and how it is refused."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web

from sandbox.answers import json


class RefusedError(Exception):
    """The call has no effect; the description is what the vendor says."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        """An error code of HTTP, what is said, and what a client should mind."""
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(what: str) -> RefusedError:
    """A call that cannot be done."""
    return RefusedError(400, f"Bad Request: {what}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent with the call."""

    name: str
    mime: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A method and its parameters; nested ones may have come as JSON text."""

    method: str
    given: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text, "" when it is missing."""
        value = self.given.get(name, "")
        return value if isinstance(value, str) else str(value)

    def number(self, name: str) -> int:
        """A whole number, 0 when there is none; ids have at most 52 bits."""
        try:
            found = int(self.text(name) or 0)
        except ValueError:
            return 0
        return found if abs(found) < 1 << 52 else 0

    def degrees(self, name: str, most: float) -> float:
        """An angle; refuses what is none."""
        try:
            found = float(self.text(name))
        except ValueError:
            found = math.nan
        if not abs(found) <= most:
            raise bad(f"{name} must be a valid number")
        return found

    def flag(self, name: str) -> bool:
        """Whether something was asked for."""
        return self.text(name).lower() in {"true", "1"}

    def nested(self, name: str) -> Any:
        """An object or a list, None when it is missing; refuses what is no JSON."""
        value = self.given.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return msgspec.json.decode(value)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from wrong


async def read_call(request: web.Request) -> Call:
    """The call in a request: a query, a form, a form with files, or JSON."""
    method = request.match_info["method"]
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return Call(method, {**given, **await _object(request)})
    files: dict[str, Upload] = {}
    try:
        form = await request.post()
    except ValueError as wrong:
        raise bad("can't parse the request") from wrong
    for name, value in form.items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            given[name] = value if isinstance(value, str) else bytes(value).decode(errors="replace")
    return Call(method, given, files)


async def _object(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    try:
        return msgspec.json.decode(body or b"{}", type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise bad("can't parse JSON object") from wrong


def answer(result: object) -> web.Response:
    """What a call that was done is answered with."""
    return json({"ok": True, "result": result})


def refusal(why: RefusedError) -> web.Response:
    """What a refused call is answered with."""
    body: dict[str, object] = {"ok": False, "error_code": why.code, "description": why.description}
    return json({**body, "parameters": why.parameters} if why.parameters else body, why.code)

"""A provider on loopback that answers as it is told, and keeps what it was asked."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

JSON = "application/json"


@dataclass(frozen=True)
class Asked:
    """One request: method, path with its query, headers, the form or the JSON, and the files of the form by field."""

    method: str
    path: str
    headers: dict[str, str]
    form: list[tuple[str, str]]
    json: Any
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """A field of the JSON, or the values of a name in the form."""
        if self.json is not None:
            return self.json[name]
        values = [value for key, value in self.form if key == name]
        return values[0] if len(values) == 1 else values

    def get(self, name: str) -> Any:
        """The same; None where there is none."""
        return self[name] if self.json is None or name in self.json else None


@dataclass(frozen=True)
class Answer:
    """What the provider says."""

    status: int
    body: bytes | str
    kind: str = JSON


Rule = Callable[[Asked], Answer | None]


@dataclass
class Vendor:
    """Answers by the script while there is one, then by the rule."""

    rule: Rule = lambda _: None
    script: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.Response:
        """Keep the request, and answer it."""
        asked = await _read(request)
        self.asked.append(asked)
        answer = self.rule(asked) or (self.script.pop(0) if self.script else Answer(404, "nothing here", "text/plain"))
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        return web.Response(status=answer.status, body=body, headers={"Content-Type": answer.kind, "Location": "/x"})


async def _read(request: web.Request) -> Asked:
    headers, path = dict(request.headers), str(request.rel_url)
    if request.content_type == JSON:
        return Asked(request.method, path, headers, [], await request.json())
    given = (await request.post()).items()
    files = {
        name: (value.filename, value.content_type, value.file.read())
        for name, value in given
        if isinstance(value, web.FileField)
    }
    form = [(name, str(value)) for name, value in given if not isinstance(value, web.FileField)]
    return Asked(request.method, path, headers, form, None, files)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    """The provider, listening."""
    found = Vendor()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.handle)
    server = TestServer(app)
    await server.start_server()
    found.url = str(server.make_url("/")).rstrip("/")
    yield found
    await server.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """The worker's session."""
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield session

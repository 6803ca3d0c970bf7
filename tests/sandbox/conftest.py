"""A sandbox on a free port, and a tiny app beside it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.server import make_app
from sandbox.settings import Settings
from tests.patience import PATIENCE_S
from tests.sandbox.side import SCALE, TENANT, Client, Mtn, Start, TinyApp, log_in


@pytest.fixture
async def tiny() -> AsyncIterator[TinyApp]:
    app = TinyApp()
    served = web.Application()
    served.router.add_route("*", "/{path:.*}", app.handle)
    async with TestServer(served) as server:
        app.url = str(server.make_url("")).rstrip("/")
        yield app


@pytest.fixture
def settings(tmp_path: Path, tiny: TinyApp) -> Settings:
    return Settings(home=tmp_path, app=tiny.url, secret="s3cret", time_scale=SCALE, shortest_limit=PATIENCE_S)


@pytest.fixture
async def start(settings: Settings) -> AsyncIterator[Start]:
    """Start a sandbox with other settings; the same home means the same memory."""
    started: list[Client] = []

    async def run(**changes: Any) -> Client:
        client = TestClient(TestServer(await make_app(replace(settings, **changes))))
        await client.start_server()
        started.append(client)
        return client

    yield run
    for client in started:
        await client.close()


@pytest.fixture
async def client(start: Start) -> Client:
    return await start()


@pytest.fixture
async def mtn(client: Client, tiny: TinyApp, settings: Settings) -> Mtn:
    return await log_in(client, tiny, settings)


@pytest.fixture
def people_file(settings: Settings) -> Path:
    """The people as the app's seeding writes them."""
    path = settings.home / "people.json"
    person = {"name": "Ngono Bella Awa", "roles": ["tenant"], "number": f"+{TENANT}", "pin": "4821", "lease": None}
    path.write_bytes(msgspec.json.encode([person]))
    return path

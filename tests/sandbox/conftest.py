"""A sandbox on a free port, and a tiny app beside it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.server import make_app
from sandbox.settings import Settings
from tests.sandbox.side import SCALE, Client, Mtn, TinyApp, log_in


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
    return Settings(home=tmp_path, app=tiny.url, secret="s3cret", time_scale=SCALE)


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    async with TestClient(TestServer(await make_app(settings))) as started:
        yield started


@pytest.fixture
async def mtn(client: Client, tiny: TinyApp, settings: Settings) -> Mtn:
    return await log_in(client, tiny, settings)


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session

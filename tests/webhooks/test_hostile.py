"""Hostile requests at every route, a few hundred of them; ``python -m tests.soak --hostile`` sends many more."""

from collections.abc import AsyncIterator
from random import Random

import pytest
from aiohttp.test_utils import TestServer

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.settings import Settings
from tests.soak.hostile import Hostile
from tests.soak.tally import Tally
from webhooks.app import make_app
from webhooks.front import Front


@pytest.fixture
async def app(planted: Database, clock: FixedClock) -> AsyncIterator[str]:
    async with TestServer(make_app(Front.build(planted, Settings(_env_file=None), clock))) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def url(planted: Database) -> str:
    async with planted.held() as connection:
        name = await connection.fetchval("SELECT current_database()")
        folder = await connection.fetchval("SHOW unix_socket_directories")
    return f"postgresql://postgres:@/{name}?host={folder}"


async def test_nothing_falls_over_is_believed_or_stored(app: str, url: str) -> None:
    tally = Tally()
    await Hostile(app, url, tally, Random(384)).attack(rounds=5, every=9)  # noqa: S311 - the same each time
    assert tally.breaches == []
    assert tally.total("hostile: ") > 300

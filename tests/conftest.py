"""What tests share: a private PostgreSQL, and a fresh migrated database for each test that asks for one."""

import asyncio
import gc
import itertools
import json
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import fasteners
import hypothesis
import pytest
from coverage import Coverage

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.embedded import Embedded
from core.kit.settings import Settings
from tests.patience import PATIENCE_S
from tests.postgres import prepare, quick_folder
from webhooks.seed import seed

MOMENT = datetime(2026, 11, 5, 8, 0, tzinfo=UTC)

LONGEST = (
    "crawl/test_crawl", "webhooks/test_house", "page/test_real", "scenario/test_house", "webhooks/test_hostile",
    "core/money/test_model", "webhooks/test_cli", "crawl/test_places", "page/test_page", "page/test_chats",
    "webhooks/test_conversations", "sandbox/test_pictures",
)  # fmt: skip
"""Files that are begun first, so that nobody waits for them in the end; the others come in random order."""

_numbers = itertools.count(1)

os.environ["TOIT_ANSWER_WITHIN_S"] = str(PATIENCE_S)  # nobody is told to wait because the machine is busy

hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("busy")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also what takes minutes, as make soak does")
    parser.addoption("--update", action="store_true", help="write golden transcripts and this version's places anew")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, each as it was shuffled."""
    rank = {f"tests/{name}.py": number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(rank)))


def pytest_collection_finish() -> None:
    """What was collected stays to the end; to look for garbage in it again and again costs a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Tracing a walk of many thousand turns costs more than the walk, and shows no line that other tests do not."""
    tracing = Coverage.current() if item.get_closest_marker("untraced") else None
    if tracing is None:
        return (yield)
    tracing.stop()
    try:
        return (yield)
    finally:
        tracing.start()


@pytest.fixture(scope="session")
def server() -> Iterator[Embedded]:
    """A private PostgreSQL with a migrated template database, shared by the processes of one test run.

    It lives outside pytest's own folder, which another run may close to PostgreSQL's user at any moment.
    """
    shared = _folder()
    shared.mkdir(mode=0o755, exist_ok=True)
    with fasteners.InterProcessLock(shared.with_suffix(".lock")):
        embedded = Embedded.start(shared / "pg")
        if not (shared / "template.ready").exists():
            prepare(embedded, "template_toit")
            (shared / "template.ready").touch()
        (shared / f"user-{os.getpid()}").touch()
    yield embedded
    with fasteners.InterProcessLock(shared.with_suffix(".lock")):
        embedded.close()
        (shared / f"user-{os.getpid()}").unlink()
        if not list(shared.glob("user-*")):
            shutil.rmtree(shared)
            shared.with_suffix(".lock").unlink()


def _folder() -> Path:
    """What the processes of one test run share."""
    return quick_folder() / f"toit-test-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"


@pytest.fixture
async def database_url(server: Embedded) -> AsyncIterator[str]:
    """The address of a fresh migrated database, dropped afterwards."""
    async with _clone(server, "template_toit") as url:
        yield url


@asynccontextmanager
async def _clone(server: Embedded, template: str) -> AsyncIterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    admin = await asyncpg.connect(server.url())
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield server.url(name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture(scope="session")
def _planted(server: Embedded) -> None:
    """A template with the demo's people, planted once a run at the moment of ``clock``."""
    with fasteners.InterProcessLock(_folder().with_suffix(".lock")):
        if (_folder() / "people.json").exists():
            return
        server.psql("CREATE DATABASE template_planted TEMPLATE template_toit")
        asyncio.run(_plant(server.url("template_planted")))


async def _plant(url: str) -> None:
    database = await Database.open(url, size=2)
    await seed(database, Settings(_env_file=None), FixedClock(MOMENT), _folder())
    await database.close()


@pytest.fixture
async def planted_url(server: Embedded, _planted: None) -> AsyncIterator[str]:
    """The address of a fresh database where the demo's people live, at the moment of ``clock``."""
    async with _clone(server, "template_planted") as url:
        yield url


@pytest.fixture
async def planted(planted_url: str) -> AsyncIterator[Database]:
    """A pool on that database."""
    database = await Database.open(planted_url)
    yield database
    await database.close()


@pytest.fixture
def people(_planted: None) -> list[dict[str, Any]]:
    """Who lives in the planted database: name, roles, number, PIN and lease, the tenants first."""
    found: list[dict[str, Any]] = json.loads((_folder() / "people.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A pool on a fresh migrated database."""
    database = await Database.open(database_url)
    yield database
    await database.close()


@pytest.fixture
def clock() -> FixedClock:
    """Thursday 5 November 2026, 09:00 in Douala."""
    return FixedClock(MOMENT)

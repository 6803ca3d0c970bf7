"""Fresh databases for days that are compared with each other."""

import itertools
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from core.kit.embedded import Embedded
from tests.scenario.script import MARIE

Fresh = Callable[[], AbstractAsyncContextManager[str]]
_numbers = itertools.count(1)


@pytest.fixture
def fresh(server: Embedded, _planted: None) -> Fresh:
    """Addresses of new databases where the demo's people live, at the moment of ``clock``."""

    @asynccontextmanager
    async def new() -> AsyncIterator[str]:
        name = f"day_{os.getpid()}_{next(_numbers)}"
        server.psql(f"CREATE DATABASE {name} TEMPLATE template_planted STRATEGY file_copy")
        yield server.url(name)
        server.psql(f"DROP DATABASE {name} WITH (FORCE)")

    return new


@pytest.fixture
def pin(people: list[dict[str, Any]]) -> str:
    """Marie's."""
    return next(str(one["pin"]) for one in people if one["number"] == MARIE)

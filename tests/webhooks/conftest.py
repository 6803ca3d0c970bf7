"""A whole house for each test that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.house import House


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """App, worker and sandbox as processes, with the demo's people."""
    found = House(database_url, tmp_path)
    await found.plant()
    try:
        await found.open()
        yield found
    finally:
        await found.close()

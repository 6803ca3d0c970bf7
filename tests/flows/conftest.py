"""What the tests of the flows share: a house to talk to, and transcripts that can be written anew."""

from collections.abc import Callable

import pytest

from core.desk import Desk
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.people.speaker import identify
from tests.talking import House, Talk, same_as_before


@pytest.fixture
def house(db: Database, clock: FixedClock) -> House:
    """The whole house on an empty database."""
    return House(db, clock, Desk(), identify)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Talk, str], None]:
    """Compares a conversation with its transcript."""
    return lambda talk, name: same_as_before(talk, name, update=request.config.getoption("--update", default=False))

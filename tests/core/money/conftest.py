"""What the tests of money share."""

import pytest

from core.kit.clock import FixedClock
from core.kit.db import Database
from tests.core.money.village import Village


@pytest.fixture
def village(db: Database, clock: FixedClock) -> Village:
    """An empty village."""
    return Village(db, clock)

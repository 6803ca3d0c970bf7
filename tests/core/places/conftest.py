"""What the tests of places share."""

import pytest

from core.places.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The gazetteer that comes with the house."""
    return Gazetteer.load()

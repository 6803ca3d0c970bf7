"""Somebody who has written to the number."""

import pytest

from tests.sandbox.side import Client, TinyApp, say


@pytest.fixture
async def opened(client: Client, tiny: TinyApp) -> TinyApp:
    """Somebody has written: anything may be sent to them for a day."""
    await say(client, "whatsapp", text="Bonjour")
    tiny.calls.clear()
    return tiny

"""The package as a client, and somebody who has written on WhatsApp."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from twilio.http.async_http_client import AsyncTwilioHttpClient

from tests.patience import PATIENCE_S
from tests.sandbox.side import Client, TinyApp, say
from tests.sandbox.twilio.side import package


@pytest.fixture
async def twilio(client: Client) -> AsyncIterator[Any]:
    http = AsyncTwilioHttpClient(timeout=PATIENCE_S)
    yield package(client, http=http)
    await http.close()


@pytest.fixture
async def opened(client: Client, tiny: TinyApp) -> TinyApp:
    """Somebody has written on WhatsApp: anything may be sent to them for a day."""
    await say(client, "whatsapp", text="Bonjour", via="twilio")
    tiny.calls.clear()
    return tiny

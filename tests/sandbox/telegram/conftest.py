"""The library as a client, and a chat that its owner has opened."""

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
)

from tests.sandbox.side import Client, TinyApp, say
from tests.sandbox.telegram.side import HOOK, bot_at


@pytest.fixture
async def bot(client: Client) -> AsyncIterator[Bot]:
    async with bot_at(client) as found:
        yield found


@pytest.fixture
async def chat(client: Client, tiny: TinyApp) -> int:
    """A chat that its owner has opened."""
    await say(client, "telegram", text="/start")
    return int(tiny.to(HOOK)[0].json["message"]["chat"]["id"])

"""A payment through the sandbox's MTN from the first word to the receipt, with the operator's own log as witness."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from core.kit.clock import SystemClock
from core.kit.db import Database
from core.kit.month import Month
from core.kit.settings import Settings
from core.money.attempts import Collector
from core.money.books import verify_books
from core.money.mtn import Mtn
from core.money.tokens import MemoryTokens
from sandbox.server import make_app
from sandbox.settings import Settings as SandboxSettings
from tests.core.money.test_attempts import attempt, begin
from tests.core.money.village import Village
from tests.patience import PATIENCE_S, until


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[TestServer]:
    server = TestServer(await make_app(SandboxSettings(home=tmp_path, time_scale=1_000.0, shortest_limit=PATIENCE_S)))
    await server.start_server()
    yield server
    await server.close()


@pytest.mark.parametrize(
    ("behaviour", "fault", "state"),
    [
        ("approve", None, "succeeded"),
        ("approve", "drop_after", "succeeded"),
        ("approve", "500_html", "succeeded"),
        ("approve", "drop_before", "succeeded"),
        ("reject", None, "failed"),
    ],
)
async def test_from_the_first_word_to_the_books(
    db: Database, village: Village, sandbox: TestServer, behaviour: str, fault: str | None, state: str
) -> None:
    village.clock.at = SystemClock().now()
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await village.owe(1, marie, paul, 85_000, Month(2026, 11))
    async with aiohttp.ClientSession(base_url=sandbox.make_url("/")) as http:
        await http.put(f"/wallets/mtn/{marie.phone.digits}", json={"behaviour": behaviour})
        if fault:
            await http.put("/faults/f", json={"route": "mtn.requesttopay", "kind": fault, "times": 1})
        async with aiohttp.ClientSession() as session:
            mtn = Mtn(session, Settings(mtn_url=str(sandbox.make_url("/mtn"))), MemoryTokens(village.clock))
            await begin(village, marie, paul)
            collector = Collector(db, village.clock, {"mtn": mtn}, Settings())

            async def ended() -> bool:
                village.clock.move(seconds=15)
                await collector.run_once()
                return str((await attempt(village))["state"]) in {"succeeded", "failed"}

            await until(ended)
            for _ in range(10):
                await ended()
        async with http.get("/truth/mtn") as answer:
            truth = await answer.json()
    assert (await attempt(village))["state"] == state
    assert len(truth) == (state == "succeeded")
    report = await verify_books(db, truth)
    assert report.sound, report.words()

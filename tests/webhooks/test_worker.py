"""The worker: its rounds side by side, and its end in good time whatever they wait for."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.render.paper import Papers
from core.kit.db import Database, Statement
from core.kit.money import Money
from core.kit.month import Month
from core.kit.say import t
from core.money.receipts import Sheet
from tests.patience import PATIENCE_S
from webhooks.worker import Round, Words, Worker

ASK = Statement(text("SELECT 1"))


async def ended(worker: Worker, after: Callable[[], Awaitable[object]]) -> None:
    """Tell it to end once something has happened, and wait until it has."""
    running = asyncio.create_task(worker.run())
    await after()
    worker.stop()
    await asyncio.wait_for(running, PATIENCE_S)


async def test_a_round_that_fails_stops_neither_itself_nor_the_others() -> None:
    done: Counter[str] = Counter()
    enough = asyncio.Event()

    async def fail() -> int:
        done["failed"] += 1
        raise OSError

    async def work() -> int:
        done["worked"] += 1
        if done["failed"] > 1 and done["worked"] > 10:
            enough.set()
        return 1

    worker = Worker([Round("bad", fail, 0.01), Round("good", work, 0.01)])
    await ended(worker, lambda: asyncio.wait_for(enough.wait(), PATIENCE_S))


async def test_a_round_under_way_is_finished() -> None:
    started, finished = asyncio.Event(), asyncio.Event()

    async def work() -> int:
        started.set()
        await asyncio.sleep(0.2)
        finished.set()
        return 0

    worker = Worker([Round("slow", work, 0.01)], finish_within_s=PATIENCE_S)
    await ended(worker, started.wait)
    assert finished.is_set()


async def test_a_round_that_never_ends_is_left_in_the_middle() -> None:
    started = asyncio.Event()

    async def hang() -> int:
        started.set()
        await asyncio.Event().wait()
        return 0

    worker = Worker([Round("stuck", hang, 0.01)], finish_within_s=0.1)
    with capture_logs() as lines:
        await ended(worker, started.wait)
    assert [(line["event"], line["rounds"]) for line in lines] == [("left_in_the_middle", ["stuck"])]


@asynccontextmanager
async def silent(url: str) -> AsyncIterator[None]:
    """Every server process of this database stands still."""
    other = await asyncpg.connect(url)
    rows = await other.fetch(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    pids = [row["pid"] for row in rows]
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        await other.close()


async def test_it_ends_while_the_database_says_nothing(database_url: str) -> None:
    db = await Database.open(database_url)

    async def ask() -> int:
        async with db.transaction() as tx:
            await tx.one(ASK)
        return 0

    worker = Worker([Round(f"ask{n}", ask, 0.01) for n in range(3)], finish_within_s=0.1)
    async with silent(database_url):
        await ended(worker, lambda: asyncio.sleep(0.2))
        await asyncio.wait_for(db.close(), PATIENCE_S)


async def test_the_words_of_a_notice_and_its_paper() -> None:
    words = Words(Papers("Toit", "*384#", "8123"))
    at = datetime(2026, 11, 21, 13, 39, tzinfo=UTC)
    sheet = Sheet(
        "quittance", Money(85_000, "XAF"), [("rent", 85_000)], 0, 0, (Month(2026, 11),), "Marie", at, "mtn", "7"
    )
    told = {
        **sheet.blanks(), "amount": sheet.amount, "number": "2026-000123", "title": "B3", "landlord": "Paul",
        "payer": "Marie", "ref": "P1", "code": "8F2KABCD", "left": Money(0, "XAF"), "what": "novembre",
        "paper": t("paper.quittance"),
    }  # fmt: skip
    before = {name: value for name, value in told.items() if name not in sheet.blanks()}
    paper = words.paper(told, "fr", "telegram")
    assert paper is not None
    assert paper.name == "quittance-de-loyer-2026-000123.pdf"
    for provider in ("africastalking", "twilio"):
        assert words.paper(told, "fr", provider) is None
    assert words.paper(told, "fr", "meta") == paper
    assert words.paper(before, "fr", "telegram") is None, "queued before there were papers"
    assert Words().paper(told, "fr", "telegram") is None
    for channel in ("sms", "telegram"):
        assert words.notice("rent_paid.1", told, "fr", channel) == words.notice("rent_paid.1", before, "fr", channel)
    with pytest.raises(TypeError):
        words.paper({**told, "at": "today"}, "fr", "telegram")

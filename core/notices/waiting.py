"""Answers that came too late for free words: they wait until their person writes, who is asked to, once a day."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.speaker import Address, Language
from core.notices.outbox import queue
from core.notices.queries import LATER
from core.notices.words import REPEATABLE, Notice

WAITS_FOR: Final = timedelta(days=7)
"""How long an answer waits."""

WHY: Final = "waiting"
"""What is kept as the reason in the meantime."""

RELEASED: Final = (
    "UPDATE notice SET next_try_at = cast(:now AS timestamptz), failure = NULL FROM visit"
    " WHERE notice.channel = visit.channel AND notice.address = visit.address AND notice.channel <> 'sms'"
    " AND notice.state = 'queued' AND notice.failure = 'waiting'"
)
"""A complete part of a ``WITH`` that has one called ``visit``: whoever wrote gets what waited for that."""

_RELEASE: Final = Statement(
    text(f"WITH visit AS (SELECT cast(:channel AS text) AS channel, cast(:address AS text) AS address) {RELEASED}")
)
_HOLD: Final = Statement(
    text(
        "UPDATE notice SET next_try_at = cast(:until AS timestamptz), failure = 'waiting'"
        " WHERE dedupe_key = :key AND state = 'queued'"
    )
)
_AWAITED: Final = Statement(
    text(
        "SELECT FROM notice WHERE channel = :channel AND address = :address AND channel <> 'sms' AND state = 'queued'"
        " AND failure = 'waiting' LIMIT 1"
    )
)


async def hold(on: Reader, notice: Notice, now: datetime) -> None:
    """Queue what is said in a conversation only when its person next writes there; nobody is asked to."""
    await queue(on, notice, now)
    await on.fetch(_HOLD, key=notice.key, until=now + WAITS_FOR)


async def later(on: Reader, notice: int, now: datetime) -> None:
    """An answer that failed for the closed window waits, once, until its person writes, who is asked to."""
    answers = sorted(REPEATABLE - {"waiting"})
    row = await on.one(LATER, id=notice, until=now + WAITS_FOR, now=now, answers=answers)
    if row is not None:
        await ask(on, Address(row["channel"], row["address"]), row["language"], row["source"] or "", now)


async def ask(on: Reader, at: Address, language: Language, source: str, now: datetime) -> None:
    """Ask somebody to write, once a day: an answer waits for that."""
    key = f"waiting:{at.channel}:{at.name}:{now.date()}"
    await queue(on, Notice(key, at, language, "waiting.1", source=source), now)


async def release(on: Reader, at: Address, now: datetime) -> None:
    """Somebody wrote: whatever waited for that goes out now."""
    await on.fetch(_RELEASE, channel=at.channel, address=at.name, now=now)


async def awaited(on: Reader, at: Address) -> bool:
    """Whether something waits for this address to write."""
    return bool(await on.fetch(_AWAITED, channel=at.channel, address=at.name))

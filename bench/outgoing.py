"""What the worker takes to send an answer on each message channel."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from bench import machine, report
from bench.processes import Failed, Server
from bench.rig import Rig, say

SOURCES: Final = {"sms": "africastalking", "twilio": "twilio", "meta": "meta", "telegram": "telegram"}
"""Channels, and the provider whose answers are sent."""

PATIENCE_S: Final = 60.0
IDLE_S: Final = 2.0

WHAT = """\
A worker of its own sends answers that the turns above queued, each to another person, to a server that takes them at
once. What it uses when there is nothing to do (it looks at its tables several times a second) is measured beside and
taken off. Telegram's own pace, thirty messages a second, makes its rounds long.
"""

_PARK: Final = "UPDATE notice SET next_try_at = now() + interval '10 days' WHERE state = 'queued'"
_DUE: Final = """
    WITH chosen AS (
        SELECT DISTINCT ON (address) id FROM notice WHERE source = $1 AND state = 'queued' ORDER BY address, random()
    )
    UPDATE notice SET next_try_at = now() WHERE id IN (SELECT id FROM chosen ORDER BY random() LIMIT $2) RETURNING id
"""
_LEFT: Final = "SELECT count(*) FROM notice WHERE id = any($1::bigint[]) AND state IN ('queued', 'sending')"
_TAKEN: Final = "SELECT count(*) FROM notice WHERE id = any($1::bigint[]) AND state = 'sent' AND provider_id <> ''"


@dataclass(frozen=True, slots=True)
class Sent:
    """Microseconds of processor time for an answer: of the worker, of PostgreSQL; and answers a second."""

    worker: float
    database: float
    rate: float


def measure(on: Rig, providers: Server, rounds: int, answers: int) -> dict[str, list[Sent]]:
    """Send ``answers`` of each channel in each round. Raises Failed when not all of them were taken."""
    address = f"http://127.0.0.1:{providers.port}"
    env = {f"TOIT_{name.upper()}_URL": f"{address}/{name}" for name in SOURCES.values()}
    return asyncio.run(_measure(on, env, rounds, answers))


async def _measure(on: Rig, env: dict[str, str], rounds: int, answers: int) -> dict[str, list[Sent]]:
    found: dict[str, list[Sent]] = {name: [] for name in SOURCES}
    connection = await asyncpg.connect(on.url)
    try:
        await connection.execute(_PARK)
        with on.worker(env) as worker:
            clock = _Clock(worker, on.server.pid)
            for name in SOURCES:  # connections are opened and templates made once
                await _each(connection, clock, name, answers // 4)
            for number in range(rounds):
                await _settle(connection)
                await clock.rest()
                for name in list(SOURCES)[:: 1 if number % 2 == 0 else -1]:
                    found[name].append(await _each(connection, clock, name, answers))
                    say(f"  round {number + 1}/{rounds} {name:<9} {found[name][-1].worker:7.1f} us/answer")
    finally:
        await connection.close()
    return found


class _Clock:
    """Processor time of the worker and of PostgreSQL, and how much of it they use for nothing."""

    def __init__(self, worker: int, database: int) -> None:
        self._worker, self._database = worker, database
        self._idle = (0.0, 0.0)

    def read(self) -> tuple[float, int, dict[int, int]]:
        """Seconds, and nanoseconds of both."""
        return time.perf_counter(), machine.used(self._worker), machine.used_by_family(self._database)

    async def rest(self) -> None:
        """Measure what they use for nothing, in nanoseconds a second."""
        before = self.read()
        await asyncio.sleep(IDLE_S)
        seconds, worker, database = self.since(before)
        self._idle = (worker / seconds, database / seconds)

    def since(self, before: tuple[float, int, dict[int, int]]) -> tuple[float, float, float]:
        """Seconds since then, and nanoseconds of both without what they use for nothing."""
        now, worker, database = self.read()
        seconds = now - before[0]
        idle_worker, idle_database = self._idle
        return (
            seconds,
            worker - before[1] - idle_worker * seconds,
            machine.spent(before[2], database) - idle_database * seconds,
        )


async def _settle(connection: Any) -> None:
    """Let PostgreSQL do now what it would otherwise do in the middle."""
    await connection.execute("VACUUM ANALYZE notice")
    await connection.execute("CHECKPOINT")


async def _each(connection: Any, clock: _Clock, name: str, answers: int) -> Sent:
    ids = [row["id"] for row in await connection.fetch(_DUE, SOURCES[name], answers)]
    before, deadline = clock.read(), time.monotonic() + PATIENCE_S
    while await connection.fetchval(_LEFT, ids) and time.monotonic() < deadline:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.1)
    seconds, worker, database = clock.since(before)
    taken = await connection.fetchval(_TAKEN, ids)
    if not ids or taken != len(ids):
        raise Failed(f"{name}: {taken} of {len(ids)} answers were sent")
    return Sent(worker / len(ids) / 1000, database / len(ids) / 1000, len(ids) / seconds)


def middle(several: Sequence[Sent]) -> Sent:
    """The medians, figure by figure."""
    return Sent(*(statistics.median(getattr(one, name) for one in several) for name in Sent.__slots__))


def table(sent: dict[str, list[Sent]]) -> str:
    """Medians by channel."""
    rows = []
    for name, several in sent.items():
        found, costs = middle(several), [one.worker for one in several]
        wide = (max(costs) - min(costs)) / found.worker * 100
        rows.append([name, f"{found.worker:.1f}", f"{wide:.0f}", f"{found.database:.1f}", f"{found.rate:.0f}"])
    return report.table(["an answer sent", "worker us", "spread%", "pg us", "answers/s"], rows)

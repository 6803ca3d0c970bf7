"""Posting a payment: gathered into one statement, beside the same posting by the ORM's unit of work."""

import argparse
import asyncio
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg
import uvloop
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

import migrations
from bench import machine, report
from bench.peers.orm_posting import OrmPoster
from bench.processes import Failed, Postgres, postgres, work_folder
from bench.rig import say
from core.kit.clock import SystemClock
from core.kit.db import Database
from core.kit.money import Money
from core.money.books import verify_books
from core.money.posting import Confirmed, Poster
from core.money.words import AttemptId

LANDLORDS: Final = 10_000
RENT: Final = 85_000
FASTER: Final = 6.0
"""How many times the ORM's rate the house aims at, for as many callers."""

EVEN: Final = 0.8
"""The rate to one landlord beside the rate to many."""

CALLERS: Final = (1, 16, 64)
COUNTS: Final = {"house": {1: 1_000, 16: 5_000, 64: 10_000}, "orm": {1: 300, 16: 500, 64: 500}}
"""Payments of one round: about a second of work each."""

HEAD: Final = (
    "posting", "callers", "many/s", "spread%", "one/s", "spread%", "one/many", "x ORM many", "x ORM one",
    "app us", "pg us",
)  # fmt: skip

_PEOPLE: Final = """
WITH made AS (
    INSERT INTO person (name, language, country, created_at)
    SELECT 'Ngo Bell ' || n, 'fr', 'CM', '2026-01-01' FROM generate_series(1, 2 * $1::int) AS n RETURNING id)
INSERT INTO phone (e164, person_id, number, is_primary, created_at)
SELECT '+2376' || lpad(id::text, 8, '0'), id, 1, true, '2026-01-01' FROM made
"""
_ACCOUNTS: Final = """
WITH clearing AS (INSERT INTO account (kind, rail, currency) VALUES ('operator_clearing', 'mtn', 'XAF'))
INSERT INTO account (kind, owner, currency)
SELECT 'landlord_payable', n, 'XAF' FROM generate_series(1, $1::int) AS n
"""
_COUNTERS: Final = """
WITH counted AS (INSERT INTO receipt_counter (payee, year, last)
    SELECT n, extract(year FROM now())::int, 1 FROM generate_series(1, $1::int) AS n)
INSERT INTO payee_month (payee, month, currency, received)
SELECT n, date_trunc('month', now())::date, 'XAF', 0 FROM generate_series(1, $1::int) AS n
"""
_CHARGES: Final = """
INSERT INTO charge (subject, debtor, creditor, kind, amount, currency, period, due_on, title, origin_key, issued_at)
SELECT n, $4::int + 1 + n % $4::int, CASE WHEN $3 THEN 1 ELSE 1 + n % $4::int END, 'rent', $5::int, 'XAF', '2026-10-01',
    '2026-10-05', 'Studio B3', n::text, '2026-10-01'
FROM generate_series($1::bigint, $2::bigint) AS n
"""
_ATTEMPTS: Final = """
INSERT INTO payment_attempt (ref, reference, payer, payer_phone, notify_phone, language, payee, debtor, subject, title,
    amount, currency, rail, created_at, moved_at, state, came_from, next_check_at)
SELECT 'P' || subject, gen_random_uuid(), debtor, '+237670000000', '+237670000000', 'fr', creditor, debtor, subject,
    title, amount, currency, 'mtn', now(), now(), 'submitted', 'submitting', now()
FROM charge WHERE subject BETWEEN $1::bigint AND $2::bigint
RETURNING id, ref, subject
"""

Post = Callable[[Confirmed], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Cell:
    """What is measured: who posts, to one landlord or to many, for how many callers at once."""

    poster: str
    callers: int
    one_landlord: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """What a round came to: payments a second, microseconds of processor time a payment here and in PostgreSQL."""

    rate: float
    app: float
    database: float


@dataclass(slots=True)
class Side:
    """One of the two: its own database, what posts into it, and the next subject nobody has paid for."""

    plain: asyncpg.Connection
    post: Post
    subject: int = 1

    async def payments(self, count: int, *, one_landlord: bool) -> list[Confirmed]:
        """So many new leases that owe a month, each with a payment the operator confirmed."""
        first, last = self.subject, self.subject + count - 1
        self.subject += count
        await self.plain.execute(_CHARGES, first, last, one_landlord, LANDLORDS, RENT)
        rows = await self.plain.fetch(_ATTEMPTS, first, last)
        await self.plain.execute("ANALYZE")
        amount = Money(RENT, "XAF")
        return [Confirmed(AttemptId(r["id"]), r["ref"], r["subject"], amount, f"tx{r['id']}") for r in rows]


async def cost(side: Side, cell: Cell, count: int, postmaster: int) -> Cost:
    """One round, every caller posting its next payment when its last is in the books."""
    waiting = iter(await side.payments(count, one_landlord=cell.one_landlord))
    here, there = machine.used(os.getpid()), machine.used_by_family(postmaster)
    began = time.perf_counter()
    await asyncio.gather(*(_caller(side.post, waiting) for _ in range(cell.callers)))
    took = time.perf_counter() - began
    database = machine.spent(there, machine.used_by_family(postmaster))
    return Cost(count / took, (machine.used(os.getpid()) - here) / count / 1000, database / count / 1000)


async def _caller(post: Post, waiting: Iterator[Confirmed]) -> None:
    for payment in waiting:
        await post(payment)


async def measure(sides: Mapping[str, Side], postmaster: int, rounds: int, share: float) -> dict[Cell, list[Cost]]:
    """Every cell in turn, every second round backwards; the first time does not count."""
    cells = [Cell(poster, callers, one) for callers in CALLERS for poster in sides for one in (False, True)]
    for cell in cells:
        await cost(sides[cell.poster], cell, 100, postmaster)
    taken: dict[Cell, list[Cost]] = defaultdict(list)
    for number in range(rounds):
        for cell in cells if number % 2 == 0 else reversed(cells):
            count = max(64, int(COUNTS[cell.poster][cell.callers] * share))
            taken[cell].append(await cost(sides[cell.poster], cell, count, postmaster))
            say(
                f"  round {number + 1}/{rounds} {cell.poster:<6} {cell.callers:3} callers {taken[cell][-1].rate:7.0f}/s"
            )
    return taken


def told(taken: Mapping[Cell, Sequence[Cost]]) -> tuple[str, list[report.Aim]]:
    """The table of medians, and the aims."""
    middle = {cell: statistics.median(cost.rate for cost in costs) for cell, costs in taken.items()}
    rows, aims = [], []
    for poster in COUNTS:
        for callers in CALLERS:
            many, one = Cell(poster, callers, one_landlord=False), Cell(poster, callers, one_landlord=True)
            orm = [middle[Cell("orm", callers, one_landlord=alone)] for alone in (False, True)]
            times, even = (middle[many] / orm[0], middle[one] / orm[1]), middle[one] / middle[many]
            rows.append([poster, str(callers), *_two(taken[many]), *_two(taken[one]), f"{even:.2f}",
                         *(f"{faster:.1f}" for faster in times), *_processors(taken[many])])  # fmt: skip
            if poster == "house":
                aims.append(report.Aim(f"house / ORM, {callers} callers, the worse", FASTER, min(times), least=True))
                aims.append(report.Aim(f"one landlord / many, {callers} callers", EVEN, even, least=True))
    return report.table(HEAD, rows), aims


def _two(taken: Sequence[Cost]) -> tuple[str, str]:
    rates = [cost.rate for cost in taken]
    middle = statistics.median(rates)
    return f"{middle:.0f}", f"{(max(rates) - min(rates)) / middle * 100:.0f}"


def _processors(taken: Sequence[Cost]) -> tuple[str, str]:
    return (
        f"{statistics.median(cost.app for cost in taken):.0f}",
        f"{statistics.median(cost.database for cost in taken):.0f}",
    )


async def _prepare(server: Postgres, name: str, *, filled: bool) -> tuple[str, asyncpg.Connection]:
    server.embedded.psql(f'CREATE DATABASE "{name}"')
    url = server.url(name)
    await asyncio.to_thread(migrations.upgrade, url)
    plain = await asyncpg.connect(url)
    await plain.execute(_PEOPLE, LANDLORDS)
    await plain.execute(_ACCOUNTS, LANDLORDS)
    if filled:
        await plain.execute(_COUNTERS, LANDLORDS)
        # It looks at a whole entry at the end of a statement; the unit of work writes one row after another.
        await plain.execute("ALTER TABLE entry DISABLE TRIGGER entries_add_up")
    return url, plain


async def _run(server: Postgres, rounds: int, share: float) -> tuple[str, ...]:
    house_url, house_plain = await _prepare(server, "posting_house", filled=False)
    orm_url, orm_plain = await _prepare(server, "posting_orm", filled=True)
    db = await Database.open(house_url, size=4, lock_timeout_ms=60_000)
    engine = create_async_engine(orm_url.replace("postgresql://", "postgresql+asyncpg://", 1), pool_size=64)
    sides = {
        "house": Side(house_plain, Poster(db, SystemClock()).post),
        "orm": Side(orm_plain, OrmPoster(async_sessionmaker(engine, expire_on_commit=False)).post),
    }
    try:
        drawn, aims = told(await measure(sides, server.pid, rounds, share))
        books = await verify_books(db)
        if not books.sound:
            raise Failed(f"the books are wrong:\n{books.words()}")
    finally:
        await engine.dispose()
        await db.close()
        for side in sides.values():
            await side.plain.close()
    checked = next(line.counted for line in books.lines if line.name == "I6")
    return (drawn, "", *(aim.line() for aim in aims), "", f"books of the house verified: {checked} entries, no breach")


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell; a miss is told, and no failure. 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.posting", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--share", type=float, default=1.0, help="of the usual number of payments")
    parser.add_argument("--quick", action="store_true", help="one short round")
    asked = parser.parse_args(arguments)
    if asked.quick:
        asked.rounds, asked.share = 1, 0.2
    machine.pin(os.getpid(), machine.SERVER_CORE)
    try:
        with work_folder() as folder, postgres(folder) as server:
            lines = uvloop.run(_run(server, asked.rounds, asked.share))
    except Failed as failed:
        return report.complain(failed)
    size = f"{LANDLORDS} landlords, {asked.rounds} rounds; payments a second; 'one' is all to one landlord"
    report.tell(machine.describe(), size, "", *lines)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

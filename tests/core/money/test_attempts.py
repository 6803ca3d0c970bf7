"""Payment attempts from the first word to the last: submitted once, asked after, ended once."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

import core.money
import webhooks.payments
from core.kit.crash import CRASH_POINTS, crash_point
from core.kit.db import Database, Record, Statement
from core.kit.deed import Deed
from core.kit.errors import ProviderError, Refused
from core.kit.ids import read_code
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import Speaker
from core.money.attempts import Collector, count_by_state, start
from core.money.rails import Status
from core.money.words import Started
from tests.core.money.operator import AWAY, LOST, FakeOperator, told
from tests.core.money.village import Village, Villager

NOVEMBER = Month(2026, 11)
Begin = Callable[..., Awaitable[Started | Refused]]


@pytest.fixture
def operator() -> FakeOperator:
    return FakeOperator()


@pytest.fixture
def collector(village: Village, operator: FakeOperator) -> Collector:
    return Collector(village.db, village.clock, {"mtn": operator}, Settings())


@pytest.fixture
async def people(village: Village) -> tuple[Villager, Villager]:
    marie, paul = await village.person("Ngo Bell Marie"), await village.person("Kamga Paul")
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    return marie, paul


async def begin(village: Village, payer: Villager, payee: Villager, francs: int = 85_000, **more: object) -> object:
    speaker = Speaker(payer.phone, person=payer.id, profiles=1, proved=True)
    facts: dict[str, object] = {
        "payee": payee.id,
        "debtor": payer.id,
        "subject": 1,
        "title": "Studio B3",
        "amount": Money(francs, "XAF"),
        "months": (),
        "wallet": payer.phone,
    }
    async with village.db.transaction() as tx:
        deed = Deed(tx, speaker, village.now(), Settings())
        return await start(deed, **{**facts, **more})  # type: ignore[arg-type]


async def attempt(village: Village) -> Record:
    return (await village.rows("SELECT * FROM payment_attempt ORDER BY id DESC LIMIT 1"))[0]


async def told_people(village: Village) -> list[str]:
    rows = await village.rows("SELECT template FROM notice ORDER BY created_at, template")
    return [row["template"] for row in rows]


async def go(village: Village, collector: Collector, seconds: float, rounds: int = 1) -> None:
    """Let time pass and the worker work."""
    for _ in range(rounds):
        village.clock.move(seconds=seconds)
        await collector.run_once()


async def test_starting_writes_and_asks_nobody(village: Village, people: tuple[Villager, Villager]) -> None:
    started = await begin(village, *people)
    assert isinstance(started, Started)
    assert read_code(started.ref, "P") == started.ref
    assert started.rail == "rail.mtn"
    row = await attempt(village)
    assert (row["state"], row["submits"], row["reference"].version) == ("created", 0, 4)
    assert await count_by_state(village.db) == {"created": 1, "submitting": 0, "submitted": 0, "unresolved": 0}


async def test_a_second_payment_for_the_same_is_refused_while_one_is_under_way(
    village: Village, people: tuple[Villager, Villager]
) -> None:
    first = await begin(village, *people)
    assert isinstance(first, Started)
    second = await begin(village, *people, francs=10_000)
    assert isinstance(second, Refused)
    assert second.key == "pay.open"
    assert second.text.blanks == {"amount": Money(85_000, "XAF"), "at": village.now(), "ref": first.ref}


async def test_a_wallet_that_no_rail_serves_is_refused(village: Village, people: tuple[Villager, Villager]) -> None:
    refused = await begin(village, *people, wallet=Phone("+237690000001"))
    assert isinstance(refused, Refused)
    assert refused.key == "pay.rail"


async def test_the_prompt_comes_once_the_session_is_over(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    assert await collector.run_once() == 0
    await go(village, collector, 2)
    assert len(operator.payments) == 1
    assert (await attempt(village))["state"] == "submitted"
    assert "Studio B3" in operator.last().order.note


async def test_a_payment_that_is_approved_is_posted_and_told(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    await go(village, collector, 2)
    operator.approve(operator.last())
    await go(village, collector, 10)
    row = await attempt(village)
    assert (row["state"], row["provider_tx"]) == ("succeeded", operator.last().tx)
    assert await told_people(village) == ["rent_paid.1", "rent_received.1"]
    assert await collector.run_once() == 0


@pytest.mark.parametrize("failure", ["insufficient_funds", "payer_declined", "payer_timeout"])
async def test_a_failure_is_told_with_its_reason(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator, failure: str
) -> None:
    await begin(village, *people)
    await go(village, collector, 2)
    operator.refuse(operator.last(), failure)  # type: ignore[arg-type]
    await go(village, collector, 10)
    row = await attempt(village)
    assert (row["state"], row["failure"]) == ("failed", failure)
    notice = (await village.rows("SELECT template, blanks FROM notice"))[0]
    assert notice["template"] == "payment_failed.1"
    assert notice["blanks"]["reason"] == {"text": [f"failure.{failure}", {}]}
    assert isinstance(await begin(village, *people), Started)


async def test_a_lost_answer_is_asked_after_and_never_sent_as_another_order(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    operator.after.append(LOST)
    await go(village, collector, 2)
    assert (await attempt(village))["state"] == "submitting"
    operator.approve(operator.last())
    await go(village, collector, 10)
    assert (await attempt(village))["state"] == "succeeded"
    assert len(operator.truth) == 1


async def test_an_order_that_never_arrived_is_sent_again_under_the_same_reference(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    reference = (await attempt(village))["reference"]
    operator.before.append(LOST)
    await go(village, collector, 2)
    await go(village, collector, 10, rounds=4)
    assert operator.payments == {}
    await go(village, collector, 10, rounds=10)
    assert list(operator.payments) == [reference]
    row = await attempt(village)
    assert (row["state"], row["submits"], row["misses"]) == ("submitted", 2, 0)


async def test_an_index_that_lags_is_not_taken_for_a_lost_order(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    operator.statuses = [None, None]
    await go(village, collector, 2)
    operator.approve(operator.last())
    await go(village, collector, 10, rounds=7)
    row = await attempt(village)
    assert (row["state"], row["submits"]) == ("succeeded", 1)


async def test_an_order_nobody_ever_acknowledged_or_found_fails_after_ten_minutes(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    operator.before = [LOST, LOST, LOST]
    await go(village, collector, 15, rounds=120)
    row = await attempt(village)
    assert (row["state"], row["failure"], row["submits"]) == ("failed", "not_submitted", 3)
    assert operator.payments == {}


async def test_an_operator_that_is_away_is_tried_for_two_minutes_and_then_nothing_was_taken(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    operator.before = [AWAY] * 3
    await go(village, collector, 10, rounds=5)
    assert (await attempt(village))["state"] == "submitted"
    operator.refuse(operator.last())
    await go(village, collector, 60)
    await begin(village, *people)
    operator.before = [AWAY] * 100
    await go(village, collector, 10, rounds=15)
    row = await attempt(village)
    assert (row["state"], row["failure"], row["submits"]) == ("failed", "provider_unavailable", 0 + 1)


async def test_a_refusal_of_the_first_try_ends_it(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    operator.before.append(ProviderError("payer_not_found", retryable=False))
    await go(village, collector, 2)
    assert (await attempt(village))["failure"] == "payer_not_found"
    assert await told_people(village) == ["payment_failed.1"]


async def test_after_the_window_the_payer_hears_that_nothing_came_yet_and_once_only(
    village: Village, people: tuple[Villager, Villager], collector: Collector
) -> None:
    await begin(village, *people)
    await go(village, collector, 30, rounds=20)
    assert await told_people(village) == ["payment_expired.1"]
    assert (await attempt(village))["state"] == "submitted"


async def test_after_a_day_a_person_is_called_and_a_late_success_still_posts_once(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    await go(village, collector, 2)
    await go(village, collector, 900, rounds=97)
    row = await attempt(village)
    assert row["state"] == "unresolved"
    assert row["alerted_at"] is not None
    assert await told_people(village) == ["payment_expired.1", "payment_unknown.1"]
    assert isinstance(await begin(village, *people), Refused)
    operator.approve(operator.last())
    await go(village, collector, 3_600, rounds=2)
    assert (await attempt(village))["state"] == "succeeded"
    assert await village.value("SELECT count(*) FROM receipt") == 1


async def test_four_hours_ask_no_more_often_than_the_ladder_says(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    await go(village, collector, 5, rounds=4 * 60 * 12)
    quarters = (4 * 60 * 60 - (255 + 14 * 120)) // (15 * 60)
    assert operator.asked == 6 + 14 + quarters


@pytest.mark.parametrize(
    "lie", [{"francs": 84_999}, {"francs": None}, {"currency": "XOF"}, {"ref": "P1"}, {"provider_tx": ""}]
)
async def test_a_success_of_something_else_is_never_posted(
    village: Village,
    people: tuple[Villager, Villager],
    collector: Collector,
    operator: FakeOperator,
    lie: dict[str, object],
) -> None:
    await begin(village, *people)
    await go(village, collector, 2)
    operator.approve(operator.last())
    operator.statuses = [told(operator.last(), **lie)]
    await go(village, collector, 10)
    assert (await attempt(village))["state"] == "unresolved"
    assert await village.value("SELECT count(*) FROM entry") == 0
    assert await told_people(village) == ["payment_unknown.1"]


async def test_one_transaction_of_the_operator_pays_one_attempt_only(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    await go(village, collector, 2)
    operator.approve(operator.last())
    stolen = operator.last().tx
    await go(village, collector, 10)
    await begin(village, *people)
    await go(village, collector, 2)
    operator.approve(operator.last())
    operator.statuses = [told(operator.last(), provider_tx=stolen)]
    await go(village, collector, 10)
    assert (await attempt(village))["state"] == "unresolved"
    assert await village.value("SELECT count(*) FROM entry") == 1


async def test_many_workers_at_once_submit_and_post_each_payment_once(
    village: Village, database_url: str, operator: FakeOperator
) -> None:
    paul = await village.person("Paul")
    tenants = [await village.person(f"Tenant {n}") for n in range(12)]
    for subject, tenant in enumerate(tenants):
        await begin(village, tenant, paul, subject=subject)
    databases = [await Database.open(database_url, size=3) for _ in range(3)]
    workers = [Collector(db, village.clock, {"mtn": operator}, Settings()) for db in databases]
    village.clock.move(seconds=2)
    await asyncio.gather(*(worker.run_once() for worker in workers))
    for payment in operator.payments.values():
        operator.approve(payment)
    village.clock.move(seconds=10)
    await asyncio.gather(*(worker.run_once() for worker in workers for _ in range(2)))
    for db in databases:
        await db.close()
    assert len(operator.truth) == 12
    assert await village.value("SELECT count(*) FROM entry") == 12
    assert await village.value("SELECT count(*) FROM payment_attempt WHERE state = 'succeeded'") == 12


async def test_a_worker_slower_than_its_lease_moves_nothing(
    village: Village, people: tuple[Villager, Villager], operator: FakeOperator, collector: Collector
) -> None:
    await begin(village, *people)
    await go(village, collector, 2)

    class Slow(FakeOperator):
        async def status(self, reference: UUID) -> Status | None:
            assert reference in operator.payments
            village.clock.move(seconds=61)
            await collector.run_once()
            return told(operator.last(), word="failed", failure="payer_declined")

    await go(village, Collector(village.db, village.clock, {"mtn": Slow()}, Settings()), 10)
    assert (await attempt(village))["state"] == "submitted"
    assert await told_people(village) == []


async def test_every_move_is_kept(
    village: Village, people: tuple[Villager, Villager], collector: Collector, operator: FakeOperator
) -> None:
    await begin(village, *people)
    await go(village, collector, 2)
    operator.approve(operator.last())
    await go(village, collector, 10)
    rows = await village.db.fetch(Statement(text("SELECT came_from, state FROM attempt_event ORDER BY id")))
    assert [tuple(row) for row in rows] == [
        ("created", "submitting"),
        ("submitting", "submitted"),
        ("submitted", "succeeded"),
    ]


def test_every_crash_point_stands_somewhere_and_kills_only_when_named(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [*Path(core.money.__path__[0]).glob("*.py"), Path(webhooks.payments.__file__)]
    placed = [name for file in files for name in re.findall(r'crash_point\("([^"]+)"\)', file.read_text("utf-8"))]
    assert sorted(placed) == sorted(CRASH_POINTS)
    monkeypatch.setenv("TOIT_CRASH_AT", "elsewhere")
    for name in CRASH_POINTS:
        crash_point(name)
    script = (
        "from core.kit.crash import crash_point; crash_point('post.read'); crash_point('post.done'); print('alive')"
    )
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script],
        env={**os.environ, "TOIT_CRASH_AT": "post.done"},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, b"")

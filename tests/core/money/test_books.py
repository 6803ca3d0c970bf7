"""The books find what is wrong with them, and nothing is wrong with them."""

import pytest

from core.kit.db import Tx
from core.kit.month import Month
from core.money.books import Report, verify_books
from core.money.posting import Poster
from core.money.sealer import Sealer
from tests.core.money.village import Village

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


@pytest.fixture
async def busy(village: Village) -> Village:
    """Two payments, one with credit that paid the next month, all sealed."""
    marie, paul = await village.person("Marie"), await village.person("Paul")
    poster = Poster(village.db, village.clock)
    await village.owe(1, marie, paul, 85_000, OCTOBER)
    await poster.post(await village.asked(1, marie, paul, 50_000))
    await poster.post(await village.asked(1, marie, paul, 60_000))
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    await Sealer(village.db, village.clock).run_once()
    return village


def broken(report: Report) -> set[str]:
    return {line.name for line in report.lines if line.breaches}


async def truth(village: Village) -> list[dict[str, object]]:
    rows = await village.rows(
        "SELECT reference, amount, currency, provider_tx AS financial_transaction_id FROM payment_attempt"
    )
    return [dict(row) for row in rows]


async def test_good_books_are_sound_and_count_what_they_saw(busy: Village) -> None:
    report = await verify_books(busy.db, await truth(busy))
    assert report.sound, report.words()
    counted = {line.name: line.counted for line in report.lines}
    assert counted == {
        "I1": 3, "I2": 3, "I3": 2, "I4": 2, "I5": 2, "I6": 3, "I7": 2, "I8": 1, "I9": 1, "I10": 2, "I11": 2,
        "I12": 0, "I13": 3, "I14": 1, "I15": 0,
    }  # fmt: skip
    assert "85" not in report.words()


async def test_without_a_truth_log_the_rest_is_still_checked(busy: Village) -> None:
    report = await verify_books(busy.db)
    assert report.sound
    assert {line.name for line in report.lines if line.counted is None} == {"I3", "I4"}


TAMPERING = [
    ("DELETE FROM posting WHERE id = 1", "I1"),
    ("UPDATE posting SET amount = amount + 1 WHERE id = 1", "I6"),
    ("DELETE FROM entry WHERE id = 1", "I5"),
    ("UPDATE payment_attempt SET state = 'failed', failure = 'duplicate'", "I5"),
    ("UPDATE attempt_event SET came_from = 'failed'", "I5"),
    ("UPDATE attempt_event SET state = 'unresolved' WHERE id = 1", "I5"),
    ("UPDATE allocation SET amount = amount + 50000", "I7"),
    ("UPDATE allocation SET left_after = left_after + 1 WHERE id = 1", "I7"),
    ("DELETE FROM allocation WHERE id = 1", "I6"),
    ("UPDATE charge SET kind = 'deposit'", "I8"),
    ("UPDATE receipt SET number = 7 WHERE number = 2", "I10"),
    ("UPDATE receipt SET title = 'Villa'", "I10"),
    ("UPDATE payee_month SET received = 1", "I10"),
    ("DELETE FROM notice WHERE template = 'rent_received.1'", "I11"),
    ("UPDATE notice SET dedupe_key = 'payment:P0:landlord' WHERE id = (SELECT min(id) FROM notice)", "I11"),
    ("UPDATE entry SET source_ref = 'other' WHERE id = 1", "I13"),
    ("DELETE FROM seal WHERE position = 2", "I13"),
    ("UPDATE seal SET hash = digest WHERE position = 3", "I13"),
    ("UPDATE payment_attempt SET amount = amount + 1", "I14"),
    ("UPDATE payment_attempt SET state = 'submitted', next_check_at = NULL WHERE id = 1000", "I15"),
]


async def tampered(village: Village, sql: str) -> set[str]:
    """What the books find when something was changed behind their back; it is undone afterwards."""
    async with village.db.held() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
        await connection.execute(sql)
        found = broken(await verify_books(Tx(connection)))
        await transaction.rollback()
    return found


async def test_whatever_is_changed_behind_its_back_is_found(busy: Village) -> None:
    for sql, name in TAMPERING:
        assert name in await tampered(busy, sql), sql
    assert (await verify_books(busy.db)).sound


async def test_a_payment_that_was_lost_and_one_that_was_made_up_are_found(busy: Village) -> None:
    log = await truth(busy)
    assert broken(await verify_books(busy.db, log[:1])) == {"I4"}
    stranger = {**log[0], "reference": "00000000-0000-4000-8000-000000000000"}
    assert broken(await verify_books(busy.db, [*log, stranger])) == {"I3"}
    dearer = {**log[0], "amount": 50_001}
    assert broken(await verify_books(busy.db, [dearer, log[1]])) == {"I3", "I4"}


async def test_only_one_sealer_works_and_each_entry_is_sealed_once(busy: Village) -> None:
    sealer = Sealer(busy.db, busy.clock)
    assert await sealer.run_once() == 0
    marie, paul = await busy.person("Jeanne"), await busy.person("Luc")
    await Poster(busy.db, busy.clock).post(await busy.asked(7, marie, paul, 10_000))
    async with busy.db.transaction() as tx:
        await tx.connection.execute("SELECT pg_advisory_xact_lock(hashtext('core.money.sealer'))")
        assert await sealer.run_once() == 0
    assert await sealer.run_once() == 1
    assert (await verify_books(busy.db)).sound

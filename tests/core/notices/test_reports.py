"""Delivery reports: early, late, twice, contradicting, for nobody; a notice only ever moves forward."""

import asyncio
from itertools import permutations

import pytest

from core.kit.errors import ProviderError
from core.kit.phone import Phone
from core.notices.delivery import LEASE
from core.notices.reports import record_delivery
from core.notices.words import ReportStatus, Sent
from tests.core.notices.conftest import ANSWER, OWNER, Outbox

LOST = ProviderError("no_answer", retryable=False, unknown=True)


async def _report(
    outbox: Outbox, status: ReportStatus, ident: str = "id-1", reason: str | None = None, to: Phone | None = OWNER
) -> None:
    await record_delivery(outbox.db, "at", ident, status, reason, outbox.clock.now(), to)


async def test_delivered(outbox: Outbox) -> None:
    await outbox.put()
    await outbox.run()
    outbox.clock.move(seconds=9)
    await _report(outbox, "delivered")
    row = await outbox.row()
    assert (row["state"], row["done_at"], row["failure"]) == ("delivered", outbox.clock.now(), None)


async def test_failed_says_why(outbox: Outbox) -> None:
    await outbox.put()
    await outbox.run()
    await _report(outbox, "failed", reason="UserIsInactive")
    row = await outbox.row()
    assert (row["state"], row["failure"]) == ("failed", "UserIsInactive")


@pytest.mark.parametrize("order", sorted({*permutations(["sent", "sent", "delivered", "failed"])}))
async def test_the_first_final_word_stands(outbox: Outbox, order: tuple[ReportStatus, ...]) -> None:
    await outbox.put()
    await outbox.run()
    for status in order:
        await _report(outbox, status)
    assert await outbox.state() == next(status for status in order if status != "sent")
    assert len(await outbox.story()) == 3


@pytest.mark.parametrize("status", ["sent", "delivered", "failed"])
async def test_a_report_that_comes_before_the_answer_waits_for_it(outbox: Outbox, status: ReportStatus) -> None:
    gate = asyncio.Event()
    outbox.provider.script = [gate]
    await outbox.put()
    sending = asyncio.ensure_future(outbox.run())
    await outbox.provider.reached(1)
    await _report(outbox, status, reason="why")
    assert await outbox.state() == "sending"
    gate.set()
    await sending
    row = await outbox.row()
    assert (row["state"], row["provider_id"]) == (status, "id-1")
    assert row["failure"] == ("why" if status == "failed" else None)
    assert (row["done_at"] is None) == (status == "sent")


async def test_answer_and_report_at_the_same_moment(outbox: Outbox) -> None:
    for n in range(40):
        await outbox.put(key=f"k{n}", to=Phone(f"+2376770000{n:02}"))

    async def reports() -> None:
        for n in range(1, 41):
            await outbox.provider.reached(n)
            await _report(outbox, "delivered", f"id-{n}", to=None)

    reporting = asyncio.ensure_future(reports())
    while await outbox.run():
        pass
    await reporting
    assert {row["state"] for row in await outbox.rows()} == {"delivered"}


async def test_a_report_for_nobody_changes_nothing(outbox: Outbox) -> None:
    await outbox.put()
    await outbox.run()
    await _report(outbox, "failed", "id-of-another-sender")
    await record_delivery(outbox.db, "other", "id-1", "failed", None, outbox.clock.now(), OWNER)
    assert await outbox.state() == "sent"


@pytest.mark.parametrize("status", ["sent", "delivered", "failed"])
async def test_a_report_settles_the_one_unknown_message_to_a_phone(outbox: Outbox, status: ReportStatus) -> None:
    outbox.provider.script = [LOST]
    await outbox.put()
    await outbox.run()
    await _report(outbox, status, "ATX9")
    row = await outbox.row()
    assert (row["state"], row["provider_id"]) == (status, "ATX9")
    await _report(outbox, "delivered", "ATX9")
    assert await outbox.state() == ("failed" if status == "failed" else "delivered")


async def test_a_report_that_overtook_the_time_out_settles_it_too(outbox: Outbox) -> None:
    await _report(outbox, "delivered", "ATX9")
    outbox.clock.move(seconds=12)
    outbox.provider.script = [LOST]
    await outbox.put()
    await outbox.run()
    assert await outbox.state() == "delivered"


async def test_a_report_settles_what_a_dead_worker_left(outbox: Outbox) -> None:
    outbox.provider.script = [asyncio.Event()]
    await outbox.put(ANSWER)
    dying = asyncio.ensure_future(outbox.run())
    await outbox.provider.reached(1)
    dying.cancel()
    await asyncio.wait([dying])
    await _report(outbox, "delivered", "ATX9")
    outbox.clock.move(seconds=LEASE.total_seconds())
    await outbox.run()
    assert await outbox.state() == "delivered"
    outbox.clock.move(hours=1)
    assert await outbox.run() == 0
    assert len(outbox.provider.taken) == 1


async def test_which_of_two_unknown_messages_it_was_nobody_can_tell(outbox: Outbox) -> None:
    outbox.provider.script = [LOST, LOST]
    await outbox.put(key="a")
    await outbox.put(key="b")
    await outbox.run()
    await _report(outbox, "delivered", "ATX9")
    assert [row["state"] for row in await outbox.rows()] == ["unknown", "unknown"]


@pytest.mark.parametrize("minutes", [6, -60 * 49])
async def test_a_report_of_another_time_settles_nothing(outbox: Outbox, minutes: int) -> None:
    """Too long before the message, or two days after it."""
    if minutes > 0:
        await _report(outbox, "delivered", "ATX9")
        outbox.clock.move(minutes=minutes)
    outbox.provider.script = [LOST]
    await outbox.put()
    await outbox.run()
    if minutes < 0:
        outbox.clock.move(minutes=-minutes)
        await _report(outbox, "delivered", "ATX9")
    assert await outbox.state() == "unknown"


async def test_a_message_sent_twice_is_settled_by_the_report_of_either(outbox: Outbox) -> None:
    gate = asyncio.Event()
    outbox.provider.script = [gate, Sent("at", "second")]
    await outbox.put(ANSWER)
    first = asyncio.ensure_future(outbox.run())
    await outbox.provider.reached(1)
    outbox.clock.move(minutes=5)
    await outbox.run()
    outbox.clock.move(minutes=10)
    await outbox.run()
    gate.set()
    await first
    await _report(outbox, "delivered", "id-1")
    assert await outbox.state() == "delivered"


# --- reports that name their notice ------------------------------------------------------------------------


async def _named(outbox: Outbox, status: ReportStatus, provider_id: str, notice: int) -> None:
    await record_delivery(outbox.db, "at", provider_id, status, "131000", outbox.clock.now(), notice=notice)


async def test_each_of_two_unknown_messages_is_settled_by_the_report_that_names_it(outbox: Outbox) -> None:
    outbox.provider.script = [LOST, LOST]
    await outbox.put(key="a")
    await outbox.put(key="b")
    await outbox.run()
    first, second = [row["id"] for row in await outbox.rows()]
    await _named(outbox, "failed", "ATX2", second)
    await _named(outbox, "sent", "ATX1", first)
    assert [(row["state"], row["provider_id"]) for row in await outbox.rows()] == [("sent", "ATX1"), ("failed", "ATX2")]
    await _named(outbox, "delivered", "ATX1", first)
    assert [row["state"] for row in await outbox.rows()] == ["delivered", "failed"]


async def test_what_is_settled_so_is_not_sent_again(outbox: Outbox) -> None:
    outbox.provider.script = [LOST]
    await outbox.put(ANSWER)
    await outbox.run()
    await _named(outbox, "sent", "ATX1", (await outbox.row())["id"])
    outbox.clock.move(hours=1)
    assert await outbox.run() == 0
    assert len(outbox.provider.taken) == 1


@pytest.mark.parametrize("answer", [LOST, None])
async def test_a_report_that_names_its_notice_may_overtake_the_answer(
    outbox: Outbox, answer: ProviderError | None
) -> None:
    gate = asyncio.Event()
    outbox.provider.script = [gate]
    await outbox.put()
    sending = asyncio.ensure_future(outbox.run())
    await outbox.provider.reached(1)
    row = await outbox.row()
    await _named(outbox, "delivered", "id-1", row["id"])
    assert await outbox.state() == "sending"
    if answer is None:
        gate.set()
        await sending
    else:
        sending.cancel()
        await asyncio.wait([sending])
        outbox.clock.move(seconds=LEASE.total_seconds())
        await outbox.run()
    row = await outbox.row()
    assert (row["state"], row["provider_id"]) == ("delivered", "id-1")
    assert (row["segments"] is None) is (answer is LOST)


async def test_a_report_names_no_notice_of_another_provider_or_another_message(outbox: Outbox) -> None:
    await outbox.put()
    await outbox.run()
    row = await outbox.row()
    await _named(outbox, "failed", "id-2", row["id"])
    await _named(outbox, "failed", "id-3", row["id"] + 1)
    assert await outbox.state() == "sent"
    outbox.provider.script = [LOST]
    await outbox.put(key="lost")
    await outbox.run()
    _, lost = await outbox.rows()
    await record_delivery(outbox.db, "other", "id-9", "failed", None, outbox.clock.now(), notice=lost["id"])
    assert [one["state"] for one in await outbox.rows()] == ["sent", "unknown"]

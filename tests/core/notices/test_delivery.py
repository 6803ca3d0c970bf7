"""Delivery: nothing is sent twice, nothing is lost, whatever the provider or a dying worker does."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from core.kit.errors import ProviderError
from core.kit.phone import Phone
from core.kit.speaker import Address
from core.notices.delivery import LEASE, RESEND_AFTER, TRIES, Delivery, deaths, depth_and_age, replay
from core.notices.route import Route
from core.notices.suppression import resume, stop
from core.notices.words import Sent
from tests.core.notices.conftest import ALERT, ANSWER, MONEY, OWNER, Outbox, Plain, Words

AT = Address("sms", OWNER.e164)
BUSY = ProviderError("http_503", retryable=True)
REFUSED = ProviderError("InvalidSenderId", retryable=False)
LOST = ProviderError("no_answer", retryable=False, unknown=True)


async def test_a_notice_is_worded_sent_and_written_down(outbox: Outbox) -> None:
    outbox.provider.script = [Sent("at", "ATX1", Decimal("14.5"), "XAF")]
    await outbox.put(text="bonjour")
    assert await outbox.run() == 1
    assert outbox.provider.taken == [("+237677000001", "rent_paid.1 fr text=bonjour")]
    row = await outbox.row()
    kept = ("state", "provider", "provider_id", "segments", "cost_amount", "cost_currency", "tries", "sent_at")
    assert [row[name] for name in kept] == ["sent", "at", "ATX1", 1, Decimal("14.5"), "XAF", 1, outbox.clock.now()]
    assert await outbox.story() == ["sending", "sent"]
    assert await outbox.run() == 0


async def test_a_provider_that_gives_no_id(outbox: Outbox) -> None:
    outbox.provider.script = [Sent("at", "")]
    await outbox.put()
    await outbox.run()
    row = await outbox.row()
    assert (row["state"], row["provider_id"]) == ("sent", None)


async def test_a_provider_that_gives_the_same_id_twice_confuses_nobody(outbox: Outbox) -> None:
    outbox.provider.script = [Sent("at", "same"), Sent("at", "same")]
    await outbox.put(key="a")
    await outbox.put(key="b")
    await outbox.run()
    assert sorted((row["state"], row["provider_id"]) for row in await outbox.rows() if row["provider_id"]) == [
        ("sent", "same")
    ]
    assert {row["state"] for row in await outbox.rows()} == {"sent"}


async def test_retries_wait_twice_as_long_each_time(outbox: Outbox) -> None:
    outbox.provider.script = [BUSY] * 4
    await outbox.put()
    waits = []
    for _ in range(4):
        assert await outbox.run() == 1
        due = (await outbox.row())["next_try_at"]
        waits.append((due - outbox.clock.now()).total_seconds())
        outbox.clock.at = due - timedelta(milliseconds=1)
        assert await outbox.run() == 0
        outbox.clock.at = due
    assert waits == [5, 10, 20, 40]
    await outbox.run()
    assert (await outbox.state(), len(outbox.provider.taken)) == ("sent", 1)


async def test_jitter_spreads_retries(outbox: Outbox) -> None:
    outbox.provider.script = [BUSY]
    await outbox.put()
    await outbox.worker(0.0).run_once()
    assert (await outbox.row())["next_try_at"] - outbox.clock.now() == timedelta(seconds=2.5)


async def test_after_many_tries_it_is_dead_and_can_be_replayed(outbox: Outbox) -> None:
    outbox.provider.script = [BUSY] * TRIES
    await outbox.put()
    began = outbox.clock.now()
    for _ in range(TRIES):
        assert await outbox.run() == 1
        outbox.clock.move(hours=1)
    assert await outbox.state() == "dead"
    assert timedelta(hours=5) < outbox.clock.now() - began
    (death,) = await deaths(outbox.db)
    assert death == {
        "id": 1, "template": MONEY, "to": "sms:+2376****001", "failure": "http_503", "tries": TRIES,
        "at": (outbox.clock.now() - timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    assert await replay(outbox.db, outbox.clock.now(), 99) == 0
    assert await replay(outbox.db, outbox.clock.now(), 1) == 1
    await outbox.run()
    assert (await outbox.state(), len(outbox.provider.taken)) == ("sent", 1)
    assert await replay(outbox.db, outbox.clock.now()) == 0


async def test_what_the_provider_refuses_for_good_is_dead_at_once(outbox: Outbox) -> None:
    outbox.provider.script = [REFUSED, REFUSED]
    await outbox.put(key="a")
    await outbox.put(key="b")
    await outbox.run()
    assert [(row["state"], row["failure"], row["tries"]) for row in await outbox.rows()] == [
        ("dead", "InvalidSenderId", 1)
    ] * 2
    assert await replay(outbox.db, outbox.clock.now()) == 2


async def test_a_notice_nobody_can_word_holds_up_no_other(outbox: Outbox) -> None:
    await outbox.put("broken.1", "a")
    await outbox.put(key="b")

    class Broken(Words):
        def notice(self, template: str, blanks: Mapping[str, object], language: str, channel: str) -> Plain:
            if template == "broken.1":
                raise KeyError(template)
            return super().notice(template, blanks, language, channel)

    await Delivery(outbox.db, outbox.clock, Broken(), outbox.senders).run_once()
    assert [(row["state"], row["failure"]) for row in await outbox.rows()] == [("dead", "no_words"), ("sent", None)]


@pytest.mark.parametrize("failure", [LOST, RuntimeError("a bug in the sender")], ids=["time-out", "bug"])
@pytest.mark.parametrize("template", [MONEY, "pin_locked.1", "payment_unknown.1", ALERT])
async def test_unknown_is_never_sent_again_blindly(outbox: Outbox, template: str, failure: Exception) -> None:
    outbox.provider.script = [failure]
    await outbox.put(template)
    await outbox.run()
    assert await outbox.state() == "unknown"
    outbox.clock.move(days=30)
    assert await outbox.run() == 0
    assert len(outbox.provider.taken) == 1


async def test_what_may_be_repeated_is_once(outbox: Outbox) -> None:
    outbox.provider.script = [LOST, LOST]
    await outbox.put(ANSWER)
    await outbox.run()
    outbox.clock.move(seconds=RESEND_AFTER.total_seconds() - 1)
    assert await outbox.run() == 0
    outbox.clock.move(seconds=1)
    assert await outbox.run() == 1
    outbox.clock.move(days=1)
    assert await outbox.run() == 0
    assert (await outbox.state(), len(outbox.provider.taken)) == ("unknown", 2)


async def _die_while_sending(outbox: Outbox) -> None:
    """A worker handed the message over and was killed before the answer came."""
    outbox.provider.script = [asyncio.Event()]
    taken = len(outbox.provider.taken)
    dying = asyncio.ensure_future(outbox.run())
    await outbox.provider.reached(taken + 1)
    dying.cancel()
    with suppress(asyncio.CancelledError):
        await dying


@pytest.mark.parametrize(("template", "sent"), [(MONEY, 1), (ANSWER, 2)])
async def test_a_crash_in_the_middle_leaves_unknown_not_a_second_message(
    outbox: Outbox, template: str, sent: int
) -> None:
    await outbox.put(template)
    await _die_while_sending(outbox)
    assert await outbox.state() == "sending"
    assert await outbox.run() == 0
    outbox.clock.move(seconds=LEASE.total_seconds())
    assert await outbox.run() == 1
    assert (await outbox.state(), (await outbox.row())["failure"]) == ("unknown", "abandoned")
    for _ in range(3):
        outbox.clock.move(hours=1)
        await outbox.run()
    assert len(outbox.provider.taken) == sent


async def test_a_crash_in_the_middle_of_the_second_try_is_the_last(outbox: Outbox) -> None:
    await outbox.put(ANSWER)
    for _ in range(2):
        await _die_while_sending(outbox)
        outbox.clock.move(minutes=5)
        await outbox.run()
        outbox.clock.move(minutes=10)
    assert await outbox.run() == 0
    assert (await outbox.state(), len(outbox.provider.taken)) == ("unknown", 2)


async def test_an_answer_that_comes_after_the_lease_still_counts(outbox: Outbox) -> None:
    gate = asyncio.Event()
    outbox.provider.script = [gate]
    await outbox.put()
    slow = asyncio.ensure_future(outbox.run())
    await outbox.provider.reached(1)
    outbox.clock.move(minutes=5)
    await outbox.run()
    assert await outbox.state() == "unknown"
    gate.set()
    await slow
    assert await outbox.state() == "sent"
    assert await outbox.story() == ["sending", "unknown", "sent"]


async def test_an_old_failure_does_not_undo_a_newer_try(outbox: Outbox) -> None:
    """A worker thought dead comes back with a failure while another sends the same notice once more."""
    await outbox.put(ANSWER)
    await _die_while_sending(outbox)
    stale = dict(await outbox.row())
    outbox.clock.move(minutes=5)
    await outbox.run()
    outbox.clock.move(minutes=10)
    gate = asyncio.Event()
    outbox.provider.script = [gate]
    second = asyncio.ensure_future(outbox.run())
    await outbox.provider.reached(2)
    await outbox.delivery._failed(stale, Route(Address("sms", OWNER.e164)), BUSY)  # type: ignore[arg-type]
    assert await outbox.state() == "sending"
    gate.set()
    await second
    assert await outbox.state() == "sent"


async def test_workers_side_by_side_send_everything_once(outbox: Outbox) -> None:
    for n in range(100):
        await outbox.put(key=f"k{n}", n=n)
    workers = [Delivery(outbox.db, outbox.clock, Words(), outbox.senders, batch=7) for _ in range(4)]

    async def drain(worker: Delivery) -> None:
        while await worker.run_once():
            pass

    await asyncio.gather(*map(drain, workers))
    assert len(outbox.provider.taken) == len({text for _, text in outbox.provider.taken}) == 100
    assert {row["state"] for row in await outbox.rows()} == {"sent"}


async def test_after_stop_only_what_is_essential_goes_out(outbox: Outbox) -> None:
    await stop(outbox.db, AT, outbox.clock.now())
    await stop(outbox.db, AT, outbox.clock.now())
    for template in (ALERT, MONEY, ANSWER, "pin_locked.1"):
        await outbox.put(template, key=template)
    await outbox.put(ALERT, key="other", to=Phone("+237677000002"))
    await outbox.run()
    assert [row["state"] for row in await outbox.rows()] == ["suppressed", "sent", "sent", "sent", "sent"]
    await resume(outbox.db, AT)
    await outbox.put(ALERT, key="again")
    await outbox.run()
    assert (await outbox.rows())[-1]["state"] == "sent"


async def test_depth_and_age(outbox: Outbox) -> None:
    assert await depth_and_age(outbox.db, outbox.clock.now()) == (0, 0.0)
    outbox.provider.script = [BUSY]
    await outbox.put(key="a")
    await outbox.run()
    outbox.clock.move(seconds=3)
    await outbox.put(key="b")
    assert await depth_and_age(outbox.db, outbox.clock.now()) == (2, 3.0)
    outbox.clock.move(minutes=1)
    await outbox.run()
    assert await depth_and_age(outbox.db, outbox.clock.now()) == (0, 0.0)


REFUSED_BY_THE_DATABASE = [
    ("UPDATE notice SET state = 'queued', next_try_at = now()", asyncpg.ForeignKeyViolationError),
    ("UPDATE notice SET state = 'sending', next_try_at = now()", asyncpg.ForeignKeyViolationError),
    ("UPDATE notice SET state = 'dead'", asyncpg.ForeignKeyViolationError),
    ("UPDATE notice SET state = 'lost'", asyncpg.CheckViolationError),
    ("UPDATE notice SET next_try_at = now()", asyncpg.CheckViolationError),
    ("UPDATE notice SET address = '677000001'", asyncpg.CheckViolationError),
    ("UPDATE notice SET blanks = '[]'", asyncpg.CheckViolationError),
    ("UPDATE notice SET template = 'Hello'", asyncpg.CheckViolationError),
    ("DELETE FROM notice_event", asyncpg.RestrictViolationError),
    ("UPDATE notice_event SET detail = 'x'", asyncpg.RestrictViolationError),
    ("TRUNCATE notice_event", asyncpg.RestrictViolationError),
]


@pytest.mark.parametrize(("sql", "error"), REFUSED_BY_THE_DATABASE)
async def test_what_the_database_refuses(outbox: Outbox, sql: str, error: type[Exception]) -> None:
    await outbox.put()
    await outbox.run()
    with pytest.raises(error):
        await outbox.sql(sql)

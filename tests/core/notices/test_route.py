"""Where notices go: where people want them while that can be reached, not by night, in a chat in their order."""

from datetime import UTC, datetime, timedelta

import pytest

from core.kit.errors import ProviderError
from core.kit.phone import Phone
from core.kit.speaker import Address, PersonId
from core.notices.delivery import FALLS_AFTER, Delivery, Senders
from core.notices.outbox import queue
from core.notices.preferences import prefer, preferred
from core.notices.reports import record_delivery
from core.notices.route import Facts, Route, choose, morning
from core.notices.suppression import Stopped, resume, stop, stopped
from core.notices.waiting import release
from core.notices.words import Notice
from core.people.visits import hear
from tests.core.notices.conftest import BOT, CHAT, NOW, OWNER, PAID, SMS, Outbox, Provider, Words, facts, put

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("template", "wanted", "ago", "route"),
    [
        ("rent_paid", None, timedelta(hours=1), Route(SMS)),
        ("rent_paid", "sms", timedelta(), Route(SMS)),
        ("rent_paid", "whatsapp", timedelta(hours=23, minutes=59), Route(CHAT, "meta")),
        ("rent_paid", "whatsapp", DAY, Route(CHAT, "meta", "approved")),
        ("payment_expired", "whatsapp", DAY, Route(SMS)),
        ("payment_expired", "telegram", timedelta(), Route(BOT, "telegram")),
    ],
)
def test_where_a_notice_goes(template: str, wanted: str | None, ago: timedelta, route: Route) -> None:
    assert choose(template, SMS, facts(wanted, ago=ago), NOW) == route


def test_what_is_preferred_but_not_there_goes_to_the_phone() -> None:
    assert choose("rent_paid", SMS, Facts("CM", "telegram", []), NOW) == Route(SMS)


@pytest.mark.parametrize(
    ("utc_hour", "until"),
    [(6, None), (19, None), (20, datetime(2026, 11, 22, 6, tzinfo=UTC)), (3, datetime(2026, 11, 21, 6, tzinfo=UTC))],
)
def test_what_can_wait_waits_for_the_morning(utc_hour: int, until: datetime | None) -> None:
    """Douala is one hour ahead of UTC."""
    assert morning("reminders", "CM", NOW.replace(hour=utc_hour)) == until
    assert morning("payments", "CM", NOW.replace(hour=utc_hour)) is None


async def answer(outbox: Outbox, key: str, at: Address = CHAT) -> None:
    async with outbox.db.transaction() as tx:
        await queue(tx, Notice(key, at, "fr", "screen.1", {"bubble": key}, source="meta"), outbox.clock.now())


async def test_receipts_go_where_somebody_wants_them(outbox: Outbox, person: PersonId) -> None:
    await prefer(outbox.db, person, "payments", "whatsapp")
    await put(outbox, person)
    await outbox.run()
    assert [parcel.to for parcel in outbox.provider.parcels] == [CHAT]
    row = await outbox.row()
    assert (row["channel"], row["address"], row["cost_amount"]) == ("whatsapp", OWNER.e164, 0)
    assert await preferred(outbox.db, person) == {"payments": "whatsapp"}


async def test_what_goes_into_a_conversation_goes_through_who_brought_the_last_message(
    outbox: Outbox, person: PersonId
) -> None:
    usual = Provider()
    senders = Senders({"whatsapp": {"meta": usual, "twilio": outbox.provider}})
    async with outbox.db.transaction() as tx:
        await hear(tx, CHAT, "twilio", NOW, phone=None)
        await queue(tx, Notice("copy", CHAT, "fr", "receipt_quittance.1", PAID, person), NOW)
    await Delivery(outbox.db, outbox.clock, Words(), senders).run_once()
    assert [parcel.to for parcel in outbox.provider.parcels] == [CHAT]
    assert not usual.parcels


async def test_outside_the_window_an_approved_template_goes_out(outbox: Outbox, person: PersonId) -> None:
    await prefer(outbox.db, person, "payments", "whatsapp")
    outbox.clock.move(hours=25)
    await put(outbox, person)
    await outbox.run()
    (parcel,) = outbox.provider.parcels
    told = ("1.fr", "a.fr", "b.fr", "c.fr", "d.fr", "2.fr", "e.fr", "f.fr", "r.fr")
    assert (parcel.to, parcel.approved) == (CHAT, ("toit_rent_paid", told))
    assert (await outbox.row())["cost_amount"] > 0


@pytest.mark.parametrize("error", [
    ProviderError("blocked", retryable=False, gone=True),
    ProviderError("131047", retryable=False, closed=True),
    ProviderError("132001", retryable=False),
])  # fmt: skip
async def test_what_a_conversation_does_not_take_goes_to_the_phone(
    outbox: Outbox, person: PersonId, error: ProviderError
) -> None:
    await prefer(outbox.db, person, "payments", "whatsapp")
    outbox.provider.script = [error]
    await put(outbox, person)
    await outbox.run()
    await outbox.run()
    assert [parcel.to for parcel in outbox.provider.parcels] == [SMS]
    assert (await outbox.row())["state"] == "sent"
    await put(outbox, person, key="next")
    await outbox.run()
    assert outbox.provider.parcels[-1].to == (SMS if error.gone else CHAT)


async def test_stop_in_a_conversation_sends_receipts_to_the_phone(outbox: Outbox, person: PersonId) -> None:
    await prefer(outbox.db, person, "payments", "whatsapp")
    await stop(outbox.db, CHAT, NOW)
    await put(outbox, person)
    await outbox.run()
    assert [parcel.to for parcel in outbox.provider.parcels] == [SMS]


async def test_reminders_wait_for_the_morning_and_stop_with_stop(outbox: Outbox, person: PersonId) -> None:
    outbox.clock.at = NOW.replace(hour=22)
    await put(outbox, person, "dropped.1", key="night")
    await outbox.run()
    assert outbox.provider.parcels == []
    outbox.clock.move(hours=8)
    await outbox.run()
    assert len(outbox.provider.parcels) == 1
    await stop(outbox.db, SMS, outbox.clock.now(), "reminders")
    await put(outbox, person, "dropped.1", key="day")
    await put(outbox, person, "home_found.1", key="alert")
    await outbox.run()
    assert [row["state"] for row in await outbox.rows()] == ["sent", "suppressed", "sent"]


async def test_answers_of_a_conversation_keep_their_order(outbox: Outbox, person: PersonId) -> None:
    outbox.provider.script = [ProviderError("http_429", retryable=True, after_s=30)]
    for key in ("first", "second", "third"):
        await answer(outbox, key)
    await answer(outbox, "elsewhere", BOT)
    await outbox.run()
    assert [parcel.screen for parcel in outbox.provider.parcels] == ["elsewhere"]
    await outbox.run()
    assert len(outbox.provider.parcels) == 1
    outbox.clock.move(seconds=29)
    assert await outbox.run() == 0
    outbox.clock.move(seconds=1)
    for _ in range(3):
        await outbox.run()
    assert [parcel.screen for parcel in outbox.provider.parcels[1:]] == ["first", "second", "third"]


async def test_an_answer_that_comes_too_late_waits_until_its_person_writes(outbox: Outbox, person: PersonId) -> None:
    outbox.clock.move(hours=25)
    await answer(outbox, "late")
    await answer(outbox, "later")
    for _ in range(4):
        await outbox.run()
    assert [(parcel.approved or ("", ()))[0] for parcel in outbox.provider.parcels] == ["toit_waiting"]
    async with outbox.db.transaction() as tx:
        await hear(tx, CHAT, "meta", outbox.clock.now(), phone=None)
        await release(tx, CHAT, outbox.clock.now())
    for _ in range(3):
        await outbox.run()
    assert [parcel.screen for parcel in outbox.provider.parcels[1:]] == ["late", "later"]


async def test_a_phone_of_nobody_is_simply_written_to(outbox: Outbox) -> None:
    async with outbox.db.transaction() as tx:
        await queue(tx, Notice("k", Phone("+237677000009"), "fr", "rent_paid.1", PAID), outbox.clock.now())
    await outbox.run()
    assert [parcel.to.name for parcel in outbox.provider.parcels] == ["+237677000009"]


async def sent_by_chat(outbox: Outbox, person: PersonId) -> str:
    """A receipt that WhatsApp took; its id there."""
    await prefer(outbox.db, person, "payments", "whatsapp")
    await put(outbox, person)
    await outbox.run()
    assert (await outbox.row())["state"] == "sent"
    return str((await outbox.row())["provider_id"])


@pytest.mark.parametrize("gone", [False, True])
async def test_what_failed_after_it_was_taken_goes_to_the_phone_once(
    outbox: Outbox, person: PersonId, gone: bool
) -> None:
    ident = await sent_by_chat(outbox, person)
    for _ in range(3):
        await record_delivery(outbox.db, "at", ident, "failed", "131026", outbox.clock.now(), gone=gone)
    while await outbox.run():
        pass
    assert [parcel.to for parcel in outbox.provider.parcels] == [CHAT, SMS]
    assert [row["state"] for row in await outbox.rows()] == ["failed", "sent"]
    await record_delivery(outbox.db, "at", "id-2", "failed", "DeliveryFailure", outbox.clock.now())
    await put(outbox, person, key="next")
    while await outbox.run():
        pass
    assert [parcel.to for parcel in outbox.provider.parcels[2:]] == [SMS if gone else CHAT]


async def test_a_failure_that_is_reported_before_the_answer_goes_to_the_phone_too(
    outbox: Outbox, person: PersonId
) -> None:
    await record_delivery(outbox.db, "at", "id-1", "failed", "131047", outbox.clock.now())
    await prefer(outbox.db, person, "payments", "whatsapp")
    await put(outbox, person)
    while await outbox.run():
        pass
    assert [parcel.to for parcel in outbox.provider.parcels] == [CHAT, SMS]


async def test_an_answer_that_failed_is_not_sent_to_a_phone(outbox: Outbox, person: PersonId) -> None:
    await answer(outbox, "screen")
    await outbox.run()
    await record_delivery(outbox.db, "at", "id-1", "failed", "131026", outbox.clock.now())
    assert await outbox.run() == 0


async def test_an_answer_that_was_too_late_after_all_comes_when_its_person_writes(
    outbox: Outbox, person: PersonId
) -> None:
    await answer(outbox, "screen")
    await outbox.run()
    for _ in range(3):
        await record_delivery(outbox.db, "at", "id-1", "failed", "131047", outbox.clock.now(), closed=True)
    while await outbox.run():
        pass
    assert [(parcel.screen, (parcel.approved or ("",))[0]) for parcel in outbox.provider.parcels[1:]] == [
        ("", "toit_waiting")
    ]
    await release(outbox.db, CHAT, outbox.clock.now())
    while await outbox.run():
        pass
    assert [parcel.screen for parcel in outbox.provider.parcels] == ["screen", "", "screen"]
    await record_delivery(outbox.db, "at", "id-3", "failed", "131047", outbox.clock.now(), closed=True)
    assert len(await outbox.rows()) == 3, "it comes later once, whoever refuses it then"


async def test_a_conversation_whose_provider_is_in_trouble_is_given_up_for_the_phone(
    outbox: Outbox, person: PersonId
) -> None:
    await prefer(outbox.db, person, "payments", "whatsapp")
    outbox.provider.script = [ProviderError("http_503", retryable=True)] * FALLS_AFTER
    await put(outbox, person)
    for _ in range(FALLS_AFTER + 1):
        await outbox.run()
        outbox.clock.move(minutes=1)
    assert [parcel.to for parcel in outbox.provider.parcels] == [SMS]


@pytest.mark.parametrize("at", [CHAT, SMS])
@pytest.mark.parametrize("what", ["all", "alerts"])
async def test_stop_ends_alerts_wherever_they_would_go(
    outbox: Outbox, person: PersonId, at: Address, what: Stopped
) -> None:
    await prefer(outbox.db, person, "alerts", "whatsapp")
    await stop(outbox.db, at, NOW, what)
    await put(outbox, person, "home_found.1")
    await outbox.run()
    assert await outbox.state() == "suppressed"
    await resume(outbox.db, at, what)
    await put(outbox, person, "home_found.1", key="again")
    await outbox.run()
    assert [parcel.to for parcel in outbox.provider.parcels] == [CHAT]


async def test_stop_in_a_conversation_nobody_prefers_changes_nothing(outbox: Outbox, person: PersonId) -> None:
    await prefer(outbox.db, person, "alerts", "whatsapp")
    await stop(outbox.db, BOT, NOW)
    await put(outbox, person, "home_found.1")
    await outbox.run()
    assert [parcel.to for parcel in outbox.provider.parcels] == [CHAT]


async def test_one_list_is_resumed_and_the_other_stays_stopped(outbox: Outbox, person: PersonId) -> None:
    await stop(outbox.db, SMS, NOW)
    await resume(outbox.db, SMS, "alerts")
    await put(outbox, person, "home_found.1", key="alert")
    await put(outbox, person, "dropped.1", key="reminder")
    await outbox.run()
    assert [row["state"] for row in await outbox.rows()] == ["sent", "suppressed"]
    assert await stopped(outbox.db, SMS)


async def test_a_reminder_to_a_phone_of_nobody_waits_for_its_morning(outbox: Outbox) -> None:
    outbox.clock.at = NOW.replace(hour=6, minute=30)
    for n, number in enumerate(("+237677000009", "+221771234567")):
        async with outbox.db.transaction() as tx:
            await queue(tx, Notice(f"k{n}", Phone(number), "fr", "dropped.1"), outbox.clock.now())
    await outbox.run()
    assert [parcel.to.name for parcel in outbox.provider.parcels] == ["+237677000009"], "in Dakar it is half past six"
    outbox.clock.move(minutes=30)
    await outbox.run()
    assert len(outbox.provider.parcels) == 2
    assert {row["cost_currency"] for row in await outbox.rows()} == {"XAF", "XOF"}


async def test_an_answer_nobody_knows_of_comes_again_unless_another_followed(outbox: Outbox, person: PersonId) -> None:
    lost = ProviderError("no_answer", retryable=False, unknown=True)
    outbox.provider.script = [lost]
    await answer(outbox, "first")
    await outbox.run()
    outbox.clock.move(seconds=30)
    assert await outbox.run() == 1
    outbox.provider.script = [lost]
    await answer(outbox, "second")
    await outbox.run()
    await answer(outbox, "third")
    await outbox.run()
    outbox.clock.move(minutes=10)
    await outbox.run()
    assert [parcel.screen for parcel in outbox.provider.parcels] == ["first", "first", "second", "third"]
    assert [row["state"] for row in await outbox.rows()] == ["sent", "unknown", "sent"]


async def test_a_chat_is_not_moved_to_another_chat(outbox: Outbox, person: PersonId) -> None:
    await prefer(outbox.db, person, "payments", "telegram")
    async with outbox.db.transaction() as tx:
        await queue(tx, Notice("k", CHAT, "fr", "rent_paid.1", PAID, person, "meta"), NOW)
    await outbox.run()
    assert [parcel.to for parcel in outbox.provider.parcels] == [CHAT]


async def test_a_worker_for_one_channel_leaves_the_others_alone(outbox: Outbox, person: PersonId) -> None:
    await answer(outbox, "chat")
    await put(outbox, person, "linked.1", key="phone")
    worker = Delivery(outbox.db, outbox.clock, Words(), outbox.senders, channels=["sms"])
    await worker.run_once()
    assert [parcel.to for parcel in outbox.provider.parcels] == [SMS]


async def test_a_report_of_whatsapp_settles_no_sms(outbox: Outbox) -> None:
    outbox.provider.script = [ProviderError("no_answer", retryable=False, unknown=True)]
    await outbox.put()
    await outbox.run()
    await record_delivery(outbox.db, "another", "wamid.1", "delivered", None, outbox.clock.now(), OWNER)
    assert await outbox.state() == "unknown"
    await record_delivery(outbox.db, "at", "ATX1", "delivered", None, outbox.clock.now(), OWNER)
    assert await outbox.state() == "delivered"


async def test_an_answer_waits_a_week_and_no_longer(outbox: Outbox, person: PersonId) -> None:
    outbox.clock.move(hours=25)
    await answer(outbox, "late")
    await outbox.run()
    outbox.clock.move(days=7, seconds=1)
    await outbox.run()
    assert (await outbox.rows())[0]["state"] == "dead"

"""Paying rent: refused for a reason, or written down with the charges it is for."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from core.desk import Desk
from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.deed import Deed
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.leases.agreements import set_state
from core.leases.schedule import Schedule
from core.leases.words import LeaseId, PayRent
from core.money.charges import open_charges, waive
from core.money.words import Started
from core.people.pin import hashed
from tests.core.homes.planting import NOW, add_person
from tests.core.leases.letting import PHONE, francs, speaker
from tests.core.leases.paying import GIVE_PIN, PIN, Case, case_of

NOVEMBER = Month(2026, 11)
_ATTEMPTS = Statement(text("SELECT * FROM payment_attempt ORDER BY id"))
_FAILED = Statement(text("SELECT failed FROM pin_credential WHERE person_id = :person"))


@pytest.fixture
async def case(db: Database) -> Case:
    """A tenant who owes November."""
    return await case_of(db)


async def test_a_payment_is_written_down_with_everybody_in_it(case: Case) -> None:
    started = await case.pay(85_000)
    assert isinstance(started, Started)
    assert (started.amount, started.rail) == (francs(85_000), "rail.mtn")
    (row,) = await case.db.fetch(_ATTEMPTS)
    assert (row["ref"], row["subject"], row["title"]) == (started.ref, case.one.agreed.id, "Studio B3")
    assert (row["payer"], row["debtor"], row["payee"]) == (case.payer, case.one.tenant, case.one.landlord)
    assert (row["amount"], row["currency"], row["state"]) == (85_000, "XAF", "created")


async def test_what_is_due_is_charged_even_before_the_worker_comes(case: Case, clock: FixedClock) -> None:
    await case.pay(85_000)
    assert await case.charged() == [NOVEMBER]
    assert await Schedule(case.db, clock).run_once() == 0


async def test_months_paid_ahead_are_charged_and_kept_with_the_payment(case: Case) -> None:
    assert isinstance(await case.pay(255_000, NOVEMBER, Month(2026, 12), Month(2027, 1)), Started)
    assert await case.charged() == [NOVEMBER, Month(2026, 12), Month(2027, 1)]
    (row,) = await case.db.fetch(_ATTEMPTS)
    assert row["months"] == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


async def test_more_than_is_due_without_a_month_is_charged_nothing_ahead(case: Case) -> None:
    assert isinstance(await case.pay(95_000, owed=85_000), Started)
    assert await case.charged() == [NOVEMBER]


async def test_a_wrong_pin_is_counted_and_nothing_else_happens(case: Case) -> None:
    refused = await case.pay(85_000, pin="9999")
    assert isinstance(refused, Refused)
    assert (refused.key, refused.text.blanks["left"]) == ("pin.wrong", 4)
    row = await case.db.one(_FAILED, person=case.payer)
    assert row
    assert row["failed"] == 1
    assert await case.db.fetch(_ATTEMPTS) == []
    assert await case.charged() == []


async def test_five_wrong_pins_lock_even_the_right_one_out(case: Case) -> None:
    keys = [getattr(await case.pay(85_000, pin="9999"), "key", "") for _ in range(5)]
    assert keys == ["pin.wrong"] * 4 + ["pin.locked"]
    assert getattr(await case.pay(85_000), "key", "") == "pin.locked"


async def test_the_pin_comes_before_everything_else(case: Case) -> None:
    refused = await case.perform(PayRent(LeaseId(404), francs(1), (), PHONE, "9999"))
    assert getattr(refused, "key", "") == "pin.wrong"


@pytest.mark.parametrize("amount", [1, 499])
async def test_too_little(case: Case, amount: int) -> None:
    refused = await case.pay(amount)
    assert isinstance(refused, Refused)
    assert (refused.key, refused.text.blanks["least"]) == ("pay.little", francs(500))
    assert await case.charged() == []


async def test_all_that_is_left_is_never_too_little(case: Case, clock: FixedClock) -> None:
    await Schedule(case.db, clock).run_once()
    async with case.db.transaction() as tx:
        rent, service = await open_charges(tx, case.one.agreed.id)
        await waive(tx, rent.id, 79_800, reason="geste", origin_key="1", now=NOW)
        await waive(tx, service.id, 5_000, reason="geste", origin_key="2", now=NOW)
    assert getattr(await case.pay(199), "key", "") == "pay.little"
    assert isinstance(await case.pay(200), Started)


async def test_no_more_than_what_is_due_and_can_be_paid_ahead(case: Case) -> None:
    refused = await case.pay(7 * 85_000 + 1, owed=85_000)
    assert isinstance(refused, Refused)
    assert (refused.key, refused.text.blanks["most"]) == ("pay.much", francs(7 * 85_000))
    assert isinstance(await case.pay(7 * 85_000, owed=85_000), Started)


async def test_a_month_somebody_paid_meanwhile_is_not_paid_again(case: Case, clock: FixedClock) -> None:
    await Schedule(case.db, clock).run_once()
    async with case.db.transaction() as tx:
        for charge in await open_charges(tx, case.one.agreed.id):
            await waive(tx, charge.id, charge.left, reason="x", origin_key=f"{charge.id}", now=NOW)
    refused = await case.pay(85_000, NOVEMBER, owed=85_000)
    assert isinstance(refused, Refused)
    assert (refused.key, refused.text.blanks["left"]) == ("pay.changed", francs(0))


async def test_one_payment_at_a_time(case: Case) -> None:
    first = await case.pay(50_000)
    assert isinstance(first, Started)
    refused = await case.pay(35_000)
    assert isinstance(refused, Refused)
    assert (refused.key, refused.text.blanks["ref"]) == ("pay.open", first.ref)
    assert refused.text.blanks["amount"] == francs(50_000)


async def test_a_wallet_no_operator_serves(case: Case) -> None:
    refused = await case.pay(85_000, wallet=Phone("+221770000101"))
    assert getattr(refused, "key", "") == "pay.rail"


async def test_somebody_else_pays(case: Case) -> None:
    async with case.db.transaction() as tx:
        friend = await add_person(tx, "Oumarou Issa")
    await case.db.fetch(GIVE_PIN, person=friend, hash=await hashed("6194", Settings()))
    command = PayRent(case.one.agreed.id, francs(85_000), (), PHONE, "6194")
    assert isinstance(await case.perform(command, by=friend), Started)
    (row,) = await case.db.fetch(_ATTEMPTS)
    assert (row["payer"], row["debtor"]) == (friend, case.one.tenant)
    assert getattr(await case.perform(replace(command, pin=PIN), by=friend), "key", "") == "pin.wrong"


async def test_arrears_of_an_ended_lease_can_be_paid_and_nothing_ahead(db: Database, clock: FixedClock) -> None:
    case = await case_of(db, start=date(2026, 10, 1))
    await Schedule(db, clock).run_once()
    async with db.transaction() as tx:
        await set_state(tx, case.one.agreed.id, "ended", None, NOW, end=date(2026, 11, 30))
    assert getattr(await case.pay(170_001, owed=170_000), "key", "") == "pay.much"
    assert isinstance(await case.pay(170_000), Started)


async def test_a_lease_that_does_not_exist_or_was_cancelled_takes_no_payment(case: Case) -> None:
    await case.db.fetch(Statement(text("INSERT INTO lease_transition VALUES ('active', 'cancelled')")))
    async with case.db.transaction() as tx:
        await set_state(tx, case.one.agreed.id, "cancelled", None, NOW)
    assert getattr(await case.pay(85_000), "key", "") == "pay.closed"
    missing = PayRent(LeaseId(404), francs(85_000), (), PHONE, PIN)
    assert getattr(await case.perform(missing), "key", "") == "pay.closed"


async def test_currencies_never_mix(case: Case) -> None:
    with pytest.raises(ValueError, match="mix"):
        await case.pay(Money(85_000, "XOF"))


async def test_nobody_pays_without_a_profile(case: Case) -> None:
    command = PayRent(case.one.agreed.id, francs(85_000), (), PHONE, PIN)
    async with case.db.transaction() as tx:
        with pytest.raises(ValueError, match="profile"):
            await Desk().perform(command, Deed(tx, speaker(None), NOW, Settings()))

"""Payments in the books: once, together, and whoever comes in between."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from core.kit.db import Database
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.month import Month
from core.kit.say import t
from core.money.allocation import OpenCharge, Part
from core.money.charges import credit_of, open_charges, waive
from core.money.parties import covered
from core.money.posting import Posted, Poster
from core.money.words import ChargeId
from core.notices.blanks import decode
from tests.core.money.village import Village, Villager

OCTOBER, NOVEMBER, DECEMBER = Month(2026, 10), Month(2026, 11), Month(2026, 12)


@pytest.fixture
def poster(village: Village) -> Poster:
    return Poster(village.db, village.clock)


async def test_a_full_month_gives_a_quittance_and_tells_both(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Ngo Bell Marie"), await village.person("Kamga Paul")
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    posted = await poster.post(await village.asked(1, marie, paul, 85_000))
    assert posted.number == "2026-000001"
    receipt = (await village.rows("SELECT * FROM receipt"))[0]
    assert (receipt["kind"], receipt["amount"], receipt["remaining"], receipt["credit"]) == ("quittance", 85_000, 0, 0)
    assert receipt["months"] == [NOVEMBER.first()]
    assert await open_charges(village.db, 1) == ()
    notices = await village.rows("SELECT template, address, blanks FROM notice ORDER BY template")
    assert [(n["template"], n["address"]) for n in notices] == [
        ("rent_paid.1", marie.phone.e164),
        ("rent_received.1", paul.phone.e164),
    ]
    assert notices[1]["blanks"]["total"] == {"money": [85_000, "XAF"]}
    assert notices[0]["blanks"]["number"] == "2026-000001"
    assert notices[0]["blanks"]["code"] == receipt["check_code"]
    assert "total" not in notices[0]["blanks"]


async def test_a_part_of_a_month_gives_a_recu_that_says_what_is_left(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    await village.owe(1, marie, paul, 5_000, NOVEMBER, kind="service")
    await poster.post(await village.asked(1, marie, paul, 85_000))
    await poster.post(await village.asked(1, marie, paul, 5_000))
    receipts = await village.rows("SELECT kind, remaining, number FROM receipt ORDER BY number")
    assert [tuple(row) for row in receipts] == [("recu", 5_000, 1), ("quittance", 0, 2)]


@pytest.mark.parametrize(
    ("francs", "chosen", "left"),
    [
        (85_000, (), (0, 170_000, 1)),
        (85_000, (DECEMBER,), (0, 255_000, 1)),
        (40_000, (DECEMBER,), (45_000, 300_000, 1)),
        (125_000, (), (45_000, 130_000, 2)),
        (215_000, (), 40_000),
        (255_000, (), 0),
    ],
)
async def test_what_is_left_in_all_is_told_where_it_is_more_than_what_is_left_of_the_months_paid(
    village: Village, poster: Poster, francs: int, chosen: tuple[Month, ...], left: int | tuple[int, int, int]
) -> None:
    """Three months are due and two are charged ahead; a deposit is never counted. The landlord is told the same."""
    marie, paul = await village.person("Ngo Bell Marie"), await village.person("Kamga Paul")
    months = (Month(2026, 9), Month(2026, 10), NOVEMBER, DECEMBER, Month(2027, 1))
    await village.owe(1, marie, paul, 85_000, *months)
    await village.owe(1, marie, paul, 170_000, NOVEMBER, kind="deposit")
    await poster.post(await village.asked(1, marie, paul, francs, *chosen))
    rows = await village.rows("SELECT blanks FROM notice ORDER BY id")
    told = [decode(row["blanks"])["left"] for row in rows]
    if isinstance(left, tuple):
        of_these, in_all, count = left
        money = {"left": Money(of_these, "XAF"), "in_all": Money(in_all, "XAF")}
        assert told == [t("left.both", **money, count=count)] * 2
    else:
        assert told == [Money(left, "XAF")] * 2


@pytest.mark.parametrize(
    ("period", "due", "owed"),
    [(NOVEMBER, 30, True), (DECEMBER, 6, True), (DECEMBER, 7, False)],
    ids=["of this month", "due today", "to come"],
)
def test_what_is_owed_in_all_is_of_this_month_or_due(period: Month, due: int, owed: bool) -> None:
    """As allocation has it, which would pay it next; the day is 6 November."""
    paid = OpenCharge(ChargeId(1), "rent", OCTOBER, OCTOBER.day(5), 85_000, 85_000)
    other = OpenCharge(ChargeId(2), "rent", period, NOVEMBER.day(due), 85_000, 60_000)
    cover = covered([paid, other], (Part(paid, 85_000),), NOVEMBER.day(6))
    assert (cover.remaining, cover.in_all) == (0, 60_000 if owed else 0)


async def test_what_is_over_is_credit_and_pays_the_next_month_when_it_is_issued(
    village: Village, poster: Poster
) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await village.owe(1, marie, paul, 85_000, OCTOBER)
    await poster.post(await village.asked(1, marie, paul, 180_000))
    assert await credit_of(village.db, 1, "XAF") == Money(95_000, "XAF")
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    assert await credit_of(village.db, 1, "XAF") == Money(10_000, "XAF")
    assert await open_charges(village.db, 1) == ()
    receipts = await village.rows("SELECT kind, amount, credit, months FROM receipt ORDER BY number")
    assert [tuple(row) for row in receipts] == [
        ("quittance", 180_000, 95_000, [OCTOBER.first()]),
        ("quittance", 85_000, 0, [NOVEMBER.first()]),
    ]
    assert await village.value("SELECT received FROM payee_month") == 180_000


async def test_credit_pays_no_month_to_come_and_no_deposit(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await poster.post(await village.asked(1, marie, paul, 50_000))
    await village.owe(1, marie, paul, 85_000, DECEMBER)
    await village.owe(1, marie, paul, 170_000, NOVEMBER, kind="deposit")
    assert await credit_of(village.db, 1, "XAF") == Money(50_000, "XAF")
    village.clock.move(days=30)
    await village.owe(1, marie, paul, 85_000, DECEMBER)
    assert await credit_of(village.db, 1, "XAF") == Money(0, "XAF")
    left = {charge.kind: charge.left for charge in await open_charges(village.db, 1)}
    assert left == {"rent": 35_000, "deposit": 170_000}


async def test_who_has_no_phone_is_told_in_their_latest_conversation(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    for one in (marie, paul):
        await village.unplug(one)
    await village.converse(paul, "telegram", "384000102", hours_ago=5)
    await village.converse(paul, "whatsapp", "CM.4500", hours_ago=1)
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    await poster.post(await village.asked(1, marie, paul, 85_000))
    told = await village.rows("SELECT template, channel, address, source FROM notice ORDER BY template")
    assert [tuple(row) for row in told] == [
        ("rent_paid.1", "sms", marie.phone.e164, None),
        ("rent_received.1", "whatsapp", "CM.4500", "test"),
    ]


async def test_somebody_else_pays_and_the_tenant_hears_of_it(village: Village, poster: Poster) -> None:
    marie, paul, jean = [await village.person(name) for name in ("Marie", "Paul", "Jean")]
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    await poster.post(await village.asked(1, jean, paul, 85_000, tenant=marie))
    told = await village.rows("SELECT address, template FROM notice ORDER BY template, address")
    assert sorted(tuple(row) for row in told) == sorted(
        [
            (marie.phone.e164, "rent_paid.1"),
            (jean.phone.e164, "rent_paid.1"),
            (paul.phone.e164, "rent_received_for.1"),
        ]
    )
    assert await village.value("SELECT debtor_name FROM receipt") == "Marie"


async def test_the_same_payment_again_gives_the_stored_result(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    payment = await village.asked(1, marie, paul, 85_000)
    first = await poster.post(payment)
    again = await poster.post(payment)
    assert (first.fresh, again.fresh) == (True, False)
    assert (first.receipt, first.number) == (again.receipt, again.number)
    assert await village.value("SELECT count(*) FROM entry") == 1


async def test_another_payment_under_the_same_key_is_refused(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    payment = await village.asked(1, marie, paul, 85_000)
    await poster.post(payment)
    with pytest.raises(Refused, match="differs"):
        await poster.post(replace(payment, amount=Money(84_000, "XAF")))


async def test_an_attempt_that_failed_meanwhile_posts_nothing(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    payment = await village.asked(1, marie, paul, 85_000)
    await village.rows("UPDATE payment_attempt SET state = 'failed', failure = 'payer_declined', next_check_at = NULL")
    with pytest.raises(Refused, match="ended"):
        await poster.post(payment)
    assert await village.value("SELECT count(*) FROM entry") == 0


async def test_many_payments_of_one_landlord_in_several_processes_are_numbered_without_a_gap(
    village: Village, database_url: str
) -> None:
    paul = await village.person("Paul")
    tenants = [await village.person(f"Tenant {n}") for n in range(40)]
    payments = []
    for subject, tenant in enumerate(tenants):
        await village.owe(subject, tenant, paul, 50_000, NOVEMBER)
        payments.append(await village.asked(subject, tenant, paul, 50_000))
    others = [await Database.open(database_url, size=4) for _ in range(3)]
    posters = [Poster(db, village.clock) for db in others]
    results = await asyncio.gather(
        *(poster.post(payment) for n, payment in enumerate(payments) for poster in (posters[n % 3], posters[-n % 3]))
    )
    for db in others:
        await db.close()
    assert sum(result.fresh for result in results) == 40
    numbers = [row["number"] for row in await village.rows("SELECT number FROM receipt ORDER BY number")]
    assert numbers == list(range(1, 41))
    assert await village.value("SELECT received FROM payee_month") == 40 * 50_000
    totals = await village.rows(
        "SELECT (blanks->'total'->'money'->>0)::int AS total FROM notice WHERE template = 'rent_received.1'"
    )
    assert sorted(row["total"] for row in totals) == [50_000 * n for n in range(1, 41)]


async def test_two_payers_of_one_month_at_once_never_pay_it_twice(village: Village, database_url: str) -> None:
    paul, marie = await village.person("Paul"), await village.person("Marie")
    payers = [await village.person(f"Brother {n}") for n in range(8)]
    await village.owe(1, marie, paul, 80_000, NOVEMBER)
    payments = [await village.asked(1, payer, paul, 20_000, tenant=marie) for payer in payers]
    others = [await Database.open(database_url, size=2) for _ in range(4)]
    results = await asyncio.gather(
        *(Poster(others[n % 4], village.clock).post(payment) for n, payment in enumerate(payments))
    )
    for db in others:
        await db.close()
    assert all(isinstance(result, Posted) for result in results)
    lefts = [row["left_after"] for row in await village.rows("SELECT left_after FROM allocation ORDER BY id")]
    assert lefts == [60_000, 40_000, 20_000, 0]
    assert await credit_of(village.db, 1, "XAF") == Money(80_000, "XAF")
    kinds = [row["kind"] for row in await village.rows("SELECT kind FROM receipt WHERE months <> '{}' ORDER BY number")]
    assert kinds == ["recu", "recu", "recu", "quittance"]


async def test_one_bad_payment_does_not_hold_up_the_others(village: Village, poster: Poster) -> None:
    paul = await village.person("Paul")
    payments = [await village.asked(n, await village.person(f"T{n}"), paul, 10_000) for n in range(4)]
    payments[2] = replace(payments[2], provider_tx=payments[1].provider_tx)
    results = await asyncio.gather(*(poster.post(payment) for payment in payments), return_exceptions=True)
    good = [result for result in results if isinstance(result, Posted)]
    assert len(good) == 3
    assert any(isinstance(result, asyncpg.UniqueViolationError) for result in results)
    assert await village.value("SELECT max(number) FROM receipt") == 3


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET kind = kind",
        "DELETE FROM posting",
        "UPDATE charge SET amount = amount + 1",
        "TRUNCATE receipt",
        "UPDATE payment_attempt SET amount = 1",
        "DELETE FROM payment_attempt",
        "DELETE FROM attempt_event",
    ],
)
async def test_what_was_written_is_never_changed(village: Village, poster: Poster, sql: str) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    await poster.post(await village.asked(1, marie, paul, 85_000))
    with pytest.raises(asyncpg.RestrictViolationError):
        await village.rows(sql)


@pytest.mark.parametrize("state", ["submitted", "failed", "unresolved", "created"])
async def test_a_payment_that_succeeded_moves_no_more(village: Village, poster: Poster, state: str) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await poster.post(await village.asked(1, marie, paul, 85_000))
    failure = "'payer_declined'" if state == "failed" else "NULL"
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await village.rows(f"UPDATE payment_attempt SET state = '{state}', failure = {failure}")  # noqa: S608


async def test_a_waiver_leaves_less_to_pay_and_never_more_than_is_left(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    (charge,) = await village.owe(1, marie, paul, 85_000, NOVEMBER)
    async with village.db.transaction() as tx:
        for _ in range(2):
            await waive(tx, charge, 5_000, reason="leak", origin_key="w1", now=village.now())
    await poster.post(await village.asked(1, marie, paul, 50_000))
    assert [c.left for c in await open_charges(village.db, 1)] == [30_000]
    with pytest.raises(asyncpg.CheckViolationError):
        async with village.db.transaction() as tx:
            await waive(tx, charge, 30_001, reason="too much", origin_key="w2", now=village.now())


async def test_a_charge_is_issued_once_and_never_otherwise(village: Village) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    first = await village.owe(1, marie, paul, 85_000, NOVEMBER)
    assert await village.owe(1, marie, paul, 85_000, NOVEMBER) == first
    with pytest.raises(ValueError, match="issued otherwise"):
        await village.owe(1, marie, paul, 86_000, NOVEMBER)


async def test_a_payment_that_the_books_refuse_is_given_back_and_holds_up_no_other(
    village: Village, poster: Poster
) -> None:
    """A rule of the database speaks: whoever asked hears it, and the payment beside it is booked."""
    marie, paul = await village.person("Marie"), await village.person("Paul")
    for lease in (1, 2):
        await village.owe(lease, marie, paul, 85_000, NOVEMBER)
    await village.rows("ALTER TABLE receipt ADD CONSTRAINT little CHECK (amount < 80000)")
    refused, booked = await asyncio.gather(
        poster.post(await village.asked(1, marie, paul, 85_000)),
        poster.post(await village.asked(2, marie, paul, 5_000)),
        return_exceptions=True,
    )
    assert isinstance(refused, asyncpg.CheckViolationError)
    assert isinstance(booked, Posted)
    assert len(await village.rows("SELECT * FROM receipt")) == 1


async def _credit(village: Village, poster: Poster, tenant: Villager, landlord: Villager, francs: int) -> None:
    """So much was paid when nothing was owed."""
    await poster.post(await village.asked(1, tenant, landlord, francs))


async def test_what_is_over_is_told_to_both_as_an_advance(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    await poster.post(await village.asked(1, marie, paul, 95_000))
    told = [decode(row["blanks"])["left"] for row in await village.rows("SELECT blanks FROM notice")]
    assert told == [t("left.credit", left=Money(0, "XAF"), credit=Money(10_000, "XAF"))] * 2


async def test_a_coming_month_is_paid_with_what_waits_and_the_rest(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await _credit(village, poster, marie, paul, 10_000)
    await village.owe(1, marie, paul, 85_000, DECEMBER)
    payment = await village.asked(1, marie, paul, 75_000, DECEMBER)
    posted = [await poster.post(payment), await poster.post(payment)]
    assert [one.fresh for one in posted] == [True, False]
    assert await open_charges(village.db, 1) == ()
    assert await credit_of(village.db, 1, "XAF") == Money(0, "XAF")
    receipts = await village.rows("SELECT kind, amount, remaining, credit FROM receipt ORDER BY number")
    assert [tuple(row) for row in receipts] == [("recu", 10_000, 0, 10_000), ("quittance", 75_000, 0, 0)]


async def test_no_more_of_what_waits_is_used_than_the_payment_lacks(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await _credit(village, poster, marie, paul, 30_000)
    await village.owe(1, marie, paul, 85_000, DECEMBER)
    await poster.post(await village.asked(1, marie, paul, 75_000, DECEMBER))
    assert await open_charges(village.db, 1) == ()
    assert await credit_of(village.db, 1, "XAF") == Money(20_000, "XAF")


async def test_a_payment_that_needs_no_credit_leaves_it(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await _credit(village, poster, marie, paul, 10_000)
    await village.owe(1, marie, paul, 85_000, DECEMBER)
    await poster.post(await village.asked(1, marie, paul, 85_000, DECEMBER))
    assert await credit_of(village.db, 1, "XAF") == Money(10_000, "XAF")


async def test_an_attempt_that_failed_uses_no_credit(village: Village, poster: Poster) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await _credit(village, poster, marie, paul, 10_000)
    await village.owe(1, marie, paul, 85_000, DECEMBER)
    payment = await village.asked(1, marie, paul, 75_000, DECEMBER)
    await village.rows(
        "UPDATE payment_attempt SET state = 'failed', failure = 'payer_declined', next_check_at = NULL"
        " WHERE state = 'submitted'"
    )
    with pytest.raises(Refused, match="ended"):
        await poster.post(payment)
    assert await credit_of(village.db, 1, "XAF") == Money(10_000, "XAF")

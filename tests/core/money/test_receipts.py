"""Receipts: read by whom they concern, checked by anybody, sent again three times a day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.deed import Deed, Look
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.say import t
from core.kit.settings import Settings
from core.kit.speaker import Speaker
from core.money.commands import COMMANDS
from core.money.credits import apply_credit
from core.money.posting import Poster
from core.money.reads import MoneyReads
from core.money.receipts import ALPHABET, check_code, in_words, read_check_code, receipt_number
from core.money.words import ReceiptId, SendReceipt, Wallet
from core.notices.blanks import decode
from tests.core.money.village import Village, Villager

NOVEMBER = Month(2026, 11)


def speaker(villager: Villager) -> Speaker:
    return Speaker(villager.phone, person=villager.id, profiles=1, proved=True)


def reads(village: Village, villager: Villager) -> MoneyReads:
    return MoneyReads(Look(village.db, speaker(villager), village.now(), Settings()))


async def send(village: Village, villager: Villager, receipt: ReceiptId) -> object:
    async with village.db.transaction() as tx:
        deed = Deed(tx, speaker(villager), village.now(), Settings())
        return await COMMANDS[SendReceipt](SendReceipt(receipt), deed)


@pytest.fixture
async def people(village: Village) -> tuple[Villager, Villager, Villager]:
    """Marie, who owes; Paul, who is paid; Jean, who paid November for Marie."""
    marie, paul, jean = [await village.person(name) for name in ("Ngo Bell Marie", "Kamga Paul", "Jean")]
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    payment = await village.asked(1, jean, paul, 85_000, tenant=marie)
    await Poster(village.db, village.clock).post(payment)
    return marie, paul, jean


async def test_tenant_and_payer_read_it_and_nobody_else(
    village: Village, people: tuple[Villager, Villager, Villager]
) -> None:
    marie, paul, jean = people
    (receipt,) = await reads(village, marie).receipts()
    assert receipt.kind == "quittance"
    assert (receipt.number, receipt.amount, receipt.left) == ("2026-000001", Money(85_000, "XAF"), Money(0, "XAF"))
    assert (receipt.months, receipt.title) == ((NOVEMBER,), "Studio B3")
    assert await reads(village, jean).receipt(receipt.id) == receipt
    assert await reads(village, paul).receipts() == ()
    assert await reads(village, paul).receipt(receipt.id) is None


async def test_they_come_twelve_at_a_time_the_newest_first(village: Village) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    poster = Poster(village.db, village.clock)
    for _ in range(15):
        await poster.post(await village.asked(1, marie, paul, 1_000))
    first = await reads(village, marie).receipts()
    rest = await reads(village, marie).receipts(first[-1].id)
    numbers = [receipt.number for receipt in (*first, *rest)]
    assert (len(first), len(rest)) == (12, 3)
    assert numbers == [receipt_number(2026, n) for n in range(15, 0, -1)]


async def test_anybody_can_check_it_and_learns_no_more_than_a_first_name(
    village: Village, people: tuple[Villager, Villager, Villager]
) -> None:
    (receipt,) = await reads(village, people[0]).receipts()
    stranger = reads(village, people[1])
    typed = f" {receipt.check[:4].lower()}-{receipt.check[4:]} "
    checked = await stranger.check(typed)
    assert checked is not None
    assert (checked.number, checked.tenant, checked.amount) == (receipt.number, "Marie", receipt.amount)
    assert await stranger.check("22222222") is None
    assert await stranger.check("nonsense!") is None


async def test_it_is_sent_again_three_times_a_day(
    village: Village, people: tuple[Villager, Villager, Villager]
) -> None:
    marie = people[0]
    (receipt,) = await reads(village, marie).receipts()
    for _ in range(3):
        await send(village, marie, receipt.id)
    with pytest.raises(Refused, match=r"receipt\.often"):
        await send(village, marie, receipt.id)
    village.clock.move(days=1)
    await send(village, marie, receipt.id)
    copies = await village.rows("SELECT address, blanks FROM notice WHERE template = 'receipt_quittance.1'")
    assert len(copies) == 4
    assert {copy["address"] for copy in copies} == {marie.phone.e164}
    assert copies[0]["blanks"]["number"] == "2026-000001"


PAPER = (
    *("sheet", "months", "tenant", "at", "method", "operator_ref", "rent", "service", "penalty", "other"),
    *("credit", "owed", "amount", "number", "title", "landlord", "payer", "ref", "code", "what"),
)
"""Blanks that the paper of a receipt is made of."""


async def test_a_copy_carries_the_same_paper_as_the_first(village: Village) -> None:
    marie, paul, jean = [await village.person(name) for name in ("Ngo Bell Marie", "Kamga Paul", "Jean")]
    await village.owe(1, marie, paul, 80_000, NOVEMBER)
    for kind, francs in (("service", 5_000), ("penalty", 2_000), ("fee", 1_000), ("share", 500)):
        await village.owe(1, marie, paul, francs, NOVEMBER, kind=kind)  # type: ignore[arg-type]
    await Poster(village.db, village.clock).post(await village.asked(1, jean, paul, 100_000, tenant=marie))
    (receipt,) = await reads(village, marie).receipts()
    await send(village, jean, receipt.id)
    village.clock.move(days=1)
    await send(village, marie, receipt.id)
    rows = await village.rows("SELECT blanks FROM notice ORDER BY id")
    papers = [{name: decode(row["blanks"])[name] for name in PAPER} for row in rows]
    assert len(papers) == 5, "who paid, the tenant, the landlord, and two copies"
    assert papers == papers[:1] * 5
    (paper, *_) = papers
    assert (paper["sheet"], paper["months"]) == ("quittance", (NOVEMBER,))
    assert (paper["tenant"], paper["payer"], paper["landlord"]) == ("Ngo Bell Marie", "Jean", "Kamga Paul")
    told = {name: value.francs for name, value in paper.items() if isinstance(value, Money)}
    parts = {"rent": 80_000, "service": 5_000, "penalty": 2_000, "other": 1_500, "credit": 11_500}
    assert told == {"amount": 100_000, **parts}
    assert (paper["owed"], str(paper["method"]), bool(paper["operator_ref"])) == ("", str(t("rail.mtn")), True)


async def test_the_paper_of_a_month_that_credit_paid_names_no_operator(village: Village) -> None:
    marie, paul = await village.person("Marie"), await village.person("Paul")
    await Poster(village.db, village.clock).post(await village.asked(1, marie, paul, 85_000))
    await village.owe(1, marie, paul, 85_000, NOVEMBER)
    async with village.db.transaction() as tx:
        await apply_credit(tx, [1], village.now())
    receipt, advance = await reads(village, marie).receipts()
    await send(village, marie, receipt.id)
    await send(village, marie, advance.id)
    used, received, whole, part = [decode(row["blanks"]) for row in await village.rows(
        "SELECT blanks FROM notice WHERE template ~ '^(receipt|credit)' ORDER BY id"
    )]  # fmt: skip
    assert [{name: told[name] for name in PAPER} for told in (used, received)] == [
        {name: whole[name] for name in PAPER}
    ] * 2, "those of the posting carry the paper of the copy"
    assert (whole["sheet"], whole["method"], whole["operator_ref"], whole["ref"]) == ("quittance", "", "", "")
    assert (part["sheet"], part["months"], part["credit"]) == ("recu", (), Money(85_000, "XAF"))
    assert (part["ref"], part["rent"], part["owed"]) == (advance.ref, "", "")


async def test_a_receipt_of_others_is_not_sent(village: Village, people: tuple[Villager, Villager, Villager]) -> None:
    (receipt,) = await reads(village, people[0]).receipts()
    with pytest.raises(Refused, match=r"receipt\.unknown"):
        await send(village, people[1], receipt.id)


async def test_a_wallet_is_guessed_from_the_number(village: Village) -> None:
    marie = await village.person("Marie")
    known, foreign = Phone("+237677000001"), Phone("+237690000001")
    assert await reads(village, marie).wallet(known) == Wallet(known, "rail.mtn")
    assert await reads(village, marie).wallet(foreign) is None


@given(st.sampled_from(["", " ", "-"]), st.booleans())
def test_a_code_is_read_however_it_is_typed(between: str, small: bool) -> None:
    code = check_code()
    typed = between.join(code.lower() if small else code)
    assert read_check_code(typed) == code


def test_codes_have_no_signs_that_look_alike() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("0O1I") & set(ALPHABET)
    assert len({check_code() for _ in range(2_000)}) == 2_000


@pytest.mark.parametrize(
    ("francs", "language", "words"),
    [(85_000, "fr", "quatre-vingt-cinq mille"), (80, "fr", "quatre-vingts"), (1_000, "en", "one thousand")],
)
def test_amounts_are_said_in_words(francs: int, language: str, words: str) -> None:
    assert in_words(Money(francs, "XAF"), language) == words

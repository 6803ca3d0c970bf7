"""Receipts: the list, one of them by SMS, and checking one by its code."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import text

from core.kit.db import Statement
from core.kit.month import Month
from core.kit.phone import Phone
from tests.core.money.village import Villager
from tests.flows.planting import MARIE, PAUL, Rented, landlord, let, paid, person
from tests.talking import House, Talk

NOTICES = Statement(text("SELECT template FROM notice WHERE address = :address ORDER BY id"))
SEP, OCT, NOV = Month(2026, 9), Month(2026, 10), Month(2026, 11)


async def paying(house: House, *payments: tuple[int, Month]) -> tuple[Talk, list[str]]:
    """Marie's phone, and the codes of her receipts."""
    owner, marie = await landlord(house), await person(house, MARIE, "Ngo Bell Marie")
    lease = await let(house, owner, marie, Rented(start=date(2026, 1, 1)))
    sides = (
        Villager(marie, "Ngo Bell Marie", Phone(MARIE)),
        Villager(owner, "Fotso Jean", Phone("+237670000900")),
    )
    return house.talk(MARIE), [await paid(house, lease, sides, francs, month) for francs, month in payments]


async def test_the_newest_first(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk, codes = await paying(house, (85_000, SEP), (85_000, OCT), (40_000, NOV))
    await talk.dial()
    assert await talk.say("3") == (
        "Mes recus\n1 nov 2026 partiel 40.000F\n2 oct 2026 85.000F\n3 sept 2026 85.000F\n0 Retour"
    )
    await talk.say("1")
    assert talk.screen.startswith("Recu 2026-000003\nnov 2026 partiel, Studio B3\n40.000F, reste de la periode 45.")
    await talk.say("0", "2")
    assert talk.screen.startswith(f"Quittance 2026-000002\noct 2026, Studio B3\n85.000F. Code {codes[1]}\n1 Recevoir")
    hide(talk, codes)
    golden(talk, "receipts.list")


def hide(talk: Talk, codes: list[str]) -> None:
    """Codes are drawn by lot: transcripts show them as crosses."""
    for code in codes:
        talk.lines = [line.replace(code, "XXXXXXXX") for line in talk.lines]


async def test_one_by_sms_three_times_a_day(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk, codes = await paying(house, (85_000, OCT))
    for _ in range(3):
        await talk.dial("3")
        assert await talk.say("1", "1") == "Le recu vous est envoye par message."
    await talk.dial("3")
    assert (await talk.say("1", "1")).startswith("Deja envoye 3 fois aujourd'hui.")
    assert talk.open
    told = [row["template"] for row in await house.db.fetch(NOTICES, address=MARIE)]
    assert told.count("receipt_quittance.1") == 3
    hide(talk, codes)
    golden(talk, "receipts.sms")


async def test_money_in_advance_is_for_no_month_yet(house: House) -> None:
    owner, marie = await landlord(house), await person(house, MARIE, "Ngo Bell Marie")
    lease = await let(house, owner, marie, Rented(start=date(2026, 12, 1)))
    sides = (Villager(marie, "Ngo Bell Marie", Phone(MARIE)), Villager(owner, "Fotso Jean", Phone("+237670000900")))
    await paid(house, lease, sides, 20_000)
    talk = house.talk(MARIE)
    await talk.dial()
    assert await talk.say("3") == "Mes recus\n1 avance du 05/11 20.000F\n0 Retour"


async def test_no_receipt_yet(house: House) -> None:
    await person(house, MARIE, "Ngo Bell Marie")
    talk = house.talk(MARIE)
    await talk.dial()
    assert (await talk.say("3")).startswith("Vous n'avez pas encore de recu.\nBonjour Ngo Bell Marie.")


async def test_more_than_a_page(house: House) -> None:
    months = [Month(2026, number) for number in range(1, 12)]
    talk, _ = await paying(house, *[(50_000, month) for month in (*months, *months[:3])])
    await talk.dial("3")
    seen = talk.screen
    while "9 Suite" in talk.screen:
        seen += await talk.say("9")
    assert seen.count("50.000F") == 14
    assert "\n17 " in seen
    assert "2026-000001" in await talk.say("17")


async def test_anybody_can_check_a_receipt(house: House, golden: Callable[[Talk, str], None]) -> None:
    _, codes = await paying(house, (85_000, OCT), (40_000, NOV))
    talk = house.talk(PAUL)
    await talk.dial()
    assert (await talk.say("7")).startswith("Tapez le code ecrit sur le recu:")
    await talk.say(codes[0])
    assert talk.screen.startswith("Vrai recu. Quittance 2026-000001, oct 2026\n85.000F, Marie, Studio B3, le 05/11")
    assert "Ngo" not in talk.screen
    assert (await talk.say("1", codes[1])).startswith("Vrai recu (partiel). Recu 2026-000002, nov 2026\n40.000F")
    hide(talk, codes)
    golden(talk, "check_receipt.true")


async def test_a_receipt_code_typed_with_spaces_and_small(house: House) -> None:
    _, (code,) = await paying(house, (85_000, OCT))
    talk = house.talk(PAUL)
    await talk.dial("4")
    assert (await talk.say(f"{code[:4]} {code[4:].lower()}")).startswith("Vrai recu.")


async def test_a_code_of_no_receipt(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = house.talk(PAUL)
    await talk.dial("4")
    assert (await talk.say("8F2K2222")).startswith("8F2K2222: aucun recu de chez nous ne porte ce code.")
    assert (await talk.say("??")).startswith("Code non compris. Il est ecrit sur le recu.")
    golden(talk, "check_receipt.false")

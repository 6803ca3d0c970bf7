"""Landlords ask what came in, and anybody asks who this is: words that led to a search before."""

from datetime import date

import pytest

from core.kit.month import Month
from core.kit.phone import Phone
from tests.core.money.village import Villager
from tests.flows.linking import code_of
from tests.flows.planting import MARIE, PAUL, Rented, landlord, let, paid, person
from tests.talking import Chat, House

OCT, NOV = Month(2026, 10), Month(2026, 11)
OWNER = "+237670000900"


async def owner_of(house: House, *payments: tuple[int, Month]) -> Chat:
    """The landlord's SMS after these payments by Marie."""
    owner, marie = await landlord(house), await person(house, MARIE, "Ngo Bell Marie")
    lease = await let(house, owner, marie, Rented(start=date(2026, 10, 1)))
    sides = Villager(marie, "Ngo Bell Marie", Phone(MARIE)), Villager(owner, "Fotso Jean", Phone(OWNER))
    for francs, month in payments:
        await paid(house, lease, sides, francs, month)
    chat = Chat(house, "sms", OWNER, Phone(OWNER))
    await chat.say("combien j'ai recu ce mois ?")
    return chat


async def test_a_landlord_is_told_what_came_in_this_month_and_from_whom(house: House) -> None:
    chat = await owner_of(house, (85_000, OCT), (40_000, NOV))
    told = "Recu en nov 2026: 125.000F. Derniers: Ngo Bell Marie 40.000F, Ngo Bell Marie 85.000F."
    assert chat.bubbles[-1].text.startswith(told)
    assert chat.bubbles[-1].segments == 1
    assert "code" in await chat.say("1")
    assert (await chat.say("0")).startswith(told)
    assert (await chat.say("c'est qui qui a payé ?")).startswith(told)
    house.clock.move(days=31)
    assert (await chat.say("combien j'ai reçu")).startswith(f"Rien encore ce mois. {told}")


async def test_in_a_chat_it_is_told_to_the_landlord_only(house: House) -> None:
    await owner_of(house, (85_000, OCT))
    chat = Chat(house, "whatsapp", OWNER, Phone(OWNER))
    assert "reliez d'abord" in await chat.say("qui a payé ?")
    assert "Reçu en novembre" in await chat.say(await code_of(house.talk(OWNER)))


async def test_whom_nobody_paid_is_told_so(house: House) -> None:
    chat = await owner_of(house)
    assert chat.bubbles[-1].text.startswith("Personne ne vous a encore payé ici.")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("vous êtes qui ?", "Gratuit, sans frais ajoutés"),
        ("c'est gratuit ?", "Mobile Money au tarif de l'opérateur"),
        ("REPRENDRE", "Rien n'est arreté"),
        ("Reprandre", "Rien n'est arreté"),
    ],
)
async def test_a_stranger_who_asks_is_answered(house: House, said: str, told: str) -> None:
    chat = Chat(house, "sms", PAUL, Phone(PAUL))
    answer = await chat.say(said)
    assert told in answer
    assert chat.bubbles[-1].segments == 1

"""What is written on a button may be typed, with slips of the thumb in it, and then it presses that button."""

import pytest
from sqlalchemy import text

from core.kit.db import Database, Statement
from tests.core.money.operator import FakeOperator
from tests.scenario.memory import Beside, hands, house_on
from tests.scenario.player import Hand, link

ATTEMPTS = Statement(text("SELECT amount FROM payment_attempt"))


@pytest.fixture(params=["sms", "meta", "telegram"])
async def chat(planted: Database, pin: str, request: pytest.FixtureRequest) -> Hand:
    """Marie's, linked, where she is asked whether to pay."""
    house = house_on(planted)
    found = hands(house)[request.param]
    await link([found], Beside(house, FakeOperator(), pin))
    for said in ("payer", "toout", "mtn momo"):
        await found.say(said)
    await found.read("Payer 85.000F", "Annuler")
    return found


@pytest.mark.parametrize("said", ["payer", "Payer", "PAYR", "1", "oui"])
async def test_paying(planted: Database, chat: Hand, said: str) -> None:
    """Also a word that anywhere else begins a payment."""
    await chat.say(said)
    await chat.read("Validez maintenant")
    assert [row["amount"] for row in await planted.fetch(ATTEMPTS)] == [85_000]


@pytest.mark.parametrize("said", ["annuler", "Anuler", "ann", "2"])
async def test_not_paying(planted: Database, chat: Hand, said: str) -> None:
    await chat.say(said)
    await chat.read("Avec quel compte")
    assert not await planted.fetch(ATTEMPTS)


async def test_a_word_that_leads_elsewhere_still_does(planted: Database, chat: Hand) -> None:
    await chat.say("aide")
    await chat.read("Numéros et SMS")
    assert not await planted.fetch(ATTEMPTS)


@pytest.mark.parametrize(("said", "reads"), [("continuer", "Quelle ville"), ("recomencer", "Location-vente")])
async def test_going_on_or_not(planted: Database, pin: str, said: str, reads: str) -> None:
    house = house_on(planted)
    found = hands(house)
    await link([found["meta"]], Beside(house, FakeOperator(), pin))
    await found["ussd"].say("chercher")
    await found["ussd"].pick("Location")
    await found["meta"].meet()
    await found["meta"].say(said)
    await found["meta"].read(reads)

"""What of a rent is asked for in words: an amount, half, a month; before and after something was chosen."""

from datetime import date

import pytest
from sqlalchemy import text

from core.kit.db import Statement
from tests.flows.linking import linked, whatsapp
from tests.flows.planting import MARIE, Rented, landlord, let, person
from tests.talking import House, Talk

_DECLINED = Statement(
    text("UPDATE payment_attempt SET state = 'failed', failure = 'payer_declined', next_check_at = NULL")
)

ARREARS = Rented(start=date(2026, 9, 1))


async def owing(house: House, rented: Rented = ARREARS) -> Talk:
    """Marie's phone, at what is due."""
    owner, marie = await landlord(house), await person(house, MARIE, "Ngo Bell Marie")
    await let(house, owner, marie, rented)
    talk = house.talk(MARIE)
    await talk.dial("2")
    return talk


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("cinquante mille", "50.000F"),
        ("je paie 50000", "50.000F"),
        ("je peux donner 20 000", "20.000F"),
        ("20 000 seulement", "20.000F"),
        ("septembre", "85.000F"),
        ("je veux payer octobre", "85.000F"),
        ("décembre", "85.000F"),
        ("la moitié de septembre", "42.500F"),
        ("je paie la moitié", "127.500F"),
    ],
)
async def test_words_are_a_part_as_digits_are(house: House, said: str, amount: str) -> None:
    talk = await owing(house)
    assert (await talk.say(said)).startswith(f"Avec quel compte payer {amount} ?")
    assert f"Payer {amount}" in await talk.say("1")


@pytest.mark.parametrize(
    "said", ["je ne veux pas payer 50k", "septembre octobre", "bonne nuit", "la moitié de juillet"]
)
async def test_other_words_are_not(house: House, said: str) -> None:
    talk = await owing(house)
    assert "compte payer" not in await talk.say(said)


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("20 000 seulement", "Avec quel compte payer 20.000F ?"),
        ("la moitié", "Avec quel compte payer 127.500F ?"),
        ("septembre", "Avec quel compte payer 85.000F ?"),
        ("260 000", "Tapez un des numeros.\nAvec quel compte payer 255.000F ?"),
        ("oui", "Payer 255.000F\nMTN MoMo"),
        ("non", "Numero Mobile Money qui paie ?"),
    ],
)
async def test_where_the_wallet_is_asked_another_part_is_heard(house: House, said: str, seen: str) -> None:
    talk = await owing(house)
    await talk.say("1")
    assert (await talk.say(said)).startswith(seen)


async def test_a_month_to_come_leads_to_paying_ahead(house: House) -> None:
    await owing(house, Rented(start=date(2026, 12, 1)))
    chat = await linked(house, whatsapp(house))
    assert (await chat.say("je veux payer décembre")).startswith("Payer jusqu'à quel mois ?")
    await chat.say("0")
    assert "Rien à payer ce mois" in await chat.say("payer mon loyer")


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("je veux payer décembre", "décembre 2026"),
        ("je veux payer la moitié", "Payer"),
        ("payer la moitié de septembre", "Payer"),
    ],
)
async def test_what_was_asked_for_is_offered_first(house: House, said: str, first: str) -> None:
    await owing(house)
    chat = await linked(house, whatsapp(house))
    await chat.say("menu")
    await chat.say(said)
    assert chat.bubbles[-1].choices[0].label == first


async def test_all_that_is_due_is_not_offered_twice(house: House) -> None:
    await owing(house, Rented())
    chat = await linked(house, whatsapp(house))
    await chat.say("menu")
    await chat.say("je veux payer novembre")
    assert chat.bubbles[-1].choices[0].label == "Tout"


@pytest.mark.parametrize("said", ["réessayer", "je veux reessayer", "try again"])
async def test_who_tries_again_is_back_at_what_is_due(house: House, said: str) -> None:
    await owing(house)
    chat = await linked(house, whatsapp(house))
    for one in ("payer", "1", "1", "oui"):
        await chat.say(one)
    await house.db.fetch(_DECLINED)
    assert "3 mois à payer" in await chat.say(said)

"""Registration: a profile for somebody new, with every way to get it wrong."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from core.kit.db import Statement
from tests.flows.planting import MARIE, OTHER_PIN, PIN, person
from tests.talking import House, Talk

PROFILES = Statement(text("SELECT name, city_id, language FROM person ORDER BY id"))


async def to_the_pin(talk: Talk) -> str:
    """Up to the first PIN screen."""
    await talk.dial()
    return await talk.say("1", "1", "Ngo Bell Marie", "1")


async def test_a_profile_in_one_go(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = house.talk(MARIE)
    await to_the_pin(talk)
    await talk.secret(PIN)
    await talk.secret(PIN)
    assert talk.screen.startswith("Compte cree, Ngo Bell Marie.")
    assert not talk.open
    assert [tuple(row) for row in await house.db.fetch(PROFILES)] == [("Ngo Bell Marie", 1, "fr")]
    await talk.dial()
    assert talk.screen.startswith("Bonjour Ngo Bell Marie.\n1 Chercher un logement")
    golden(talk, "register.new")


async def test_nothing_is_kept_of_somebody_who_refuses(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = house.talk(MARIE)
    await talk.dial()
    await talk.say("1", "2")
    assert talk.screen == "D'accord, rien n'est garde. Vous pouvez chercher un logement sans compte: *384# puis 5."
    assert not await house.db.fetch(PROFILES)
    await talk.dial()
    assert "5 Juste regarder" in talk.screen
    golden(talk, "register.refused")


@pytest.mark.parametrize("name", ["M", "Marie2", "1234", "@@", "x" * 61])
async def test_a_name_that_is_none_is_asked_again(house: House, name: str) -> None:
    talk = house.talk(MARIE)
    await talk.dial()
    assert "lettres seulement" in await talk.say("1", "1", name)
    assert (await talk.say("ngo bell marie")).startswith("Votre ville ?")


async def test_a_city_typed_badly_is_found(house: House) -> None:
    talk = house.talk(MARIE)
    await talk.dial()
    assert "code secret" in await talk.say("1", "1", "Marie", "6", "bafousam")
    await talk.secret(PIN)
    await talk.secret(PIN)
    assert (await house.db.fetch(PROFILES))[0]["city_id"] == 3


@pytest.mark.parametrize("city", ["yde", "Yaoundé", "bastos"])
async def test_a_city_is_typed_where_the_cities_are_shown(house: House, city: str) -> None:
    talk = house.talk(MARIE)
    await talk.dial()
    assert "code secret" in await talk.say("1", "1", "Marie", city)
    await talk.secret(PIN)
    await talk.secret(PIN)
    assert (await house.db.fetch(PROFILES))[0]["city_id"] == 2


async def test_an_unknown_city_is_typed_again(house: House) -> None:
    talk = house.talk(MARIE)
    await talk.dial()
    assert "n'est pas connu" in await talk.say("1", "1", "Marie", "6", "qqqqqqqq")
    assert "code secret" in await talk.say("yde")


async def test_a_weak_pin_is_refused(house: House) -> None:
    talk = house.talk(MARIE)
    await to_the_pin(talk)
    assert (await talk.secret("1234")).startswith("Ce code est trop facile a deviner.")
    assert (await talk.secret("12")).startswith("Tapez 4 chiffres.")
    assert await talk.secret(PIN) == "Retapez le meme code:\n0 Retour\n00 Accueil"


async def test_two_different_pins_begin_again(house: House) -> None:
    talk = house.talk(MARIE)
    await to_the_pin(talk)
    await talk.secret(PIN)
    assert (await talk.secret(OTHER_PIN)).startswith("Les 2 codes sont differents.\nChoisissez")
    await talk.secret(PIN)
    assert (await talk.secret(PIN)).startswith("Compte cree")


async def test_a_pin_held_too_long_is_chosen_again(house: House) -> None:
    talk = house.talk(MARIE)
    await to_the_pin(talk)
    await talk.secret(PIN)
    house.clock.move(minutes=11)
    assert (await talk.secret(PIN)).startswith("Les 2 codes sont differents.")


async def test_a_cut_loses_no_answer_and_the_pin_is_chosen_anew(
    house: House, golden: Callable[[Talk, str], None]
) -> None:
    talk = house.talk(MARIE)
    await to_the_pin(talk)
    await talk.secret(PIN)
    assert (await talk.dial()).startswith("Bon retour. Vous etiez en train de creer votre compte.")
    assert (await talk.say("1")).startswith("Choisissez un code secret")
    await talk.secret(OTHER_PIN)
    await talk.secret(OTHER_PIN)
    assert [tuple(row) for row in await house.db.fetch(PROFILES)] == [("Ngo Bell Marie", 1, "fr")]
    golden(talk, "register.cut")


async def test_whoever_wants_to_pay_registers_on_the_way(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = house.talk(MARIE)
    await talk.dial("2")
    assert talk.screen.startswith("Pour cela il faut un compte.")
    await talk.say("1", "1", "1", "Marie", "1")
    await talk.secret(PIN)
    assert (await talk.secret(PIN)).startswith("Aucun bail a votre nom.")
    golden(talk, "register.onward")


async def test_not_now_leads_to_the_menu(house: House) -> None:
    talk = house.talk(MARIE)
    await talk.dial("3")
    assert "Bienvenue" in await talk.say("2")


async def test_a_seventh_profile_is_refused(house: House) -> None:
    for name in ("Awa", "Ba", "Cia", "Do", "Eve", "Fo"):
        await person(house, MARIE, name)
    talk = house.talk(MARIE)
    await talk.dial("3")
    await talk.say("10", "1", "1", "1", "Marie", "1")
    await talk.secret(PIN)
    assert (await talk.secret(PIN)).startswith("Ce telephone a deja 6 profils.")
    assert not talk.open


async def test_english_from_the_first_screen(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = house.talk(MARIE)
    await talk.dial()
    assert (await talk.say("8")).startswith("Trouve Moi Un Toit. Welcome!")
    await talk.say("2", "1", "Tabe Agnes", "4")
    await talk.secret(PIN)
    assert (await talk.secret(PIN)).startswith("Account created, Tabe Agnes.")
    assert (await house.db.fetch(PROFILES))[0]["language"] == "en"
    golden(talk, "register.english")

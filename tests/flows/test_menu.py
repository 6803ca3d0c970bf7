"""The menu, languages, help, and the words that work everywhere."""

from collections.abc import Callable

import pytest

from tests.flows.planting import MARIE, OTHER_PIN, PAUL, person
from tests.talking import House, Talk


async def test_a_known_phone_sees_the_six_things(house: House) -> None:
    await person(house, MARIE, "Ngo Bell Marie")
    assert await house.talk(MARIE).dial() == (
        "Bonjour Marie.\n1 Chercher un logement\n2 Payer mon loyer\n3 Mes recus\n4 Verifier un recu\n5 English\n6 Aide"
    )


async def test_a_shared_phone_shows_no_name(house: House) -> None:
    await person(house, MARIE, "Ngo Bell Marie")
    await person(house, MARIE, "Ekani Paul", pin=OTHER_PIN)
    screen = await house.talk(MARIE).dial()
    assert screen.startswith("Trouve Moi Un Toit\n1 Chercher")
    assert "Marie" not in screen
    assert "Paul" not in screen


async def test_a_new_phone_sees_the_welcome_on_one_screen(house: House) -> None:
    assert await house.talk(MARIE).dial() == (
        "Trouve Moi Un Toit. Bienvenue !\n1 Chercher ou louer\n2 Je suis bailleur\n3 Agent, courtier\n4 Cooperative\n"
        "5 Juste regarder\n6 Aide\n8 English\n7 Verifier un recu"
    )


async def test_the_language_changes_there_and_back(house: House) -> None:
    await person(house, MARIE, "Ngo Bell Marie")
    talk = house.talk(MARIE)
    await talk.dial()
    assert (await talk.say("5")).startswith("Hello Marie.\n1 Find a home")
    assert (await talk.dial()).startswith("Hello Marie.")
    assert (await talk.say("5")).startswith("Bonjour Marie.")
    assert "0 Retour" not in talk.screen


async def test_english_and_french_are_words_that_keep_the_screen(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial("1")
    assert (await talk.say("ENGLISH")).startswith("Search\n1 To rent")
    assert (await talk.say("français")).startswith("Chercher\n1 Location")


async def test_the_language_menu(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial()
    assert (await talk.say("langue")).startswith("Langue / Language\n1 Francais\n2 English")
    assert "Welcome" in await talk.say("2")


@pytest.mark.parametrize(
    ("word", "begins"),
    [
        ("MENU", "Trouve Moi Un Toit"),
        ("Aide", "Aide\n1 Chercher"),
        ("help", "Aide\n1 Chercher"),
        ("LOYER", "Pour cela il faut un compte"),
        ("Reçus", "Pour cela il faut un compte"),
        ("vérifier", "Tapez le code ecrit sur le recu"),
        ("chercher", "Chercher\n1 Location"),
        ("info", "Nous gardons votre numero"),
        ("mesdonnees", "Nous gardons votre numero"),
    ],
)
async def test_words_that_work_on_every_screen(house: House, word: str, begins: str) -> None:
    talk = house.talk(PAUL)
    await talk.dial("1")
    await talk.say("1")
    assert (await talk.say(word)).startswith(begins)


async def test_every_help_page_has_a_way_back(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = house.talk(PAUL)
    await talk.dial()
    await talk.say("6")
    for topic in "1234":
        assert (await talk.say(topic)).endswith("0 Retour")
        await talk.say("0")
    await talk.say("6", "1", "0", "0", "0")
    assert talk.screen.startswith("Trouve Moi Un Toit")
    golden(talk, "help.all")


async def test_a_slip_is_answered_and_the_third_one_helped(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial()
    assert (await talk.say("44")).startswith("Tapez un des numeros.")
    await talk.say("?")
    assert (await talk.say("55")).startswith("Tapez juste le numero, ex: 1.")


async def test_letters_at_the_menu_are_no_slip_but_a_search(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial()
    assert (await talk.say("zz")).startswith("Je n'ai pas compris. Dites le type, le quartier et le prix.")
    assert (await talk.say("studio madagascar 50k")).startswith("Ou exactement ?\n1 Madagascar (")


async def test_back_at_the_menu_after_a_cut_nobody_is_asked_to_resume(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial()
    await talk.say("6", "1")
    assert (await talk.dial()).startswith("Trouve Moi Un Toit")

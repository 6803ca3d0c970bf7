"""The menu, languages, help, and the words that work everywhere."""

from collections.abc import Callable

import pytest

from core.kit.phone import Phone
from core.kit.speaker import Address
from core.people.doors import link
from tests.flows.planting import MARIE, OTHER_PIN, PAUL, person
from tests.talking import Chat, House, Talk


async def test_a_known_phone_sees_the_six_things(house: House) -> None:
    await person(house, MARIE, "Ngo Bell Marie")
    assert await house.talk(MARIE).dial() == (
        "Bonjour Ngo Bell Marie.\n1 Chercher un logement\n2 Payer mon loyer\n3 Mes recus\n4 Verifier un recu\n"
        "5 English\n6 Aide"
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
        "5 Juste regarder\n6 Aide\n7 Verifier un recu\n8 English"
    )


async def test_the_language_changes_there_and_back(house: House) -> None:
    await person(house, MARIE, "Ngo Bell Marie")
    talk = house.talk(MARIE)
    await talk.dial()
    assert (await talk.say("5")).startswith("Hello Ngo Bell Marie.\n1 Find a home")
    assert (await talk.dial()).startswith("Hello Ngo Bell Marie.")
    assert (await talk.say("5")).startswith("Bonjour Ngo Bell Marie.")
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
    assert (await talk.say("55")).startswith("Tapez un numero affiche, ex: 1.")


async def test_letters_at_the_menu_are_no_slip_but_a_search(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial()
    assert (await talk.say("zz")).startswith("Je n'ai pas compris. Tapez AIDE pour parler")
    assert (await talk.say("studio madagascar 50k")).startswith("Ou exactement ?\n1 Madagascar (")


async def test_back_at_the_menu_after_a_cut_nobody_is_asked_to_resume(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial()
    await talk.say("6", "1")
    assert (await talk.dial()).startswith("Trouve Moi Un Toit")


# --- where people write ------------------------------------------------------------------------------------


def chat(house: House, channel: str) -> Chat:
    return Chat(house, channel, PAUL, Phone(PAUL))


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "sms"])
async def test_whoever_is_new_in_a_conversation_may_write_and_finds_all_on_one_screen(
    house: House, channel: str
) -> None:
    new = chat(house, channel)
    screen = await new.say("bonjour")
    assert "crivez ce que vous cherchez, ex: studio bastos 80k" in screen
    bubble = new.bubbles[-1]
    assert len(bubble.choices or screen.splitlines()[1:]) <= 8
    assert bubble.segments <= 2
    assert "J'ai compris: location, studio" in await new.say("studio bastos 80k")


async def test_from_the_welcome_of_a_conversation_everything_is_a_tap_away(house: House) -> None:
    for label, seen in (
        ("Chercher", "Location"),
        ("Payer", "reliez d'abord"),
        ("J'ai déjà", "reliez cette conversation"),
        ("Créer", "Vous êtes ?"),
        ("Aide", "Aide"),
        ("Vérifier", "Tapez le code écrit sur le reçu"),
        ("English", "Welcome! Write what you are looking for"),
    ):
        new = chat(house, "telegram")
        await new.say("menu")
        screen = await new.tap(label)
        assert seen in "\n".join([screen, *(choice.label for choice in new.bubbles[-1].choices)])


async def test_somebody_known_is_told_too_that_a_sentence_will_do(house: House) -> None:
    marie = await person(house, MARIE, "Ngo Bell Marie")
    own = chat(house, "sms")
    await own.say("menu")
    async with house.db.transaction() as tx:
        await link(tx, Address("sms", PAUL), marie, house.clock.now())
    assert (await own.say("menu")).startswith("Bonjour Ngo Bell Marie.\nÉcrivez ce que vous voulez, ou choisissez:\n1")
    assert own.bubbles[-1].segments == 1
    shared = Chat(house, "whatsapp", MARIE, Phone(MARIE))
    assert (await shared.say("menu")).startswith("Trouve Moi Un Toit\nÉcrivez ce que vous voulez")


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "sms"])
async def test_help_in_a_conversation_tells_what_to_write(house: House, channel: str) -> None:
    new = chat(house, channel)
    for topic, told in (
        ("1", "crivez ce que vous cherchez, ex: studio bastos 80k"),
        ("2", "Payez votre loyer par Mobile Money: écrivez PAYER"),
        ("3", "REPRENDRE"),
        ("4", "jamais dans un message"),
    ):
        await new.say("aide")
        page = await new.say(topic)
        assert told in page
        assert "*384# puis" not in page
        assert new.bubbles[-1].segments <= 1
    await new.say("info")
    assert "appelez le +237" in await new.say("1")


async def test_an_account_in_a_conversation_is_told_of_in_its_own_words(house: House) -> None:
    new = chat(house, "telegram")
    await new.say("menu")
    await new.tap("Créer")
    assert "écrivez INFO" in await new.say("1")
    assert "écrivez par exemple studio bastos 80k" in await new.tap("Je refuse")
    await new.say("menu")
    await new.tap("Créer")
    await new.say("1")
    await new.say("1")
    await new.say("Ngo Bell Marie")
    assert "Compte créé, Ngo Bell Marie. Écrivez ce que vous cherchez" in await new.say("1")

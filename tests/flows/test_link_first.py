"""Linking: what is shared, typed or said before it is asked for."""

from sqlalchemy import text

from bot.inbound import Contact, Event
from core.kit.db import Statement
from tests.flows.linking import code_of, telegram, tenant, whatsapp
from tests.flows.planting import MARIE, OTHER_PIN, PAUL, Shown, landlord, online, person
from tests.talking import House

NOTICES = Statement(text("SELECT template FROM notice"))


async def test_the_own_contact_links_on_the_first_screen_that_asks_to_link(house: House) -> None:
    await tenant(house)
    chat = telegram(house)
    assert "reliez d'abord" in await chat.say("payer")
    other = Event("contact", "telegram", "test", contact=Contact("Paul", (MARIE,), own=False))
    assert "votre propre numéro" in (await chat.take(other)).text
    own = Event("contact", "telegram", "test", contact=Contact("Marie", (MARIE,), own=True))
    assert "Studio B3" in (await chat.take(own)).text


async def test_where_a_code_is_asked_another_of_ours_is_heard_and_one_comes_back(house: House) -> None:
    await tenant(house)
    (home,) = await online(house, await landlord(house), Shown())
    chat = telegram(house)
    await chat.say("payer")
    assert "6 chiffres" in await chat.say("1")
    assert home.code in await chat.say(home.code)
    assert "6 chiffres" in await chat.say("0")
    assert "8F2KABCD" in await chat.say("VERIFIER 8F2KABCD")
    assert "Il faut 6 chiffres" in await chat.say("B3016")
    assert "Studio B3" in await chat.say(await code_of(house.talk(MARIE)))


async def test_a_number_of_several_says_so_before_any_code_is_sent(house: House) -> None:
    await tenant(house)
    await person(house, MARIE, "Ngo Paul", pin=OTHER_PIN)
    chat = whatsapp(house)
    await chat.say("recus")
    assert "Plusieurs profils" in await chat.say("2")
    assert "6 chiffres" in await chat.say("1")
    await chat.say("0")
    assert not await house.db.fetch(NOTICES)
    assert "Code envoyé par SMS" in await chat.say(PAUL), "another number may be one person's"

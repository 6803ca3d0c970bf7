"""What is met seldom: a device that is gone, too many codes, a way on from help, a landmark that is too long."""

from core.kit.speaker import Address
from core.people.doors import suspend
from flows.told import LANDMARK
from tests.flows.linking import code_of, linked, tenant, whatsapp
from tests.flows.planting import MARIE, PAUL, PIN, Shown, landlord, online
from tests.talking import House


async def test_a_device_that_has_gone_meanwhile_is_said_to_be_gone(house: House) -> None:
    await tenant(house)
    await linked(house, whatsapp(house))
    talk = house.talk(MARIE)
    await talk.dial("5")
    assert "1 WhatsApp" in await talk.secret(PIN)
    await suspend(house.db, Address("whatsapp", MARIE), house.clock.now())
    assert "plus reli" in await talk.say("1")


async def test_codes_that_link_are_not_shown_for_ever(house: House) -> None:
    await tenant(house)
    talk = house.talk(MARIE)
    for _ in range(5):
        await code_of(talk)
    await talk.dial("5")
    await talk.secret(PIN)
    assert "essayez demain" in await talk.say("1")


async def test_a_page_of_help_leads_on_to_what_it_tells_of(house: House) -> None:
    chat = whatsapp(house, PAUL)
    await chat.say("aide")
    await chat.tap("Chercher")
    await chat.tap("Chercher un logement")
    assert [choice.label for choice in chat.bubbles[-1].choices][:2] == ["Location", "Achat"]


async def test_a_long_landmark_is_cut_where_it_says_enough(house: House) -> None:
    long = "Derrière la grande pharmacie du marché central, portail bleu"
    (home,) = await online(house, await landlord(house), Shown(landmark=long))
    assert f"{long[: LANDMARK - 1].rstrip()}…" in await whatsapp(house, PAUL).say(home.code)

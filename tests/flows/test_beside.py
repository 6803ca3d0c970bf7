"""What is entered by words from the middle of a list, a card or a payment comes back there."""

import pytest

from core.kit.phone import Phone
from tests.flows.linking import linked, tenant, whatsapp
from tests.flows.planting import PAUL, Shown, landlord, online
from tests.talking import Chat, House

HOMES = 13
"""More than one page of them."""


async def listed(house: House, channel: str = "whatsapp") -> Chat:
    """Somebody who has turned a page of a list."""
    owner = await landlord(house)
    await online(house, owner, *[Shown(price=80_000 + 1_000 * number) for number in range(HOMES)])
    chat = Chat(house, channel, PAUL, Phone(PAUL))
    await chat.say("appartement à akwa")
    await chat.say("oui")
    await chat.say("suite")
    return chat


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "sms"])
@pytest.mark.parametrize(
    "words", ["aide", "je veux visiter demain", "je prends celui la", "je peux appeler le proprio ?", "langue", "infos"]
)
async def test_an_aside_comes_back_to_the_page_of_the_list(house: House, channel: str, words: str) -> None:
    chat = await listed(house, channel)
    page = await chat.say("zzz zzz")
    shown = page.partition("\n")[2].strip()
    assert shown not in await chat.say(words)
    assert shown.splitlines()[-1] in await chat.say("retour")
    assert "J'ai compris" in await chat.say("0")


async def test_an_aside_comes_back_to_the_card_and_the_card_to_its_list(house: House) -> None:
    chat = await listed(house)
    card = await chat.say("1")
    await chat.say("aide")
    assert "reliez d'abord" in await chat.say("payer")
    assert (await chat.say("0")).startswith("Aide")
    assert await chat.say("0") == card
    assert "Logements" in await chat.say("0")


async def test_the_same_search_is_not_piled_up(house: House) -> None:
    chat = await listed(house)
    for _ in range(12):
        await chat.say("appartement à akwa")
        await chat.say("oui")
        await chat.say("1")
    for _ in range(3):
        await chat.say("0")
    assert "Bienvenue" in (await chat.say("0"))


async def test_help_from_a_payment_comes_back_and_paying_goes_on(house: House) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    for said in ("payer", "10000", "1"):
        asked = await chat.say(said)
    assert (await chat.say("aide")).startswith("Aide")
    house.clock.move(minutes=5)
    assert await chat.say("retour") == asked
    await chat.say("aide")
    talk = house.talk("+237677123456")
    assert "code secret" in await talk.dial()


async def test_the_menu_is_the_menu(house: House) -> None:
    chat = await listed(house)
    await chat.say("menu")
    assert "Bienvenue" in await chat.say("0")

"""Conversations that tests of linking begin with: a tenant, her phone and her chats."""

import re

from core.kit.phone import Phone
from tests.flows.planting import MARIE, PIN, Rented, landlord, let, person
from tests.talking import Chat, House, Talk

TELEGRAM = "384000101"


async def tenant(house: House) -> None:
    """Marie, who rents one home from Fotso Jean."""
    owner, marie = await landlord(house), await person(house, MARIE, "Ngo Bell Marie")
    await let(house, owner, marie, Rented())


def whatsapp(house: House, number: str = MARIE) -> Chat:
    return Chat(house, "whatsapp", number, Phone(number))


def telegram(house: House) -> Chat:
    return Chat(house, "telegram", TELEGRAM)


async def code_of(talk: Talk) -> str:
    """Six digits, shown after the PIN."""
    await talk.dial("5")
    assert "code secret" in talk.screen
    await talk.secret(PIN)
    number = re.search(r"(\d+) Relier un appareil", talk.screen)
    assert number
    await talk.say(number[1])
    found = re.search(r"Code: (\d{6})", talk.screen)
    assert found
    assert not talk.open
    return found[1]


async def linked(house: House, chat: Chat) -> Chat:
    """The conversation is Marie's."""
    await chat.say("appareils")
    assert "Mes appareils" in await chat.say(await code_of(house.talk(MARIE)))
    return chat

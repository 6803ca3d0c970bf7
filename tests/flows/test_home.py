"""The sheet of one home as a card: a photo and a point where a channel shows them, the same words without."""

import pytest
from sqlalchemy import text

from core.homes.card import photo_at
from core.homes.listings import Offer, publish
from core.homes.units import Building, Unit, add_building, add_unit
from core.kit.db import Statement
from core.kit.ids import make_code
from core.kit.money import Money
from core.kit.phone import Phone
from core.kit.point import Point
from tests.flows.planting import DOUALA, PAUL, Shown, landlord, online
from tests.talking import Chat, House

PHOTO = "https://photos.example/4821.jpg"
CHATS = ("whatsapp", "telegram")

_WITHDRAW = Statement(text("UPDATE listing SET state = 'expired', changed_by = NULL"))
_BARE = Statement(text("UPDATE building SET latitude = NULL, longitude = NULL"))


async def _carded(house: House) -> str:
    owner = await landlord(house)
    now = house.clock.now()
    async with house.db.transaction() as tx:
        building = await add_building(tx, Building(owner, "Résidence", DOUALA, point=Point(4.06413, 9.70587)), now)
        unit = await add_unit(tx, building, Unit("B3", "studio"), now)
        offer = Offer(unit, Money(60_000, "XAF"), photo=photo_at(PHOTO, house.settings))
        return (await publish(tx, offer, owner, now)).code


def _chat(house: House, channel: str) -> Chat:
    return Chat(house, channel, PAUL if channel != "telegram" else "42", Phone(PAUL))


@pytest.mark.parametrize("channel", CHATS)
async def test_a_card_has_its_photo_and_a_point_near_the_door(house: House, channel: str) -> None:
    code = await _carded(house)
    chat = _chat(house, channel)
    await chat.say(code)
    card = chat.bubbles[-1]
    assert card.text.startswith(f"{code} studio 60")
    assert card.photo == PHOTO
    assert card.pin is not None
    assert (card.pin.latitude, card.pin.longitude) == (4.064, 9.706)
    assert card.pin.name.startswith(f"{code} studio")


@pytest.mark.parametrize("channel", CHATS)
async def test_a_photo_alone_is_shown_alone(house: House, channel: str) -> None:
    code = await _carded(house)
    async with house.db.transaction() as tx:
        await tx.fetch(_BARE)
    chat = _chat(house, channel)
    await chat.say(code)
    assert (chat.bubbles[-1].photo, chat.bubbles[-1].pin) == (PHOTO, None)


@pytest.mark.parametrize("channel", CHATS)
async def test_what_follows_a_card_shows_neither(house: House, channel: str) -> None:
    chat = _chat(house, channel)
    code = await _carded(house)
    await online(house, await landlord(house), Shown(kind="studio", bedrooms=0))
    await chat.say(code)
    await chat.tap("Logements")
    assert (chat.bubbles[-1].photo, chat.bubbles[-1].pin) == ("", None)
    await chat.say(make_code("A", 999_999))
    assert (chat.bubbles[-1].photo, chat.bubbles[-1].pin) == ("", None)


@pytest.mark.parametrize("channel", CHATS)
async def test_a_home_without_either_is_words(house: House, channel: str) -> None:
    (home,) = await online(house, await landlord(house), Shown())
    chat = _chat(house, channel)
    await chat.say(home.code)
    assert (chat.bubbles[-1].photo, chat.bubbles[-1].pin) == ("", None)


async def test_where_nothing_but_words_fits_the_words_are_the_same(house: House) -> None:
    code = await _carded(house)
    screen = await house.talk(PAUL).dial(code)
    assert screen.startswith(f"{code} studio 60.000F/mois")
    assert "https" not in screen + await house.talk(PAUL).text(code)


@pytest.mark.parametrize(
    "said",
    [
        "je veux visiter", "visiter", "Visiter cette maison", "appeler", "contacter", "contacter le propriétaire",
        "rendez-vous", "comment visiter ?", "numéro du bailleur", "je veux réserver", "c'est encore disponible ?",
        "can I visit", "call the owner",
    ],
)  # fmt: skip
async def test_who_wants_to_see_it_is_told_what_can_be_done_now(house: House, said: str) -> None:
    (home,) = await online(house, await landlord(house), Shown())
    chat = _chat(house, "whatsapp")
    card = await chat.say(home.code)
    assert await chat.say(said) == (
        "Visiter ou réserver ne se fait pas encore ici. Appelez le +237650003850: une personne répond. "
        f"Donnez le code {home.code}.\n\n0 Retour · 00 Accueil"
    )
    assert await chat.say("retour") == card


async def test_another_wish_on_a_card_is_a_search(house: House) -> None:
    (home,) = await online(house, await landlord(house), Shown())
    chat = _chat(house, "whatsapp")
    await chat.say(home.code)
    assert (await chat.say("visiter un studio à Bonamoussadi")).startswith("J'ai compris: location, studio")
    await chat.say(home.code)
    assert (await chat.say("blabla")).startswith("Je n'ai pas compris.")


async def test_on_a_small_screen_too(house: House) -> None:
    (home,) = await online(house, await landlord(house), Shown())
    talk = house.talk(PAUL)
    await talk.dial(home.code)
    assert (await talk.say("visiter")).endswith(f"Donnez le code {home.code}.\n0 Retour")
    assert (await talk.say("0")).startswith(home.code)


async def test_without_a_card_they_are_told_whom_to_call(house: House) -> None:
    assert (await _chat(house, "whatsapp").say("je veux visiter")).startswith("Appelez le +237650003850:")


@pytest.mark.parametrize("said", ["combien la caution ?", "caution et avance", "how much is the deposit"])
async def test_what_is_paid_on_the_way_in_is_told_in_francs(house: House, said: str) -> None:
    (home,) = await online(house, await landlord(house), Shown(price=60_000))
    chat = _chat(house, "sms")
    card = await chat.say(home.code)
    assert (await chat.say(said)).startswith(
        f"{home.code}, à l'entrée: caution 60.000F et avance 180.000F, 240.000F en tout. Ne payez rien avant d'avoir"
    )
    assert await chat.say("0") == card


async def test_what_is_sold_has_no_deposit(house: House) -> None:
    (home,) = await online(house, await landlord(house), Shown(deal="sale", price=9_000_000))
    chat = _chat(house, "sms")
    await chat.say(home.code)
    assert "caution" not in await chat.say("combien la caution ?")


async def test_of_a_home_that_is_gone_nothing_is_told(house: House) -> None:
    (home,) = await online(house, await landlord(house), Shown())
    chat = _chat(house, "sms")
    await chat.say(home.code)
    await chat.say("combien la caution ?")
    await house.db.fetch(_WITHDRAW)
    assert (await chat.say("blabla")).startswith(f"{home.code}: ce logement n'est plus proposé")

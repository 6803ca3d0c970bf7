"""Near me: a location instead of a name, out of the blue, and where nothing is near."""

import pytest
from sqlalchemy import text

from bot.inbound import Contact, Event, Location
from bot.render.bubble import Bubble
from core.kit.db import Statement
from core.kit.point import Point
from tests.flows.linking import linked, telegram, tenant
from tests.flows.planting import MARIE, PAUL, Shown, landlord, online
from tests.talking import Chat, House

AKWA, BALI = Point(4.050, 9.697), Point(4.040, 9.696)
HERE, NOWHERE = Location(4.0502, 9.7031), Location(5.1, 10.9)

HOMES = (
    Shown(point=AKWA),
    Shown(kind="studio", bedrooms=0, price=50_000, point=AKWA),
    Shown(price=60_000, quarter="Bali", point=BALI),
    Shown(quarter="Bonamoussadi"),
)
_PLACES = Statement(text("SELECT body::text AS body FROM place"))
NEAR = ["Akwa · 800 m", "Bali · 1 km", "Tout autour"]


async def chat(house: House, *homes: Shown, channel: str = "telegram") -> Chat:
    """Somebody who writes, in a Douala with these homes."""
    await online(house, await landlord(house), *(homes or HOMES))
    return Chat(house, channel, "+237677000222" if channel == "sms" else "7001")


async def sent(talk: Chat, spot: Location = HERE) -> Bubble:
    """The answer to a location."""
    return await talk.take(Event("location", talk.channel, "test", location=spot))


def labels(bubble: Bubble) -> list[str]:
    return [choice.label for choice in bubble.choices if choice.label not in {"Retour", "Accueil"}]


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_out_of_the_blue_it_begins_a_search_there(house: House, channel: str) -> None:
    talk = await chat(house, channel=channel)
    bubble = await sent(talk)
    assert bubble.text.startswith("Près de vous:")
    assert [f"{choice.label} · {choice.note}".rstrip(" ·") for choice in bubble.choices][:3] == NEAR
    assert (await talk.tap("Akwa")).startswith("Près de vous (Akwa): que cherchez-vous ?")
    assert (await talk.tap("Location")).startswith("Quel type ?")
    await talk.tap("Appartement")
    await talk.tap("Deux")
    assert (await talk.tap("Peu importe")).startswith("1 trouvé, Akwa")
    assert "85\u202f000 FCFA/mois\nAkwa" in await talk.say("1")
    assert talk.bubbles[-1].pin is not None


async def test_all_around_is_one_search(house: House) -> None:
    talk = await chat(house)
    await sent(talk)
    assert await talk.tap("Tout autour") == "Près de vous (Akwa, Bali): que cherchez-vous ?"
    await talk.tap("Location")
    await talk.tap("Appartement")
    await talk.tap("Deux")
    assert (await talk.tap("Peu importe")).startswith("2 trouvés, Akwa, Bali")


async def test_one_quarter_is_no_question(house: House) -> None:
    talk = await chat(house, Shown(point=AKWA))
    assert (await sent(talk)).text == "Près de vous (Akwa): que cherchez-vous ?"
    assert (await sent(talk)).text == "Près de vous (Akwa): que cherchez-vous ?", "nothing was answered yet"
    assert (await talk.tap("Retour")).startswith("Près de vous (Akwa)")
    assert (await talk.tap("Retour")).startswith("Trouve Moi Un Toit")


@pytest.mark.parametrize("said", [("appt akwa",), ("appt akwa", "1"), ("appt akwa", "1", "1")])
async def test_while_homes_are_looked_at_it_begins_again_there(house: House, said: tuple[str, ...]) -> None:
    talk = await chat(house)
    for one in said:
        await talk.say(one)
    assert (await sent(talk)).text.startswith("Près de vous:")


@pytest.mark.parametrize("said", ["près de moi", "je cherche près de moi", "near me"])
async def test_said_in_words_the_location_is_asked_for(house: House, said: str) -> None:
    talk = await chat(house)
    assert (await talk.say(said)).startswith("Quelle ville ?\n\nOu envoyez votre position.")
    assert labels(await sent(talk)) == NEAR


async def test_near_nothing_the_menu_says_so(house: House) -> None:
    talk = await chat(house)
    bubble = await sent(talk, NOWHERE)
    assert bubble.text.startswith("Nous ne connaissons pas encore de logement près de cette position.\n\nTrouve Moi")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (("1",), "Quelle ville ?"),
        (("1", "6"), "Tapez le nom de la ville:"),
        (("1", "6", "madagascar"), "“madagascar”: lequel ?"),
        (("1", "1"), "Quel quartier de Douala ?"),
        (("1", "1", "6"), "Tapez le nom du quartier de Douala:"),
        (("1", "1", "6", "akwaba"), "“akwaba”"),
    ],
)
async def test_wherever_a_place_is_asked_for(house: House, said: tuple[str, ...], asked: str) -> None:
    talk = await chat(house)
    await talk.say("chercher")
    for one in said:
        await talk.say(one)
    assert talk.bubbles[-1].text.startswith(asked)
    assert (await sent(talk, NOWHERE)).text.startswith("Nous ne connaissons pas encore de logement")
    assert asked in talk.bubbles[-1].text, "back to the names"
    assert labels(await sent(talk)) == NEAR
    assert (await talk.tap("Bali")).startswith("Quel type ?")
    await talk.tap("Appartement")
    await talk.tap("Peu importe")
    assert "100\u202f000 FCFA" in "".join(labels(talk.bubbles[-1])), "prices of the country it is in"
    assert (await talk.tap("Peu importe")).startswith("1 trouvé, Bali")


async def test_somebody_elsewhere_is_offered_the_prices_of_there(house: House) -> None:
    talk = await chat(house, Shown(point=AKWA))
    await talk.say("chercher")
    await talk.say("1")
    assert (await sent(talk)).text == "Quel type ?"
    assert (await talk.tap("Retour")).startswith("Quelle ville ?")


async def test_a_contact_is_no_place(house: House) -> None:
    talk = await chat(house)
    await talk.say("chercher")
    await talk.say("1")
    card = Event("contact", talk.channel, "test", contact=Contact("Paul", (PAUL,), own=True))
    assert (await talk.take(card)).text.startswith("Envoyez votre position, ou tapez un nom.\n\nQuelle ville ?")


async def test_changing_the_search_asks_where_again(house: House) -> None:
    talk = await chat(house, Shown(point=AKWA))
    await sent(talk)
    await talk.tap("Achat")
    await talk.tap("Terrain")
    assert (await talk.tap("Peu importe")).startswith("Rien à Akwa")
    assert (await talk.tap("Changer ma recherche")).startswith("Chercher")
    assert (await talk.tap("Location")).startswith("Quelle ville ?")


@pytest.mark.parametrize(
    ("said", "next_asked"),
    [
        ((), "Quel type ?"),
        (("3",), "Combien de chambres ?"),
        (("3", "2"), "Loyer maximum par mois ?"),
        (("3", "5"), "Loyer maximum par mois ?"),
        (("3", "2", "5"), "Loyer maximum par mois ?"),
        (("3", "2", "60"), "Loyer maximum par mois ?"),
        (("studio 50k",), "J'ai compris: location, studio, Bali (Douala), max 50"),
    ],
)
async def test_at_any_other_question_of_a_search_it_moves_the_search_there(
    house: House, said: tuple[str, ...], next_asked: str
) -> None:
    talk = await chat(house)
    for one in ("chercher", "1", "1", "2", *said):
        await talk.say(one)
    assert labels(await sent(talk)) == NEAR
    assert (await talk.tap("Bali")).startswith(next_asked)


async def test_words_where_a_quarter_is_asked_for_do_not_forget_the_point(house: House) -> None:
    talk = await chat(house)
    await sent(talk)
    assert (await talk.say("appt 2ch max 90k")).startswith("J'ai compris: location, appt, 2 chambres, max 90")
    assert "Près de vous:" in talk.bubbles[-1].text
    assert (await talk.tap("Bali")).startswith("J'ai compris: location, appt, 2 chambres, Bali (Douala), max 90")
    assert (await talk.tap("Voir")).startswith("1 trouvé, Bali")


async def test_near_nothing_it_goes_on_with_the_question(house: House) -> None:
    talk = await chat(house)
    for one in ("chercher", "1", "1", "2"):
        await talk.say(one)
    assert (await sent(talk, NOWHERE)).text.startswith("Nous ne connaissons pas encore de logement")
    assert (await talk.say("studio")).startswith("Loyer maximum par mois ?")


async def test_where_somebody_was_is_kept_to_the_street(house: House) -> None:
    talk = await chat(house, Shown(point=AKWA))
    await sent(talk, Location(4.05018, 9.70313))
    (row,) = await house.db.fetch(_PLACES)
    assert "4.05,9.703]" in row["body"]
    assert "05018" not in row["body"]


async def test_the_keyboard_that_shares_goes_although_the_task_went_elsewhere(house: House) -> None:
    await tenant(house)
    talk, phone = await linked(house, telegram(house)), house.talk(MARIE)
    for said in ("chercher", "1", "6"):
        await talk.say(said)
    assert (talk.bubbles[-1].asks, talk.bubbles[-1].noted) == ("location", "")
    assert "Vous etiez en train de chercher un logement" in await phone.dial()
    await talk.say("aide")
    assert (talk.bubbles[-1].asks, talk.bubbles[-1].noted) == ("", "C'est noté.")

"""In the middle of a search more may be said than the question asks: it is heard, and what was answered is kept."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from core.kit.db import Statement
from tests.flows.planting import PAUL, Shown, landlord, online
from tests.talking import Chat, House, Talk

HOMES = (
    Shown(price=85_000),
    Shown(price=95_000),
    Shown(kind="studio", bedrooms=0, price=50_000),
    Shown(quarter="Bonamoussadi", price=90_000),
)
PLACE = Statement(text("SELECT body::text AS body FROM place"))
WHOLE = "J'ai compris: location, studio, meublé, Bastos (Yaoundé), max 80"


async def said_in(house: House, *said: str) -> Chat:
    """A search in a Douala with these homes, after these answers."""
    await online(house, await landlord(house), *HOMES)
    chat = Chat(house, "telegram", "7001")
    for one in ("chercher", *said):
        await chat.say(one)
    return chat


def shown(chat: Chat) -> str:
    """The last answer, as one line."""
    return chat.bubbles[-1].text.replace("\u202f", " ").replace("\n", " ")


@pytest.mark.parametrize(
    "before",
    [
        (), ("1",), ("1", "6"), ("1", "6", "madagascar"), ("1", "1"), ("1", "1", "6"), ("1", "1", "6", "akwaba"),
        ("1", "1", "2"), ("1", "1", "2", "3"), ("1", "1", "2", "3", "2"), ("1", "1", "2", "3", "2", "5"),
        ("1", "1", "2", "3", "2", "60"), ("1", "1", "2", "appt 2ch max 100k"), ("1", "studio madagascar"),
    ],
)  # fmt: skip
async def test_a_whole_sentence_at_any_question(house: House, before: tuple[str, ...]) -> None:
    chat = await said_in(house, *before, "studio meublé bastos 80k")
    assert shown(chat).startswith(WHOLE)
    assert (await chat.say("oui")).startswith("Rien à Bastos")


@pytest.mark.parametrize(
    ("before", "said", "asked"),
    [
        ((), "vente", "Quelle ville ?"),
        ((), "vente terrain akwa", "Prix maximum ?"),
        (("1",), "studio 60k", "Quelle ville ?"),
        (("1",), "villa à louer", "Quelle ville ?"),
        (("1",), "kribi", "Quel quartier de Kribi ?"),
        (("1",), "bonamousadi", "Quel type ?"),
        (("1",), "madagascar", "Où exactement ?"),
        (("1", "1"), "villa 3 chambres", "Quel quartier de Douala ?"),
        (("1", "1"), "ndokoti", "Quel type ?"),
        (("1", "1"), "studio madagascar 50k", "J'ai compris: location, studio, Madagascar (Douala), max 50 000"),
        (("1", "1", "2"), "villa", "Combien de chambres ?"),
        (("1", "1", "2"), "un studio", "Loyer maximum par mois ?"),
        (("1", "1", "2"), "2 chambres", "Loyer maximum par mois ?"),
        (("1", "1", "2"), "3 pièces max 100k", "J'ai compris: location, appt, 2 chambres, Akwa (Douala), max 100 000"),
        (("1", "1", "2"), "pas à akwa", "Quel type ?"),
        (("1", "1", "2"), "à vendre", "Quel type ?"),
        (("1", "1", "2"), "80000", "Quel type ?"),
        (("1", "1", "2", "3"), "meublé", "Combien de chambres ?"),
        (("1", "1", "2", "3", "5"), "plutôt bonamoussadi", "Loyer maximum par mois ?"),
        (("1", "1", "2", "3", "2"), "plutôt un studio", "Loyer maximum par mois ?"),
        (("2", "1", "1"), "villa bonamoussadi 40 millions", "Combien de chambres ?"),
        (("2", "1", "1"), "studio bastos", "Prix maximum ?"),
        (("3", "1", "1"), "bastos", "Quel type ?"),
    ],
)
async def test_on_with_the_first_question_that_is_open(
    house: House, before: tuple[str, ...], said: str, asked: str
) -> None:
    chat = await said_in(house, *before, said)
    assert f"  {shown(chat)}".partition(f"  {asked}")[1], "below what was understood"


@pytest.mark.parametrize(
    ("before", "after", "understood"),
    [
        (("1", "1", "2", "meublé"), ("2", "80k"), "Rien à Akwa sous 80 000"),
        (("1", "1", "2", "2 chambres"), ("studio", "1"), "Rien à Akwa sous 30 000"),
        (("1", "1", "2", "80000"), ("3", "2"), "J'ai compris: location, appt, 2 chambres, Akwa (Douala), max 80 000"),
        (("1", "1", "2", "80000"), ("3", "5"), "J'ai compris: location, appt, Akwa (Douala), max 80 000"),
        (("1", "1", "2", "80000"), ("3", "5", "à vendre"), "J'ai compris: achat, appt, Akwa (Douala)  Prix maximum ?"),
        (("1", "1", "2", "à vendre"), ("3", "5", "2 chambres 60"), "J'ai compris: achat, appt, 2 chambres, Akwa"),
        (("1", "1", "2", "entre 50 et 90k"), ("3", "2", "oui"), "1 trouvé, Akwa"),
        (("1", "1", "2", "3", "2", "studio 100k"), ("non meublé",), "J'ai compris: location, studio, non meublé, Akwa"),
        (("1", "1", "2", "3", "2", "studio 100k"), ("non",), "Chercher"),
        (("1", "1", "pas à akwa"), ("2", "2"), "Rien à Douala sous 50 000"),
        (("1", "1", "2", "sauf bali"), ("2", "studio max 50k"), "1 trouvé, Akwa"),
    ],
)
async def test_what_was_said_before_is_kept(
    house: House, before: tuple[str, ...], after: tuple[str, ...], understood: str
) -> None:
    assert shown(await said_in(house, *before, *after)).startswith(understood)


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("90k", "1 trouvé, Akwa"),
        ("85 000 F", "1 trouvé, Akwa"),
        ("90000", "1 trouvé, Akwa"),
        ("max 90k", "1 trouvé, Akwa"),
        ("pas plus de 90 mille", "1 trouvé, Akwa"),
        ("2)", "Rien à Akwa sous 75 000"),
        ("60", "Vous avez tapé 60 FCFA. Vouliez-vous dire 60 000 FCFA ?"),
        ("7", "Je n'ai pas compris."),
        ("peu importe", "2 trouvés, Akwa"),
        ("peu inporte", "2 trouvés, Akwa"),
    ],
)
async def test_a_plain_answer_to_the_price_is_just_that(house: House, said: str, seen: str) -> None:
    assert shown(await said_in(house, "1", "1", "2", "3", "2", said)).startswith(seen)


@pytest.mark.parametrize("said", ["77", "?", "blabla", "merci", "bonjour", "x" * 200])
async def test_what_says_nothing_is_not_understood(house: House, said: str) -> None:
    assert shown(await said_in(house, "1", "1", "2", said)).endswith("Quel type ?")


@pytest.mark.parametrize("said", ["maison blanche", "studio"])
async def test_one_word_of_a_home_may_be_a_name(house: House, said: str) -> None:
    assert said in shown(await said_in(house, "1", "6", said))


@pytest.mark.parametrize("before", [("1", "1", "2"), ("1", "6"), ("1", "1", "2", "3", "2", "5")])
async def test_who_wants_something_else_goes_there(house: House, before: tuple[str, ...]) -> None:
    assert "reliez d'abord cette conversation" in shown(await said_in(house, *before, "je veux payer mon loyer"))


@pytest.mark.parametrize("said", [("studio cocody 100k",), ("cocody", "studio 100k")])
async def test_prices_are_in_the_money_of_the_place(house: House, said: tuple[str, ...]) -> None:
    chat = await said_in(house, "1", *said)
    assert "100 000 FCFA" in shown(chat)
    await chat.say("oui")
    assert b'"currency":"XOF"' in await stored(house)
    assert b'"currency":"XAF"' not in await stored(house)


async def stored(house: House) -> bytes:
    """The one place that is kept."""
    (row,) = await house.db.fetch(PLACE)
    return bytes(str(row["body"]), "utf-8")


async def test_on_a_button_phone(house: House, golden: Callable[[Talk, str], None]) -> None:
    await online(house, await landlord(house), *HOMES)
    talk = house.talk(PAUL)
    await talk.dial("1")
    await talk.say("1", "1", "appt 2ch", "2")
    assert talk.screen.startswith("Loyer maximum par mois ?")
    assert (await talk.say("0")).startswith("Quel quartier de Douala ?")
    await talk.say("appt 2ch akwa 90k")
    assert (await talk.say("1")).startswith("1 trouve, Akwa")
    golden(talk, "search.words")

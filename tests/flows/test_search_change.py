"""Where a wish or its results are shown, what is said changes the wish; whatever was not named stays."""

import pytest

from tests.flows.planting import Shown, landlord, online
from tests.talking import Chat, House

HOMES = (
    Shown(price=85_000),
    Shown(price=95_000),
    Shown(kind="room", bedrooms=0, quarter="Bépanda", price=25_000),
    Shown(kind="room", bedrooms=0, quarter="Bépanda", price=35_000),
    Shown(kind="room", bedrooms=0, quarter="Ndogbong", price=20_000),
    Shown(kind="studio", bedrooms=0, quarter="Bépanda", price=30_000),
    Shown(kind="studio", bedrooms=0, price=60_000, furnished=True),
    Shown(kind="house", bedrooms=3, quarter="Bonapriso", price=400_000),
)
ROOM = "chambre bepanda 35000"
FLAT = "appt 2ch akwa 100k"
VILLA = "villa 3 chambres bonanjo 500k"


async def said_in(house: House, *said: str) -> str:
    """The last answer, as one line, to somebody who says this in a Douala with these homes."""
    await online(house, await landlord(house), *HOMES)
    chat = Chat(house, "telegram", "7001")
    for one in said:
        await chat.say(one)
    return chat.bubbles[-1].text.replace("\u202f", " ").replace("\n", " ")


CHANGES = [
    ("chambre melen yaoundé 25000", "non plutôt akwa", "location, chambre, Akwa (Douala), max 25 000 FCFA"),
    (ROOM, "non 40", "location, chambre, Bépanda (Douala), max 40 000 FCFA"),
    (ROOM, "40 max", "location, chambre, Bépanda (Douala), max 40 000 FCFA"),
    (ROOM, "40000", "location, chambre, Bépanda (Douala), max 40 000 FCFA"),
    (ROOM, "ajoute ndogbong aussi", "location, chambre, Bépanda (Douala), Ndogbong (Douala), max 35 000 FCFA"),
    (ROOM, "et ndogbong", "location, chambre, Bépanda (Douala), Ndogbong (Douala), max 35 000 FCFA"),
    (ROOM, "ajoute les studios", "location, chambre, studio, Bépanda (Douala), max 35 000 FCFA"),
    (ROOM, "plutot un studio", "location, studio, Bépanda (Douala), max 35 000 FCFA"),
    (ROOM, "chambre ou studio", "location, chambre, studio, Bépanda (Douala), max 35 000 FCFA"),
    (ROOM, "meublé si possible", "location, chambre, meublé, Bépanda (Douala), max 35 000 FCFA"),
    (ROOM, "villa bonanjo", "location, villa, Bonanjo (Douala), max 35 000 FCFA"),
    (ROOM, "madagascar", "location, chambre, Madagascar (Douala), max 35 000 FCFA"),
    (ROOM, "pas à bepanda", "location, chambre, Douala, sauf Bépanda, max 35 000 FCFA"),
    (ROOM, "enlève bepanda", "location, chambre, Douala, sauf Bépanda, max 35 000 FCFA"),
    (ROOM, "pas à akwa", "location, chambre, Bépanda (Douala), sauf Akwa, max 35 000 FCFA"),
    (ROOM, "plus grand", "location, studio, Bépanda (Douala), max 35 000 FCFA"),
    ("chambre bastos ou bepanda 35000", "sans bastos", "location, chambre, Bépanda (Douala), max 35 000 FCFA"),
    ("douala sauf akwa 90k", "plutôt yaoundé", "location, Yaoundé, max 90 000 FCFA"),
    ("douala sauf akwa 90k", "akwa", "location, Akwa (Douala), max 90 000 FCFA"),
    (FLAT, "max 70", "location, appt, 2 chambres, Akwa (Douala), max 70 000 FCFA"),
    (FLAT, "3 chambres", "location, appt, 3 chambres, Akwa (Douala), max 100 000 FCFA"),
    (FLAT, "plus grand", "location, appt, 3 chambres, Akwa (Douala), max 100 000 FCFA"),
    ("appt 1ch akwa 100k", "plus petit", "location, studio, Akwa (Douala), max 100 000 FCFA"),
    (VILLA, "2 chambres", "location, villa, 2 chambres, Bonanjo (Douala), max 500 000 FCFA"),
    (VILLA, "plus grand", "location, villa, 4 chambres ou plus, Bonanjo (Douala), max 500 000 FCFA"),
    (VILLA, "un appartement", "location, appt, 3 chambres, Bonanjo (Douala), max 500 000 FCFA"),
    (VILLA, "à vendre", "achat, villa, 3 chambres, Bonanjo (Douala)"),
    ("achat villa bonanjo 80 millions", "max 70", "achat, villa, Bonanjo (Douala), max 70 000 000 FCFA"),
    ("villa bonanjo", "trop petit", "location, villa, 2 chambres, Bonanjo (Douala)"),
    (ROOM, "je cherche une villa à Bonanjo", "location, villa, Bonanjo (Douala)"),
    (ROOM, "ajoute studio makepe 40k", "location, chambre, studio, Bépanda (Douala), Makèpè (Douala), max 40 000 FCFA"),
    ("studio meublé akwa 80k", "chambre makepe 30k", "location, chambre, Makèpè (Douala), max 30 000 FCFA"),
    (ROOM, "studio meublé akwa 80k", "location, studio, meublé, Akwa (Douala), max 80 000 FCFA"),
]


@pytest.mark.parametrize(("before", "said", "understood"), CHANGES)
async def test_what_is_said_to_what_was_understood_changes_it(
    house: House, before: str, said: str, understood: str
) -> None:
    assert await said_in(house, before, said) == f"J'ai compris: {understood}"


@pytest.mark.parametrize(("before", "said", "understood"), CHANGES)
async def test_the_same_where_results_are_shown(house: House, before: str, said: str, understood: str) -> None:
    assert (await said_in(house, before, "oui", said)).startswith(f"J'ai compris: {understood}")


@pytest.mark.parametrize(("before", "said", "understood"), CHANGES[:3])
async def test_the_same_after_the_button_to_correct(house: House, before: str, said: str, understood: str) -> None:
    assert await said_in(house, before, "corriger", said) == f"J'ai compris: {understood}"


@pytest.mark.parametrize(
    ("before", "said", "understood"),
    [
        (ROOM, "moins cher", "location, chambre, Bépanda (Douala), max 25 000 FCFA"),
        (ROOM, "trop cher, max 30", "location, chambre, Bépanda (Douala), max 30 000 FCFA"),
        (FLAT, "c'est trop cher", "location, appt, 2 chambres, Akwa (Douala), max 80 000 FCFA"),
        ("chambre bepanda entre 30 et 35 mille", "moins cher", "location, chambre, Bépanda (Douala), max 25 000 FCFA"),
        ("chambre bepanda", "moins cher", "location, chambre, Bépanda (Douala)"),
    ],
)
async def test_cheaper_is_a_fifth_below_the_highest_price_that_was_said(
    house: House, before: str, said: str, understood: str
) -> None:
    assert await said_in(house, before, said) == f"J'ai compris: {understood}"


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("moins cher", "max 20 000 FCFA  Rien à Bépanda sous 20 000 FCFA."),
        ("trop cher", "max 20 000 FCFA  Rien à Bépanda sous 20 000 FCFA."),
        ("trop cher, max 30", "max 30 000 FCFA  1 trouvé, Bépanda:"),
    ],
)
async def test_cheaper_than_the_cheapest_that_is_seen(house: House, said: str, seen: str) -> None:
    heard = await said_in(house, ROOM, "oui", said)
    assert seen in heard


async def test_cheaper_than_what_a_later_page_shows_begins_with_the_first(house: House) -> None:
    await online(house, await landlord(house), *[Shown(price=50_000 + 1_000 * n) for n in range(15)])
    chat = Chat(house, "telegram", "7001")
    for said in ("appt akwa", "oui", "suite", "suite"):
        await chat.say(said)
    assert "max 60\u202f000 FCFA\n\n11 trouvés, Akwa:" in await chat.say("moins cher")


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("le moins cher", "Le moins cher d'abord.  2 trouvés, Bépanda:"),
        ("voir les logements", "2 trouvés, Bépanda:"),
        ("villa bonapriso 1 million", "J'ai compris: location, villa, Bonapriso (Douala), max 1 000 000 FCFA"),
        ("je cherche une villa a bonapriso", "J'ai compris: location, villa, Bonapriso (Douala)"),
        ("plus petit", "Je n'ai pas compris."),
        ("blabla", "Je n'ai pas compris."),
        ("je veux payer mon loyer", "Par sécurité, reliez d'abord"),
    ],
)
async def test_what_else_is_said_to_results(house: House, said: str, seen: str) -> None:
    assert (await said_in(house, ROOM, "oui", said)).startswith(seen)


@pytest.mark.parametrize(
    ("wished", "seen"),
    [
        ("villa bonapriso 1 million", "Aucune villa à Bonapriso sous 1 000 000 FCFA."),
        ("villa bonapriso", "Aucune villa à Bonapriso pour le moment."),
        ("villa 3 chambres bonapriso", "Rien de tel à Bonapriso pour le moment."),
        ("maison duplex bonapriso 200k", "Rien à Bonapriso sous 200 000 FCFA."),
        ("boutique bonapriso 10k", "Rien à Bonapriso sous 10 000 FCFA."),
    ],
)
async def test_nothing_is_said_of_what_there_is(house: House, wished: str, seen: str) -> None:
    assert await said_in(house, wished, "oui") == seen


async def test_where_nothing_was_found_a_change_is_heard(house: House) -> None:
    assert "2 trouvés, Bépanda:" in await said_in(house, "chambre bepanda 10k", "oui", "non 40")
    assert "max 8 000 FCFA" in await said_in(house, "chambre bepanda 10k", "oui", "moins cher")
    assert (await said_in(house, "chambre bepanda 10k", "oui", "le moins cher")).startswith("Rien à Bépanda")


async def test_many_places_are_named_once(house: House) -> None:
    seen = await said_in(house, "studio akwa ou deido ou bonapriso", "oui", "max 40")
    assert seen == "J'ai compris: location, studio, max 40 000 FCFA  Rien à Akwa, Deïdo… sous 40 000 FCFA."


@pytest.mark.parametrize(("before", "after"), [((), ""), (("oui",), "Rien à Madagascar")])
async def test_one_question_when_a_place_is_unclear(house: House, before: tuple[str, ...], after: str) -> None:
    before = ("chambre 35000", *before, "madagascar")
    assert await said_in(house, *before) == "Où exactement ?"
    seen = await said_in(house, *before, "madagascar (yaoundé)")
    assert seen.startswith(after or "J'ai compris: location, chambre, Madagascar (Yaoundé), max 35 000 FCFA")


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("non 40", "location, appt, 2 chambres, Akwa (Douala), max 40 000 FCFA"),
        ("moins cher", "location, appt, 2 chambres, Akwa (Douala), max 80 000 FCFA"),
        ("plus grand", "location, appt, 3 chambres, Akwa (Douala), max 100 000 FCFA"),
        ("et bali", "location, appt, 2 chambres, Akwa (Douala), Bali (Douala), max 100 000 FCFA"),
        ("je cherche un studio à bali max 50", "location, studio, Bali (Douala), max 50 000 FCFA"),
    ],
)
async def test_the_same_after_questions(house: House, said: str, seen: str) -> None:
    asked = ("chercher", "1", "1", "2", "appt 2ch 100k")
    assert await said_in(house, *asked, said) == f"J'ai compris: {seen}"


async def test_who_says_nothing_of_a_search_is_asked_again(house: House) -> None:
    seen = await said_in(house, ROOM, "corriger", "blabla")
    assert seen.startswith("Je n'ai pas compris. Dites le type, le quartier et le prix.")
    assert await said_in(house, ROOM, "corriger", "je cherche un studio à akwa") == (
        "J'ai compris: location, studio, Akwa (Douala)"
    )


@pytest.mark.parametrize("said", ["je veux mettre une maison en location", "je propose un studio à louer"])
async def test_who_lets_a_home_is_told_whom_to_call(house: House, said: str) -> None:
    assert await said_in(house, said) == await said_in(house, "je veux mettre ma maison en location")
    assert "J'ai compris" not in await said_in(house, said)

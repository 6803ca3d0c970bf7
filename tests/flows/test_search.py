"""Searching: question by question, in one's own words, by code, and what happens when there is nothing."""

from collections.abc import Callable

import pytest

from core.kit.ids import make_code
from core.kit.phone import Phone
from tests.flows.planting import PAUL, Shown, landlord, online
from tests.talking import Chat, House, Talk

AKWA = (
    Shown(price=85_000, landmark="Carrefour Ndokoti"),
    Shown(price=95_000),
    Shown(price=120_000, furnished=True, features=()),
    Shown(kind="studio", bedrooms=0, price=50_000),
    Shown(quarter="Bonamoussadi", price=90_000),
)


async def akwa(house: House) -> Talk:
    """A few homes in Akwa, one in Bonamoussadi."""
    await online(house, await landlord(house), *AKWA)
    return house.talk(PAUL)


async def test_question_by_question(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await akwa(house)
    await talk.dial()
    await talk.say("5", "1", "1", "2", "3", "2")
    assert talk.screen.startswith("Loyer maximum par mois ?\n1 50.000F\n2 75.000F\n3 100.000F\n4 150.000F")
    await talk.say("3")
    lines = talk.screen.splitlines()
    assert lines[0] == "2 trouves, Akwa:"
    assert lines[1].endswith("appt 2ch Carrefour Ndokoti 85.000F")
    assert lines[2].endswith("appt 2ch Akwa 95.000F")
    await talk.say("1")
    assert "85.000F/mois\nAkwa, Carrefour Ndokoti\nCaution 1 mois, avance 3\nforage" in talk.screen
    assert (await talk.say("0")).startswith("2 trouves, Akwa:")
    golden(talk, "search.rent")


async def test_homes_like_this_one(house: House) -> None:
    talk = await akwa(house)
    await talk.dial("1")
    await talk.say("1", "1", "2", "3", "2", "6", "1")
    assert (await talk.say("1")).startswith("3 trouves, Akwa:")
    assert "appt 2ch" in await talk.say("0")


async def test_the_only_one_of_its_quarter_is_like_others_of_its_city(house: House) -> None:
    talk = await akwa(house)
    await talk.text("appt bonamoussadi")
    await talk.text("1")
    assert "1 Logements semblables" in await talk.text("1")
    assert (await talk.text("1")).startswith("4 trouvés, Douala:")


async def test_one_of_another_size_is_not_like_it(house: House) -> None:
    talk = await akwa(house)
    await online(house, await landlord(house), Shown(bedrooms=1))
    await talk.text("appt 2ch akwa")
    await talk.text("1")
    await talk.text("1")
    assert (await talk.text("1")).startswith("3 trouvés, Akwa:")


async def test_the_only_one_of_its_kind_is_like_no_other(house: House) -> None:
    talk = await akwa(house)
    await talk.text("studio akwa")
    await talk.text("1")
    assert "semblables" not in await talk.text("1")


async def test_a_row_says_code_and_kind_and_below_where_and_how_much(house: House) -> None:
    await akwa(house)
    chat = Chat(house, "whatsapp", PAUL, Phone(PAUL))
    await chat.say("appt 2ch akwa max 90k")
    await chat.say("1")
    row = chat.bubbles[-1].choices[0]
    assert row.label.endswith(" appt 2ch")
    assert row.note == "Carrefour Ndokoti 85\u202f000 FCFA"


async def test_the_numbers_run_on_through_the_pages(house: House, golden: Callable[[Talk, str], None]) -> None:
    await online(house, await landlord(house), *[Shown(price=50_000 + 1_000 * n) for n in range(15)])
    talk = house.talk(PAUL)
    await talk.dial("1")
    await talk.say("1", "1", "2", "3", "5", "6")
    assert talk.screen.startswith("Logements, Akwa:\n1 ")
    seen = talk.screen
    while "9 Suite" in talk.screen:
        seen += "\n" + await talk.say("9")
    assert [seen.count(f" {50 + n}.000F") for n in range(15)] == [1] * 15
    assert "\n18 " in seen
    assert "64.000F" in await talk.say("18")
    golden(talk, "search.pages")


@pytest.mark.parametrize(
    ("typed", "meant"), [("60", "60.000F"), ("150", "150.000F"), ("60 mille", ""), ("85k", ""), ("85.000", "")]
)
async def test_an_amount_without_its_thousands_is_asked_about(house: House, typed: str, meant: str) -> None:
    talk = await akwa(house)
    await talk.dial("1")
    await talk.say("1", "1", "2", "3", "2", "5", typed)
    if not meant:
        assert "Akwa" in talk.screen
        return
    assert talk.screen.startswith(f"Vous avez tape {typed}F. Vouliez-vous dire {meant} ?\n1 Oui\n2 Non, retaper")
    assert "Tapez le montant" in await talk.say("2")
    assert "Akwa" in await talk.say(typed, "1")


async def test_an_absurd_price_of_a_sale(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial("1")
    await talk.say("2", "1", "1", "1", "5", "15")
    assert talk.screen.startswith("Vous avez tape 15F. Vouliez-vous dire 15.000.000F ?")


async def test_nothing_found_offers_what_is_near(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await akwa(house)
    await talk.dial("1")
    await talk.say("1", "1", "2", "3", "2", "2")
    lines = talk.screen.splitlines()
    assert lines[0] == "Rien a Akwa sous 75.000F."
    assert any(line.endswith("Jusqu'a 115.000F (2)") for line in lines)
    assert lines[-2].endswith("Changer ma recherche")
    wider = next(line for line in lines if "Jusqu'a" in line)
    assert (await talk.say(wider[0])).startswith("2 trouves, Akwa:")
    golden(talk, "search.nothing")


async def test_nothing_at_all_begins_again(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial("1")
    await talk.say("1", "1", "1", "1", "6")
    assert talk.screen == "Rien a Douala pour le moment.\n1 Changer ma recherche\n0 Retour"
    assert (await talk.say("1")).startswith("Chercher\n1 Location")


async def test_a_city_that_is_not_on_the_list(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = house.talk(PAUL)
    await talk.dial("1")
    await talk.say("1", "6", "madagascar")
    assert talk.screen.startswith('"madagascar": lequel ?\n1 Madagascar (')
    assert "(Douala)" in talk.screen
    assert "(Yaounde)" in talk.screen
    assert (await talk.say("madagascar (douala)")).startswith("Quel type ?")
    assert (await talk.say("00", "5", "1", "6", "zzzzzzzz")).startswith('"zzzzzzzz" n\'est pas connu.')
    golden(talk, "search.which_city")


async def test_a_name_nearly_right_is_asked_about(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial("1")
    await talk.say("1", "6", "mbouba")
    if "Vouliez-vous dire" in talk.screen:
        again = next(line for line in talk.screen.splitlines() if line.endswith("Retaper"))
        assert (await talk.say(again[0])).startswith("Tapez le nom de la ville")


async def test_a_quarter_typed(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial("1")
    await talk.say("1", "1", "6")
    assert talk.screen.startswith("Tapez le nom du quartier de Douala:")
    assert (await talk.say("ndokotti")).startswith(("Quel type ?", '"ndokotti"'))
    assert (await talk.say("0", "12")).startswith("Tapez le nom en lettres.")


async def test_in_ones_own_words(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await akwa(house)
    await talk.dial("1")
    assert (await talk.say("4")).startswith("Que cherchez-vous ?")
    assert (await talk.say("bjr")).startswith("Je n'ai pas compris.")
    assert await talk.say("slt je cherche appt 2ch akwa max 100k") == (
        "J'ai compris: location, appt, 2 chambres, Akwa (Douala), max 100.000F\n"
        "1 Voir les logements\n2 Corriger\n0 Retour"
    )
    assert (await talk.say("1")).startswith("2 trouves, Akwa:")
    assert (await talk.say("0", "2")).startswith("Que cherchez-vous ?")
    golden(talk, "search.sentence")


@pytest.mark.parametrize("steps", [(), ("1",), ("1", "1"), ("1", "1", "1")])
async def test_another_wish_replaces_the_one_that_is_looked_at(house: House, steps: tuple[str, ...]) -> None:
    await akwa(house)
    chat = Chat(house, "whatsapp", PAUL, Phone(PAUL))
    await chat.say("appt 2ch akwa")
    for step in steps:
        await chat.say(step)
    assert (await chat.say("studio meublé bastos 80k")).startswith("J'ai compris: location, studio, meublé, Bastos")


async def test_one_question_when_a_place_is_unclear(house: House) -> None:
    talk = house.talk(PAUL)
    await talk.dial("1")
    await talk.say("4", "studio madagascar 50k")
    assert talk.screen.startswith("Ou exactement ?\n1 Madagascar (")
    await talk.say("madagascar (douala)")
    assert "Madagascar (Douala)" in talk.screen


async def test_a_code_dialled_typed_or_asked_for(house: House, golden: Callable[[Talk, str], None]) -> None:
    (home,) = await online(house, await landlord(house), Shown())
    talk = house.talk(PAUL)
    sheet = await talk.dial(home.code)
    assert sheet.startswith(f"{home.code} appt 2ch 85.000F/mois\nAkwa\nCaution 1 mois, avance 3\nforage, barriere")
    assert (await talk.say("0")).startswith("Trouve Moi Un Toit. Bienvenue !")
    assert await talk.say(home.code.lower()) == sheet
    await talk.dial("1")
    assert (await talk.say("5")).startswith("Tapez le code du logement")
    assert (await talk.say("13")).startswith("Il y a une faute dans ce code.")
    assert (await talk.say("xyz")).startswith("Code non compris. C'est A suivi de chiffres.")
    assert await talk.say(home.code[1:]) == sheet
    golden(talk, "home.code")


async def test_a_home_that_is_gone_leads_on(house: House) -> None:
    code = make_code("A", 999_999)
    talk = house.talk(PAUL)
    await talk.dial(code)
    assert talk.screen.startswith(f"{code}: ce logement n'est plus propose, ou le code est faux.\n1 Autre code")
    assert (await talk.say("1")).startswith("Tapez le code du logement")
    assert (await talk.say(code, "2")).startswith("Chercher\n1 Location")


async def test_homes_for_sale(house: House) -> None:
    owner = await landlord(house)
    await online(house, owner, Shown(kind="land", bedrooms=0, price=8_000_000, deal="sale", features=("titled",)))
    talk = house.talk(PAUL)
    await talk.dial("1")
    await talk.say("2", "1", "1", "1", "6")
    assert talk.screen.startswith("1 trouve, Douala:")
    await talk.say("1")
    assert "terrain 8.000.000F\nAkwa\nA vendre\ntitre foncier" in talk.screen


async def test_a_search_that_was_cut_goes_on(house: House) -> None:
    talk = await akwa(house)
    await talk.dial("1")
    await talk.say("1", "1", "2", "3")
    assert (await talk.dial()).startswith("Bon retour. Vous etiez en train de chercher un logement.")
    assert (await talk.say("1")).startswith("Combien de chambres ?")
    await talk.dial()
    assert (await talk.say("2")).startswith("Chercher\n1 Location")

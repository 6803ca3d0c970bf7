"""Paying rent: what is due, how much, from where, with every refusal on the way."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, cast

import pytest

from core.kit.errors import Refused
from core.kit.ids import make_code
from core.kit.money import Money
from core.leases.words import Account, Lease, LeaseId
from core.reading import Reading
from flows.pay_part import Rent, ask_ahead, ask_check_part, ask_month
from tests.flows.linking import linked, whatsapp
from tests.flows.planting import MARIE, ORANGE, PAUL, PIN, Rented, landlord, let, person
from tests.talking import House, Talk

DUE = (
    "Loyer nov 2026, Studio B3\nA payer: 85.000F avant le 05/11\n1 Tout 85.000F\n2 Une partie\n3 Choisir le mois\n"
    "4 Payer en avance\n5 Payer pour un autre\n0 Retour"
)


async def tenant(house: House, *rented: Rented, number: str = MARIE) -> Talk:
    """Marie, who rents one home (or these) from Fotso Jean."""
    owner, marie = await landlord(house), await person(house, number, "Ngo Bell Marie")
    for one in rented or (Rented(),):
        await let(house, owner, marie, one)
    return house.talk(number)


async def test_the_whole_rent_from_this_number(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await tenant(house)
    await talk.dial()
    assert await talk.say("2") == DUE
    assert await talk.say("1") == "Avec quel compte payer 85.000F ?\n1 MTN MoMo 677***456\n2 Autre numero\n0 Retour"
    assert (await talk.say("1")).startswith("Payer 85.000F\nMTN MoMo 677***456\nVotre code secret du service")
    await talk.secret(PIN)
    assert talk.screen.startswith("Validez maintenant la demande MTN MoMo de 85.000F avec votre code MTN MoMo (5 min).")
    assert talk.screen.endswith("Ne payez pas une 2e fois.")
    assert not talk.open
    golden(talk, "pay_rent.whole")


async def test_dialled_directly(house: House) -> None:
    talk = await tenant(house)
    assert await talk.dial("2") == DUE
    assert (await talk.say("0")).startswith("Bonjour Ngo Bell Marie.")


async def test_a_rent_that_is_late_says_so(house: House) -> None:
    talk = await tenant(house)
    house.clock.move(days=2)
    assert (await talk.dial("2")).startswith("Loyer nov 2026, Studio B3\nEn retard depuis le 05/11: 85.000F")


async def test_arrears_are_told_oldest_first(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await tenant(house, Rented(start=date(2026, 9, 1)))
    await talk.dial("2")
    assert talk.screen.startswith("Studio B3: 3 mois a payer, 255.000F. Le plus ancien: sept 2026\n1 Tout 255.000F")
    assert (await talk.say("3")).startswith("Quel mois ?\n1 sept 2026 85.000F\n2 oct 2026 85.000F\n3 nov 2026 85.000F")
    assert "Payer 85.000F" in await talk.say("2", "1")
    golden(talk, "pay_rent.arrears")


async def test_a_part(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    assert (await talk.say("2")).startswith("Combien payez-vous ? Reste 85.000F, minimum 500F.")
    assert (await talk.say("beaucoup")).startswith("Montant non compris.")
    assert (await talk.say("99999999999")).startswith("Ce montant n'est pas possible.")
    assert (await talk.say("60")).startswith("C'est trop peu: payez au moins 500F.")
    assert "Payer 40.000F" in await talk.say("40 mille", "1")
    golden(talk, "pay_rent.part")


@pytest.mark.parametrize("said", ["40000", "40 000 F", "40.000", "40k", "40 mille"])
async def test_an_amount_typed_where_all_or_a_part_is_asked_is_the_part(house: House, said: str) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    assert (await talk.say(said)).startswith("Avec quel compte payer ")
    assert "Payer 40.000F" in await talk.say("1")
    assert await talk.say("0", "0") == DUE


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("7", "Tapez un des numeros."),
        ("50", "Tapez un des numeros."),
        ("99999999999", "Tapez un des numeros."),
        ("studio 50k", "J'ai compris: location, studio, max 50.000F"),
        ("je ne veux pas payer 50k", "Tapez un des numeros."),
        ("400", "C'est trop peu: payez au moins 500F."),
        ("5 millions", "C'est trop: vous pouvez payer 595.000F au plus."),
        ("2", "Combien payez-vous ?"),
        ("une partie", "Combien payez-vous ?"),
        ("le deuxième", "Combien payez-vous ?"),
        ("en avance", "Payer jusqu'a quel mois ?"),
        ("85 000", "Avec quel compte payer "),
        ("annuler", "Bonjour Ngo Bell Marie."),
        ("non merci", "Tapez un des numeros."),
    ],
)
async def test_what_else_is_typed_there(house: House, said: str, seen: str) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    assert (await talk.say(said)).startswith(seen)


@pytest.mark.parametrize("said", [("la moitié",), ("2", "moitié")])
async def test_half_is_half_of_what_is_left_to_the_next_franc(house: House, said: tuple[str, ...]) -> None:
    talk = await tenant(house, Rented(rent=80_001))
    await talk.dial("2")
    assert "Payer 42.501F" in await talk.say(*said, "1")


async def test_words_with_an_amount_are_a_part_of_the_same_lease(house: House) -> None:
    talk = await tenant(house, Rented("Studio B3"), Rented("Boutique 2", 50_000, 0))
    await talk.dial("2")
    await talk.say("boutique 2")
    assert (await talk.say("je paie 20 000")).startswith("Avec quel compte payer 20.000F ?")
    assert "Boutique 2" in await talk.say("0")


async def test_another_amount_than_the_one_that_was_too_much(house: House) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    assert (await talk.say("95000")).startswith("95.000F depasse le reste")
    assert (await talk.say("90 000")).startswith("90.000F depasse le reste")
    assert "payer 30.000F" in await talk.say("payer 30 000")
    await talk.say("0")
    assert "Payer 70.000F" in await talk.say("70000", "1")


async def test_in_a_chat_it_is_confirmed_as_any_part_is(house: House) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    await chat.say("payer")
    await chat.say("40k")
    assert (await chat.say("1")).startswith("Payer 40\u202f000 FCFA")
    assert (await chat.say("peut-être")).startswith("Je n'ai pas compris.")
    assert "Validez maintenant" in await chat.say("oui merci")


async def test_a_button_that_is_called_so_cancels_only_what_it_asks(house: House) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    for one in ("payer", "1", "1"):
        await chat.say(one)
    assert (await chat.say("annuler")).startswith("Avec quel compte payer ")
    assert (await chat.say("annuler")).startswith("Bonjour Ngo Bell Marie")


async def test_nobody_pays_twice_by_typing_an_amount(house: House) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    await talk.say("1", "1")
    await talk.secret(PIN)
    await talk.dial("2")
    assert (await talk.say("50000")).startswith("Tapez un des numeros.\nUn paiement de 85.000F est deja parti (")


async def test_more_than_is_due_goes_ahead_or_not(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    assert await talk.say("2", "95000") == (
        "95.000F depasse le reste (85.000F).\n1 Payer 85.000F\n2 Payer 95.000F, dont 10.000F en avance\n0 Retour"
    )
    assert "Payer 95.000F" in await talk.say("2", "1")
    assert "Payer 85.000F" in await talk.say("00", "2", "2", "95000", "1", "1")
    assert (await talk.say("00", "2", "2", "5000000")).startswith("C'est trop: vous pouvez payer 595.000F au plus.")
    golden(talk, "pay_rent.too_much")


async def test_in_advance(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    assert (await talk.say("4")).startswith("Payer jusqu'a quel mois ?\n1 Jusqu'a dec 2026 170.000F")
    assert "Payer 255.000F" in await talk.say("2", "1")
    golden(talk, "pay_rent.ahead")


async def test_nothing_due_yet(house: House) -> None:
    talk = await tenant(house, Rented(start=date(2026, 12, 1)))
    assert (await talk.dial("2")).startswith(
        "Rien a payer ce mois, Studio B3.\n1 Payer en avance\n2 Payer pour un autre"
    )
    assert (await talk.say("1")).startswith("Payer jusqu'a quel mois ?\n1 Jusqu'a dec 2026 85.000F")


async def test_several_leases(house: House) -> None:
    talk = await tenant(house, Rented("Studio B3"), Rented("Boutique 2", 50_000, 0))
    assert (await talk.dial("2")).startswith("Quel loyer ?\n")
    assert "Boutique 2" in await talk.say("boutique 2")
    assert "50.000F" in talk.screen


async def test_for_somebody_else_by_the_code_of_the_lease(house: House, golden: Callable[[Talk, str], None]) -> None:
    owner, marie = await landlord(house), await person(house, MARIE, "Ngo Bell Marie")
    lease = await let(house, owner, marie)
    await person(house, PAUL, "Ekani Paul")
    talk = house.talk(PAUL)
    await talk.dial("2")
    assert talk.screen == "Aucun bail a votre nom.\n1 Payer pour un autre\n0 Retour"
    wrong = lease.code[:-1] + str((int(lease.code[-1]) + 1) % 10)
    assert (await talk.say("1", wrong)).startswith("Il y a une faute dans ce code.")
    assert (await talk.say("A4821")).startswith("Code non compris. C'est B suivi de chiffres.")
    nobody = make_code("B", 999_999)
    assert (await talk.say(nobody)).startswith(f"Aucun bail {nobody}.")
    await talk.say(lease.code.lower())
    assert talk.screen.startswith("Studio B3, Marie\nLoyer 85.000F, paye a Fotso Jean\n1 C'est ce bail")
    assert "Ngo" not in talk.screen
    assert (await talk.say("1")).startswith("Loyer nov 2026, Studio B3")
    await talk.say("1", "1")
    assert (await talk.secret(PIN)).startswith("Validez maintenant")
    golden(talk, "pay_rent.for_another")


async def test_another_number_pays(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    assert (await talk.say("1", "2", "12")).startswith("Numero non compris.")
    assert (await talk.say("699123456")).startswith("Ce numero n'a pas de compte Mobile Money")
    assert await talk.say("677 00 02 22") == (
        "MTN MoMo +237677000222 paie ? Ce telephone devra valider.\n1 Oui, c'est juste\n2 Non, retaper\n0 Retour"
    )
    assert (await talk.say("2")).startswith("Numero Mobile Money qui paie ?")
    await talk.say("677000222", "1")
    await talk.secret(PIN)
    assert talk.screen.startswith("Le 677***222 doit valider la demande MTN MoMo de 85.000F (5 min).")
    golden(talk, "pay_rent.other_number")


async def test_a_number_without_a_wallet_is_asked_for_another(house: House) -> None:
    talk = await tenant(house, number=ORANGE)
    await talk.dial("2")
    assert (await talk.say("1")).startswith("Numero Mobile Money qui paie ?")
    assert (await talk.say("0")) == DUE


async def test_a_wrong_pin_and_the_lock(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    await talk.say("1", "1")
    for left in (4, 3, 2, 1):
        assert (await talk.secret("0001")).startswith(f"Code incorrect. Essais restants: {left}.\nPayer 85.000F")
    await talk.secret("0001")
    assert talk.screen == "Trop d'essais: compte bloque 30 min.\nAucun argent n'a ete pris. Aide: SMS AIDE au 8123."
    assert not talk.open
    golden(talk, "pay_rent.locked")


async def test_a_second_payment_of_the_same_rent_is_refused(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    await talk.say("1", "1")
    await talk.secret(PIN)
    assert (await talk.dial("2")).startswith("Un paiement de 85.000F est deja parti (")
    assert "Attendez son resultat. Ne payez pas une 2e fois.\n1 " in talk.screen
    assert "Un paiement de 85.000F est deja parti (" in await talk.dial("3"), "there is no receipt yet, and why"
    golden(talk, "pay_rent.open")


async def test_a_payment_that_was_begun_elsewhere_meanwhile_is_not_made_twice(house: House) -> None:
    talk = await tenant(house)
    chat = await linked(house, whatsapp(house))
    await talk.dial("2")
    await talk.say("1", "1")
    await chat.say("payer")
    await chat.say("1")
    await chat.say("1")
    assert "Validez maintenant" in await chat.say("oui")
    assert (await talk.secret(PIN)).startswith("Un paiement de 85.000F est deja parti (")
    assert talk.screen.endswith("Attendez le message du resultat. Ne payez pas une 2e fois.")
    assert not talk.open


async def test_a_cut_before_the_pin_pays_nothing_and_loses_nothing(
    house: House, golden: Callable[[Talk, str], None]
) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    await talk.say("2", "40000", "1")
    assert "Votre code secret du service" in await talk.dial()
    assert (await talk.secret(PIN)).startswith(
        "Bon retour. Vous etiez en train de payer 40.000F, Studio B3. Continuer ?"
    )
    assert (await talk.say("1")).startswith("Payer 40.000F")
    assert (await talk.secret(PIN)).startswith("Validez maintenant la demande MTN MoMo de 40.000F")
    golden(talk, "pay_rent.cut")


@pytest.mark.parametrize("said", ["0000", "48265", "abcd"])
async def test_what_is_no_pin_is_asked_again(house: House, said: str) -> None:
    talk = await tenant(house)
    await talk.dial("2")
    await talk.say("1", "1")
    assert "Votre code secret" in await talk.secret(said)
    assert talk.open


async def test_no_pin_is_asked_for_in_a_chat(house: House) -> None:
    talk = await tenant(house)
    await talk.text("payer")
    await talk.text("1")
    assert (await talk.text("1")).startswith("Par sécurité, reliez d'abord cette conversation:")


class Paid:
    """A lease of which nothing is left to pay, not even in advance."""

    leases: "Paid"

    def __init__(self) -> None:
        self.leases = self

    async def account(self, lease: LeaseId) -> Account:
        owed = Lease(lease, "B3018", "Studio B3", "Marie", "Paul", Money(85_000, "XAF"), 5)
        return Account(owed, (), Money(0, "XAF"), ())


@pytest.mark.parametrize("ask", [ask_month, ask_ahead, ask_check_part])
async def test_where_nothing_is_left_there_is_nothing_to_choose(ask: Callable[[Rent, Reading], Awaitable[Any]]) -> None:
    with pytest.raises(Refused) as refused:
        await ask(Rent(part=Money(5_000, "XAF")), cast("Reading", Paid()))
    assert refused.value.key == "pay.closed"


async def test_where_no_operator_is_connected_nobody_is_asked_for_a_wallet(house: House) -> None:
    owner, awa = await landlord(house), await person(house, "+221771234567", "Awa Diop")
    await let(house, owner, awa, Rented(currency="XOF"))
    talk = house.talk("+221771234567")
    await talk.dial("2")
    assert (await talk.say("1")).startswith("Mobile Money n'est pas encore ouvert ici.")
    assert "1 Tout 85.000F" in talk.screen

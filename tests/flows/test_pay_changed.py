"""What was chosen to pay is what is owed when it is confirmed: whoever paid meanwhile, and whatever month began."""

from datetime import date

import pytest

from core.kit.phone import Phone
from core.kit.speaker import PersonId
from core.leases.agreements import Agreed
from tests.core.money.village import Villager
from tests.flows.linking import linked, whatsapp
from tests.flows.planting import MARIE, PAUL, PIN, Rented, landlord, let, paid, person
from tests.talking import House, Talk


class Flat:
    """Marie rents from Fotso Jean since September and owes three months; Paul pays for her at times."""

    def __init__(self, house: House, lease: Agreed, owner: PersonId, marie: PersonId, paul: PersonId) -> None:
        self.house, self.lease, self.marie = house, lease, marie
        self.owner = Villager(owner, "Fotso Jean", Phone("+237670000900"))
        self.paul = Villager(paul, "Ekani Paul", Phone(PAUL))

    async def pays(self, francs: int) -> None:
        """Paul pays, and it is booked."""
        await paid(self.house, self.lease, (self.paul, self.owner), francs)


@pytest.fixture
async def flat(house: House) -> Flat:
    owner, marie, paul = (
        await landlord(house), await person(house, MARIE, "Ngo Bell Marie"), await person(house, PAUL, "Ekani Paul"),
    )  # fmt: skip
    return Flat(house, await let(house, owner, marie, Rented(start=date(2026, 9, 1))), owner, marie, paul)


async def confirming(house: House, *said: str) -> Talk:
    """Marie is asked for her PIN."""
    talk = house.talk(MARIE)
    await talk.dial("2")
    await talk.say(*said)
    return talk


@pytest.mark.parametrize(
    ("said", "left", "seen"),
    [
        (("1", "1"), "245.000F", "1 Tout 245.000F"),
        (("3", "1", "1"), "75.000F", "1 sept 2026 75.000F"),
        (("4", "1", "1"), "330.000F", "1 Jusqu'a dec 2026 330.000F"),
        (("2", "265000", "2", "1"), "245.000F", "1 Payer 245.000F"),
        (("250000", "1"), "245.000F", "1 Tout 245.000F"),
    ],
)
async def test_less_is_left_than_when_it_was_chosen(flat: Flat, said: tuple[str, ...], left: str, seen: str) -> None:
    """They are back where they chose it, with what is left now."""
    talk = await confirming(flat.house, *said)
    assert "Votre code secret" in talk.screen
    await flat.pays(10_000)
    await talk.secret(PIN)
    assert talk.screen.startswith(f"Il reste maintenant {left} a payer.\n")
    assert f"\n{seen}" in talk.screen
    assert f"Payer {left}" in await talk.say("1", "1")
    assert (await talk.secret(PIN)).startswith(f"Validez maintenant la demande MTN MoMo de {left}")


async def test_who_comes_back_to_it_is_told_before_they_confirm(flat: Flat) -> None:
    talk = await confirming(flat.house, "1", "1")
    await flat.pays(10_000)
    await talk.dial()
    await talk.secret(PIN)
    assert (await talk.say("1")).startswith("Il reste maintenant 245.000F a payer.\n")
    assert "\n1 Tout 245.000F" in talk.screen


async def test_in_a_chat_the_button_of_before_asks_for_nothing(flat: Flat) -> None:
    chat = await linked(flat.house, whatsapp(flat.house))
    for one in ("payer", "1", "1"):
        await chat.say(one)
    await flat.pays(10_000)
    assert (await chat.say("oui")).startswith("Il reste maintenant 245\u202f000 FCFA à payer.")


async def test_before_the_wallet_is_chosen_it_is_told_as_well(flat: Flat) -> None:
    talk = await confirming(flat.house, "1")
    await flat.pays(10_000)
    assert (await talk.say("1")).startswith("Il reste maintenant 245.000F a payer.\n")


async def test_a_part_that_is_still_owed_stays(flat: Flat) -> None:
    talk = await confirming(flat.house, "40000", "1")
    await flat.pays(10_000)
    assert (await talk.secret(PIN)).startswith("Validez maintenant la demande MTN MoMo de 40.000F")


async def test_nothing_is_left(flat: Flat) -> None:
    talk = await confirming(flat.house, "1", "1")
    await flat.pays(255_000)
    assert (await talk.secret(PIN)).startswith("Il reste maintenant 0F a payer.\nRien a payer ce mois, Studio B3.")


async def test_a_month_begins_between_two_screens(flat: Flat) -> None:
    talk = await confirming(flat.house)
    flat.house.clock.move(days=30)
    assert "\n1 Tout 340.000F" in await talk.say("1")
    assert talk.screen.startswith("Il reste maintenant 340.000F a payer.\n")


async def test_what_was_paid_over_waits_and_is_counted(flat: Flat) -> None:
    await flat.pays(265_000)
    talk = await confirming(flat.house)
    assert talk.screen.startswith("Rien a payer ce mois, Studio B3. Avance 10.000F.\n1 Payer en avance")
    assert (await talk.say("1")).startswith(
        "Payer jusqu'a quel mois ?\n1 Jusqu'a dec 2026 75.000F\n2 Jusqu'a janv 2027 160.000F"
    )

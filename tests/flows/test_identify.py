"""The gate: a shared phone tells nothing before the PIN, and wrong PINs are counted."""

from collections.abc import Callable

from tests.flows.planting import MARIE, OTHER_PIN, PIN, landlord, let, person
from tests.talking import House, Talk

WHO = "Qui etes-vous ?\n1 Profil 1\n2 Profil 2\n3 Nouveau profil\n0 Retour"


async def shared(house: House) -> Talk:
    """Marie rents, Paul rents nothing; one phone."""
    marie = await person(house, MARIE, "Ngo Bell Marie")
    await person(house, MARIE, "Ekani Paul", pin=OTHER_PIN)
    await let(house, await landlord(house), marie)
    return house.talk(MARIE)


async def test_numbers_instead_of_names(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await shared(house)
    await talk.dial()
    assert await talk.say("2") == WHO
    await talk.say("1")
    assert (await talk.secret(PIN)).startswith("Loyer nov 2026, Studio B3")
    golden(talk, "identify.shared")


async def test_each_profile_sees_its_own(house: House) -> None:
    talk = await shared(house)
    await talk.dial("2")
    await talk.say("2")
    assert (await talk.secret(OTHER_PIN)).startswith("Aucun bail a votre nom.")


async def test_the_pin_is_asked_once_a_session(house: House) -> None:
    talk = await shared(house)
    await talk.dial("2")
    await talk.say("1")
    await talk.secret(PIN)
    assert (await talk.say("00", "3")).startswith("Vous n'avez pas encore de recu.")
    await talk.dial("2")
    assert talk.screen == WHO


async def test_wrong_pins_are_counted_down_to_the_lock(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await shared(house)
    await talk.dial("2")
    await talk.say("1")
    for left in (4, 3, 2, 1):
        assert (await talk.secret("0001")).startswith(f"Code incorrect. Essais restants: {left}.")
    assert await talk.secret("0001") == "Trop d'essais: compte bloque 30 min.\nAide: SMS AIDE au 8123."
    assert not talk.open
    await talk.dial("2")
    await talk.say("1")
    assert (await talk.secret(PIN)).startswith("Trop d'essais: compte bloque 30 min.")
    house.clock.move(minutes=31)
    await talk.dial("2")
    await talk.say("1")
    assert (await talk.secret(PIN)).startswith("Loyer nov 2026")
    golden(talk, "identify.locked")


async def test_after_a_cut_nothing_is_shown_before_the_pin(house: House, golden: Callable[[Talk, str], None]) -> None:
    talk = await shared(house)
    await talk.dial("2")
    await talk.say("1")
    await talk.secret(PIN)
    await talk.say("2")
    assert await talk.dial() == f"Pour reprendre ou vous en etiez:\n{WHO}"
    await talk.say("1")
    assert (await talk.secret(PIN)).startswith("Bon retour. Vous etiez en train de payer un loyer.")
    assert (await talk.say("1")).startswith("Combien payez-vous ?")
    golden(talk, "identify.cut")


async def test_somebody_else_does_not_find_what_was_begun(house: House) -> None:
    talk = await shared(house)
    await talk.dial("2")
    await talk.say("1")
    await talk.secret(PIN)
    await talk.say("2")
    await talk.dial()
    await talk.say("2")
    assert (await talk.secret(OTHER_PIN)).startswith("Trouve Moi Un Toit\n1 Chercher")


async def test_one_persons_phone_asks_for_the_pin_only_after_a_cut(house: House) -> None:
    marie = await person(house, MARIE, "Ngo Bell Marie")
    await let(house, await landlord(house), marie)
    talk = house.talk(MARIE)
    await talk.dial("2")
    assert (await talk.say("2")).startswith("Combien payez-vous ?")
    assert (await talk.dial()).startswith("Pour reprendre ou vous en etiez:\nVotre code secret du service")
    await talk.secret(PIN)
    assert (await talk.say("1")).startswith("Combien payez-vous ?")

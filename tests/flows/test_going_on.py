"""What was begun in one place goes on in another: offered there, by its amount and its home."""

import pytest

from core.kit.month import Month
from core.kit.phone import Phone
from tests.core.money.village import Villager
from tests.flows.linking import linked, tenant, whatsapp
from tests.flows.planting import MARIE, PAUL, PIN, Rented, landlord, let, paid, person
from tests.talking import Chat, House, Talk


async def begun(house: House) -> tuple[Chat, Talk]:
    """Marie's linked conversation, and her phone on which she has begun to pay."""
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    await chat.say("menu")
    talk = house.talk(MARIE)
    await talk.dial("2")
    await talk.say("1")
    return chat, talk


async def test_a_task_begun_on_the_phone_goes_on_in_a_conversation(house: House) -> None:
    chat, talk = await begun(house)
    house.clock.move(minutes=5)
    assert "Vous étiez en train de payer 85\u202f000 FCFA" in await chat.say("bonjour")
    assert "Avec quel compte" in await chat.tap("Continuer")
    assert "code secret" in await talk.dial(), "what is at hand elsewhere can be taken back"
    assert "Vous étiez en train de payer 85\u202f000 FCFA" in await chat.say("bonjour")


@pytest.mark.parametrize(
    ("channel", "amount"),
    [("whatsapp", "85\u202f000 FCFA"), ("telegram", "85\u202f000 FCFA"), ("sms", "85.000F")],
)
async def test_the_offer_to_go_on_names_the_amount_and_the_home(house: House, channel: str, amount: str) -> None:
    await tenant(house)
    chat = await linked(house, Chat(house, channel, PAUL, Phone(PAUL)))
    await chat.say("menu")
    talk = house.talk(MARIE)
    await talk.dial("2")
    await talk.say("1")
    house.clock.move(minutes=5)
    assert f"Vous étiez en train de payer {amount}, Studio B3. Continuer ?" in await chat.say("bonjour")
    assert "Avec quel compte" in await chat.say("continuer")


async def test_and_the_other_way_behind_the_pin(house: House) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    await chat.say("payer")
    await chat.say("1")
    house.clock.move(minutes=5)
    talk = house.talk(MARIE)
    assert "code secret" in await talk.dial()
    await talk.secret(PIN)
    assert "Vous etiez en train de payer 85.000F, Studio B3. Continuer ?" in talk.screen
    assert "Avec quel compte" in await talk.say("1")
    await talk.say("00")
    assert "Bonjour Ngo Bell Marie" in await chat.say("bonjour")


async def test_a_keyword_is_obeyed_rather_than_what_was_begun_elsewhere(house: House) -> None:
    chat, _ = await begun(house)
    house.clock.move(minutes=5)
    assert "langue" in (await chat.say("langue")).lower()


async def test_what_was_begun_long_ago_is_forgotten(house: House) -> None:
    chat, _ = await begun(house)
    house.clock.move(hours=25)
    assert "Bonjour Ngo Bell Marie" in await chat.say("bonjour")


async def test_a_clear_sentence_is_heard_although_something_waits_elsewhere(house: House) -> None:
    chat, _ = await begun(house)
    house.clock.move(minutes=5)
    assert "J'ai compris: location, studio" in await chat.say("studio akwa 80k")
    await chat.say("menu")
    assert "Vous étiez en train de payer" in await chat.say("bonjour")


async def test_a_page_of_help_is_nothing_to_go_on_with(house: House) -> None:
    chat, _ = await begun(house)
    await chat.say("aide")
    await chat.tap("Mes données")
    house.clock.move(minutes=5)
    assert "Vous étiez en train de payer" in await chat.say("bonjour")


@pytest.mark.parametrize("since", [("aide", "Mes données"), ("chercher", "Louer", "Douala")])
async def test_a_payment_that_was_cut_is_not_lost_to_what_matters_less(house: House, since: tuple[str, ...]) -> None:
    chat, talk = await begun(house)
    house.clock.move(minutes=5)
    for said in since:
        await chat.say(said)
    assert "code secret" in await talk.dial()
    await talk.secret(PIN)
    assert "Vous etiez en train de payer 85.000F" in talk.screen


async def test_what_is_chosen_on_the_newest_menu_is_an_answer_although_something_waits_elsewhere(house: House) -> None:
    chat, _ = await begun(house)
    house.clock.move(minutes=5)
    assert (await chat.tap("Aide")).startswith("Aide")


async def test_a_wish_is_heard_from_a_page_of_help(house: House) -> None:
    chat, _ = await begun(house)
    await chat.say("aide")
    assert "À payer" in await chat.say("je veux payer mon loyer")
    assert "Avec quel compte" in await chat.say("1")
    assert "Je n'ai pas compris" in await chat.say("studio akwa"), "in the middle of a payment that is a bad answer"
    assert "reçu" in (await chat.say("montre-moi mes quittances")).lower()


async def started(chat: Chat) -> str:
    """A payment of 10 000 is asked for."""
    for said in ("payer", "10000", "1"):
        await chat.say(said)
    return await chat.tap("Payer")


async def test_a_payment_that_was_begun_ends_what_was_left_unfinished_before(house: House) -> None:
    chat, talk = await begun(house)
    house.clock.move(minutes=5)
    assert "Validez maintenant" in await started(chat)
    for said in ("merci", "c bon", "ok merci"):
        assert "Un paiement de 10\u202f000 FCFA est déjà parti" in await chat.say(said)
    assert "Bonjour Ngo Bell Marie" in await chat.say("menu")
    assert "Vous étiez" not in await chat.say("merci")
    assert (await talk.dial()).startswith("Bonjour Ngo Bell Marie")


async def test_a_payment_begun_on_the_phone_ends_what_was_left_in_a_conversation(house: House) -> None:
    chat, talk = await begun(house)
    house.clock.move(minutes=5)
    for said in ("payer", "20000"):
        await chat.say(said)
    await talk.dial("2")
    await talk.say("1", "1")
    assert "Validez maintenant" in await talk.secret(PIN)
    assert (await talk.dial()).startswith("Bonjour Ngo Bell Marie")


async def test_the_sum_of_an_offer_is_one_that_is_still_owed(house: House) -> None:
    owner, marie = await landlord(house), await person(house, MARIE, "Ngo Bell Marie")
    lease = await let(house, owner, marie, Rented())
    chat = await linked(house, whatsapp(house))
    await chat.say("menu")
    talk = house.talk(MARIE)
    await talk.dial("2")
    await talk.say("1")
    sides = (Villager(marie, "Ngo Bell Marie", Phone(MARIE)), Villager(owner, "Fotso Jean", Phone("+237670000900")))
    await paid(house, lease, sides, 10_000, Month(2026, 11))
    house.clock.move(minutes=5)
    assert "Vous étiez en train de payer un loyer. Continuer ?" in await chat.say("bonjour")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("payer mon loyer", "À payer"),
        ("payer en avance", "À payer"),
        ("je veux mon reçu", "pas encore de reçu"),
        ("Vérifier un reçu", "Tapez le code"),
        ("chercher un logement", "Chercher"),
        ("pourquoi ?", "Je n'ai pas compris"),
    ],
)
async def test_a_wish_is_heard_where_it_is_offered_to_go_on(house: House, said: str, answer: str) -> None:
    chat, _ = await begun(house)
    house.clock.move(minutes=5)
    assert "Vous étiez" in await chat.say("bonjour")
    assert answer in await chat.say(said)


async def test_a_receipt_that_was_checked_is_done(house: House) -> None:
    owner, marie = await landlord(house), await person(house, MARIE, "Ngo Bell Marie")
    lease = await let(house, owner, marie, Rented())
    sides = (Villager(marie, "Ngo Bell Marie", Phone(MARIE)), Villager(owner, "Fotso Jean", Phone("+237670000900")))
    code = await paid(house, lease, sides, 85_000, Month(2026, 11))
    chat = await linked(house, whatsapp(house))
    await chat.say("vérifier")
    assert "Vrai reçu" in await chat.say(code)
    house.clock.move(minutes=5)
    talk = house.talk(MARIE)
    assert (await talk.dial()).startswith("Bonjour Ngo Bell Marie")


async def test_whoever_comes_back_to_a_payment_is_told_why_the_code_is_asked_for(house: House) -> None:
    _, talk = await begun(house)
    assert (await talk.dial()).startswith("Pour reprendre ou vous en etiez:\nVotre code secret")


async def test_a_message_that_did_not_come_does_not_lead_out_of_a_payment(house: House) -> None:
    chat, _ = await begun(house)
    for said in ("payer", "10000", "1"):
        await chat.say(said)
    assert "Rien n'est venu" in await chat.say("j'ai pas reçu le message mtn")
    assert "Payer 10\u202f000 FCFA" in await chat.say("retour")
    assert "Validez maintenant" in await chat.tap("Payer")


@pytest.mark.parametrize("said", ["je cherche un studio à akwa", "I want a studio in Akwa 80k"])
async def test_a_search_is_heard_where_no_payment_was_chosen_yet(house: House, said: str) -> None:
    chat, _ = await begun(house)
    assert "À payer" in await chat.say("payer")
    assert "J'ai compris: location, studio" in await chat.say(said)


async def test_the_third_time_in_a_row_help_is_offered(house: House) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    await chat.say("menu")
    for turn in range(4):
        answer = await chat.say(f"bla bla {'x' * turn}bla")
        assert ("Écrivez AIDE" in answer) is (turn > 1), answer
    await chat.say("aide")
    assert "Écrivez AIDE" not in await chat.say("bla bla")

"""One person, many doors: linking a conversation, and unlinking it."""

import pytest
from sqlalchemy import text

from bot.inbound import Contact, Event
from bot.talk import go, t
from core.kit.db import Statement
from core.kit.phone import Phone
from core.kit.speaker import Address
from core.people.doors import suspend
from core.people.words import Way
from flows.reach import Reach, take_way
from tests.flows.linking import code_of, linked, telegram, tenant, whatsapp
from tests.flows.planting import MARIE, OTHER_PIN, PAUL, PIN, person
from tests.talking import Chat, House

NOTICES = Statement(text("SELECT address, template, blanks FROM notice ORDER BY id"))
ATTEMPTS = Statement(text("SELECT amount, payer_phone, notify_phone, state FROM payment_attempt"))
PEOPLE = Statement(text("SELECT person.name, phone.e164 FROM person LEFT JOIN phone ON person_id = person.id"))


async def sent(house: House) -> list[tuple[str, str]]:
    return [(row["address"], row["template"]) for row in await house.db.fetch(NOTICES)]


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "sms"])
async def test_a_rent_is_paid_in_a_conversation_once_it_is_linked(house: House, channel: str) -> None:
    await tenant(house)
    chat = telegram(house) if channel == "telegram" else Chat(house, channel, MARIE, Phone(MARIE))
    if channel == "sms":
        assert "Studio B3" in await chat.say("payer")
        await chat.say("1")
        assert "reliez d'abord" in await chat.say("1")
    else:
        assert "reliez d'abord" in await chat.say("payer")
    await chat.say("1")
    after = await chat.say(await code_of(house.talk(MARIE)))
    if channel != "sms":
        assert "Studio B3" in after
        await chat.say("1")
        after = await chat.say("1")
    assert "85" in after
    assert "Vous confirmerez ensuite" in after
    assert "code secret" not in after
    assert "Validez" in await chat.say("1")
    rows = [tuple(row) for row in await house.db.fetch(ATTEMPTS)]
    assert [row[:3] for row in rows] == [(85_000, MARIE, MARIE)]
    assert (MARIE, "linked.1") in await sent(house)


@pytest.mark.parametrize(("channel", "gap"), [("whatsapp", ""), ("telegram", " "), ("sms", "-")])
async def test_a_code_typed_before_it_is_asked_for_is_taken(house: House, channel: str, gap: str) -> None:
    await tenant(house)
    code = await code_of(house.talk(MARIE))
    chat = Chat(house, channel, PAUL, Phone(PAUL))
    assert "reliez d'abord" in await chat.say("recus")
    wrong = await chat.say("000000" if code != "000000" else "000001")
    assert "Ce code n'est pas bon" in wrong
    assert "6 chiffres" in wrong
    await chat.say("0")
    assert "Vous n'avez pas encore de re" in await chat.say(code[:3] + gap + code[3:])


async def test_a_language_chosen_in_a_chat_stays_the_chat_s_and_becomes_that_of_who_never_chose_one(
    house: House,
) -> None:
    await tenant(house)
    chat = telegram(house)
    await chat.say("english")
    assert "first link" in await chat.say("receipts")
    await chat.say("1")
    assert "You have no receipt yet" in await chat.say(await code_of(house.talk(MARIE)))
    assert (await house.talk(MARIE).dial()).startswith("Hello Ngo Bell Marie.")


async def test_a_language_chosen_in_a_chat_changes_nothing_on_a_phone_that_chose_another(house: House) -> None:
    await tenant(house)
    phone = house.talk(MARIE)
    await phone.dial()
    await phone.say("5")
    assert (await phone.say("5")).startswith("Bonjour Ngo Bell Marie.")
    chat = telegram(house)
    await chat.say("english")
    await chat.say("devices")
    assert "My devices" in await chat.say(await code_of(house.talk(MARIE)))
    assert (await phone.dial()).startswith("Bonjour Ngo Bell Marie.")
    other = await linked(house, whatsapp(house))
    assert "Mes appareils" in await other.say("appareils"), "nothing was chosen there"


async def test_who_gets_a_number_that_changed_hands_is_not_spoken_to_as_the_last_one_chose(house: House) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    await chat.say("english")
    phone = house.talk(MARIE)
    await phone.dial()
    assert (await phone.say("5")).startswith("Bonjour Ngo Bell Marie.")
    assert "My devices" in await chat.say("devices")
    async with house.db.transaction() as tx:
        await suspend(tx, Address("whatsapp", MARIE), house.clock.now())
    assert "Écrivez ce que vous voulez" in await whatsapp(house).say("menu")


async def test_such_a_code_counts_as_a_try_and_other_words_do_not(house: House) -> None:
    chat = whatsapp(house)
    await chat.say("relier")
    assert "Touchez une des réponses" in await chat.say("12345")
    for left in (4, 3, 2, 1):
        assert f"restants: {left}." in await chat.say("000000")
        await chat.say("relier")
    assert "Trop d'essais" in await chat.say("000000")
    assert "écrivez AIDE" in chat.bubbles[-1].text


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_linking_says_what_it_is_for_and_is_one_sms(house: House, language: str) -> None:
    chat = Chat(house, "sms", PAUL, Phone(PAUL))
    await chat.say({"fr": "français", "en": "english"}[language])
    own = await chat.say("relier")
    assert {"fr": "Pour payer et voir vos recus", "en": "To pay and see your receipts"}[language] in own
    assert chat.bubbles[-1].segments == 1
    asked = await chat.say("recus")
    assert {"fr": "Par sécurité, reliez d'abord", "en": "For your safety, first link"}[language] in asked
    assert chat.bubbles[-1].segments == 1


async def test_whoever_has_no_account_makes_one_on_the_way_and_goes_on(house: House) -> None:
    chat = telegram(house)
    assert "reliez d'abord" in await chat.say("recus")
    assert "Vous êtes ?" in await chat.tap("Créer un compte")
    for answer in ("1", "1", "Ngo Bell Marie"):
        await chat.say(answer)
    assert "Vous n'avez pas encore de reçu" in await chat.say("1")


async def test_saying_no_to_a_payment_pays_nothing(house: House) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    await chat.say("payer")
    await chat.say("1")
    assert "Vous confirmerez" in await chat.say("1")
    assert "Avec quel compte" in await chat.say("2")
    assert not await house.db.fetch(ATTEMPTS)


async def test_a_conversation_shows_nothing_of_the_number_it_claims(house: House) -> None:
    await tenant(house)
    chat = whatsapp(house)
    assert "Marie" not in await chat.say("bonjour")
    assert "reliez d'abord" in await chat.say("recus")


async def test_five_wrong_codes_lock_even_the_right_one(house: House) -> None:
    await tenant(house)
    code = await code_of(house.talk(MARIE))
    wrong = "000000" if code != "000000" else "000001"
    chat = whatsapp(house)
    await chat.say("relier")
    await chat.say("1")
    for left in (4, 3, 2, 1):
        assert f"restants: {left}." in await chat.say(wrong)
    assert "Trop d'essais" in await chat.say(wrong)
    await chat.say("relier")
    await chat.say("1")
    assert "Trop d'essais" in await chat.say(code)
    house.clock.move(minutes=31)
    await chat.say("relier")
    await chat.say("1")
    assert "Ce code n'est pas bon" in await chat.say(code)


async def test_a_code_works_once_and_for_ten_minutes(house: House) -> None:
    await tenant(house)
    code = await code_of(house.talk(MARIE))
    one, other = whatsapp(house), telegram(house)
    for chat in (one, other):
        await chat.say("relier")
        await chat.say("1")
    assert "Ce code" not in await one.say(code)
    assert "Ce code n'est pas bon" in await other.say(code)
    code = await code_of(house.talk(MARIE))
    house.clock.move(minutes=10)
    assert "Ce code n'est pas bon" in await other.say(code)


async def test_a_code_by_sms_links_the_sole_profile_of_a_number(house: House) -> None:
    await tenant(house)
    chat = telegram(house)
    await chat.say("payer")
    await chat.say("2")
    assert "Code envoyé par SMS" in await chat.say("677 12 34 56")
    (notice,) = await house.db.fetch(NOTICES)
    assert (notice["address"], notice["template"]) == (MARIE, "code.1")
    thief = Chat(house, "telegram", "666")
    await thief.say("relier")
    await thief.say("1")
    assert "Ce code n'est pas bon" in await thief.say(notice["blanks"]["code"])
    assert "Studio B3" in await chat.say(notice["blanks"]["code"])


async def test_the_number_of_a_conversation_is_offered_for_the_code_and_another_may_be_typed(house: House) -> None:
    await tenant(house)
    chat = whatsapp(house)
    await chat.say("relier")
    assert "À quel numéro" in await chat.tap("Par mon numéro")
    assert "Code envoyé par SMS" in await chat.say("1")
    await chat.say("0")
    house.clock.move(minutes=1)
    assert "Code envoyé par SMS" in await chat.say(PAUL)
    assert [notice["address"] for notice in await house.db.fetch(NOTICES)] == [MARIE, PAUL]


@pytest.mark.parametrize(("cards", "sent"), [((MARIE,), True), ((MARIE, PAUL), False), ((), False)])
async def test_where_nobody_vouches_for_a_card_its_number_is_as_good_as_typed(
    house: House, cards: tuple[str, ...], *, sent: bool
) -> None:
    await tenant(house)
    chat = Chat(house, "whatsapp", "CM.4500")
    await chat.say("relier")
    await chat.tap("Par mon numéro")
    card = Event("contact", "whatsapp", "test", contact=Contact("Marie", cards, own=None))
    answer = (await chat.take(card)).text
    assert ("Code envoyé par SMS" if sent else "Partagez votre propre numéro") in answer
    assert len(await house.db.fetch(NOTICES)) == sent


async def test_codes_by_sms_are_not_sent_for_ever(house: House) -> None:
    chat = telegram(house)
    for _ in range(3):
        await chat.say("relier")
        await chat.say("2")
        assert "Code envoyé" in await chat.say(MARIE)
        house.clock.move(minutes=1)
    await chat.say("relier")
    await chat.say("2")
    assert "Trop de codes" in await chat.say(MARIE)
    assert len(await sent(house)) == 3


async def test_the_own_contact_links_and_another_s_does_not(house: House) -> None:
    await tenant(house)
    chat = telegram(house)
    await chat.say("payer")
    await chat.say("2")
    assert chat.bubbles[-1].asks == "contact"
    other = Event("contact", "telegram", "test", contact=Contact("Paul", (MARIE,), own=False))
    assert "votre propre numéro" in (await chat.take(other)).text
    own = Event("contact", "telegram", "test", contact=Contact("Marie", (MARIE,), own=True))
    assert "Studio B3" in (await chat.take(own)).text


async def test_a_contact_that_nobody_asked_for_changes_nothing(house: House) -> None:
    await tenant(house)
    chat = telegram(house)
    await chat.say("bonjour")
    own = Event("contact", "telegram", "test", contact=Contact("Marie", (MARIE,), own=True))
    assert "il faut répondre à la question" in (await chat.take(own)).text
    assert "reliez d'abord" in await chat.say("payer")


async def test_a_number_shared_by_several_is_verified_but_links_nobody(house: House) -> None:
    await tenant(house)
    await person(house, MARIE, "Ngo Paul", pin=OTHER_PIN)
    chat = telegram(house)
    await chat.say("payer")
    await chat.say("2")
    own = Event("contact", "telegram", "test", contact=Contact("Marie", (MARIE,), own=True))
    assert "Plusieurs profils" in (await chat.take(own)).text
    assert "reliez d'abord" in await chat.say("payer")


async def test_a_profile_made_in_a_conversation_needs_no_number_and_no_pin(house: House) -> None:
    chat = telegram(house)
    await chat.say("bonjour")
    await chat.tap("Créer un compte")
    await chat.tap("Chercher ou louer")
    await chat.tap("J'accepte")
    await chat.say("Ngo Bell Marie")
    assert "Compte créé, Ngo Bell Marie" in await chat.say("1")
    assert [tuple(row) for row in await house.db.fetch(PEOPLE)] == [("Ngo Bell Marie", None)]
    assert "Bonjour Ngo Bell Marie" in await chat.say("menu")


async def test_a_profile_of_a_verified_number_chooses_its_pin_when_it_first_dials(house: House) -> None:
    chat = telegram(house)
    await chat.say("recus")
    await chat.say("2")
    own = Event("contact", "telegram", "test", contact=Contact("Marie", (MARIE,), own=True))
    assert "Vous êtes" in (await chat.take(own)).text
    await chat.say("1")
    await chat.say("1")
    await chat.say("Ngo Bell Marie")
    await chat.say("1")
    talk = house.talk(MARIE)
    await talk.dial("5")
    await talk.secret("7391")
    assert "Choisissez un code secret" in talk.screen
    await talk.secret(PIN)
    await talk.secret(PIN)
    assert "Telegram" in talk.screen


async def test_a_device_is_unlinked_and_then_knows_nothing(house: House) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    talk = house.talk(MARIE)
    await talk.dial("5")
    await talk.secret(PIN)
    assert "1 WhatsApp ***456" in talk.screen
    await talk.say("1")
    assert "Aucun appareil" in await talk.say("1")
    assert (MARIE, "unlinked.1") in await sent(house)
    assert "reliez d'abord" in await chat.say("recus")


async def test_whoever_unlinks_the_conversation_they_sit_in_hears_that_it_is_done(house: House) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    await chat.say("appareils")
    await chat.say("1")
    assert "C'est fait" in await chat.tap("Ne plus relier")
    assert (MARIE, "unlinked.1") in await sent(house)
    assert "reliez d'abord" in await chat.say("recus")


async def test_after_a_change_of_number_a_conversation_is_nobody_s(house: House) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house))
    await suspend(house.db, Address("whatsapp", MARIE), house.clock.now())
    assert "reliez d'abord" in await chat.say("recus")


async def test_another_person_cannot_be_taken_over_by_linking(house: House) -> None:
    await tenant(house)
    await person(house, PAUL, "Talla Paul", pin=OTHER_PIN)
    chat = await linked(house, Chat(house, "whatsapp", PAUL, Phone(PAUL)))
    assert "Bonjour Ngo Bell Marie" in await chat.say("menu")
    talk = house.talk(PAUL)
    assert "Bonjour Talla Paul" in await talk.dial()


# --- taps --------------------------------------------------------------------------------------------------


async def test_an_old_tap_shows_the_present_screen_and_does_nothing(house: House) -> None:
    await tenant(house)
    chat = await linked(house, telegram(house))
    await chat.say("payer")
    old = next(choice.id for choice in chat.bubbles[-1].choices if choice.label.startswith("Tout"))
    await chat.tap_id(old)
    assert "Avec quel compte" in chat.bubbles[-1].text
    assert "Avec quel compte" in await chat.tap_id(old)
    await chat.tap("MTN")
    assert "Vous confirmerez" in await chat.tap_id(old)
    assert not await house.db.fetch(ATTEMPTS)


# --- where messages go -------------------------------------------------------------------------------------


async def test_receipts_are_wanted_in_a_conversation(house: House) -> None:
    await tenant(house)
    await linked(house, whatsapp(house))
    talk = house.talk(MARIE)
    await talk.dial("5")
    await talk.secret(PIN)
    await talk.say("3")
    assert "1 Recus et loyers SMS" in talk.screen
    await talk.say("1")
    assert "2 WhatsApp" in talk.screen
    assert "1 Recus et loyers WhatsApp" in await talk.say("2")


async def test_who_has_linked_nothing_can_only_have_sms(house: House) -> None:
    await tenant(house)
    talk = house.talk(MARIE)
    await talk.dial("5")
    await talk.secret(PIN)
    await talk.say("2", "1")
    assert talk.screen.startswith("Reliez WhatsApp ou Telegram")


async def test_on_a_phone_the_word_leads_to_the_devices(house: House) -> None:
    await tenant(house)
    talk = house.talk(MARIE)
    await talk.dial()
    assert "code secret" in await talk.say("relier")
    await talk.secret(PIN)
    assert "Relier un appareil" in talk.screen


async def test_where_answers_are_tapped_nobody_is_told_to_type_a_number(house: House) -> None:
    chat = telegram(house)
    await chat.say("bonjour")
    assert (await chat.say("1234567")).startswith("Je n'ai pas compris. Touchez une des réponses.")


def test_a_way_for_nothing_asks_what_for() -> None:
    assert take_way(Reach(), Way("sms", t("channel.sms"))) == go("kind", Reach())

"""Lists as people use them: counted from the top of the page, tapped after scrolling up, asked for the rest."""

from datetime import timedelta

import pytest

from core.kit.phone import Phone
from tests.flows.linking import linked, telegram, tenant, whatsapp
from tests.flows.planting import PAUL, Shown, landlord, online
from tests.talking import Chat, House

TAPPED = ["whatsapp", "telegram"]
PAST = "Ce bouton est d'un message plus ancien."


async def listed(house: House, channel: str, *, homes: int = 20) -> Chat:
    """Somebody in front of a list of homes, the cheapest first."""
    rents = (Shown(kind="studio", bedrooms=0, price=50_000 + 1_000 * number) for number in range(homes))
    await online(house, await landlord(house), *rents)
    chat = Chat(house, channel, PAUL, Phone(PAUL))
    await chat.say("studio à akwa")
    await (chat.say("1") if channel == "sms" else chat.tap("Voir les logements"))
    return chat


def codes(chat: Chat) -> list[str]:
    """The homes on the page, as their taps and lines name them."""
    last = chat.bubbles[-1]
    lines = [choice.label for choice in last.choices] or [line.partition(" ")[2] for line in last.text.splitlines()]
    return [line.split(" ")[0] for line in lines if line.startswith("A") and line[1:5].isdigit()]


# --- counted -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", TAPPED)
@pytest.mark.parametrize("pages", [0, 2])
@pytest.mark.parametrize(
    ("said", "at"), [("7", 6), ("le 7e", 6), ("le premier", 0), ("la troisième", 2), ("2", 1), ("le dernier", -1)]
)
async def test_where_no_numbers_are_shown_homes_are_counted_from_the_top_of_the_page(
    house: House, channel: str, pages: int, said: str, at: int
) -> None:
    chat = await listed(house, channel, homes=23)
    for _ in range(pages):
        await chat.say("suite")
    shown = codes(chat)
    assert (await chat.say(said)).startswith(shown[at])


@pytest.mark.parametrize("channel", TAPPED)
async def test_a_tap_is_on_what_it_names_and_a_number_that_is_not_there_on_nothing(house: House, channel: str) -> None:
    chat = await listed(house, channel)
    shown = codes(chat)
    assert "pas compris" in await chat.say(str(len(shown) + 2))
    assert codes(chat) == shown
    assert (await chat.tap(shown[-1])).startswith(shown[-1])
    await chat.say("retour")
    await chat.tap("Suite")
    assert codes(chat)
    assert not set(codes(chat)) & set(shown)


async def test_where_numbers_are_shown_they_are_what_counts(house: House) -> None:
    chat = await listed(house, "sms")
    await chat.say("9")
    home = next(line for line in chat.bubbles[-1].text.splitlines() if line.startswith("10 "))
    assert (await chat.say("10")).startswith(home.split(" ")[1])


# --- all of them -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["sms", *TAPPED])
async def test_a_wrong_answer_before_each_page_hides_no_home(house: House, channel: str) -> None:
    chat = await listed(house, channel)
    seen: list[str] = []
    for _ in range(12):
        first, *_ = codes(chat)
        await chat.say("xyzzy")
        assert codes(chat)[0] == first
        seen += codes(chat)
        if len(seen) == 20:
            break
        await chat.say("suite")
    assert seen == sorted(set(seen))
    assert len(seen) == 20


# --- tapped after scrolling up -----------------------------------------------------------------------------


@pytest.mark.parametrize("channel", TAPPED)
async def test_another_home_of_a_list_above_opens_it_and_the_way_back_is_the_list(house: House, channel: str) -> None:
    chat = await listed(house, channel)
    above = chat.bubbles[-1]
    first, second = above.choices[:2]
    assert (await chat.tap_id(first.id)).startswith(first.label[:5])
    card = await chat.tap_id(second.id)
    assert card.startswith(second.label[:5])
    assert PAST not in card
    assert await chat.say("retour") == above.text


@pytest.mark.parametrize("channel", TAPPED)
async def test_a_card_above_is_shown_again_and_any_other_button_says_that_it_is_old(house: House, channel: str) -> None:
    chat = await listed(house, channel)
    above = chat.bubbles[-1]
    first, second = above.choices[:2]
    await chat.tap_id(first.id)
    like = chat.bubbles[-1].choices[0]
    following = next(choice for choice in above.choices if choice.label == "Suite")
    await chat.tap_id(second.id)
    assert (await chat.tap_id(following.id)).startswith(f"{PAST}\n\n{second.label[:5]}")
    assert (await chat.tap_id(like.id)).startswith(first.label[:5])


@pytest.mark.parametrize("channel", TAPPED)
async def test_nobody_is_led_out_of_a_payment_by_a_home_above(house: House, channel: str) -> None:
    await tenant(house)
    chat = await linked(house, whatsapp(house) if channel == "whatsapp" else telegram(house))
    await online(house, await landlord(house, "Essomba Paul"), Shown(kind="studio", bedrooms=0), Shown(kind="studio"))
    await chat.say("studio à akwa")
    await chat.tap("Voir les logements")
    home = chat.bubbles[-1].choices[0]
    await chat.say("menu")
    asked = await chat.say("payer mon loyer")
    assert await chat.tap_id(home.id) == f"{PAST}\n\n{asked}"


@pytest.mark.parametrize(
    "word", ["payer 50 000", "annuler", "english", "oui", "x" * 300, "1", "0", "00", ":", "\n", ""]
)
async def test_what_a_tap_brings_back_is_read_as_words_and_does_nothing(house: House, word: str) -> None:
    await tenant(house)
    chat = await linked(house, telegram(house))
    await chat.say("payer")
    await chat.tap("Tout")
    await chat.tap("MTN")
    asked = chat.bubbles[-1].text
    assert await chat.tap_id(f"1:1:{word}") == f"{PAST}\n\n{asked}"


async def test_after_half_a_day_a_home_is_still_opened_and_nothing_else_is(house: House) -> None:
    chat = await listed(house, "whatsapp")
    home, following = chat.bubbles[-1].choices[0], chat.bubbles[-1].choices[-1]
    house.clock.at += timedelta(hours=13)
    assert (await chat.tap_id(home.id)).startswith(home.label[:5])
    house.clock.at += timedelta(hours=13)
    assert (await chat.tap_id(following.id)).startswith(PAST)

"""The gate, shared phones, and what a person finds who comes back after a cut."""

import pytest

from core.kit.structs import replace
from tests.bot.small import Shop, Talk


async def test_personal_steps_on_a_shared_phone_wait_for_the_gate() -> None:
    talk = Talk(profiles=2)
    await talk.home()
    assert await talk.say("2") == "who"
    assert await talk.say("7") == "mine"
    assert talk.place.speaker is not None
    assert talk.place.speaker.proved
    assert talk.place.language == "en", "the person's own language"


async def test_back_from_the_gate_does_not_fall_into_it_again() -> None:
    talk = Talk(profiles=2)
    await talk.home()
    await talk.say("2")
    assert await talk.say("0") == "root"


async def test_back_never_shows_a_guarded_step_without_the_gate() -> None:
    talk = Talk(profiles=2)
    await talk.enter("mine")
    assert await talk.say("7", "2") == "deep"
    talk.place.speaker = replace(talk.place.speaker, proved=False)  # type: ignore[type-var]
    assert await talk.say("0") == "root"


async def test_someone_unknown_meets_the_gate() -> None:
    talk = Talk(profiles=0)
    assert await talk.enter("mine") == "who"


async def test_coming_back_asks_whether_to_go_on() -> None:
    talk = Talk()
    await talk.enter("shop")
    await talk.say("1")
    assert await talk.redial() == "resume.title"
    assert await talk.say("7") == "answer.unknown/resume.title"
    assert await talk.say("1") == "price"
    await talk.redial()
    assert await talk.say("2") == "fruit"


@pytest.mark.parametrize("said", ["0", "00", "plus tard"])
async def test_coming_back_one_may_also_go_home(said: str) -> None:
    talk = Talk()
    await talk.enter("shop")
    await talk.say("1")
    await talk.redial()
    assert await talk.say(said) == "root"


async def test_the_offer_to_go_on_survives_a_repeat() -> None:
    talk = Talk()
    await talk.enter("shop")
    await talk.say("1")
    await talk.redial()
    assert (await talk.engine.again(talk.place, talk.world)).screen == talk.turn.screen  # type: ignore[union-attr]


async def test_coming_back_to_money_asks_for_the_pin_first_then_whether_to_go_on() -> None:
    talk = Talk()
    await talk.enter("shop", "price", Shop("Apple"))
    await talk.say("100", "1")
    assert await talk.redial() == "resume.gate/who"
    assert await talk.say("1") == "resume.title"
    assert await talk.say("1") == "pin"


async def test_coming_back_follows_the_policy_of_the_step() -> None:
    talk = Talk()
    await talk.enter("shop", "price", Shop("Apple"))
    await talk.say("100")
    assert await talk.redial() == "fruit", "restart"
    await talk.home()
    await talk.say("2", "2")
    assert await talk.redial() == "resume.gate/who"
    assert await talk.say("1") == "deep", "silent"
    await talk.home()
    assert await talk.redial() == "root", "at home there is nothing to go on with"
    await talk.enter("shop", "thanks", Shop("Apple"))
    assert await talk.redial() == "root", "never"


async def test_coming_back_to_a_first_screen_is_no_question() -> None:
    talk = Talk()
    await talk.enter("shop")
    assert await talk.redial() == "root"


async def test_another_person_on_the_phone_does_not_see_what_was_begun() -> None:
    talk = Talk(profiles=2)
    await talk.enter("mine")
    await talk.say("1")
    await talk.enter("shop")
    await talk.say("1")
    assert talk.place.owner == 1
    assert await talk.redial() == "resume.gate/who", "even an open step waits: it is somebody's"
    assert await talk.say("2") == "root"


async def test_the_same_person_on_a_shared_phone_goes_on() -> None:
    talk = Talk(profiles=2)
    await talk.enter("mine")
    await talk.say("1")
    await talk.enter("shop")
    await talk.say("1")
    await talk.redial()
    assert await talk.say("1") == "resume.title"
    assert await talk.say("1") == "price"


async def test_coming_back_to_a_step_that_cannot_be_resumed_goes_to_the_one_before() -> None:
    talk = Talk()
    await talk.enter("shop")
    await talk.say("1", "100")
    assert talk.place.top is not None
    talk.place.top.step = "wrap"
    assert await talk.redial() == "resume.title"
    assert await talk.say("1") == "price"

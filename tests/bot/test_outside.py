"""Chats, words that act, words typed at the menu, and events from outside."""

import pytest

from bot.engine import Engine
from bot.entry import Entry, Lead, Unasked
from bot.place import Place
from bot.talk import Menu, Notice, t
from core.kit.money import Money
from tests.bot.small import FLOWS, Buy, Prove, Shop, Talk, World


async def test_where_no_secret_may_be_typed_people_are_told_to_dial() -> None:
    talk = Talk(World(secrets=False))
    assert await talk.enter("shop", "pin", Shop("Apple")) == "gate.dial"


async def test_an_act_leaves_the_person_where_they_are() -> None:
    talk = Talk()
    await talk.enter("shop")
    turn = await talk.engine.act(talk.place, Prove(3), talk.world)
    assert isinstance(turn.screen, Menu)
    assert talk.place.language == "en"
    talk.world.refuse = "no.way"
    turn = await talk.engine.act(talk.place, Prove(3), talk.world)
    assert turn.remark == t("no.way")


async def test_an_act_may_answer_with_a_word_and_nothing_moves() -> None:
    talk = Talk()
    await talk.enter("shop")
    turn = await talk.engine.act(talk.place, Buy("word"), talk.world)
    assert turn.screen == Notice(t("bought"))
    assert talk.place.top is not None
    assert talk.place.top.step == "fruit"


async def test_an_event_wakes_only_who_still_sees_its_screen() -> None:
    talk = Talk()
    await talk.enter("shop", "price", Shop("Apple"))
    seen = talk.place.turn
    assert await talk.engine.wake(talk.place, seen - 1, Money(5, "XAF"), talk.world) is None
    turn = await talk.engine.wake(talk.place, seen, Money(5, "XAF"), talk.world)
    assert turn is not None
    assert turn.screen.title == t("sure", amount=Money(5, "XAF"))  # type: ignore[union-attr]
    assert await talk.engine.wake(talk.place, talk.place.turn, Money(5, "XAF"), talk.world) is None
    assert await talk.engine.wake(Place(), 0, None, talk.world) is None


async def test_again_begins_when_nothing_was_begun() -> None:
    talk = Talk()
    turn = await talk.engine.again(talk.place, talk.world)
    assert turn.screen.title == t("root")  # type: ignore[union-attr]


async def test_free_words_at_the_main_menu_enter_what_the_house_makes_of_them() -> None:
    talk = Talk()
    talk.engine = Engine(FLOWS, unasked=Unasked(lambda said: Lead(Entry("shop", "price", Shop(said)))))
    await talk.home()
    assert await talk.say("12?") == "answer.unknown/root"
    assert await talk.say("mine") == "mine", "a label comes first"
    await talk.home()
    assert await talk.say("kiwi") == "price"
    await talk.enter("shop")
    assert await talk.say("kiwi") == "answer.unknown/fruit", "only at the main menu"
    talk.place.frames = []
    assert await talk.say("7") == "root"
    talk.place.frames = []
    assert await talk.say("kiwi") == "price", "or before anything was asked"


@pytest.mark.parametrize(("loose", "found"), [((), "answer.unknown/deep"), (("mine",), "price")])
async def test_clear_words_leave_what_nobody_minds_leaving(loose: tuple[str, ...], found: str) -> None:
    talk = Talk()
    lead = Lead(Entry("shop", "price", Shop("kiwi")), clear=True)
    talk.engine = Engine(FLOWS, unasked=Unasked(lambda _: lead, loose=loose))
    await talk.home()
    await talk.enter("mine")
    assert await talk.say("2") == "deep"
    assert await talk.say("kiwi") == found

"""The engine: every way an answer can go."""

from dataclasses import replace

import msgspec
import pytest

from bot.answer import Lost, option_index, option_number
from bot.engine import Engine, Entry
from bot.place import Frame, Place, Stop, pack
from bot.talk import Flow, Go, Link, Menu, Notice, Option, Settled, ending, go, step, t
from core.kit.money import Money
from core.kit.phone import Phone
from core.kit.speaker import PersonId, Speaker
from tests.bot.small import FLOWS, SHOP, Buy, Nothing, Prove, Shop, Talk, World, ask_root, take_root


async def test_a_conversation_from_menu_to_command() -> None:
    talk = Talk()
    assert await talk.home() == "root"
    assert await talk.say("1") == "fruit"
    assert await talk.say("1") == "price"
    assert await talk.say("85 mille") == "sure"
    assert await talk.say("1") == "pin"
    assert await talk.say("2580") == "thanks"
    assert talk.world.bought == [Buy("Apple", "2580")]
    assert talk.turn is not None
    assert talk.turn.ended
    assert await talk.say("5") == "root", "after the end, anything begins anew"


async def test_the_secret_is_in_no_stored_place() -> None:
    talk = Talk(World(refuse="pin.wrong"))
    await talk.enter("shop", "pin", Shop("Apple"))
    assert await talk.say("2580") == "pin.wrong/pin"
    assert b"2580" not in msgspec.json.encode(talk.place)


async def test_a_number_means_what_was_shown_even_if_the_list_has_changed() -> None:
    talk = Talk()
    await talk.enter("shop")
    talk.world.fruit = ["Fig", "Apple"]
    await talk.say("1", "100")
    assert talk.place.top is not None
    assert b"Apple" in bytes(talk.place.top.state)


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("4", "answer.unknown/fruit"),
        ("0", "root"),
        ("00", "root"),
        ("8", "price"),
        ("7", "answer.unknown/fruit"),
        ("9", "fruit"),
        ("appl", "price"),
        ("APPLE", "price"),
        ("ap", "answer.unknown/fruit"),
        ("p", "answer.unknown/fruit"),
        ("pear", "sure"),
        ("kiwi", "answer.unknown/fruit"),
        ("🏠", "answer.unknown/fruit"),
        ("3", "plums.over/fruit"),
        ("99999999999999999999", "answer.unknown/fruit"),
        ("٣", "answer.unknown/fruit"),
    ],
)
async def test_answers_to_a_menu(said: str, seen: str) -> None:
    talk = Talk()
    await talk.enter("shop")
    assert await talk.say(said) == seen


async def test_a_third_wrong_answer_is_helped() -> None:
    talk = Talk()
    await talk.enter("shop")
    assert await talk.say("x1", "x2") == "answer.unknown/fruit"
    assert await talk.say("x3") == "answer.help/fruit"


async def test_paging_first_the_renderers_pages_then_the_flows() -> None:
    talk = Talk()
    await talk.enter("shop")
    talk.place.further = True
    await talk.say("9")
    assert talk.place.page == 1
    talk.place.further = False
    await talk.say("9")
    assert talk.place.page == 0
    assert talk.place.top is not None
    assert b'"page":1' in bytes(talk.place.top.state)
    await talk.say("9")
    assert await talk.say("9") == "answer.unknown/fruit", "there is no page behind the last"


async def test_typed_answers_are_asked_again_until_they_are_clear() -> None:
    talk = Talk()
    await talk.enter("shop", "price", Shop("Apple"))
    assert await talk.say("lots") == "money.unclear/price"
    assert await talk.say("100") == "sure"
    assert await talk.say("maybe") == "answer.unknown/sure"
    assert await talk.say("non") == "root"


@pytest.mark.parametrize("said", ["123", "12345", "12a4", "١٢٣٤", ""])
async def test_a_pin_of_another_shape_is_not_taken(said: str) -> None:
    talk = Talk()
    await talk.enter("shop", "pin", Shop("Apple"))
    assert await talk.say(said) == "secret.shape/pin"


async def test_a_settled_question_is_passed_over_also_on_the_way_back() -> None:
    talk = Talk()
    await talk.enter("shop")
    assert await talk.say("2") == "sure"
    assert await talk.say("0") == "fruit"


async def test_what_is_gone_sends_one_step_back_and_says_so() -> None:
    talk = Talk(World(fruit=["Ghost"]))
    await talk.enter("shop")
    assert await talk.say("1") == "ghost.gone/fruit"


@pytest.mark.parametrize(
    ("refuse", "seen"),
    [("pin.wrong", "pin.wrong/pin"), ("shop.closed", "shop.closed/fruit"), ("other.thing", "other.thing/root")],
)
async def test_refusals_lead_where_the_flow_says(refuse: str, seen: str) -> None:
    talk = Talk(World(refuse=refuse))
    await talk.enter("shop", "pin", Shop("Apple"))
    assert await talk.say("2580") == seen


async def test_a_result_decides_where_success_leads() -> None:
    talk = Talk(World(bought=[Buy("a"), Buy("b")]))
    await talk.enter("shop", "pin", Shop("Apple"))
    assert await talk.say("2580") == "fruit"


async def test_a_refusal_nobody_routes_is_a_bug() -> None:
    talk = Talk(World(refuse="unheard.of"))
    talk.engine = Engine([BARE, *FLOWS])
    await talk.enter("bare")
    with pytest.raises(ValueError, match=r"nobody routes unheard\.of"):
        await talk.say("1")


def take_bare(s: Nothing, choice: str) -> Go[Nothing]:
    return Go(command=Buy(choice))


BARE = Flow("bare", Nothing, step("bare", ask_root, take_bare))


async def test_a_command_without_a_way_on_ends_the_flow() -> None:
    talk = Talk()
    talk.engine = Engine([BARE, *FLOWS])
    await talk.enter("bare")
    assert await talk.say("1") == "root"


async def test_child_flows_return_to_the_step_that_was_named() -> None:
    talk = Talk()
    await talk.home()
    assert await talk.say("2") == "mine"
    assert await talk.say("1") == "root"
    assert len(talk.place.frames) == 1


async def test_back_out_of_a_child_is_back_to_the_question_before() -> None:
    talk = Talk()
    await talk.home()
    assert await talk.say("2", "2") == "deep"
    assert await talk.say("0") == "mine"
    assert await talk.say("0") == "root"
    assert await talk.say("0") == "root", "home is the end of the way back"


async def test_history_is_bounded() -> None:
    talk = Talk()
    await talk.enter("shop")
    for _ in range(20):
        await talk.say("1", "0", "1")
    assert talk.place.top is not None
    assert len(talk.place.top.back) <= 8


async def test_a_step_may_only_lead_where_its_table_says() -> None:
    talk = Talk()
    await talk.enter("mine")
    with pytest.raises(ValueError, match="nowhere"):
        await talk.say("3")


async def test_a_link_may_only_lead_where_the_table_says() -> None:
    async def ask(s: Nothing, read: World) -> Menu[str]:
        return Menu(t("x"), [Option("a", "A")], [Link("elsewhere", t("y"))])

    talk = Talk()
    talk.engine = Engine([Flow("menu", Nothing, step("x", ask, take_root))])
    with pytest.raises(ValueError, match="elsewhere"):
        await talk.home()


async def test_a_loop_of_settled_steps_is_found() -> None:
    with pytest.raises(RuntimeError, match="never asks"):
        await Talk().enter("loop")


# --- the gate, shared phones, coming back ------------------------------------------------------------------


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


@pytest.mark.parametrize("said", ["0", "00"])
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
    assert await talk.redial() == "who"
    assert await talk.say("1") == "resume.title"
    assert await talk.say("1") == "pin"


async def test_coming_back_follows_the_policy_of_the_step() -> None:
    talk = Talk()
    await talk.enter("shop", "price", Shop("Apple"))
    await talk.say("100")
    assert await talk.redial() == "fruit", "restart"
    await talk.home()
    await talk.say("2", "2")
    assert await talk.redial() == "who"
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
    assert await talk.redial() == "who", "even an open step waits: it is somebody's"
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


# --- chats, words, events ----------------------------------------------------------------------------------


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


# --- places of earlier versions ----------------------------------------------------------------------------


def _old(step_name: str, state: object, **more: object) -> Place:
    speaker = Speaker(Phone("+237670000101"), profiles=1, person=PersonId(1))
    return Place(frames=[Frame("shop", step_name, pack(state))], speaker=speaker, **more)  # type: ignore[arg-type]


async def test_a_renamed_step_and_an_unknown_answer_still_work() -> None:
    talk = Talk()
    talk.place = _old("how_much", {"fruit": "Apple", "colour": "red"}, kind="field")
    assert await talk.say("100") == "sure"


@pytest.mark.parametrize(
    "place",
    [
        _old("gone", {}, kind="menu"),
        _old("fruit", {"page": "three"}, kind="menu", offered=[pack("Apple")]),
        _old("fruit", {}, kind="menu", offered=[pack({"no": "fruit"})]),
        _old("fruit", {}, kind="field"),
        Place(frames=[Frame("no such flow", "x", pack({}))], speaker=Speaker(Phone("+237670000101"))),
    ],
)
async def test_what_makes_no_sense_any_more_ends_at_the_menu(place: Place) -> None:
    talk = Talk()
    talk.place = place
    assert (await talk.say("1")).endswith("root")


@pytest.mark.parametrize("how", ["redial", "again"])
async def test_coming_back_to_what_makes_no_sense_ends_at_the_menu(how: str) -> None:
    talk = Talk()
    talk.place = _old("price", {"page": "three"}, kind="field")
    if how == "redial":
        assert await talk.redial() == "resume.title"
        assert await talk.say("1") == "place.lost/root"
    else:
        turn = await talk.engine.again(talk.place, talk.world)
        assert turn.remark == t("place.lost")


async def test_an_ending_that_settles_something_is_lost() -> None:
    async def settle(s: Nothing, read: World) -> Settled[str]:
        return Settled("x")

    talk = Talk()
    talk.engine = Engine([Flow("odd", Nothing, ending("end", settle)), *FLOWS])  # type: ignore[arg-type]
    talk.place.frames = [Frame("odd", "end", pack({}))]
    turn = await talk.engine.again(talk.place, talk.world)
    assert turn.remark == t("place.lost")


async def test_a_field_that_became_a_menu_since_is_shown_as_it_is_now() -> None:
    talk = Talk()
    talk.place = _old("fruit", {}, kind="field")
    assert await talk.say("1") == "place.lost/root"


async def test_back_to_a_step_that_is_gone_ends_at_the_menu() -> None:
    talk = Talk()
    await talk.enter("shop", "price", Shop("Apple"))
    talk.place.frames[-1].back = [Stop("gone", pack({}))]
    assert await talk.say("0") == "place.lost/root"


async def test_nobody_speaking_is_lost() -> None:
    talk = Talk()
    with pytest.raises(Lost):
        await talk.engine.go_home(Place(), talk.world)
    with pytest.raises(Lost):
        talk.engine.path.state(Place())


async def test_entering_the_menu_itself() -> None:
    talk = Talk()
    assert await talk.enter("menu") == "root"
    assert len(talk.place.frames) == 1


async def test_coming_back_to_a_step_that_cannot_be_resumed_goes_to_the_one_before() -> None:
    talk = Talk()
    await talk.enter("shop")
    await talk.say("1", "100")
    assert talk.place.top is not None
    talk.place.top.step = "wrap"
    assert await talk.redial() == "resume.title"
    assert await talk.say("1") == "price"


async def test_an_unknown_kind_shows_the_screen_again() -> None:
    talk = Talk()
    talk.place = _old("fruit", {}, kind="hologram")
    assert await talk.say("1") == "fruit"


# --- tables ------------------------------------------------------------------------------------------------


def test_numbers_run_on_and_leave_room_for_the_fixed_keys() -> None:
    numbers = [option_number(index) for index in range(9)]
    assert numbers == [1, 2, 3, 4, 5, 6, 10, 11, 12]
    assert [option_index(number) for number in numbers] == list(range(9))
    assert all(option_index(number) < 0 for number in (0, 7, 8, 9))


def test_a_table_that_leads_nowhere_fails_at_import() -> None:
    with pytest.raises(ValueError, match="no step called y"):
        Flow("f", Nothing, step("x", ask_root, take_root, to=["y"]))
    with pytest.raises(ValueError, match="two steps"):
        Flow("f", Nothing, step("x", ask_root, take_root), step("x", ask_root, take_root))
    with pytest.raises(ValueError, match="still a step"):
        Flow("f", Nothing, step("x", ask_root, take_root), moved={"x": "x"})


def test_steps_are_found_by_old_names_too() -> None:
    found = SHOP.step("how_much")
    assert found is not None
    assert found.name == "price"
    assert SHOP.step("nothing") is None


async def test_entering_at_a_step_with_answers() -> None:
    talk = Talk()
    turn = await talk.engine.enter(talk.place, Entry("shop", "sure", Shop("Fig", Money(5, "XAF"))), talk.world)
    assert turn.screen.title == t("sure", amount=Money(5, "XAF"))  # type: ignore[union-attr]
    assert ending("x", tell_nothing).take is None


async def tell_nothing(s: Nothing, read: World) -> Notice:
    return Notice("x")


def test_go_carries_its_answers() -> None:
    assert go("x", 1) == Go("x", 1)


async def test_free_words_at_the_main_menu_enter_what_the_house_makes_of_them() -> None:
    talk = Talk()
    talk.engine = Engine(FLOWS, free=lambda said: Entry("shop", "price", Shop(said)))
    await talk.home()
    assert await talk.say("12?") == "answer.unknown/root"
    assert await talk.say("mine") == "mine", "a label comes first"
    await talk.home()
    assert await talk.say("kiwi") == "price"
    await talk.enter("shop")
    assert await talk.say("kiwi") == "answer.unknown/fruit", "only at the main menu"

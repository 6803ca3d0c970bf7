"""The engine moves: settled questions, refusals, child flows, the way back, and where a table may lead."""

from datetime import date

import pytest

from bot.engine import Engine
from bot.entry import Entry
from bot.talk import Field, Flow, Go, Link, Menu, Notice, Option, Refused, day, ending, go, link, money, phone, step, t
from core.kit.money import Money
from core.kit.phone import Phone
from tests.bot.small import FLOWS, SHOP, Buy, Nothing, Shop, Talk, World, ask_root, take_root


async def test_a_settled_question_is_passed_over_also_on_the_way_back() -> None:
    talk = Talk()
    await talk.enter("shop")
    assert await talk.say("2") == "sure"
    assert await talk.say("0") == "fruit"


async def test_what_is_gone_sends_one_step_back_and_says_so() -> None:
    talk = Talk(World(fruit=["Ghost"]))
    await talk.enter("shop")
    assert await talk.say("1") == "ghost.gone/fruit"


@pytest.mark.parametrize("said", ["100", "x", "7"])
@pytest.mark.parametrize("step_name", ["price", "sheet"])
async def test_what_went_while_somebody_looked_at_it_is_told_whatever_they_say(step_name: str, said: str) -> None:
    talk = Talk()
    talk.engine = Engine([GONE, *FLOWS])
    await talk.enter("gone", step_name)
    talk.world.fruit = []
    assert await talk.say(said) == "ghost.gone/root"


async def ask_gone_price(s: Nothing, read: World) -> Field[Money]:
    if not read.fruit:
        raise Refused("ghost.gone")
    return Field(t("price"), money("XAF"))


async def ask_gone_sheet(s: Nothing, read: World) -> Menu[str]:
    if not read.fruit:
        raise Refused("ghost.gone")
    return Menu(t("sheet"), [Option("more", "More")])


def take_gone_price(s: Nothing, price: Money) -> Go[Nothing]:
    return go("sheet", s)


def take_gone_sheet(s: Nothing, more: str) -> Go[Nothing]:
    return go("price", s)


GONE = Flow(
    "gone",
    Nothing,
    step("price", ask_gone_price, take_gone_price, to=["sheet"]),
    step("sheet", ask_gone_sheet, take_gone_sheet, to=["price"]),
)


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


async def test_entering_the_menu_itself() -> None:
    talk = Talk()
    assert await talk.enter("menu") == "root"
    assert len(talk.place.frames) == 1


async def test_entering_at_a_step_with_answers() -> None:
    talk = Talk()
    turn = await talk.engine.enter(talk.place, Entry("shop", "sure", Shop("Fig", Money(5, "XAF"))), talk.world)
    assert turn.screen.title == t("sure", amount=Money(5, "XAF"))  # type: ignore[union-attr]
    assert ending("x", tell_nothing).take is None


async def tell_nothing(s: Nothing, read: World) -> Notice:
    return Notice("x")


def test_go_carries_its_answers() -> None:
    assert go("x", 1) == Go("x", 1)


def test_a_table_that_leads_nowhere_fails_at_import() -> None:
    with pytest.raises(ValueError, match="no step called y"):
        Flow("f", Nothing, step("x", ask_root, take_root, to=["y"]))
    with pytest.raises(ValueError, match="two steps"):
        Flow("f", Nothing, step("x", ask_root, take_root), step("x", ask_root, take_root))
    with pytest.raises(ValueError, match="still a step"):
        Flow("f", Nothing, step("x", ask_root, take_root), moved={"x": "x"})


def test_the_small_words_of_a_table() -> None:
    assert link("x", "X") == Link("x", "X")
    assert phone("CM")("677 12 34 56") == Phone("+237677123456")
    assert day(date(2026, 11, 5))("5/12") == date(2026, 12, 5)


def test_steps_are_found_by_old_names_too() -> None:
    found = SHOP.step("how_much")
    assert found is not None
    assert found.name == "price"
    assert SHOP.step("nothing") is None

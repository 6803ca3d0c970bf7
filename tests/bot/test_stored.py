"""Places of earlier versions: what still makes sense goes on, what makes none ends at the menu with an apology."""

import pytest

from bot.answer import Lost
from bot.engine import Engine
from bot.place import Frame, Place, Stop, pack, store
from bot.talk import Flow, Settled, ending, t
from core.kit.phone import Phone
from core.kit.speaker import PersonId, Speaker
from tests.bot.small import FLOWS, Nothing, Shop, Talk, World


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
        assert await talk.redial() == "place.lost/root"
    else:
        turn = await talk.engine.again(talk.place, talk.world)
        assert turn.remark == t("place.lost")


async def test_answers_at_their_default_are_not_stored() -> None:
    talk = Talk()
    await talk.enter("shop", "price", Shop("Apple"))
    assert b'"state":{"fruit":"Apple"}' in store(talk.place)


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


async def test_an_unknown_kind_shows_the_screen_again() -> None:
    talk = Talk()
    talk.place = _old("fruit", {}, kind="hologram")
    assert await talk.say("1") == "fruit"


async def test_a_button_of_a_screen_that_is_no_longer_there_presses_nothing() -> None:
    talk = Talk()
    talk.place = _old("sure", {"page": "three"}, kind="confirm")
    assert not await talk.engine.shows(talk.place, "buy it", talk.world)

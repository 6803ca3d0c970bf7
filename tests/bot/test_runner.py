"""A turn on a real database: heard once, moved once, answered always."""

import asyncio
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.runner import REMEMBERED, _Spoken
from bot.turns import LONGEST
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.phone import Phone
from tests.bot.office import (
    AWA,
    CREATE,
    FORGET_ENGLISH,
    PASSING,
    PREFER_ENGLISH,
    Call,
    Failing,
    Meeting,
    Office,
    nothing,
)

DESK = "Desk\n1 write\n2 note\n3 close\n4 vault"
NOTE = "Note\n0 Retour\n00 Accueil"
FAILED = "Petite panne chez nous. Rien n'est perdu: refaites *384# dans quelques minutes, vous reprendrez ici."
SLOW = "Service occupe. Le resultat arrive par SMS. Rien n'est perdu: refaites *384# apres ce SMS."


@pytest.fixture
async def office(db: Database, clock: FixedClock) -> Office:
    await db.fetch(CREATE)
    return Office(db, clock)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged meanwhile."""
    with capture_logs() as lines:
        yield lines


# --- one session -------------------------------------------------------------------------------------------


async def test_a_session_from_dialling_to_its_end(office: Office) -> None:
    call = Call(office.runner())
    assert (await call.dial()).text == DESK
    assert (await call.say("1")).text == DESK
    assert (await call.say("2")).text == NOTE
    assert (await call.say("7*a*b")).text.startswith("Noted 7*a*b\n1 More")
    assert (await call.say("00")).keep_open
    last = await call.say("3")
    assert (last.text, last.keep_open) == ("Bye", False)
    assert await office.done() == ["close", "write"]
    assert office.outcomes == ["begin", *["answer"] * 5]


@pytest.mark.parametrize("said", [None, "1", "3"])
async def test_the_same_request_gets_the_same_bytes_and_nothing_moves(office: Office, said: str | None) -> None:
    call = Call(office.runner())
    first = await call.dial()
    if said:
        first = await call.say(said)
    before = await office.version()
    call.runner = office.runner()
    assert await call.again() == first
    assert await office.version() == before
    assert office.outcomes[-1] == "repeat"
    assert len(await office.done()) == bool(said)


async def test_what_does_not_follow_shows_the_present_screen_and_acts_on_nothing(office: Office) -> None:
    call = Call(office.runner())
    await call.dial()
    await call.say("2")
    call.text = ""
    assert (await call.say("5")).text == NOTE
    assert office.outcomes[-1] == "lost"
    assert await office.done() == []


async def test_a_suffix_a_code_and_a_word_lead_where_they_say(office: Office) -> None:
    runner = office.runner()
    assert (await Call(runner, "1").dial("2")).text == NOTE
    assert (await Call(runner, "2").dial("A4821")).text.startswith("Noted A4821")
    call = Call(runner, "3")
    assert (await call.dial("9")).text.startswith("Bon retour."), "what is dialled and means nothing is dialled alone"
    await call.say("0")
    assert (await call.say("a4821")).text.startswith("Noted A4821"), "a code typed at a menu"
    await call.say("SCRIBBLE")
    assert (await call.say("a4821")).text.startswith("Noted a4821"), "on a field it is the answer"


async def test_a_word_that_acts_leaves_the_person_where_they_are(office: Office) -> None:
    call = Call(office.runner())
    await call.dial("2")
    assert (await call.say("Stamp!")).text == "Le recu vous est envoye par message."
    await call.dial("2")
    call.session = "gate-2"
    call.text = ""
    await call.dial("2")
    assert (await call.say("seal")).text == f"Tapez un des numeros.\n{NOTE}"
    assert await office.done() == ["seal", "stamp"]


async def test_nobody_types_that_much(office: Office) -> None:
    call = Call(office.runner())
    await call.dial("2")
    assert (await call.say("x" * (LONGEST + 1))).text == f"Trop long: 160 caracteres au plus.\n{NOTE}"


# --- coming back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "begins"), [(24, "Bon retour."), (25, "Desk")])
async def test_a_cut_is_remembered_for_a_day(office: Office, hours: int, begins: str) -> None:
    call = Call(office.runner())
    await call.dial("2")
    await call.say("milk")
    office.clock.move(hours=hours)
    assert (await Call(office.runner(), "gate-2").dial()).text.startswith(begins)


async def test_after_the_end_nothing_is_left_to_come_back_to(office: Office) -> None:
    call = Call(office.runner())
    await call.dial()
    await call.say("3")
    assert (await Call(office.runner(), "gate-2").dial()).text == DESK


@pytest.mark.parametrize("body", ["", "{", "[]", '{"place": 7}', '{"place":{},"at":"yesterday"}'])
async def test_what_cannot_be_read_begins_anew(
    office: Office, logged: list[MutableMapping[str, Any]], body: str
) -> None:
    call = Call(office.runner())
    await call.dial("2")
    await office.spoil(body)
    call.runner = office.runner()
    assert (await call.say("milk")).text == DESK
    assert [line["event"] for line in logged] == ["place_unreadable"]
    assert (await call.say("2")).text == NOTE


async def test_what_an_earlier_release_kept_goes_on(office: Office) -> None:
    call = Call(office.runner())
    await call.dial("2")
    place = '{"frames":[{"flow":"note","step":"note","state":{"colour":"red"}}],"kind":"field"}'
    await office.spoil(f'{{"place":{place},"at":"2026-11-05T07:59:00Z","weather":"fair","open":true}}')
    assert (await Call(office.runner(), "gate-2").dial()).text == DESK, "the first screen of a flow is no question"
    place = place.replace('"step":"note"', '"step":"noted"')
    await office.spoil(f'{{"place":{place},"at":"2026-11-05T07:59:00Z","weather":"fair","open":true}}')
    assert (await Call(office.runner(), "gate-3").dial()).text.startswith("Bon retour.")


# --- two at once -------------------------------------------------------------------------------------------


async def test_the_same_request_in_two_processes_acts_once(office: Office) -> None:
    one, other = Call(office.runner()), Call(office.runner())
    await one.dial()
    office.after_write = Meeting()
    first, second = await asyncio.gather(one.say("1"), other.say("1"))
    assert first == second
    assert await office.done() == ["write"]
    assert sorted(office.outcomes[1:]) == ["answer", "repeat"]
    assert await office.version() == 2


async def test_a_session_goes_on_in_whichever_process_hears_it(office: Office) -> None:
    one, other = office.runner(), office.runner()
    call = Call(one)
    await call.dial()
    for runner, said in ((one, "2"), (other, "milk"), (other, "0"), (one, "tea"), (other, "0"), (one, "bread")):
        call.runner = runner
        shown = await call.say(said)
    assert shown.text.startswith("Noted bread")
    assert office.outcomes == ["begin", *["answer"] * 6]
    assert await office.version() == 7


async def test_the_process_that_heard_the_last_answer_reads_nothing_for_the_next(office: Office) -> None:
    call = Call(office.runner())
    await call.dial("2")
    await office.spoil("{")
    assert (await call.say("milk")).text.startswith("Noted milk")


async def test_what_was_kept_in_mind_and_is_no_longer_so_is_read(office: Office) -> None:
    call = Call(office.runner())
    await call.dial()
    await office.move()
    assert (await call.say("1")).text == DESK
    assert await office.done() == ["write"]
    other = Call(office.runner(), "gate-2")
    await other.dial("2")
    assert (await call.say("1")).text == DESK, "another session has begun meanwhile: this one begins anew"
    assert (await other.say("milk")).text == DESK
    assert await office.done() == ["write"]


async def test_the_first_request_twice_at_once_begins_once(office: Office) -> None:
    office.before_screen = Meeting()
    first, second = await asyncio.gather(Call(office.runner()).dial(), Call(office.runner()).dial())
    assert first == second
    assert sorted(office.outcomes) == ["begin", "repeat"]
    assert await office.version() == 1


async def test_whoever_goes_away_while_waiting_holds_up_nobody(office: Office) -> None:
    turns, heard, begin = office.runner().turns, list[int](), asyncio.Event()

    async def turn(number: int) -> None:
        await begin.wait()
        heard.append(number)
        if number == 0:
            asyncio.get_running_loop().call_soon(called.cancel)  # by then it is its turn, and it has not come yet

    async def queue(number: int) -> None:
        await turns.in_order(("ussd", AWA.e164), lambda: turn(number))

    first, gone, called, last = (asyncio.create_task(queue(number)) for number in range(4))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    begin.set()
    await asyncio.gather(first, last)
    assert heard == [0, 3]
    assert gone.cancelled()
    assert called.cancelled()
    await queue(4)
    assert heard == [0, 3, 4]


async def test_two_sessions_of_one_phone_at_once_take_turns(office: Office) -> None:
    office.before_screen = Meeting()
    calls = [Call(office.runner(), "gate-1").dial(), Call(office.runner(), "gate-2").dial()]
    assert [reply.text for reply in await asyncio.gather(*calls)] == [DESK, DESK]
    assert await office.version() == 2


async def test_a_place_that_never_stands_still_is_an_apology_and_stays_as_it_was(office: Office) -> None:
    call = Call(office.runner())
    await call.dial()
    before = await office.version()
    office.before_screen = office.move
    reply = await call.say("7")
    assert (reply.text, reply.keep_open) == (FAILED, False)
    assert office.outcomes[-1] == "failed"
    assert await office.version() > before
    office.before_screen = nothing
    assert (await Call(office.runner(), "gate-2").dial()).text == DESK


async def test_what_passes_is_tried_again_and_done_once(office: Office) -> None:
    call = Call(office.runner())
    await call.dial()
    office.after_write = Failing(PASSING, 2)
    assert (await call.say("1")).text == DESK
    assert await office.done() == ["write"]


# --- what goes wrong ---------------------------------------------------------------------------------------


async def test_a_failed_turn_is_a_polite_page_and_the_last_good_place_is_kept(
    office: Office, logged: list[MutableMapping[str, Any]]
) -> None:
    call = Call(office.runner())
    await call.dial()
    before = await office.version()
    office.after_write = Failing(RuntimeError("broken"))
    reply = await call.say("1")
    assert (reply.text, reply.keep_open) == (FAILED, False)
    assert office.outcomes[-1] == "failed"
    assert [line["event"] for line in logged] == ["turn_failed"]
    assert AWA.e164 not in str(logged)
    assert await office.done() == []
    assert await office.version() == before
    assert (await call.again()).text == DESK, "the same request again is taken up where it failed"
    assert await office.done() == ["write"]


async def test_an_apology_is_in_the_language_of_the_phone(office: Office) -> None:
    await office.db.fetch(PREFER_ENGLISH)
    call = Call(office.runner())
    await call.dial()
    office.after_write = Failing(RuntimeError("broken"))
    assert "*384#" in (failed := (await call.say("1")).text)
    assert failed != FAILED


async def test_whoever_speaks_french_again_is_apologised_to_in_french(office: Office) -> None:
    await office.db.fetch(PREFER_ENGLISH)
    runner = office.runner()
    await Call(runner).dial()
    await office.db.fetch(FORGET_ENGLISH)
    call = Call(runner, "gate-2")
    await call.dial()
    office.after_write = Failing(RuntimeError("broken"))
    assert (await call.say("1")).text == FAILED


def test_only_so_many_languages_are_remembered() -> None:
    spoken = _Spoken()
    for number in range(REMEMBERED):
        spoken.note(Phone(f"+2376{number:08}"), "en")
    assert spoken.of(Phone("+237600000000")) == "en"
    spoken.note(AWA, "en")
    assert (spoken.of(AWA), spoken.of(Phone("+237600000000"))) == ("en", "fr")


async def test_a_late_turn_is_finished_and_told_by_sms(office: Office) -> None:
    call = Call(office.runner())
    await call.dial()
    call.runner = office.runner(answer_within_s=0.05)
    free = asyncio.Event()

    async def held() -> None:
        await free.wait()

    office.after_write = held
    reply = await call.say("1")
    assert (reply.text, reply.keep_open) == (SLOW, False)
    assert office.outcomes[-1] == "slow"
    assert await office.done() == []
    free.set()
    await office.heard_later.wait()
    assert office.told == [(AWA.e164, DESK)]
    assert await office.done() == ["write"]


async def test_a_late_turn_that_fails_tells_nothing_wrong(
    office: Office, logged: list[MutableMapping[str, Any]]
) -> None:
    call = Call(office.runner())
    await call.dial()
    call.runner = office.runner(answer_within_s=0.05)
    broken = asyncio.Event()

    async def breaks() -> None:
        await broken.wait()
        raise RuntimeError("broken")

    office.after_write = breaks
    assert (await call.say("1")).text == SLOW
    broken.set()
    await asyncio.gather(*call.runner._late)
    assert office.told == []
    assert [line["event"] for line in logged] == ["late_turn_failed"]
    assert AWA.e164 not in str(logged)
    assert await office.done() == []

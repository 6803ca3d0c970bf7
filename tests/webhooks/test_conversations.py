"""The same conversation through every USSD gateway, over HTTP against the real house: the same screens on each."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text
from structlog.testing import capture_logs

from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.settings import Settings
from tests.webhooks.gateways import HANDSETS, Call, Client, Handset, of_form, of_json, of_query, of_xml, send
from webhooks.app import make_app
from webhooks.front import FRONT, Front
from webhooks.limits import TURNS

FIRST = HANDSETS["africastalking"]
OTHER = "237670008888"
"""A stranger as much as the number of every handset: what both see is the same."""

MARIE = "237670000101"
PIN = "4827"
WALK = ("5", "1", "0", "2", "00", "6", "1", "nonsense", "0")

NAMELESS = {"nalo"}
"""Gateways that give sessions no name: whatever begins begins anew."""

UNMARKED = {"africastalking", "safaricom", "oltranz"}
"""Gateways that mark no beginning, and whose first input may be a word or a code: an unknown session may open one."""

ANSWERED_AT_ONCE = pytest.mark.parametrize("name", HANDSETS)


@pytest.fixture
async def client(planted: Database, clock: FixedClock) -> AsyncIterator[Client]:
    settings = Settings(_env_file=None)
    async with TestClient(TestServer(make_app(Front.build(planted, settings, clock)))) as found:
        yield found


async def count(client: Client, table: str) -> int:
    row = await client.app[FRONT].db.one(Statement(text(f"SELECT count(*) AS n FROM {table}")))  # noqa: S608
    assert row is not None
    return int(row["n"])


@ANSWERED_AT_ONCE
async def test_the_screens_are_those_of_the_first_gateway(client: Client, name: str) -> None:
    here, there = Call(client, HANDSETS[name]), Call(client, FIRST, session="ATUid_1", number=OTHER)
    assert await here.dial() == await there.dial()
    for typed in WALK:
        assert await here.say(typed) == await there.say(typed), typed


@ANSWERED_AT_ONCE
async def test_stars_that_people_type_survive(client: Client, name: str) -> None:
    here = Call(client, HANDSETS[name], dialled="*384*1#")
    assert (await here.dial())[0].startswith("Chercher\n")
    await here.say("4")
    assert "Akwa" in (await here.say("studio * akwa # 80k"))[0]


@ANSWERED_AT_ONCE
async def test_what_is_dialled_behind_the_code_opens_and_answers_nothing(client: Client, name: str) -> None:
    here = Call(client, HANDSETS[name], dialled="*384*A4821#")
    assert "A4821" in (await here.dial())[0]
    plain = Call(client, HANDSETS[name], session="7002", number=OTHER)
    assert "Bienvenue" in (await plain.dial())[0]


@ANSWERED_AT_ONCE
async def test_a_beginning_told_twice_is_one_session(client: Client, name: str) -> None:
    here = Call(client, HANDSETS[name])
    first = await here.dial()
    opening = here.last
    assert await here.again() == first
    present = await here.say("5")
    if name not in NAMELESS:
        here.last = opening
        assert await here.again() == present, "told late it moves nothing"
    assert (await here.say("1"))[0].startswith("Quelle ville ?")


@ANSWERED_AT_ONCE
async def test_a_rent_is_paid_and_the_session_closed(client: Client, name: str) -> None:
    here = Call(client, HANDSETS[name], number=MARIE, dialled="*384*2#")
    assert "85.000F" in (await here.dial())[0]
    for typed in ("1", "1"):
        assert (await here.say(typed))[1]
    last, going_on = await here.say(PIN)
    assert last.startswith("Validez maintenant")
    assert not going_on
    assert await count(client, "payment_attempt") == 1


@ANSWERED_AT_ONCE
async def test_a_session_that_was_cut_is_taken_up_again(client: Client, name: str) -> None:
    here = Call(client, HANDSETS[name])
    await here.dial()
    await here.say("5")
    there = await here.say("1")
    here.session = "7002"
    assert "1 Continuer\n2 Recommencer" in (await here.dial())[0]
    assert await here.say("1") == there


@ANSWERED_AT_ONCE
async def test_a_session_of_another_number_is_another_session(client: Client, name: str) -> None:
    mine = Call(client, HANDSETS[name])
    home = await mine.dial()
    await mine.say("5")
    thief = Call(client, HANDSETS[name], number=OTHER, typed=("5",))
    shown, _ = await thief.say("1")
    assert not shown.startswith("Quelle ville ?")
    assert (await mine.say("1"))[0].startswith("Quelle ville ?")
    thief.session = "7003"
    assert await thief.dial() == home


@pytest.mark.parametrize("name", sorted(set(HANDSETS) - UNMARKED))
async def test_an_answer_to_a_session_nobody_knows_shows_the_menu_and_chooses_nothing(
    client: Client, name: str
) -> None:
    home = await Call(client, FIRST, number=OTHER).dial()
    lost = Call(client, HANDSETS[name])
    assert await lost.say("2") == home


async def test_a_session_that_ended_is_no_longer_alive_and_a_question_about_it_costs_nobody_their_reminder(
    client: Client,
) -> None:
    async def alive(session: str) -> bool:
        _, body, _ = await send(client, of_json("infobip", b"", f"/session/{session}/status"))
        return bool(json.loads(body)["sessionActive"])

    fields = {"msisdn": MARIE, "shortCode": "*384*2#", "text": ""}
    await send(client, of_json("infobip", fields, "/session/7/start"))
    await send(client, of_json("infobip", {**fields, "text": "1"}, "/session/7/response"))
    assert await alive("7")
    await send(client, of_json("infobip", {"reason": "user", "exitCode": 510}, "/session/7/end", "PUT"))
    told = await client.app[FRONT].db.fetch(Statement(text("SELECT address FROM notice WHERE template = 'dropped.1'")))
    assert [row["address"] for row in told] == [f"+{MARIE}"]
    assert not await alive("7")
    assert await alive("8"), "what another process may know is not called over"


async def test_what_was_said_while_a_session_began_is_heard(client: Client) -> None:
    fields = {"msisdn": OTHER, "shortCode": "*384#", "text": "A4821"}
    _, body, headers = await send(client, of_json("infobip", fields, "/session/5/start"))
    assert "A4821" in HANDSETS["infobip"].shown(body, headers)[0]
    greeting = {**fields, "msisdn": MARIE, "text": "bonjour"}
    _, body, headers = await send(client, of_json("infobip", greeting, "/session/6/start"))
    assert HANDSETS["infobip"].shown(body, headers)[0].startswith("Bonjour Ngo Bell Marie")


@ANSWERED_AT_ONCE
async def test_no_screen_is_wider_than_the_gateway(client: Client, name: str) -> None:
    here = Call(client, HANDSETS[name], number=MARIE)
    shown = [await here.dial()]
    shown += [await here.say(typed) for typed in ("1", "1", "1", "1")]
    assert all(0 < len(text_) <= 160 and text_.isascii() for text_, _ in shown)


# --- ends --------------------------------------------------------------------------------------------------

ENDS = [
    of_form("africastalking", {"sessionId": "7001", "phoneNumber": OTHER, "status": "Incomplete"}, "/end"),
    of_query("flares", {"SessionID": "7001", "msisdn": OTHER, "clean": "x", "error": "522"}),
    of_json("hubtel", {"SessionId": "7001", "Mobile": OTHER, "Type": "Timeout"}),
    of_json("infobip", {"reason": "gone", "exitCode": 510}, "/session/7001/end", "PUT"),
    of_json("madapi", {"sessionId": "7001", "msisdn": OTHER, "serviceCode": "384", "messageType": "5"}),
    of_query("cellulant", {"sessionID": "7001", "MSISDN": OTHER, "INPUT": "", "opCode": "ABO"}),
    of_xml("truroute", f"<u><sessionid>7001</sessionid><msisdn>{OTHER}</msisdn><type>4</type><msg/></u>"),
]


@pytest.mark.parametrize("request_", ENDS, ids=lambda request: request.path.split("/")[3])
async def test_the_end_is_logged_without_a_number_and_the_way_back_stays(client: Client, request_: object) -> None:
    request = next(end for end in ENDS if end is request_)
    name = request.path.split("/")[3]
    here = Call(client, HANDSETS[name], number=OTHER)
    await here.dial()
    await here.say("5")
    await here.say("1")
    with capture_logs() as lines:
        status, _, _ = await send(client, request)
    assert status == 200
    (line,) = [line for line in lines if line["event"] == "session_end"]
    assert (line["gateway"], line["session"]) == (name, "7001")
    assert OTHER[3:] not in str(line)
    here.session = "7002"
    assert "1 Continuer" in (await here.dial())[0]


async def test_the_end_of_a_session_of_nobody_is_acknowledged(client: Client) -> None:
    gone = of_query("flares", "clean=clean-session&error=522&SessionID=gone&msisdn=bar")
    for _ in range(2):
        assert (await send(client, gone))[:2] == (200, "")
    assert await count(client, "place") == 0


# --- hostile -----------------------------------------------------------------------------------------------


@ANSWERED_AT_ONCE
async def test_a_wrong_secret_or_method_reaches_nothing(client: Client, name: str) -> None:
    here = Call(client, HANDSETS[name])
    await here.dial()
    assert here.last is not None
    for secret in ("wrong", "demo2", "d%C3%A9mo", "%00", "x" * 2000):
        stranger = replace(here.last, path=here.last.path.replace("/demo", f"/{secret}"))
        assert (await send(client, stranger))[0] == 403
    for method in ("DELETE", "PATCH", "POST" if here.last.method == "GET" else "GET", "HEAD"):
        assert (await send(client, replace(here.last, method=method)))[0] == 405
    assert await count(client, "place") == 1


@pytest.mark.untraced
@ANSWERED_AT_ONCE
async def test_a_flood_in_one_session_is_refused_and_ends_with_the_session(client: Client, name: str) -> None:
    here = Call(client, HANDSETS[name])
    await here.dial()
    assert here.last is not None
    answers = [(await send(client, here.last))[0] for _ in range(TURNS.burst + 1)]
    assert (answers.count(200), answers[-1]) == (TURNS.burst - 1, 429)
    await Call(client, HANDSETS[name], session="7002", number=OTHER).dial()


async def test_bodies_that_are_too_large_are_refused(client: Client) -> None:
    for handset in ("hubtel", "truroute", "africastalking"):
        here = Call(client, HANDSETS[handset])
        await here.dial()
        assert here.last is not None
        assert (await send(client, replace(here.last, body=here.last.body + b" " * 20_000)))[0] == 413


async def test_everybody_at_once_on_every_gateway(client: Client) -> None:
    async def walk(handset: Handset, number: str) -> list[str]:
        call = Call(client, handset, number=number)
        return [(await call.dial())[0], *[(await call.say(typed))[0] for typed in WALK[:4]]]

    walks = [walk(handset, f"2376700077{index:02}") for index, handset in enumerate(HANDSETS.values())]
    first, *others = await asyncio.gather(*walks)
    assert all(other == first for other in others)

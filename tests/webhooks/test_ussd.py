"""Africa's Talking's USSD requests: good, nasty and hostile, each with the answer it must get."""

from collections.abc import AsyncIterator
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from core.kit.clock import FixedClock, SystemClock
from core.kit.db import Database, Statement
from core.kit.settings import Settings
from tests.patience import until
from webhooks.app import make_app
from webhooks.front import FRONT, Front
from webhooks.metrics import Meters
from webhooks.ussd.read import dialled_suffix

URL = "/webhooks/ussd/africastalking/demo"
FORM = {"sessionId": "ATUid_1", "phoneNumber": "+237670009999", "networkCode": "99999", "serviceCode": "*384#"}
SHARED = "+237670000105"

Client = TestClient[Any, Any]


@pytest.fixture
async def client(planted: Database, clock: FixedClock) -> AsyncIterator[Client]:
    settings = Settings(_env_file=None, answer_within_s=2)
    async with TestClient(TestServer(make_app(Front.build(planted, settings, clock)))) as found:
        yield found


async def ask(client: Client, typed: str = "", **changed: str) -> str:
    response = await client.post(URL, data={**FORM, "text": typed, **changed})
    assert response.status == 200, await response.text()
    assert response.content_type == "text/plain"
    body = await response.text()
    assert body.startswith(("CON ", "END "))
    return body


async def count(client: Client, table: str) -> int:
    row = await client.app[FRONT].db.one(Statement(text(f"SELECT count(*) AS n FROM {table}")))  # noqa: S608
    assert row is not None
    return int(row["n"])


# --- good --------------------------------------------------------------------------------------------------


async def test_a_first_dial_opens_a_session(client: Client) -> None:
    assert (await ask(client)).startswith("CON Trouve Moi Un Toit. Bienvenue !")


async def test_the_same_request_again_gets_the_same_bytes_and_nothing_moves(client: Client) -> None:
    first = await ask(client)
    assert await ask(client) == first, "a session start delivered twice is one session"
    second = await ask(client, "5")
    assert await ask(client, "5") == second
    third = await ask(client, "5*1")
    assert third != second
    assert await ask(client, "5*1") == third


async def test_stars_and_hashes_that_people_type_survive(client: Client) -> None:
    await ask(client, serviceCode="*384*1#")
    await ask(client, "4")
    heard = await ask(client, "4*studio * akwa # 80k")
    assert "Akwa" in heard


async def test_text_that_does_not_follow_shows_the_present_screen(client: Client) -> None:
    await ask(client)
    present = await ask(client, "5")
    assert await ask(client, "1*2*3") == present
    assert await ask(client, "5") == present, "an older request delivered late moves nothing"


@pytest.mark.parametrize("how", [{"serviceCode": "*384*A4821#"}, {"text": "A4821"}, {"serviceCode": "*384*a4821#"}])
async def test_a_home_opens_by_its_code_however_the_gateway_tells(client: Client, how: dict[str, str]) -> None:
    response = await client.post(URL, data={**FORM, "text": "", **how})
    assert "A4821" in await response.text()


async def test_a_named_entry_point(client: Client) -> None:
    assert "compte" in await ask(client, serviceCode="*384*2#"), "paying needs a profile first"
    paying = await ask(client, sessionId="ATUid_2", phoneNumber="+237670000101", serviceCode="*384*2#")
    assert "85.000F" in paying


async def test_after_a_drop_one_goes_on_or_begins_again(client: Client) -> None:
    await ask(client)
    await ask(client, "5")
    there = await ask(client, "5*1")
    offered = await ask(client, sessionId="ATUid_2")
    assert "1 Continuer\n2 Recommencer" in offered
    assert await ask(client, "1", sessionId="ATUid_2") == there


async def test_after_a_day_a_conversation_begins_anew(client: Client, clock: FixedClock) -> None:
    await ask(client)
    await ask(client, "5")
    await ask(client, "5*1")
    clock.move(hours=25)
    assert "Bienvenue" in await ask(client, sessionId="ATUid_2")


async def test_after_a_drop_money_asks_for_the_pin_again(client: Client) -> None:
    tenant = {"phoneNumber": "+237670000101"}
    await ask(client, serviceCode="*384*2#", **tenant)
    await ask(client, "1", **tenant)
    back = await ask(client, sessionId="ATUid_2", **tenant)
    assert "code secret" in back
    assert "85.000F" not in back
    assert "1 Continuer" in await ask(client, "4827", sessionId="ATUid_2", **tenant)


async def test_a_shared_phone_shows_nothing_personal_before_a_pin(client: Client) -> None:
    dialled = await ask(client, phoneNumber=SHARED)
    entered = await ask(client, sessionId="ATUid_2", phoneNumber=SHARED, serviceCode="*384*2#")
    for screen in (dialled, entered):
        assert not any(word in screen for word in ("Rose", "Pierre", "Eyenga", "Abega", "F avant"))
    assert "1 Profil 1\n2 Profil 2" in entered


async def test_the_pin_is_stored_and_answered_nowhere(client: Client) -> None:
    tenant = {"phoneNumber": "+237670000101"}
    await ask(client, serviceCode="*384*2#", **tenant)
    for typed in ("1", "1*1", "1*1*9182"):
        screen = await ask(client, typed, **tenant)
    assert "incorrect" in screen
    db = client.app[FRONT].db
    tables = await db.fetch(Statement(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
    for table in (row["tablename"] for row in tables):
        rows = await db.fetch(Statement(text(f"SELECT CAST(t AS text) AS row FROM {table} AS t")))  # noqa: S608
        assert not any("9182" in row["row"] for row in rows), table
    bodies = await db.fetch(Statement(text("SELECT body FROM place")))
    assert bodies
    assert not any("9182" in row["body"] for row in bodies)


# --- slow --------------------------------------------------------------------------------------------------


async def test_when_the_database_is_slow_a_safe_page_goes_out_and_the_result_follows(client: Client) -> None:
    await ask(client)
    db = client.app[FRONT].db
    async with db.transaction() as tx:
        await tx.fetch(Statement(text("SELECT 1 FROM place WHERE address = '+237670009999' FOR UPDATE")))
        slow = await ask(client, "5")
        assert slow.startswith("END Service occupe. Le resultat arrive par SMS.")
    notices = await until(lambda: db.fetch(Statement(text("SELECT template FROM notice"))))
    assert [row["template"] for row in notices] == ["turn_ready.1"]


# --- nasty and hostile -------------------------------------------------------------------------------------


async def test_a_wrong_secret_is_refused_and_nothing_is_stored(client: Client) -> None:
    for secret in ("wrong", "demo2", "%00", "d%C3%A9mo", "x" * 2000):
        response = await client.post(f"/webhooks/ussd/africastalking/{secret}", data={**FORM, "text": ""})
        assert response.status == 403
        response = await client.post(f"/webhooks/ussd/africastalking/{secret}/end", data=FORM)
        assert response.status == 403
    assert await count(client, "place") == 0


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"sessionId": None}, 400),
        ({"phoneNumber": None}, 400),
        ({"serviceCode": None}, 400),
        ({"text": None}, 400),
        ({"sessionId": ""}, 400),
        ({"sessionId": "x" * 129}, 400),
        ({"sessionId": "a\nb"}, 400),
        ({"phoneNumber": ""}, 400),
        ({"phoneNumber": "MTN"}, 400),
        ({"phoneNumber": "+0"}, 400),
        ({"phoneNumber": "237670009999\u0000", "text": "2\0"}, 200),
        ({"phoneNumber": "+2376٧٠٠٠٩٩٩٩"}, 400),
        ({"text": "x" * 5000}, 400),
        ({"text": "5" * 200}, 200),
        ({"text": "\x01\x02"}, 200),
        ({"text": "🏠"}, 200),
        ({"text": "شقة"}, 200),
        ({"text": "\u202eabc\u2066"}, 200),
        ({"text": "e\u0301" * 50}, 200),
        ({"text": "'; DROP TABLE place; --"}, 200),
        ({"text": "<script>alert(1)</script>"}, 200),
        ({"text": "CON 1"}, 200),
        ({"text": "007#"}, 200),
        ({"phoneNumber": " 237670009999"}, 200),
        ({"phoneNumber": "237670009999"}, 200),
        ({"phoneNumber": "+33612345678"}, 200),
        ({"phoneNumber": "+254720123123"}, 200),
        ({"serviceCode": ""}, 200),
        ({"serviceCode": "*" * 300}, 200),
        ({"networkCode": None}, 200),
        ({"extra": "field"}, 200),
    ],
)
async def test_forms(client: Client, changed: dict[str, str | None], status: int) -> None:
    form = {key: value for key, value in {**FORM, "text": "", **changed}.items() if value is not None}
    response = await client.post(URL, data=form)
    body = await response.text()
    assert response.status == status, body
    assert body.startswith(("CON ", "END ")) == (status == 200)
    if status != 200:
        assert await count(client, "place") == 0


@pytest.mark.parametrize(
    ("data", "headers", "statuses"),
    [
        (b'{"sessionId":"1"}', {"Content-Type": "application/json"}, {415}),
        (b"", {"Content-Type": "application/x-www-form-urlencoded"}, {400}),
        (b"\xff\xfe=\xff", {"Content-Type": "application/x-www-form-urlencoded"}, {400}),
        (b"text=%E8", {"Content-Type": "application/x-www-form-urlencoded"}, {400}),
        (b"text=1", {"Content-Type": "application/x-www-form-urlencoded; charset=bogus"}, {400, 415}),
        (b"text=1", {"Content-Type": "text/plain"}, {415}),
        (b"text=1", {"Content-Type": "not a type"}, {400, 415}),
        (b"a=1&" * 300_000, {"Content-Type": "application/x-www-form-urlencoded"}, {413}),
        (b"text=" + b"%00" * 1000, {"Content-Type": "application/x-www-form-urlencoded"}, {400}),
    ],
)
async def test_bodies(client: Client, data: bytes, headers: dict[str, str], statuses: set[int]) -> None:
    response = await client.post(URL, data=BytesIO(data), headers=headers)
    assert response.status in statuses
    assert await count(client, "place") == 0


async def test_other_methods_and_files_are_refused(client: Client) -> None:
    assert (await client.get(URL)).status == 405
    assert (await client.put(URL)).status == 405
    upload = FormData({"sessionId": "1"})
    upload.add_field("text", b"1", filename="text.txt")
    assert (await client.post(URL, data=upload)).status in {400, 415}


async def test_the_end_of_a_session_is_taken_with_or_without_its_fields(client: Client) -> None:
    end = {
        **FORM,
        "status": "Incomplete",
        "durationInMillis": "4200",
        "hopsCount": "2",
        "input": "1*2580",
        "cost": "KES 0.10",
    }
    assert (await client.post(f"{URL}/end", data=end)).status == 200
    assert (await client.post(f"{URL}/end", data={"sessionId": "x"})).status == 200
    assert (await client.post(f"{URL}/end", data=b"{}", headers={"Content-Type": "application/json"})).status == 415


async def test_health_and_figures(client: Client) -> None:
    await ask(client)
    assert (await client.get("/healthz")).status == 200
    ready = await client.get("/readyz")
    assert (ready.status, await ready.json()) == (503, {"database": True, "migrations": True, "worker": False})
    figures = await (await client.get("/metrics")).text()
    assert 'toit_turns_total{channel="ussd",gateway="africastalking",outcome="begin"} 1.0' in figures


async def test_the_time_turns_took_is_counted_up_to_each_bound() -> None:
    meters = Meters(SystemClock())
    for seconds in (0.001, 0.002, 0.03, 9.5):
        meters.turn("ussd", "hubtel", None, "answer", seconds)
    value = partial(meters.registry.get_sample_value, "toit_turn_seconds_bucket")
    assert [value({"le": bound}) for bound in ("0.002", "0.005", "0.05", "8.0", "+Inf")] == [2, 2, 3, 3, 4]
    assert meters.registry.get_sample_value("toit_turn_seconds_count") == 4
    assert meters.registry.get_sample_value("toit_turn_seconds_sum") == pytest.approx(9.533)
    labels = {"channel": "ussd", "gateway": "hubtel", "outcome": "answer"}
    assert meters.registry.get_sample_value("toit_turns_total", labels) == 4


@pytest.mark.parametrize(
    ("dialled", "code", "suffix"),
    [
        ("*384#", "*384#", ""), ("*384*2#", "*384#", "2"), ("*384*A4821#", "*384#", "A4821"),
        ("*384*2*1#", "*384#", "2*1"),
        ("*3845#", "*384#", ""), ("*100#", "*384#", ""), ("*384*123*2#", "*384*123#", "2"), ("", "*384#", ""),
    ],
)  # fmt: skip
def test_what_was_dialled_behind_the_code(dialled: str, code: str, suffix: str) -> None:
    assert dialled_suffix(dialled, code) == suffix

"""What operators call in: kept, answered with one constant body, and never believed."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.settings import Settings
from core.money.attempts import Collector
from tests.core.money.operator import FakeOperator
from tests.core.money.test_attempts import attempt, begin
from tests.core.money.village import Village
from webhooks.app import make_app
from webhooks.front import Front

PATH = "/webhooks/payments/mtn/demo"
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def village(db: Database, clock: FixedClock) -> Village:
    return Village(db, clock)


@pytest.fixture
async def client(village: Village) -> AsyncIterator[Client]:
    app = make_app(Front.build(village.db, Settings(_env_file=None), village.clock))
    async with TestClient(TestServer(app)) as found:
        yield found


async def submitted(village: Village) -> tuple[Collector, FakeOperator]:
    """A payment that the operator has, asked after once."""
    marie, paul = await village.person("Marie"), await village.person("Paul")
    operator = FakeOperator()
    collector = Collector(village.db, village.clock, {"mtn": operator}, Settings())
    await begin(village, marie, paul)
    village.clock.move(seconds=2)
    await collector.run_once()
    village.clock.move(minutes=20, seconds=30)
    await collector.run_once()
    return collector, operator


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_callback_only_makes_us_ask_sooner(village: Village, client: Client, method: str) -> None:
    collector, operator = await submitted(village)
    operator.approve(operator.last())
    village.clock.move(seconds=30)
    assert await collector.run_once() == 0
    body = {"externalId": (await attempt(village))["ref"], "status": "SUCCESSFUL", "amount": "1"}
    async with client.request(method, PATH, json=body) as answer:
        assert (answer.status, await answer.json()) == (200, {"received": True})
    assert (await attempt(village))["state"] == "submitted"
    assert await collector.run_once() == 1
    assert (await attempt(village))["state"] == "succeeded"


async def test_it_may_name_the_attempt_by_our_reference(village: Village, client: Client) -> None:
    collector, _ = await submitted(village)
    village.clock.move(seconds=30)
    await client.put(PATH, json={"referenceId": str((await attempt(village))["reference"])})
    assert await collector.run_once() == 1


async def test_a_thousand_forged_callbacks_do_not_make_us_ask_more_often_than_the_first_rung(
    village: Village, client: Client
) -> None:
    collector, operator = await submitted(village)
    before = operator.asked
    ref = (await attempt(village))["ref"]
    for _ in range(60):
        village.clock.move(seconds=1)
        await client.put(PATH, json={"externalId": ref, "status": "SUCCESSFUL"})
        await collector.run_once()
    assert operator.asked - before == 6
    assert (await attempt(village))["state"] == "submitted"
    assert await village.value("SELECT count(*) FROM entry") == 0
    assert await village.value("SELECT count(*) FROM callback WHERE handled_at IS NOT NULL") == 60


async def test_a_callback_for_an_attempt_that_ended_changes_nothing(village: Village, client: Client) -> None:
    collector, operator = await submitted(village)
    operator.refuse(operator.last())
    village.clock.move(minutes=3)
    await collector.run_once()
    row = await attempt(village)
    await client.put(PATH, json={"externalId": row["ref"], "status": "SUCCESSFUL"})
    assert await attempt(village) == row


@pytest.mark.parametrize(
    "body", [b"", b"garbage", b"[1,2]", b'{"externalId": 5}', b"\xff\x00", b'{"externalId": "P1"}', b'{"a":' * 5000]
)
async def test_whatever_it_says_it_is_kept_and_gets_the_same_answer(
    village: Village, client: Client, body: bytes
) -> None:
    async with client.put(PATH, data=body) as answer:
        assert (answer.status, await answer.json()) == (200, {"received": True})
    assert await village.value("SELECT raw FROM callback") == body


async def test_without_the_secret_nothing_is_kept(village: Village, client: Client) -> None:
    for path in ("/webhooks/payments/mtn/other", "/webhooks/payments/mtn/dem%C3%A9"):
        async with client.put(path, data=json.dumps({"externalId": "P1"})) as answer:
            assert answer.status == 403
    assert await village.value("SELECT count(*) FROM callback") == 0


async def test_a_body_that_is_too_long_is_refused(village: Village, client: Client) -> None:
    async with client.put(PATH, data=b" " * (64 * 1024 + 1)) as answer:
        assert answer.status == 413
    assert await village.value("SELECT count(*) FROM callback") == 0

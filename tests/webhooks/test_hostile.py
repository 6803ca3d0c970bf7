"""Every adapter's whole table in every wrong way, payments said many times, and floods at every route.

``pytest tests/webhooks/test_hostile.py -s -q`` prints what was sent and answered; ``python -m tests.soak --hostile``
sends other bytes, and many more.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text
from structlog.testing import capture_logs

from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.settings import Settings
from tests.patience import PATIENCE_S
from tests.soak.hostile import Hostile
from tests.soak.tally import Tally
from tests.webhooks import meta_table, test_telegram, test_twilio
from tests.webhooks.campaign import Campaign, tallied
from tests.webhooks.gateways import HANDSETS, Call, Said, send
from tests.webhooks.tables import SEALS, SETTINGS, form_at, json_at
from tests.webhooks.test_parlayx import Platform
from tests.webhooks.test_parlayx import settings as with_platform
from webhooks.app import make_app
from webhooks.front import Front
from webhooks.raw import Raw
from webhooks.ussd.handler import DESK

Client = TestClient[Any, Any]


@pytest.fixture
async def client(planted: Database, clock: FixedClock) -> AsyncIterator[Client]:
    """The app over HTTP, with an operator's platform that takes pushed screens."""
    platform = web.Application()
    platform.router.add_post("/push", Platform().send_ussd)
    async with TestServer(platform) as server:
        front = Front.build(planted, with_platform(str(server.make_url("/push"))), clock)
        async with TestClient(TestServer(make_app(front))) as found:
            yield found


@pytest.fixture(scope="module")
def whole() -> Iterator[list[Campaign]]:
    """Every adapter's campaign, added up at the end."""
    found: list[Campaign] = []
    yield found
    sent = sum((one.sent for one in found), Counter[str]())
    outcomes = sum((one.outcomes for one in found), Counter[int]())
    print(tallied(f"{len(found)} adapters", sent, outcomes))  # noqa: T201 - for docs/campaigns.md


@pytest.mark.untraced
@pytest.mark.parametrize("adapter", SEALS)
async def test_an_adapter_s_table_in_every_wrong_way(
    adapter: str, client: Client, planted: Database, whole: list[Campaign]
) -> None:
    """No 5xx, nothing for strangers, one effect for each thing said, and every answer to whoever said it."""
    campaign = Campaign(adapter, client, planted, client.app[DESK])
    with capture_logs():
        await campaign.run()
    whole.append(campaign)
    print(campaign)  # noqa: T201 - for docs/campaigns.md
    assert campaign.breaches == []
    assert campaign.sent.total() > 40


# --- the last word of a payment, said many times -----------------------------------------------------------

MARIE, PIN = "237670000101", "4827"
LINK = Statement(
    text(
        "UPDATE door SET person_id = (SELECT person_id FROM phone WHERE e164 = :e164), linked_at = now(),"
        " e164 = :e164, verified_by = 'code' WHERE true RETURNING channel"
    )
)


@dataclass
class Writer:
    """Somebody on a message channel, by one provider."""

    adapter: str
    write: Callable[[str, int], Raw]

    def __call__(self, words: str, number: int) -> Raw:
        """What they write, signed; ``number`` tells their messages apart."""
        return SEALS[self.adapter].put(self.write(words, number))


def _twilio(words: str, number: int, **fields: str) -> Raw:
    sid = {"MessageSid": f"SMp{number}", "SmsSid": f"SMp{number}"}
    return form_at("/webhooks/twilio", {**test_twilio.SMS, **fields, **sid, "Body": words})


def _meta(words: str, number: int) -> Raw:
    message = meta_table.said("text", {"body": words}, id=f"wamid.P{number}", **{"from": MARIE})
    return json_at("/webhooks/whatsapp", meta_table.batch(meta_table.change(message)))


def _telegram(words: str, number: int) -> Raw:
    update = {**test_telegram.message(text=words), "update_id": number}
    return json_at("/webhooks/telegram", json.dumps(update).encode())


def _africastalking(words: str, number: int) -> Raw:
    form = {"id": f"p{number}", "text": words, "from": f"+{MARIE}", "to": "8123"}
    return form_at("/webhooks/sms/africastalking/demo", form)


WRITERS = {
    "sms by africa's talking": Writer("africastalking-sms", _africastalking),
    "sms by twilio": Writer("twilio", lambda words, number: _twilio(words, number, From=f"+{MARIE}")),
    "whatsapp by twilio": Writer(
        "twilio",
        lambda words, number: _twilio(
            words, number, From=f"whatsapp:+{MARIE}", To=f"whatsapp:{SETTINGS.twilio_whatsapp}"
        ),
    ),
    "whatsapp by meta": Writer("meta", _meta),
    "telegram": Writer("telegram", _telegram),
}


async def attempts(db: Database) -> int:
    return len(await db.fetch(Statement(text("SELECT FROM payment_attempt"))))


async def in_every_way(client: Client, last: Raw, adapter: str, paid: Callable[[], Awaitable[int]]) -> None:
    """The request that pays: by strangers first, then ten times at once, then again."""
    seal = SEALS[adapter]
    for stranger in (seal.leave_out(last), seal.break_(last)):
        assert (await send(client, stranger))[0] in {403, 404}
    assert await paid() == 0
    answers = await asyncio.gather(*(send(client, last) for _ in range(10)))
    assert {status for status, _, _ in answers} == {200}
    assert await paid() == 1
    for _ in range(3):
        assert (await send(client, last))[0] == 200
    assert await paid() == 1


@pytest.mark.parametrize("name", HANDSETS)
async def test_a_payment_confirmed_ten_times_at_once_is_one_on_every_gateway(
    client: Client, planted: Database, name: str
) -> None:
    call = Call(client, HANDSETS[name], number=MARIE, dialled="*384*2#")
    await call.dial()
    await call.say("1")
    await call.say("1")
    last = call.handset.ask(Said(call.session, call.number, call.dialled, (*call.typed, PIN)))
    await in_every_way(client, last, name, lambda: attempts(planted))


@pytest.mark.parametrize("name", WRITERS)
async def test_a_payment_confirmed_ten_times_at_once_is_one_on_every_message_channel(
    client: Client, planted: Database, name: str
) -> None:
    writer = WRITERS[name]
    await send(client, writer("menu", 1))
    assert await planted.fetch(LINK, e164=f"+{MARIE}")
    for number, words in enumerate(("payer", "1", "1"), 2):
        assert (await send(client, writer(words, number)))[0] == 200
    await in_every_way(client, writer("1", 9), writer.adapter, lambda: attempts(planted))
    answers = await planted.fetch(Statement(text("SELECT address FROM notice WHERE dedupe_key LIKE 'answer:%'")))
    assert len(answers) == 5
    assert len({row["address"] for row in answers}) == 1


# --- at once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITERS)
async def test_ten_messages_at_once_from_one_phone_are_each_answered_once(
    client: Client, planted: Database, name: str
) -> None:
    """They wait for each other; none of them may fail for having lost too many races."""
    writer = WRITERS[name]
    requests = [writer("menu", number) for number in range(10)]
    answers = await asyncio.gather(*(send(client, request) for request in requests))
    assert [status for status, _, _ in answers] == [200] * 10
    rows = await planted.fetch(Statement(text("SELECT dedupe_key, address FROM notice")))
    assert len({row["dedupe_key"] for row in rows}) == len(rows) == 10
    assert len({row["address"] for row in rows}) == 1
    (place,) = await planted.fetch(Statement(text("SELECT version FROM place WHERE channel <> 'ussd'")))
    assert place["version"] == 10


# --- other bytes -------------------------------------------------------------------------------------------


@pytest.fixture
async def app(planted: Database, clock: FixedClock) -> AsyncIterator[str]:
    async with TestServer(make_app(Front.build(planted, Settings(_env_file=None), clock))) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def url(planted: Database) -> str:
    async with planted.held() as connection:
        name = await connection.fetchval("SELECT current_database()")
        folder = await connection.fetchval("SHOW unix_socket_directories")
    return f"postgresql://postgres:@/{name}?host={folder}"


@pytest.mark.untraced
async def test_nothing_falls_over_is_believed_or_stored(app: str, url: str) -> None:
    tally = Tally()
    await Hostile(app, url, tally, Random(384)).attack(rounds=5, every=9)  # noqa: S311 - the same each time
    assert tally.breaches == []
    assert tally.total("hostile: ") > 300


async def post(url: str, data: dict[str, str] | bytes, method: str = "POST") -> int:
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(timeout=timeout) as http, http.request(method, url, data=data) as answer:
        return answer.status


async def test_a_dozen_people_write_at_once(app: str) -> None:
    forms = [{"id": f"m{n}", "text": "AIDE", "from": f"+2376700005{n:02}", "to": "8123"} for n in range(12)]
    answers = await asyncio.gather(*(post(f"{app}/webhooks/sms/africastalking/demo", form) for form in forms))
    assert set(answers) == {200}


async def test_a_callback_with_a_nul_gets_the_constant_answer(app: str) -> None:
    assert await post(f"{app}/webhooks/payments/mtn/demo", rb'{"externalId": "\u0000"}', "PUT") == 200

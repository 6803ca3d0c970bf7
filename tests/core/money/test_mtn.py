"""The MTN client against the sandbox's MTN, and against servers that misbehave in ways the sandbox cannot."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from core.kit.clock import FixedClock
from core.kit.errors import ProviderError
from core.kit.money import Money
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.money.mtn import Access, Mtn, plain
from core.money.rails import Order, Status, serving
from core.money.tokens import MemoryTokens
from sandbox.server import make_app
from sandbox.settings import Settings as SandboxSettings
from tests.patience import PATIENCE_S, until

TENANT = Phone("+237677000001")


def access(server: TestServer, path: str = "/mtn") -> Settings:
    return Settings(mtn_url=str(server.make_url(path)), public_url="http://127.0.0.1:9")


def order(reference: UUID | None = None, francs: int = 85_000, payer: Phone = TENANT) -> Order:
    return Order(reference or uuid4(), "P88213", Money(francs, "XAF"), payer, "Studio B3 d'Août · P88213")


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[TestServer]:
    server = TestServer(await make_app(SandboxSettings(home=tmp_path, time_scale=1_000.0, shortest_limit=PATIENCE_S)))
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    opened = aiohttp.ClientSession(trust_env=False)
    yield opened
    await opened.close()


@pytest.fixture
def mtn(sandbox: TestServer, session: aiohttp.ClientSession, clock: FixedClock) -> Mtn:
    return Mtn(session, access(sandbox), MemoryTokens(clock))


class Ask:
    """Tells the sandbox what to do, and asks it what was really debited."""

    def __init__(self, server: TestServer, session: aiohttp.ClientSession) -> None:
        self.server, self.session = server, session

    async def wallet(self, phone: Phone, **what: object) -> None:
        """Change a wallet."""
        url = self.server.make_url(f"/wallets/mtn/{phone.digits}")
        async with self.session.put(url, json=what) as answer:
            assert answer.status == 200, await answer.text()

    async def fault(self, route: str, kind: str, **more: object) -> None:
        """Order a mishap."""
        url = self.server.make_url(f"/faults/{route}-{kind}")
        async with self.session.put(url, json={"route": route, "kind": kind, **more}) as answer:
            assert answer.status == 200, await answer.text()


@pytest.fixture
def ask(sandbox: TestServer, session: aiohttp.ClientSession) -> Ask:
    return Ask(sandbox, session)


async def ended(mtn: Mtn, reference: UUID) -> Status:
    async def told() -> Status | None:
        status = await mtn.status(reference)
        return status if status is not None and status.word != "pending" else None

    return await until(told, 0.005)


async def test_a_payment_is_asked_for_and_its_success_read(mtn: Mtn, ask: Ask) -> None:
    await ask.wallet(TENANT, behaviour="approve")
    wanted = order()
    await mtn.submit(wanted)
    status = await ended(mtn, wanted.reference)
    assert (status.word, status.francs, status.currency, status.ref) == ("succeeded", 85_000, "XAF", "P88213")
    assert status.provider_tx


async def test_asking_again_with_our_own_reference_is_no_error(mtn: Mtn) -> None:
    wanted = order()
    await mtn.submit(wanted)
    await mtn.submit(wanted)


@pytest.mark.parametrize(
    ("behaviour", "failure"),
    [
        ("insufficient", "insufficient_funds"),
        ("reject", "payer_declined"),
        ("timeout", "payer_timeout"),
        ("not_found", "payer_not_found"),
        ("limit", "payer_limit"),
        ("blocked", "payer_blocked"),
        ("inactive", "payer_blocked"),
        ("insufficient_wart", "provider_error"),
    ],
)
async def test_why_a_payment_failed_is_told_in_our_words(mtn: Mtn, ask: Ask, behaviour: str, failure: str) -> None:
    await ask.wallet(TENANT, behaviour=behaviour)
    for _ in range(2):  # the reason comes as an object and as text, in turns
        wanted = order()
        await mtn.submit(wanted)
        assert (await ended(mtn, wanted.reference)).failure == failure


async def test_an_order_it_never_heard_of_is_none(mtn: Mtn) -> None:
    assert await mtn.status(uuid4()) is None


async def test_a_token_that_was_refused_is_fetched_anew_once(mtn: Mtn, ask: Ask) -> None:
    await ask.fault("mtn.status", "401", times=1)
    assert await mtn.status(uuid4()) is None
    await ask.fault("mtn.status", "401", times=2)
    with pytest.raises(ProviderError) as caught:
        await mtn.status(uuid4())
    assert caught.value.retryable
    assert not caught.value.unknown


async def test_a_misspelt_success_is_a_success(mtn: Mtn, ask: Ask) -> None:
    await ask.wallet(TENANT, behaviour="approve")
    await ask.fault("mtn.status", "word", instead_of="SUCCESSFUL", word="SUCCESSFULL")
    wanted = order()
    await mtn.submit(wanted)
    assert (await ended(mtn, wanted.reference)).word == "succeeded"


async def test_a_word_nobody_knows_means_that_it_is_not_over(mtn: Mtn, ask: Ask) -> None:
    wanted = order()
    await mtn.submit(wanted)
    await ask.fault("mtn.status", "word", word="CREATED")
    status = await mtn.status(wanted.reference)
    assert status is not None
    assert status.word == "pending"


@pytest.mark.parametrize(
    ("kind", "unknown"),
    [("500", True), ("503", True), ("500_html", True), ("200_html", True), ("drop_after", True), ("429", False)],
)
async def test_a_lost_answer_to_an_order_leaves_open_whether_it_was_taken(
    mtn: Mtn, ask: Ask, kind: str, unknown: bool
) -> None:
    await ask.fault("mtn.requesttopay", kind, times=1)
    with pytest.raises(ProviderError) as caught:
        await mtn.submit(order())
    assert caught.value.retryable
    assert caught.value.unknown is unknown


async def test_a_coded_refusal_says_that_nothing_was_taken(mtn: Mtn, ask: Ask) -> None:
    await ask.fault("mtn.requesttopay", "500", times=1, code="PAYER_NOT_FOUND")
    with pytest.raises(ProviderError) as caught:
        await mtn.submit(order())
    assert (caught.value.code, caught.value.retryable, caught.value.unknown) == ("payer_not_found", False, False)


async def test_without_a_token_nothing_was_asked(mtn: Mtn, ask: Ask) -> None:
    await ask.fault("mtn.token", "200_html", times=1)
    with pytest.raises(ProviderError) as caught:
        await mtn.submit(order())
    assert caught.value.retryable
    assert not caught.value.unknown


async def test_an_answer_to_a_status_that_is_a_page_is_no_status(mtn: Mtn, ask: Ask) -> None:
    await ask.fault("mtn.status", "200_html", times=1)
    with pytest.raises(ProviderError):
        await mtn.status(uuid4())


async def test_the_holder_of_a_wallet_is_known_by_name(mtn: Mtn, ask: Ask) -> None:
    await ask.fault("mtn.accountholder", "string_result", times=1)
    holder = await mtn.holder(TENANT)
    assert holder is not None
    assert holder.active
    assert holder.name
    await ask.wallet(TENANT, behaviour="not_found")
    assert await mtn.holder(TENANT) is None


async def test_a_rotated_key_does_not_meet_the_old_token(
    sandbox: TestServer, session: aiohttp.ClientSession, clock: FixedClock
) -> None:
    tokens = MemoryTokens(clock)
    settings = access(sandbox)
    known = Access.of(settings)
    await Mtn(session, settings, tokens).status(uuid4())
    assert await tokens.get(known.fingerprint)
    assert await tokens.get(replace(known, key="another").fingerprint) is None
    clock.move(seconds=3_541)
    assert await tokens.get(known.fingerprint) is None


async def odd(answer: Callable[[web.Request], web.Response]) -> TestServer:
    """A server that gives tokens and then answers everything else in its own way."""

    async def token(_request: web.Request) -> web.Response:
        return web.json_response({"access_token": "t", "expires_in": 3600})

    async def other(request: web.Request) -> web.Response:
        return answer(request)

    app = web.Application()
    app.add_routes([web.post("/collection/token/", token), web.route("*", "/{rest:.*}", other)])
    server = TestServer(app)
    await server.start_server()
    return server


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda _: web.Response(status=302, headers={"Location": "/elsewhere"}), "provider_unavailable"),
        (lambda _: web.Response(body=b" " * 300_000), "provider_error"),
        (lambda _: web.Response(body=b"\xff\xfe"), "provider_unavailable"),
        (lambda _: web.Response(body=b"[" * 200_000), "provider_unavailable"),
        (lambda _: web.json_response({"code": "WHAT_IS_THIS"}, status=418), "provider_unavailable"),
    ],
)
async def test_strange_answers_leave_an_order_open(
    session: aiohttp.ClientSession, clock: FixedClock, answer: Callable[[web.Request], web.Response], code: str
) -> None:
    server = await odd(answer)
    client = Mtn(session, access(server, "/"), MemoryTokens(clock))
    with pytest.raises(ProviderError) as caught:
        await client.submit(order())
    assert (caught.value.code, caught.value.unknown) == (code, True)
    await server.close()


@pytest.mark.parametrize(
    ("amount", "francs"),
    [("5000", 5_000), (5000, 5_000), ("5000.00", 5_000), ("5000.50", None), ("NaN", None), ("1e999999", None)],
)
async def test_amounts_are_read_as_whole_francs_or_not_at_all(
    session: aiohttp.ClientSession, clock: FixedClock, amount: object, francs: int | None
) -> None:
    server = await odd(lambda _: web.json_response({"status": "SUCCESSFUL", "amount": amount}))
    status = await Mtn(session, access(server, "/"), MemoryTokens(clock)).status(uuid4())
    assert status is not None
    assert status.francs == francs
    await server.close()


async def test_nobody_listening_means_that_nothing_was_asked(session: aiohttp.ClientSession, clock: FixedClock) -> None:
    nowhere = Settings(mtn_url="http://127.0.0.1:9")
    with pytest.raises(ProviderError) as caught:
        await Mtn(session, nowhere, MemoryTokens(clock)).submit(order())
    assert caught.value.retryable
    assert not caught.value.unknown


def test_a_message_has_neither_apostrophe_nor_accents_and_fits() -> None:
    assert plain("Loyer d'août · Cité n°3") == "Loyer d aout Cite n3"
    assert len(plain("é" * 500)) == 160


@pytest.mark.parametrize(
    ("number", "rail"),
    [
        ("+237677000001", "rail.mtn"),
        ("+237650000001", "rail.mtn"),
        ("+237680000001", "rail.mtn"),
        ("+237690000001", None),
        ("+237655000001", None),
        ("+2250707070707", None),
    ],
)
def test_a_prefix_hints_at_the_rail(number: str, rail: str | None) -> None:
    found = serving(Phone(number))
    assert (found.name if found else None) == rail

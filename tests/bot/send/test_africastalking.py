"""The SMS client against a provider that answers as recorded, and against one that behaves badly."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from decimal import Decimal

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

import bot.send.africastalking as client
from bot.send.africastalking import AfricasTalking
from core.kit.errors import ProviderError
from core.kit.settings import Settings
from core.kit.speaker import Address
from core.notices.words import Parcel, Sent
from tests.patience import PATIENCE_S, until

TO = Address("sms", "+237677000001")
JSON = "application/json"
Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Provider:
    """Answers every call with the next scripted answer, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.content_type = 201, b"", JSON
        self.asked: list[tuple[dict[str, str], dict[str, str]]] = []

    async def messaging(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append((form, dict(request.headers)))
        headers = {"Content-Type": self.content_type, "Location": "/elsewhere"}
        return web.Response(status=self.status, body=self.body, headers=headers)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield session


@pytest.fixture
async def sms(provider: Provider, http: aiohttp.ClientSession) -> AsyncIterator[AfricasTalking]:
    app = web.Application()
    app.router.add_post("/version1/messaging", provider.messaging)
    server = TestServer(app)
    await server.start_server()
    yield _client(http, str(server.make_url("/version1")))
    await server.close()


def parcel(text: str = "x") -> Parcel:
    return Parcel(7, TO, text, "fr")


def _client(http: aiohttp.ClientSession, url: str) -> AfricasTalking:
    return AfricasTalking(http, Settings(africastalking_url=url, africastalking_username="toit", sms_sender="TMUT"))


def _answer(recipients: str, message: str = "Sent to 1/1 Total Cost: USD 0.0079 Message parts: 1") -> bytes:
    return f'{{"SMSMessageData":{{"Message":"{message}","Recipients":[{recipients}]}}}}'.encode()


def _recipient(
    code: object = 102, cost: str = '"XAF 14.5000"', ident: str = '"ATXid_5d1f"', status: str = "Success"
) -> str:
    return f'{{"cost":{cost},"messageId":{ident},"number":"+237677000001","status":"{status}","statusCode":{code}}}'


async def test_what_is_asked(sms: AfricasTalking, provider: Provider) -> None:
    provider.body = _answer(_recipient())
    await sms.send(parcel("Loyer reçu: 85.000F & merci é+"))
    ((form, headers),) = provider.asked
    assert form == {
        "username": "toit", "from": "TMUT", "to": "+237677000001", "message": "Loyer reçu: 85.000F & merci é+",
        "bulkSMSMode": "1", "enqueue": "1",
    }  # fmt: skip
    assert headers["apiKey"] == "demo-at-key"
    assert headers["Content-Type"].startswith("application/x-www-form-urlencoded")


TAKEN = [
    (_recipient(100), Sent("africastalking", "ATXid_5d1f", Decimal("14.5000"), "XAF")),
    (_recipient(101), Sent("africastalking", "ATXid_5d1f", Decimal("14.5000"), "XAF")),
    (_recipient(102, '"0"'), Sent("africastalking", "ATXid_5d1f", Decimal(0), None)),
    (_recipient('"102"', "0.8"), Sent("africastalking", "ATXid_5d1f", Decimal("0.8"), None)),
    (_recipient(102, "null"), Sent("africastalking", "ATXid_5d1f", None, None)),
    (_recipient(102, '"free"'), Sent("africastalking", "ATXid_5d1f", None, None)),
    (_recipient(102, '"XAF 99999999999999999999"'), Sent("africastalking", "ATXid_5d1f", None, None)),
    (_recipient(102, '"XAF -3"'), Sent("africastalking", "ATXid_5d1f", None, None)),
    (_recipient(102, '"0"', '"None"'), Sent("africastalking", "", Decimal(0), None)),
    (_recipient(102, '"0"', "null"), Sent("africastalking", "", Decimal(0), None)),
    (_recipient(102, '"0"', '"a\\u0000b"'), Sent("africastalking", "", Decimal(0), None)),
    (_recipient(102, '"0"', '"' + "x" * 129 + '"'), Sent("africastalking", "", Decimal(0), None)),
]


@pytest.mark.parametrize(("recipient", "sent"), TAKEN)
@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=utf-8", "text/html"])
async def test_messages_that_were_taken(
    sms: AfricasTalking, provider: Provider, recipient: str, sent: Sent, content_type: str
) -> None:
    provider.body, provider.content_type = _answer(recipient), content_type
    assert await sms.send(parcel("x")) == sent


NOT_TAKEN = [
    # status, body, code, retryable, unknown
    (201, _answer("", "InvalidSenderId"), "InvalidSenderId", False, False),
    (201, _answer("", ""), "refused", False, False),
    (201, _answer(_recipient(401, status="RiskHold")), "RiskHold", False, False),
    (201, _answer(_recipient(403, status="InvalidPhoneNumber")), "InvalidPhoneNumber", False, False),
    (201, _answer(_recipient(405, status="InsufficientBalance")), "InsufficientBalance", False, False),
    (201, _answer(_recipient(406, status="UserInBlacklist")), "UserInBlacklist", False, False),
    (201, _answer(_recipient(409, status="DoNotDisturbRejection")), "DoNotDisturbRejection", False, False),
    (201, _answer(_recipient(500, status="InternalServerError")), "InternalServerError", True, False),
    (201, _answer(_recipient(501, status="GatewayError")), "GatewayError", True, False),
    (201, _answer(_recipient(502, status="RejectedByGateway")), "RejectedByGateway", False, False),
    (201, _answer(_recipient('"soon"')), "Success", False, False),
    (201, b"", "unreadable_answer", False, True),
    (201, b"Sent", "unreadable_answer", False, True),
    (201, b'{"SMSMessageData":{"Message":"Sent to 1/1"}}', "unreadable_answer", False, True),
    (201, b'{"SMSMessageData":{"Recipients":{}}}', "unreadable_answer", False, True),
    (201, b'{"SMSMessageData":{"Recipients":[7]}}', "unreadable_answer", False, True),
    (201, b"[" * 100_000, "unreadable_answer", False, True),
    (201, _answer(_recipient()) + b" " * 300_000, "unreadable_answer", False, True),
    (200, b"<html>Request Rejected</html>", "unreadable_answer", False, True),
    (401, b"The supplied authentication is invalid", "http_401", False, False),
    (400, b"Request is missing required form field 'to'", "http_400", False, False),
    (302, b"", "http_302", False, False),
    (307, b"", "http_307", False, False),
    (429, b"slow down", "http_429", True, False),
    (500, b"<html>oops</html>", "http_500", True, False),
    (502, b"<html><h1>502 Bad Gateway</h1></html>", "http_502", True, False),
    (503, b"", "http_503", True, False),
    (504, b"<html>Gateway Time-out</html>", "http_504", False, True),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "code", "retryable", "unknown"), NOT_TAKEN)
async def test_messages_that_were_not(
    sms: AfricasTalking, provider: Provider, status: int, body: bytes, code: str, retryable: bool, unknown: bool
) -> None:
    provider.status, provider.body, provider.content_type = status, body, "text/plain"
    with pytest.raises(ProviderError) as caught:
        await sms.send(parcel("x"))
    assert (caught.value.code, caught.value.retryable, caught.value.unknown) == (code, retryable, unknown)
    assert "677000001" not in str(caught.value)
    assert len(provider.asked) == 1


@asynccontextmanager
async def _raw(handle: Handle) -> AsyncIterator[str]:
    """A server that speaks raw bytes; every connection is seen to its end before it is gone."""
    ended: list[asyncio.Future[None]] = []

    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        end = asyncio.get_running_loop().create_future()
        ended.append(end)
        with suppress(ConnectionError):
            await handle(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        end.set_result(None)

    server = await asyncio.start_server(closing, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await asyncio.gather(*ended)
    await server.wait_closed()


async def _failure(http: aiohttp.ClientSession, handle: Handle) -> ProviderError:
    """How a send fails against such a server."""
    async with _raw(handle) as url:
        with pytest.raises(ProviderError) as caught:
            await _client(http, url).send(parcel("x"))
    return caught.value


async def test_nobody_listens(http: aiohttp.ClientSession) -> None:
    with pytest.raises(ProviderError) as caught:
        await _client(http, "http://127.0.0.1:1").send(parcel("x"))
    assert (caught.value.code, caught.value.retryable, caught.value.unknown) == ("unreachable", True, False)


async def test_no_such_host(http: aiohttp.ClientSession) -> None:
    with pytest.raises(ProviderError) as caught:
        await _client(http, "http://nowhere.invalid").send(parcel("x"))
    assert (caught.value.retryable, caught.value.unknown) == (True, False)


async def test_no_answer_after_the_request_is_unknown(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_TIMEOUT", aiohttp.ClientTimeout(total=PATIENCE_S, sock_read=0.2))

    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.4)

    error = await _failure(http, silent)
    assert (error.code, error.retryable, error.unknown) == ("no_answer", False, True)


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{", b"garbage\r\n\r\n"],
    ids=["hangs up", "half an answer", "garbage"],
)
async def test_hanging_up_after_the_request_is_unknown(http: aiohttp.ClientSession, said: bytes) -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()

    error = await _failure(http, rude)
    assert (error.code, error.retryable, error.unknown) == ("no_answer", False, True)


async def test_a_kept_connection_that_was_closed_makes_no_message_unknown(http: aiohttp.ClientSession) -> None:
    connections = 0

    async def hung_up() -> bool:
        connector = http.connector
        assert connector is not None
        return not any(kept.is_connected() for held in connector._conns.values() for kept, _ in held)

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        body = _answer(_recipient())
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()

    async with _raw(once) as url:
        sms = _client(http, url)
        for _ in range(3):
            assert (await sms.send(parcel("x"))).provider_id == "ATXid_5d1f"
            await until(hung_up)
    assert connections == 3

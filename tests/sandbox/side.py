"""The app's side of the sandbox: a tiny app that answers what a test tells it to, and an MTN client."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import msgspec
from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestClient

from sandbox.settings import Settings
from tests import patience
from tests.patience import NEVER_S, PATIENCE_S

Client = TestClient[web.Request, web.Application]
Start = Callable[..., Awaitable[Client]]
TENANT = "237677000111"
SCALE = 50.0
ASTRAY = (("never", 0.0, 0), ("duplicate", NEVER_S, 1), ("duplicate", 0.1, 2), ("late", NEVER_S, 0), ("late", 0.1, 1))
"""What may happen to a message: the mishap, its seconds, and how often it arrives."""


@dataclass
class Call:
    """One request that reached the tiny app."""

    method: str
    path: str
    form: dict[str, str]
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        """The body, when it is JSON."""
        return msgspec.json.decode(self.body)


@dataclass
class TinyApp:
    """The app's side of every callback: it records, and answers what the test put into it."""

    calls: list[Call] = field(default_factory=list)
    ussd: Callable[[Call], Awaitable[web.StreamResponse] | web.StreamResponse] | None = None
    status: list[int] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Record a call and answer it."""
        body = await request.read()
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        call = Call(request.method, request.path, form, body, request.headers)
        self.calls.append(call)
        if request.path == "/webhooks/ussd/africastalking/s3cret" and self.ussd:
            answer = self.ussd(call)
            return answer if isinstance(answer, web.StreamResponse) else await answer
        if request.path.startswith("/webhooks/ussd") and not request.path.endswith("/end"):
            return con(f"text={form['text']}")
        return web.Response(status=self.status.pop(0) if self.status else 200)

    def to(self, end: str) -> list[Call]:
        """The calls whose path ends so."""
        return [call for call in self.calls if call.path.endswith(end)]

    async def wait(self, end: str, count: int = 1) -> list[Call]:
        """Wait until that many calls have come."""
        await until(lambda: len(self.to(end)) >= count)
        return self.to(end)

    async def arrived(self, end: str, count: int) -> list[Call]:
        """Wait until that many calls have come, and a little longer; AssertionError when there are more."""
        await self.wait(end, count)
        await quiet()
        assert len(self.to(end)) == count
        return self.to(end)


async def until(done: Callable[[], bool]) -> None:
    """Wait for something that will soon be true."""
    async with asyncio.timeout(PATIENCE_S):
        while not done():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.005)


async def quiet(seconds: float = 0.15) -> None:
    """Give something that must not happen the time to happen."""
    await asyncio.sleep(seconds)


def con(text: str, status: int = 200, content_type: str = "text/plain") -> web.Response:
    """A screen that goes on."""
    return web.Response(text=f"CON {text}", status=status, content_type=content_type)


def end(text: str) -> web.Response:
    """A last screen."""
    return web.Response(text=f"END {text}")


async def received(client: Client, count: int = 1, channel: str = "", msisdn: str = TENANT) -> list[Any]:
    """The messages of a phone once there are that many on a channel."""

    async def found() -> tuple[list[Any]] | None:
        listed = await ask(client, "GET", f"/phones/{msisdn}/messages")
        fitting = [message for message in listed if channel in {"", message["channel"]}]
        return (fitting,) if len(fitting) >= count else None

    return (await patience.until(found))[0]


async def say(client: Client, channel: str, status: int = 202, msisdn: str = TENANT, **said: Any) -> Any:
    """Do something in a chat."""
    return await ask(client, "POST", f"/phones/{msisdn}/{channel}", said, status)


async def order(client: Client, route: str, kind: str, **more: object) -> None:
    """Order a mishap, in the place of the one before."""
    await ask(client, "PUT", "/faults/f", {"route": route, "kind": kind, **more})


def base_of(client: Client) -> str:
    """The address of the sandbox."""
    return str(client.make_url("")).rstrip("/")


async def ask(client: Client, method: str, path: str, body: object = None, status: int = 200) -> Any:
    """Send JSON and check the status."""
    async with client.request(method, path, json=body) as got:
        assert got.status == status, await got.text()
        return await got.json()


@dataclass
class Mtn:
    """A well-behaved MTN client for tests."""

    client: Client
    callback: str
    headers: dict[str, str]

    async def pay(self, status: int = 202, **changes: Any) -> str:
        """Ask for a payment and return its reference."""
        async with self.request(**changes) as got:
            assert got.status == status, await got.text()
        return str(changes.get("reference", self.last))

    last: str = ""

    def request(self, **changes: Any) -> Any:
        """The request to pay with some parts changed."""
        self.last = str(changes.get("reference") or uuid4())
        headers = {**self.headers, "X-Reference-Id": self.last, "X-Callback-Url": self.callback}
        headers.update(changes.get("headers", {}))
        headers = {k: v for k, v in headers.items() if v is not None}
        body = {
            "amount": "75000",
            "currency": "XAF",
            "externalId": "P88213",
            "payer": {"partyIdType": "MSISDN", "partyId": changes.get("msisdn", TENANT)},
            "payerMessage": "Loyer novembre",
            "payeeNote": "A4821",
            **changes.get("body", {}),
        }
        return self.client.post("/mtn/collection/v1_0/requesttopay", json=body, headers=headers)

    async def get(self, path: str, status: int = 200) -> Any:
        """Read something of the Collection API."""
        async with self.client.get(f"/mtn/collection/v1_0/{path}", headers=self.headers) as got:
            assert got.status == status, await got.text()
            return await got.json(content_type=None)

    async def ended(self, reference: str) -> Any:
        """Wait until a payment is terminal and return its status answer."""

        async def told() -> Any:
            found = await self.get(f"requesttopay/{reference}")
            return None if found["status"] in {"PENDING", "CREATED"} else found

        return await patience.until(told, 0.005)


async def log_in(client: Client, tiny: TinyApp, settings: Settings) -> Mtn:
    """A client with a token."""
    key = {"Ocp-Apim-Subscription-Key": settings.mtn_subscription}
    auth = encode_basic_auth(settings.mtn_user, settings.mtn_key)
    grant = {"grant_type": "client_credentials"}
    async with client.post("/mtn/collection/token/", json=grant, headers={**key, "Authorization": auth}) as got:
        token = (await got.json())["access_token"]
    headers = {**key, "Authorization": f"Bearer {token}", "X-Target-Environment": "mtncameroon"}
    return Mtn(client, f"{tiny.url}/cb/mtn", headers)

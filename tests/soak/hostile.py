"""Hostile requests at every route: nothing may fall over, nothing may be believed, a wrong secret may store nothing."""

import asyncio
import gzip
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
import asyncpg
from yarl import URL

from core.kit.db import Database
from core.money.books import verify_books
from tests.house import Handset, House
from tests.patience import PATIENCE_S
from tests.soak.rig import rig
from tests.soak.tally import Tally, say

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
SECRET = "demo"
FORGED = b'{"externalId": "P10005", "status": "SUCCESSFUL", "amount": "85000", "currency": "XAF"}'
"""What somebody claims who is not the operator, about the first payment of a planted house."""

AT_ONCE = 10
ANSWERS_WITHIN_S = PATIENCE_S
LARGE = 1 << 20
"""Bytes; a client warns of more of them at once."""

HANGS = 3
"""An app that left so many requests unanswered is not asked again."""


class HangsError(Exception):
    """The app does not answer any more."""


WRONG = (
    "wrong", "demo2", "DEMO", "dem", "%00", "d%C3%A9mo", "demo%20", "%64emo%2f", "..", "%2e%2e%2fdemo", "x" * 2_000,
    "🏠", "%ff",
)  # fmt: skip
TEXTS = (
    "", " ", "0", "-1", "null", "\0", "1\x002", "\x01\x7f", "\r\n", "a\nSet-Cookie: b", "\u202e1\u2066", "\u200b",
    "🏠" * 300, "e\u0301" * 400, "شقة", "٣", "ｆｕｌｌ", "\ud800", "'; DROP TABLE place; --", "{{7*7}}", "CON 1", "END",
    "<script>alert(1)</script>", "${jndi:ldap://127.0.0.1/a}", "../../etc/passwd", "9" * 400, "1*" * 900, "x" * 5_000,
    "x" * 70_000, "+237670000101", "237670000101", "+0", "+" + "9" * 40, "MTN", "NaN", "1e999", "0x10", "true", "[]",
    "%", "%zz", "a=b&c=d",
)  # fmt: skip
VALUES: tuple[bytes, ...] = (
    *(text.encode("utf-8", "surrogatepass") for text in TEXTS),
    *(b"\xff\xfe", b"\xe8", b"\xc0\x80", b"\xed\xa0\x80", bytes(range(256))),
)
"""What no field expects; the last ones are no UTF-8 at all."""

CHARSETS = ("bogus", "utf-16", "utf-7", "rot13", "\x01", "iso-8859-1", "cp1252")
TYPES = (
    "", "text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=x", "not a type",
    *(f"{FORM}; charset={charset}" for charset in CHARSETS),
)  # fmt: skip
JSONS: tuple[bytes, ...] = (
    b"", b"null", b"[]", b"5", b'"x"', b"{}", b"{", b'{"externalId": 5}', b'{"externalId": null}',
    b'{"referenceId": "not a uuid"}', b'{"externalId": "\\u0000"}', b'{"externalId": "\\ud800"}', b"\xff\x00\xfe",
    b'{"externalId": "P1", "amount": 1e999}', b'{"a":' * 5_000, b"[" * 50_000, b"\x00", "é".encode("utf-16"),
    b'{"externalId": "' + b"x" * 60_000 + b'"}', b"{" * 65_000, b'{"referenceId": "\\u0000"}',
)  # fmt: skip
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "QUERY", "get", "BREW")
_START = b"POST {path} HTTP/1.1\r\nHost: a\r\n"
RAW = (
    b"GET / HTTP/1.1\r\n\r\n", b"GARBAGE\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    _START + b"Content-Length: -1\r\n\r\n", _START + b"Content-Length: 5\r\n\r\nab",
    _START + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", _START + b"X: " + b"y" * 70_000,
    _START + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    _START + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    _START + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\nab",
    _START + b"Content-Encoding: gzip\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\n\r\na",
)  # fmt: skip
"""Bytes that no client library would send."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the app: ``good`` is a form it takes, or nothing when it takes JSON."""

    name: str
    method: str
    path: str
    good: dict[str, str] = field(default_factory=dict)

    def at(self, secret: str) -> str:
        """With a secret in it."""
        return self.path.replace("SECRET", secret)

    def body(self, **changed: str | bytes) -> bytes:
        """The good form with some fields changed."""
        return (
            urlencode({**self.good, **changed}).encode()
            if self.good
            else b'{"externalId": "P10005", "status": "SUCCESSFUL"}'
        )

    @property
    def type(self) -> str:
        """What it is sent as."""
        return FORM if self.good else JSON


_USSD = {
    "sessionId": "ATUid_h1", "phoneNumber": "+237670000177", "networkCode": "62401", "serviceCode": "*384#", "text": "",
}  # fmt: skip
_SMS = {
    "id": "h-1", "text": "AIDE", "from": "+237670000178", "to": "8123", "date": "2026-11-05 08:00:00", "linkId": "l-1",
}  # fmt: skip
_REPORT = {"id": "ATXid_h1", "status": "Success", "phoneNumber": "+237670000178", "networkCode": "62401"}
_STOP = {"senderId": "TMUT", "phoneNumber": "+237670000179"}
_AT_USSD, _AT_SMS, _MTN = (
    f"/webhooks/{room}/SECRET" for room in ("ussd/africastalking", "sms/africastalking", "payments/mtn")
)
ROUTES = (
    Route("ussd", "POST", _AT_USSD, _USSD),
    Route("ussd end", "POST", f"{_AT_USSD}/end", {**_USSD, "status": "Success", "hopsCount": "2"}),
    Route("sms incoming", "POST", _AT_SMS, _SMS),
    Route("sms delivery", "POST", f"{_AT_SMS}/delivery", _REPORT),
    Route("sms optout", "POST", f"{_AT_SMS}/optout", _STOP),
    Route("payments PUT", "PUT", _MTN),
    Route("payments POST", "POST", _MTN),
)
_CHAT = {"MessageSid": "SMh1", "From": "whatsapp:+237670000180", "To": "whatsapp:+237650003840", "Body": "menu"}
SEALED = (
    Route("twilio", "POST", "/webhooks/twilio", _CHAT),
    Route("twilio status", "POST", "/webhooks/twilio/status", {**_CHAT, "MessageStatus": "sent"}),
    Route("whatsapp", "POST", "/webhooks/whatsapp"),
    Route("telegram", "POST", "/webhooks/telegram"),
)
"""Addresses that everybody knows: without a signature nothing sent there may be kept."""

OPEN_ROUTES = ("/healthz", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class Shot:
    """One request."""

    route: str
    method: str
    path: str
    body: bytes = b""
    type: str = FORM
    headers: tuple[tuple[str, str], ...] = ()


class Hostile:
    """Sends them to one app, and knows its database."""

    def __init__(self, base: str, database_url: str, tally: Tally, chance: Random) -> None:
        self.base, self.url, self.tally, self.chance = base, database_url, tally, chance
        self._hangs = 0

    async def attack(self, rounds: int, every: int = 1) -> None:
        """Everything once (or one in ``every``), and ``rounds`` mixtures a route; then a good caller and the books."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWERS_WITHIN_S)) as http:
            self._http = http
            before = await self.rows()
            await self._volley(
                [shot for route in ROUTES for shot in list(strangers(route))[:: max(1, every // 3)]], expected=403
            )
            await self._volley([shot for route in SEALED for shot in list(_known(route))[::every]], refused=True)
            await self._volley(
                [shot for route in SEALED for shot in _mixtures(route, self.chance, rounds)], refused=True
            )
            await self._raw(WRONG[0])
            await self._nothing_changed(before)
            money = await self.money()
            for route in ROUTES:
                await self._volley([*list(_known(route))[::every], *_mixtures(route, self.chance, rounds)])
                await self._ten_times(route)
            await self._volley([Shot(path, method, path) for path in OPEN_ROUTES for method in METHODS])
            await self._raw(SECRET)
            if await self.money() != money:
                self.tally.breach("a hostile request moved money or an attempt")
            await self._a_good_caller()
        await self._books()

    # --- what is sent ---

    async def _volley(self, shots: list[Shot], expected: int = 0, *, refused: bool = False) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(shot: Shot) -> None:
            async with gate:
                if self._hangs < HANGS:
                    status, _ = await self._send(shot, expected)
                    if refused and status in range(200, 400) and shot.method != "OPTIONS":
                        self.tally.breach(f"{status} to {shot.method} {shot.route} without a signature")

        await asyncio.gather(*(one(shot) for shot in shots))
        if self._hangs >= HANGS:
            raise HangsError

    async def _send(self, shot: Shot, expected: int = 0) -> tuple[int, bytes]:
        self.tally.add(f"hostile: {shot.route}")
        headers = {**dict(shot.headers), **({"Content-Type": shot.type} if shot.type else {})}
        url = URL(self.base + shot.path, encoded=True)
        try:
            body = io.BytesIO(shot.body) if len(shot.body) > LARGE else shot.body
            async with self._http.request(shot.method, url, data=body, headers=headers) as answer:
                content = await answer.read()
        except (aiohttp.ClientError, ValueError):
            self.tally.add("answered with a closed connection, or not sendable")
            return 0, b""
        except TimeoutError:
            self.tally.breach(f"no answer within {ANSWERS_WITHIN_S} s: {shot.route} {shot.method} {shot.body[:80]!r}")
            self._hangs += 1
            return 0, b""
        self.tally.add(f"answered {answer.status}")
        if answer.status >= 500 and shot.path != "/readyz":
            self.tally.breach(f"{answer.status} to {shot.method} {shot.route} {shot.type!r} {shot.body[:200]!r}")
        if b"Traceback" in content or b"asyncpg" in content:
            self.tally.breach(f"an answer shows the inside: {shot.route} {shot.body[:80]!r}")
        if expected and answer.status not in {expected, 400, 404}:
            self.tally.breach(f"{answer.status} instead of {expected} to {shot.route} {shot.path[:60]!r}")
        return answer.status, content

    async def _ten_times(self, route: Route) -> None:
        """The same good request ten times at once, and once more later: the same answer."""
        shot = Shot(route.name, route.method, route.at(SECRET), route.body(), route.type)
        answers = await asyncio.gather(*(self._send(shot) for _ in range(AT_ONCE)))
        if len({*answers, await self._send(shot)}) != 1:
            self.tally.breach(f"{route.name}: the same request, different answers {set(answers)}")

    async def _raw(self, secret: str) -> None:
        """What no client library would send."""
        where = urlsplit(self.base)
        for route in (*ROUTES, *SEALED):
            for raw in RAW:
                self.tally.add("hostile: raw bytes")
                with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                    await self._throw(
                        where.hostname or "", where.port or 0, raw.replace(b"{path}", route.at(secret).encode())
                    )

    async def _throw(self, host: str | None, port: int | None, raw: bytes) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(raw)
            writer.write_eof()
            async with asyncio.timeout(2):
                answer = await reader.read(64)
            if answer.startswith(b"HTTP/1.1 5"):
                self.tally.breach(f"{answer[:30]!r} to raw bytes {raw[:80]!r}")
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    # --- what must be true ---

    async def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        connection = await asyncpg.connect(self.url)
        tables = await connection.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        found = {
            row["name"]: await connection.fetchval(f"SELECT count(*) FROM {row['name']}")  # noqa: S608 - our own tables
            for row in tables
        }
        await connection.close()
        return found

    async def _nothing_changed(self, before: dict[str, int]) -> None:
        after = await self.rows()
        for table, count in before.items():
            if after[table] != count:
                self.tally.breach(f"without the secret {after[table] - count} rows were stored in {table}")
        self.tally.add("tables compared", len(before))

    async def money(self) -> list[tuple[object, ...]]:
        """Every attempt with its state, and how many entries there are: no request alone may change them."""
        connection = await asyncpg.connect(self.url)
        rows = await connection.fetch(
            "SELECT ref, state, (SELECT count(*) FROM entry) AS entries FROM payment_attempt ORDER BY id"
        )
        await connection.close()
        return [tuple(row) for row in rows]

    async def _a_good_caller(self) -> None:
        route = ROUTES[0]
        body = route.body(sessionId="ATUid_good", phoneNumber="+237670000190")
        status, answer = await self._send(Shot("a good caller", "POST", route.at(SECRET), body))
        if status != 200 or not answer.startswith(b"CON "):
            self.tally.breach(f"afterwards a good caller got {status} {answer[:80]!r}")

    async def _books(self) -> None:
        db = await Database.open(self.url, size=2)
        report = await verify_books(db, [])
        await db.close()
        if not report.sound:
            self.tally.breach(f"the books\n{report.words()}")


def strangers(route: Route) -> Iterator[Shot]:
    """Good requests with a wrong secret, and bad ones too."""
    for secret in WRONG:
        yield Shot(route.name, route.method, route.at(secret), route.body(), route.type)
    for value in VALUES[:20]:
        yield Shot(route.name, route.method, route.at(WRONG[0]), _spoilt(route, value), route.type)


def _spoilt(route: Route, value: bytes) -> bytes:
    """The good body with the value in place of what matters most."""
    if not route.good:
        return value
    return route.body(**{next(iter(route.good)): value})


def _known(route: Route) -> Iterator[Shot]:
    """With the secret: every field with every value, left out, twice; every type, method, length and packing."""
    path, whole = route.at(SECRET), route.body()
    for body in _bodies(route, whole):
        yield Shot(route.name, route.method, path, body, route.type)
    for kind in TYPES:
        yield Shot(route.name, route.method, path, whole, kind)
    for method in METHODS:
        yield Shot(route.name, method, path, whole, route.type)
    for encoding in ("gzip", "deflate", "br", "zstd", "bogus", "gzip, gzip"):
        for body in (whole, gzip.compress(whole), gzip.compress(b"a=" + b"b" * 20_000_000, 1)):
            yield Shot(route.name, route.method, path, body, route.type, (("Content-Encoding", encoding),))
    for header in (
        ("X-Long", "y" * 9_000),
        ("Cookie", "a=b; " * 200),
        ("Expect", "100-continue"),
        ("Range", "bytes=0-1"),
    ):
        yield Shot(route.name, route.method, path, whole, route.type, (header,))


def _bodies(route: Route, whole: bytes) -> Iterator[bytes]:
    yield from (whole[:cut] for cut in range(0, len(whole), 3))
    yield from (b"a=1&" * 300_000, b"a" * 300_000, b"&" * 10_000, b"=" * 1_000, b"%" * 1_000, b"\0" * 100)
    if not route.good:
        yield from (*JSONS, *VALUES)
        return
    for name in route.good:
        yield from (route.body(**{name: value}) for value in VALUES)
        yield urlencode({key: value for key, value in route.good.items() if key != name}).encode()
        yield whole + b"&" + quote(name).encode() + b"=again"
    yield whole + b"&" + urlencode({f"extra{n}": n for n in range(200)}).encode()


def _mixtures(route: Route, chance: Random, rounds: int) -> Iterator[Shot]:
    """Several fields wrong at once, and bytes changed at random places."""
    for _ in range(rounds):
        changed = {name: chance.choice(VALUES) for name in route.good if chance.random() < 0.4}
        body = bytearray(route.body(**changed))
        for _ in range(chance.randint(0, 3)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        kind = chance.choice(TYPES) if chance.random() < 0.1 else route.type
        yield Shot(route.name, route.method, route.at(SECRET), bytes(body), kind)


async def run(database_url: str, seed: int, rounds: int = 300) -> Tally:
    """Against one app process with an open payment and no worker, so that every row is counted."""
    tally, chance = Tally(), Random(seed)  # noqa: S311 - what was found once must be found again
    async with rig(database_url, tally) as found:
        say(f"starting one app and PostgreSQL (seed {seed})")
        await found.open(webs=("web1",), workers=())
        await begin_to_pay(found.house)
        hostile = Hostile(f"http://127.0.0.1:{found.ports['web1']}", found.house.url, tally, chance)
        with suppress(HangsError):  # told as breaches
            await hostile.attack(rounds)
        say(tally.line())
    return tally


async def begin_to_pay(house: House) -> None:
    """An attempt that forged callbacks can lie about."""
    tenant = house.people[0]
    phone = Handset(house, tenant["number"])
    await phone.dial("*384*2#")
    await phone.choose("85.000F", "MTN")
    await phone.answer(tenant["pin"])

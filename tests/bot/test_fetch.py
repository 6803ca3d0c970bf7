"""Downloads from the providers, against a server that behaves like them and like those who would abuse us."""

import gzip
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.fetch.vendors import MetaFiles, TelegramFiles, TwilioFiles, vendors
from core.kit.errors import ProviderError
from core.kit.settings import Settings
from core.notices.attachments import LARGEST, Unwanted

JPEG = b"\xff\xd8\xff\xe0picture"
TOKEN = "7700:AAH-of-this-test"

Answer = web.Response | Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class World:
    """Answers every path as it is told to, and remembers who asked with what."""

    base: str = ""
    paths: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path_qs, request.headers.get("Authorization", "")))
        answer = self.paths.get(request.path, web.Response(status=404))
        if isinstance(answer, web.Response):
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        return await answer(request)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    app = web.Application()
    app.router.add_get("/{path:.*}", world.answer)
    async with TestServer(app) as server:
        world.base = str(server.make_url("")).rstrip("/")
        yield world


@pytest.fixture
async def other() -> AsyncIterator[World]:
    """A host that nobody named."""
    world = World()
    app = web.Application()
    app.router.add_get("/{path:.*}", world.answer)
    async with TestServer(app) as server:
        world.base = str(server.make_url("")).rstrip("/")
        yield world


@pytest.fixture
def settings(world: World) -> Settings:
    return Settings(
        _env_file=None,
        twilio_url=f"{world.base}/twilio",
        meta_url=f"{world.base}/meta/v23.0",
        telegram_url=f"{world.base}/telegram",
        telegram_token=TOKEN,
        meta_access_token="EAAG-of-this-test",
        twilio_account="AC7",
        twilio_token="twilio-of-this-test",
    )


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


@pytest.fixture
def twilio(http: aiohttp.ClientSession, settings: Settings) -> TwilioFiles:
    return TwilioFiles(http, settings)


@pytest.fixture
def meta(http: aiohttp.ClientSession, settings: Settings) -> MetaFiles:
    return MetaFiles(http, settings)


@pytest.fixture
def telegram(http: aiohttp.ClientSession, settings: Settings) -> TelegramFiles:
    return TelegramFiles(http, settings)


def moved(url: str) -> web.Response:
    """A redirect."""
    return web.Response(status=307, headers={"Location": url})


def test_every_source_that_brings_files_has_somebody_who_fetches_them(
    http: aiohttp.ClientSession, settings: Settings
) -> None:
    assert set(vendors(http, settings)) == {"twilio", "meta", "telegram"}


# --- Twilio


async def test_twilio_asks_for_the_account(world: World, twilio: TwilioFiles) -> None:
    world.paths["/twilio/Media/ME1"] = web.Response(body=JPEG)
    assert await twilio.fetch("ME1", f"{world.base}/twilio/Media/ME1") == JPEG
    assert world.asked == [("/twilio/Media/ME1", f"Basic {b64encode(b'AC7:twilio-of-this-test').decode()}")]


async def test_a_redirect_within_the_host_is_followed(world: World, twilio: TwilioFiles) -> None:
    world.paths |= {"/twilio/Media/ME1": moved("/files/1"), "/files/1": web.Response(body=JPEG)}
    assert await twilio.fetch("ME1", f"{world.base}/twilio/Media/ME1") == JPEG


@pytest.mark.parametrize(
    "url",
    [
        "", "/files/1", "file:///etc/passwd", "ftp://127.0.0.1/x", "http://169.254.169.254/latest/meta-data",
        "http://localhost:5432/", "https://api.twilio.com.evil.example/x", "https://api.twilio.com:8443/x",
        "http://api.twilio.com/x", "https://api.twilio.com@evil.example/x", "https://user:pass@api.twilio.com/x",
        "https://[::1]/x", "https://[", "//api.twilio.com/x", "https://xn--/", "https://api.twilio.com\\@evil.example",
    ],
)  # fmt: skip
async def test_an_address_elsewhere_is_never_asked(world: World, twilio: TwilioFiles, url: str) -> None:
    with pytest.raises(Unwanted, match="host"):
        await twilio.fetch("ME1", url)
    world.paths["/twilio/Media/ME1"] = moved(url or "http://127.0.0.1:1/")
    if url != "/files/1":
        with pytest.raises(Unwanted, match="host"):
            await twilio.fetch("ME1", f"{world.base}/twilio/Media/ME1")


async def test_no_redirect_leads_to_another_port_of_the_same_machine(
    world: World, other: World, twilio: TwilioFiles
) -> None:
    other.paths["/x"] = web.Response(body=JPEG)
    world.paths["/twilio/Media/ME1"] = moved(f"{other.base}/x")
    with pytest.raises(Unwanted, match="host"):
        await twilio.fetch("ME1", f"{world.base}/twilio/Media/ME1")
    assert other.asked == []


async def test_redirects_have_an_end(world: World, twilio: TwilioFiles) -> None:
    world.paths["/round"] = moved("/round")
    with pytest.raises(ProviderError, match="redirects"):
        await twilio.fetch("ME1", f"{world.base}/round")
    assert len(world.asked) == 4


@pytest.mark.parametrize(("status", "retryable"), [(500, True), (503, True), (429, True), (404, True), (403, False)])
async def test_a_refusal_is_told_apart_from_a_bad_moment(
    world: World, twilio: TwilioFiles, status: int, retryable: bool
) -> None:
    world.paths["/x"] = web.Response(status=status, body=JPEG)
    with pytest.raises(ProviderError) as failed:
        await twilio.fetch("ME1", f"{world.base}/x")
    assert (failed.value.code, failed.value.retryable) == (f"http_{status}", retryable)


async def test_nobody_there_is_a_bad_moment(http: aiohttp.ClientSession, settings: Settings) -> None:
    away = settings.model_copy(update={"twilio_url": "http://127.0.0.1:9"})
    with pytest.raises(ProviderError, match="no_answer") as failed:
        await TwilioFiles(http, away).fetch("ME1", "http://127.0.0.1:9/x")
    assert failed.value.retryable


async def test_too_large_is_not_read_to_its_end(world: World, twilio: TwilioFiles) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            while sent < 50 * LARGEST:
                await answer.write(b"\0" * 65_536)
                sent += 65_536
        except ConnectionError:
            pass
        return answer

    world.paths |= {"/endless": endless, "/told": web.Response(body=b"\0" * (LARGEST + 1))}
    for path in ("/endless", "/told"):
        with pytest.raises(Unwanted, match="too_large"):
            await twilio.fetch("ME1", world.base + path)
    assert sent < 10 * LARGEST


async def test_nothing_is_unpacked(world: World, twilio: TwilioFiles) -> None:
    packed = gzip.compress(b"\0" * 50_000_000)
    world.paths["/bomb"] = web.Response(body=packed, headers={"Content-Encoding": "gzip"})
    assert await twilio.fetch("ME1", f"{world.base}/bomb") == packed


# --- Meta


async def test_meta_s_id_leads_to_an_address(world: World, meta: MetaFiles) -> None:
    found = {"url": f"{world.base}/lookaside/1?ext=2", "mime_type": "image/jpeg", "file_size": len(JPEG), "id": "65"}
    world.paths |= {"/meta/v23.0/65": web.json_response(found), "/lookaside/1": web.Response(body=JPEG)}
    assert await meta.fetch("65", "https://evil.example/old") == JPEG
    assert world.asked == [
        ("/meta/v23.0/65", "Bearer EAAG-of-this-test"),
        ("/lookaside/1?ext=2", "Bearer EAAG-of-this-test"),
    ]


@pytest.mark.parametrize("url", ["http://evil.example/x", "https://fbsbx.com/x", "http://lookaside.fbsbx.com/x", None])
async def test_meta_s_address_elsewhere_is_never_asked(world: World, meta: MetaFiles, url: str | None) -> None:
    world.paths["/meta/v23.0/65"] = web.json_response({"url": url})
    with pytest.raises(Unwanted, match="host"):
        await meta.fetch("65", "")


@pytest.mark.parametrize("media_id", ["", "../me", "65/phone_numbers", "65?fields=x", "65%2e", "é", "6" * 129])
async def test_an_id_that_leads_elsewhere_is_never_asked(world: World, meta: MetaFiles, media_id: str) -> None:
    with pytest.raises(Unwanted, match="id"):
        await meta.fetch(media_id, "")
    assert world.asked == []


@pytest.mark.parametrize("size", [LARGEST + 1, str(LARGEST + 1)])
async def test_what_meta_calls_too_large_is_not_asked_for(world: World, meta: MetaFiles, size: int | str) -> None:
    world.paths["/meta/v23.0/65"] = web.json_response({"url": f"{world.base}/x", "file_size": size})
    with pytest.raises(Unwanted, match="too_large"):
        await meta.fetch("65", "")
    assert len(world.asked) == 1


@pytest.mark.parametrize("body", [b"", b"<html>502</html>", b"[]", b'{"url":', b"\xff"])
async def test_an_answer_nobody_can_read_is_a_bad_moment(world: World, meta: MetaFiles, body: bytes) -> None:
    world.paths["/meta/v23.0/65"] = web.Response(body=body)
    with pytest.raises(ProviderError, match="unreadable_answer") as failed:
        await meta.fetch("65", "")
    assert failed.value.retryable


# --- Telegram


def told(**result: object) -> web.Response:
    """What getFile answers."""
    body = {"ok": True, "result": {"file_id": "f/1 é", "file_unique_id": "u", **result}}
    return web.json_response(body)


async def test_telegram_s_id_leads_to_a_path(world: World, telegram: TelegramFiles) -> None:
    world.paths |= {
        f"/telegram/bot{TOKEN}/getFile": told(file_path="photos/file_7.jpg", file_size=len(JPEG)),
        f"/telegram/file/bot{TOKEN}/photos/file_7.jpg": web.Response(body=JPEG),
    }
    assert await telegram.fetch("f/1 é&x=y", "") == JPEG
    assert world.asked[0][0].startswith(f"/telegram/bot{TOKEN}/getFile?file_id=f/1+%C3%A9%26x%3Dy")


@pytest.mark.parametrize(
    "path", ["", "../../bot/getMe", "photos/../../x", "/etc/passwd", "http://evil.example/x", "a?b", "a#b", "é", "a//b"]
)
async def test_a_path_that_leads_elsewhere_is_never_asked(world: World, telegram: TelegramFiles, path: str) -> None:
    world.paths[f"/telegram/bot{TOKEN}/getFile"] = told(file_path=path)
    with pytest.raises(Unwanted, match="path"):
        await telegram.fetch("f1", "")
    assert len(world.asked) == 1


async def test_what_telegram_calls_too_large_is_not_asked_for(world: World, telegram: TelegramFiles) -> None:
    world.paths[f"/telegram/bot{TOKEN}/getFile"] = told(file_path="a.jpg", file_size=LARGEST + 1)
    with pytest.raises(Unwanted, match="too_large"):
        await telegram.fetch("f1", "")


async def test_a_file_that_telegram_does_not_know_has_failed(world: World, telegram: TelegramFiles) -> None:
    world.paths[f"/telegram/bot{TOKEN}/getFile"] = web.json_response(
        {"ok": False, "error_code": 400, "description": "Bad Request: file is too big"}, status=400
    )
    with pytest.raises(ProviderError, match="http_400") as failed:
        await telegram.fetch("f1", "")
    assert not failed.value.retryable


async def test_no_error_tells_the_token(telegram: TelegramFiles) -> None:
    with pytest.raises(ProviderError) as failed:
        await telegram.fetch("f1", "")
    assert TOKEN not in repr(failed.value)

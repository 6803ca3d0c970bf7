"""Telegram's package over the worker's session: what it puts on the wire, and what is known when no answer comes."""

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot
from telegram.error import TelegramError

from bot.send.telegram import bot_of
from bot.send.telegram_http import Unanswered
from core.kit.settings import Settings
from tests.bot.send.conftest import Answer, Vendor
from tests.patience import PATIENCE_S
from webhooks.exchanges import Exchanges

SECRET = "AAH-a-token-of-this-test"
WRITTEN = Answer(
    200, '{"ok": true, "result": {"message_id": 9, "date": 1795000000, "chat": {"id": 1, "type": "private"}}}'
)

Connected = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def settings(url: str) -> Settings:
    return Settings(_env_file=None, telegram_url=url, telegram_token=f"384000:{SECRET}")


@asynccontextmanager
async def wire(connected: Connected, http: aiohttp.ClientSession) -> AsyncIterator[Bot]:
    """A bot whose Telegram does with a connection whatever it likes."""
    server = await asyncio.start_server(connected, "127.0.0.1")
    try:
        yield bot_of(settings(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"), http)
    finally:
        server.close()


async def unanswered(sending: Awaitable[object]) -> Unanswered:
    with pytest.raises(Unanswered) as caught:
        await sending
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return caught.value


async def hung_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1 << 16)
    writer.close()


async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1 << 16)
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ok": true')
    writer.close()


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(1 << 16):
        pass
    writer.close()


@pytest.mark.parametrize("connected", [hung_up, cut, silent])
async def test_what_was_written_and_not_answered_is_unknown(connected: Connected, http: aiohttp.ClientSession) -> None:
    async with wire(connected, http) as bot:
        error = await unanswered(bot.send_message("1", "x", read_timeout=0.1))
    assert (error.verdict.code, error.verdict.retryable, error.verdict.unknown) == ("no_answer", False, True)


async def test_an_answer_that_never_ends_is_unknown(vendor: Vendor, http: aiohttp.ClientSession) -> None:
    vendor.script = [Answer(200, b"x" * 300_000)]
    error = await unanswered(bot_of(settings(vendor.url), http).send_message("1", "x"))
    assert error.verdict.unknown


async def test_who_waited_for_a_connection_has_sent_nothing() -> None:
    asked, seen = asyncio.Event(), asyncio.Event()

    async def first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 16)
        assert not asked.is_set()
        asked.set()
        await seen.wait()
        writer.close()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as http, wire(first, http) as bot:
        holding = asyncio.create_task(unanswered(bot.send_message("1", "x", read_timeout=PATIENCE_S)))
        await asked.wait()
        error = await unanswered(bot.send_message("2", "x", pool_timeout=0.05, connect_timeout=0.05))
        assert (error.verdict.code, error.verdict.retryable, error.verdict.unknown) == ("unreachable", True, False)
        seen.set()
        assert (await holding).verdict.unknown


async def test_a_connection_that_is_not_made_in_time_has_sent_nothing(http: aiohttp.ClientSession) -> None:
    with socket.socket() as full, socket.socket() as only:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        only.connect(full.getsockname())
        bot = bot_of(settings(f"http://127.0.0.1:{full.getsockname()[1]}"), http)
        error = await unanswered(bot.send_message("1", "x", connect_timeout=0.1))
    assert (error.verdict.code, error.verdict.retryable, error.verdict.unknown) == ("unreachable", True, False)


async def test_no_limit_is_none(vendor: Vendor, http: aiohttp.ClientSession) -> None:
    vendor.script = [WRITTEN]
    bot = bot_of(settings(vendor.url), http)
    none: dict[str, Any] = dict.fromkeys(("read_timeout", "write_timeout", "connect_timeout", "pool_timeout"))
    assert (await bot.send_message("1", "x", **none)).message_id == 9


async def test_words_go_as_a_form_and_who_asks_is_said(vendor: Vendor, http: aiohttp.ClientSession) -> None:
    vendor.script = [WRITTEN]
    await bot_of(settings(vendor.url), http).send_message("1", "Loyer payé & reçu = 85 000 F ✓")
    (asked,) = vendor.asked
    assert asked.form == [("chat_id", "1"), ("text", "Loyer payé & reçu = 85 000 F ✓")]
    assert asked.headers["User-Agent"].startswith("python-telegram-bot")


async def test_a_file_is_uploaded_whole(http: aiohttp.ClientSession) -> None:
    """Beside its fields, with its name and kind."""
    taken: dict[str, object] = {}

    async def take(request: web.Request) -> web.Response:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                taken[name] = value.filename, value.content_type, value.file.read()
            else:
                taken[name] = value
        return web.json_response(text=str(WRITTEN.body))

    app = web.Application()
    app.router.add_post("/bot{token}/sendDocument", take)
    async with TestServer(app) as server:
        bot = bot_of(settings(str(server.make_url("")).rstrip("/")), http)
        await bot.send_document("1", b"%PDF-1.7 \x00\xff", "Reçu", filename="recu-12.pdf")
    assert taken == {
        "chat_id": "1",
        "caption": "Reçu",
        "document": ("recu-12.pdf", "application/pdf", b"%PDF-1.7 \x00\xff"),
    }


async def test_the_package_may_open_and_close_it_and_fetch(vendor: Vendor, http: aiohttp.ClientSession) -> None:
    vendor.script = [Answer(200, '{"ok": true, "result": {"id": 384000, "is_bot": true, "first_name": "Toit"}}')]
    async with bot_of(settings(vendor.url), http) as bot:
        assert bot.first_name == "Toit"
        vendor.script = [Answer(200, b"bytes")]
        assert await bot.request.retrieve(f"{vendor.url}/file") == b"bytes"
    assert vendor.asked[-1].method == "GET"
    assert not http.closed


async def test_the_channel_log_sees_it_without_the_token(vendor: Vendor) -> None:
    lines: list[Mapping[str, Any]] = []
    vendor.script = [WRITTEN]
    own = settings(vendor.url)
    async with aiohttp.ClientSession(trace_configs=[Exchanges(own, lines.append).tracing()]) as http:
        await bot_of(own, http).send_message("1", "bonjour")
        with pytest.raises(TelegramError):
            await bot_of(own.model_copy(update={"telegram_url": "http://127.0.0.1:1"}), http).send_message("1", "x")
    assert [line["url"].rpartition("/bot")[2] for line in lines] == ["***/sendMessage"] * 2
    assert lines[0]["body"] == "chat_id=1&text=bonjour"
    assert SECRET not in str(lines)

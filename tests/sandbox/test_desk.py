"""The JSON for testers and the page: strict about what it reads, never a stack trace."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sandbox.settings import Settings
from sandbox.store import Store
from tests.patience import PATIENCE_S
from tests.sandbox.side import TENANT, Client, Mtn, ask

PHONE = f"/phones/{TENANT}"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{PHONE}/dial", b"{"),
        ("POST", f"{PHONE}/dial", b"\xff\xfe"),
        ("POST", f"{PHONE}/dial", b"{}"),
        ("POST", f"{PHONE}/dial", b'{"code": 384}'),
        ("POST", f"{PHONE}/dial", b'{"code": "*384#", "x": 1}'),
        ("POST", f"{PHONE}/answer", b"[]"),
        ("POST", f"{PHONE}/hangup", b'{"now": true}'),
        ("POST", f"{PHONE}/sms", b'{"message": "x"}'),
        ("POST", f"{PHONE}/network", b'{"on": "yes"}'),
        ("POST", f"{PHONE}/prompts/1", b'{"pin": 1}'),
        ("PUT", f"/wallets/mtn/{TENANT}", b'{"balance": -1}'),
        ("PUT", f"/wallets/mtn/{TENANT}", b'{"balance": 1.5}'),
        ("PUT", f"/wallets/mtn/{TENANT}", b'{"behaviour": "generous"}'),
        ("PUT", f"/wallets/mtn/{TENANT}", b'{"behaviour": "delay:soon"}'),
        ("PUT", f"/wallets/mtn/{TENANT}", b'{"pin": "12"}'),
        ("PUT", f"/wallets/mtn/{TENANT}", b'{"colour": "red"}'),
        ("POST", "/phones/abc/dial", b'{"code": "*384#"}'),
        ("GET", "/phones/12/messages", b""),
        ("GET", "/wallets/mtn/++237677000111", b""),
    ],
)
async def test_bad_requests(client: Client, method: str, path: str, body: bytes) -> None:
    async with client.request(method, path, data=body) as got:
        assert got.status == 400
        assert (await got.json())["error"]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/faults/x", 405)])
async def test_unknown_addresses_are_json_too(client: Client, method: str, path: str, status: int) -> None:
    assert (await ask(client, method, path, status=status))["error"]


async def test_wallet_defaults_and_changes(client: Client) -> None:
    first = await ask(client, "GET", f"/wallets/mtn/%2B{TENANT}")
    assert first == {"msisdn": TENANT, "balance": 500_000, "behaviour": "ask", "pin": first["pin"]}
    assert len(first["pin"]) == 5
    changed = await ask(client, "PUT", f"/wallets/mtn/{TENANT}", {"balance": 7, "pin": "1234"})
    assert changed == {**first, "balance": 7, "pin": "1234"}
    changed = await ask(client, "PUT", f"/wallets/mtn/{TENANT}", {"behaviour": "delay:3"})
    assert changed == {**first, "balance": 7, "pin": "1234", "behaviour": "delay:3"}


async def test_people(client: Client, people_file: Path) -> None:
    assert (await ask(client, "GET", "/people"))[0]["name"] == "Ngono Bella Awa"


@pytest.mark.parametrize("content", ["[{", "", '{"name": "Awa"}', None])
async def test_people_missing_or_half_written(client: Client, settings: Settings, content: str | None) -> None:
    write_people(settings.home, content)
    assert await ask(client, "GET", "/people") == []


def write_people(home: Path, content: str | None) -> None:
    """Put something in place of the people."""
    if content is not None:
        (home / "people.json").write_text(content, encoding="utf-8")


async def test_health(client: Client) -> None:
    assert await ask(client, "GET", "/healthz") == {"status": "ok"}


async def test_only_answers_to_a_loopback_name(client: Client) -> None:
    async with client.get("/truth/mtn", headers={"Host": "toit.example"}) as got:
        assert got.status == 403


async def test_events(client: Client) -> None:
    async with client.get("/events") as stream:
        assert stream.content_type == "text/event-stream"
        assert await event(stream) == {"kind": "hello"}
        await ask(client, "POST", f"{PHONE}/dial", {"code": "*384#"})
        asked, shown = await event(stream), await event(stream)
        assert (asked["kind"], asked["msisdn"], asked["text"]) == ("asked", TENANT, "")
        assert (shown["kind"], shown["screen"]["text"]) == ("screen", "text=")


async def event(stream: Any) -> Any:
    """The next event of a stream."""
    async with asyncio.timeout(PATIENCE_S):
        line = await stream.content.readline()
        assert await stream.content.readline() == b"\n"
    return msgspec.json.decode(line.removeprefix(b"data: "))


async def test_truth_cannot_be_rewritten(mtn: Mtn, settings: Settings) -> None:
    await ask(mtn.client, "PUT", f"/wallets/mtn/{TENANT}", {"behaviour": "approve"})
    await mtn.ended(await mtn.pay())
    store = Store(settings.home)
    for sql in ("UPDATE truth SET amount = 1", "DELETE FROM truth"):
        with pytest.raises(Exception, match="append-only"):
            store.run(sql)
    store.close()


async def test_page_is_served_with_a_strict_policy(client: Client) -> None:
    async with client.get("/") as got:
        assert (got.status, got.content_type) == (200, "text/html")
        policy = got.headers["Content-Security-Policy"]
        text = await got.text()
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in text
    assert "style=" not in text
    for name in ("main.js", "phone.css", "roof.svg"):
        async with client.get(f"/page/{name}") as got:
            assert got.status == 200
    for name in ("__init__.py", "..%2Fserver.py", "nothing.js"):
        async with client.get(f"/page/{name}") as got:
            assert got.status == 404

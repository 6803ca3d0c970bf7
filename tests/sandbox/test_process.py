"""The sandbox as a program: starts, says what is wrong, stops cleanly."""

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError, ClientSession

from sandbox.settings import read_settings
from tests.patience import PATIENCE_S


async def run(*arguments: str) -> Process:
    """Start `python -m sandbox`."""
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "sandbox", *arguments, stdout=PIPE, stderr=PIPE)


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def healthy(http: ClientSession, port: int) -> None:
    """Wait until it answers."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                async with http.get(f"http://127.0.0.1:{port}/healthz") as got:
                    assert got.status == 200
                    return
            except ClientConnectionError:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_stops_cleanly_with_a_page_open(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    process = await run("--port", str(port), "--home", str(tmp_path))
    async with ClientSession() as http:
        await healthy(http, port)
        async with http.get(f"http://127.0.0.1:{port}/events") as stream:
            await stream.content.readline()
            process.send_signal(number)
            _, said = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode == 0, said.decode()
    assert (tmp_path / "sandbox.db").exists()


async def test_taken_port(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = await run("--port", str(port), "--home", str(tmp_path))
        _, said = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in said.decode()
    assert "Traceback" not in said.decode()


async def test_help() -> None:
    process = await run("--help")
    said, _ = await process.communicate()
    assert process.returncode == 0
    for option in ("--port", "--app", "--home", "--secret", "--time-scale"):
        assert option in said.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--app", "http://example.com"],
        ["--app", "ftp://127.0.0.1"],
        ["--time-scale", "0"],
        ["--port", "x"],
    ],
)
def test_bad_options(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(arguments, {})
    assert ended.value.code == 2
    assert "error" in capsys.readouterr().err


def test_environment_and_defaults() -> None:
    plain = read_settings([], {})
    assert (plain.port, plain.app, str(plain.home), plain.secret) == (8090, "http://127.0.0.1:8080", ".toit", "demo")
    told = read_settings([], {"TOIT_PORT": "1", "TOIT_SANDBOX_PORT": "2", "TOIT_HOME": "/h"})
    assert (told.port, told.app, str(told.home)) == (2, "http://127.0.0.1:1", "/h")

"""A headless Chromium on the phones page, with a scripted app behind the sandbox."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, async_playwright, expect

from sandbox.desk import Phones
from sandbox.handset import Handsets
from sandbox.server import make_app
from sandbox.settings import Settings
from tests.page.chats import Chats
from tests.page.scripted import LANDLORD, OTHER, SECOND_LANDLORD, TENANT, ScriptedApp
from tests.patience import PATIENCE_S

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


PATIENCE_MS = int(PATIENCE_S * 1000)

expect.set_options(timeout=PATIENCE_MS)


def chromium_path() -> str:
    """Where Chromium is; without one the page stays untested, which CI must not accept."""
    path = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    if path:
        return path
    left_out = "no Chromium here: the phones page (dialling, SMS, Mobile Money, the story) was not tested"
    if os.environ.get("CI") == "true":
        pytest.fail(left_out)
    pytest.skip(left_out)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = chromium_path()
    async with async_playwright() as play:
        started = await play.chromium.launch(executable_path=path, args=list(FLAGS), timeout=PATIENCE_MS)
        yield started
        await started.close()


def handsets_of(outside: web.Application) -> Handsets:
    """The phones of a sandbox, to put messages on them."""
    faces = (getattr(route.handler, "__self__", None) for route in outside.router.routes())
    phones = next(face for face in faces if isinstance(face, Phones))
    return phones._handsets


@pytest.fixture
def chats() -> Chats:
    """The service's side of the conversations."""
    return Chats()


@pytest_asyncio.fixture(loop_scope="session")
async def app(tmp_path: Path, chats: Chats) -> AsyncIterator[ScriptedApp]:
    """The scripted app and the sandbox, knowing each other."""
    (tmp_path / "people.json").write_bytes(msgspec.json.encode([TENANT, OTHER, LANDLORD, SECOND_LANDLORD]))
    scripted, served = ScriptedApp(chats=chats), web.Application()
    served.router.add_route("*", "/{path:.*}", scripted.handle)
    async with TestServer(served) as server:
        scripted.url = str(server.make_url("")).rstrip("/")
        settings = replace(Settings(home=tmp_path), app=scripted.url)
        outside = await make_app(settings)
        chats.serve(handsets_of(outside))
        async with TestServer(outside) as sandbox:
            scripted.sandbox = str(sandbox.make_url("")).rstrip("/")
            yield scripted
            for job in scripted.jobs:
                job.cancel()
            for outcome in await asyncio.gather(*scripted.jobs, return_exceptions=True):
                assert outcome is None or isinstance(outcome, asyncio.CancelledError), outcome


@pytest.fixture(scope="session")
def artefacts(request: pytest.FixtureRequest) -> Path:
    """Where screenshots go."""
    folder = Path(str(request.config.rootpath)) / "artefacts"
    folder.mkdir(exist_ok=True)
    return folder

"""The phones page, used as a person uses it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.page.scripted import MENU, ScriptedApp

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}


@pytest.fixture
async def page(browser: Browser, app: ScriptedApp) -> AsyncIterator[Page]:
    async for opened in open_page(browser, app, WIDE):
        yield opened


async def open_page(browser: Browser, app: ScriptedApp, size: dict[str, int], query: str = "") -> AsyncIterator[Page]:
    """A page that fails the test when its console complains."""
    opened = await browser.new_page(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await opened.goto(f"{app.sandbox}/{query}")
    yield opened
    await opened.close()
    assert complaints == []


async def test_the_whole_story(browser: Browser, app: ScriptedApp, artefacts: Path) -> None:
    async for page in open_page(browser, app, WIDE, "?beat=90"):
        await expect(page.locator("#tenant .person")).to_contain_text("Awa Ngono")
        await page.screenshot(path=artefacts / "page-wide-start.png")
        await page.get_by_role("button", name="Jouer toute l’histoire").click()
        await expect(page.locator("#tenant .momo")).to_be_visible()
        await page.screenshot(path=artefacts / "page-wide-momo.png")
        await expect(page.locator(".steps li.good")).to_be_visible(timeout=20000)
        await page.screenshot(path=artefacts / "page-wide-end.png")
        assert app.texts == ["", "2", "2*2", "2*2*2", "2*2*2*4821"]
        await expect(page.locator("#tenant .thread")).to_contain_text("paiement reçu")
        await expect(page.locator("#landlord .thread")).to_contain_text("a payé")


async def test_by_hand(page: Page, artefacts: Path) -> None:
    tenant = page.locator("#tenant")
    for key in "*384#":
        await tenant.locator(f'[data-key="{key}"]').click()
    await tenant.get_by_role("button", name="Appeler").first.click()
    await expect(tenant.locator(".text")).to_have_text(MENU[4:])
    await expect(tenant.locator(".septets")).to_have_text(f"{len(MENU) - 4}/160 septets")
    await page.screenshot(path=artefacts / "page-wide-menu.png")
    await tenant.get_by_role("button", name="Raccrocher").click()
    await expect(tenant.locator(".text")).to_contain_text("Composez")


async def test_narrow(browser: Browser, app: ScriptedApp, artefacts: Path) -> None:
    async for page in open_page(browser, app, NARROW, "?beat=90"):
        await expect(page.locator("#tenant .person")).to_contain_text("Awa Ngono")
        await expect(page.locator("#landlord")).to_be_hidden()
        await page.screenshot(path=artefacts / "page-narrow-phone.png")
        await page.locator(".switch [data-view=story]").click()
        await page.screenshot(path=artefacts / "page-narrow-story.png")
        await page.get_by_role("button", name="Jouer toute l’histoire").click()
        await expect(page.locator("#tenant .momo")).to_be_visible()
        await page.screenshot(path=artefacts / "page-narrow-momo.png")
        await expect(page.locator(".steps li.good")).to_have_count(1, timeout=20000)
        await expect(page.locator("#landlord .thread")).to_be_visible()
        await page.screenshot(path=artefacts / "page-narrow-end.png")
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

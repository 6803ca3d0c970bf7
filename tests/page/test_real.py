"""The phones page against the real house: a rent paid by hand, and the story played to its end."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from core.kit.embedded import Embedded
from tests.house import House, planted_house
from tests.page.conftest import PATIENCE_MS
from tests.page.test_page import NARROW, PROMPTED, WIDE, is_complaint

pytestmark = pytest.mark.asyncio(loop_scope="session")

BOTH_PHONES = {"x": 20, "y": 54, "width": 910, "height": 742}
"""What of a wide page is the picture in the README."""


@asynccontextmanager
async def opened(server: Embedded, home: Path) -> AsyncIterator[House]:
    async with planted_house(server, home) as found:
        await found.open()
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def house(server: Embedded, tmp_path: Path) -> AsyncIterator[House]:
    """One in which nothing happened yet."""
    async with opened(server, tmp_path) as found:
        yield found


@dataclass(frozen=True)
class Stage:
    """A house for pages of one size, each of which shows another of its conversations."""

    name: str
    house: House

    @property
    def size(self) -> dict[str, int]:
        """Of the page."""
        return {"wide": WIDE, "narrow": NARROW}[self.name]


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["wide", "narrow"])
async def stage(
    request: pytest.FixtureRequest, server: Embedded, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """Starting a house costs more than what is shown of it."""
    async with opened(server, tmp_path_factory.mktemp(request.param)) as found:
        yield Stage(request.param, found)


async def open_page(browser: Browser, house: House, size: dict[str, int], query: str = "") -> AsyncIterator[Page]:
    """A page on the house; it fails the test when its console complains."""
    page = await browser.new_page(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(f"{house.sandbox}/{query}")
    yield page
    await page.close()
    assert complaints == []


async def press(phone: Locator, keys: str) -> None:
    """Press keys of the keypad, one by one."""
    for key in keys:
        await phone.locator(f'[data-key="{key}"]').click()


async def choose(phone: Locator, label: str) -> None:
    """Find the option on the screen, press its number and send it."""
    screen = phone.locator(".text")
    await expect(screen).to_contain_text(label)
    found = re.search(rf"^(\d) .*{re.escape(label)}", await screen.inner_text(), re.MULTILINE)
    assert found, await screen.inner_text()
    await press(phone, found[1])
    await phone.locator(".send").click()


async def person(page: Page, who: str, name: str) -> Locator:
    """Hand one of the phones to somebody."""
    phone = page.locator(who)
    await expect(phone.locator(".person")).to_contain_text(name)
    await phone.locator(".person").select_option(label=name)
    return phone


async def pay_by_hand(phone: Locator, pin: str) -> None:
    """From the dial to the operator's prompt."""
    await press(phone, "*384*2#")
    await phone.locator(".call").click()
    await choose(phone, "Tout")
    await choose(phone, "MTN")
    await expect(phone.locator(".text")).to_contain_text("code secret")
    await press(phone, pin)
    await phone.locator(".send").click()
    await expect(phone.locator(".text")).to_contain_text("Validez")
    await expect(phone.locator(".momo")).to_be_visible(timeout=PATIENCE_MS)


async def approve(phone: Locator) -> None:
    """The wallet's PIN stands below the prompt, for the demo."""
    hint = re.search(r"\d{4,6}", await phone.locator(".momo .hint").inner_text())
    assert hint
    await press(phone, hint[0])
    await phone.locator(".momo .approve").click()
    await expect(phone.locator(".momo")).to_be_hidden()


async def test_a_rent_is_paid_by_hand(browser: Browser, house: House, artefacts: Path) -> None:
    payer = next(one for one in house.people if one["name"] == "Talla Éric")
    async for page in open_page(browser, house, WIDE):
        tenant = await person(page, "#tenant", "Talla Éric")
        landlord = await person(page, "#landlord", "Mballa Joseph")
        await pay_by_hand(tenant, payer["pin"])
        await page.screenshot(path=artefacts / "real-wide-prompt.png")
        await expect(tenant.locator(".momo")).to_contain_text("390 000")
        await approve(tenant)
        await expect(tenant.locator(".sms .thread")).to_contain_text("390.000F")
        await expect(landlord.locator(".sms .thread")).to_contain_text("390.000F")
        await expect(landlord.locator(".sms .thread")).to_contain_text("Appartement C1")
        await page.screenshot(path=artefacts / "real-wide-paid.png")
        await take_the_picture(page, artefacts)
    truth = await house.call("GET", "/truth/mtn")
    assert [one["amount"] for one in truth if one["msisdn"] == payer["number"].lstrip("+")] == [390_000]
    assert await house.breaches() == []


async def take_the_picture(page: Page, artefacts: Path) -> None:
    """The next tenant looks for a home on WhatsApp, the landlord reads of the last rent: docs/phones.png."""
    tenant = await person(page, "#tenant", "Ngo Bell Marie")
    await tenant.locator(".tabs [data-app=whatsapp]").click()
    whatsapp = tenant.locator(".chat.whatsapp")
    await whatsapp.locator(".write input").fill("cherche studio Yaoundé 80k")
    await whatsapp.locator(".go").click()
    await whatsapp.get_by_role("button", name="Voir les logements").click()
    await expect(whatsapp.locator("[data-list]")).to_be_visible()
    await page.locator("body").click(position={"x": 4, "y": 400})
    await page.screenshot(path=artefacts / "phones.png", clip=BOTH_PHONES)  # type: ignore[arg-type]


async def test_the_story_plays_to_its_end(browser: Browser, stage: Stage, artefacts: Path) -> None:
    async for page in open_page(browser, stage.house, stage.size, f"?beat=60&patience={PATIENCE_MS}"):
        await expect(page.locator("#tenant .person")).to_contain_text("Ngo Bell Marie")
        if stage.name == "narrow":
            await page.locator(".switch [data-view=story]").click()
        await page.get_by_role("button", name="Jouer toute l’histoire").click()
        await expect(page.locator(".steps li.good")).to_have_count(1)
        # The prompt itself is gone within a second, its line in the story stays.
        await expect(page.locator(".steps")).to_contain_text(PROMPTED)
        await page.screenshot(path=artefacts / f"real-{stage.name}-story-end.png")
        if stage.name == "wide":
            await expect(page.locator("#landlord .sms .thread")).to_contain_text("Marie")
    assert await stage.house.breaches() == []


async def test_a_home_is_found_on_whatsapp(browser: Browser, stage: Stage, artefacts: Path) -> None:
    async for page in open_page(browser, stage.house, stage.size, f"?beat=40&patience={PATIENCE_MS}"):
        await expect(page.locator("#tenant .person")).to_contain_text("Ngo Bell Marie")
        if stage.name == "narrow":
            await page.locator(".switch [data-view=story]").click()
        await page.get_by_role("button", name="Chercher sur WhatsApp").click()
        await expect(page.locator(".steps li.good")).to_have_count(1)
        card = page.locator("#tenant .whatsapp .words").filter(has_text=re.compile(r"^A\d{4} .*FCFA/mois"))
        await expect(card).to_have_count(1)
        await page.screenshot(path=artefacts / f"real-{stage.name}-whatsapp.png")


@pytest.mark.parametrize("stage", ["wide"], indirect=True)
async def test_telegram_is_edited_in_place(browser: Browser, stage: Stage, artefacts: Path) -> None:
    async for page in open_page(browser, stage.house, stage.size):
        phone = await person(page, "#tenant", "Ngo Bell Marie")
        await phone.locator(".tabs [data-app=telegram]").click()
        telegram = phone.locator(".chat.telegram")
        await telegram.get_by_role("button", name="Démarrer").click()
        await expect(telegram.locator(".inline button")).not_to_have_count(0)
        before = await telegram.locator(".in .words").inner_text()
        await telegram.locator(".inline button").first.click()
        await expect(telegram.locator(".in")).to_contain_text("modifié")
        await expect(telegram.locator(".in .words")).not_to_have_text(before)
        await expect(telegram.locator(".in")).to_have_count(1)
        await page.screenshot(path=artefacts / "real-wide-telegram.png")

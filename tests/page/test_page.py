"""The phones page, used as a person uses it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from tests.page.conftest import PATIENCE_MS
from tests.page.scripted import LAST, MENU, NEWS, RECEIPT, SECOND_LANDLORD, Script, ScriptedApp

pytestmark = pytest.mark.asyncio(loop_scope="session")
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}
PROMPTED = "L’opérateur affiche sa propre demande"
"""The line of the story that stays; the prompt itself is gone within a second."""


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, app: ScriptedApp) -> AsyncIterator[Page]:
    async for opened in open_page(browser, app, WIDE):
        yield opened


async def open_page(browser: Browser, app: ScriptedApp, size: dict[str, int], query: str = "") -> AsyncIterator[Page]:
    """A page that fails the test when its console complains."""
    opened = await browser.new_page(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    opened.set_default_timeout(PATIENCE_MS)
    await opened.goto(f"{app.sandbox}/{query}")
    for phone in ("#tenant", "#landlord"):
        await expect(opened.locator(phone)).to_have_attribute("aria-busy", "false")
    yield opened
    await opened.close()
    assert complaints == []


def is_complaint(said: ConsoleMessage) -> bool:
    """Whether the console reports more than a refusal that the page shows to the person."""
    return said.type == "error" and "the server responded with a status of 403" not in said.text


async def test_the_whole_story(browser: Browser, app: ScriptedApp, artefacts: Path) -> None:
    async for page in open_page(browser, app, WIDE, "?beat=90"):
        await expect(page.locator("#tenant .person")).to_contain_text("Ngono Awa")
        await page.screenshot(path=artefacts / "page-wide-start.png")
        await page.get_by_role("button", name="Jouer toute l’histoire").click()
        await expect(page.locator(".steps li.good")).to_be_visible(timeout=PATIENCE_MS)
        await expect(page.locator(".steps")).to_contain_text(PROMPTED)
        await page.screenshot(path=artefacts / "page-wide-end.png")
        assert app.texts == ["", "2", "2*2", "2*2*2", "2*2*2*4821"]
        await expect(page.locator("#tenant .sms .thread")).to_contain_text("paiement recu")
        await expect(page.locator("#landlord .sms .thread")).to_contain_text("a payé")
        await expect(page.locator(".steps li.good")).to_be_in_viewport()


async def test_story_finds_the_landlord(browser: Browser, app: ScriptedApp) -> None:
    app.landlord = SECOND_LANDLORD["number"]
    async for page in open_page(browser, app, WIDE, "?beat=5"):
        await expect(page.locator("#landlord .card")).to_contain_text("00 02 22")
        await page.get_by_role("button", name="Jouer toute l’histoire").click()
        await expect(page.locator(".steps li.good")).to_be_visible(timeout=PATIENCE_MS)
        await expect(page.locator("#landlord .card")).to_contain_text("00 03 33")


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
        await expect(page.locator("#tenant .person")).to_contain_text("Ngono Awa")
        await expect(page.locator("#landlord")).to_be_hidden()
        await page.screenshot(path=artefacts / "page-narrow-phone.png")
        await page.locator(".switch [data-view=story]").click()
        await page.screenshot(path=artefacts / "page-narrow-story.png")
        await page.get_by_role("button", name="Jouer toute l’histoire").click()
        await expect(page.locator(".steps li.good")).to_have_count(1)
        await expect(page.locator(".steps")).to_contain_text(PROMPTED)
        await expect(page.locator("#landlord .sms .thread")).to_be_visible()
        await page.screenshot(path=artefacts / "page-narrow-end.png")
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


async def dial(page: Page, who: str = "#tenant") -> None:
    """Dial *384# by the shortcut."""
    await page.locator(f'{who} [data-code="*384#"]').click()
    await expect(page.locator(f"{who} .text")).to_contain_text("Payer mon loyer")


async def test_keyboard(page: Page) -> None:
    await expect(page.locator("#tenant .card")).to_contain_text("+237")
    await page.keyboard.type("*384#")
    await page.keyboard.press("Enter")
    await expect(page.locator("#tenant .text")).to_contain_text("Payer mon loyer")
    await page.locator("#tenant .typed").fill("2")
    await page.locator("#tenant .typed").press("Enter")
    await expect(page.locator("#tenant .text")).to_contain_text("Tout payer")
    await page.keyboard.press("Escape")
    await expect(page.locator("#tenant .text")).to_contain_text("Composez")


async def test_network_cut_in_mid_session(page: Page, artefacts: Path) -> None:
    await dial(page)
    await page.locator("#tenant .network").click()
    await expect(page.locator("#tenant .operator")).to_have_text("Pas de réseau")
    await expect(page.locator("#tenant .network")).to_have_attribute("aria-pressed", "true")
    await page.screenshot(path=artefacts / "page-wide-network.png")
    await page.locator("#tenant .network").click()
    await dial(page)


async def test_refusing_and_wrong_pin(page: Page, app: ScriptedApp, artefacts: Path) -> None:
    await dial(page)
    job = asyncio.create_task(app.collect("+237677000111"))
    app.jobs.add(job)
    momo = page.locator("#tenant .momo")
    await expect(momo).to_contain_text("Payer 150 000 FCFA à TOIT ?")
    await expect(momo).to_contain_text("PIN de démonstration")
    await page.screenshot(path=artefacts / "page-wide-momo.png")
    await page.locator("#tenant .pin").fill("1")
    await momo.get_by_role("button", name="Valider").click()
    await expect(momo).to_contain_text("PIN incorrect, encore 2 essais.")
    await momo.get_by_role("button", name="Refuser").click()
    await expect(momo).to_be_hidden()
    await expect(page.locator("#tenant .text")).to_contain_text("Payer mon loyer")


async def test_sms_badge_thread_and_writing(page: Page, app: ScriptedApp, artefacts: Path) -> None:
    await dial(page)
    async with ClientSession(app.sandbox) as http:
        await app.sms(http, "+237677000111", RECEIPT)
        await app.sms(http, "+237699000222", NEWS)
    await expect(page.locator("#tenant .tabs [data-app=sms] .badge")).to_have_text("1")
    await expect(page.locator("#tenant .notice")).to_contain_text("paiement recu")
    await expect(page.locator("#tenant .text")).to_contain_text("Payer mon loyer")
    await expect(page.locator("#landlord .sms .thread")).to_contain_text("a payé")
    await page.locator("#tenant .notice").dispatch_event("click")
    sms = page.locator("#tenant .sms")
    await expect(sms.locator(".thread")).to_contain_text("1 segment")
    await expect(page.locator("#tenant .badge")).to_have_count(0)
    await sms.locator(".write input").fill("AIDE")
    await sms.locator(".go").click()
    await expect(sms.locator(".out")).to_contain_text("AIDE")
    await page.screenshot(path=artefacts / "page-wide-sms.png")


async def test_keys_go_to_the_screen_in_front(page: Page, app: ScriptedApp) -> None:
    async with ClientSession(app.sandbox) as http:
        await app.sms(http, "+237677000111", RECEIPT)
    tenant = page.locator("#tenant")
    box, typed = tenant.locator(".sms .write input"), tenant.locator(".typed")
    await expect(tenant.locator(".sms .thread")).to_be_visible()
    await expect(tenant.locator(".keys")).to_be_hidden()
    await page.keyboard.type("12")
    await expect(box).to_have_value("12")
    await expect(typed).to_have_value("")
    await tenant.locator(".tabs [data-app=dial]").click()
    await tenant.locator('[data-key="5"]').click()
    await page.keyboard.type("6")
    await expect(typed).to_have_value("56")
    await expect(box).to_have_value("12")


async def test_english(page: Page, artefacts: Path) -> None:
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("button", name="Play the whole story")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.screenshot(path=artefacts / "page-wide-english.png")


async def test_other_person_and_other_number(page: Page) -> None:
    await page.locator("#tenant .person").select_option(label="Kouassi Ismaël")
    await expect(page.locator("#tenant .card")).to_contain_text("+225 05 05 12 34 56")
    await expect(page.locator("#tenant .operator")).to_have_text("MTN CI")
    await page.locator("#tenant .person").select_option(label="Autre numéro…")
    await page.locator("#tenant .number").fill("+229 01 97 12 34 56")
    await page.locator("#tenant .number").blur()
    await expect(page.locator("#tenant .operator")).to_have_text("MTN BJ")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (lambda _: "CON Bonjour\n1 Chercher\n2 Aide", "aucune option de cet écran ne parle de payer"),
        (lambda _: "CON Loyer\n1 Payer", "les mêmes écrans reviennent"),
        (lambda text: f"CON Loyer {text}\n1 Payer", "les mêmes écrans reviennent"),
        (lambda _: "END Service ferme.", "La session s’est fermée avant le paiement"),
        (lambda text: LAST + " " if text else "CON Votre code secret ?", "Aucune demande Mobile Money"),
    ],
)
async def test_story_says_when_it_is_lost(browser: Browser, app: ScriptedApp, script: Script, words: str) -> None:
    app.script = script
    async for page in open_page(browser, app, WIDE, "?beat=1&patience=600"):
        await expect(page.locator("#tenant .person")).to_contain_text("Ngono Awa")
        await page.get_by_role("button", name="Jouer toute l’histoire").click()
        await expect(page.locator(".steps li.lost")).to_contain_text(words)
        await expect(page.get_by_role("button", name="Jouer toute l’histoire")).to_be_enabled()
    assert len(app.texts) <= 20


async def test_story_can_be_stopped(page: Page) -> None:
    await expect(page.locator("#tenant .person")).to_contain_text("Ngono Awa")
    await page.get_by_role("button", name="Jouer toute l’histoire").click()
    await page.get_by_role("button", name="Arrêter").click()
    await expect(page.locator(".steps")).to_contain_text("Histoire arrêtée")


READING = """async ([text]) => {
  const { asksPin, onward } = await import("/page/reading.js");
  return asksPin(text) ? "pin" : (onward(text)?.choice ?? null);
}"""


SCREENS: list[tuple[str, str | None]] = [
    ("Toit\n1 Chercher\n2 Payer mon loyer\n0 Retour", "2"),
    ("Bienvenue\n1. Français\n2. English", "1"),
    ("Du 150 000\n1) Payer une partie\n2) Tout payer", "2"),
    ("Payer 75 000 ?\n1 Confirmer\n2 Annuler", "1"),
    ("Loyer\n1 Orange Money\n2 MTN MoMo", "2"),
    ("Avec\n1 Ce numero\n2 Un autre", "1"),
    ("Menu\n1 Chercher\n2 Coop\n9 Suite", "9"),
    ("Entrez votre code secret\n0 Retour\n00 Accueil", "pin"),
    ("Votre PIN :", "pin"),
    ("Menu\n1 Changer mon code secret\n2 Payer", "2"),
    ("Combien ?\n0 Retour", None),
    ("Quel loyer ?\n1 Studio Akwa 75.000F\n2 Payer pour un autre\n0 Retour", "1"),
    ("Payer jusqu'a quel mois ?\n1 Jusqu'a janvier 2027 75.000F", "1"),
    ("Loyer novembre 2026, Studio\nA payer: 75.000F\n1 Tout 75.000F\n2 Une partie\n0 Retour\n00 Menu", "1"),
    ("Avec quel compte ?\n1 MTN MoMo 677***111\n2 Autre numero", "1"),
    ("Toit\nBonjour Awa.\n1 Chercher un logement\n2 Payer mon loyer\n3 Mes recus\n5 English\n6 Aide", "2"),
    ("Payer 75.000F\nMTN MoMo 677***111\nVotre code secret du service (4 chiffres):\n0 Retour", "pin"),
    ("Toit\n1 Search\n2 Pay my rent\n3 Francais", "3"),
]


async def test_reading_a_screen(page: Page) -> None:
    for text, choice in SCREENS:
        assert await page.evaluate(READING, [text]) == choice, text


async def test_everything_has_a_name(page: Page) -> None:
    """Every control can be found by a screen reader."""
    unnamed = await page.evaluate(
        """() => [...document.querySelectorAll("button, input, select")].filter((e) => !e.hidden &&
             !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length)).map((e) => e.outerHTML)"""
    )
    assert unnamed == []

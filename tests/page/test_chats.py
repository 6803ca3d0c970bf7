"""Conversations on the phones page: WhatsApp, Telegram and SMS, used as a person uses them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.page.chats import Chats
from tests.page.conftest import PATIENCE_MS
from tests.page.scripted import ScriptedApp
from tests.page.test_page import NARROW, WIDE, open_page

pytestmark = pytest.mark.asyncio(loop_scope="session")
AWA = "237677000111"
PAUL = "237699000222"
HOMES = (
    ("2:1", "Studio meublé Bastos", "75 000 F · gardien, eau de forage"),
    ("2:2", "Studio Golf", "80 000 F · meublé"),
    ("2:0", "Retour"),
)
HOME = (("3:1", "Demander une visite"), ("3:2", "Où est-ce ?"), ("3:0", "Retour"))
BASTOS = {"latitude": 3.8939, "longitude": 11.5121, "name": "Bastos, Yaoundé"}


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, app: ScriptedApp) -> AsyncIterator[Page]:
    async for opened in open_page(browser, app, WIDE):
        yield opened


async def chat(page: Page, app: str, who: str = "#tenant") -> Locator:
    """Open one of the apps of a phone."""
    await page.locator(f"{who} .tabs [data-app={app}]").click()
    found = page.locator(f"{who} .chat.{app}")
    await expect(found).to_be_visible()
    return found


async def write(found: Locator, text: str) -> None:
    await found.locator(".write input").fill(text)
    await found.locator(".write input").press("Enter")


async def tap_the_notice(phone: Locator) -> None:
    """Tap what slid in at the top, even when a slow machine comes to it after it has slid out again."""
    await phone.locator(".notice").dispatch_event("click")


def finds_homes(chats: Chats) -> None:
    """A service that finds two homes in a sentence and shows the one that is chosen."""

    def answer(kind: str, value: str) -> None:
        if kind == "text":
            found = "*2 logements* à Bastos. Lequel ?"
            chats.say(AWA, "whatsapp", found, style="list", opener="Voir les logements", buttons=HOMES)
        elif value.startswith("2:"):
            card = "*Studio meublé, Bastos*\n75 000 F par mois"
            chats.say(AWA, "whatsapp", card, style="buttons", buttons=HOME, photo="https://photos.toit.example/1.jpg")
        else:
            chats.say(AWA, "whatsapp", "Voici l’endroit.", location=BASTOS)

    chats.on_heard = answer


async def test_whatsapp_sentence_list_card_and_place(page: Page, chats: Chats, artefacts: Path) -> None:
    finds_homes(chats)
    whatsapp = await chat(page, "whatsapp")
    await expect(whatsapp.locator(".panel")).to_contain_text("cherche studio meublé Bastos 80k")
    await write(whatsapp, "cherche studio bastos")
    await whatsapp.get_by_role("button", name="Voir les logements").click()
    sheet = whatsapp.get_by_role("dialog", name="Voir les logements")
    await expect(sheet).to_contain_text("75 000 F · gardien, eau de forage")
    await page.screenshot(path=artefacts / "chat-whatsapp-list.png")
    await sheet.get_by_role("button", name="Studio meublé Bastos").click()
    await expect(sheet).to_have_count(0)
    await expect(whatsapp.locator("strong").last).to_have_text("Studio meublé, Bastos")
    await expect(whatsapp.locator(".photo img")).to_have_attribute("src", "/page/home.svg")
    await expect(whatsapp.locator(".out .ticks").first).to_be_visible()
    await page.screenshot(path=artefacts / "chat-whatsapp-card.png")
    await whatsapp.get_by_role("button", name="Où est-ce ?").click()
    await expect(whatsapp.locator(".place")).to_contain_text("Bastos, Yaoundé")
    await whatsapp.get_by_role("button", name="Demander une visite").click()
    await expect(whatsapp.locator(".place")).to_have_count(2)
    assert chats.heard == [("text", "cherche studio bastos"), ("tap", "2:1"), ("tap", "3:2"), ("tap", "3:1")]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_pictures_of_the_sandbox_are_shown_under_either_name(page: Page, chats: Chats, host: str) -> None:
    port = await page.evaluate("location.port")
    chats.say(AWA, "whatsapp", "Studio", photo=f"http://{host}:{port}/pictures/studio-2.png")
    chats.say(AWA, "whatsapp", "Villa", photo=f"http://{host}:1/pictures/villa-2.png")
    chats.say(AWA, "whatsapp", "Terrain", photo=f"//{host}:{port}/pictures/land-2.png")
    shown = (await chat(page, "whatsapp")).locator(".photo img")
    await expect(shown.nth(0)).to_have_attribute("src", "/pictures/studio-2.png")
    assert await shown.nth(0).evaluate("async (img) => { await img.decode(); return img.naturalWidth; }") == 480
    for other in (1, 2):
        await expect(shown.nth(other)).to_have_attribute("src", "/page/home.svg")


async def test_the_search_story(browser: Browser, app: ScriptedApp, chats: Chats) -> None:
    finds_homes(chats)
    async for page in open_page(browser, app, WIDE, f"?beat=5&patience={PATIENCE_MS}"):
        await page.get_by_role("button", name="Chercher sur WhatsApp").click()
        await expect(page.locator(".steps li.good")).to_be_visible()
        assert chats.heard == [("text", "cherche studio Yaoundé 80k"), ("tap", "2:1"), ("tap", "3:1")]


async def test_the_search_story_says_when_it_is_lost(browser: Browser, app: ScriptedApp, chats: Chats) -> None:
    chats.on_heard = lambda *_: chats.say(AWA, "whatsapp", "Bonjour.", style="buttons", buttons=(("1:0", "Retour"),))
    async for page in open_page(browser, app, WIDE, f"?beat=5&patience={PATIENCE_MS}"):
        await page.get_by_role("button", name="Chercher sur WhatsApp").click()
        await expect(page.locator(".steps li.lost")).to_contain_text("ce message n’offre rien à toucher")
        await expect(page.get_by_role("button", name="Chercher sur WhatsApp")).to_be_enabled()


async def test_whatsapp_settings_choose_the_provider(page: Page, chats: Chats) -> None:
    whatsapp = await chat(page, "whatsapp")
    await whatsapp.get_by_role("button", name="Réglages").click()
    await page.keyboard.press("ArrowRight")
    await expect(whatsapp.get_by_label("Twilio")).to_be_checked()
    await page.keyboard.press("Escape")
    await expect(whatsapp.get_by_role("dialog")).to_have_count(0)
    await expect(whatsapp.get_by_role("button", name="Réglages")).to_be_focused()
    await expect(whatsapp.locator(".state-line")).to_contain_text("Twilio")
    await write(whatsapp, "bonjour")
    await expect(whatsapp.locator(".out")).to_contain_text("bonjour")
    assert chats.heard == [("text by twilio", "bonjour")]


async def test_attaching_and_sharing_what_is_asked(page: Page, chats: Chats, artefacts: Path) -> None:
    chats.say(AWA, "whatsapp", "Où cherchez-vous ?", asks="location")
    whatsapp = await chat(page, "whatsapp")
    await whatsapp.get_by_role("button", name="Envoyer ma position").click()
    await page.screenshot(path=artefacts / "chat-whatsapp-spots.png")
    await whatsapp.get_by_role("dialog").get_by_role("button", name="Bastos").click()
    await expect(whatsapp.locator(".out .place")).to_contain_text("Bastos")
    await whatsapp.get_by_role("button", name="Joindre").click()
    await page.screenshot(path=artefacts / "chat-whatsapp-attach.png")
    await whatsapp.get_by_role("button", name="Photo").click()
    await expect(whatsapp.locator(".out .photo")).to_be_visible()
    await whatsapp.get_by_role("button", name="Joindre").click()
    await whatsapp.get_by_role("button", name="Contact").click()
    await expect(whatsapp.locator(".out").last).to_contain_text("Ngono Awa")
    await whatsapp.get_by_role("button", name="Joindre").click()
    await whatsapp.get_by_role("button", name="Position", exact=True).click()
    await whatsapp.get_by_role("button", name="Akwa").click()
    await expect(whatsapp.locator(".out .place").last).to_contain_text("Akwa")
    assert chats.heard == [("location", "3.8939"), ("photo", ""), ("contact", ""), ("location", "4.0502")]


async def test_telegram_starts_edits_in_place_and_asks(page: Page, chats: Chats, artefacts: Path) -> None:
    first = (("1:1", "Mes loyers"), ("1:2", "Aide"))
    numbers = []

    def answer(_kind: str, value: str) -> None:
        if value == "/start":
            numbers.append(chats.say(PAUL, "telegram", "Bonjour Paul.", style="buttons", buttons=first))
        elif value == "1:1":
            chats.edit(numbers[0], "390 000 F reçus.", style="buttons", buttons=(("2:0", "Retour"),))

    chats.on_heard = answer
    telegram = await chat(page, "telegram", "#landlord")
    await telegram.get_by_role("button", name="Démarrer").click()
    screen = telegram.locator(".in")
    await expect(screen).to_contain_text("Bonjour Paul.")
    await screen.get_by_role("button", name="Mes loyers").press("Enter")
    await expect(screen).to_contain_text("390 000 F reçus.")
    await expect(screen).to_contain_text("modifié")
    await expect(screen).to_have_class("in first flash settled")
    await expect(screen.get_by_role("button", name="Retour")).to_be_focused()
    await expect(telegram.locator("[data-id]")).to_have_count(2)
    chats.say(PAUL, "telegram", "Votre numéro ?", asks="contact")
    await telegram.locator(".panel").get_by_role("button", name="Partager mon contact").click()
    await expect(telegram.locator(".panel")).to_be_hidden()
    await screen.get_by_role("button", name="Retour").click()
    await page.screenshot(path=artefacts / "chat-telegram.png")
    await expect(telegram.locator(".out")).to_have_count(2)
    assert chats.heard == [("text", "/start"), ("tap", "1:1"), ("contact", ""), ("tap", "2:0")]


async def test_telegram_keys_in_the_place_of_a_keyboard_and_a_document(page: Page, chats: Chats) -> None:
    keys = (("Oui", "Oui"), ("Non", "Non"))
    paper = {"document": "/media/12/P88213.pdf", "style": "keyboard"}
    chats.say(AWA, "telegram", "Voici la quittance. Juste ?", buttons=keys, **paper)
    telegram = await chat(page, "telegram")
    await expect(telegram.locator(".paper")).to_contain_text("P88213.pdf")
    await expect(telegram.locator(".inline")).to_have_count(0)
    await telegram.locator(".panel").get_by_role("button", name="Oui").click()
    await expect(telegram.locator(".out")).to_contain_text("Oui")
    assert chats.heard == [("text", "Oui")]


async def test_unread_badges_and_the_notice(page: Page, chats: Chats, artefacts: Path) -> None:
    await page.locator("#tenant .typed").fill("*38")
    for text in ("Un", "Deux"):
        chats.say(AWA, "whatsapp", text)
    tenant = page.locator("#tenant")
    await expect(tenant.locator(".tabs [data-app=whatsapp] .badge")).to_have_text("2")
    chats.say(AWA, "telegram", "Trois")
    await expect(tenant.locator(".tabs [data-app=telegram] .badge")).to_have_text("1")
    await expect(tenant.get_by_role("button", name="WhatsApp, 2 non lus")).to_be_visible()
    await expect(tenant.locator(".notice")).to_contain_text("Telegram · Toit")
    await expect(tenant.locator(".text")).to_be_visible()
    await page.screenshot(path=artefacts / "chat-badges.png")
    await tap_the_notice(tenant)
    await expect(tenant.locator(".chat.telegram")).to_be_visible()
    await expect(tenant.locator(".tabs [data-app=telegram] .badge")).to_have_count(0)
    await expect(tenant.locator(".tabs [data-app=whatsapp] .badge")).to_have_text("2")
    await chat(page, "whatsapp")
    await expect(tenant.locator(".badge")).to_have_count(0)


async def test_an_idle_phone_opens_what_arrives(page: Page, chats: Chats) -> None:
    chats.say(PAUL, "whatsapp", "Awa a payé 150 000 F.")
    await expect(page.locator("#landlord .chat.whatsapp")).to_contain_text("Awa a payé")
    await expect(page.locator("#landlord .chat.whatsapp")).to_be_visible()


async def test_a_code_in_a_message_waits_in_the_dialler(page: Page, chats: Chats) -> None:
    chats.say(AWA, "whatsapp", "Vérifiez : *384*7*88213#, puis https://toit.example/recu.")
    whatsapp = await chat(page, "whatsapp")
    await expect(whatsapp.locator(".words a")).to_have_attribute("href", "https://toit.example/recu")
    await whatsapp.get_by_role("button", name="*384*7*88213#").click()
    await expect(page.locator("#tenant .typed")).to_have_value("*384*7*88213#")
    await expect(page.locator("#tenant .keys")).to_be_visible()


async def test_words_of_a_message_are_never_markup(page: Page, chats: Chats) -> None:
    hostile = "<img src=x onerror=alert(1)> *gras* _penché_ 2*3*4 javascript:alert(1)"
    chats.say(AWA, "whatsapp", hostile, buttons=(("1:1", "<b>oui</b>"),), style="buttons")
    whatsapp = await chat(page, "whatsapp")
    words = whatsapp.locator(".words")
    await expect(words).to_have_text("<img src=x onerror=alert(1)> gras penché 2*3*4 javascript:alert(1)")
    assert await words.evaluate("e => [...e.children].map((one) => one.tagName)") == ["STRONG", "EM"]
    await expect(whatsapp.get_by_role("button", name="<b>oui</b>")).to_be_visible()


async def test_without_a_network_nothing_is_sent(page: Page, chats: Chats) -> None:
    whatsapp = await chat(page, "whatsapp")
    await page.locator("#tenant .network").click()
    await expect(whatsapp.locator(".state-line")).to_have_text("En attente du réseau…")
    await expect(whatsapp.locator(".write input")).to_be_disabled()
    await page.locator("#tenant .network").click()
    await write(whatsapp, "bonjour")
    await expect(whatsapp.locator(".out")).to_contain_text("bonjour")


async def test_another_person_sees_only_their_own(page: Page, chats: Chats) -> None:
    chats.say(AWA, "whatsapp", "Pour Awa seulement.")
    whatsapp = await chat(page, "whatsapp")
    await expect(whatsapp).to_contain_text("Pour Awa seulement.")
    await page.locator("#tenant .person").select_option(label="Kouassi Ismaël")
    await expect(whatsapp).not_to_contain_text("Pour Awa seulement.")
    await page.get_by_role("button", name="English").click()
    await expect(whatsapp.locator(".none")).to_contain_text("Write to Toit")


async def test_narrow_thread_opens_at_its_newest_message(
    browser: Browser, app: ScriptedApp, chats: Chats, artefacts: Path
) -> None:
    for number in range(30):
        chats.say(
            PAUL, "telegram", f"Message {number} : le loyer de novembre est payé, merci.", style="buttons", buttons=HOME
        )
    async for page in open_page(browser, app, NARROW):
        await page.locator("#landlord .tabs [data-app=telegram]").dispatch_event("click")
        await page.locator(".switch [data-view=landlord]").click()
        telegram = page.locator("#landlord .chat.telegram")
        await expect(telegram.get_by_text("Message 29 :")).to_be_in_viewport()
        chats.say(PAUL, "telegram", "Le plus récent.")
        await expect(telegram.get_by_text("Le plus récent.")).to_be_in_viewport()
        await page.screenshot(path=artefacts / "chat-narrow-telegram.png")
        await page.locator(".switch [data-view=tenant]").click()
        chats.say(PAUL, "telegram", "Arrivé hors de vue.")
        await expect(telegram.get_by_text("Arrivé hors de vue.")).to_have_count(1)
        await page.locator(".switch [data-view=landlord]").click()
        await expect(telegram.get_by_text("Arrivé hors de vue.")).to_be_in_viewport()
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

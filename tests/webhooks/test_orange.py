"""Pages that an operator pulls as a browser would: links and a form that lead on, walked as a browser walks them."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.inbound import Reply
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.settings import Settings
from tests.webhooks.gateways import HANDSETS, Call, Client, in_page, of_query
from webhooks.app import make_app
from webhooks.front import Front
from webhooks.ussd.dialects import DIALECTS
from webhooks.ussd.read import parse

ORANGE = DIALECTS["orange"]
URL = "/webhooks/ussd/orange/demo"
NUMBER, OTHER = "2250701020304", "2250701020399"
SPACE = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
async def client(planted: Database, clock: FixedClock) -> AsyncIterator[Client]:
    front = Front.build(planted, Settings(_env_file=None), clock)
    async with TestClient(TestServer(make_app(front))) as found:
        yield found


class Browser:
    """The operator's browser: shows a page, follows its links, fills in its form."""

    def __init__(self, client: Client, query: str = "", headers: dict[str, str] | None = None) -> None:
        self.client, self.query, self.headers = client, query, headers or {}
        self.page = ET.Element("nothing")

    async def open(self, query: str | None = None) -> str:
        async with self.client.get(f"{URL}{self.query if query is None else query}", headers=self.headers) as answer:
            body = await answer.text()
            assert answer.status == 200, body
            self.page = ET.fromstring(body)  # noqa: S314 - our own page
            return in_page(body, answer.headers)[0]

    async def follow(self, key: str) -> str:
        links = {(link.text or "").partition(" ")[0]: link.get("href") for link in self.page.iter(f"{SPACE}a")}
        return await self.open(links[key])

    async def submit(self, typed: str) -> str:
        form = self.page.find(f"{SPACE}body/{SPACE}form")
        assert form is not None
        assert (form.get("method"), form.get("action")) == ("get", "")
        fields = [field.attrib for field in form.iter(f"{SPACE}input") if "name" in field.attrib]
        given = {field["name"]: field.get("value", "") for field in fields}
        return await self.open("?" + urlencode({**given, "input": typed}))


BY_HEADER = {"user-msisdn": NUMBER, "user-session": "o-1"}


@pytest.mark.parametrize(
    ("query", "headers"),
    [("", BY_HEADER), (f"?msisdn={NUMBER}", {}), (f"?msisdn={NUMBER}&session=a%26b%22", {})],
    ids=["headers", "address", "address and session"],
)
async def test_links_and_forms_lead_where_the_first_gateway_leads(
    client: Client, query: str, headers: dict[str, str]
) -> None:
    browser = Browser(client, query, headers)
    there = Call(client, HANDSETS["africastalking"], number=OTHER)
    assert await browser.open() == (await there.dial())[0]
    assert await browser.follow("5") == (await there.say("5"))[0]
    assert await browser.follow("4") == (await there.say("4"))[0]
    words = "studio * akwa # 80k & <b>"
    assert await browser.submit(words) == (await there.say(words))[0]
    assert await browser.follow("0") == (await there.say("0"))[0]
    assert await browser.follow("00") == (await there.say("00"))[0]


async def test_the_first_page_asked_for_again_is_the_same_page(client: Client) -> None:
    browser = Browser(client, headers=BY_HEADER)
    first = await browser.open()
    assert await browser.open() == first
    present = await browser.follow("5")
    assert await browser.open() == present


async def test_without_a_session_the_first_page_begins_anew(client: Client) -> None:
    browser = Browser(client, f"?msisdn={NUMBER}")
    await browser.open()
    await browser.follow("5")
    await browser.follow("1")
    assert "1 Continuer" in await browser.open()


async def test_the_last_page_leads_nowhere(client: Client) -> None:
    browser = Browser(client, headers={"user-msisdn": "237670000101", "hub-ussdcode": "*384*2#"})
    await browser.open()
    await browser.follow("1")
    await browser.follow("1")
    assert (await browser.submit("4827")).startswith("Validez maintenant")
    assert not list(browser.page.iter(f"{SPACE}a"))
    assert not list(browser.page.iter(f"{SPACE}form"))


async def test_a_header_is_believed_only_with_the_secret(client: Client) -> None:
    for path in ("/webhooks/ussd/orange/wrong", "/webhooks/ussd/orange/demo2", "/webhooks/ussd/orange"):
        async with client.get(path, headers=BY_HEADER) as answer:
            assert answer.status in {403, 404}


@pytest.mark.parametrize(
    ("shown", "links"),
    [
        ("Menu\n1 Un\n2 Deux\n0 Retour", ["1", "2", "0"]),
        ("2 logements\n1 Un\n2 Deux\n9 Suite\n7 Encore\n8 Autre\n0 Retour\n00 Accueil", "1 2 9 7 8 0 00".split()),
        ("Page 2\n6 Six\n10 Dix\n11 Onze\n9 Suite", ["6", "10", "11", "9"]),
        ("Votre code secret (4 chiffres):\n0 Retour\n00 Accueil", ["0", "00"]),
        ("Combien ?", []),
        ("85.000F\n3 mois\nOui ?\n1 Oui\n2 Non", ["1", "2"]),
    ],
)
def test_numbered_lines_at_the_end_become_links(shown: str, links: list[str]) -> None:
    asked = parse(ORANGE, of_query("orange", {"msisdn": NUMBER, "session": '"><script>'}))
    answer = ORANGE.answer(Reply(shown, keep_open=True), asked)
    page = ET.fromstring(answer.body)  # noqa: S314 - our own page
    found = list(page.iter(f"{SPACE}a"))
    assert [(link.text or "").partition(" ")[0] for link in found] == links
    assert [link.get("accesskey") for link in found] == [key if len(key) == 1 else None for key in links]
    assert all((link.get("href") or "").startswith("?msisdn=") for link in found)
    assert "<script>" not in answer.body


def test_what_people_typed_is_text_on_the_page() -> None:
    asked = parse(ORANGE, of_query("orange", {"msisdn": NUMBER}))
    answer = ORANGE.answer(Reply('<b>"&amp;"</b>\n1 <i>', keep_open=True), asked)
    assert "<b>" not in answer.body
    assert in_page(answer.body, {"Content-Type": answer.content_type, **answer.headers})[0] == '<b>"&amp;"</b>\n1 <i>'

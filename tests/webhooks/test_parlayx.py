"""ParlayX: acknowledged at once, answered by a call of our own, against a small platform that keeps to the protocol."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import ValidationError
from sqlalchemy import text
from structlog.testing import capture_logs

import sandbox.server
import sandbox.settings
from bot.send.parlayx import ParlayX, Push
from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.errors import ProviderError
from core.kit.phone import Phone
from core.kit.settings import DEMO_PARLAYX, Settings
from tests.patience import PATIENCE_S, until
from tests.webhooks.gateways import HANDSETS, Call, Client
from webhooks.app import make_app
from webhooks.front import FRONT, Front
from webhooks.ussd import push

URL = "/webhooks/ussd/parlayx/demo"
SP, SERVICE, PASSWORD = "0022501", "00225010001", "Sdp<2026>"
NUMBER, STRANGER = "237670009999", "+237670008888"
MARIE, PIN = "237670000101", "4827"
TAKEN = (
    '<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    '<n:sendUssdResponse xmlns:n="http://www.csapi.org/schema/parlayx/ussd/send/v1_0/local"><n:result>0</n:result>'
    "</n:sendUssdResponse></e:Body></e:Envelope>"
)
FAULT = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>SVC0901</faultcode>'
    "<faultstring>session over</faultstring></e:Fault></e:Body></e:Envelope>"
)


class Platform:
    """An operator's service platform: takes screens for the phones behind it, in the order and form it wants them."""

    def __init__(self) -> None:
        self.shown: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self.refusals: list[tuple[int, str]] = []
        self.asked = 0

    async def send_ussd(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.refusals:
            status, body = self.refusals.pop(0)
            return web.Response(status=status, text=body, content_type="text/html")
        fields = self.read(await request.text())
        assert request.content_type == "text/xml"
        secret = f"{SP}{PASSWORD}{fields['timeStamp']}"
        assert fields["spPassword"] == hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest()
        assert (fields["spId"], fields["serviceId"], fields["codeScheme"]) == (SP, SERVICE, "15")
        assert fields["senderCB"] == fields["receiveCB"]
        assert fields["OA"] == fields["FA"] == fields["msIsdn"]
        await self.shown.put(fields)
        return web.Response(text=TAKEN, content_type="text/xml")

    @staticmethod
    def read(body: str) -> dict[str, str]:
        """The leaves of an envelope whose header and operation stand where the platform's schema has them."""
        root = ET.fromstring(body)  # noqa: S314 - the house's own words
        soap = "{http://schemas.xmlsoap.org/soap/envelope/}"
        head = root.find(f"{soap}Header/{{http://www.huawei.com.cn/schema/common/v2_1}}RequestSOAPHeader")
        loc = "{http://www.csapi.org/schema/parlayx/ussd/send/v1_0/local}"
        sent = root.find(f"{soap}Body/{loc}sendUssd")
        assert head is not None
        assert sent is not None
        order = "msgType senderCB receiveCB ussdOpType msIsdn serviceCode codeScheme ussdString".split()
        assert [child.tag.removeprefix(loc) for child in sent] == order
        return {child.tag.rpartition("}")[2]: child.text or "" for part in (head, sent) for child in part}

    async def next(self) -> dict[str, str]:
        return await asyncio.wait_for(self.shown.get(), PATIENCE_S)


@pytest.fixture
async def platform() -> Platform:
    return Platform()


@pytest.fixture
async def address(platform: Platform) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/SendUssdService/services/SendUssd", platform.send_ussd)
    async with TestServer(app) as server:
        yield str(server.make_url("/SendUssdService/services/SendUssd"))


def settings(address: str) -> Settings:
    return Settings(
        _env_file=None,
        parlayx_url=address,
        parlayx_sp_id=SP,
        parlayx_service_id=SERVICE,
        parlayx_password=PASSWORD,
    )


@pytest.fixture
async def client(planted: Database, clock: FixedClock, address: str) -> AsyncIterator[Client]:
    async with TestClient(TestServer(make_app(Front.build(planted, settings(address), clock)))) as found:
        yield found


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "PAUSES_S", (0.01, 0.01, 0.01))


class Session:
    """A phone behind the platform."""

    def __init__(self, client: Client, platform: Platform, name: str = "320207133", number: str = NUMBER) -> None:
        self.client, self.platform, self.name, self.number = client, platform, name, number
        self.last = ""
        self.sent = 0

    async def say(self, text_: str, kind: str = "1", operation: str = "notifyUssdReception") -> str:
        """Tell the house; what it acknowledged with."""
        self.sent += 1
        body = (
            f"<loc:msgType>{kind}</loc:msgType><loc:senderCB>{self.name}</loc:senderCB>"
            f"<loc:receiveCB>FFFFFFFF</loc:receiveCB><loc:ussdOpType>1</loc:ussdOpType>"
            f"<loc:msIsdn>{self.number}</loc:msIsdn><loc:serviceCode>384</loc:serviceCode>"
            f"<loc:codeScheme>15</loc:codeScheme><loc:ussdString>{escape(text_)}</loc:ussdString>"
        )
        if operation == "notifyUssdAbort":
            body = f"<loc:senderCB>{self.name}</loc:senderCB><loc:abortReason>3</loc:abortReason>"
        self.last = (
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header>'
            '<ns1:NotifySOAPHeader xmlns:ns1="http://www.huawei.com.cn/schema/common/v2_1">'
            f"<ns1:timeStamp>20261105090{self.sent:03}</ns1:timeStamp><ns1:linkid>L{self.sent}</ns1:linkid>"
            f"<ns1:traceUniqueID>5{self.name}{self.sent}</ns1:traceUniqueID></ns1:NotifySOAPHeader></soapenv:Header>"
            f'<soapenv:Body><loc:{operation} xmlns:loc="http://www.csapi.org/schema/parlayx/ussd/notification/v1_0'
            f'/local">{body}</loc:{operation}></soapenv:Body></soapenv:Envelope>'
        )
        return await self.again()

    async def again(self) -> str:
        """The last message once more, byte for byte."""
        async with self.client.post(URL, data=self.last, headers={"Content-Type": "text/xml"}) as answer:
            assert answer.status == 200
            assert answer.content_type == "text/xml"
            return await answer.text()

    async def ask(self, text_: str, kind: str = "1") -> tuple[str, bool]:
        """Tell the house, and read what the platform shows then."""
        acknowledged = await self.say(text_, kind)
        assert "<loc:notifyUssdReceptionResponse><loc:result>0</loc:result>" in acknowledged
        shown = await self.platform.next()
        assert (shown["senderCB"], shown["msIsdn"]) == (self.name, self.number)
        assert (shown["serviceCode"], shown["linkid"]) == ("384", f"L{self.sent}")
        going_on = {("1", "1"): True, ("2", "3"): False}[shown["msgType"], shown["ussdOpType"]]
        return shown["ussdString"], going_on


async def test_the_screens_are_those_of_the_first_gateway(client: Client, platform: Platform) -> None:
    here = Session(client, platform)
    there = Call(client, HANDSETS["africastalking"], number=STRANGER[1:])
    assert await here.ask("*384#", "0") == await there.dial()
    for typed in ("5", "1", "0", "00", "6", "1"):
        assert await here.ask(typed) == await there.say(typed)


async def test_a_rent_is_paid_and_the_session_closed(client: Client, platform: Platform) -> None:
    here = Session(client, platform, number=MARIE)
    assert "85.000F" in (await here.ask("*384*2#", "0"))[0]
    await here.ask("1")
    await here.ask("1")
    last, going_on = await here.ask(PIN)
    assert last.startswith("Validez maintenant")
    assert not going_on


async def test_what_comes_again_is_acknowledged_and_shown_once(client: Client, platform: Platform) -> None:
    here = Session(client, platform)
    await here.ask("*384#", "0")
    await here.again()
    present = await here.ask("5")
    for _ in range(5):
        await here.again()
    assert platform.shown.empty()
    assert (await here.ask("0"))[0].startswith("Trouve Moi")
    assert await here.ask("5") == present, "the same words said again are another message"
    assert platform.asked == 4


async def test_the_acknowledgement_does_not_wait_for_the_turn(client: Client, platform: Platform) -> None:
    here = Session(client, platform)
    await here.ask("*384#", "0")
    held = Statement(text("SELECT 1 FROM place WHERE address = :address FOR UPDATE"))
    async with client.app[FRONT].db.transaction() as tx:
        await tx.fetch(held, address=f"+{NUMBER}")
        await here.say("5")
        assert platform.shown.empty()
    assert (await platform.next())["ussdString"].startswith("Chercher")


async def test_an_abort_names_no_number_and_the_way_back_stays(client: Client, platform: Platform) -> None:
    here = Session(client, platform)
    await here.ask("*384#", "0")
    await here.ask("5")
    await here.ask("1")
    with capture_logs() as lines:
        assert "<loc:notifyUssdAbortResponse/>" in await here.say("", operation="notifyUssdAbort")
    (line,) = [line for line in lines if line["event"] == "session_end"]
    assert (line["gateway"], line["session"], line["reason"]) == ("parlayx", here.name, "abandoned")
    here.name = "320207134"
    assert "1 Continuer" in (await here.ask("*384#", "0"))[0]
    stranger = Session(client, platform, "nobody")
    assert "notifyUssdAbortResponse" in await stranger.say("", operation="notifyUssdAbort")


async def test_a_platform_that_is_busy_is_asked_again_and_one_that_refuses_is_not(
    client: Client, platform: Platform
) -> None:
    here = Session(client, platform)
    platform.refusals = [(503, "busy"), (502, "<html>bad gateway</html>"), (429, "")]
    await here.ask("*384#", "0")
    assert platform.asked == 4
    platform.refusals = [(500, FAULT), (500, FAULT)]
    with capture_logs() as lines:
        await here.say("5")

        async def failed() -> bool:
            return any(line["event"] == "push_failed" for line in lines)

        await until(failed)
    assert (platform.asked, lines[-1]["failure"]) == (5, "SVC0901")
    platform.refusals = []
    assert (await here.ask("0"))[0].startswith("Trouve Moi"), "the turn was kept, only its screen was lost"


async def test_in_the_demo_the_sandbox_s_phone_shows_the_screen(
    planted: Database, clock: FixedClock, tmp_path: Path
) -> None:
    async with TestClient(TestServer(await sandbox.server.make_app(sandbox.settings.Settings(home=tmp_path)))) as world:
        demo = Settings(_env_file=None)
        own = demo.model_copy(update={"parlayx_url": demo.parlayx_url.replace(":8090", f":{world.port}")})
        async with TestClient(TestServer(make_app(Front.build(planted, own, clock)))) as client:
            await Session(client, Platform()).say("*384#", "0")

            async def shown() -> str:
                async with world.get(f"/phones/{NUMBER}") as answer:
                    return str((await answer.json())["text"])

            assert (await until(shown)).startswith("Trouve Moi")


async def test_nobody_is_shown_anything_where_the_gateway_is_switched_off(planted: Database, clock: FixedClock) -> None:
    front = Front.build(planted, Settings(_env_file=None).model_copy(update={"parlayx_url": ""}), clock)
    async with TestClient(TestServer(make_app(front))) as client:
        soap = "<e><notifyUssdReception/><senderCB>1</senderCB><msIsdn>237670009999</msIsdn><msgType>0</msgType>"
        answer = await client.post(URL, data=f"{soap}<serviceCode>384</serviceCode></e>")
        assert answer.status == 404


@pytest.mark.parametrize(
    ("changed", "unfit"),
    [
        ({"parlayx_url": "http://sdp.example"}, {"TOIT_PARLAYX_URL"}),
        ({"parlayx_password": ""}, {"TOIT_PARLAYX_PASSWORD"}),
        (DEMO_PARLAYX, {"TOIT_PARLAYX_SP_ID", "TOIT_PARLAYX_PASSWORD"}),
        ({"parlayx_sp_id": "", "parlayx_password": ""}, {"TOIT_PARLAYX_SP_ID", "TOIT_PARLAYX_PASSWORD"}),
        ({"parlayx_url": "", "parlayx_sp_id": "", "parlayx_password": ""}, set()),
        ({}, set()),
    ],
)
def test_production_asks_for_what_the_gateway_needs_where_it_is_used(changed: dict[str, str], unfit: set[str]) -> None:
    sound = {"parlayx_url": "https://sdp.example/", "parlayx_sp_id": SP, "parlayx_password": PASSWORD, **changed}
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, env="production", **sound)  # type: ignore[arg-type]
    named = set(re.findall(r"TOIT_PARLAYX_[A-Z_]+", str(refused.value)))
    assert named == unfit


# --- the sending side --------------------------------------------------------------------------------------

SCREEN = Push("S1", Phone("+237670009999"), "384", 'Loyer <85.000F> & "frais"\n1 Oui', keep_open=True, link="L<1>")


@pytest.fixture
async def sender(address: str, clock: FixedClock) -> AsyncIterator[ParlayX]:
    async with aiohttp.ClientSession() as http:
        yield ParlayX(http, settings(address), clock)


async def test_a_screen_arrives_to_the_letter(sender: ParlayX, platform: Platform) -> None:
    await sender.send(SCREEN)
    shown = await platform.next()
    assert (shown["ussdString"], shown["linkid"], shown["timeStamp"]) == (SCREEN.text, "L<1>", "20261105080000")


@pytest.mark.parametrize(
    ("status", "body", "code", "retryable", "unknown"),
    [
        (503, "", "http_503", True, False),
        (429, "slow down", "http_429", True, False),
        (502, "<html>", "http_502", True, False),
        (500, FAULT, "SVC0901", False, False),
        (200, FAULT, "SVC0901", False, False),
        (200, "<result>1</result>", "http_200", False, True),
        (200, "", "http_200", False, True),
        (504, "", "http_504", False, True),
        (500, "", "http_500", False, False),
        (401, "who?", "http_401", False, False),
        (302, "", "http_302", False, False),
    ],
)
async def test_what_the_platform_says_is_judged_by_what_may_have_happened(
    sender: ParlayX, platform: Platform, status: int, body: str, code: str, retryable: bool, unknown: bool
) -> None:
    platform.refusals = [(status, body)]
    with pytest.raises(ProviderError) as failed:
        await sender.send(SCREEN)
    assert (failed.value.code, failed.value.retryable, failed.value.unknown) == (code, retryable, unknown)
    assert PASSWORD not in str(failed.value)


async def test_a_platform_that_is_away_may_be_asked_again(clock: FixedClock, unused_tcp_port: int) -> None:
    async with aiohttp.ClientSession() as http:
        sender = ParlayX(http, settings(f"http://127.0.0.1:{unused_tcp_port}/"), clock)
        with pytest.raises(ProviderError) as failed:
            await sender.send(SCREEN)
    assert (failed.value.code, failed.value.retryable) == ("unreachable", True)


async def test_a_platform_that_hangs_up_may_have_shown_it(clock: FixedClock) -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server, aiohttp.ClientSession() as http:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ProviderError) as failed:
            await ParlayX(http, settings(f"http://127.0.0.1:{port}/"), clock).send(SCREEN)
    assert (failed.value.code, failed.value.unknown) == ("no_answer", True)

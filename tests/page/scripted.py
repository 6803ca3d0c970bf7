"""A scripted app for the page: a few menus, one payment through the sandbox's MTN, two SMS."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from aiohttp import ClientSession, encode_basic_auth, web

from sandbox.settings import Settings
from tests.page.chats import Chats

TENANT = {
    "name": "Ngono Awa",
    "roles": ["tenant"],
    "number": "+237677000111",
    "pin": "4821",
    "lease": "A4821",
}
LANDLORD: dict[str, Any] = {
    "name": "Mbarga Paul",
    "roles": ["landlord"],
    "number": "+237699000222",
    "pin": "7300",
    "lease": "A4821",
}
SECOND_LANDLORD: dict[str, Any] = {
    "name": "Fotso Madeleine",
    "roles": ["landlord"],
    "number": "+237699000333",
    "pin": "7518",
    "lease": None,
}
OTHER = {"name": "Kouassi Ismaël", "roles": ["tenant"], "number": "+2250505123456", "pin": "1111", "lease": None}
MENU = "CON Toit\n1 Chercher un logement\n2 Payer mon loyer\n3 Ma cooperative\n4 Signaler une panne\n0 Aide"
DUE = "CON Loyer A4821, Bonamoussadi\nDu: 150 000 FCFA (oct. et nov.)\n1 Payer une partie\n2 Tout payer\n0 Retour"
RAIL = "CON Payer 150 000 FCFA avec\n1 Orange Money\n2 MTN MoMo +237 677 00 01 11\n0 Retour"
PIN = "CON Votre code secret Toit (4 chiffres)\n0 Retour"
LAST = "END Validez sur votre telephone avec votre PIN MoMo. Le recu arrive par SMS."
RECEIPT = (
    "Toit : paiement recu, 150 000 FCFA pour A4821 (octobre et novembre 2026)."
    " Quittance P88213. Vérifiez : *384*7*88213#"
)
NEWS = "Toit : Awa N. a payé 150 000 FCFA, logement A4821, Bonamoussadi. Reste du : 0. Quittance P88213."
Script = Callable[[str], str]


def full_story(text: str) -> str:
    """The menus of a tenant who pays everything."""
    screens = {"": MENU, "2": DUE, "2*2": RAIL, "2*2*2": PIN, f"2*2*2*{TENANT['pin']}": LAST}
    return screens.get(text, "END Choix inconnu.")


@dataclass
class ScriptedApp:
    """The app's side of the page tests."""

    chats: Chats
    script: Script = full_story
    landlord: str = LANDLORD["number"]
    sandbox: str = ""
    url: str = ""
    texts: list[str] = field(default_factory=list)
    jobs: set[asyncio.Task[None]] = field(default_factory=set)

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a callback of the sandbox."""
        body = await request.read()
        if request.path != "/webhooks/ussd/africastalking/demo":
            self.chats.hear(request.path, body)
            return web.Response()
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        self.texts.append(form["text"])
        words = self.script(form["text"])
        if words == LAST:
            job = asyncio.get_running_loop().create_task(self.collect(form["phoneNumber"]))
            self.jobs.add(job)
        return web.Response(text=words)

    async def collect(self, number: str) -> None:
        """Ask MTN for the rent, wait for the end, tell both people."""
        async with ClientSession(self.sandbox) as http:
            headers, reference = await self.log_in(http), str(uuid4())
            body = {
                "amount": "150000",
                "currency": "XAF",
                "externalId": "P88213",
                "payer": {"partyIdType": "MSISDN", "partyId": number.removeprefix("+")},
                "payerMessage": "Loyer A4821 octobre novembre",
                "payeeNote": "A4821",
            }
            path = "/mtn/collection/v1_0/requesttopay"
            async with http.post(path, json=body, headers={**headers, "X-Reference-Id": reference}) as got:
                assert got.status == 202, await got.text()
            status = await self.status(http, f"{path}/{reference}", headers)
            while status in {"PENDING", "CREATED"}:
                await asyncio.sleep(0.05)
                status = await self.status(http, f"{path}/{reference}", headers)
            if status == "SUCCESSFUL":
                await self.sms(http, number, RECEIPT)
                await self.sms(http, self.landlord, NEWS)

    async def log_in(self, http: ClientSession) -> dict[str, str]:
        """A token for the demo user."""
        demo = Settings.__dataclass_fields__
        key = {"Ocp-Apim-Subscription-Key": str(demo["mtn_subscription"].default)}
        auth = encode_basic_auth(str(demo["mtn_user"].default), str(demo["mtn_key"].default))
        grant = {"grant_type": "client_credentials"}
        async with http.post("/mtn/collection/token/", json=grant, headers={**key, "Authorization": auth}) as got:
            token = (await got.json())["access_token"]
        return {**key, "Authorization": f"Bearer {token}", "X-Target-Environment": "mtncameroon"}

    async def status(self, http: ClientSession, path: str, headers: dict[str, str]) -> str:
        """How the payment stands."""
        async with http.get(path, headers=headers) as got:
            return str((await got.json())["status"])

    async def sms(self, http: ClientSession, number: str, text: str) -> None:
        """Send one SMS through the sandbox's gateway."""
        form = {"username": "sandbox", "to": number, "message": text, "bulkSMSMode": "1", "enqueue": "1"}
        path = "/africastalking/version1/messaging"
        async with http.post(path, data=form, headers={"apiKey": "demo-at-key"}) as got:
            assert got.status == 201

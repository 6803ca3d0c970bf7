"""MTN's service platform, as far as the app calls it: takes the screens of USSD sessions (``sendUssd``)."""

import hashlib
import hmac
from html import escape
from typing import Final

from aiohttp import web
from defusedxml import ElementTree

from sandbox.numbers import NotANumberError, digits
from sandbox.ussd import Gateway
from sandbox.world import World

PATH: Final = "/parlayx/sendUssd"
NEEDED: Final = ("spId", "spPassword", "timeStamp", "senderCB", "msIsdn", "msgType", "serviceCode", "ussdString")
ENVELOPE: Final = (
    '<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
    "<soapenv:Body>{}</soapenv:Body></soapenv:Envelope>"
)
TAKEN: Final = ENVELOPE.format(
    '<ns1:sendUssdResponse xmlns:ns1="http://www.csapi.org/schema/parlayx/ussd/send/v1_0/local">'
    "<ns1:result>0</ns1:result></ns1:sendUssdResponse>"
)
FAULT: Final = "<soapenv:Fault><faultcode>{}</faultcode><faultstring>{}</faultstring></soapenv:Fault>"


class ParlayX:
    """The platform's receiving side: who sends is checked, and the phone shows what came."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        """Show screens on the phones of the gateway."""
        self._world, self._gateway = world, gateway

    def routes(self) -> list[web.RouteDef]:
        """The one address."""
        return [web.post(PATH, self._world.mishaps.on("parlayx.send", self.send))]

    async def send(self, request: web.Request) -> web.Response:
        """Answer ``sendUssd``; faults are those of the family (SVC0901, SVC0002, SVC0004)."""
        fields = _elements(await request.read())
        if fields is None or "sendUssd" not in fields:
            return _fault("SVC0002", "Invalid input value: no sendUssd")
        if missing := [name for name in NEEDED if not fields.get(name)]:
            return _fault("SVC0002", f"Invalid input value: {', '.join(missing)}")
        if not self._known(fields):
            return _fault("SVC0901", "Authentication failed")
        try:
            phone = digits(fields["msIsdn"].removeprefix("tel:"))
        except NotANumberError:
            return _fault("SVC0004", "No valid addresses")
        self._gateway.push(phone, fields["senderCB"], fields["ussdString"])
        return _xml(TAKEN)

    def _known(self, fields: dict[str, str]) -> bool:
        own = self._world.settings
        secret = f"{own.parlayx_sp_id}{own.parlayx_password}{fields['timeStamp']}"
        digest = hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest()
        given = fields["spPassword"].lower()
        return fields["spId"] == own.parlayx_sp_id and hmac.compare_digest(given.encode(), digest.encode())


def _elements(body: bytes) -> dict[str, str] | None:
    """The text of each element, by its name without a namespace; None for what is no XML."""
    try:
        root = ElementTree.fromstring(body, forbid_dtd=True)
    except (SyntaxError, ValueError, LookupError):
        return None
    return {str(element.tag).rpartition("}")[2]: element.text or "" for element in root.iter()}


def _fault(code: str, words: str) -> web.Response:
    return _xml(ENVELOPE.format(FAULT.format(code, escape(words))), 500)


def _xml(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/xml", charset="utf-8")

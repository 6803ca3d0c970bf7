"""Phones behind every USSD gateway in the table: each speaks its vendor's form and reads its vendor's answer."""

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from aiohttp.test_utils import TestClient

from webhooks.raw import FORM, Raw

SECRET = "demo"
NUMBER = "237670009999"

Client = TestClient[Any, Any]
Shown = tuple[str, bool]


@dataclass(frozen=True)
class Said:
    """What a handset has to say: everything typed in its session so far, the last of it last."""

    session: str
    number: str
    dialled: str
    typed: tuple[str, ...] = ()

    @property
    def begins(self) -> bool:
        return not self.typed

    @property
    def last(self) -> str:
        return self.typed[-1] if self.typed else self.dialled

    @property
    def behind(self) -> str:
        """What was dialled behind ``*384``."""
        return self.dialled.removeprefix("*384").strip("*#")


def raw(
    name: str,
    method: str = "POST",
    *,
    path: str = "",
    query: Mapping[str, str] | str = "",
    body: bytes = b"",
    kind: str = "",
    headers: Mapping[str, str] | None = None,
) -> Raw:
    """A request as the readers see it."""
    asked = query if isinstance(query, str) else urlencode(query)
    given = {**({"content-type": kind} if kind else {}), **(headers or {})}
    return Raw(method, f"/webhooks/ussd/{name}/{SECRET}{path}", asked, given, body)


def of_query(name: str, query: Mapping[str, str] | str, **more: Any) -> Raw:
    return raw(name, "GET", query=query, **more)


def of_form(name: str, form: Mapping[str, str] | bytes, path: str = "") -> Raw:
    return raw(name, path=path, body=form if isinstance(form, bytes) else urlencode(form).encode(), kind=FORM)


def of_json(name: str, value: object, path: str = "", method: str = "POST") -> Raw:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return raw(name, method, path=path, body=body, kind="application/json")


def of_xml(name: str, body: str | bytes) -> Raw:
    return raw(name, body=body if isinstance(body, bytes) else body.encode(), kind="text/xml")


# --- requests ----------------------------------------------------------------------------------------------


def africastalking(said: Said) -> Raw:
    form = {"sessionId": said.session, "phoneNumber": f"+{said.number}", "networkCode": "62401"}
    return of_form("africastalking", {**form, "serviceCode": said.dialled, "text": "*".join(said.typed)})


def safaricom(said: Said) -> Raw:
    cumulated = "*".join(part for part in (said.behind, *said.typed) if part)
    fields = {"ORIG": said.number, "DEST": "384", "SESSION_ID": said.session, "USSD_PARAMS": cumulated}
    return of_query("safaricom", fields)


def flares(said: Said) -> Raw:
    typed = said.dialled.strip("*#") if said.begins else said.last
    return of_query("flares", {"MSISDN": said.number, "MSC": "m1", "input": typed, "SessionID": said.session})


def hubtel(said: Said) -> Raw:
    kind = "Initiation" if said.begins else "Response"
    fields = {"SessionId": said.session, "Mobile": said.number, "ServiceCode": "384", "Message": said.last}
    return of_json("hubtel", {**fields, "Type": kind, "Operator": "mtn", "ClientState": None})


def nalo(said: Said) -> Raw:
    fields = {"USERID": "TOIT_1", "MSISDN": said.number, "USERDATA": said.last, "MSGTYPE": said.begins}
    return of_json("nalo", {**fields, "NETWORK": "MTN"})


def arkesel(said: Said) -> Raw:
    fields = {"sessionID": said.session, "userID": "u7", "msisdn": said.number, "userData": said.last}
    return of_json("arkesel", {**fields, "newSession": said.begins, "network": "MTN"})


def infobip(said: Said) -> Raw:
    text = "" if said.begins else said.last
    fields = {"msisdn": said.number, "shortCode": said.dialled, "text": text, "language": None, "ussdGwId": "3"}
    return of_json("infobip", fields, f"/session/{said.session}/{'start' if said.begins else 'response'}")


def madapi(said: Said) -> Raw:
    fields = {"sessionId": said.session, "messageType": "0" if said.begins else "1", "msisdn": said.number}
    return of_json("madapi", {**fields, "serviceCode": "384", "ussdString": said.last})


def wigal(said: Said) -> Raw:
    mode = "start" if said.begins else "more"
    fields = {"network": "wigal_mtn_gh", "sessionid": said.session, "mode": mode, "msisdn": said.number}
    return of_query("wigal", {**fields, "userdata": said.last, "username": "toit", "trafficid": "t9"})


def cellulant(said: Said) -> Raw:
    fields = {"MSISDN": said.number, "INPUT": said.last, "opCode": "BEG" if said.begins else "CON"}
    return of_query("cellulant", {**fields, "ABORT": "0", "sessionID": said.session})


def truroute(said: Said) -> Raw:
    kind, text = ("1" if said.begins else "2"), html.escape(said.last)
    return of_xml(
        "truroute",
        f"<ussd><msisdn>{said.number}</msisdn><sessionid>{said.session}</sessionid><type>{kind}</type>"
        f"<msg>{text}</msg></ussd>",
    )


def oltranz(said: Said) -> Raw:
    fields = {"sessionId": said.session, "serviceCode": said.dialled, "phoneNumber": said.number}
    text = "" if said.begins else said.last
    return of_json("oltranz", {**fields, "text": text, "response": "", "action": "CON", "newRequest": 0, "amount": 0.0})


def dmark(said: Said) -> Raw:
    fields = {"transactionId": said.session, "msisdn": said.number, "ussdServiceCode": "*384#"}
    return of_query("dmark", {**fields, "ussdRequestString": said.last, "response": "false"})


def hollatags(said: Said) -> Raw:
    fields = {"session_id": said.session, "session_msisdn": said.number, "session_from": "*384#", "session_type": "1"}
    operation = "begin" if said.begins else "continue"
    return of_query("hollatags", {**fields, "session_operation": operation, "session_msg": said.last})


def uzo(said: Said) -> Raw:
    fields = {"ussdString": said.last, "msisdn": f"+{said.number}", "sessionID": said.session, "code": "*384#"}
    return of_json("uzo", {**fields, "ussdServiceOp": "1" if said.begins else "18"})


def moolre(said: Said) -> Raw:
    fields = {"sessionid": said.session, "msisdn": said.number, "extension": "384", "new": said.begins}
    message = "" if said.begins else said.last
    return of_json("moolre", {**fields, "message": message, "data": said.behind if said.begins else ""})


def orange(said: Said) -> Raw:
    headers = {"user-msisdn": said.number, "user-session": said.session, "hub-ussdcode": said.dialled}
    return of_query("orange", {} if said.begins else {"input": said.last}, headers=headers)


# --- answers -----------------------------------------------------------------------------------------------


def con_or_end(body: str, _headers: Mapping[str, str]) -> Shown:
    verb, text = body[:4], body[4:]
    assert verb in {"CON ", "END "}
    return text, verb == "CON "


def by_header(body: str, headers: Mapping[str, str]) -> Shown:
    assert (headers["charge"], headers["amount"]) == ("N", "0")
    return body, {"FC": True, "FB": False}[headers["Freeflow"]]


def in_json(text: str, going_on: Callable[[dict[str, Any]], bool]) -> Callable[[str, Mapping[str, str]], Shown]:
    def read(body: str, headers: Mapping[str, str]) -> Shown:
        assert headers["Content-Type"] == "application/json"
        found = json.loads(body)
        return found[text], going_on(found)

    return read


def in_madapi(body: str, _headers: Mapping[str, str]) -> Shown:
    found = json.loads(body)
    data = found["data"]
    assert found["statusCode"] == "0000"
    assert data["messageType"] == (1 if data["userInputRequired"] else 2)
    assert data["inboundResponse"] == data["outboundResponse"]
    return data["inboundResponse"], data["userInputRequired"]


def in_bars(body: str, _headers: Mapping[str, str]) -> Shown:
    network, verb, number, _session, text, user, traffic = body.split("|")
    assert (network, user, traffic) == ("wigal_mtn_gh", "toit", "t9")
    assert number.isdigit()
    return text.replace("^", "\n"), {"MORE": True, "END": False}[verb]


def in_nulls(body: str, _headers: Mapping[str, str]) -> Shown:
    one, text, *rest = body.split("|")
    assert (one, rest[:2], rest[3:]) == ("1", ["null", "null"], ["null"])
    return text, {"null": True, "end": False}[rest[2]]


def in_xml(body: str, _headers: Mapping[str, str]) -> Shown:
    found = {child.tag: child.text or "" for child in ET.fromstring(body)}  # noqa: S314 - our own answer
    assert found["msisdn"].isdigit()
    return found["msg"], {"2": True, "3": False}[found["type"]]


def in_page(body: str, headers: Mapping[str, str]) -> Shown:
    """What a page shows, line for line, and whether it can be answered."""
    assert headers["Content-Type"].startswith("application/xhtml+xml")
    assert headers["Cache-Control"] == "no-store"
    space = "{http://www.w3.org/1999/xhtml}"
    page = ET.fromstring(body).find(f"{space}body")  # noqa: S314 - our own page
    assert page is not None
    lines = [text for paragraph in page.findall(f"{space}p") for text in paragraph.itertext()]
    return "\n".join(lines), page.find(f"{space}form") is not None


@dataclass(frozen=True)
class Handset:
    """One gateway's way to ask and to show."""

    ask: Callable[[Said], Raw]
    shown: Callable[[str, Mapping[str, str]], Shown]


HANDSETS: dict[str, Handset] = {
    "africastalking": Handset(africastalking, con_or_end),
    "safaricom": Handset(safaricom, con_or_end),
    "flares": Handset(flares, by_header),
    "hubtel": Handset(hubtel, in_json("Message", lambda found: found["Type"] == "Response")),
    "nalo": Handset(nalo, in_json("MSG", lambda found: found["MSGTYPE"] is True)),
    "arkesel": Handset(arkesel, in_json("message", lambda found: found["continueSession"] is True)),
    "infobip": Handset(infobip, in_json("ussdMenu", lambda found: found["shouldClose"] is False)),
    "madapi": Handset(madapi, in_madapi),
    "wigal": Handset(wigal, in_bars),
    "cellulant": Handset(cellulant, in_nulls),
    "truroute": Handset(truroute, in_xml),
    "oltranz": Handset(oltranz, in_json("response", lambda found: found["action"] == "CON")),
    "dmark": Handset(dmark, in_json("responseString", lambda found: found["action"] == "request")),
    "hollatags": Handset(hollatags, in_json("session_msg", lambda found: found["session_operation"] == "continue")),
    "uzo": Handset(uzo, in_json("message", lambda found: found["ussdServiceOp"] == "2")),
    "moolre": Handset(moolre, in_json("message", lambda found: found["reply"] is True)),
    "orange": Handset(orange, in_page),
}
"""Everything that is answered at once, by the name of its dialect."""


async def send(client: Client, request: Raw) -> tuple[int, str, Mapping[str, str]]:
    """A request over HTTP: the status, the body and the headers of the answer."""
    url = f"{request.path}{'?' if request.query else ''}{request.query}"
    async with client.request(request.method, url, data=request.body or None, headers=dict(request.headers)) as answer:
        return answer.status, await answer.text(), answer.headers


@dataclass
class Call:
    """A session on one gateway, from the dial to the end."""

    client: Client
    handset: Handset
    session: str = "7001"
    number: str = NUMBER
    dialled: str = "*384#"
    typed: tuple[str, ...] = ()
    last: Raw | None = None

    async def dial(self) -> Shown:
        self.typed = ()
        return await self._ask()

    async def say(self, text: str) -> Shown:
        self.typed = (*self.typed, text)
        return await self._ask()

    async def again(self) -> Shown:
        """The last request once more, byte for byte."""
        assert self.last is not None
        return await self._send(self.last)

    async def _ask(self) -> Shown:
        self.last = self.handset.ask(Said(self.session, self.number, self.dialled, self.typed))
        return await self._send(self.last)

    async def _send(self, request: Raw) -> Shown:
        status, body, headers = await send(self.client, request)
        assert status == 200, body
        return self.handset.shown(body, headers)

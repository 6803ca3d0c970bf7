"""The service platform that takes pushed screens: who may send, what a phone shows then."""

import hashlib
from collections.abc import Mapping

import pytest

from tests.sandbox.side import TENANT, Client, ask

SEND = "/parlayx/sendUssd"
STAMP = "20261121090000"
SP, PASSWORD = "384001", "demo-parlayx-password"
GOOD = {
    "spId": SP,
    "spPassword": hashlib.md5(f"{SP}{PASSWORD}{STAMP}".encode(), usedforsecurity=False).hexdigest(),
    "timeStamp": STAMP,
    "msgType": "1",
    "senderCB": "S9",
    "msIsdn": TENANT,
    "serviceCode": "384",
    "ussdString": "Loyer &amp; charges\n1 Oui",
}


def soap(fields: Mapping[str, str]) -> bytes:
    """The fields as elements of a ``sendUssd``; nobody here minds in which part of the envelope they stand."""
    inner = "".join(f"<l:{name}>{value}</l:{name}>" for name, value in fields.items())
    return f'<e xmlns:l="urn:l"><l:sendUssd>{inner}</l:sendUssd></e>'.encode()


async def send(client: Client, body: bytes) -> tuple[int, str]:
    async with client.post(SEND, data=body, headers={"Content-Type": "text/xml"}) as got:
        assert got.content_type == "text/xml"
        return got.status, await got.text()


async def test_a_pushed_screen_is_taken_and_shown(client: Client) -> None:
    status, said = await send(client, soap(GOOD))
    assert (status, "<ns1:result>0</ns1:result>" in said) == (200, True)
    shown = await ask(client, "GET", f"/phones/{TENANT}")
    assert (shown["session"], shown["text"], shown["open"]) == ("S9", "Loyer & charges\n1 Oui", False)


async def test_a_session_of_the_phone_s_own_is_not_covered(client: Client) -> None:
    before = await ask(client, "POST", f"/phones/{TENANT}/dial", {"code": "*384#"})
    assert (await send(client, soap(GOOD)))[0] == 200
    assert (await ask(client, "GET", f"/phones/{TENANT}"))["text"] == before["text"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "SVC0002"),
        (b"{}", "SVC0002"),
        (b"<e/>", "SVC0002"),
        (b"<!DOCTYPE a [<!ENTITY b 'x'>]><sendUssd>&b;</sendUssd>", "SVC0002"),
        *((soap({**GOOD, name: ""}), "SVC0002") for name in GOOD),
        (soap({**GOOD, "spId": "384002"}), "SVC0901"),
        (soap({**GOOD, "spPassword": "0" * 32}), "SVC0901"),
        (soap({**GOOD, "spPassword": "é"}), "SVC0901"),
        (soap({**GOOD, "timeStamp": "20261121090001"}), "SVC0901"),
        (soap({**GOOD, "msIsdn": "MTN"}), "SVC0004"),
    ],
)
async def test_what_is_no_screen_of_ours_is_refused_and_shown_to_nobody(client: Client, body: bytes, code: str) -> None:
    status, said = await send(client, body)
    assert (status, f"<faultcode>{code}</faultcode>" in said) == (500, True), said
    assert (await ask(client, "GET", f"/phones/{TENANT}"))["text"] == ""

"""What MTN refuses before it takes a request to pay."""

from typing import Any
from uuid import uuid4

import pytest

from tests.sandbox.side import TENANT, Mtn, TinyApp, ask, quiet

PROMPTS = f"/phones/{TENANT}/prompts"
PAYER = {"partyIdType": "MSISDN", "partyId": TENANT}


@pytest.mark.parametrize(
    "body",
    [
        {"amount": 75000},
        {"amount": "75000.00"},
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "75 000"},
        {"externalId": ""},
        {"externalId": None},
        {"payer": {**PAYER, "partyId": f"+{TENANT}"}},
        {"payer": {**PAYER, "partyIdType": "EMAIL"}},
        {"payer": TENANT},
        {"payerMessage": "Loyer d'août"},
        {"payeeNote": "Loyer d’août"},
        {"payerMessage": "x" * 161},
        {"payeeNote": "x" * 161},
    ],
)
async def test_bad_body(mtn: Mtn, body: dict[str, object]) -> None:
    await mtn.pay(400, body=body)
    assert await ask(mtn.client, "GET", PROMPTS) == []


async def test_message_of_160(mtn: Mtn) -> None:
    await mtn.pay(202, body={"payerMessage": "é" * 160})


async def test_malformed_json(mtn: Mtn) -> None:
    headers = {**mtn.headers, "X-Reference-Id": str(uuid4()), "Content-Type": "application/json"}
    for body in (b"{", b"\xff", b"[]"):
        async with mtn.client.post("/mtn/collection/v1_0/requesttopay", data=body, headers=headers) as got:
            assert got.status == 400
    headers["Content-Type"] = "text/plain"
    async with mtn.client.post("/mtn/collection/v1_0/requesttopay", data=b"{}", headers=headers) as got:
        assert got.status == 400


@pytest.mark.parametrize("reference", ["", "abc", "2f1b7a52-c6a1-11f0-9c3a-0242ac120002", "P88213"])
async def test_reference_must_be_uuid4(mtn: Mtn, reference: str) -> None:
    await mtn.pay(400, headers={"X-Reference-Id": reference})


async def code_of(mtn: Mtn, status: int, **changes: Any) -> str:
    """The code of a refusal."""
    async with mtn.request(**changes) as got:
        assert got.status == status
        return str((await got.json())["code"])


@pytest.mark.parametrize(
    ("market", "currency", "good"),
    [
        ("mtncameroon", "XAF", True),
        ("mtncameroon", "XOF", False),
        ("mtnivorycoast", "XOF", True),
        ("mtnivorycoast", "XAF", False),
        ("mtnbenin", "XOF", True),
        ("sandbox", "EUR", True),
        ("sandbox", "XAF", False),
    ],
)
async def test_currency_of_the_market(mtn: Mtn, market: str, currency: str, good: bool) -> None:
    changes: dict[str, Any] = {"headers": {"X-Target-Environment": market}, "body": {"currency": currency}}
    if good:
        await mtn.pay(202, **changes)
    else:
        assert await code_of(mtn, 500, **changes) == "INVALID_CURRENCY"


async def test_target_environment(mtn: Mtn) -> None:
    wrong = {"X-Target-Environment": "mtnfrance"}
    assert await code_of(mtn, 500, headers=wrong) == "NOT_ALLOWED_TARGET_ENVIRONMENT"
    await mtn.pay(400, headers={"X-Target-Environment": None})


@pytest.mark.parametrize(
    "url", ["http://example.com/cb", "http://192.0.2.1/", "file:///etc/passwd", "", "http://127.0.0.1.example.com/"]
)
async def test_callback_host_must_be_loopback(mtn: Mtn, url: str) -> None:
    assert await code_of(mtn, 500, headers={"X-Callback-Url": url}) == "INVALID_CALLBACK_URL_HOST"


async def test_without_callback_url(mtn: Mtn, tiny: TinyApp) -> None:
    await ask(mtn.client, "PUT", f"/wallets/mtn/{TENANT}", {"behaviour": "approve"})
    await mtn.ended(await mtn.pay(202, headers={"X-Callback-Url": None}))
    await quiet(0.05)
    assert tiny.calls == []


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [
        ("46733123457", 500, "NOT_ALLOWED"),
        ("46733123458", 500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
        ("46733123459", 500, "INVALID_CALLBACK_URL_HOST"),
        ("46733123460", 500, "INVALID_CURRENCY"),
        ("46733123461", 500, "INTERNAL_PROCESSING_ERROR"),
        ("46733123462", 503, "SERVICE_UNAVAILABLE"),
        ("46733123464", 500, "TRANSFER_TYPE_UNKNOWN"),
    ],
)
async def test_vendor_number_refused_at_once(mtn: Mtn, number: str, status: int, code: str) -> None:
    assert await code_of(mtn, status, msisdn=number) == code

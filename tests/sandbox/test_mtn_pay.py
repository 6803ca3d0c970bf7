"""MTN's request to pay: what is refused, what becomes of what is taken, and what was really debited."""

from typing import Any
from uuid import uuid4

import pytest

from tests.sandbox.side import SCALE, TENANT, Client, Mtn, Start, TinyApp, ask

WALLET = f"/wallets/mtn/{TENANT}"
PROMPTS = f"/phones/{TENANT}/prompts"


async def set_wallet(mtn: Mtn, **change: object) -> Any:
    """Change the tenant's wallet."""
    return await ask(mtn.client, "PUT", WALLET, change)


async def truth(mtn: Mtn) -> Any:
    """What was really debited."""
    return await ask(mtn.client, "GET", "/truth/mtn")


async def balance(mtn: Mtn) -> Any:
    """What the tenant's wallet holds."""
    return (await ask(mtn.client, "GET", WALLET))["balance"]


async def decide(mtn: Mtn, body: object, status: int = 200) -> Any:
    """Answer the first open prompt."""
    [first, *_] = await ask(mtn.client, "GET", PROMPTS)
    return await ask(mtn.client, "POST", f"{PROMPTS}/{first['id']}", body, status)


async def test_prompt_on_the_phone(mtn: Mtn) -> None:
    await mtn.pay()
    [prompt] = await ask(mtn.client, "GET", PROMPTS)
    assert prompt == {
        "id": prompt["id"],
        "amount": 75000,
        "currency": "XAF",
        "payee": "TOIT",
        "message": "Loyer novembre",
        "pin": (await ask(mtn.client, "GET", WALLET))["pin"],
    }


async def test_approved_with_the_pin(mtn: Mtn, tiny: TinyApp) -> None:
    reference = await mtn.pay()
    assert (await mtn.get(f"requesttopay/{reference}"))["status"] == "PENDING"
    pin = (await ask(mtn.client, "GET", WALLET))["pin"]
    assert await decide(mtn, {"pin": pin}) == {"status": "SUCCESSFUL", "reason": None}
    told = await mtn.get(f"requesttopay/{reference}")
    number = told["financialTransactionId"]
    assert number.isdigit()
    assert told == {
        "amount": "75000",
        "currency": "XAF",
        "externalId": "P88213",
        "payer": {"partyIdType": "MSISDN", "partyId": TENANT},
        "payerMessage": "Loyer novembre",
        "payeeNote": "A4821",
        "status": "SUCCESSFUL",
        "financialTransactionId": number,
    }
    assert (await balance(mtn), await ask(mtn.client, "GET", PROMPTS)) == (425_000, [])
    assert (await tiny.wait("/cb/mtn"))[0].method == "PUT"


async def test_truth_is_what_was_debited(mtn: Mtn) -> None:
    await set_wallet(mtn, behaviour="approve")
    reference = await mtn.pay()
    told = await mtn.ended(reference)
    [line] = await truth(mtn)
    assert line.pop("at")
    assert line == {
        "reference": reference,
        "external_id": "P88213",
        "msisdn": TENANT,
        "amount": 75000,
        "currency": "XAF",
        "financial_transaction_id": told["financialTransactionId"],
    }


async def test_accepted_is_202_and_empty(mtn: Mtn) -> None:
    async with mtn.request() as got:
        assert (got.status, await got.read()) == (202, b"")


async def test_refused_by_the_person(mtn: Mtn) -> None:
    reference = await mtn.pay()
    assert (await decide(mtn, {"action": "reject"}))["reason"] == "APPROVAL_REJECTED"
    assert (await mtn.ended(reference))["status"] == "FAILED"
    assert (await truth(mtn), await balance(mtn)) == ([], 500_000)


async def test_three_wrong_pins(mtn: Mtn, tiny: TinyApp) -> None:
    reference = await mtn.pay()
    for left in (2, 1, 0):
        assert (await decide(mtn, {"pin": "x"}, 403))["tries_left"] == left
    told = await mtn.ended(reference)
    assert "PAYMENT_NOT_APPROVED" in str(told["reason"])
    assert await truth(mtn) == []
    await tiny.wait("/cb/mtn")


async def test_closed_and_unknown_prompts(mtn: Mtn) -> None:
    await mtn.pay()
    [prompt] = await ask(mtn.client, "GET", PROMPTS)
    path = f"{PROMPTS}/{prompt['id']}"
    await ask(mtn.client, "POST", path, {}, 400)
    await ask(mtn.client, "POST", path, {"pin": "1", "action": "reject"}, 400)
    await ask(mtn.client, "POST", path, {"action": "reject"})
    await ask(mtn.client, "POST", path, {"pin": prompt["pin"]}, 409)
    await ask(mtn.client, "POST", f"{PROMPTS}/99", {"pin": "1"}, 404)
    await ask(mtn.client, "POST", f"/phones/237699000222/prompts/{prompt['id']}", {"pin": "1"}, 404)


async def test_prompt_expires(start: Start, mtn: Mtn) -> None:
    mtn.client = await start(time_scale=3000.0, shortest_limit=0.0)
    reference = await mtn.pay()
    told = await mtn.ended(reference)
    assert "EXPIRED" in str(told["reason"])
    assert await ask(mtn.client, "GET", PROMPTS) == []


async def test_prompt_needs_a_network(mtn: Mtn) -> None:
    await mtn.pay()
    [prompt] = await ask(mtn.client, "GET", PROMPTS)
    await ask(mtn.client, "POST", f"/phones/{TENANT}/network", {"on": False})
    assert await ask(mtn.client, "GET", PROMPTS) == []
    await ask(mtn.client, "POST", f"{PROMPTS}/{prompt['id']}", {"pin": prompt["pin"]}, 409)
    await ask(mtn.client, "POST", f"/phones/{TENANT}/network", {"on": True})
    await decide(mtn, {"pin": prompt["pin"]})


async def test_too_little_money(mtn: Mtn) -> None:
    pin = (await set_wallet(mtn, balance=74_999))["pin"]
    reference = await mtn.pay()
    assert await decide(mtn, {"pin": pin}) == {"status": "FAILED", "reason": "NOT_ENOUGH_FUNDS"}
    assert (await mtn.ended(reference))["status"] == "FAILED"
    assert (await truth(mtn), await balance(mtn)) == ([], 74_999)


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("reject", "APPROVAL_REJECTED"),
        ("not_found", "PAYER_NOT_FOUND"),
        ("inactive", "SENDER_ACCOUNT_NOT_ACTIVE"),
        ("insufficient", "NOT_ENOUGH_FUNDS"),
        ("insufficient_wart", "INTERNAL_PROCESSING_ERROR"),
        ("limit", "PAYER_LIMIT_REACHED"),
        ("blocked", "NOT_ALLOWED"),
        ("timeout", "EXPIRED"),
    ],
)
async def test_wallet_that_fails(start: Start, mtn: Mtn, behaviour: str, code: str) -> None:
    mtn.client = await start(time_scale=3000.0)
    await set_wallet(mtn, behaviour=behaviour)
    reference = await mtn.pay()
    assert await ask(mtn.client, "GET", PROMPTS) == []
    told = await mtn.ended(reference)
    assert told["status"] == "FAILED"
    assert code in str(told["reason"])
    assert await truth(mtn) == []


@pytest.mark.parametrize("behaviour", ["approve", "delay:2.5"])
async def test_wallet_that_pays_by_itself(mtn: Mtn, tiny: TinyApp, behaviour: str) -> None:
    await set_wallet(mtn, behaviour=behaviour, balance=75_000)
    reference = await mtn.pay()
    assert await ask(mtn.client, "GET", PROMPTS) == []
    assert (await mtn.ended(reference))["status"] == "SUCCESSFUL"
    assert await balance(mtn) == 0
    await tiny.wait("/cb/mtn")
    again = await mtn.pay()
    assert "NOT_ENOUGH_FUNDS" in str((await mtn.ended(again))["reason"])
    assert [line["reference"] for line in await truth(mtn)] == [reference]


async def test_reason_is_an_object_and_a_string_in_turn(mtn: Mtn) -> None:
    await set_wallet(mtn, behaviour="reject")
    reasons = [(await mtn.ended(await mtn.pay()))["reason"] for _ in range(2)]
    assert reasons == [
        {"code": "APPROVAL_REJECTED", "message": "Approval rejected"},
        "APPROVAL_REJECTED",
    ]


async def test_created_is_said_though_no_vocabulary_has_it(mtn: Mtn) -> None:
    await mtn.pay()
    second = await mtn.pay()
    words = [(await mtn.get(f"requesttopay/{second}"))["status"] for _ in range(2)]
    assert words == ["CREATED", "PENDING"]


async def test_reused_reference(mtn: Mtn) -> None:
    reference = await mtn.pay()
    async with mtn.request(reference=reference, body={"amount": "1"}) as got:
        assert (got.status, (await got.json())["code"]) == (409, "RESOURCE_ALREADY_EXIST")
    assert (await mtn.get(f"requesttopay/{reference}"))["amount"] == "75000"
    assert len(await ask(mtn.client, "GET", PROMPTS)) == 1


async def test_unknown_reference(mtn: Mtn) -> None:
    assert (await mtn.get(f"requesttopay/{uuid4()}", 404))["code"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("46733123450", "INTERNAL_PROCESSING_ERROR"),
        ("46733123451", "APPROVAL_REJECTED"),
        ("46733123452", "EXPIRED"),
        ("46733123455", "PAYER_NOT_FOUND"),
        ("46733123456", "PAYEE_NOT_ALLOWED_TO_RECEIVE"),
        ("46733123463", "COULD_NOT_PERFORM_TRANSACTION"),
    ],
)
async def test_vendor_number_that_fails(mtn: Mtn, number: str, code: str) -> None:
    told = await mtn.ended(await mtn.pay(msisdn=number))
    assert code in str(told["reason"])


@pytest.mark.parametrize("scale", [0.001, SCALE])
async def test_vendor_numbers_ongoing_and_delayed(start: Start, mtn: Mtn, scale: float) -> None:
    mtn.client = await start(time_scale=scale)
    ongoing, delayed = await mtn.pay(msisdn="46733123453"), await mtn.pay(msisdn="46733123454")
    if scale < 1:
        assert (await mtn.get(f"requesttopay/{delayed}"))["status"] == "CREATED"
        return
    assert (await mtn.ended(delayed))["status"] == "SUCCESSFUL"
    assert (await mtn.get(f"requesttopay/{ongoing}"))["status"] == "PENDING"
    assert (await mtn.ended(await mtn.pay(msisdn="46733123499")))["status"] == "SUCCESSFUL"


async def test_account_holder(mtn: Mtn) -> None:
    holder = f"accountholder/msisdn/{TENANT}/active"
    assert await mtn.get(holder) == {"result": True}
    await set_wallet(mtn, behaviour="inactive")
    assert await mtn.get(holder) == {"result": False}
    await set_wallet(mtn, behaviour="not_found")
    assert (await mtn.get(holder, 404))["code"] == "RESOURCE_NOT_FOUND"
    await mtn.get(f"accountholder/msisdn/{TENANT}/basicuserinfo", 404)


@pytest.mark.parametrize(
    ("last", "status", "told"),
    [
        (0, 404, "RESOURCE_NOT_FOUND"),
        (1, 200, False),
        (2, 500, "NOT_ALLOWED"),
        (3, 500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
        (4, 500, "INTERNAL_PROCESSING_ERROR"),
        (5, 503, "SERVICE_UNAVAILABLE"),
        (6, 200, True),
    ],
)
async def test_account_holder_test_numbers(mtn: Mtn, last: int, status: int, told: object) -> None:
    answer = await mtn.get(f"accountholder/msisdn/4673312345{last}/active", status)
    assert answer.get("result", answer.get("code")) == told


async def test_name_behind_a_number(mtn: Mtn, people_file: object) -> None:
    told = await mtn.get(f"accountholder/msisdn/{TENANT}/basicuserinfo")
    assert (told["given_name"], told["family_name"], told["status"]) == ("Awa", "Ngono Bella", "ACTIVE")
    unknown = await mtn.get("accountholder/msisdn/237699999999/basicuserinfo")
    assert unknown["family_name"] == "Titulaire"


async def test_balance_is_what_was_collected(mtn: Mtn) -> None:
    assert await mtn.get("account/balance") == {"availableBalance": "0", "currency": "XAF"}
    await set_wallet(mtn, behaviour="approve")
    await mtn.ended(await mtn.pay())
    assert await mtn.get("account/balance") == {"availableBalance": "75000", "currency": "XAF"}


async def test_delivery_notification(mtn: Mtn) -> None:
    await set_wallet(mtn, behaviour="approve")
    reference = await mtn.pay()
    await mtn.ended(reference)
    path = f"/mtn/collection/v1_0/requesttopay/{reference}/deliverynotification"
    for text, status in (("Quittance P88213", 200), ("", 400), ("x" * 161, 400)):
        async with mtn.client.post(path, json={"notificationMessage": text}, headers=mtn.headers) as got:
            assert got.status == status
    [message] = await ask(mtn.client, "GET", f"/phones/{TENANT}/messages")
    assert (message["channel"], message["from"], message["text"]) == ("momo", "MobileMoney", "Quittance P88213")
    async with mtn.client.post(path.replace(reference, str(uuid4())), json={}, headers=mtn.headers) as got:
        assert got.status == 404


async def test_everything_survives_a_restart(start: Start, mtn: Mtn, client: Client) -> None:
    await set_wallet(mtn, balance=100_000)
    waiting = await mtn.pay()
    await ask(client, "PUT", "/faults/x", {"route": "mtn.status", "kind": "word", "word": "DONE"})
    await client.close()
    mtn.client = await start()
    [prompt] = await ask(mtn.client, "GET", PROMPTS)
    assert [f["name"] for f in await ask(mtn.client, "GET", "/faults")] == ["x"]
    await ask(mtn.client, "DELETE", "/faults")
    await decide(mtn, {"pin": prompt["pin"]})
    await mtn.client.close()
    mtn.client = await start()
    assert (await mtn.get(f"requesttopay/{waiting}"))["status"] == "SUCCESSFUL"
    assert (len(await truth(mtn)), await balance(mtn)) == (1, 25_000)


async def test_pending_payment_goes_on_after_a_restart(start: Start, mtn: Mtn, client: Client) -> None:
    await set_wallet(mtn, behaviour="delay:10")
    reference = await mtn.pay()
    await client.close()
    mtn.client = await start()
    assert (await mtn.ended(reference))["status"] == "SUCCESSFUL"
    assert len(await truth(mtn)) == 1

"""MTN's callback: once and no more, and every way it goes wrong when told to."""

from typing import Any

import msgspec
import pytest

from tests.patience import NEVER_S
from tests.sandbox.side import TENANT, Call, Mtn, TinyApp, ask, quiet


def told(calls: list[Call]) -> list[Any]:
    """The bodies of callbacks."""
    return [msgspec.json.decode(call.body) for call in calls]


async def fault(mtn: Mtn, kind: str, **more: object) -> None:
    """Order a callback fault."""
    body = {"route": "mtn.callback", "kind": kind, **more}
    await ask(mtn.client, "PUT", f"/faults/{kind}", body)


@pytest.fixture(autouse=True)
async def payer_who_pays(mtn: Mtn) -> None:
    await ask(mtn.client, "PUT", f"/wallets/mtn/{TENANT}", {"behaviour": "approve"})


async def test_once_even_when_refused(mtn: Mtn, tiny: TinyApp) -> None:
    tiny.status = [500]
    reference = await mtn.pay()
    [call] = await tiny.wait("/cb/mtn")
    assert call.method == "PUT"
    assert told([call]) == [await mtn.get(f"requesttopay/{reference}")]
    await quiet()
    assert len(tiny.calls) == 1


async def test_never(mtn: Mtn, tiny: TinyApp) -> None:
    await fault(mtn, "never")
    assert (await mtn.ended(await mtn.pay()))["status"] == "SUCCESSFUL"
    await quiet(0.1)
    assert tiny.calls == []


async def test_several_times(mtn: Mtn, tiny: TinyApp) -> None:
    await fault(mtn, "times", count=3)
    await mtn.pay()
    assert len({call.body for call in await tiny.wait("/cb/mtn", 3)}) == 1
    await quiet(0.05)
    assert len(tiny.calls) == 3


@pytest.mark.parametrize(("seconds", "count"), [(NEVER_S, 0), (0.1, 1)])
async def test_late(mtn: Mtn, tiny: TinyApp, seconds: float, count: int) -> None:
    await fault(mtn, "late", seconds=seconds)
    await mtn.ended(await mtn.pay())
    await tiny.arrived("/cb/mtn", count)


async def test_before_the_answer(mtn: Mtn, tiny: TinyApp) -> None:
    await fault(mtn, "early")
    await mtn.pay()
    assert [body["status"] for body in told(tiny.calls)] == ["SUCCESSFUL"]
    await quiet(0.05)
    assert len(tiny.calls) == 1


async def test_before_the_answer_while_the_person_thinks(mtn: Mtn, tiny: TinyApp) -> None:
    await ask(mtn.client, "PUT", f"/wallets/mtn/{TENANT}", {"behaviour": "ask"})
    await fault(mtn, "early")
    await mtn.pay()
    assert [body["status"] for body in told(tiny.calls)] == ["PENDING"]


async def test_out_of_order(mtn: Mtn, tiny: TinyApp) -> None:
    await fault(mtn, "reordered", times=1, seconds=NEVER_S)
    await mtn.ended(await mtn.pay(body={"externalId": "first"}))
    await mtn.pay(body={"externalId": "second"})
    calls = await tiny.wait("/cb/mtn", 2)
    assert [body["externalId"] for body in told(calls)] == ["second", "first"]


async def test_held_back_alone_goes_out_in_the_end(mtn: Mtn, tiny: TinyApp) -> None:
    await fault(mtn, "reordered", seconds=5)
    await mtn.pay()
    await tiny.wait("/cb/mtn")


async def test_stale_word_after_the_end(mtn: Mtn, tiny: TinyApp) -> None:
    await fault(mtn, "stale")
    await mtn.pay()
    calls = await tiny.wait("/cb/mtn", 2)
    assert [body["status"] for body in told(calls)] == ["SUCCESSFUL", "PENDING"]


@pytest.mark.parametrize(("ordered", "amount"), [("", "1"), ("999", "999")])
async def test_wrong_amount(mtn: Mtn, tiny: TinyApp, ordered: str, amount: str) -> None:
    await fault(mtn, "wrong_amount", amount=ordered)
    reference = await mtn.pay()
    assert told(await tiny.wait("/cb/mtn"))[0]["amount"] == amount
    assert (await mtn.get(f"requesttopay/{reference}"))["amount"] == "75000"


async def test_forged(mtn: Mtn, tiny: TinyApp) -> None:
    await ask(mtn.client, "PUT", f"/wallets/mtn/{TENANT}", {"behaviour": "timeout"})
    await fault(mtn, "forged")
    reference = await mtn.pay()
    assert told(await tiny.wait("/cb/mtn"))[0]["status"] == "SUCCESSFUL"
    assert (await mtn.get(f"requesttopay/{reference}"))["status"] == "PENDING"
    assert await ask(mtn.client, "GET", "/truth/mtn") == []


async def test_by_post(mtn: Mtn, tiny: TinyApp) -> None:
    await fault(mtn, "post")
    await mtn.pay()
    assert (await tiny.wait("/cb/mtn"))[0].method == "POST"


async def test_by_post_and_put_in_turn(mtn: Mtn, tiny: TinyApp) -> None:
    await fault(mtn, "alternate")
    for count in (1, 2, 3):
        await mtn.pay()
        await tiny.wait("/cb/mtn", count)
    assert [call.method for call in tiny.calls] == ["POST", "PUT", "POST"]

"""The one callback MTN sends for a payment, and every way it is known to go wrong."""

from contextlib import suppress

import msgspec

from sandbox.faults import Fault
from sandbox.outbound import NoAnswerError
from sandbox.store import Row
from sandbox.world import World

HELD_SECONDS = 30.0


def shape(row: Row) -> dict[str, object]:
    """A payment as the status answer and the callback tell it."""
    told: dict[str, object] = {
        "amount": str(row["amount"]),
        "currency": row["currency"],
        "externalId": row["external_id"],
        "payer": {"partyIdType": "MSISDN", "partyId": row["msisdn"]},
        "payerMessage": row["payer_message"],
        "payeeNote": row["payee_note"],
        "status": row["status"],
    }
    if row["financial_transaction_id"]:
        told["financialTransactionId"] = row["financial_transaction_id"]
    if row["reason"]:
        told["reason"] = reason(row, as_object=row["number"] % 2 == 1)
    return told


def reason(row: Row, *, as_object: bool) -> object:
    """Why it failed: the schema says an object, the vendor's page prints a string."""
    code = row["reason"]
    return {"code": code, "message": str(code).replace("_", " ").capitalize()} if as_object else code


class Callbacks:
    """Sends the hint once, without a retry, unless a fault says otherwise."""

    def __init__(self, world: World) -> None:
        """Start with no callback held back."""
        self._world = world
        self._held: list[Row] = []
        self._sent = 0

    async def tell(self, row: Row) -> None:
        """The payment has ended: send its callback, as the ordered faults want it."""
        fault = self._world.faults.take("mtn.callback", "never", "times", "late", "reordered", "stale", "wrong_amount")
        if fault is None:
            await self.post(row)
        elif fault.kind != "never":
            await self._play(fault, row)

    async def _play(self, fault: Fault, row: Row) -> None:
        if fault.kind == "reordered":
            await self._hold(row, fault.wait(HELD_SECONDS))
            return
        if fault.kind == "late":
            await self._world.clock.sleep(fault.wait(60.0))
        changes = {"amount": fault.amount or "1"} if fault.kind == "wrong_amount" else {}
        for _ in range(fault.count if fault.kind == "times" else 1):
            await self.post(row, changes)
        if fault.kind == "stale":
            await self.post(row, {"status": "PENDING"})

    async def _hold(self, row: Row, seconds: float) -> None:
        self._held.append(row)
        await self._world.clock.sleep(seconds)
        await self._release([row])

    async def _release(self, rows: list[Row]) -> None:
        for row in [r for r in rows if r in self._held]:
            self._held.remove(row)
            await self.post(row)

    def forge(self, row: Row) -> None:
        """Someone who is not MTN claims that the payment went through."""
        if self._world.faults.take("mtn.callback", "forged"):
            lie = {"status": "SUCCESSFUL", "financialTransactionId": "99999999999"}
            self._world.jobs.start(self.post(row, lie))

    async def post(self, row: Row, changes: dict[str, str] | None = None) -> None:
        """Send one callback now; whatever the app answers, it is not repeated."""
        if not row["callback_url"]:
            return
        body = msgspec.json.encode({**shape(row), **(changes or {})})
        with suppress(NoAnswerError):  # the vendor sends once and forgets
            await self._world.out.send_json(self._method(), row["callback_url"], body)
        await self._release(list(self._held))

    def _method(self) -> str:
        self._sent += 1
        fault = self._world.faults.take("mtn.callback", "post", "alternate")
        if fault is None:
            return "PUT"
        return "POST" if fault.kind == "post" or self._sent % 2 else "PUT"

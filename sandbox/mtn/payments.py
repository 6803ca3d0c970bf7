"""The life of a payment after MTN took it: prompt, debit, refusal, expiry."""

import secrets
from datetime import datetime

from sandbox.answers import refuse
from sandbox.handset import Handsets
from sandbox.mtn.callbacks import Callbacks
from sandbox.mtn.checks import Heading, Wish
from sandbox.mtn.table import plan_for, prompts
from sandbox.store import Row
from sandbox.wallets import Wallets
from sandbox.world import World

PAYEE = "TOIT"
FIND = "SELECT * FROM payments WHERE reference = ?"


class Payments:
    """Carries every pending payment to its end, also over a restart."""

    def __init__(self, world: World, wallets: Wallets, handsets: Handsets, callbacks: Callbacks) -> None:
        """Work on the remembered payments."""
        self._world, self._store = world, world.store
        self._wallets, self._handsets, self._callbacks = wallets, handsets, callbacks

    def resume(self) -> None:
        """Take up what was pending when the sandbox stopped."""
        for row in self._store.all("SELECT * FROM payments WHERE status = 'PENDING'"):
            self._world.jobs.start(self._carry(row["reference"], row["due_at"]))

    async def take(self, heading: Heading, wish: Wish) -> bool:
        """Keep a new payment and start its life; False when the reference was used before."""
        wallet = self._wallets.get(wish.payer.party_id)
        plan, seconds = plan_for(wallet)
        clock, asked = self._world.clock, prompts(wallet)
        due = clock.after(clock.limit(seconds) if asked else clock.real(seconds)).isoformat()
        with self._store.together():
            if not self._insert(heading, wish, plan, due):
                return False
            if asked:
                self._store.run("INSERT INTO prompts (reference) VALUES (?)", heading.reference)
        self._world.hub.tell("prompt", msisdn=wallet.msisdn)
        await self._begin(heading.reference, plan, due)
        return True

    def _insert(self, heading: Heading, wish: Wish, plan: str, due: str) -> int:
        return self._store.run(
            "INSERT INTO payments (reference, external_id, msisdn, amount, currency, payer_message,"
            " payee_note, callback_url, plan, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            heading.reference,
            wish.external_id,
            wish.payer.party_id,
            int(wish.amount),
            wish.currency,
            wish.payer_message,
            wish.payee_note,
            heading.callback_url,
            plan,
            due,
        )

    async def _begin(self, reference: str, plan: str, due: str) -> None:
        self._callbacks.forge(self.find(reference))
        if self._world.faults.take("mtn.callback", "early"):
            # The hint reaches the app before the answer to its own request does.
            if plan != "expire":
                self._end(reference, plan)
            await self._callbacks.post(self.find(reference))
        self._world.jobs.start(self._carry(reference, due))

    async def _carry(self, reference: str, due: str) -> None:
        await self._world.clock.sleep_until(datetime.fromisoformat(due))
        row = self.find(reference)
        if row["status"] == "PENDING" and row["plan"] != "never":
            self._end(reference, row["plan"])
            await self._callbacks.tell(self.find(reference))

    def _end(self, reference: str, plan: str) -> None:
        if plan == "approve":
            self.debit(reference)
        elif plan == "expire":
            self._fail(reference, "EXPIRED")
        elif plan != "never":
            self._fail(reference, plan.removeprefix("fail "))

    def debit(self, reference: str) -> None:
        """Take the money and write it into the truth log, or fail for lack of money: one transaction."""
        with self._store.together():
            row = self.find(reference)
            if row["status"] != "PENDING":
                return
            if not self._wallets.take(row["msisdn"], row["amount"]):
                self._fail(reference, "NOT_ENOUGH_FUNDS")
                return
            number = str(10_000_000_000 + secrets.randbelow(10**10))
            self._store.run(
                "UPDATE payments SET status = 'SUCCESSFUL', financial_transaction_id = ? WHERE reference = ?",
                number,
                reference,
            )
            self._log_truth(row, number)
        self._world.hub.tell("truth", msisdn=row["msisdn"], amount=row["amount"], currency=row["currency"])

    def _log_truth(self, row: Row, number: str) -> None:
        self._store.run(
            "INSERT INTO truth (at, reference, external_id, msisdn, amount, currency,"
            " financial_transaction_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
            self._world.clock.stamp(),
            row["reference"],
            row["external_id"],
            row["msisdn"],
            row["amount"],
            row["currency"],
            number,
        )

    def _fail(self, reference: str, code: str) -> None:
        sql = "UPDATE payments SET status = 'FAILED', reason = ? WHERE reference = ? AND status = 'PENDING'"
        self._store.run(sql, code, reference)
        self._world.hub.tell("prompt", msisdn=self.find(reference)["msisdn"])

    def find(self, reference: str) -> Row:
        """A payment that is known to exist."""
        row = self._store.one(FIND, reference)
        if row is None:
            raise LookupError(reference)
        return row

    def seek(self, reference: str) -> Row | None:
        """A payment by the caller's reference, counted as one more poll."""
        self._store.run("UPDATE payments SET polls = polls + 1 WHERE reference = ?", reference)
        return self._store.one(FIND, reference)

    def open_prompts(self, msisdn: str) -> list[dict[str, object]]:
        """What waits for the owner's PIN, oldest first; nothing without a network."""
        if not self._handsets.has_network(msisdn):
            return []
        rows = self._store.all(
            "SELECT prompts.id, payments.* FROM prompts JOIN payments USING (reference)"
            " WHERE msisdn = ? AND status = 'PENDING' ORDER BY prompts.id",
            msisdn,
        )
        return [self._prompt(row) for row in rows]

    def _prompt(self, row: Row) -> dict[str, object]:
        return {
            "id": row["id"],
            "amount": row["amount"],
            "currency": row["currency"],
            "payee": PAYEE,
            "message": row["payer_message"],
            "pin": self._wallets.get(row["msisdn"]).pin,
        }

    def _open(self, msisdn: str, number: int) -> Row:
        row = self._store.one(
            "SELECT prompts.id, prompts.tries_left, payments.* FROM prompts JOIN payments USING (reference)"
            " WHERE prompts.id = ? AND msisdn = ?",
            number,
            msisdn,
        )
        if row is None:
            raise refuse(404, "no such prompt on this phone")
        if row["status"] != "PENDING" or not self._handsets.has_network(msisdn):
            raise refuse(409, "this prompt is closed", payment=row["status"])
        return row

    def approve(self, msisdn: str, number: int, pin: str) -> dict[str, object]:
        """The owner types the PIN; the third wrong one ends the payment (403 each time)."""
        row = self._open(msisdn, number)
        if pin == self._wallets.get(msisdn).pin:
            self.debit(row["reference"])
            return self._told(row["reference"])
        self._store.run("UPDATE prompts SET tries_left = tries_left - 1 WHERE id = ?", number)
        left = int(row["tries_left"]) - 1
        if left == 0:
            self._fail(row["reference"], "PAYMENT_NOT_APPROVED")
            self._told(row["reference"])
        raise refuse(403, "wrong PIN", tries_left=left)

    def reject(self, msisdn: str, number: int) -> dict[str, object]:
        """The owner refuses to pay."""
        row = self._open(msisdn, number)
        self._fail(row["reference"], "APPROVAL_REJECTED")
        return self._told(row["reference"])

    def _told(self, reference: str) -> dict[str, object]:
        row = self.find(reference)
        self._world.hub.tell("prompt", msisdn=row["msisdn"])
        self._world.hub.tell("wallet", msisdn=row["msisdn"])
        self._world.jobs.start(self._callbacks.tell(row))
        return {"status": row["status"], "reason": row["reason"]}

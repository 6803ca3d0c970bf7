"""Posting the payments that operators confirmed, those of one moment together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

import asyncpg
from sqlalchemy import text

from core.kit.clock import Clock
from core.kit.crash import crash_point
from core.kit.db import TRANSIENT, Database, Record, Statement
from core.kit.errors import Refused
from core.kit.gather import Gather
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.money.accounts import AccountKey, clearing, credit, open_accounts, payable
from core.money.allocation import Allocation, OpenCharge, allocate
from core.money.ledger import Draft, Letter, Movement, ReceiptDraft, Written, write
from core.money.owed import open_charges_owed_to
from core.money.parties import CONTACTS, JOINS, Contact, Covered, contact, covered, day_of, letter, what
from core.money.receipts import receipt_number
from core.money.words import AttemptId, ReceiptId

BATCH: Final = 256
TRIES: Final = 6

_CASES: Final = Statement(
    text(f"""
SELECT a.id, a.ref, a.payer, a.notify_phone, a.language, a.payee, a.debtor, a.subject, a.title, a.amount, a.currency,
    a.rail, a.months, coalesce(payer.name, '') AS payer_name, {CONTACTS},
    clearing.id AS clearing, payable.id AS payable, credit.id AS credit
FROM payment_attempt AS a
JOIN person AS payer ON payer.id = a.payer
JOIN person AS payee ON payee.id = a.payee
JOIN person AS debtor ON debtor.id = a.debtor {JOINS}
LEFT JOIN account AS clearing ON clearing.kind = 'operator_clearing' AND clearing.owner IS NULL
    AND clearing.rail = a.rail AND clearing.currency = a.currency
LEFT JOIN account AS payable ON payable.kind = 'landlord_payable' AND payable.owner = a.payee
    AND payable.rail IS NULL AND payable.currency = a.currency
LEFT JOIN account AS credit ON credit.kind = 'tenant_credit' AND credit.owner = a.subject
    AND credit.rail IS NULL AND credit.currency = a.currency
WHERE a.id = any(CAST(:attempts AS bigint[]))
""")  # noqa: S608 - constants only
)
_STORED: Final = Statement(
    text("""
SELECT e.input_hash, r.id AS receipt_id, r.year, r.number
FROM entry AS e JOIN receipt AS r ON r.entry_id = e.id WHERE e.idempotency_key = CAST(:key AS text)
""")
)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A payment that the operator confirmed, amount and currency compared; ``subject`` is the attempt's."""

    attempt: AttemptId
    ref: str
    subject: int
    amount: Money
    provider_tx: str

    @property
    def key(self) -> str:
        """What makes it one entry for ever."""
        return f"payment:{self.ref}"

    @property
    def input_hash(self) -> bytes:
        """Tells a repetition from another payment under the same key."""
        inputs = (self.attempt, self.subject, self.amount.francs, self.amount.currency, self.provider_tx)
        return sha256("|".join(map(str, inputs)).encode()).digest()


@dataclass(frozen=True, slots=True)
class Posted:
    """A payment in the books; ``fresh`` is False when it had been posted before."""

    receipt: ReceiptId
    number: str
    fresh: bool


class Poster:
    """Posts payments; those that wait at the same moment share one statement and one commit."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._gather: Gather[int, Confirmed, Posted] = Gather(self._together, limit=BATCH)

    async def post(self, payment: Confirmed) -> Posted:
        """Post one payment, exactly once; the same one again gives the stored result.

        Raises Refused("posting.differs") for another payment under the same key, Refused("posting.ended") when
        the attempt failed meanwhile.
        """
        return await self._gather(payment.subject, payment)

    async def _together(self, payments: list[Confirmed]) -> list[Posted | Exception]:
        try:
            return await self._write(payments)
        except asyncpg.PostgresError:
            return [await self._alone(payment) for payment in payments]

    async def _alone(self, payment: Confirmed) -> Posted | Exception:
        """One payment by itself, tried again when somebody else's commit came in between."""
        for _ in range(TRIES):
            try:
                return (await self._write([payment]))[0]
            except (*TRANSIENT, asyncpg.UniqueViolationError) as error:
                last: Exception = error
            except asyncpg.PostgresError as error:
                return error
        return last

    async def _write(self, payments: list[Confirmed]) -> list[Posted | Exception]:
        cases = await self._cases(payments)
        owed = await open_charges_owed_to(
            self._db, [(row["subject"], row["payee"], row["currency"]) for row in cases.values()]
        )
        crash_point("post.read")
        now = self._clock.now()
        drafts = [_draft(payment, cases[payment.attempt], owed[payment.subject], now) for payment in payments]
        written = await write(self._db, drafts)
        crash_point("post.done")
        return [await self._result(*pair) for pair in zip(payments, written, strict=True)]

    async def _cases(self, payments: Sequence[Confirmed]) -> dict[int, Record]:
        """The attempts with their people and accounts; accounts that are missing are opened."""
        attempts = [payment.attempt for payment in payments]
        rows = await self._db.fetch(_CASES, attempts=attempts)
        missing = [row for row in rows if None in (row["clearing"], row["payable"], row["credit"])]
        if missing:
            await open_accounts(self._db, [key for row in missing for key in _accounts(row)])
            rows = await self._db.fetch(_CASES, attempts=attempts)
        return {row["id"]: row for row in rows}

    async def _result(self, payment: Confirmed, written: Written | None) -> Posted | Exception:
        if written is not None and written.receipt is not None:
            return Posted(written.receipt, written.number, fresh=True)
        stored = await self._db.one(_STORED, key=payment.key)
        if stored is None:
            return Refused("posting.ended", ref=payment.ref)
        if stored["input_hash"] != payment.input_hash:
            return Refused("posting.differs", ref=payment.ref)
        return Posted(stored["receipt_id"], receipt_number(stored["year"], stored["number"]), fresh=False)


def _accounts(row: Record) -> tuple[AccountKey, ...]:
    currency = row["currency"]
    return clearing(row["rail"], currency), payable(row["payee"], currency), credit(row["subject"], currency)


def _draft(payment: Confirmed, row: Record, charges: list[OpenCharge], now: datetime) -> Draft:
    chosen = tuple(map(Month.of, row["months"]))
    found = allocate(payment.amount.francs, charges, chosen, day_of(now, row["currency"]))
    cover = covered(charges, found.parts)
    return Draft(
        key=payment.key,
        input_hash=payment.input_hash,
        kind="rent_payment",
        at=now,
        ref=payment.ref,
        currency=payment.amount.currency,
        movements=_movements(row, found),
        parts=found.parts,
        receipt=_receipt(payment, row, found, cover, now),
        letters=_letters(payment, row, cover),
        attempt=payment.attempt,
        provider_tx=payment.provider_tx,
    )


def _movements(row: Record, found: Allocation) -> tuple[Movement, ...]:
    paid = sum(part.amount for part in found.parts)
    both = ((row["payable"], paid), (row["credit"], found.credit))
    return tuple(Movement(row["clearing"], account, amount) for account, amount in both if amount)


def _receipt(payment: Confirmed, row: Record, found: Allocation, cover: Covered, now: datetime) -> ReceiptDraft:
    return ReceiptDraft(
        kind="quittance" if cover.whole else "recu",
        payee=row["payee"],
        payee_name=row["payee_name"],
        debtor=row["debtor"],
        debtor_name=row["debtor_name"],
        payer=row["payer"],
        day=day_of(now, row["currency"]),
        months=cover.months,
        title=row["title"],
        amount=payment.amount.francs,
        credit=found.credit,
        remaining=cover.remaining,
        received=payment.amount.francs,
    )


def _letters(payment: Confirmed, row: Record, cover: Covered) -> tuple[Letter, ...]:
    """The payer is told, the landlord, and the tenant when somebody else paid."""
    payer = Contact(row["payer"], row["payer_name"], row["language"], Phone(row["notify_phone"]))
    tenant, landlord = contact(row, "debtor", row["debtor"]), contact(row, "payee", row["payee"])
    blanks = {
        "amount": payment.amount,
        "what": what(cover.months),
        "title": row["title"],
        "left": Money(cover.remaining, payment.amount.currency),
        "ref": payment.ref,
    }
    paid = {**blanks, "landlord": landlord.name, "payer": payer.name}
    told = letter(f"{payment.key}:payer", payer, "rent_paid.1", paid)
    if row["debtor"] != row["payer"]:
        told += letter(f"{payment.key}:tenant", tenant, "rent_paid.1", paid)
    received = {**blanks, "tenant": tenant.name, "payer": payer.name}
    return told + letter(f"{payment.key}:landlord", landlord, "rent_received.1", received, total=True)

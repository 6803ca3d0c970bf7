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
from core.kit.db import TRANSIENT, Database, Reader, Record, Statement, Tx
from core.kit.errors import Refused
from core.kit.gather import Gather
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.say import t
from core.money.accounts import AccountKey, clearing, credit, open_accounts, payable
from core.money.allocation import Allocation, allocate, lacking
from core.money.credits import apply_credit
from core.money.days import day_of
from core.money.ledger import Draft, Letter, Movement, ReceiptDraft, Written, write
from core.money.owed import CHARGES_LEFT, open_charge
from core.money.parties import CONTACTS, JOINS, Contact, Covered, contact, covered, left, letter, what
from core.money.receipts import Sheet, receipt_number
from core.money.tables import OPEN_STATES
from core.money.words import AttemptId, ReceiptId

BATCH: Final = 256
TRIES: Final = 6

_CASES: Final = Statement(
    text(f"""
SELECT a.id, a.ref, a.payer, a.notify_phone, a.language, a.payee, a.debtor, a.subject, a.title, a.amount, a.currency,
    a.rail, a.months, a.state, coalesce(payer.name, '') AS payer_name, {CONTACTS},
    clearing.id AS clearing, payable.id AS payable, credit.id AS credit,
    ARRAY(
        SELECT ROW(c.id, c.kind, c.period, c.due_on, c.amount, (c.amount - p.paid - w.waived)::bigint)
        FROM {CHARGES_LEFT}
        WHERE c.subject = a.subject AND c.creditor = a.payee AND c.currency = a.currency
            AND c.amount > p.paid + w.waived
    ) AS owed
FROM unnest((SELECT CAST(:attempts AS bigint[]))) AS asked (id)
JOIN payment_attempt AS a USING (id)
JOIN person AS payer ON payer.id = a.payer
JOIN person AS payee ON payee.id = a.payee
JOIN person AS debtor ON debtor.id = a.debtor {JOINS}
LEFT JOIN account AS clearing ON clearing.kind = 'operator_clearing' AND clearing.owner IS NULL
    AND clearing.rail = a.rail AND clearing.currency = a.currency
LEFT JOIN account AS payable ON payable.kind = 'landlord_payable' AND payable.owner = a.payee
    AND payable.rail IS NULL AND payable.currency = a.currency
LEFT JOIN account AS credit ON credit.kind = 'tenant_credit' AND credit.owner = a.subject
    AND credit.rail IS NULL AND credit.currency = a.currency
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
        async with self._db.held() as connection:
            return await self._post(Tx(connection), payments)

    async def _post(self, tx: Tx, payments: list[Confirmed]) -> list[Posted | Exception]:
        """Read what they owe, let credit pay its part, allocate, write; each statement is a transaction of its own."""
        now = self._clock.now()
        cases = await _read(tx, payments, now)
        if any([await case.use_credit(tx, now) for case in cases]):
            cases = await _read(tx, payments, now)
        if missing := [key for case in cases for key in case.missing()]:
            await open_accounts(tx, missing)
            cases = await _read(tx, payments, now)
        crash_point("post.read")
        written = await write(tx, [_draft(case, now) for case in cases])
        crash_point("post.done")
        return [await _result(tx, *pair) for pair in zip(payments, written, strict=True)]


async def _read(reader: Reader, payments: Sequence[Confirmed], now: datetime) -> "list[_Case]":
    """The attempts with their people, their accounts and what is owed to the payee."""
    found = await reader.fetch(_CASES, attempts=[payment.attempt for payment in payments])
    rows = {row["id"]: row for row in found}
    return [_case(payment, rows[payment.attempt], now) for payment in payments]


async def _result(reader: Reader, payment: Confirmed, written: Written | None) -> Posted | Exception:
    if written is not None and written.receipt is not None:
        return Posted(written.receipt, written.number, fresh=True)
    stored = await reader.one(_STORED, key=payment.key)
    if stored is None:
        return Refused("posting.ended", ref=payment.ref)
    if stored["input_hash"] != payment.input_hash:
        return Refused("posting.differs", ref=payment.ref)
    return Posted(stored["receipt_id"], receipt_number(stored["year"], stored["number"]), fresh=False)


@dataclass(frozen=True, slots=True)
class _Case:
    """A payment, where its money goes, and what that means for its months."""

    payment: Confirmed
    row: Record
    found: Allocation
    cover: Covered
    lacks: int

    async def use_credit(self, tx: Tx, now: datetime) -> int:
        """Where the amount is less than what it is for, credit in hand pays the rest, as it did when the amount was
        chosen; how many entries that made.
        """
        row = self.row
        if not self.lacks or row["credit"] is None or row["state"] not in OPEN_STATES:
            return 0
        async with tx.savepoint():
            months = tuple(map(Month.of, row["months"]))
            return await apply_credit(tx, [row["subject"]], now, months=months, most=self.lacks)

    def movements(self) -> tuple[Movement, ...]:
        """From the operator to the landlord and to the tenant's credit."""
        row = self.row
        both = ((row["payable"], self.payment.amount.francs - self.found.credit), (row["credit"], self.found.credit))
        return tuple(Movement(row["clearing"], account, amount) for account, amount in both if amount)

    def missing(self) -> list[AccountKey]:
        """Accounts it moves money between that were never opened."""
        row, currency = self.row, self.payment.amount.currency
        keys = [clearing(row["rail"], currency)] if row["clearing"] is None else []
        if self.found.parts and row["payable"] is None:
            keys.append(payable(row["payee"], currency))
        if self.found.credit and row["credit"] is None:
            keys.append(credit(row["subject"], currency))
        return keys


def _case(payment: Confirmed, row: Record, now: datetime) -> _Case:
    charges = [open_charge(*owed) for owed in row["owed"]]
    chosen = tuple(map(Month.of, row["months"]))
    today = day_of(now, row["currency"])
    found = allocate(payment.amount.francs, charges, chosen, today)
    lacks = lacking(payment.amount.francs, charges, chosen, today)
    return _Case(payment, row, found, covered(charges, found.parts, today), lacks)


def _draft(case: _Case, now: datetime) -> Draft:
    payment, row = case.payment, case.row
    receipt = _receipt(payment, row, case.found, case.cover, now)
    return Draft(
        key=payment.key,
        input_hash=payment.input_hash,
        kind="rent_payment",
        at=now,
        ref=payment.ref,
        currency=payment.amount.currency,
        movements=case.movements(),
        parts=case.found.parts,
        receipt=receipt,
        letters=_letters(case, row, receipt, now),
        attempt=payment.attempt,
        provider_tx=payment.provider_tx,
    )


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


def _letters(case: _Case, row: Record, receipt: ReceiptDraft, now: datetime) -> tuple[Letter, ...]:
    """The payer is told, the landlord, and the tenant when somebody else paid; all get the same paper."""
    payment, cover = case.payment, case.cover
    payer = Contact(row["payer"], row["payer_name"], row["language"], Phone(row["notify_phone"]))
    tenant, landlord = contact(row, "debtor", row["debtor"]), contact(row, "payee", row["payee"])
    blanks = {
        "amount": payment.amount,
        "what": what(cover.months),
        "title": row["title"],
        "left": left(cover, case.found.credit, payment.amount.currency),
        "ref": payment.ref,
        "paper": t("paper.quittance" if cover.whole else "paper.recu"),
        "landlord": landlord.name,
        "payer": payer.name,
        "code": receipt.check,
        **_sheet(case, row, receipt, now).blanks(),
    }
    told, received = letter(f"{payment.key}:payer", payer, "rent_paid.1", blanks), "rent_received.1"
    if row["debtor"] != row["payer"]:
        told += letter(f"{payment.key}:tenant", tenant, "rent_paid.1", blanks)
        received = "rent_received_for.1"
    return told + letter(f"{payment.key}:landlord", landlord, received, blanks, total=True)


def _sheet(case: _Case, row: Record, receipt: ReceiptDraft, now: datetime) -> Sheet:
    return Sheet(
        kind=receipt.kind,
        amount=case.payment.amount,
        parts=[(part.charge.kind, part.amount) for part in case.found.parts],
        credit=receipt.credit,
        remaining=receipt.remaining,
        months=receipt.months,
        tenant=receipt.debtor_name,
        at=now,
        rail=row["rail"],
        provider_tx=case.payment.provider_tx,
    )

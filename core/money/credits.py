"""Letting credit in hand pay what has become due, as an entry of its own."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import text

from core.kit.crash import crash_point
from core.kit.db import Record, Statement, Tx
from core.kit.money import Money
from core.kit.month import Month
from core.money.accounts import open_accounts, payable
from core.money.allocation import Allocation, OpenCharge, allocate
from core.money.days import day_of
from core.money.ledger import Draft, Letter, Movement, ReceiptDraft, write
from core.money.owed import CHARGES_LEFT, open_charge
from core.money.parties import CONTACTS, JOINS, Covered, contact, covered, letter, what
from core.money.receipts import Sheet

_LOCK: Final = Statement(
    text("""
SELECT id FROM account WHERE kind = 'tenant_credit' AND owner = any(CAST(:subjects AS bigint[]))
ORDER BY id FOR NO KEY UPDATE
""")
)
_BALANCES: Final = Statement(
    text("""
SELECT a.id, a.owner AS subject, a.currency, i.balance::bigint - o.balance::bigint AS balance,
    greatest(i.last, o.last) AS last
FROM account AS a
CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS balance, coalesce(max(id), 0) AS last
    FROM posting WHERE destination_account = a.id) AS i
CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS balance, coalesce(max(id), 0) AS last
    FROM posting WHERE source_account = a.id) AS o
WHERE a.id = any(CAST(:accounts AS bigint[])) AND i.balance > o.balance
ORDER BY a.id
""")
)
_OWED: Final = Statement(
    text(f"""
SELECT c.id, c.kind, c.period, c.due_on, c.amount, (c.amount - p.paid - w.waived)::bigint AS remaining,
    c.subject, c.currency, c.creditor, c.debtor, c.title, payable.id AS payable, {CONTACTS}
FROM {CHARGES_LEFT}
JOIN person AS payee ON payee.id = c.creditor
JOIN person AS debtor ON debtor.id = c.debtor {JOINS}
LEFT JOIN account AS payable
    ON payable.kind = 'landlord_payable' AND payable.owner = c.creditor AND payable.rail IS NULL
    AND payable.currency = c.currency
WHERE c.subject = any(CAST(:subjects AS bigint[])) AND c.amount > p.paid + w.waived
ORDER BY c.creditor, c.id
""")  # noqa: S608 - constants only
)


async def apply_credit(
    tx: Tx, subjects: Sequence[int], now: datetime, *, months: Collection[Month] = (), most: int | None = None
) -> int:
    """Let each subject's credit pay what is due on it, ``most`` francs at most; never a deposit, and months to come
    only where somebody chose these ``months`` and pays the rest of them.

    A month that becomes fully paid gives a quittance. Returns the number of entries written.
    """
    accounts = [row["id"] for row in await tx.fetch(_LOCK, subjects=list(subjects))]
    if not accounts:
        return 0
    balances = await tx.fetch(_BALANCES, accounts=accounts)
    owed = await _owed(tx, [row["subject"] for row in balances]) if balances else {}
    crash_point("credit.locked")
    drafts = [draft for row in balances for draft in _drafts(row, owed, now, months, most)]
    if drafts:
        await write(tx, drafts)
        crash_point("credit.posted")
    return len(drafts)


async def _owed(tx: Tx, subjects: list[int]) -> dict[tuple[int, str], list[Record]]:
    """Open charges by subject and currency, each with the account of whoever is owed."""
    rows = await tx.fetch(_OWED, subjects=subjects)
    if any(row["payable"] is None for row in rows):
        await open_accounts(tx, [payable(row["creditor"], row["currency"]) for row in rows])
        rows = await tx.fetch(_OWED, subjects=subjects)
    found: dict[tuple[int, str], list[Record]] = defaultdict(list)
    for row in rows:
        found[row["subject"], row["currency"]].append(row)
    return found


def _drafts(
    balance: Record,
    owed: dict[tuple[int, str], list[Record]],
    now: datetime,
    months: Collection[Month],
    most: int | None,
) -> list[Draft]:
    """One entry for each creditor that the credit reaches."""
    rows = owed.get((balance["subject"], balance["currency"]), [])
    creditors = sorted({row["creditor"] for row in rows})
    in_hand, drafts = int(balance["balance"]), []
    rest = in_hand if most is None else min(in_hand, most)
    for creditor in creditors:
        mine = [row for row in rows if row["creditor"] == creditor]
        charges = [open_charge(*list(row)[:6]) for row in mine]
        found = allocate(rest, charges, months, day_of(now, balance["currency"])) if rest else Allocation((), 0)
        if found.parts:
            drafts.append(_draft(balance, mine[0], charges, found, now))
            rest = found.credit
    return drafts


def _draft(balance: Record, row: Record, charges: list[OpenCharge], found: Allocation, now: datetime) -> Draft:
    used = sum(part.amount for part in found.parts)
    key = f"credit:{balance['id']}:{balance['last']}:{row['creditor']}"
    draft = Draft(
        key=key,
        input_hash=sha256(f"{key}:{used}".encode()).digest(),
        kind="credit_use",
        at=now,
        ref=key,
        currency=balance["currency"],
        movements=(Movement(balance["id"], row["payable"], used),),
        parts=found.parts,
    )
    cover = covered(charges, found.parts, day_of(now, balance["currency"]))
    if not cover.whole:
        return draft
    receipt = _receipt(row, used, cover, now)
    return replace(draft, receipt=receipt, letters=_letters(draft, row, receipt))


def _receipt(row: Record, used: int, cover: Covered, now: datetime) -> ReceiptDraft:
    return ReceiptDraft(
        kind="quittance",
        payee=row["creditor"],
        payee_name=row["payee_name"],
        debtor=row["debtor"],
        debtor_name=row["debtor_name"],
        payer=row["debtor"],
        day=day_of(now, row["currency"]),
        months=cover.months,
        title=row["title"],
        amount=used,
        credit=0,
        remaining=0,
        received=0,
    )


def _letters(draft: Draft, row: Record, receipt: ReceiptDraft) -> tuple[Letter, ...]:
    """The tenant is told, and the landlord; both get the same paper, which knows of no operator."""
    tenant, landlord = contact(row, "debtor", row["debtor"]), contact(row, "payee", row["creditor"])
    sheet = Sheet(
        kind=receipt.kind,
        amount=Money(receipt.amount, draft.currency),
        parts=[(part.charge.kind, part.amount) for part in draft.parts],
        credit=receipt.credit,
        remaining=receipt.remaining,
        months=receipt.months,
        tenant=receipt.debtor_name,
        at=draft.at,
    )
    blanks = {
        "amount": sheet.amount,
        "what": what(receipt.months),
        "title": receipt.title,
        "landlord": landlord.name,
        "payer": tenant.name,
        "ref": "",
        "code": receipt.check,
        **sheet.blanks(),
    }
    return (
        *letter(f"{draft.key}:payer", tenant, "credit_used.1", blanks),
        *letter(f"{draft.key}:landlord", landlord, "credit_received.1", blanks),
    )

"""What people can ask of money: a receipt once more."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import text

from core.kit.db import Record, Statement
from core.kit.deed import Deed
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.month import Month
from core.money.parties import what
from core.money.receipts import Sheet, receipt_number
from core.money.words import SendReceipt
from core.notices.outbox import queue
from core.notices.words import Notice

A_DAY: Final = 3
"""How often one receipt is sent again in a day: an SMS costs."""

_OWN: Final = Statement(
    text("""
SELECT receipt.*, attempt.rail, attempt.provider_tx,
    CASE WHEN receipt.payer = receipt.debtor THEN receipt.debtor_name ELSE coalesce(payer.name, '') END AS payer_name,
    ARRAY(SELECT ROW(charge.kind, sum(allocation.amount)::bigint)
        FROM allocation JOIN charge ON charge.id = allocation.charge_id
        WHERE allocation.entry_id = receipt.entry_id GROUP BY charge.kind) AS parts
FROM receipt
JOIN person AS payer ON payer.id = receipt.payer
LEFT JOIN payment_attempt AS attempt ON attempt.ref = receipt.ref
WHERE receipt.id = CAST(:receipt AS bigint) AND CAST(:person AS bigint) IN (receipt.debtor, receipt.payer)
""")
)
_USED: Final = Statement(text("SELECT dedupe_key FROM notice WHERE dedupe_key = any(CAST(:keys AS text[]))"))


async def send_receipt(command: SendReceipt, deed: Deed) -> None:
    """Queue the receipt for where it is asked for: a conversation, or the phone.

    Raises Refused("receipt.unknown") unless it is the speaker's own, Refused("receipt.often") after three a day.
    """
    row = await deed.tx.one(_OWN, receipt=command.receipt, person=deed.speaker.person)
    if row is None:
        raise Refused("receipt.unknown")
    keys = [f"receipt:{command.receipt}:{deed.speaker.person}:{deed.today}:{n}" for n in range(1, A_DAY + 1)]
    used = {found["dedupe_key"] for found in await deed.tx.fetch(_USED, keys=keys)}
    free = next((key for key in keys if key not in used), None)
    if free is None:
        raise Refused("receipt.often")
    await queue(deed.tx, _copy(free, row, deed), deed.now)


def _copy(key: str, row: Record, deed: Deed) -> Notice:
    """The words of a copy: they say that it is one; its paper is the same, letter for letter."""
    speaker = deed.speaker
    blanks = {
        "number": receipt_number(row["year"], row["number"]),
        "amount": Money(row["amount"], row["currency"]),
        "what": what(tuple(map(Month.of, row["months"]))),
        "title": row["title"],
        "left": Money(row["remaining"], row["currency"]),
        "code": row["check_code"],
        "ref": row["ref"] if row["rail"] else "",
        "landlord": row["payee_name"],
        "payer": row["payer_name"],
        **_sheet(row).blanks(),
    }
    return Notice(key, speaker.reach, speaker.language, f"receipt_{row['kind']}.1", blanks, speaker.person)


def _sheet(row: Record) -> Sheet:
    return Sheet(
        kind=row["kind"],
        amount=Money(row["amount"], row["currency"]),
        parts=row["parts"],
        credit=row["credit"],
        remaining=row["remaining"],
        months=tuple(map(Month.of, row["months"])),
        tenant=row["debtor_name"],
        at=row["at"],
        rail=row["rail"] or "",
        provider_tx=row["provider_tx"] or "",
    )


COMMANDS: Final[dict[type, Callable[[Any, Deed], Any]]] = {SendReceipt: send_receipt}

"""What people can ask of money: a receipt once more."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import text

from core.kit.db import Record, Statement
from core.kit.deed import Deed
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.month import Month
from core.money.days import moment_of
from core.money.parties import what
from core.money.receipts import receipt_number
from core.money.words import SendReceipt
from core.notices.outbox import queue
from core.notices.words import Notice

A_DAY: Final = 3
"""How often one receipt is sent again in a day: an SMS costs."""

_OWN: Final = Statement(
    text("""
SELECT * FROM receipt
WHERE id = CAST(:receipt AS bigint) AND CAST(:person AS bigint) IN (debtor, payer)
""")
)
_USED: Final = Statement(text("SELECT dedupe_key FROM notice WHERE dedupe_key = any(CAST(:keys AS text[]))"))


async def send_receipt(command: SendReceipt, deed: Deed) -> None:
    """Queue the receipt for the phone that asks.

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
    """The words of a copy: it says that it is one."""
    blanks = {
        "number": receipt_number(row["year"], row["number"]),
        "amount": Money(row["amount"], row["currency"]),
        "what": what(tuple(map(Month.of, row["months"]))),
        "title": row["title"],
        "left": Money(row["remaining"], row["currency"]),
        "at": moment_of(row["at"], row["currency"]),
        "code": row["check_code"],
    }
    speaker = deed.speaker
    return Notice(key, speaker.reach, speaker.language, f"receipt_{row['kind']}.1", blanks, speaker.person)


COMMANDS: Final[dict[type, Callable[[Any, Deed], Any]]] = {SendReceipt: send_receipt}

"""What can be read about money: a number's wallet, and receipts."""

from typing import Final

from sqlalchemy import text

from core.kit.db import Statement
from core.kit.deed import Look
from core.kit.money import Currency, Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.money.attempts import under_way
from core.money.days import day_of
from core.money.rails import collects, serving
from core.money.receipts import checked_of, read_check_code, receipt_of
from core.money.words import Checked, OpenAttempt, Receipt, ReceiptId, Received, Wallet

PAGE: Final = 12

_MINE: Final = Statement(
    text("""
SELECT * FROM receipt
WHERE id IN (
    (SELECT id FROM receipt WHERE debtor = CAST(:person AS bigint) AND id < CAST(:before AS bigint)
        ORDER BY id DESC LIMIT CAST(:most AS int))
    UNION
    (SELECT id FROM receipt WHERE payer = CAST(:person AS bigint) AND id < CAST(:before AS bigint)
        ORDER BY id DESC LIMIT CAST(:most AS int))
)
ORDER BY id DESC LIMIT CAST(:most AS int)
""")
)
_ONE: Final = Statement(
    text("""
SELECT * FROM receipt WHERE id = CAST(:receipt AS bigint) AND CAST(:person AS bigint) IN (debtor, payer)
""")
)
_MONTH: Final = Statement(
    text(
        "SELECT month, received, currency FROM payee_month WHERE payee = cast(:person AS bigint)"
        " ORDER BY month DESC, received DESC LIMIT 1"
    )
)
_PAID: Final = Statement(
    text(
        "SELECT r.debtor_name, r.amount, r.currency, r.at FROM receipt AS r JOIN entry AS e ON e.id = r.entry_id"
        " WHERE r.payee = cast(:person AS bigint) AND e.kind = 'rent_payment'"
        " ORDER BY r.year DESC, r.number DESC LIMIT :most"
    )
)
LATEST: Final = 3
"""Payments that are told of a month."""

_CHECK: Final = Statement(text("SELECT * FROM receipt WHERE check_code = CAST(:code AS text)"))
_NEWEST: Final = 2**62


class MoneyReads:
    """Money as one speaker may read it: the receipts of what they owe and of what they paid."""

    def __init__(self, look: Look) -> None:
        self._look = look

    async def wallet(self, phone: Phone) -> Wallet | None:
        """The Mobile Money account that a number probably has; None when no rail serves it."""
        rail = serving(phone)
        return None if rail is None else Wallet(phone, rail.name)

    async def collects(self, currency: Currency) -> bool:
        """Whether payments in a currency are taken here at all."""
        return collects(currency)

    async def under_way(self, subject: int | None = None) -> OpenAttempt | None:
        """The speaker's payment for a subject (a lease) that has no outcome yet, or their latest one for any."""
        speaker = self._look.speaker
        if speaker.person is None:
            return None
        return await under_way(self._look.on, speaker.person, subject, speaker.country)

    async def receipts(self, before: ReceiptId | None = None) -> tuple[Receipt, ...]:
        """The speaker's receipts, the newest first, 12 at a time."""
        person = self._look.speaker.person
        rows = await self._look.on.fetch(_MINE, person=person, before=before or _NEWEST, most=PAGE)
        return tuple(map(receipt_of, rows))

    async def receipt(self, receipt: ReceiptId) -> Receipt | None:
        """One of the speaker's receipts."""
        row = await self._look.on.one(_ONE, receipt=receipt, person=self._look.speaker.person)
        return None if row is None else receipt_of(row)

    async def received(self) -> Received | None:
        """The last month in which anybody paid the speaker, with its latest payments."""
        person = self._look.speaker.person
        found = await self._look.on.one(_MONTH, person=person)
        if found is None:
            return None
        month, currency = Month.of(found["month"]), found["currency"]
        rows = await self._look.on.fetch(_PAID, person=person, most=LATEST)
        latest = tuple(
            (row["debtor_name"], Money(row["amount"], currency))
            for row in rows
            if row["currency"] == currency and Month.of(day_of(row["at"], currency)) == month
        )
        return Received(month, Money(found["received"], currency), latest)

    async def check(self, code: str) -> Checked | None:
        """The receipt of a verification code, however it was typed; None when there is none."""
        known = read_check_code(code)
        row = await self._look.on.one(_CHECK, code=known) if known else None
        return None if row is None else checked_of(row)

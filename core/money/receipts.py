"""Receipts: their numbers, the code anybody can check them by, and what they say in words."""

import secrets
from typing import Final

from num2words import num2words

from core.kit.db import Record
from core.kit.money import Money
from core.kit.month import Month
from core.kit.speaker import Language
from core.money.days import moment_of
from core.money.words import Checked, Receipt, ReceiptId

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs, none of which is taken for another one (no 0 and O, no 1 and I)."""

CODE_LENGTH: Final = 8

RECEIPT_TEXT: Final = """concat_ws('|', payee, year, number, kind, check_code, debtor, debtor_name, payer, payee_name,
    title, array_to_string(months, ','), amount, credit, remaining, currency,
    (extract(epoch FROM at) * 1000000)::bigint, ref)"""
"""What a receipt says, as one line of SQL; its SHA-256 is kept with it and checked by the books."""


def check_code() -> str:
    """A new verification code: eight signs, 40 random bits."""
    bits = secrets.randbits(5 * CODE_LENGTH)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(CODE_LENGTH))


def read_check_code(typed: str) -> str | None:
    """The code somebody typed, in any case, with spaces or hyphens; None when it cannot be one."""
    code = "".join(mark for mark in typed.upper() if mark.isalnum())
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def receipt_number(year: int, number: int) -> str:
    """As printed: "2026-000123"."""
    return f"{year}-{number:06d}"


def in_words(amount: Money, language: Language) -> str:
    """The amount in letters, without the currency: "quatre-vingt-cinq mille"."""
    return str(num2words(amount.francs, lang=language))


def receipt_of(row: Record) -> Receipt:
    """A stored receipt as its owner sees it."""
    return Receipt(
        id=ReceiptId(row["id"]),
        kind=row["kind"],
        number=receipt_number(row["year"], row["number"]),
        check=row["check_code"],
        amount=Money(row["amount"], row["currency"]),
        left=Money(row["remaining"], row["currency"]),
        months=tuple(map(Month.of, row["months"])),
        title=row["title"],
        at=moment_of(row["at"], row["currency"]),
        ref=row["ref"],
    )


def checked_of(row: Record) -> Checked:
    """A stored receipt as anybody may see it: of the tenant only the first name."""
    return Checked(
        number=receipt_number(row["year"], row["number"]),
        kind=row["kind"],
        amount=Money(row["amount"], row["currency"]),
        months=tuple(map(Month.of, row["months"])),
        title=row["title"],
        tenant=row["debtor_name"].rsplit(" ", 1)[-1],
        at=moment_of(row["at"], row["currency"]),
    )

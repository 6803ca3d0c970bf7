"""Receipts: their numbers, the code anybody can check them by, and what they say in words."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal

from num2words import num2words

from core.kit.db import Record
from core.kit.money import Money
from core.kit.month import Month
from core.kit.say import t
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


@lru_cache(maxsize=4096)
def in_words(amount: Money, language: Language) -> str:
    """The amount in letters, without the currency: "quatre-vingt-cinq mille". Rents are round and come again."""
    return str(num2words(amount.francs, lang=language))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A receipt on paper, as far as its message does not say it already: who, when, how, and francs for what.

    ``parts`` are kinds of charges (``CHARGE_KINDS``) and what each got; ``credit`` is kept for months to come. ``rail``
    and ``provider_tx`` are "" where no operator was asked: credit that paid a month.
    """

    kind: Literal["quittance", "recu"]
    amount: Money
    parts: Iterable[tuple[str, int]]
    credit: int
    remaining: int
    months: tuple[Month, ...]
    tenant: str
    at: datetime
    rail: str = ""
    provider_tx: str = ""

    def blanks(self) -> Mapping[str, object]:
        """What a notice carries so that a paper can be made of it; "" for lines that this one has not.

        They stand flat beside the others and need no line of the catalogue but of old, so that whoever knows no papers
        words the same notice.
        """
        francs = Counter[str]()
        for kind, amount in self.parts:
            francs[kind if kind in _LINES else "other"] += amount
        francs["credit"], francs["owed"] = self.credit, self.remaining
        currency = self.amount.currency
        return {
            "sheet": self.kind,
            "months": self.months,
            "tenant": self.tenant,
            "at": moment_of(self.at, currency),
            "method": t(f"rail.{self.rail}") if self.rail else "",
            "operator_ref": self.provider_tx,
            **{line: Money(francs[line], currency) if francs[line] else "" for line in (*_LINES, *_REST)},
        }


_LINES: Final = ("rent", "service", "penalty")
_REST: Final = ("other", "credit", "owed")
"""What of a payment went where, a line of the paper each."""


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

"""The people of an entry, and what they are told about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.kit.db import Record
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.say import Text, t
from core.kit.speaker import Language, PersonId
from core.money.allocation import OpenCharge, Part, left_of
from core.money.ledger import Letter
from core.notices.words import Notice

CONTACTS: Final = """
    coalesce(payee.name, '') AS payee_name, payee.language AS payee_language, payee_phone.e164 AS payee_phone,
    coalesce(debtor.name, '') AS debtor_name, debtor.language AS debtor_language, debtor_phone.e164 AS debtor_phone"""
"""Columns of a query that joins who is paid and who owes."""

JOINS: Final = """
LEFT JOIN phone AS payee_phone ON payee_phone.person_id = payee.id AND payee_phone.is_primary
LEFT JOIN phone AS debtor_phone ON debtor_phone.person_id = debtor.id AND debtor_phone.is_primary"""
"""Where their messages go; somebody without a phone is told nothing."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who is told about an entry."""

    person: PersonId
    name: str
    language: Language
    phone: Phone | None


@dataclass(frozen=True, slots=True)
class Covered:
    """What an entry's parts mean for a receipt: the months they touch and francs still owed for these."""

    months: tuple[Month, ...]
    remaining: int

    @property
    def whole(self) -> bool:
        """Every month it touches is fully paid: the receipt is a quittance."""
        return bool(self.months) and self.remaining == 0


def contact(row: Record, role: str, person: int) -> Contact:
    """The payee or debtor of a row that has CONTACTS."""
    phone = row[f"{role}_phone"]
    return Contact(PersonId(person), row[f"{role}_name"], row[f"{role}_language"], Phone(phone) if phone else None)


def covered(charges: list[OpenCharge], parts: tuple[Part, ...]) -> Covered:
    """Sum up the parts by month, against all charges that were open."""
    months = tuple(sorted({part.charge.period for part in parts}))
    return Covered(months, left_of(months, charges, parts))


def what(months: tuple[Month, ...]) -> Text:
    """What was paid, in words: the rent of some months, or an advance that waits as credit."""
    return t("rent.months", months=months, count=len(months)) if months else t("rent.credit")


def letter(
    key: str, to: Contact, template: str, blanks: Mapping[str, object], *, total: bool = False
) -> tuple[Letter, ...]:
    """One message, or none for somebody without a phone."""
    if to.phone is None:
        return ()
    return (Letter(Notice(key, to.phone, to.language, template, blanks, to.person), total),)

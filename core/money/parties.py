"""The people of an entry, and what they are told about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.kit.db import Record
from core.kit.money import Currency, Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.say import Text, t
from core.kit.speaker import Address, Language, PersonId
from core.money.allocation import OpenCharge, Part, left_of
from core.money.ledger import Letter
from core.notices.words import Notice

_ROLES: Final = ("payee", "debtor")

CONTACTS: Final = ",".join(
    f"""
    coalesce({role}.name, '') AS {role}_name, {role}.language AS {role}_language, {role}_phone.e164 AS {role}_phone,
    {role}_door.channel AS {role}_channel, {role}_door.address AS {role}_address, {role}_door.source AS {role}_source"""
    for role in _ROLES
)
"""Columns of a query that joins who is paid and who owes."""

JOINS: Final = "".join(
    f"""
LEFT JOIN phone AS {role}_phone ON {role}_phone.person_id = {role}.id AND {role}_phone.is_primary
LEFT JOIN LATERAL (SELECT channel, address, source FROM door
    WHERE {role}_phone.e164 IS NULL AND door.person_id = {role}.id AND door.state = 'open'
    ORDER BY heard_at DESC LIMIT 1) AS {role}_door ON true"""  # noqa: S608 - constants only
    for role in _ROLES
)
"""Where their messages go: to their phone; to their latest conversation when they have none."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who is told about an entry; ``at`` is None for somebody nothing reaches."""

    person: PersonId
    name: str
    language: Language
    at: Phone | Address | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """What an entry's parts mean for a receipt: the months they touch, francs still owed for these, and for all."""

    months: tuple[Month, ...]
    remaining: int
    in_all: int

    @property
    def whole(self) -> bool:
        """Every month it touches is fully paid: the receipt is a quittance."""
        return bool(self.months) and self.remaining == 0


def contact(row: Record, role: str, person: int) -> Contact:
    """The payee or debtor of a row that has CONTACTS."""
    phone, channel = row[f"{role}_phone"], row[f"{role}_channel"]
    door = Address(channel, row[f"{role}_address"]) if channel else None
    at = Phone(phone) if phone else door
    return Contact(PersonId(person), row[f"{role}_name"], row[f"{role}_language"], at, row[f"{role}_source"] or "")


def covered(charges: list[OpenCharge], parts: tuple[Part, ...], today: date) -> Covered:
    """Sum up the parts by month, against all charges that were open. Months to come are owed only once touched."""
    months = tuple(sorted({part.charge.period for part in parts}))
    now = Month.of(today)
    due = {charge.period for charge in charges if charge.period <= now or charge.due_on <= today}
    return Covered(months, left_of(months, charges, parts), left_of({*months, *due}, charges, parts))


def left(cover: Covered, credit: int, currency: Currency) -> Money | Text:
    """What is left to pay, as it is told: of the months that were paid and in all, where the two differ. Somebody who
    owes three months and pays one is not told that nothing is left; who paid more than their months, what waits.
    """
    of_these, in_all = Money(cover.remaining, currency), Money(cover.in_all, currency)
    if credit and cover.months:
        return t("left.credit", left=in_all, credit=Money(credit, currency))
    if of_these == in_all:
        return in_all
    return t("left.both", left=of_these, in_all=in_all, count=len(cover.months))


def what(months: tuple[Month, ...]) -> Text:
    """What was paid, in words: the rent of some months, or an advance that waits as credit."""
    return t("rent.months", months=months, count=len(months)) if months else t("rent.credit")


def letter(
    key: str, to: Contact, template: str, blanks: Mapping[str, object], *, total: bool = False
) -> tuple[Letter, ...]:
    """One message, or none for somebody nothing reaches."""
    if to.at is None:
        return ()
    return (Letter(Notice(key, to.at, to.language, template, blanks, to.person, to.source), total),)

"""A peer: posting a payment by SQLAlchemy's ORM, one session and one commit for each, on the house's own tables."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import registry

from core.kit.db import metadata
from core.kit.money import Money
from core.kit.month import Month
from core.money import tables
from core.money.allocation import Allocation, OpenCharge, allocate
from core.money.parties import covered, what
from core.money.posting import Confirmed
from core.money.receipts import check_code
from core.money.words import ChargeId
from core.notices.blanks import encode
from core.notices.tables import notice
from core.people.tables import person, phone


class Row:
    """What the entities share."""

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)

    def __getattr__(self, name: str) -> Any:  # columns are mapped at run time
        raise AttributeError(name)


class Attempt(Row):
    """A payment attempt."""


class Entry(Row):
    """An entry of the ledger."""


class Posting(Row):
    """Money moved."""


class Charge(Row):
    """What is owed."""


class Allocated(Row):
    """What of an entry paid which charge."""


class Receipt(Row):
    """A receipt."""


class Counter(Row):
    """The last receipt number of a payee."""


class MonthTotal(Row):
    """What a payee received in a month."""


class Account(Row):
    """An account."""


class Told(Row):
    """A message."""


class Person(Row):
    """Somebody."""


class PhoneNumber(Row):
    """Somebody's number."""


_MAPPED: Final = {
    Attempt: tables.payment_attempt,
    Entry: tables.entry,
    Posting: tables.posting,
    Charge: tables.charge,
    Allocated: tables.allocation,
    Receipt: tables.receipt,
    Counter: tables.receipt_counter,
    MonthTotal: tables.payee_month,
    Account: tables.account,
    Told: notice,
    Person: person,
    PhoneNumber: phone,
}
_REGISTRY: Final = registry(metadata=metadata)
for _entity, _table in _MAPPED.items():
    _REGISTRY.map_imperatively(_entity, _table)


class OrmPoster:
    """Posts as everybody would write it: load, allocate, add, commit."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def post(self, payment: Confirmed) -> None:
        """One payment, everything that the house writes for it."""
        now = datetime.now(UTC)
        async with self._sessions() as session, session.begin():
            attempt: Any = await session.get(Attempt, payment.attempt, with_for_update=True)
            charges = await _open_charges(session, attempt.subject)
            found = allocate(attempt.amount, charges, (), now.date())
            entry = Entry(
                idempotency_key=payment.key, input_hash=payment.input_hash, kind="rent_payment", at=now,
                source_ref=payment.ref,
            )  # fmt: skip
            session.add(entry)
            await session.flush()
            await _book(session, entry, attempt, found)
            await _confirm(session, entry, payment, attempt, (charges, found))
            attempt.state, attempt.provider_tx, attempt.moved_at = "succeeded", payment.provider_tx, now
            attempt.settled_at, attempt.next_check_at = now, None


async def _open_charges(session: AsyncSession, subject: int) -> list[OpenCharge]:
    columns: Any = Charge
    allocated: Any = Allocated
    paid = select(func.coalesce(func.sum(allocated.amount), 0)).where(allocated.charge_id == columns.id)
    query = select(Charge, paid.scalar_subquery()).where(columns.subject == subject).with_for_update(of=Charge)
    return [
        OpenCharge(ChargeId(c.id), c.kind, Month.of(c.period), c.due_on, c.amount, c.amount - int(paid))
        for c, paid in await session.execute(query)
        if c.amount > paid
    ]


async def _book(session: AsyncSession, entry: Entry, attempt: Any, found: Allocation) -> None:
    clearing = await _one(session, select(Account).filter_by(kind="operator_clearing", rail=attempt.rail))
    paid = sum(part.amount for part in found.parts)
    for kind, owner, amount in (
        ("landlord_payable", attempt.payee, paid),
        ("tenant_credit", attempt.subject, found.credit),
    ):
        if amount:
            account = await _one(session, select(Account).filter_by(kind=kind, owner=owner, currency="XAF"))
            session.add(
                Posting(
                    entry_id=entry.id, source_account=clearing.id, destination_account=account.id, amount=amount,
                    currency=attempt.currency,
                )
            )  # fmt: skip
    session.add_all(
        Allocated(entry_id=entry.id, charge_id=part.charge.id, amount=part.amount, left_after=part.left_after)
        for part in found.parts
    )


async def _confirm(
    session: AsyncSession,
    entry: Any,
    payment: Confirmed,
    attempt: Any,
    outcome: tuple[list[OpenCharge], Allocation],
) -> None:
    """The receipt with its number, and a message to each side."""
    payee: Any = await session.get(Person, attempt.payee)
    debtor: Any = await session.get(Person, attempt.debtor)
    cover = covered(outcome[0], outcome[1].parts, entry.at.date())
    counter: Any = await session.get(Counter, (attempt.payee, entry.at.year), with_for_update=True)
    total: Any = await session.get(
        MonthTotal, (attempt.payee, entry.at.date().replace(day=1), "XAF"), with_for_update=True
    )
    counter.last += 1
    total.received += attempt.amount
    session.add(
        Receipt(
            kind="quittance" if cover.whole else "recu", payee=attempt.payee, debtor=attempt.debtor,
            payer=attempt.payer, year=entry.at.year, number=counter.last, check_code=check_code(), entry_id=entry.id,
            months=[month.first() for month in cover.months], title=attempt.title, payee_name=payee.name,
            debtor_name=debtor.name, amount=attempt.amount, credit=outcome[1].credit, remaining=cover.remaining,
            currency=attempt.currency, at=entry.at, ref=attempt.ref, text_hash=payment.input_hash,
        )
    )  # fmt: skip
    blanks = {"what": what(cover.months), "amount": payment.amount, "ref": attempt.ref, "title": attempt.title}
    landlord = await _one(session, select(PhoneNumber).filter_by(person_id=attempt.payee, is_primary=True))
    session.add(_message(f"{payment.key}:payer", attempt.notify_phone, "rent_paid.1", entry, blanks))
    blanks["total"] = Money(total.received, "XAF")
    session.add(_message(f"{payment.key}:landlord", landlord.e164, "rent_received.1", entry, blanks))


def _message(key: str, address: str, template: str, entry: Any, blanks: dict[str, object]) -> Told:
    return Told(
        dedupe_key=key, address=address, language="fr", template=template, blanks=encode(blanks),
        next_try_at=entry.at, created_at=entry.at, changed_at=entry.at,
    )  # fmt: skip


async def _one(session: AsyncSession, query: Select[Any]) -> Any:
    return (await session.execute(query)).scalar_one()

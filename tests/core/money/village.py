"""People, charges and payments for the tests of money, made directly in the tables."""

import itertools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from core.kit.clock import FixedClock
from core.kit.db import Database, Record, Statement
from core.kit.ids import make_code
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.speaker import PersonId
from core.money.allocation import ChargeKind
from core.money.charges import NewCharge, issue
from core.money.posting import Confirmed
from core.money.words import AttemptId, ChargeId

PERSON = Statement(
    text(
        "INSERT INTO person (name, language, country, created_at) VALUES (:name, 'fr', 'CM', '2026-01-01') RETURNING id"
    )
)
PHONE = Statement(
    text(
        "INSERT INTO phone (e164, person_id, number, is_primary, created_at)"
        " VALUES (:phone, CAST(:person AS bigint), 1, true, '2026-01-01')"
    )
)
ATTEMPT = Statement(
    text("""
INSERT INTO payment_attempt (ref, reference, payer, payer_phone, notify_phone, language, payee, debtor, subject, title,
    amount, currency, rail, months, created_at, moved_at, state, came_from, next_check_at)
VALUES (:ref, CAST(:reference AS uuid), CAST(:payer AS bigint), :phone, :phone, 'fr', CAST(:payee AS bigint),
    CAST(:debtor AS bigint), CAST(:subject AS bigint), 'Studio B3', CAST(:amount AS bigint), 'XAF', 'mtn',
    CAST(:months AS date[]), CAST(:now AS timestamptz), CAST(:now AS timestamptz), 'submitted', 'submitting',
    CAST(:now AS timestamptz))
RETURNING id
""")
)
UNPLUG = Statement(text("DELETE FROM phone WHERE person_id = CAST(:person AS bigint)"))
CONVERSE = Statement(
    text(
        "INSERT INTO door (channel, address, source, person_id, linked_at, heard_at)"
        " VALUES (:channel, :address, 'test', CAST(:person AS bigint), CAST(:at AS timestamptz),"
        " CAST(:at AS timestamptz))"
    )
)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Villager:
    """A person and their only phone."""

    id: PersonId
    name: str
    phone: Phone


@dataclass(frozen=True, slots=True)
class Village:
    """A database in which people owe and pay each other."""

    db: Database
    clock: FixedClock

    async def person(self, name: str) -> Villager:
        """Somebody with a phone on MTN Cameroon."""
        phone = Phone(f"+23767{next(_numbers):07d}")
        row = await self.one(PERSON, name=name)
        await self.db.fetch(PHONE, phone=phone.e164, person=row["id"])
        return Villager(PersonId(row["id"]), name, phone)

    async def unplug(self, who: Villager) -> None:
        """They have no phone any more."""
        await self.db.fetch(UNPLUG, person=who.id)

    async def converse(self, who: Villager, channel: str, address: str, *, hours_ago: int) -> None:
        """They wrote in a conversation that is theirs."""
        at = self.clock.now() - timedelta(hours=hours_ago)
        await self.db.fetch(CONVERSE, channel=channel, address=address, person=who.id, at=at)

    async def owe(
        self, subject: int, tenant: Villager, landlord: Villager, francs: int, *months: Month, kind: ChargeKind = "rent"
    ) -> tuple[ChargeId, ...]:
        """Charges of so many francs, one a month, due on the fifth."""
        charges = [
            NewCharge(
                subject=subject,
                debtor=tenant.id,
                creditor=landlord.id,
                kind=kind,
                amount=Money(francs, "XAF"),
                period=month,
                due_on=date(month.year, month.month, 5),
                title="Studio B3",
                origin_key=f"{subject}:{kind}:{month.year}-{month.month}",
            )
            for month in months
        ]
        async with self.db.transaction() as tx:
            return await issue(tx, charges, self.clock.now())

    async def asked(
        self,
        subject: int,
        payer: Villager,
        landlord: Villager,
        francs: int,
        *months: Month,
        tenant: Villager | None = None,
    ) -> Confirmed:
        """An attempt that the operator has, as it would be confirmed."""
        ref = make_code("P", 900_000 + next(_numbers))
        row = await self.one(
            ATTEMPT,
            ref=ref,
            reference=uuid4(),
            payer=payer.id,
            phone=payer.phone.e164,
            payee=landlord.id,
            debtor=(tenant or payer).id,
            subject=subject,
            amount=francs,
            months=[month.first() for month in months],
            now=self.clock.now(),
        )
        return Confirmed(AttemptId(row["id"]), ref, subject, Money(francs, "XAF"), f"tx-{ref}")

    async def one(self, statement: Statement, **values: Any) -> Record:
        """The one row a statement gives."""
        (row,) = await self.db.fetch(statement, **values)
        return row

    async def rows(self, sql: str) -> list[Record]:
        """What a query finds."""
        return await self.db.fetch(Statement(text(sql)))

    async def value(self, sql: str) -> Any:
        """The single value a query finds."""
        return (await self.rows(sql))[0][0]

    def now(self) -> datetime:
        """The village clock."""
        return self.clock.now()

"""A lease that somebody pays, up to what the operator confirms."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from core.desk import Desk
from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.deed import Deed
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import PersonId
from core.leases.words import PayRent
from core.money.posting import Confirmed, Posted, Poster
from core.people.pin import hashed
from tests.core.homes.planting import NOW
from tests.core.leases.letting import PHONE, Let, francs, let_flat, speaker

PIN = "4827"
GIVE_PIN = Statement(text("INSERT INTO pin_credential (person_id, hash) VALUES (:person, :hash)"))
_CHARGED = Statement(text("SELECT period FROM lease_charge WHERE kind = 'rent' ORDER BY period"))
_MOVE = Statement(text("UPDATE payment_attempt SET state = :state WHERE state IN ('created', 'submitting')"))
_BEGUN = Statement(text("SELECT id, ref, subject, amount FROM payment_attempt WHERE state = 'submitted'"))


@dataclass(frozen=True, slots=True)
class Case:
    """A lease, and somebody who wants to pay it."""

    db: Database
    one: Let
    payer: PersonId

    async def pay(
        self, amount: int | Money, *months: Month, owed: int | None = None, pin: str = PIN, wallet: Phone = PHONE
    ) -> object:
        money = amount if isinstance(amount, Money) else francs(amount)
        then = None if owed is None else francs(owed)
        return await self.perform(PayRent(self.one.agreed.id, money, months, wallet, pin, then))

    async def booked(self, clock: FixedClock) -> Posted:
        """The operator confirms the payment that was begun, and it is in the books."""
        return await Poster(self.db, clock).post(await self.confirmed())

    async def confirmed(self) -> Confirmed:
        """What the operator says of the payment that was begun."""
        for state in ("submitting", "submitted"):
            await self.db.fetch(_MOVE, state=state)
        (row,) = await self.db.fetch(_BEGUN)
        return Confirmed(row["id"], row["ref"], row["subject"], francs(row["amount"]), f"tx-{row['ref']}")

    async def perform(self, command: PayRent, *, by: PersonId | None = None) -> object:
        async with self.db.transaction() as tx:
            deed = Deed(tx, speaker(by or self.payer), NOW, Settings())
            return await Desk().perform(command, deed)

    async def charged(self) -> list[Month]:
        return [Month.of(row["period"]) for row in await self.db.fetch(_CHARGED)]


async def case_of(db: Database, *, start: date = date(2026, 11, 1), end: date | None = None) -> Case:
    """A tenant with a PIN, who owes what is due since the lease began."""
    one = await let_flat(db, start=start, end=end)
    await db.fetch(GIVE_PIN, person=one.tenant, hash=await hashed(PIN, Settings()))
    return Case(db, one, one.tenant)

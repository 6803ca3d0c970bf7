"""A flat that is let: the landlord, the tenant, and the lease between them."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Final

from core.homes.units import Building, Unit, add_building, add_unit
from core.homes.words import UnitId
from core.kit.db import Database, Reader, Tx
from core.kit.deed import Look
from core.kit.money import Money
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import PersonId, Speaker
from core.leases.agreements import Agreed, Agreement, begin
from core.leases.reads import LeasesReads
from core.places.words import PlaceId
from tests.core.homes.planting import NOW, add_person

PHONE: Final = Phone("+237670000101")
_units = count(1)


def francs(amount: int) -> Money:
    return Money(amount, "XAF")


@dataclass(frozen=True, slots=True)
class Let:
    """A lease with everybody in it."""

    agreed: Agreed
    unit: UnitId
    landlord: PersonId
    tenant: PersonId


async def add_flat(tx: Tx, landlord: PersonId) -> UnitId:
    building = await add_building(tx, Building(landlord, "Résidence", PlaceId(1), PlaceId(1000)), NOW)
    return await add_unit(tx, building, Unit(f"B{next(_units)}", "studio"), NOW)


async def let_flat(
    db: Database,
    *,
    start: date = date(2026, 11, 1),
    end: date | None = None,
    rent: int = 80_000,
    service: int = 5_000,
    due_day: int = 5,
) -> Let:
    """A flat let from a day on, by people of its own."""
    async with db.transaction() as tx:
        landlord = await add_person(tx, "Mballa Joseph")
        tenant = await add_person(tx, "Ngo Bell Marie")
        unit = await add_flat(tx, landlord)
        agreement = Agreement(unit, landlord, tenant, "Studio B3", francs(rent), francs(service), due_day, start, end)
        return Let(await begin(tx, agreement, landlord, NOW), unit, landlord, tenant)


def speaker(person: PersonId | None) -> Speaker:
    return Speaker(PHONE, person=person, profiles=1, proved=person is not None)


def reads(on: Reader, person: PersonId | None, now: datetime = NOW) -> LeasesReads:
    return LeasesReads(Look(on, speaker(person), now, Settings()))

"""Homes for tests: a landlord, a building for each, and an offer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import text

from core.homes.listings import Listed, Offer, publish
from core.homes.reads import HomesReads
from core.homes.units import Building, Unit, add_building, add_unit
from core.homes.words import Deal, Kind
from core.kit.db import Database, Statement, Tx
from core.kit.deed import Look
from core.kit.money import Currency, Money
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import PersonId, Speaker
from core.places.words import PlaceId

NOW: Final = datetime(2026, 11, 5, 8, 0, tzinfo=UTC)

_PERSON: Final = Statement(
    text("INSERT INTO person (name, language, country, created_at) VALUES (:name, 'fr', 'CM', :now) RETURNING id")
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a search looks at."""

    city: int
    quarter: int | None = None
    price: int = 50_000
    kind: Kind = "studio"
    bedrooms: int = 0
    furnished: bool = False
    deal: Deal = "rent"
    currency: Currency = "XAF"


async def add_person(tx: Tx, name: str = "Mballa Joseph") -> PersonId:
    return PersonId((await tx.fetch(_PERSON, name=name, now=NOW))[0]["id"])


async def offered(tx: Tx, landlord: PersonId, seen: Seen) -> Offer:
    """An offer for a unit of its own, not written down yet."""
    quarter = PlaceId(seen.quarter) if seen.quarter else None
    building = await add_building(tx, Building(landlord, "Résidence", PlaceId(seen.city), quarter), NOW)
    unit = await add_unit(tx, building, Unit("B3", seen.kind, seen.bedrooms, seen.furnished), NOW)
    return Offer(unit, Money(seen.price, seen.currency), seen.deal)


async def online(db: Database, *homes: Seen) -> list[Listed]:
    """These homes, published, all of one landlord."""
    async with db.transaction() as tx:
        landlord = await add_person(tx)
        return [await publish(tx, await offered(tx, landlord, seen), landlord, NOW) for seen in homes]


def reads(db: Database, country: str = "CM") -> HomesReads:
    speaker = Speaker(Phone("+237670000101"), country=country)
    return HomesReads(Look(db, speaker, NOW, Settings()))

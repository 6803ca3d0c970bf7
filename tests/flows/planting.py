"""People, leases and homes for the conversations of the tests."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from core.homes.card import photo_at
from core.homes.listings import Listed, Offer, publish
from core.homes.units import Building, Unit, add_building, add_unit
from core.homes.words import Deal, Kind, UnitId
from core.kit.db import Statement, Tx
from core.kit.money import Currency, Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.point import Point
from core.kit.speaker import Language, PersonId
from core.leases.agreements import Agreed, Agreement, begin
from core.leases.schedule import issue_due
from core.money.posting import Poster
from core.people.pin import hashed
from core.people.profile import Profile, create
from core.people.words import Role
from core.places.words import PlaceId
from tests.core.money.village import Village, Villager
from tests.talking import House

PIN = "4826"
OTHER_PIN = "9064"
MARIE = "+237677123456"
PAUL = "+237677000222"
ORANGE = "+237699123456"
"""A number that no operator serves yet."""

DOUALA = PlaceId(1)

_HASHES: dict[str, str] = {}
"""What is stored of each PIN, made once: it is slow on purpose."""

_CODE = Statement(text("SELECT check_code FROM receipt WHERE id = :receipt"))


@dataclass(frozen=True, slots=True)
class Rented:
    """What somebody rents."""

    title: str = "Studio B3"
    rent: int = 80_000
    service: int = 5_000
    start: date = date(2026, 11, 1)
    currency: Currency = "XAF"


@dataclass(frozen=True, slots=True)
class Shown:
    """A home that is offered."""

    kind: Kind = "apartment"
    bedrooms: int = 2
    price: int = 85_000
    deal: Deal = "rent"
    quarter: str = "Akwa"
    landmark: str = ""
    features: tuple[str, ...] = ("borehole", "gate")
    furnished: bool = False
    photo: str = ""
    point: Point | None = None


async def person(
    house: House, number: str, name: str, *, role: Role = "tenant", pin: str = PIN, language: Language = "fr"
) -> PersonId:
    """Somebody with a profile on a phone."""
    if pin not in _HASHES:
        _HASHES[pin] = await hashed(pin, house.settings)
    async with house.db.transaction() as tx:
        profile = Profile(Phone(number), name, role, language, "CM")
        made = await create(tx, profile, _HASHES[pin], house.clock.now())
    assert made is not None
    return made


async def landlord(house: House, name: str = "Fotso Jean") -> PersonId:
    """Somebody who lets homes."""
    return await person(house, "+237670000900", name, role="landlord")


async def let(house: House, owner: PersonId, tenant: PersonId, rented: Rented | None = None) -> Agreed:
    """A home let by one person to another."""
    rented = rented or Rented()
    async with house.db.transaction() as tx:
        unit = await _unit(tx, house, owner, Shown())
        rent, service = Money(rented.rent, rented.currency), Money(rented.service, rented.currency)
        agreement = Agreement(unit, owner, tenant, rented.title, rent, service, 5, rented.start)
        return await begin(tx, agreement, owner, house.clock.now())


async def online(house: House, owner: PersonId, *homes: Shown) -> list[Listed]:
    """Published homes."""
    async with house.db.transaction() as tx:
        return [await publish(tx, await _offer(tx, house, owner, home), owner, house.clock.now()) for home in homes]


async def _offer(tx: Tx, house: House, owner: PersonId, home: Shown) -> Offer:
    unit = await _unit(tx, house, owner, home)
    photo = photo_at(home.photo, house.settings) if home.photo else None
    return Offer(unit, Money(home.price, "XAF"), home.deal, 1, 3, home.features, home.landmark, photo)


async def _unit(tx: Tx, house: House, owner: PersonId, home: Shown) -> UnitId:
    quarter = next(place.id for place in house.places.quarters(DOUALA) if place.name == home.quarter)
    stands = Building(owner, "Résidence", DOUALA, quarter, point=home.point)
    building = await add_building(tx, stands, house.clock.now())
    return await add_unit(tx, building, Unit("B3", home.kind, home.bedrooms, home.furnished), house.clock.now())


async def paid(house: House, lease: Agreed, sides: tuple[Villager, Villager], francs: int, *months: Month) -> str:
    """A payment of a lease by its tenant that the operator confirmed; the code of its receipt."""
    tenant, owner = sides
    async with house.db.transaction() as tx:
        await issue_due(tx, house.clock.now())
    confirmed = await Village(house.db, house.clock).asked(lease.id, tenant, owner, francs, *months)
    posted = await Poster(house.db, house.clock).post(confirmed)
    (row,) = await house.db.fetch(_CODE, receipt=posted.receipt)
    return str(row["check_code"])

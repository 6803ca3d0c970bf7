"""Plants the demo: people with phones, PINs and leases, and homes to rent and buy in three countries.

Every name, number and PIN here is for the demo alone; nothing is sent to these numbers but by the sandbox. No payment
is planted: the books hold nothing that no operator has seen.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import text

from core.homes.card import photo_at
from core.homes.listings import Offer, publish
from core.homes.units import Building, Unit, add_building, add_unit
from core.kit.clock import Clock, local_day
from core.kit.db import Database, Statement, Tx
from core.kit.money import CURRENCY_OF, Money
from core.kit.month import Month
from core.kit.phone import country_of, parse_phone
from core.kit.settings import Settings
from core.kit.speaker import Language, PersonId
from core.leases.agreements import Agreement, begin, set_state
from core.leases.schedule import issue_due
from core.money.charges import open_charges, waive
from core.people.pin import hashed
from core.people.profile import Profile, create
from core.people.words import Role
from core.places.gazetteer import gazetteer
from core.places.words import Place
from webhooks.demo_homes import Offered, homes_on_offer, quarter_called


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the demo's people; several may share a number."""

    name: str
    number: str
    pin: str
    role: Role = "tenant"
    language: Language = "fr"


@dataclass(frozen=True, slots=True)
class Let:
    """A lease of the demo, begun ``since`` months ago, whose first ``settled`` months owe nothing any more; with
    ``ended`` it ended with last month.
    """

    tenant: str
    landlord: str
    quarter: str
    building: str
    unit: Unit
    title: str
    rent: int
    service: int
    since: int = 0
    settled: int = 0
    ended: bool = False


PEOPLE: Final = (
    Somebody("Ngo Bell Marie", "+237670000101", "4827"),
    Somebody("Talla Éric", "+237670000102", "6194"),
    Somebody("Njoya Aïssatou", "+237670000103", "3058"),
    Somebody("Oumarou Issa", "+237670000104", "7261"),
    Somebody("Eyenga Rose", "+237670000105", "9416"),
    Somebody("Tabi Grace", "+237670000106", "5830", language="en"),
    Somebody("Diop Fatou", "+221770000101", "8162"),
    Somebody("Kouassi Serge", "+2250700000101", "2947"),
    Somebody("Mballa Joseph", "+237670000150", "6403", "landlord"),
    Somebody("Fotso Madeleine", "+237670000151", "7518", "landlord"),
    Somebody("Abega Pierre", "+237670000105", "3695", "landlord"),
    Somebody("Ndiaye Mamadou", "+221770000150", "8046", "landlord"),
    Somebody("Konan Adjoua", "+2250700000150", "9372", "landlord"),
    Somebody("Kamga Alain", "+237670000160", "5183", "agent"),
)
"""Tenants first; the first of them owes this month's rent. Eyenga Rose and Abega Pierre share a phone."""

LEASES: Final = (
    Let("Ngo Bell Marie", "Mballa Joseph", "Makèpè", "Résidence Mballa", Unit("B3", "studio"), "Studio B3",
        80_000, 5_000, since=2, settled=2),
    Let("Talla Éric", "Mballa Joseph", "Makèpè", "Résidence Mballa", Unit("C1", "apartment", 2), "Appartement C1",
        120_000, 10_000, since=5, settled=3),
    Let("Njoya Aïssatou", "Fotso Madeleine", "Bastos", "Immeuble Fotso", Unit("2", "apartment", 3), "Appartement 2",
        350_000, 25_000, since=1, settled=2),
    Let("Oumarou Issa", "Fotso Madeleine", "Bastos", "Immeuble Fotso", Unit("7", "studio"), "Studio 7",
        90_000, 0, since=2, settled=1, ended=True),
    Let("Eyenga Rose", "Mballa Joseph", "Makèpè", "Résidence Mballa", Unit("A2", "room", 1), "Chambre A2",
        25_000, 2_000),
    Let("Diop Fatou", "Ndiaye Mamadou", "Mermoz", "Villa Ndiaye", Unit("R1", "studio"), "Studio R1", 150_000, 10_000),
    Let("Kouassi Serge", "Konan Adjoua", "Marcory", "Cour Konan", Unit("4", "apartment", 1), "Appartement 4",
        100_000, 5_000),
)  # fmt: skip


_SETTLED: Final = "réglé avant l'arrivée sur le service"
_APPROVE: Final = Statement(
    text("UPDATE person_role SET state = 'active' WHERE person_id = any(CAST(:people AS bigint[]))")
)
_PATIENTLY: Final = Statement(text("SELECT set_config('lock_timeout', '60s', true)"))
_ALONE: Final = Statement(text("SELECT pg_advisory_xact_lock(384, 1)"))
_PLANTED: Final = Statement(text("SELECT 1 FROM phone WHERE e164 = :e164"))
_CODES: Final = Statement(
    text("""
    SELECT person.name, lease.code FROM lease
    JOIN lease_party AS party ON party.lease_id = lease.id AND party.role = 'tenant'
    JOIN person ON person.id = party.person_id
    JOIN phone ON phone.person_id = person.id AND phone.e164 = any(CAST(:numbers AS text[]))
    ORDER BY lease.id DESC
    """)
)


class _Town:
    """What is planted in one transaction."""

    def __init__(self, tx: Tx, now: datetime, settings: Settings) -> None:
        self._tx, self._now, self._settings = tx, now, settings
        self.people: dict[str, PersonId] = {}
        self._buildings: dict[str, int] = {}

    async def settle(self) -> None:
        """Everybody with a profile and a PIN; whoever lets or shows homes is approved."""
        for one in PEOPLE:
            phone = parse_phone(one.number, "CM")
            profile = Profile(phone, one.name, one.role, one.language, country_of(phone))
            person = await create(self._tx, profile, await hashed(one.pin, self._settings), self._now)
            if person is None:
                raise LookupError(f"no room for {one.name} on a phone of the demo")
            self.people[one.name] = person
        await self._tx.fetch(_APPROVE, people=list(self.people.values()))

    async def let(self, one: Let) -> None:
        """One lease with its charges; what was settled before the house knew of it is waived."""
        unit = await add_unit(self._tx, await self._building(one), one.unit, self._now)
        month = Month.of(local_day(self._now, "CM"))
        currency = CURRENCY_OF[_place(one).country]
        agreement = Agreement(
            unit,
            self.people[one.landlord],
            self.people[one.tenant],
            one.title,
            Money(one.rent, currency),
            Money(one.service, currency),
            due_day=5,
            start=month.plus(-one.since).first(),
            end=month.first() if one.ended else None,
        )
        agreed = await begin(self._tx, agreement, self.people[one.landlord], self._now)
        await issue_due(self._tx, self._now)
        for charge in await open_charges(self._tx, agreed.id):
            if charge.period < month.plus(one.settled - one.since):
                origin = f"seed:{charge.id}"
                await waive(self._tx, charge.id, charge.left, reason=_SETTLED, origin_key=origin, now=self._now)
        if one.ended:
            await set_state(self._tx, agreed.id, "ended", self.people[one.landlord], self._now)

    async def _building(self, one: Let) -> int:
        if one.building not in self._buildings:
            place = _place(one)
            new = Building(self.people[one.landlord], one.building, place.city or place.id, place.id)
            self._buildings[one.building] = await add_building(self._tx, new, self._now)
        return self._buildings[one.building]

    async def offer(self, home: Offered) -> None:
        """A published home in a building of its own."""
        landlord = self.people[home.landlord]
        building = Building(landlord, home.building, home.city, home.quarter, home.landmark, home.point)
        unit = await add_unit(self._tx, await add_building(self._tx, building, self._now), home.unit, self._now)
        photo = photo_at(f"http://127.0.0.1:{self._settings.sandbox_port}{home.picture}", self._settings)
        offer = Offer(unit, home.price, home.deal, home.deposit, home.advance, home.features, home.landmark, photo)
        await publish(self._tx, offer, landlord, self._now)


async def seed(db: Database, settings: Settings, clock: Clock, home: Path) -> None:
    """Plant the demo unless it stands already, and write ``people.json`` in the data folder.

    Safe to run again: nothing that people did since is touched. ValueError in production.
    """
    if settings.env == "production":
        raise ValueError("the demo's people do not belong in production")
    async with db.transaction() as tx:
        await tx.fetch(_PATIENTLY)
        await tx.fetch(_ALONE)
        if not await tx.one(_PLANTED, e164=PEOPLE[0].number):
            await _plant(_Town(tx, clock.now(), settings))
        codes = await tx.fetch(_CODES, numbers=[one.number for one in PEOPLE])
    _write(home / "people.json", {row["name"]: row["code"] for row in codes})


async def _plant(town: _Town) -> None:
    await town.settle()
    for one in LEASES:
        await town.let(one)
    for offered in homes_on_offer():
        await town.offer(offered)


def _place(one: Let) -> Place:
    """The quarter, in the country of the landlord's phone."""
    number = next(person.number for person in PEOPLE if person.name == one.landlord)
    return quarter_called(one.quarter, country_of(parse_phone(number, "CM")), gazetteer())


def _write(file: Path, codes: dict[str, str]) -> None:
    """Whole or not at all: the phones read it while it is written."""
    people = [
        {
            "name": one.name,
            "roles": [one.role],
            "number": one.number,
            "pin": one.pin,
            "lease": codes.get(one.name),
        }
        for one in PEOPLE
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.touch(0o600)
    new.write_text(json.dumps(people, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    new.replace(file)

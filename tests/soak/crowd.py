"""Who lives in a campaign: the demo's people, strangers, and friends who owe for two years and pay for each other."""

from random import Random

from core.homes.units import Building, Unit, add_building, add_unit
from core.kit.clock import SystemClock, local_day
from core.kit.db import Tx
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.speaker import PersonId
from core.leases.agreements import Agreement, begin
from core.leases.schedule import issue_due
from core.people.pin import hashed
from core.people.profile import Profile, create
from core.places.words import PlaceId
from tests.soak.payers import Payer
from tests.soak.people import Stroller
from tests.soak.rig import Rig

STRANGERS = 4
FRIENDS = tuple(f"+2376700003{n:02}" for n in range(14))
FRIENDS_PIN = "7391"
OWED_MONTHS = 24
PAYING = (
    "Ngo Bell Marie", "Talla Éric", "Njoya Aïssatou", "Eyenga Rose", "Mballa Joseph", "Kamga Alain", "Fotso Madeleine",
    "Oumarou Issa",
)  # fmt: skip


async def invite(found: Rig) -> list[str]:
    """Friends, each with a lease that owes for two years: a campaign of hours finds something to pay. Their codes."""
    settings, now = found.house.settings(), SystemClock().now()
    month = Month.of(local_day(now, "CM"))
    pin = await hashed(FRIENDS_PIN, settings)
    codes = []
    async with found.house.database() as db, db.transaction() as tx:
        friends = [
            await create(tx, Profile(Phone(number), "Ami Fidèle", "tenant", "fr", "CM"), pin, now) for number in FRIENDS
        ]
        people = [one for one in friends if one is not None]
        for owner, tenant in zip(people[1:] + people[:1], people, strict=True):
            agreement = await _terms(tx, owner, tenant, month.plus(-OWED_MONTHS))
            codes.append((await begin(tx, agreement, owner, now)).code)
        await issue_due(tx, now)
    return codes


async def _terms(tx: Tx, owner: PersonId, tenant: PersonId, since: Month) -> Agreement:
    now = SystemClock().now()
    building = await add_building(tx, Building(owner, "Cour des amis", PlaceId(1), PlaceId(1000)), now)
    unit = await add_unit(tx, building, Unit("1", "studio"), now)
    rent, service = Money(45_000, "XAF"), Money(5_000, "XAF")
    return Agreement(unit, owner, tenant, "Studio", rent, service, due_day=5, start=since.first(), end=None)


def crowd(found: Rig, codes: list[str], seed: int) -> tuple[list[Payer], list[Stroller]]:
    """Everybody with a phone and a will; ``codes`` are leases besides the demo's."""
    people = {one["name"]: one for one in found.house.people}
    codes = codes + [one["lease"] for one in people.values() if one["lease"] and one["number"].startswith("+237")]
    numbers = [people[name]["number"] for name in PAYING]
    paying = [(number, people[name]["pin"]) for number, name in zip(numbers, PAYING, strict=True)]
    paying += [(number, FRIENDS_PIN) for number in FRIENDS]
    payers = [
        Payer(found.house, found.tally, chance_of(seed, n), number, pin, codes, [*numbers, *FRIENDS])
        for n, (number, pin) in enumerate(paying)
    ]
    rest = [(one["number"], one["pin"]) for one in people.values() if one["number"] not in numbers]
    rest += [(f"+2376700002{n:02}", "") for n in range(STRANGERS)]
    strollers = [
        Stroller(found.house, found.tally, chance_of(seed, 100 + n), number, pin)
        for n, (number, pin) in enumerate(rest)
    ]
    return payers, strollers


def chance_of(seed: int, number: int) -> Random:
    """The luck of one of them: what was found once must be found again."""
    return Random(seed * 1_000 + number)  # noqa: S311 - nothing here is a secret

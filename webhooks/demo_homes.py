"""The homes that the demo offers: always the same ones, priced as homes are in their quarter."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from random import Random
from typing import Final, cast

from core.homes.tables import FIRST_NUMBER
from core.homes.units import Unit
from core.homes.words import Deal, Kind
from core.kit.money import CURRENCY_OF, Money
from core.kit.point import Point
from core.places.gazetteer import Gazetteer, gazetteer
from core.places.words import Country, Found, Place, PlaceId
from webhooks.demo_points import POINTS


@dataclass(frozen=True, slots=True)
class Offered:
    """One home: who lets it, where it is, what it is and what is asked for it; ``picture`` is a path of the sandbox."""

    landlord: str
    building: str
    city: PlaceId
    quarter: PlaceId | None
    landmark: str
    unit: Unit
    price: Money
    deal: Deal = "rent"
    deposit: int = 0
    advance: int = 0
    features: tuple[str, ...] = ()
    picture: str = ""
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """What a kind of home costs in an ordinary quarter: francs in Cameroon, Senegal and Côte d'Ivoire, a month
    unless for sale; ``often`` is how many of them there are among the others.
    """

    kind: Kind
    bedrooms: int
    cost: tuple[int, int, int]
    often: int
    deal: Deal = "rent"


BANDS: Final = (
    Band("room", 1, (30_000, 60_000, 35_000), 5),
    Band("studio", 0, (50_000, 100_000, 70_000), 7),
    Band("apartment", 1, (70_000, 150_000, 100_000), 6),
    Band("apartment", 2, (100_000, 220_000, 150_000), 8),
    Band("apartment", 3, (150_000, 320_000, 250_000), 5),
    Band("house", 3, (180_000, 380_000, 280_000), 3),
    Band("villa", 4, (300_000, 900_000, 600_000), 2),
    Band("shop", 0, (80_000, 120_000, 100_000), 2),
    Band("office", 0, (150_000, 200_000, 200_000), 1),
    Band("house", 4, (35_000_000, 50_000_000, 40_000_000), 1, "sale"),
    Band("land", 0, (8_000_000, 15_000_000, 10_000_000), 2, "sale"),
    Band("house", 3, (220_000, 450_000, 330_000), 1, "rent_to_own"),
)


@dataclass(frozen=True, slots=True)
class Market:
    """A country as homes are let there: how many are on offer in which city, by whom, and the months asked for at
    entry (deposit, advance: Côte d'Ivoire allows two and two, Senegal two together).
    """

    country: Country
    cities: dict[str, int]
    landlords: tuple[str, ...]
    deposits: tuple[int, ...]
    advances: tuple[int, ...]


MARKETS: Final = (
    Market(
        "CM",
        {"Douala": 70, "Yaoundé": 55, "Bafoussam": 12, "Buea": 8, "Kribi": 5},
        ("Mballa Joseph", "Fotso Madeleine", "Abega Pierre"),
        (1, 1, 2),
        (3, 4, 6, 6, 10),
    ),
    Market("SN", {"Dakar": 62, "Pikine": 6, "Thiès": 7}, ("Ndiaye Mamadou",), (1,), (1,)),
    Market("CI", {"Abidjan": 65, "Bouaké": 6, "Yamoussoukro": 4}, ("Konan Adjoua",), (2,), (1, 2, 2)),
)

DEAR: Final = frozenset({"Bastos", "Bonapriso", "Almadies", "Riviera Golf"})
GOOD: Final = frozenset({"Akwa", "Bonanjo", "Bali", "Denver", "Makèpè", "Mermoz", "Point E", "Plateau", "Cocody"})
OUTER: Final = 30
"""From this place on in the order of what is asked for, quarters are the little known, cheaper ones."""

BUILDINGS: Final = ("Immeuble", "Résidence", "Cour", "Villa")
NAMES: Final = (
    "du Wouri", "Njo-Njo", "des Palmiers", "La Paix", "Espoir", "Bellevue", "du Lac", "Soleil", "des Manguiers",
)  # fmt: skip
FEATURES: Final = ("borehole", "gate", "parking", "guard", "meter", "tiled", "balcony", "kitchen", "tarred_road")
LANDMARKS: Final = ("face pharmacie", "derrière le marché", "carrefour", "près de l'école", "entrée lycée", "")

LOOKS: Final = 3
"""Pictures that the sandbox draws of each kind of home."""

AROUND: Final = 0.003
"""How far from the middle of its quarter a home lies at most, in degrees: some 330 m."""

KNOWN_NUMBER: Final = 482
"""Listing A4821 is the one that people are shown how to type."""


def homes_on_offer() -> Iterator[Offered]:
    """About three hundred homes, the same ones in the same order every time."""
    places, drawn = gazetteer(), Random(384)  # noqa: S311 - nothing is secret here
    others = [home for market in MARKETS for home in _of(market, places, drawn)]
    drawn.shuffle(others)
    before = KNOWN_NUMBER - FIRST_NUMBER
    shown = Random(4821)  # noqa: S311 - of its own, so that another look changes no price
    return (_carded(home, places, shown) for home in chain(others[:before], [_known(places)], others[before:]))


def _carded(home: Offered, places: Gazetteer, drawn: Random) -> Offered:
    """With a picture of its kind, and a point near the middle of its quarter where that is known."""
    number, north, east = drawn.randint(1, LOOKS), drawn.uniform(-AROUND, AROUND), drawn.uniform(-AROUND, AROUND)
    quarter = places.place(home.quarter or home.city)
    middle = POINTS[quarter.country].get(quarter.name)
    point = Point(round(middle.latitude + north, 5), round(middle.longitude + east, 5)) if middle else None
    return replace(home, picture=f"/pictures/{home.unit.kind}-{number}.png", point=point)


def quarter_called(name: str, country: str, places: Gazetteer) -> Place:
    """The one place of that name in a country; LookupError when there are several or none."""
    found = places.read(name, country=cast("Country", country))
    if isinstance(found, Found):
        return found.place
    raise LookupError(f"{name} is not one place of {country}")


def _known(places: Gazetteer) -> Offered:
    quarter = quarter_called("Akwa-Nord", "CM", places)
    return Offered(
        "Mballa Joseph",
        "Immeuble Njo-Njo",
        quarter.city or quarter.id,
        quarter.id,
        "face pharmacie",
        Unit("2A", "apartment", 2, area=70),
        Money(85_000, "XAF"),
        deposit=1,
        advance=3,
        features=("borehole", "gate"),
    )


def _of(market: Market, places: Gazetteer, drawn: Random) -> Iterator[Offered]:
    for name, many in market.cities.items():
        city = quarter_called(name, market.country, places).id
        quarters = places.quarters(city)
        for number in range(many):
            band = drawn.choices(BANDS, [band.often for band in BANDS])[0]
            where = int(len(quarters) * drawn.random() ** 2)
            yield _home(market, band, quarters[where], where, number, drawn)


def _home(market: Market, band: Band, quarter: Place, where: int, number: int, drawn: Random) -> Offered:
    let = band.deal != "sale"
    furnished = let and band.kind in ("studio", "apartment", "villa") and drawn.random() < 0.15
    tenths = _level(quarter.name, where) * drawn.randint(8, 12) * (16 if furnished else 10)
    francs = band.cost[[m.country for m in MARKETS].index(market.country)] * tenths // 1000
    return Offered(
        landlord=drawn.choice(market.landlords),
        building=f"{drawn.choice(BUILDINGS)} {drawn.choice(NAMES)}",
        city=quarter.city or quarter.id,
        quarter=quarter.id,
        landmark=drawn.choice(LANDMARKS),
        unit=Unit(f"{drawn.choice('ABC')}{number + 1}", band.kind, band.bedrooms, furnished),
        price=Money(_rounded(francs), CURRENCY_OF[market.country]),
        deal=band.deal,
        deposit=drawn.choice(market.deposits) if let else 0,
        advance=drawn.choice(market.advances) if let else 0,
        features=tuple(sorted(drawn.sample(FEATURES, drawn.randint(0, 3)))),
    )


def _level(quarter: str, where: int) -> int:
    """Tenths of what an ordinary quarter costs."""
    if quarter in DEAR:
        return 30
    if quarter in GOOD:
        return 16
    return 6 if where >= OUTER else 10


def _rounded(francs: int) -> int:
    """To 500 francs below 100 000, to 5 000 above, to 100 000 where homes are sold."""
    step = 500 if francs < 100_000 else 5_000 if francs < 5_000_000 else 100_000
    return francs // step * step

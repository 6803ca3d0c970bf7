"""What may be said about places: their ids, what a place is, and how a name was understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType, get_args

PlaceId = NewType("PlaceId", int)
Country = Literal["CM", "SN", "CI"]
COUNTRIES: tuple[Country, ...] = get_args(Country)
Kind = Literal["city", "commune", "quarter"]
HomeType = Literal[
    "room", "studio", "apartment", "house", "villa", "duplex", "building", "shop", "office", "warehouse", "land"
]
Transaction = Literal["rent", "sale", "rent_to_own"]


@dataclass(frozen=True, slots=True)
class Place:
    """A city, or a commune or quarter inside one.

    `city` is None for a city itself; `parent` is the commune or quarter that holds this one, if any.
    """

    id: PlaceId
    name: str
    kind: Kind
    city: PlaceId | None
    parent: PlaceId | None
    country: Country


@dataclass(frozen=True, slots=True)
class Found:
    """The name means this place."""

    place: Place


@dataclass(frozen=True, slots=True)
class Several:
    """The name fits each of these places; one question decides."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """No place is called that; `nearest` holds up to three that look or sound like it, best first."""

    nearest: tuple[Place, ...] = ()


Reading = Found | Several | Unknown


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one sentence asks for; None or empty where nothing was said.

    `bedrooms` counts bedrooms, never "pièces". Prices are whole francs. `type` holds several when any of them
    will do. `ambiguous` holds places one of which was meant: one question decides. The transaction is the usual one
    unless it was `transaction_said`, the kind of home what its rooms tell unless it was `type_said`.
    """

    city: Place | None = None
    neighbourhoods: tuple[Place, ...] = ()
    exclude_neighbourhoods: tuple[Place, ...] = ()
    type: tuple[HomeType, ...] = ()
    bedrooms: int | None = None
    furnished: bool | None = None
    min_price: int | None = None
    max_price: int | None = None
    transaction: Transaction | None = None
    ambiguous: tuple[Place, ...] = ()
    transaction_said: bool = False
    type_said: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What free words tell: names of the table of phrases, and of what was read beside it.

    Beside it: ``homecode``, ``leasecode``, ``receiptcode`` (then the code is in ``codes``); ``home`` (a kind or its
    rooms), ``place``, ``amount``, ``deal`` of a search; ``bare`` when nothing else was said. ``francs`` is the one
    amount that was said, 0 for none or several.
    """

    said: str
    tells: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)
    francs: int = 0

"""What may be said about homes."""

from dataclasses import dataclass
from typing import Literal, NewType, Protocol

import msgspec

from core.kit.money import Money
from core.kit.point import Point
from core.places.words import Place, PlaceId, Told

ListingId = NewType("ListingId", int)
UnitId = NewType("UnitId", int)

Kind = Literal[
    "room", "studio", "apartment", "house", "villa", "duplex", "building", "shop", "office", "warehouse", "land"
]
Deal = Literal["rent", "sale", "rent_to_own"]
State = Literal["draft", "pending", "published", "paused", "reserved", "let", "sold", "expired", "archived", "rejected"]

PAGE = 12
"""Homes fetched at a time; a renderer shows them a few by few."""


class Wish(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody is looking for. Empty or None means "any".

    ``bedrooms`` 4 means four or more. ``places`` are cities, communes or quarters, each with all it contains.
    """

    deal: Deal = "rent"
    places: tuple[PlaceId, ...] = ()
    without: tuple[PlaceId, ...] = ()
    kinds: tuple[Kind, ...] = ()
    bedrooms: int | None = None
    furnished: bool | None = None
    low: Money | None = None
    top: Money | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last home of a page (price in francs, id): the next page begins behind it; ``shown`` counts so far."""

    francs: int
    id: ListingId
    shown: int


class Home(msgspec.Struct, frozen=True):
    """A published home, as anybody may see it. ``features`` are keys such as "borehole", "gate", "parking".

    ``photo`` (an address) and ``spot`` (near its door, never at it) are for the sheet of one home: a page of results is
    read without them.
    """

    id: ListingId
    code: str
    deal: Deal
    kind: Kind
    bedrooms: int
    furnished: bool
    price: Money
    city: PlaceId
    quarter: PlaceId | None
    landmark: str
    deposit_months: int
    advance_months: int
    features: tuple[str, ...]
    photo: str = ""
    spot: Point | None = None


class Page(msgspec.Struct, frozen=True):
    """Some homes, cheapest first, and where the next ones begin."""

    homes: tuple[Home, ...]
    after: Cursor | None


@dataclass(frozen=True, slots=True)
class Nearby:
    """Another wish that would find something: the change, and how many homes (counted up to 99)."""

    change: Literal["neighbours", "dearer", "any_kind", "whole_city"]
    wish: Wish
    count: int


@dataclass(frozen=True, slots=True)
class Close:
    """A quarter near a point: so many metres from its nearest home, rounded to a hundred."""

    quarter: PlaceId
    metres: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence as it was understood: the wish, and the places one of which was meant (ask which).

    What to do with a home is the usual thing unless there is ``deal_said``; its kind is what the number of bedrooms
    tells unless there is ``kind_said``.
    """

    wish: Wish
    which: tuple[Place, ...] = ()
    deal_said: bool = False
    kind_said: bool = False


class HomesReading(Protocol):
    """What can be read about homes."""

    def heard(self, sentence: str) -> Heard:
        """The honest reading of one sentence ("appt 2ch akwa max 150 000"): nothing is invented."""
        ...

    def told(self, said: str) -> Told:
        """What any free words tell, beside a wish: that somebody wants to pay, to see a home, to be called."""
        ...

    async def search(self, wish: Wish, after: Cursor | None = None) -> Page:
        """Published homes that fit, cheapest first, PAGE at a time."""
        ...

    async def near(self, wish: Wish) -> tuple[Nearby, ...]:
        """When nothing fits: at most three neighbouring wishes that find something, the closest first."""
        ...

    async def quarters_near(self, point: Point) -> tuple[Close, ...]:
        """The quarters with homes on offer at most three kilometres away, the nearest first, at most five."""
        ...

    async def home(self, code: str) -> Home | None:
        """The published home of that code ("A4821")."""
        ...

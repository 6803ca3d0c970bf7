"""What may be said about places: their ids, what a place is, and how a name was understood."""

from dataclasses import dataclass
from typing import Literal, NewType

PlaceId = NewType("PlaceId", int)
Country = Literal["CM", "SN", "CI"]
Kind = Literal["city", "commune", "quarter"]


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

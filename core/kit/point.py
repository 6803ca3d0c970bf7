"""Points on the map, how near to a door one may be shown, how much of one's own is kept, and what is near a point."""

from math import cos, radians, sqrt
from typing import Final, NamedTuple

STEPS: Final = 500
"""Points are shown on a grid of so many to the degree: 0.002°, about 220 m."""

KEPT: Final = 3
"""Decimals of a degree that are kept of where somebody is: about 110 m."""

TOLD_M: Final = 100
"""Distances are told in hundreds of metres."""

_DEGREE_KM: Final = 111.32
"""Of latitude; of longitude it is so much times the cosine of the latitude."""

_NARROWEST: Final = 0.01
"""That cosine at the poles, where nobody lives."""


class Point(NamedTuple):
    """A point in degrees (WGS 84)."""

    latitude: float
    longitude: float


def near(exact: Point) -> Point:
    """The point that anybody may see: the nearest one of the grid, at most some 160 m away."""
    return Point(round(exact.latitude * STEPS) / STEPS, round(exact.longitude * STEPS) / STEPS)


def kept(own: Point) -> Point:
    """As much of where somebody is as is kept of it: the street, not the house."""
    return Point(round(own.latitude, KEPT), round(own.longitude, KEPT))


class Circle(NamedTuple):
    """What lies at most so far from a point, for a statement: a degree of longitude is ``narrow`` times one of
    latitude, ``reach`` is squared degrees of latitude, and the box around it is a step of the grid wider, so that
    doors outside whose shown point is inside are in it.
    """

    latitude: float
    longitude: float
    steps: float
    narrow: float
    reach: float
    south: float
    north: float
    west: float
    east: float


def circle(point: Point, km: int) -> Circle:
    """The circle of so many kilometres around a point (on a flat map: right to a metre or two within a city)."""
    narrow, reach = max(cos(radians(point.latitude)), _NARROWEST), km / _DEGREE_KM
    high, wide = reach + 1 / STEPS, reach / narrow + 1 / STEPS
    latitude, longitude = point
    sides = (latitude - high, latitude + high, longitude - wide, longitude + wide)
    return Circle(latitude, longitude, STEPS, narrow, reach**2, *sides)


def metres(away: float) -> int:
    """A distance as it is told, at least the smallest; from squared degrees of latitude."""
    return max(round(sqrt(away) * _DEGREE_KM * 1_000 / TOLD_M), 1) * TOLD_M

"""Points on the map, how near to a door one may be shown, and how much of somebody's own position is kept."""

from typing import Final, NamedTuple

STEPS: Final = 500
"""Points are shown on a grid of so many to the degree: 0.002°, about 220 m."""

KEPT: Final = 3
"""Decimals of a degree that are kept of where somebody is: about 110 m."""


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

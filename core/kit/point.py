"""Points on the map, and how near to a door one may be shown."""

from typing import Final, NamedTuple

STEPS: Final = 500
"""Points are shown on a grid of so many to the degree: 0.002°, about 220 m."""


class Point(NamedTuple):
    """A point in degrees (WGS 84)."""

    latitude: float
    longitude: float


def near(exact: Point) -> Point:
    """The point that anybody may see: the nearest one of the grid, at most some 160 m away."""
    return Point(round(exact.latitude * STEPS) / STEPS, round(exact.longitude * STEPS) / STEPS)

"""Which quarters lie near a point: they have no points of their own, so the homes on offer say where they are."""

from math import cos, radians
from typing import Final

from sqlalchemy import text

from core.homes.words import Close
from core.kit.db import Reader, Statement
from core.kit.point import STEPS, Point

WITHIN_KM: Final = 3
"""Three quarters of an hour on foot: what is further is not near."""

MOST: Final = 5
"""Quarters that are told."""

ROUNDED_M: Final = 100

_DEGREE_KM: Final = 111.32
"""Of latitude; of longitude it is so much times the cosine of the latitude."""

_REACH: Final = WITHIN_KM / _DEGREE_KM

QUARTERS: Final = Statement(
    text("""
    SELECT quarter, away FROM (
        SELECT quarter, min(power(north, 2) + power(east, 2)) AS away FROM (
            SELECT quarter,
                round(latitude * :steps) / :steps - :latitude AS north,
                (round(longitude * :steps) / :steps - :longitude) * :narrow AS east
            FROM building
            WHERE quarter IS NOT NULL AND latitude BETWEEN :south AND :north AND longitude BETWEEN :west AND :east
        ) AS home GROUP BY quarter
    ) AS around
    WHERE away <= :reach AND EXISTS (
        SELECT 1 FROM listing WHERE listing.quarter = around.quarter AND listing.state = 'published'
    )
    ORDER BY away, quarter LIMIT :most
    """)
)
"""Distances are those of the points that anybody may see, and the box is a step wider than the circle: nothing that
comes out depends on where exactly a door is. No quarter is told that has nothing on offer."""


def parameters(point: Point) -> dict[str, float]:
    """What the statement is run with: degrees, and squared degrees of latitude."""
    narrow = max(cos(radians(point.latitude)), 0.01)
    high, wide = _REACH + 1 / STEPS, _REACH / narrow + 1 / STEPS
    return {
        "steps": float(STEPS),
        "latitude": point.latitude,
        "longitude": point.longitude,
        "narrow": narrow,
        "reach": _REACH**2,
        "south": point.latitude - high,
        "north": point.latitude + high,
        "west": point.longitude - wide,
        "east": point.longitude + wide,
        "most": MOST,
    }


async def find(on: Reader, point: Point) -> tuple[Close, ...]:
    """The quarters with homes on offer at most WITHIN_KM away, the nearest first, at most MOST."""
    rows = await on.fetch(QUARTERS, **parameters(point))
    return tuple(Close(row["quarter"], _metres(row["away"])) for row in rows)


def _metres(away: float) -> int:
    """Rounded, at least the smallest step, from squared degrees."""
    hundreds = round(float(away**0.5) * _DEGREE_KM * 1_000 / ROUNDED_M)
    return max(hundreds, 1) * ROUNDED_M

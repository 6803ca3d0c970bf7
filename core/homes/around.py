"""Which quarters lie near a point: they have no points of their own, so the homes on offer say where they are."""

from typing import Final

from sqlalchemy import text

from core.homes.words import Close
from core.kit.db import Reader, Statement
from core.kit.point import Point, circle, metres

WITHIN_KM: Final = 3
"""Three quarters of an hour on foot: what is further is not near."""

MOST: Final = 5
"""Quarters that are told."""

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
"""Distances are those of the points that anybody may see: nothing that comes out depends on where exactly a door is.
No quarter is told that has nothing on offer."""


async def find(on: Reader, point: Point) -> tuple[Close, ...]:
    """The quarters with homes on offer at most WITHIN_KM away, the nearest first, at most MOST."""
    rows = await on.fetch(QUARTERS, **circle(point, WITHIN_KM)._asdict(), most=MOST)
    return tuple(Close(row["quarter"], metres(row["away"])) for row in rows)

"""Near me: a location that was shared instead of the name of a place, and the quarters around it."""

from typing import Any

from bot.talk import Label, Menu, Option, Refused, Settled, Text, t
from core.kit.errors import Unclear
from core.kit.point import Point, kept
from core.places.words import PlaceId
from core.reading import Reading

Quarters = tuple[PlaceId, ...]


def spot(shared: Any) -> Point:
    """About where a shared location is. Raises Unclear("near.unclear") for anything else that was shared."""
    latitude, longitude = getattr(shared, "latitude", None), getattr(shared, "longitude", None)
    if latitude is None or longitude is None:
        raise Unclear("near.unclear")
    return kept(Point(latitude, longitude))


async def around(here: Point | None, read: Reading) -> Menu[Quarters] | Settled[Quarters]:
    """The quarters near a point, the nearest first, then all of them; one alone is no question.

    Raises Refused("near.nothing") when no home on offer is known to be there.
    """
    close = await read.homes.quarters_near(here) if here else ()
    if not close:
        raise Refused("near.nothing")
    quarters = tuple(one.quarter for one in close)
    if len(quarters) == 1:
        return Settled(quarters)
    named = [Option[Quarters]((one.quarter,), _name(one.quarter, read), note=away(one.metres)) for one in close]
    return Menu(t("near.title"), [*named, Option(quarters, t("near.all"))])


def _name(quarter: PlaceId, read: Reading) -> Label:
    return read.places.place(quarter).name


def away(metres: int) -> Text:
    """A distance: hundreds of metres, from one kilometre on in kilometres."""
    return t("near.m", distance=metres) if metres < 1_000 else t("near.km", distance=(metres + 500) // 1_000)

"""Buildings and their units: entered once, listed and let many times."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from core.homes.words import Kind, UnitId
from core.kit.db import Statement, Tx
from core.kit.point import Point
from core.kit.speaker import PersonId
from core.places.words import PlaceId


@dataclass(frozen=True, slots=True)
class Building:
    """What is known of a building; ``city`` and ``quarter`` are ids of the gazetteer, ``point`` is where its
    door is, for nobody to see.
    """

    landlord: PersonId
    name: str
    city: PlaceId
    quarter: PlaceId | None = None
    landmark: str = ""
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What is known of a unit: its code is unique in its building ("B3"), ``area`` is in square metres."""

    code: str
    kind: Kind
    bedrooms: int = 0
    furnished: bool = False
    area: int | None = None


_ADD_BUILDING: Final = Statement(
    text("""
    INSERT INTO building (landlord_id, name, city, quarter, landmark, latitude, longitude, created_at)
    VALUES (:landlord, :name, :city, :quarter, :landmark, :latitude, :longitude, :now) RETURNING id
    """)
)
_ADD_UNIT: Final = Statement(
    text("""
    INSERT INTO unit (building_id, code, kind, bedrooms, area_m2, furnished, created_at)
    VALUES (:building, :code, :kind, :bedrooms, :area, :furnished, :now) RETURNING id
    """)
)


async def add_building(tx: Tx, new: Building, now: datetime) -> int:
    """Enter a building; its id. The database refuses degrees that are on no map."""
    latitude, longitude = new.point or (None, None)
    rows = await tx.fetch(
        _ADD_BUILDING,
        landlord=new.landlord,
        name=new.name,
        city=new.city,
        quarter=new.quarter,
        landmark=new.landmark,
        latitude=latitude,
        longitude=longitude,
        now=now,
    )
    return int(rows[0]["id"])


async def add_unit(tx: Tx, building: int, new: Unit, now: datetime) -> UnitId:
    """Enter a unit of a building; its id. The database refuses a code twice, or rooms no such unit has."""
    rows = await tx.fetch(
        _ADD_UNIT,
        building=building,
        code=new.code,
        kind=new.kind,
        bedrooms=new.bedrooms,
        area=new.area,
        furnished=new.furnished,
        now=now,
    )
    return UnitId(rows[0]["id"])

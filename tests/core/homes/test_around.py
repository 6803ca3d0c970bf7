"""Which quarters lie near a point: told by the homes on offer there, rounded, and never by an exact door."""

from dataclasses import replace
from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.homes.around import MOST, QUARTERS, WITHIN_KM
from core.homes.listings import publish, set_state
from core.homes.units import Building, Unit, add_building, add_unit
from core.homes.words import Close, ListingId, State
from core.kit.db import Database
from core.kit.point import Point, circle, kept, near
from core.places.words import PlaceId
from tests.core.homes.planting import NOW, Seen, add_person, offered, reads

DOUALA = PlaceId(1)
AKWA, BALI = PlaceId(1000), PlaceId(1002)
HERE = Point(4.050, 9.700)
KM = 1 / 111.32
"""In degrees of latitude."""


async def _home(db: Database, point: Point | None, quarter: PlaceId | None = AKWA) -> ListingId:
    async with db.transaction() as tx:
        owner = await add_person(tx)
        building = await add_building(tx, Building(owner, "Résidence", DOUALA, quarter, point=point), NOW)
        unit = await add_unit(tx, building, Unit("B3", "studio"), NOW)
        return (await publish(tx, replace(await offered(tx, owner, Seen(1)), unit=unit), owner, NOW)).id


def _away(km: float, bearing: tuple[float, float] = (1, 0)) -> Point:
    north, east = bearing
    return Point(HERE.latitude + km * KM * north, HERE.longitude + km * KM * east / cos(radians(HERE.latitude)))


async def test_the_nearest_come_first_with_their_distance_in_hundreds_of_metres(db: Database) -> None:
    await _home(db, _away(1.8, (0, 1)), BALI)
    await _home(db, _away(0.45))
    await _home(db, _away(2.5))
    assert await reads(db).quarters_near(HERE) == (Close(AKWA, 400), Close(BALI, 1800))


async def test_at_the_door_it_is_not_nothing(db: Database) -> None:
    await _home(db, HERE)
    assert await reads(db).quarters_near(HERE) == (Close(AKWA, 100),)


@pytest.mark.parametrize("bearing", [(1, 0), (0, 1), (-1, 0), (0, -1), (0.707, 0.707)])
async def test_near_ends_at_three_kilometres_all_around(db: Database, bearing: tuple[float, float]) -> None:
    await _home(db, _away(WITHIN_KM - 0.2, bearing), AKWA)
    await _home(db, _away(WITHIN_KM + 0.2, bearing), BALI)
    assert [close.quarter for close in await reads(db).quarters_near(HERE)] == [AKWA]


async def test_no_more_than_a_few(db: Database) -> None:
    for number in range(MOST + 2):
        await _home(db, _away(0.3 * (number + 1)), PlaceId(AKWA + number))
    found = await reads(db).quarters_near(HERE)
    assert [close.quarter for close in found] == [AKWA + number for number in range(MOST)]


async def test_a_home_without_a_point_or_a_quarter_tells_nothing(db: Database) -> None:
    await _home(db, None)
    await _home(db, HERE, None)
    assert await reads(db).quarters_near(HERE) == ()


@pytest.mark.parametrize(("state", "told"), [("published", 1), ("paused", 0), ("let", 0)])
async def test_a_quarter_with_nothing_on_offer_is_not_told(db: Database, state: State, told: int) -> None:
    home = await _home(db, HERE)
    if state != "published":
        async with db.transaction() as tx:
            await set_state(tx, home, state, None, NOW)
    assert len(await reads(db).quarters_near(HERE)) == told


async def test_doors_of_one_square_of_the_grid_are_told_alike_from_everywhere(db: Database) -> None:
    """Otherwise somebody could ask from many points and find the door."""
    middle = near(HERE)
    askers = [Point(middle.latitude + 0.0269 + n / 100_000, middle.longitude) for n in range(20)]
    home = await _home(db, Point(middle.latitude + 0.00099, middle.longitude + 0.00099))
    one = [await reads(db).quarters_near(asker) for asker in askers]
    async with db.transaction() as tx:
        await set_state(tx, home, "archived", None, NOW)
        await tx.connection.execute("UPDATE building SET latitude = NULL, longitude = NULL")
    await _home(db, Point(middle.latitude - 0.00099, middle.longitude - 0.00099))
    assert [await reads(db).quarters_near(asker) for asker in askers] == one
    assert {len(found) for found in one} == {0, 1}, "across the edge of what is near"


@pytest.mark.parametrize("point", [Point(90, 0), Point(-90, 180), Point(0, -180)])
async def test_any_point_on_the_map_can_be_asked_about(db: Database, point: Point) -> None:
    assert await reads(db).quarters_near(point) == ()


@given(st.floats(-89, 89), st.floats(-180, 180))
def test_of_somebodys_own_point_the_street_is_kept(latitude: float, longitude: float) -> None:
    about = kept(Point(latitude, longitude))
    east = (about.longitude - longitude) * cos(radians(latitude))
    assert hypot(about.latitude - latitude, east) * 111_320 < 80
    assert kept(about) == about


async def test_the_box_is_read_from_an_index(db: Database) -> None:
    """At a hundred thousand homes: 1 ms with it, 12 without."""
    async with db.held() as connection:
        await connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        await connection.execute(f"PREPARE planned AS {QUARTERS.sql}")
        values = ", ".join(map(str, QUARTERS.arguments({**circle(HERE, WITHIN_KM)._asdict(), "most": MOST})))
        rows = await connection.fetch(f"EXPLAIN EXECUTE planned ({values})")
    plan = "\n".join(row[0] for row in rows)
    assert "Index Only Scan using ix_building_point on building" in plan
    assert "Index Only Scan using ix_listing_quarter" in plan

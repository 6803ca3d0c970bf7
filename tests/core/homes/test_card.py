"""What a home's card shows: a photo at a fit address, a point that is near the door and never at it."""

from dataclasses import replace
from math import cos, hypot, nan, radians

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.homes.card import LONGEST, photo_at
from core.homes.listings import publish
from core.homes.search import COUNTS, PAGES
from core.homes.units import Building, Unit, add_building, add_unit
from core.homes.words import Home, Wish
from core.kit.db import Database, Statement
from core.kit.point import Point, near
from core.kit.settings import Settings
from core.places.words import PlaceId
from tests.core.homes.planting import NOW, Seen, add_person, offered, online, reads

PRODUCTION = Settings.model_construct(env="production")
DEMO = Settings.model_construct(env="demo")
DOOR = Point(4.06413, 9.70587)
METRES = 111_320
"""In a degree of latitude."""

_LONG = Statement(text("UPDATE listing SET photo = repeat('x', 501)"))
_EMPTY = Statement(text("UPDATE listing SET photo = ''"))
_HALF = Statement(text("UPDATE building SET longitude = 9.7"))


@pytest.mark.parametrize(
    "address",
    [
        "https://photos.example/a/4821.jpg",
        "https://photos.example:8443/a.png?w=480&sig=x%20y",
        "HTTPS://photos.example/a.jpg",
        "https://h/" + "a" * (LONGEST - len("https://h/")),
    ],
)
def test_an_https_address_is_fit_anywhere(address: str) -> None:
    assert photo_at(address, PRODUCTION) == photo_at(address, DEMO) == address


@pytest.mark.parametrize("address", ["http://127.0.0.1:8090/pictures/villa-1.png", "http://localhost/a.png"])
def test_this_machine_is_for_the_demo_alone(address: str) -> None:
    assert photo_at(address, DEMO) == address
    with pytest.raises(ValueError, match="https"):
        photo_at(address, PRODUCTION)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "photo.jpg",
        "//photos.example/a.jpg",
        "http://photos.example/a.jpg",
        "http://127.0.0.1.photos.example/a.jpg",
        "http://localhost@photos.example/a.jpg",
        "https://somebody:word@photos.example/a.jpg",
        "https://",
        "https:///a.jpg",
        "https://photos.example:99999/a.jpg",
        "https://[photos.example/a.jpg",
        "https://photos.example/a b.jpg",
        "https://photos.example/a\nb.jpg",
        "https://photos.example/é.jpg",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "file:///etc/hostname",
        "ftp://127.0.0.1/a.jpg",
        "https://h/" + "a" * (LONGEST - len("https://h/") + 1),
    ],
)
def test_any_other_address_is_refused_everywhere(address: str) -> None:
    for settings in (PRODUCTION, DEMO):
        with pytest.raises(ValueError, match=r".+"):
            photo_at(address, settings)


@given(st.floats(-89, 89), st.floats(-180, 180))
def test_a_point_is_shown_within_some_160_metres(latitude: float, longitude: float) -> None:
    shown = near(Point(latitude, longitude))
    east = (shown[1] - longitude) * cos(radians(latitude))
    assert hypot(shown[0] - latitude, east) * METRES < 160


@given(st.floats(-0.00099, 0.00099), st.floats(-0.00099, 0.00099))
def test_doors_of_one_square_show_one_point(north: float, east: float) -> None:
    assert near(Point(4.064 + north, 9.706 + east)) == near(Point(4.064, 9.706)) == (4.064, 9.706)


async def _carded(db: Database, point: Point | None = DOOR) -> str:
    async with db.transaction() as tx:
        owner = await add_person(tx)
        building = await add_building(tx, Building(owner, "Résidence", PlaceId(1), point=point), NOW)
        unit = await add_unit(tx, building, Unit("B3", "studio"), NOW)
        offer = replace(
            await offered(tx, owner, Seen(1)), unit=unit, photo=photo_at("https://photos.example/a.jpg", PRODUCTION)
        )
        return (await publish(tx, offer, owner, NOW)).code


async def test_the_sheet_of_a_home_has_its_photo_and_about_where_it_is(db: Database) -> None:
    home = await reads(db).home(await _carded(db))
    assert home is not None
    assert (home.photo, home.spot) == ("https://photos.example/a.jpg", (4.064, 9.706))


async def test_a_home_without_either_has_a_sheet_all_the_same(db: Database) -> None:
    home = await reads(db).home((await online(db, Seen(1)))[0].code)
    assert home is not None
    assert (home.photo, home.spot) == ("", None)


async def test_the_exact_point_is_nowhere_in_what_can_be_read(db: Database) -> None:
    home = await reads(db).home(await _carded(db))
    assert "06413" not in repr(home)
    assert "70587" not in repr(home)


async def test_a_page_of_results_reads_neither(db: Database) -> None:
    await _carded(db)
    (home,) = (await reads(db).search(Wish())).homes
    assert isinstance(home, Home)
    assert (home.photo, home.spot) == ("", None)
    for statement in (*PAGES.values(), *COUNTS.values()):
        assert not any(word in statement.sql for word in ("photo", "building", "latitude", "longitude"))


@pytest.mark.parametrize("point", [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (nan, 0), (0, nan)])
async def test_the_database_refuses_degrees_on_no_map(db: Database, point: tuple[float, float]) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="ck_building_point"):
        await _carded(db, Point(*point))


async def test_the_database_refuses_half_a_point_and_a_photo_too_long_or_empty(db: Database) -> None:
    await _carded(db, None)
    for statement in (_HALF, _LONG, _EMPTY):
        with pytest.raises(asyncpg.CheckViolationError):
            async with db.transaction() as tx:
                await tx.fetch(statement)

"""A database with any number of published homes in it, made in seconds inside PostgreSQL."""

import asyncio
from typing import Final

import asyncpg

import migrations
from bench.processes import Postgres
from core.kit.ids import make_code
from core.places.gazetteer import Gazetteer

HOMES: Final = 100_000
FIRST: Final = 1_000_000
"""Number of the first listing."""

_LANDLORD: Final = """
    INSERT INTO person (name, language, country, created_at) VALUES ('Ngo Bell Marie', 'fr', 'CM', now()) RETURNING id
"""
_BUILDINGS: Final = """
    INSERT INTO building (landlord_id, name, city, quarter, created_at)
    SELECT $1, 'Immeuble ' || n, city, quarter, now()
    FROM unnest($2::int[], $3::int[]) AS place (city, quarter), generate_series(1, 5) AS n
"""
_UNITS: Final = """
    INSERT INTO unit (building_id, code, kind, bedrooms, furnished, created_at)
    SELECT (n % (SELECT count(*) FROM building)) + (SELECT min(id) FROM building), n::text, kind,
        CASE WHEN kind IN ('room', 'studio') THEN 1 WHEN kind IN ('shop', 'office', 'land') THEN 0 ELSE 1 + die % 5 END,
        kind <> 'land' AND die % 7 = 0, now()
    FROM (
        SELECT n, abs(hashint8(n)::bigint) AS die,
            ('{room,room,room,studio,studio,apartment,apartment,apartment,house,shop,office,land}'::text[])
                [1 + abs(hashint8(n * 31)::bigint) % 12] AS kind
        FROM generate_series(1, $1::bigint) AS n) AS drawn
"""
_LISTINGS: Final = """
    INSERT INTO listing (id, code, unit_id, building_id, deal, price, price_period, currency, deposit_months,
        advance_months, features, city, quarter, kind, bedrooms, rooms, furnished, state, changed_at, published_at)
    SELECT id, code, unit_id, building_id, deal,
        CASE deal WHEN 'sale' THEN 500000 * (4 + die % 120) ELSE 500 * (16 + die % (40 + 60 * bedrooms)) END,
        CASE WHEN deal <> 'sale' THEN 'month' END, 'XAF', die % 4, die % 7,
        CASE WHEN die % 3 = 0 THEN '{borehole,gate}'::text[] ELSE '{parking}'::text[] END,
        city, quarter, kind, bedrooms, least(bedrooms, 4), furnished, 'published', now(), now()
    FROM (
        SELECT given.number AS id, given.code, unit.id AS unit_id, building_id, kind, bedrooms, furnished,
            city, quarter,
            abs(hashint8(given.number * 17)::bigint) AS die,
            CASE abs(hashint8(given.number * 13)::bigint) % 20 WHEN 0 THEN 'rent_to_own' WHEN 1 THEN 'sale'
                WHEN 2 THEN 'sale' ELSE 'rent' END AS deal
        FROM given JOIN unit ON unit.id = given.number - $1::bigint + (SELECT min(id) FROM unit)
            JOIN building ON building.id = unit.building_id) AS drawn
"""


def make_database(server: Postgres, name: str, count: int = HOMES) -> str:
    """Create and migrate a database and fill it with ``count`` published homes all over Cameroon; its address."""
    server.embedded.psql(f'CREATE DATABASE "{name}"')
    url = server.url(name)
    migrations.upgrade(url)
    asyncio.run(_fill(url, count))
    return url


def forget_callers(url: str) -> None:
    """Nobody has called yet: a database that is used again begins like a new one."""

    async def forget() -> None:
        connection = await asyncpg.connect(url)
        try:
            async with connection.transaction():
                await connection.execute("SET LOCAL session_replication_role = replica")  # histories are kept otherwise
                await connection.execute("TRUNCATE place, inbox, door, notice CASCADE")
                await connection.execute("DROP TABLE IF EXISTS bench_conversation")
        finally:
            await connection.close()

    asyncio.run(forget())


async def _fill(url: str, count: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        await _write(connection, count)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _write(connection: asyncpg.Connection, count: int) -> None:
    """Written as a copy would be: keys between tables and histories are not checked row by row."""
    cities, quarters = _places()
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        landlord = await connection.fetchval(_LANDLORD)
        await connection.execute(_BUILDINGS, landlord, cities, quarters)
        await connection.execute(_UNITS, count)
        await connection.execute("CREATE TEMPORARY TABLE given (number bigint, code text) ON COMMIT DROP")
        codes = ((number, make_code("A", number)) for number in range(FIRST, FIRST + count))
        await connection.copy_records_to_table("given", records=codes)
        await connection.execute(_LISTINGS, FIRST)


def _places() -> tuple[list[int], list[int]]:
    """Every quarter of Cameroon with its city."""
    gazetteer = Gazetteer.load()
    pairs = [(city.id, quarter.id) for city in gazetteer.cities("CM") for quarter in gazetteer.quarters(city.id)]
    return [city for city, _ in pairs], [quarter for _, quarter in pairs]

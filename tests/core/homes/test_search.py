"""Search: every home that fits, once, cheapest first, whatever the wish."""

from functools import cache
from random import Random

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.homes.reads import HomesReads
from core.homes.search import COUNTED, COUNTS, PAGES, Shape, areas, count
from core.homes.words import PAGE, Cursor, Home, Kind, Wish
from core.kit.db import Database, Statement
from core.kit.money import Money
from core.places.gazetteer import Gazetteer
from core.places.words import PlaceId
from tests.core.homes.planting import Seen, online, reads

GAZETTEER = Gazetteer.load()
DOUALA, YAOUNDE, DAKAR, ABIDJAN = (PlaceId(n) for n in (1, 2, 23, 36))
AKWA, AKWA_NORD, COCODY, ANGRE, ANGRE_7 = (PlaceId(n) for n in (1000, 1001, 1198, 1205, 1206))
SPOTS = (
    (DOUALA, None), (DOUALA, AKWA), (DOUALA, AKWA_NORD), (YAOUNDE, None), (ABIDJAN, COCODY), (ABIDJAN, ANGRE),
    (ABIDJAN, ANGRE_7), (DAKAR, None),
)  # fmt: skip
WHERE = st.sampled_from([DOUALA, YAOUNDE, ABIDJAN, AKWA, AKWA_NORD, COCODY, ANGRE, ANGRE_7])
KINDS: tuple[Kind, ...] = ("room", "studio", "apartment", "house", "shop", "land")
BARE = {"shop", "land"}


def some_homes() -> list[Seen]:
    """Many homes on few places and prices, so that every wish meets ties and neighbours."""
    drawn = Random(384)  # noqa: S311 - always the same homes

    def home() -> Seen:
        city, quarter = drawn.choice(SPOTS)
        kind = drawn.choice(KINDS)
        return Seen(
            city,
            quarter,
            price=drawn.randint(1, 8) * 10_000,
            kind=kind,
            bedrooms=0 if kind in BARE else drawn.randint(0, 7),
            furnished=kind != "land" and drawn.random() < 0.3,
            deal=drawn.choice(["rent", "rent", "rent", "sale"]),
            currency="XAF" if city in (DOUALA, YAOUNDE) else "XOF",
        )

    return [home() for _ in range(400)]


@pytest.fixture
async def planted(db: Database) -> dict[int, Seen]:
    """Homes by their id."""
    many = some_homes()
    return {listed.id: seen for listed, seen in zip(await online(db, *many), many, strict=True)}


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    prices = st.none() | st.integers(1, 9).map(lambda n: Money(n * 10_000, "XAF"))
    return Wish(
        deal=draw(st.sampled_from(["rent", "rent", "sale"])),
        places=tuple(draw(st.lists(WHERE, max_size=3))),
        without=tuple(draw(st.lists(WHERE, max_size=1))),
        kinds=tuple(draw(st.lists(st.sampled_from(KINDS), max_size=3, unique=True))),
        bedrooms=draw(st.none() | st.integers(0, 7)),
        furnished=draw(st.none() | st.booleans()),
        low=draw(prices),
        top=draw(prices),
    )


@cache
def _within(places: tuple[PlaceId, ...]) -> frozenset[PlaceId]:
    return frozenset(i for place in places for i in GAZETTEER.within(place))


def _fits(wish: Wish, home: Seen) -> bool:
    """The meaning of a wish, said naively."""
    at = {PlaceId(home.city)} | ({PlaceId(home.quarter)} if home.quarter else set())
    inside = _within(wish.places or tuple(city.id for city in GAZETTEER.cities("CM")))
    outside = _within(wish.without)
    bedrooms = wish.bedrooms
    return all(
        (
            home.deal == wish.deal,
            bool(at & inside) if home.quarter is None else home.quarter in inside,
            not at & outside,
            not wish.kinds or home.kind in wish.kinds,
            bedrooms is None or home.bedrooms == bedrooms or (bedrooms >= 4 and home.bedrooms > bedrooms),
            wish.furnished in (None, home.furnished),
            wish.low is None or home.price >= wish.low.francs,
            wish.top is None or home.price <= wish.top.francs,
        )
    )


async def _all(read: HomesReads, wish: Wish) -> list[Home]:
    found: list[Home] = []
    after: Cursor | None = None
    while True:
        page = await read.search(wish, after)
        found += page.homes
        if page.after is None:
            return found
        assert len(page.homes) == PAGE
        assert page.after.shown == len(found)
        after = page.after


@pytest.mark.untraced
@example(wish=Wish())
@example(wish=Wish(places=(DOUALA, AKWA)))
@example(wish=Wish(places=(DOUALA,), without=(AKWA,)))
@example(wish=Wish(places=(COCODY, YAOUNDE), furnished=True))
@example(wish=Wish(places=(DOUALA,), kinds=("land",), furnished=True))
@given(wish=wishes())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
async def test_pages_hold_every_home_that_fits_once_and_cheapest_first(
    db: Database, planted: dict[int, Seen], wish: Wish
) -> None:
    found = await _all(reads(db), wish)
    assert sorted(home.id for home in found) == [i for i, seen in planted.items() if _fits(wish, seen)]
    assert found == sorted(found, key=lambda home: (home.price.francs, home.id))
    assert await count(db, GAZETTEER, "CM", wish) == min(len(found), COUNTED)


async def test_counting_stops_at_ninety_nine(db: Database) -> None:
    await online(db, *[Seen(DOUALA)] * (COUNTED + 5))
    assert await count(db, GAZETTEER, "CM", Wish(places=(DOUALA,))) == COUNTED


async def test_a_home_published_between_two_pages_shifts_nothing(db: Database) -> None:
    await online(db, *[Seen(DOUALA, price=50_000)] * (PAGE + 3))
    first = await reads(db).search(Wish())
    await online(db, Seen(DOUALA, price=10_000))
    second = await reads(db).search(Wish(), first.after)
    assert not {home.id for home in first.homes} & {home.id for home in second.homes}
    assert len(second.homes) == 3


async def test_without_a_place_the_speakers_country_is_searched(db: Database) -> None:
    await online(db, Seen(DOUALA), Seen(DAKAR, currency="XOF"), Seen(ABIDJAN, currency="XOF"))
    for country, city in (("CM", DOUALA), ("SN", DAKAR), ("CI", ABIDJAN), ("FR", DOUALA)):
        page = await reads(db, country).search(Wish())
        assert [home.city for home in page.homes] == [city]


async def test_a_top_rent_holds_on_both_sides_of_the_currency(db: Database) -> None:
    await online(db, Seen(DAKAR, price=90_000, currency="XOF"), Seen(DAKAR, price=120_000, currency="XOF"))
    page = await reads(db).search(Wish(places=(DAKAR,), top=Money(100_000, "XAF")))
    assert [home.price for home in page.homes] == [Money(90_000, "XOF")]


def test_places_in_a_city_that_is_searched_are_not_searched_twice() -> None:
    wish = Wish(places=(DOUALA, AKWA, COCODY))
    found = areas(wish, GAZETTEER, "CM")
    assert found[Shape("city", "area")] == [DOUALA]
    assert found[Shape("quarter", "area")] == sorted(GAZETTEER.within(COCODY))


@pytest.mark.parametrize("statements", [PAGES, COUNTS])
async def test_every_statement_walks_an_index_of_its_own_shape(
    db: Database, statements: dict[Shape, Statement]
) -> None:
    """With no scan of the table, sorted or not, the prepared plan is the one that stays fast at a million."""
    async with db.held() as connection:
        await connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        for shape, statement in statements.items():
            plan = await _plan(connection, statement)
            assert _index_of(shape) in plan, (shape, plan)


async def _plan(connection: asyncpg.Connection, statement: Statement) -> str:
    """The plan for whatever parameters."""
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    await connection.execute(f"PREPARE planned AS {statement.sql}")
    nothing = ", ".join(["NULL"] * len(statement.arguments(_Nothing())))
    rows = await connection.fetch(f"EXPLAIN EXECUTE planned ({nothing})")
    await connection.execute("DEALLOCATE planned")
    return "\n".join(row[0] for row in rows)


class _Nothing(dict[str, object]):
    """Nothing for whatever a statement asks for."""

    def __missing__(self, name: str) -> None:
        return None


def _index_of(shape: Shape) -> str:
    fixed = {"area": "", "kind": "_kind", "rooms": "_rooms_furnished", "both": "_kind_rooms_furnished"}
    return f"ix_listing_{shape.level}{fixed[shape.depth]} "

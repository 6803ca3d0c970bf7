"""Finds the published homes that fit a wish, cheapest first, at one cost among a thousand or a million.

A wish is cut into cells (area, kind, bedrooms, furnished or not). Each cell is one stretch of an index that is
already in the order of the page, so a page reads a few entries of each and no more: no OFFSET, no count, and
whatever is rare is as fast as what is common.
"""

from dataclasses import dataclass
from heapq import merge
from itertools import islice, product
from typing import Any, Final, Literal, get_args

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnClause,
    FromClause,
    Integer,
    Select,
    SmallInteger,
    Text,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from core.homes.tables import ROOMS, building, listing
from core.homes.words import PAGE, Cursor, Home, ListingId, Page, Wish
from core.kit.db import Reader, Record, Statement
from core.kit.money import Money
from core.places.gazetteer import Gazetteer
from core.places.words import Country, PlaceId

COUNTED: Final = 99
"""Where counting stops: people are told "99" for this many or more."""

_NO_TOP: Final = 2**63 - 1

Level = Literal["city", "quarter"]
Depth = Literal["area", "kind", "rooms", "both"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Which of the fixed statements a wish needs: on which level, how finely cut, with places left out or not."""

    level: Level
    depth: Depth
    without: bool = False


# --- statements --------------------------------------------------------------------------------------------

PUBLISHED: Final = listing.c.state == literal_column("'published'")
"""Written into the statement, not a parameter: only so may a prepared plan use the partial indexes."""

SHOWN: Final = tuple(
    listing.c[name]
    for name in (
        "id", "code", "deal", "kind", "bedrooms", "furnished", "price", "currency", "city", "quarter", "landmark",
        "deposit_months", "advance_months", "features",
    )
)  # fmt: skip


def _constant(number: int) -> ColumnClause[int]:
    """A limit the planner may see."""
    return literal_column(str(number), Integer)


_CUTS: Final[dict[Depth, tuple[str, ...]]] = {
    "area": (),
    "kind": ("kind",),
    "rooms": ("rooms", "furnished"),
    "both": ("kind", "rooms", "furnished"),
}


def _cells(shape: Shape) -> FromClause:
    """The cells of a wish: its columns are the parameters ``in_city``, ``in_kind``, …, arrays side by side.

    Their number is a parameter too, because the planner takes an unknown limit for a tenth of the rows: it then
    never holds planning a search again (0.3 ms) for worth while, and keeps the prepared plan.
    """
    columns = [listing.c[name] for name in (shape.level, *_CUTS[shape.depth])]
    arrays = [bindparam(f"in_{column.name}", type_=ARRAY(column.type)) for column in columns]
    given = func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
    return select(*given.c).limit(bindparam("cells", type_=Integer)).subquery("cell")


def _first(shape: Shape, cell: FromClause, limit: int, name: str) -> FromClause:
    """The first ``limit`` homes of a cell behind the cursor, by price and id."""
    conditions = [PUBLISHED, listing.c.deal == bindparam("deal", type_=Text)]
    conditions += [listing.c[column.name] == column for column in cell.c]
    conditions += [
        tuple_(listing.c.price, listing.c.id)
        > tuple_(bindparam("francs", type_=BigInteger), bindparam("after", type_=BigInteger)),
        listing.c.price <= bindparam("top", type_=BigInteger),
    ]
    if shape.depth in ("rooms", "both"):
        conditions.append(listing.c.bedrooms >= bindparam("bedrooms", type_=SmallInteger))
    if shape.without:
        out = bindparam("without", type_=ARRAY(Integer))
        conditions.append(or_(listing.c.quarter.is_(None), listing.c.quarter != func.all(out)))
    homes = select(listing.c.price, listing.c.id).where(*conditions)
    return homes.order_by(listing.c.price, listing.c.id).limit(_constant(limit)).lateral(name)


def _page(shape: Shape) -> Select[Any]:
    """One entry of each cell tells which cells a page can come from: no more of them than the page has homes."""
    cells = _cells(shape)
    cheapest = _first(shape, cells, 1, "cheapest")
    best = _ordered(select(*cells.c).select_from(cells.join(cheapest, true())), cheapest).subquery("best")
    hits = _first(shape, best, PAGE + 1, "hit")
    first = _ordered(select(hits.c.price, hits.c.id).select_from(best.join(hits, true())), hits).subquery("first")
    return select(*SHOWN).join(first, first.c.id == listing.c.id).order_by(first.c.price, first.c.id)


def _ordered(rows: Select[Any], by: FromClause) -> Select[Any]:
    return rows.order_by(by.c.price, by.c.id).limit(_constant(PAGE + 1))


def _counted(shape: Shape) -> Select[Any]:
    cells = _cells(shape)
    hits = _first(shape, cells, COUNTED, "hit")
    some = select(hits.c.id).select_from(cells.join(hits, true())).limit(_constant(COUNTED)).subquery("hits")
    return select(func.count().label("homes")).select_from(some)


_DEPTHS: Final[tuple[Depth, ...]] = get_args(Depth)
SHAPES: Final = (
    *(Shape("city", depth) for depth in _DEPTHS),
    *(Shape("city", depth, without=True) for depth in _DEPTHS),
    *(Shape("quarter", depth) for depth in _DEPTHS),
)
PAGES: Final = {shape: Statement(_page(shape)) for shape in SHAPES}
COUNTS: Final = {shape: Statement(_counted(shape)) for shape in SHAPES}
BY_CODE: Final = Statement(
    select(*SHOWN, listing.c.photo, building.c.latitude, building.c.longitude)
    .join(building, building.c.id == listing.c.building_id)
    .where(listing.c.code == bindparam("code", type_=Text), PUBLISHED)
)
"""The sheet of one home: the only statement that reads its photo and where it is."""


# --- from a wish to statements -----------------------------------------------------------------------------


def depth_of(wish: Wish) -> Depth:
    """How finely a wish must be cut so that every entry read is a home that fits."""
    by_rooms = wish.bedrooms is not None or wish.furnished is not None
    if wish.kinds:
        return "both" if by_rooms else "kind"
    return "rooms" if by_rooms else "area"


def cuts(wish: Wish) -> list[tuple[Any, ...]]:
    """The kinds, bedrooms and furnished or not that fit, as far as the wish must be cut."""
    rooms = range(ROOMS + 1) if wish.bedrooms is None else (min(wish.bedrooms, ROOMS),)
    furnished = (False, True) if wish.furnished is None else (wish.furnished,)
    choices = {"kind": wish.kinds, "rooms": rooms, "furnished": furnished}
    return list(product(*(choices[name] for name in _CUTS[depth_of(wish)])))


def areas(wish: Wish, gazetteer: Gazetteer, country: Country) -> dict[Shape, list[PlaceId]]:
    """The places to look in by the shape that searches them; a wish without places is for the whole country.

    A place comes with all it contains; what lies in a city that is searched anyway is not searched twice.
    """
    depth = depth_of(wish)
    wished = wish.places or tuple(city.id for city in gazetteer.cities(country))
    out = _left_out(wish, gazetteer)
    cities = {place for place in wished if gazetteer.place(place).kind == "city"}
    outside = [place for place in wished if place not in cities and gazetteer.place(place).city not in cities]
    quarters = {inside for place in outside for inside in gazetteer.within(place)}
    found = {
        Shape("city", depth, without=bool(out)): sorted(cities - out),
        Shape("quarter", depth): sorted(quarters - out),
    }
    return {shape: places for shape, places in found.items() if places}


def _left_out(wish: Wish, gazetteer: Gazetteer) -> set[PlaceId]:
    return {inside for place in wish.without for inside in gazetteer.within(place)}


def parameters(
    wish: Wish, gazetteer: Gazetteer, shape: Shape, places: list[PlaceId], after: Cursor | None = None
) -> dict[str, Any]:
    """What the statements of a shape are run with; a shape takes those it has."""
    names = (shape.level, *_CUTS[shape.depth])
    cells = [(place, *cut) for place, cut in product(places, cuts(wish))]
    arrays = {f"in_{name}": [cell[n] for cell in cells] for n, name in enumerate(names)}
    return {
        "cells": len(cells),
        "deal": wish.deal,
        "francs": after.francs if after else wish.low.francs if wish.low else 0,
        "after": after.id if after else 0,
        "top": wish.top.francs if wish.top else _NO_TOP,
        "bedrooms": wish.bedrooms or 0,
        "without": sorted(_left_out(wish, gazetteer)),
        **arrays,
    }


async def find(on: Reader, gazetteer: Gazetteer, country: Country, wish: Wish, after: Cursor | None = None) -> Page:
    """A page of homes, cheapest first, beginning behind the cursor.

    A top rent in XAF also holds for homes priced in XOF and the other way round: both are pegged to the euro at
    the same rate (655.957).
    """
    rows = [
        await on.fetch(PAGES[shape], **parameters(wish, gazetteer, shape, places, after))
        for shape, places in areas(wish, gazetteer, country).items()
    ]
    cheapest = merge(*rows, key=lambda row: (row["price"], row["id"]))
    homes = [home_of(row) for row in islice(cheapest, PAGE + 1)]
    if len(homes) <= PAGE:
        return Page(tuple(homes), None)
    last = homes[PAGE - 1]
    return Page(tuple(homes[:PAGE]), Cursor(last.price.francs, last.id, (after.shown if after else 0) + PAGE))


async def count(on: Reader, gazetteer: Gazetteer, country: Country, wish: Wish) -> int:
    """How many homes fit, counted up to COUNTED."""
    total = 0
    for shape, places in areas(wish, gazetteer, country).items():
        row = await on.one(COUNTS[shape], **parameters(wish, gazetteer, shape, places))
        total += row["homes"] if row else 0
    return min(total, COUNTED)


def home_of(row: Record) -> Home:
    """A row of ``listing`` as anybody may see it."""
    return Home(
        id=ListingId(row["id"]),
        code=row["code"],
        deal=row["deal"],
        kind=row["kind"],
        bedrooms=row["bedrooms"],
        furnished=row["furnished"],
        price=Money(row["price"], row["currency"]),
        city=PlaceId(row["city"]),
        quarter=row["quarter"],
        landmark=row["landmark"],
        deposit_months=row["deposit_months"],
        advance_months=row["advance_months"],
        features=tuple(row["features"]),
    )

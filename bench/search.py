"""Search: a first page among a million homes beside one among a hundred thousand, and page 1000 beside page 1."""

import argparse
import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench import machine, report
from bench.listings import make_database
from bench.processes import Failed, Postgres, postgres, work_folder
from bench.rig import say
from core.homes.search import PAGES, areas, find, parameters
from core.homes.words import Cursor, Wish
from core.kit.db import Database
from core.kit.money import Money
from core.places.gazetteer import gazetteer
from core.places.words import Found, PlaceId

DEEP: Final = 1000
"""The page that is compared with the first."""

GROWTH, DEPTH = 1.5, 1.2
"""What a first page may cost when there are ten times as many homes, and what a deep page beside the first."""

HEAD: Final = ("wish", "small us", "spread%", "large us", "spread%", "large/small", "deep page", "us", "deep/first")


def _place(name: str) -> PlaceId:
    found = gazetteer().read(name, country="CM")
    if isinstance(found, Found):
        return found.place.id
    raise Failed(f"{name} is not one place")


def wishes() -> dict[str, Wish]:
    """Wishes of every shape: common and rare homes, one place, several, or none."""
    douala, akwa = _place("Douala"), _place("Akwa")
    several = tuple(quarter.id for quarter in gazetteer().quarters(douala)[:20])
    top = Money(75_000, "XAF")
    return {
        "a city": Wish(places=(douala,)),
        "a city, top rent": Wish(places=(douala,), top=top),
        "a city, a kind": Wish(places=(douala,), kinds=("apartment",)),
        "a city, a rare kind": Wish(places=(douala,), kinds=("house",), deal="rent_to_own"),
        "a city, two kinds, top rent": Wish(places=(douala,), kinds=("house", "apartment"), top=top),
        "a city, 3 bedrooms": Wish(places=(douala,), bedrooms=3),
        "a city, a kind, 2 bedrooms, top rent": Wish(places=(douala,), kinds=("apartment",), bedrooms=2, top=top),
        "a city, furnished studios": Wish(places=(douala,), kinds=("studio",), furnished=True),
        "a city but one quarter": Wish(places=(douala,), without=(akwa,)),
        "a quarter": Wish(places=(akwa,)),
        "a quarter, a kind, 2 bedrooms, top rent": Wish(places=(akwa,), kinds=("apartment",), bedrooms=2, top=top),
        "8 quarters, a kind": Wish(places=several[:8], kinds=("apartment",)),
        "20 quarters, 4 bedrooms or more": Wish(places=several, bedrooms=4),
        "a country": Wish(),
        "a country, a kind, furnished": Wish(kinds=("apartment",), furnished=True),
        "nothing fits": Wish(places=(douala,), kinds=("studio",), top=Money(1_000, "XAF")),
    }


@dataclass(frozen=True, slots=True)
class Spot:
    """What is measured: a page of a wish in one of the databases."""

    wish: str
    size: str
    page: int = 1


@dataclass(frozen=True, slots=True)
class Bench:
    """The two databases and the wishes."""

    databases: Mapping[str, Database]
    wishes: Mapping[str, Wish]
    calls: int

    async def page(self, spot: Spot, after: Cursor | None) -> float:
        """Microseconds of one page as the house reads it, the median of several calls."""
        taken = []
        for _ in range(self.calls):
            began = time.perf_counter_ns()
            await find(self.databases[spot.size], gazetteer(), "CM", self.wishes[spot.wish], after)
            taken.append((time.perf_counter_ns() - began) / 1000)
        return statistics.median(taken)

    async def deepest(self, name: str) -> tuple[int, Cursor | None]:
        """Where page DEEP begins in the large database, or the last page when there are fewer."""
        after: Cursor | None = None
        for number in range(1, DEEP):
            page = await find(self.databases["large"], gazetteer(), "CM", self.wishes[name], after)
            if page.after is None:
                return number, after
            after = page.after
        return DEEP, after

    async def explain(self, name: str) -> str:
        """The plan that a prepared search keeps, run once in the large database."""
        wish, plans = self.wishes[name], []
        async with self.databases["large"].held() as connection:
            await connection.execute("SET plan_cache_mode = force_generic_plan")
            for shape, places in areas(wish, gazetteer(), "CM").items():
                statement = PAGES[shape]
                values = statement.arguments(parameters(wish, gazetteer(), shape, places))
                await connection.execute(f"PREPARE explained AS {statement.sql}")
                run = f"EXECUTE explained ({', '.join(map(_literal, values))})"
                rows = await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {run}")
                plans += [f"-- {name}: {shape}", *(row[0] for row in rows)]
                await connection.execute("DEALLOCATE explained")
            await connection.execute("RESET plan_cache_mode")
        return "\n".join(plans)


def _literal(value: object) -> str:
    """A parameter as EXECUTE takes it."""
    inside = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{{{inside}}}'" if isinstance(value, list) else f"'{inside}'"


async def measure(bench: Bench, rounds: int, until: float) -> tuple[dict[Spot, list[float]], dict[str, int]]:
    """Every spot in turn, the sizes alternating and every second round backwards; five rounds even when late."""
    deep = {name: await bench.deepest(name) for name in bench.wishes}
    spots: dict[Spot, Cursor | None] = {}
    for name, (page, cursor) in deep.items():
        spots |= {Spot(name, "small"): None, Spot(name, "large"): None, Spot(name, "large", page): cursor}
    for spot, cursor in spots.items():
        await bench.page(spot, cursor)
    taken: dict[Spot, list[float]] = defaultdict(list)
    for number in range(rounds):
        if number >= 5 and time.monotonic() > until:
            say(f"  out of time after {number} rounds")
            break
        for spot in list(spots) if number % 2 == 0 else list(spots)[::-1]:
            taken[spot].append(await bench.page(spot, spots[spot]))
        say(f"  round {number + 1}/{rounds}")
    return taken, {name: page for name, (page, _) in deep.items()}


def told(taken: Mapping[Spot, Sequence[float]], deep: Mapping[str, int]) -> tuple[str, list[report.Aim]]:
    """The table of medians, and the aims: each is about the wish that does worst."""
    rows, growths, depths = [], [], []
    for name, page in deep.items():
        small, large, far = (taken[s] for s in (Spot(name, "small"), Spot(name, "large"), Spot(name, "large", page)))
        growth = statistics.median(large) / statistics.median(small)
        depth = statistics.median(far) / statistics.median(large)
        growths.append(growth)
        depths += [depth] if page == DEEP else []
        rows.append([name, *_two(small), *_two(large), f"{growth:.2f}", str(page), _two(far)[0], f"{depth:.2f}"])
    aims = [
        report.Aim("first page, large / small, worst wish", GROWTH, max(growths)),
        report.Aim(f"page {DEEP} / page 1, worst wish", DEPTH, max(depths, default=0.0)),
    ]
    return report.table(HEAD, rows), aims


def _two(taken: Sequence[float]) -> tuple[str, str]:
    middle = statistics.median(taken)
    return f"{middle:.0f}", f"{(max(taken) - min(taken)) / middle * 100:.0f}"


async def _run(urls: Mapping[str, str], asked: argparse.Namespace) -> tuple[str, ...]:
    databases = {size: await Database.open(url, size=1) for size, url in urls.items()}
    bench = Bench(databases, wishes(), asked.calls)
    try:
        drawn, aims = told(*await measure(bench, asked.rounds, time.monotonic() + asked.seconds))
        plans = [await bench.explain(name) for name in bench.wishes] if asked.explain else []
    finally:
        for database in databases.values():
            await database.close()
    return (drawn, "", *(aim.line() for aim in aims), *plans)


def _databases(server: Postgres, asked: argparse.Namespace) -> dict[str, str]:
    urls = {}
    for size in ("small", "large"):
        began = time.monotonic()
        urls[size] = make_database(server, f"search_{size}", getattr(asked, size))
        say(f"  {getattr(asked, size)} homes in {time.monotonic() - began:.0f} s")
    return urls


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell; a miss is told, and no failure. 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--small", type=int, default=100_000, help="homes in the small database")
    parser.add_argument("--large", type=int, default=1_000_000, help="homes in the large one")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=40, help="of each page in each round")
    parser.add_argument("--seconds", type=float, default=300, help="no new round after that many, from the fifth on")
    parser.add_argument("--explain", action="store_true", help="print the plan of every wish as well")
    parser.add_argument("--quick", action="store_true", help="20 000 and 200 000 homes, five short rounds")
    asked = parser.parse_args(arguments)
    if asked.quick:
        asked.small, asked.large, asked.rounds, asked.calls = 20_000, 200_000, 5, 10
    try:
        with work_folder() as folder, postgres(folder) as server:
            lines = asyncio.run(_run(_databases(server, asked), asked))
    except Failed as failed:
        return report.complain(failed)
    sizes = f"{asked.small} and {asked.large} homes, {asked.rounds} rounds of {asked.calls} calls; us of wall clock"
    report.tell(machine.describe(), sizes, "", *lines)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

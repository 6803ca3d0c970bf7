"""A turn of a search over 100 000 homes, with everything on, against the floor and the peers."""

import argparse
from pathlib import Path

from bench import machine, report
from bench.measure import Cost, Target, cost, disturbed, load, middle, rounds, spread
from bench.processes import Failed
from bench.rig import Rig, house_target, rig, say

WHAT = """\
house    the house as `toit web` serves it: claim, place in PostgreSQL, log line to a file, metrics, translation;
         by menus: menu, deal, city, quarter, kind, highest rent, homes (the shortest way by menus)
words    the house, five screens: menu, search, "say it", what was understood, homes
constant aiohttp that answers a constant to the same requests
aiogram  aiogram 3, RedisStorage, its webhook behind aiohttp, sending over no network
orm      aiohttp and SQLAlchemy's ORM, one commit a turn
Whoever calls is new: every session begins with a number that nobody has seen. The peers ask what house asks, on the
same homes; they have no log line, no metrics, no second language, and look nobody up.
"""


def targets(rig: Rig) -> list[Target]:
    """Who is measured, all running at once, each idle while another is."""
    house = rig.house()
    redis = rig.redis()
    bot = rig.peer("telegram", {"BENCH_REDIS": f"redis://127.0.0.1:{redis.port}"})
    database = rig.server.pid
    return [
        house_target(rig, house),
        house_target(rig, house, name="words", conversation="words"),
        Target("constant", "constant", (rig.peer("constant"),)),
        Target("aiogram", "telegram", (bot,), database, redis.pid),
        Target("orm", "house", (rig.peer("orm"),), database),
    ]


def compare(costs: dict[str, list[Cost]]) -> tuple[str, list[report.Aim]]:
    """The table of medians, and the aims."""
    middles = {name: middle(several) for name, several in costs.items()}
    floor = middles["constant"].app
    rows = [
        [
            name,
            f"{c.app:.1f}",
            f"{spread(costs[name]):.0f}",
            f"{c.app / floor:.2f}",
            f"{c.database:.1f}",
            f"{c.redis:.1f}",
            f"{1e6 / c.app:.0f}",
            f"{c.rate:.0f}",
            f"{c.p50:.2f}",
            f"{c.p99:.2f}",
        ]
        for name, c in middles.items()
    ]
    head = ["", "app us", "spread%", "x floor", "pg us", "redis us", "turns/core s", "turns/s", "p50 ms", "p99 ms"]
    house = middles["house"].app
    aims = [
        report.Aim("house / constant", 3.5, house / floor),
        report.Aim("house / aiogram", 0.25, house / middles["aiogram"].app),
        report.Aim("house / orm", 0.15, house / middles["orm"].app),
    ]
    return report.table(head, rows), aims


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell; a miss is told, and no failure. 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.turn", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--warm", type=float, default=0.8, help="seconds before each measurement")
    parser.add_argument("--folder", type=Path, help="keep the database here for the next time")
    asked = parser.parse_args(arguments)
    try:
        with rig(asked.folder) as on:
            everybody = targets(on)
            say(f"{asked.rounds} rounds of {len(everybody)} × {asked.seconds + asked.warm:.1f} s")
            one = lambda target: cost(load(target, seconds=asked.seconds, warm=asked.warm))  # noqa: E731
            costs = rounds(everybody, asked.rounds, one, say)
    except Failed as failed:
        return report.complain(failed)
    drawn, aims = compare(costs)
    report.tell(machine.describe(), disturbed(costs), "", drawn, "", WHAT, *(aim.line() for aim in aims))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Two processes of the house on one database, against one."""

import argparse
import os
import signal
import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import machine, report
from bench.measure import Cost, Target, cost, disturbed, load, middle, rounds, spread
from bench.processes import Failed, Server
from bench.rig import house_target, rig, say

BURST_NS: Final = 20_000_000
"""A held process may use so much at once; then it waits for its share to grow."""

MOST: Final = 0.4
"""Share of a core that a held process gets at most, so that two fit on one core."""

BUSY: Final = 0.6
"""How busy the load and PostgreSQL may keep their core while two held processes are served."""

WHAT = """\
Two cores carry the house, PostgreSQL and the load, so two free processes only show that the machine is full (free).
Held: each process is stopped as soon as it has used its share of a core, and goes on when it has earned more; what is
left is enough for PostgreSQL and the load, so that the processes are what limits the turns, as on a larger machine.
"""


class Governor:
    """Holds processes to a share of a core by stopping and continuing them."""

    def __init__(self, pids: Sequence[int], share: float) -> None:
        self._share = share
        self._held = {pid: _Held(machine.used(pid), BURST_NS) for pid in pids}
        self._at = time.perf_counter_ns()

    def __call__(self) -> None:
        """Look after each of them; to be called every few milliseconds."""
        earned = int((time.perf_counter_ns() - self._at) * self._share)
        self._at = time.perf_counter_ns()
        for pid, held in self._held.items():
            used = machine.used(pid)
            held.credit = min(held.credit + earned - (used - held.used), BURST_NS)
            held.used = used
            self._signal(pid, held, stop=held.credit <= 0)

    def _signal(self, pid: int, held: "_Held", *, stop: bool) -> None:
        if stop != held.stopped:
            held.stopped = stop
            os.kill(pid, signal.SIGSTOP if stop else signal.SIGCONT)

    def release(self) -> None:
        """Let all of them go on."""
        for pid in self._held:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@dataclass(slots=True)
class _Held:
    """What a process has used, and what it may still use, in nanoseconds."""

    used: int
    credit: int
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """How a target is loaded: by how many phones, and with which share of a core for each process (0 for all)."""

    seconds: float
    warm: float
    share: float = 0.0
    phones: int = 32

    def __call__(self, target: Target) -> Cost:
        """One measurement."""
        phones = self.phones * len(target.servers)
        if not self.share:
            return cost(load(target, seconds=self.seconds, warm=self.warm, connections=phones))
        governor = Governor([server.pid for server in target.servers], self.share)
        try:
            tally = load(target, seconds=self.seconds, warm=self.warm, connections=phones, meanwhile=governor)
        finally:
            governor.release()
        return cost(tally)


def share_for(alone: Cost) -> float:
    """The share of a core at which two processes leave PostgreSQL and the load room on theirs."""
    return min(MOST, BUSY * alone.app / (alone.database + alone.load) / 2)


def free(pair: Sequence[Server], targets: list[Target], way: Way, count: int) -> dict[str, list[Cost]]:
    """Both processes wherever there is room."""
    for server in pair:
        machine.pin(server.pid, *machine.CORES)
    return rounds(targets, count, way, say)


def held(pair: Sequence[Server], targets: list[Target], way: Way, count: int) -> dict[str, list[Cost]]:
    """Both processes on one core, each with its share of it."""
    for server in pair:
        machine.pin(server.pid, machine.SERVER_CORE)
    return rounds(targets, count, way, say)


def rows(how: str, costs: dict[str, list[Cost]]) -> list[list[str]]:
    """Lines of the table."""
    return [_row(f"{how}, {name}", several) for name, several in costs.items()]


def _row(name: str, several: list[Cost]) -> list[str]:
    c = middle(several)
    figures = (c.rate, _rate_spread(several), c.app, spread(several), c.database, c.p50, c.p99)
    return [name, *(f"{figure:.{digits}f}" for figure, digits in zip(figures, (0, 0, 1, 0, 1, 2, 2), strict=True))]


def _rate_spread(costs: Sequence[Cost]) -> float:
    rates = [c.rate for c in costs]
    return (max(rates) - min(rates)) / statistics.median(rates) * 100


def gained(costs: dict[str, list[Cost]]) -> float:
    """Turns of two for each turn of one, the rounds compared pair by pair."""
    return statistics.median(two.rate / one.rate for one, two in zip(costs["one"], costs["two"], strict=True))


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell; a miss is told, and no failure. 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.two", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--warm", type=float, default=0.8, help="seconds before each measurement")
    parser.add_argument("--folder", type=Path, help="keep the database here for the next time")
    asked = parser.parse_args(arguments)
    try:
        with rig(asked.folder) as on:
            pair = (on.house(), on.house())
            targets = [house_target(on, *pair[:1], name="one"), house_target(on, *pair, name="two")]
            way = Way(asked.seconds, asked.warm)
            alone = way(targets[0])
            share = share_for(alone)
            say(f"each process held to {share:.0%} of a core")
            limited = held(pair, targets, Way(asked.seconds, asked.warm, share), asked.rounds)
            open_ = free(pair, targets, way, asked.rounds)
    except Failed as failed:
        return report.complain(failed)
    head = ["", "turns/s", "spread%", "app us", "spread%", "pg us", "p50 ms", "p99 ms"]
    drawn = report.table(head, [*rows(f"held to {share:.0%}", limited), *rows("free", open_)])
    aim = report.Aim("turns of two processes / of one, held", 1.7, gained(limited), least=True)
    also = f"      turns of two processes / of one, free: {gained(open_):.2f} (no aim: the machine is full)"
    report.tell(machine.describe(), disturbed(limited), "", drawn, "", WHAT, aim.line(), also)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

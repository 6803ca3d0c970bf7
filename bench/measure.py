"""Puts a load on servers from a process of its own, and says what a turn cost them."""

import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bench import machine
from bench.load import Tally
from bench.processes import ROOT, Failed, Server

_CALLERS: Final = itertools.count(0, 50_000)
"""Every load has callers of its own."""

_MARGIN_S: Final = 30.0

QUIET: Final = 10
"""Percent of the machine that strangers may use before figures are worth little."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one round came to: microseconds of processor time a turn by process, turns a second, milliseconds.

    ``others`` is how much of the machine strangers used meanwhile, in percent.
    """

    app: float
    database: float
    redis: float
    load: float
    rate: float
    p50: float
    p99: float
    others: float


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be loaded: its conversation, its servers, and who works for it (process ids, 0 for none)."""

    name: str
    conversation: str
    servers: tuple[Server, ...]
    database: int = 0
    redis: int = 0


def load(
    target: Target,
    *,
    seconds: float,
    warm: float,
    connections: int = 32,
    meanwhile: Callable[[], None] = lambda: None,
) -> Tally:
    """One load; ``meanwhile`` is called every few milliseconds while it runs. Raises Failed on any wrong reply."""
    command = [sys.executable, "-m", "bench.load", target.conversation, *(str(s.port) for s in target.servers)]
    options = {
        "--seconds": seconds,
        "--warm": warm,
        "--connections": connections,
        "--first": next(_CALLERS),
        "--database": target.database,
        "--redis": target.redis,
    }
    command += [str(part) for option in options.items() for part in option]
    command += ["--app", *(str(server.pid) for server in target.servers)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        machine.pin(process.pid, machine.OTHER_CORE)
        _watch(process, time.monotonic() + seconds + warm + _MARGIN_S, meanwhile)
        output = process.stdout.read() if process.stdout else ""
    finally:
        process.kill()
        process.communicate()
    return _read(target, output)


def _watch(process: "subprocess.Popen[str]", deadline: float, meanwhile: Callable[[], None]) -> None:
    while process.poll() is None and time.monotonic() < deadline:
        meanwhile()
        time.sleep(0.003)


def _read(target: Target, output: str) -> Tally:
    if not output:
        raise Failed(f"{target.name}: the load gave no result")
    tally = Tally(**json.loads(output))
    if tally.errors or not tally.turns:
        raise Failed(f"{target.name}: {tally.errors} wrong replies of {tally.turns}: {'; '.join(tally.wrong)}")
    return tally


def cost(tally: Tally) -> Cost:
    """What a turn of this load cost."""
    per_turn = 1 / (tally.turns * 1000)
    return Cost(
        app=sum(tally.app_ns) * per_turn,
        database=tally.database_ns * per_turn,
        redis=tally.redis_ns * per_turn,
        load=tally.load_ns * per_turn,
        rate=tally.turns / tally.seconds,
        p50=tally.p50_ms,
        p99=tally.p99_ms,
        others=tally.others_ns / (tally.seconds * len(machine.CORES)) / 1e7,
    )


def rounds(
    targets: Sequence[Target], count: int, one: Callable[[Target], Cost], say: Callable[[str], None]
) -> dict[str, list[Cost]]:
    """Measure every target ``count`` times, taking turns, every second round in the opposite order."""
    costs: dict[str, list[Cost]] = {target.name: [] for target in targets}
    for number in range(count):
        for target in targets if number % 2 == 0 else reversed(targets):
            measured = one(target)
            costs[target.name].append(measured)
            say(f"  round {number + 1}/{count} {target.name:<9} {measured.app:7.1f} us/turn {measured.rate:7.0f}/s")
    return costs


def middle(costs: Sequence[Cost]) -> Cost:
    """The medians of several rounds, figure by figure."""
    return Cost(*(statistics.median(getattr(c, name) for c in costs) for name in Cost.__slots__))


def spread(costs: Sequence[Cost]) -> float:
    """How far the rounds lie apart: (highest - lowest) / median of the app's cost, in percent."""
    apps = [c.app for c in costs]
    return (max(apps) - min(apps)) / statistics.median(apps) * 100


def disturbed(costs: dict[str, list[Cost]]) -> str:
    """A line about the strangers on this machine."""
    others = statistics.median(c.others for several in costs.values() for c in several)
    advice = "" if others < QUIET else ": too much; measure again when it is quiet"
    return f"Others used {others:.0f} % of this machine meanwhile{advice}."

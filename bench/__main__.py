"""Runs every measurement and writes ``docs/performance.md``."""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bench import machine
from bench.processes import ROOT
from bench.rig import say

DOCUMENT: Final = ROOT / "docs" / "performance.md"
LONGEST_S: Final = 900
"""A measurement that takes longer is stopped and counts as failed."""

PACKAGES: Final = ("aiohttp", "uvloop", "asyncpg", "SQLAlchemy", "aiogram", "python-telegram-bot", "redis", "rapidfuzz")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One of the modules here: what it tells, and how it is told to hurry."""

    module: str
    title: str
    quick: Sequence[str]


MEASUREMENTS: Final = (
    Measurement("turn", "A turn", ("--rounds", "1", "--seconds", "1", "--warm", "0.5")),
    Measurement(
        "channels", "A turn on every channel", ("--rounds", "1", "--seconds", "1", "--warm", "0.5", "--answers", "40")
    ),
    Measurement("two", "Two processes", ("--rounds", "1", "--seconds", "1", "--warm", "0.5")),
    Measurement("profile", "Where a turn's time goes", ("--seconds", "1")),
    Measurement("search", "Search", ("--quick",)),
    Measurement("posting", "Posting a payment", ("--quick",)),
    Measurement("places", "Reading place names", ("--rounds", "5", "--queries", "50")),
)

PREFACE: Final = """\
# Performance

Written by `{command}` on {day}; nothing here is typed by hand.

- Machine: {machine}
- {versions}; PostgreSQL from the wheel with its default durability (a commit is on the disk).
- Absolute figures hold for this machine only. Compare ratios within one run: everything that is compared was measured
  in alternating rounds (every second one in the opposite order), figures are medians, `spread%` is
  (highest - lowest) / median.
- `us` is processor time, user and system, of all threads, from `/proc/PID/task/*/schedstat`: of the server process, and
  beside it of PostgreSQL with all its backends, divided by the work done. The server has a core to itself; the load,
  PostgreSQL and Redis have the other. Every reply is checked; one wrong reply and there is no result.
"""


def run(measurement: Measurement, *, quick: bool) -> tuple[int, str]:
    """Run a module of its own process: exit status, and what it told."""
    command = [sys.executable, "-m", f"bench.{measurement.module}", *(measurement.quick if quick else ())]
    say(f"== {' '.join(command[1:])}")
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        told, _ = process.communicate(timeout=LONGEST_S)
    except subprocess.TimeoutExpired:
        _stop(process)
        return 1, f"stopped after {LONGEST_S} s"
    except KeyboardInterrupt:
        _stop(process)
        raise
    print(told, flush=True)
    return process.returncode, told.rstrip()


def _stop(process: "subprocess.Popen[str]") -> None:
    """Let it end what it started; then do without it."""
    process.terminate()
    try:
        process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def aims(told: str) -> list[str]:
    """The lines that say whether an aim was met."""
    return [line for line in told.splitlines() if line.startswith(("met ", "MISS"))]


def document(command: str, results: dict[Measurement, str]) -> str:
    """The whole document."""
    preface = PREFACE.format(
        command=command,
        day=f"{datetime.now(UTC):%d %B %Y}",
        machine=machine.describe(),
        versions=machine.versions(*PACKAGES),
    )
    parts = [preface, "## Aims\n", _block("\n".join(line for told in results.values() for line in aims(told)))]
    for measurement, told in results.items():
        parts += [f"## {measurement.title}\n", f"`python -m bench.{measurement.module}`\n", _block(told)]
    return "\n".join(parts)


def _block(text: str) -> str:
    return f"```\n{text}\n```\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all; 1 when something could not be measured. An aim that was missed is no failure."""
    names = [measurement.module for measurement in MEASUREMENTS]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("only", nargs="*", help=f"some of {', '.join(names)}; all when left out")
    parser.add_argument("--quick", action="store_true", help="one short round each; writes no document")
    parser.add_argument("--write", type=Path, help=f"where the document goes ({DOCUMENT.relative_to(ROOT)})")
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.only) - set(names)):
        parser.error(f"no measurement is called {', '.join(unknown)}")
    chosen = [m for m in MEASUREMENTS if (not asked.only or m.module in asked.only) and find_spec(f"bench.{m.module}")]
    began = time.monotonic()
    results = {measurement: run(measurement, quick=asked.quick) for measurement in chosen}
    failed = [measurement.module for measurement, (status, _) in results.items() if status]
    target = asked.write or (None if asked.quick or asked.only or failed else DOCUMENT)
    if target:
        words = ["python -m bench", *asked.only, *(["--quick"] if asked.quick else [])]
        target.write_text(document(" ".join(words), {m: told for m, (_, told) in results.items()}), encoding="utf-8")
    say(f"== {time.monotonic() - began:.0f} s" + (f"; not measured: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())

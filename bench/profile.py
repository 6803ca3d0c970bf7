"""Where the microseconds of a turn go: the house in this process under the profiler, the load in another."""

import argparse
import asyncio
import cProfile
import json
import os
import pstats
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, redirect_stdout
from pathlib import Path
from typing import Any, Final

import uvloop
from aiohttp import web

from bench import machine, report
from bench.processes import ROOT, Failed, free_port
from bench.rig import DATABASE, rig, say
from core.kit.clock import SystemClock
from core.kit.db import Database
from core.kit.log import set_up_logging
from core.kit.settings import Settings
from webhooks.app import make_app, spare_the_collector
from webhooks.front import Front

LINES: Final = 30
"""Functions shown."""

WARM_S: Final = 1.2
"""By then a load has begun to count."""

_PACKAGE: Final = re.compile(r".*/(?:site-packages|python3\.\d+)/([^/.]+)")

WHAT = """\
us: microseconds of a turn by the profiler's shares of what a turn costs without it; a builtin counts for its caller.
The profiler makes small functions look dearer than they are: compare, do not add up.
"""


async def take(url: str, conversation: str, seconds: float) -> tuple[float, cProfile.Profile]:
    """Microseconds of processor time a turn without the profiler, and a profile of as long."""
    set_up_logging()
    settings = Settings(port=free_port(), DATABASE_URL=url)
    async with served(settings):
        await load(conversation, settings.port, 1.0, 0)
        cost = await load(conversation, settings.port, seconds, 100_000)
        profile = cProfile.Profile()
        loaded = asyncio.create_task(load(conversation, settings.port, seconds, 200_000))
        await asyncio.sleep(WARM_S)
        with profile:
            await asyncio.sleep(seconds)
        await loaded
    return cost, profile


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[None]:
    """The house, listening in this process."""
    db = await Database.open(settings.database_url)
    runner = web.AppRunner(make_app(Front.build(db, settings, SystemClock())), access_log=None)
    spare_the_collector()
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        yield
    finally:
        await runner.cleanup()
        await db.close()


async def load(conversation: str, port: int, seconds: float, first: int) -> float:
    """Load this process; microseconds of its processor time a turn. Raises Failed on a wrong reply."""
    command = ["-m", "bench.load", conversation, str(port), "--seconds", str(seconds), "--first", str(first)]
    command += ["--warm", str(WARM_S)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, "--app", str(os.getpid()), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    machine.pin(process.pid, machine.OTHER_CORE)
    output, _ = await process.communicate()
    tally = json.loads(output)
    if tally["errors"]:
        raise Failed(f"{tally['errors']} wrong replies: {'; '.join(tally['wrong'])}")
    spent: int = tally["app_ns"][0]
    turns: int = tally["turns"]
    return spent / turns / 1000


def costs(profile: cProfile.Profile) -> Counter[tuple[str, str]]:
    """Seconds by file and function; what a builtin takes counts for whoever called it."""
    found: Counter[tuple[str, str]] = Counter()
    stats: Any = pstats.Stats(profile)
    for (file, line, name), (_, _, own, _, callers) in stats.stats.items():
        if file != "~":
            found[file, f"{name}:{line}"] += own
            continue
        for (of, at, by), (_, _, part, _) in callers.items():
            found[of, f"{by}:{at}"] += part
    return found


def part_of(file: str) -> str:
    """The part a file belongs to: a folder of the house, or a package."""
    if file.startswith(str(ROOT)) and "site-packages" not in file:
        folders = Path(file).relative_to(ROOT).parts
        return "/".join(folders[:2])
    match = _PACKAGE.match(file)
    return match[1] if match else "the loop, and other builtins"


def shares(found: Counter[tuple[str, str]], cost: float) -> Iterator[str]:
    """The tables: by part, and the dearest functions."""
    scale = cost / found.total()
    parts: Counter[str] = Counter()
    for (file, _), own in found.items():
        parts[part_of(file)] += own
    rows = [[name, f"{own * scale:.1f}"] for name, own in parts.most_common(LINES)]
    yield report.table(["part", "us"], rows)
    dearest = [[f"{part_of(file)} {Path(file).name} {name}", f"{own * scale:.1f}"] for (file, name), own in
               found.most_common(LINES)]  # fmt: skip
    yield report.table(["function", "us"], dearest)


def main(arguments: list[str] | None = None) -> int:
    """Profile and tell; 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--conversation", choices=("house", "words", "sms", "meta", "chat"), default="house")
    parser.add_argument("--folder", type=Path, help="keep the database here for the next time")
    asked = parser.parse_args(arguments)
    try:
        with rig(asked.folder) as on, (on.folder / "profile.log").open("w") as log:
            machine.pin(os.getpid(), machine.SERVER_CORE)
            machine.pin(on.server.pid, machine.OTHER_CORE)
            say(f"profiling {asked.conversation} on {DATABASE}")
            with redirect_stdout(log):
                cost, profile = uvloop.run(take(on.url, asked.conversation, asked.seconds))
    except Failed as failed:
        return report.complain(failed)
    report.tell(f"{cost:.1f} us of processor time a turn", "", *shares(costs(profile), cost), "", WHAT)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

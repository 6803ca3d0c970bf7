"""What a run needs of the machine: cores to pin to, processor time used, and what it is called."""

import os
import platform
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

CORES: Final = sorted(os.sched_getaffinity(0))
"""The cores this run may use."""

SERVER_CORE: Final = CORES[0]
"""Where the measured process runs, alone."""

OTHER_CORE: Final = CORES[-1]
"""Where everything else runs: the load, PostgreSQL, Redis."""

_IDLE, _WAITING = 3, 4
"""Columns of ``/proc/stat`` in which nobody is at work (proc_stat(5))."""

_TICK_NS: Final = 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def pin(pid: int, *cores: int) -> None:
    """Keep a process, its threads and the children it has already to these cores."""
    for member in family(pid):
        for thread in _threads(member):
            with suppress(ProcessLookupError):
                os.sched_setaffinity(thread, cores)


def family(pid: int) -> list[int]:
    """A process and every process below it."""
    members = [pid]
    below = _children()
    for member in members:
        members += below.get(member, [])
    return members


def _children() -> dict[int, list[int]]:
    """The processes of the machine by their parent."""
    below: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                below.setdefault(parent, []).append(int(folder.name))
    return below


def used(pid: int) -> int:
    """Processor time of one process so far, in nanoseconds: user and system, all threads; 0 when it is gone."""
    return sum(_thread_used(pid, thread) for thread in _threads(pid))


def used_by_family(pid: int) -> dict[int, int]:
    """The same for a process and everything below it (PostgreSQL's backends), each by its id."""
    return {member: used(member) for member in family(pid)}


def spent(before: dict[int, int], after: dict[int, int]) -> int:
    """Nanoseconds between two samples of a family; who came in between counts from its start."""
    return sum(nanoseconds - before.get(pid, 0) for pid, nanoseconds in after.items() if nanoseconds)


def busy() -> int:
    """Processor time that anybody on this machine has used so far, in nanoseconds."""
    fields = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))
    return (sum(fields) - fields[_IDLE] - fields[_WAITING]) * _TICK_NS


def _threads(pid: int) -> list[int]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return [int(thread.name) for thread in Path(f"/proc/{pid}/task").iterdir()]
    return []


def _thread_used(pid: int, thread: int) -> int:
    """Nanoseconds from the scheduler; where it does not count them, clock ticks of ten milliseconds."""
    folder = Path(f"/proc/{pid}/task/{thread}")
    with suppress(FileNotFoundError, ProcessLookupError):
        with suppress(FileNotFoundError):
            return int((folder / "schedstat").read_text().split()[0])
        ticks = (folder / "stat").read_text().rsplit(")", 1)[1].split()[11:13]
        return sum(map(int, ticks)) * _TICK_NS
    return 0


def describe() -> str:
    """One line about the machine."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{_processor()}, {len(CORES)} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def versions(*packages: str) -> str:
    """Python and these packages, as installed."""
    return ", ".join(
        [f"Python {platform.python_version()}", *(f"{package} {version(package)}" for package in packages)]
    )

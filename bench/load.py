"""A bounded load: many phones dial, talk through five screens and dial again, and every reply is checked."""

import argparse
import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import cast

import uvloop

from bench import machine
from bench.chats import CHATS
from bench.conversation import CONVERSATIONS, Request

TALKS = {**CONVERSATIONS, **CHATS}

DRAIN_S = 3.0
"""How long replies under way are waited for at the end."""


@dataclass(slots=True)
class Tally:
    """What came of a load; times in nanoseconds, ``wrong`` shows the first replies that were not as they must be."""

    turns: int = 0
    sessions: int = 0
    errors: int = 0
    seconds: float = 0.0
    app_ns: list[int] = field(default_factory=list)
    database_ns: int = 0
    redis_ns: int = 0
    load_ns: int = 0
    others_ns: int = 0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Line:
    """What the phones of one load share: whose turn it is to call, and what came of it."""

    def __init__(self, talk: Callable[[int], list[Request]], first: int) -> None:
        self.talk = talk
        self.numbers = iter(range(first, sys.maxsize))
        self.tally = Tally()
        self.waits: list[int] = []
        self.open = True

    def begin(self) -> Iterator[Request]:
        """The next caller."""
        return iter(self.talk(next(self.numbers)))

    def mistaken(self, why: str) -> None:
        """Count a reply that is not as it must be."""
        self.tally.errors += 1
        if len(self.tally.wrong) < 3:
            self.tally.wrong.append(why)


class Phone(asyncio.Protocol):
    """One keep-alive connection: says the next thing as soon as the reply to the last one was checked."""

    def __init__(self, line: Line, done: "asyncio.Future[None]") -> None:
        self.line = line
        self.done = done
        self.buffer = b""
        self.sent = 0
        self.session: Iterator[Request] = iter(())
        self.request: Request | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Dial."""
        self.transport = cast("asyncio.Transport", transport)
        self.next()

    def connection_lost(self, exc: Exception | None) -> None:
        """The server hung up, or we did."""
        if self.request is not None:
            self.line.mistaken(f"connection lost: {exc!r}")
        if not self.done.done():
            self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Wait for the whole reply, check it, go on."""
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if self.request is None or not found or len(body) < _length(head):
            return
        self.buffer = b""
        self.line.waits.append(time.perf_counter_ns() - self.sent)
        self.check(self.request, head, body)
        self.next()

    def check(self, request: Request, head: bytes, body: bytes) -> None:
        """Count the reply; a wrong one ends the session."""
        self.line.tally.turns += 1
        if head.startswith(b"HTTP/1.1 200") and all(shown in body for shown in request.shows):
            return
        said = request.wire.rpartition(b"\r\n")[2]
        self.line.mistaken(f"to {said!r}: {head.splitlines()[0]!r} {body[:200]!r}")
        self.session = iter(())

    def next(self) -> None:
        """Say the next thing, or dial again; hang up when the load is over."""
        self.request = next(self.session, None)
        if self.request is None and self.line.open:
            self.line.tally.sessions += 1
            self.session = self.line.begin()
            self.request = next(self.session)
        if self.request is None or not self.line.open:
            self.request = None
            self.transport.close()
            return
        self.sent = time.perf_counter_ns()
        self.transport.write(self.request.wire)


def _length(head: bytes) -> int:
    """The Content-Length of a reply; none means that it never ends, which the check will say."""
    start = head.find(b"Content-Length: ")
    return int(head[start + 16 :].split(b"\r\n", 1)[0]) if start >= 0 else 0


@dataclass(frozen=True, slots=True)
class Watched:
    """The processes whose time is counted; 0 is none."""

    apps: tuple[int, ...]
    database: int
    redis: int

    def sample(self) -> "Sample":
        """Processor time so far."""
        return Sample(
            apps=[machine.used(app) for app in self.apps],
            database=machine.used_by_family(self.database) if self.database else {},
            redis=machine.used(self.redis) if self.redis else 0,
            load=time.process_time_ns(),
            machine=machine.busy(),
        )


@dataclass(frozen=True, slots=True)
class Sample:
    """Nanoseconds of each app, of PostgreSQL's processes by their id, of Redis, of this process, of everybody."""

    apps: list[int]
    database: dict[int, int]
    redis: int
    load: int
    machine: int


async def run(
    ports: list[int], line: Line, watched: Watched, *, connections: int, warm_s: float, seconds: float
) -> Tally:
    """Keep ``connections`` phones busy, spread evenly over the ports; what is counted begins after the warm-up."""
    loop = asyncio.get_running_loop()
    ends: list[asyncio.Future[None]] = []
    for index in range(connections):
        done = loop.create_future()
        ends.append(done)
        port = ports[index % len(ports)]
        await loop.create_connection(lambda done=done: Phone(line, done), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.sleep(warm_s)
    before, started = watched.sample(), time.perf_counter()
    line.waits.clear()
    line.tally.turns = line.tally.sessions = 0
    await asyncio.sleep(seconds)
    tally, waits = Tally(**asdict(line.tally)), sorted(line.waits)
    after, tally.seconds = watched.sample(), time.perf_counter() - started
    line.open = False
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*ends), DRAIN_S)
    return _counted(tally, waits, before, after)


def _counted(tally: Tally, waits: list[int], before: Sample, after: Sample) -> Tally:
    tally.app_ns = [late - early for early, late in zip(before.apps, after.apps, strict=True)]
    tally.database_ns = machine.spent(before.database, after.database)
    tally.redis_ns = after.redis - before.redis
    tally.load_ns = after.load - before.load
    known = sum(tally.app_ns) + tally.database_ns + tally.redis_ns + tally.load_ns
    tally.others_ns = max(0, after.machine - before.machine - known)
    if waits:
        tally.p50_ms = waits[len(waits) // 2] / 1e6
        tally.p99_ms = waits[len(waits) * 99 // 100] / 1e6
    return tally


def main(arguments: list[str] | None = None) -> int:
    """Run one load and print what came of it as a line of JSON; 1 when a reply was wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("conversation", choices=TALKS)
    parser.add_argument("ports", type=int, nargs="+", help="of servers on 127.0.0.1")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--warm", type=float, default=0.8, help="seconds before counting begins")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--first", type=int, default=0, help="number of the first caller")
    parser.add_argument("--app", type=int, nargs="*", default=[], help="process ids of the servers")
    parser.add_argument("--database", type=int, default=0, help="PostgreSQL's first process")
    parser.add_argument("--redis", type=int, default=0)
    asked = parser.parse_args(arguments)
    line = Line(TALKS[asked.conversation], asked.first)
    watched = Watched(tuple(asked.app), asked.database, asked.redis)
    work = run(asked.ports, line, watched, connections=asked.connections, warm_s=asked.warm, seconds=asked.seconds)
    tally = uvloop.run(work)
    print(json.dumps(asdict(tally)))
    return 1 if tally.errors else 0


if __name__ == "__main__":
    raise SystemExit(main())

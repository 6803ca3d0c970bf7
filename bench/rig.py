"""Everything a run on the house needs, up and running: PostgreSQL with 100 000 homes, the house, its peers."""

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import listings, machine
from bench.measure import Target
from bench.processes import Postgres, Server, postgres, python_process, python_server, redis_server, work_folder

DATABASE: Final = "toit"


def say(line: str) -> None:
    """Progress: seen while it runs, not part of the result."""
    print(line, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Rig:
    """A run's folder, database and environment; what it starts ends with the stack."""

    folder: Path
    server: Postgres
    url: str
    stack: ExitStack

    def house(self, *cores: int, env: Mapping[str, str] | None = None) -> Server:
        """The house as it is served: ``toit web``, its log going to a file."""
        return self._python(["webhooks", "web"], env or {}, *cores)

    @contextmanager
    def worker(self, env: Mapping[str, str]) -> Iterator[int]:
        """``toit worker``, and its process id."""
        with python_process(["webhooks", "worker"], self.folder / "worker.log", self._surroundings(env)) as process:
            yield process.pid

    def peer(self, name: str, env: Mapping[str, str] | None = None, *, cores: tuple[int, ...] = ()) -> Server:
        """One of the peers, on the server's core unless another is named."""
        return self._python([f"bench.peers.{name}"], env or {}, *cores)

    def redis(self) -> Server:
        """A Redis for a peer."""
        return self.stack.enter_context(redis_server(self.folder))

    def _python(self, module: list[str], env: Mapping[str, str], *cores: int) -> Server:
        started = python_server(module, self.folder, self._surroundings(env), cores=cores or (machine.SERVER_CORE,))
        return self.stack.enter_context(started)

    def _surroundings(self, env: Mapping[str, str]) -> dict[str, str]:
        return {"DATABASE_URL": self.url, "TOIT_HOME": str(self.folder), "TOIT_ENV": "demo", **env}


@contextmanager
def rig(kept: Path | None = None, homes: int = listings.HOMES) -> Iterator[Rig]:
    """Set up; with a folder to keep, the database in it is used again the next time."""
    signal.signal(signal.SIGTERM, _leave)
    with ExitStack() as stack:
        folder = stack.enter_context(work_folder(kept))
        server = stack.enter_context(postgres(folder))
        if DATABASE not in server.embedded.psql("SELECT datname FROM pg_database").split():
            say(f"{homes:,} homes …")
            listings.make_database(server, DATABASE, homes)
            machine.pin(server.pid, machine.OTHER_CORE)
        listings.forget_callers(server.url(DATABASE))
        yield Rig(folder, server, server.url(DATABASE), stack)


def _leave(number: int, _frame: object) -> None:
    """Told to stop: everything that was started is ended on the way out."""
    raise SystemExit(128 + number)


def house_target(rig: Rig, *servers: Server, name: str = "house", conversation: str = "house") -> Target:
    """The house as a target of load."""
    return Target(name, conversation, servers, rig.server.pid)

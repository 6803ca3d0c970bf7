"""The processes of a campaign: a PostgreSQL of its own, two apps behind a balancer, two workers, the sandbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.house import House, free_port
from tests.soak.balancer import Balancer
from tests.soak.tally import Tally

TIME_SCALE = "6"
"""The sandbox's minutes last ten seconds: people are impatient, prompts run out; the app's clock stays real."""

WEBS = ("web1", "web2")
WORKERS = ("worker1", "worker2")
KILLED = -9


class Rig:
    """Starts, kills and restarts; whoever dies without having been killed is a breach."""

    def __init__(self, house: House, tally: Tally) -> None:
        self.house, self.tally = house, tally
        self.ports = {name: free_port() for name in WEBS}
        apps = [f"http://127.0.0.1:{port}" for port in self.ports.values()]
        self._balancer = Balancer(house.ports["web"], apps, tally)
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._points: dict[str, str] = {}
        self._changing = asyncio.Lock()

    async def open(self, *, webs: tuple[str, ...] = WEBS, workers: tuple[str, ...] = WORKERS) -> None:
        """Everything up and ready."""
        await self._balancer.open()
        await self.house.start("sandbox", "-m", "sandbox", "--time-scale", TIME_SCALE)
        for name in webs + workers:
            await self.start(name)
        await self.house.until(lambda: self.house.answers(f"{self.house.sandbox}/healthz"), "the sandbox")
        await self.until_ready(webs)

    async def until_ready(self, webs: tuple[str, ...] = WEBS) -> None:
        """Wait until each of these app processes is up."""
        await self.house.until(lambda: self.answering(webs), "the apps")

    async def answering(self, webs: tuple[str, ...]) -> bool:
        """Whether all of these app processes are up."""
        urls = [f"http://127.0.0.1:{self.ports[name]}/healthz" for name in webs]
        return all(await asyncio.gather(*map(self.house.answers, urls)))

    async def close(self) -> None:
        """End everything."""
        await self.house.close()
        await self._balancer.close()

    async def start(self, name: str, crash_at: str = "") -> None:
        """Start one app or worker, with a crash point if it is to die there."""
        more = {"TOIT_CRASH_AT": crash_at} if crash_at else {}
        if name in WEBS:
            more["TOIT_PORT"] = str(self.ports[name])
        kind = "web" if name in WEBS else "worker"
        self._processes[name] = await self.house.start(name, "-m", "webhooks", kind, **more)
        self._points[name] = crash_at

    async def kill(self, name: str, crash_at: str = "") -> None:
        """Kill one, and start it again, perhaps doomed to die at a named point."""
        async with self._changing:
            if self._processes[name].returncode is None:
                await self.house.kill(name)
                self.tally.add(f"kill: {'app' if name in WEBS else 'worker'} at a random moment")
                await self.start(name, crash_at)

    async def keep(self) -> None:
        """Restart whoever died at its crash point."""
        async with self._changing:
            await self._keep()

    async def _keep(self) -> None:
        for name, process in list(self._processes.items()):
            if process.returncode is None:
                continue
            point = self._points[name]
            if process.returncode == KILLED and point:
                self.tally.add(f"crash: {point}")
            else:
                self.tally.breach(f"{name} ended by itself with status {process.returncode}")
            await self.start(name)

    def doomed(self, name: str) -> bool:
        """Whether a process is on its way to a crash point."""
        return bool(self._points[name])

    async def heal(self) -> None:
        """Nobody is doomed any more."""
        async with self._changing:
            for name, point in list(self._points.items()):
                if point and self._processes[name].returncode is None:
                    await self.house.kill(name)
                    await self.start(name)
            await self._keep()


@asynccontextmanager
async def rig(database_url: str, tally: Tally) -> AsyncIterator[Rig]:
    """A rig on a database that it plants, nothing running yet; everything it started is gone afterwards."""
    with TemporaryDirectory(prefix="toit-soak-") as folder:
        house = House(database_url, Path(folder))
        await house.plant()
        found = Rig(house, tally)
        try:
            yield found
        finally:
            await found.close()

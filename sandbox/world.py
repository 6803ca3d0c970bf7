"""The parts that every face of the sandbox shares, made once per process."""

from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.events import Hub
from sandbox.faults import Faults
from sandbox.jobs import Jobs
from sandbox.mishaps import Mishaps
from sandbox.outbound import Outbound
from sandbox.settings import Settings
from sandbox.store import Store


@dataclass(frozen=True, slots=True)
class World:
    """Settings, time, memory, mishaps, and the ways out to the app and to the page."""

    settings: Settings
    clock: Clock
    store: Store
    hub: Hub
    faults: Faults
    mishaps: Mishaps
    jobs: Jobs
    out: Outbound

    def app_url(self, path: str) -> str:
        """A callback address of the app, with the path secret in place of `{secret}`."""
        return self.settings.app + path.replace("{secret}", self.settings.secret)

    def reach(self, url: str) -> str:
        """Where on this machine an address of the app is served: its public one is the app's own here."""
        public = self.settings.public_url
        inside = url == public or url.startswith((f"{public}/", f"{public}?"))
        return self.settings.app + url.removeprefix(public) if inside else url

    async def close(self) -> None:
        """Stop background work and let go of the client session and the file."""
        await self.jobs.close()
        await self.out.close()
        self.store.close()


def make_world(settings: Settings) -> World:
    """Everything the faces need; must be called with an event loop running."""
    clock, store, hub = Clock(settings.time_scale, settings.shortest_limit), Store(settings.home), Hub()
    faults = Faults(store, hub)
    mishaps = Mishaps(faults, clock)
    return World(settings, clock, store, hub, faults, mishaps, Jobs(), Outbound())

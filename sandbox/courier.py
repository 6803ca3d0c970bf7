"""Brings what happens outside to the app: once, often, late or in the wrong order, as was ordered."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from sandbox.faults import Fault
from sandbox.outbound import NoAnswerError
from sandbox.world import World

PATIENCE = 15.0
PAUSES = (2.0, 8.0, 30.0, 120.0, 400.0, 1800.0)
"""Waiting times between tries of who brings again what was not accepted."""

HELD_AT_MOST = 30.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request to the app: `route` names the mishaps it is exposed to, `pauses` lie between the tries.

    `wants` is the answer that ends the tries: 2xx, 200, or any at all.
    """

    route: str
    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    pauses: tuple[float, ...] = PAUSES
    wants: Literal["2xx", "200", "any"] = "2xx"


class Courier:
    """Posts parcels; whoever waits for one learns how the first try went."""

    def __init__(self, world: World) -> None:
        """Post to the app of this world."""
        self._world = world
        self._next: dict[str, asyncio.Event] = {}

    async def bring(self, parcel: Parcel) -> int | None:
        """The HTTP status of the app's first answer; None when it gave none, or the parcel goes later or never."""
        fault = self._world.faults.take(parcel.route, "never", "duplicate", "late", "reordered")
        if fault is None:
            return await self._go(parcel)
        if fault.kind == "duplicate":
            for _ in range(fault.count - 1):
                self._world.jobs.start(self._again(parcel, fault.wait(0.0)))
            return await self._go(parcel)
        if fault.kind == "late":
            self._world.jobs.start(self._again(parcel, fault.wait(30.0)))
        if fault.kind == "reordered":
            self._world.jobs.start(self._after_the_next(parcel, fault))
        return None

    async def _go(self, parcel: Parcel) -> int | None:
        status, done = await self._post(parcel)
        if not done and parcel.pauses:
            self._world.jobs.start(self._insist(parcel))
        return status

    async def _again(self, parcel: Parcel, seconds: float) -> None:
        await self._world.clock.sleep(seconds)
        await self._go(parcel)

    async def _after_the_next(self, parcel: Parcel, fault: Fault) -> None:
        gone = self._next.setdefault(parcel.route, asyncio.Event())
        with suppress(TimeoutError):
            await asyncio.wait_for(gone.wait(), self._world.clock.real(fault.wait(HELD_AT_MOST)))
        await self._go(parcel)

    async def _insist(self, parcel: Parcel) -> None:
        for pause in parcel.pauses:
            await self._world.clock.sleep(pause)
            if (await self._post(parcel))[1]:
                return

    async def _post(self, parcel: Parcel) -> tuple[int | None, bool]:
        patience = self._world.clock.limit(PATIENCE)
        try:
            answer = await self._world.out.post(parcel.url, parcel.body, parcel.headers, patience)
        except NoAnswerError:
            return None, False
        if (gone := self._next.pop(parcel.route, None)) is not None:
            gone.set()
        return answer.status, {"2xx": answer.ok, "200": answer.status == HTTPStatus.OK, "any": True}[parcel.wants]

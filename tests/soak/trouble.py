"""Everything that goes wrong: operators, gateways, callbacks, processes, and time that passes."""

import asyncio
from random import Random
from typing import Any

from core.kit.crash import CRASH_POINTS
from tests.soak.rig import WEBS, WORKERS, Rig

WEB_POINTS = ("attempt.written", "callback.stored")
UNREACHED = ("expired.told", "unresolved.done", "alert.logged")
"""They need minutes or a day of an operator's silence: tests/core/money reaches them with a clock that is moved."""

WORKER_POINTS = tuple(point for point in CRASH_POINTS if point not in (*WEB_POINTS, *UNREACHED))
CALLS = (
    "drop_before", "drop_after", "reset", "delay", "timeout", "timeout_after_effect", "slow_loris", "401", "429", "500",
    "503", "500_html", "502_html", "200_html",
)  # fmt: skip
FAULTS: dict[str, tuple[str, ...]] = {
    "mtn.requesttopay": CALLS,
    "mtn.status": (*CALLS, "lag", "lag", "word", "reason_string", "reason_object"),
    "mtn.token": CALLS,
    "mtn.callback": (
        "never", "times", "late", "early", "reordered", "stale", "wrong_amount", "forged", "post", "alternate",
    ),
    "africastalking.messaging": (*CALLS, "http201_failed", "recipient"),
    "africastalking.dlr": ("never", "duplicate", "late", "failed"),
    "africastalking.incoming": ("never", "duplicate", "late"),
    "ussd": ("drop", "drop_after", "delay", *("duplicate",) * 6, "suffix"),
    "ussd.end": ("never", "duplicate", "late"),
}  # fmt: skip
LENGTHS = {"delay": 12.0, "timeout": 40.0, "timeout_after_effect": 90.0, "slow_loris": 0.5, "late": 30.0}
"""Seconds of the sandbox's time, a sixth of real ones; 90 is longer than the house waits for an operator."""

PLACES = 5
"""How many mishaps are ordered at the same time."""


def mishap(chance: Random) -> tuple[str, dict[str, Any]]:
    """One of the mishaps of sandbox/README.md, to be played a few times."""
    route = chance.choice(list(FAULTS))
    kind = chance.choice(FAULTS[route])
    fault: dict[str, Any] = {"route": route, "kind": kind, "times": chance.randint(1, 4)}
    if route == "ussd" and kind == "duplicate":
        fault["times"] = 25
    if kind in LENGTHS:
        fault["seconds"] = chance.uniform(0, LENGTHS[kind])
    if kind == "lag":
        fault["polls"] = chance.randint(1, 5)
    if kind == "times":
        fault["count"] = chance.randint(2, 9)
    return f"{route} {kind}", fault


async def order_mishaps(rig: Rig, chance: Random) -> None:
    """Order one after the other, for ever."""
    number = 0
    while True:
        name, fault = mishap(chance)
        number += 1
        await rig.house.ask("DELETE", f"/faults/soak{number % PLACES}")
        status, _ = await rig.house.ask("PUT", f"/faults/soak{number % PLACES}", fault)
        if status >= 300:
            rig.tally.breach(f"the sandbox refused the fault {name}")
        rig.tally.add(f"fault: {name}")
        await asyncio.sleep(chance.uniform(0.3, 1.5))


async def kill_processes(rig: Rig, chance: Random) -> None:
    """Kill one after the other, for ever; most of them come back doomed to die at a named point."""
    while True:
        await asyncio.sleep(chance.uniform(2, 6))
        name = chance.choice((*WEBS, *WORKERS, *WORKERS))
        if rig.doomed(name) and chance.random() < 0.7:
            continue
        if name in WEBS and not await rig.answering(WEBS) and chance.random() < 0.9:
            continue
        points = WEB_POINTS if name in WEBS else WORKER_POINTS
        await rig.kill(name, chance.choice(points) if chance.random() < 0.7 else "")


async def keep_processes(rig: Rig) -> None:
    """Restart whoever died, for ever."""
    while True:
        await rig.keep()
        await asyncio.sleep(0.2)


async def pass_time(rig: Rig, chance: Random) -> None:
    """Waits of the ladder and leases of the dead run out now and then, sometimes while their owner is at work."""
    while True:
        await asyncio.sleep(chance.uniform(0.5, 2.5))
        await hurry(rig)


async def hurry(rig: Rig) -> None:
    """What waits for its time is due now."""
    await rig.house.sql("UPDATE payment_attempt SET next_check_at = now() WHERE next_check_at > now()")
    await rig.house.sql("UPDATE notice SET next_try_at = now() WHERE next_try_at > now() AND state = 'queued'")

"""A campaign: everybody at once for a while, then quiet, then judgement."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from tests.soak.crowd import chance_of, crowd, invite
from tests.soak.judge import judge, look_at_books, settle
from tests.soak.payers import Payer
from tests.soak.people import Stroller
from tests.soak.rig import Rig, rig
from tests.soak.tally import Tally, say
from tests.soak.trouble import keep_processes, kill_processes, order_mishaps, pass_time

PROGRESS_S = 5
BOOKS_S = 8


async def run(database_url: str, minutes: float, seed: int) -> Tally:
    """Live for ``minutes``, then settle and judge; the same seed makes the same people and mishaps, not the same
    moments.
    """
    tally = Tally()
    async with rig(database_url, tally) as found:
        say(f"starting a house: 2 apps, 2 workers, a sandbox, PostgreSQL (seed {seed}, {minutes:g} min)")
        codes = await invite(found)
        await found.open()
        payers, strollers = crowd(found, codes, seed)
        await live(found, payers, strollers, minutes * 60, seed)
        say(tally.line() + "  (mishaps over, waiting for quiet)")
        await settle(found)
        await judge(found, [ref for payer in payers for ref in payer.told])
    return tally


async def live(found: Rig, payers: list[Payer], strollers: list[Stroller], seconds: float, seed: int) -> None:
    """Everybody at once; whatever fails in here is the campaign's own mistake, or a breach."""
    jobs: list[Coroutine[Any, Any, None]] = [
        *(_for_ever(person.live) for person in (*payers, *strollers)),
        order_mishaps(found, chance_of(seed, 200)),
        kill_processes(found, chance_of(seed, 201)),
        keep_processes(found),
        pass_time(found, chance_of(seed, 202)),
        _every(PROGRESS_S, lambda: _progress(found.tally)),
        _every(BOOKS_S, lambda: look_at_books(found)),
    ]
    tasks = [asyncio.create_task(job) for job in jobs]
    done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _for_ever(act: Callable[[], Awaitable[None]]) -> None:
    while True:
        await act()
        await asyncio.sleep(0.05)


async def _every(seconds: float, act: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await act()


async def _progress(tally: Tally) -> None:
    say(tally.line())

"""A campaign: everybody at once for a while, then quiet, then judgement."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from random import Random
from typing import Any

from core.kit.clock import SystemClock
from core.kit.phone import Phone
from core.people.pin import hashed
from core.people.profile import Profile, create
from tests.soak.judge import judge, look_at_books, settle
from tests.soak.payers import Payer
from tests.soak.people import Stroller
from tests.soak.rig import Rig, rig
from tests.soak.tally import Tally, say
from tests.soak.trouble import keep_processes, kill_processes, order_mishaps, pass_time

PROGRESS_S = 5
BOOKS_S = 8
STRANGERS = 4
PAYING = (
    "Ngo Bell Marie",
    "Talla Éric",
    "Njoya Aïssatou",
    "Eyenga Rose",
    "Mballa Joseph",
    "Kamga Alain",
    "Fotso Madeleine",
    "Oumarou Issa",
)
FRIENDS = tuple(f"+2376700003{n:02}" for n in range(14))
FRIENDS_PIN = "7391"


async def run(database_url: str, minutes: float, seed: int) -> Tally:
    """Live for ``minutes``, then settle and judge; the same seed makes the same people and mishaps, not the same
    moments.
    """
    tally = Tally()
    async with rig(database_url, tally) as found:
        say(f"starting a house: 2 apps, 2 workers, a sandbox, PostgreSQL (seed {seed}, {minutes:g} min)")
        await invite(found)
        await found.open()
        payers, strollers = crowd(found, seed)
        await live(found, payers, strollers, minutes * 60, seed)
        say(tally.line() + "  (mishaps over, waiting for quiet)")
        await settle(found)
        await judge(found, [ref for payer in payers for ref in payer.told])
    return tally


async def invite(found: Rig) -> None:
    """Friends who have no lease and pay for those who do: one person has one payment for a lease at a time."""
    settings, now = found.house.settings(), SystemClock().now()
    async with found.house.database() as db, db.transaction() as tx:
        for number in FRIENDS:
            profile = Profile(Phone(number), "Ami Fidèle", "tenant", "fr", "CM")
            await create(tx, profile, await hashed(FRIENDS_PIN, settings), now)


def crowd(found: Rig, seed: int) -> tuple[list[Payer], list[Stroller]]:
    """The demo's people and some strangers."""
    people = {one["name"]: one for one in found.house.people}
    codes = [one["lease"] for one in people.values() if one["lease"] and one["number"].startswith("+237")]
    numbers = [people[name]["number"] for name in PAYING]
    paying = [(number, people[name]["pin"]) for number, name in zip(numbers, PAYING, strict=True)]
    paying += [(number, FRIENDS_PIN) for number in FRIENDS]
    payers = [
        Payer(found.house, found.tally, _chance(seed, n), number, pin, codes, [*numbers, *FRIENDS])
        for n, (number, pin) in enumerate(paying)
    ]
    rest = [(one["number"], one["pin"]) for one in people.values() if one["number"] not in numbers]
    rest += [(f"+2376700002{n:02}", "") for n in range(STRANGERS)]
    strollers = [
        Stroller(found.house, found.tally, _chance(seed, 100 + n), number, pin) for n, (number, pin) in enumerate(rest)
    ]
    return payers, strollers


def _chance(seed: int, number: int) -> Random:
    return Random(seed * 1_000 + number)  # noqa: S311 - what was found once must be found again


async def live(found: Rig, payers: list[Payer], strollers: list[Stroller], seconds: float, seed: int) -> None:
    """Everybody at once; whatever fails in here is the campaign's own mistake, or a breach."""
    jobs: list[Coroutine[Any, Any, None]] = [
        *(_for_ever(person.live) for person in (*payers, *strollers)),
        order_mishaps(found, _chance(seed, 200)),
        kill_processes(found, _chance(seed, 201)),
        keep_processes(found),
        pass_time(found, _chance(seed, 202)),
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

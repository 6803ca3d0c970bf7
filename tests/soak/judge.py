"""When the mishaps are over: waits until it is quiet, and looks whether everything that was promised is true."""

import asyncio
import json
import re
import time
from collections import Counter
from random import Random

from core.money.books import verify_books
from tests.soak.people import Person
from tests.soak.rig import WEBS, Rig
from tests.soak.tally import say
from tests.soak.trouble import hurry

QUIET_WITHIN_S = 300
"""An order that an operator never took is surely lost after a minute of "not found", and is then sent again."""

ALLOWED = {"payment_unresolved", "notice_dead"}
"""Errors in a log that call a person, as they should: an operator that stays silent, a gateway that refuses."""

NUMBERS = re.compile(r"(?<![\w.-])\+?(?:237|221|225)\d{8,10}(?!\d)")

OPEN = """
SELECT string_agg(ref || ' ' || state, ', ') FROM payment_attempt
WHERE state IN ('created', 'submitting', 'submitted') OR (state = 'unresolved' AND alerted_at IS NULL)
"""
WAITING = """
SELECT count(*) FROM notice WHERE state = 'queued' OR (state = 'sending' AND changed_at > now() - interval '20 s')
"""
GHOSTS = "UPDATE notice SET next_try_at = now() WHERE state = 'sending' AND changed_at < now() - interval '20 s'"
UNKEPT = """
SELECT string_agg(told, ', ') FROM unnest($1::text[]) AS told
WHERE NOT EXISTS (SELECT FROM payment_attempt WHERE ref = told)
"""
UNTOLD = """
SELECT string_agg(p.ref || ' ' || p.state, ', ') FROM payment_attempt AS p
WHERE p.state IN ('succeeded', 'failed') AND NOT EXISTS (
    SELECT FROM notice WHERE dedupe_key IN ('payment:' || p.ref || ':payer', 'payment_failed:' || p.ref))
"""
STATES = "SELECT json_object_agg(s, n)::text FROM (SELECT state AS s, count(*) AS n FROM {} GROUP BY 1) AS x"
TWICE = "SELECT count(*) FROM payment_attempt WHERE submits > 1"


async def settle(rig: Rig) -> None:
    """No mishap any more: every attempt comes to its end or into a person's hands."""
    await rig.house.call("DELETE", "/faults")
    await rig.heal()
    started = time.monotonic()
    while True:
        await hurry(rig)
        await rig.house.sql(GHOSTS)
        still, waiting = await rig.house.sql(OPEN), await rig.house.sql(WAITING)
        if not still and not waiting:
            break
        if time.monotonic() - started > QUIET_WITHIN_S:
            rig.tally.breach(f"not quiet after {QUIET_WITHIN_S} s: attempts {still or 'none'}, notices {waiting}")
            break
        await rig.keep()
        await asyncio.sleep(1)
    rig.tally.add("seconds until quiet", int(time.monotonic() - started))


async def look_at_books(rig: Rig) -> None:
    """The books alone, while everything is going on."""
    async with rig.house.database() as db:
        report = await verify_books(db)
    rig.tally.add("books looked at while busy")
    for line in report.lines:
        for wrong in line.breaches:
            rig.tally.breach(f"{line.name} while busy: {wrong}")


async def judge(rig: Rig, told: list[str]) -> None:
    """The books against the operator's own log, the promises against the database, the logs against the rules."""
    wrong = await rig.house.breaches()
    for report in wrong:
        rig.tally.breach(f"the books\n{report}")
    await _promises(rig, told)
    await _alive(rig)
    _logs(rig)
    truth = await rig.house.call("GET", "/truth/mtn")
    rig.tally.add("payments really debited", len(truth))
    rig.tally.add("payments asked for again after an answer was lost", await rig.house.sql(TWICE))
    for table in ("payment_attempt", "notice"):
        states = json.loads(await rig.house.sql(STATES.format(table)) or "{}")
        for state, count in states.items():
            rig.tally.add(f"{table} {state}", count)
    say("the books agree with the operator's log" if not wrong else "the books do NOT agree")


async def _promises(rig: Rig, told: list[str]) -> None:
    if missing := await rig.house.sql(UNKEPT, told):
        rig.tally.breach(f"shown to a person and not in the database: {missing}")
    if silent := await rig.house.sql(UNTOLD):
        rig.tally.breach(f"ended and nobody was told: {silent}")


async def _alive(rig: Rig) -> None:
    """Each app process is ready again by itself, and a session works."""
    for name in WEBS:
        url = f"http://127.0.0.1:{rig.ports[name]}/readyz"
        await rig.house.until(lambda url=url: rig.house.answers(url), f"{name}, ready when all is quiet")  # type: ignore[misc]
    for tenant in rig.house.people[:3]:
        screen = await Person(rig.house, rig.tally, Random(0), tenant["number"]).dial("*384#")  # noqa: S311
        if not screen.open:
            rig.tally.breach(f"no menu when all is quiet: {screen.text!r}")


def _logs(rig: Rig) -> None:
    """No error that calls nobody, no number, no PIN."""
    pins = re.compile(r"\b(" + "|".join(person["pin"] for person in rig.house.people) + r")\b")
    errors: Counter[str] = Counter()
    for file in rig.house.home.glob("w*.log"):
        for line in file.read_text(errors="replace").splitlines():
            if '"level":"error"' in line or line.startswith("Traceback"):
                errors[_event(line)] += 1
            elif NUMBERS.search(line):
                rig.tally.breach(f"a phone number in {file.name}: {NUMBERS.sub('(number)', line)[:200]}")
            if '"said"' in line and pins.search(line):
                rig.tally.breach(f"a PIN in {file.name}")
    for event, count in errors.items():
        if event not in ALLOWED:
            rig.tally.breach(f"{count} x in the logs: {event}")


def _event(line: str) -> str:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return line
    trace = str(found.get("exception", "")).strip().splitlines()
    places = [line.strip() for line in trace if line.lstrip().startswith("File ")]
    return " ".join([str(found.get("event")), *trace[-1:], *places[-2:]])

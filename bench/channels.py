"""A turn on every channel, and the answer sent, against the floor and python-telegram-bot's own conversations."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import asyncpg

from bench import machine, outgoing, report
from bench.chats import HOPS, PUBLIC, right
from bench.measure import Cost, Target, cost, disturbed, load, middle, rounds, spread
from bench.processes import Failed, Server
from bench.rig import Rig, house_target, rig, say

CHANNELS: Final = ("ussd", "sms", "twilio", "meta", "telegram")

WHAT = f"""\
ussd     the house: {HOPS} screens by menus on Africa's Talking, each answered in the HTTP response
sms      the same {HOPS} steps by SMS (Africa's Talking), each answer queued in the turn's transaction; so are
twilio   WhatsApp by Twilio, every request signed over its address and fields,
meta     WhatsApp by Meta, every request signed over its bytes, and
telegram Telegram, known by its secret header: one chat's updates one after another
constant aiohttp that answers a constant to the forms of ussd
ptb      python-telegram-bot's ConversationHandler and Application behind aiohttp, no updater, everything in its memory,
         its messages answered at once by a request class: encoded and decoded, over no network
ptb http the same over HTTP to a server that answers at once: to be compared with telegram and its answer sent
A turn is a request, its answer's rows included; whoever writes is new, and each is answered {HOPS} times. After every
round the rows are read again: as many answers as messages, and every whole conversation ends at its homes. The peers
ask the same on the same homes; they keep nothing that outlives them, claim nothing, translate nothing, log nothing.
"""


def targets(rig: Rig, providers: Server) -> list[Target]:
    """Who is measured, all running at once, each idle while another is."""
    house = rig.house(env={"TOIT_PUBLIC_URL": PUBLIC})
    at_once = rig.peer("ptb")
    over_http = rig.peer("ptb", {"BENCH_BOT_API": f"http://127.0.0.1:{providers.port}/telegram"})
    database = rig.server.pid
    return [
        house_target(rig, house, name="ussd"),
        *(house_target(rig, house, name=name, conversation=name) for name in CHANNELS[1:-1]),
        house_target(rig, house, name="telegram", conversation="chat"),
        Target("constant", "constant", (rig.peer("constant"),)),
        Target("ptb", "telegram", (at_once,), database),
        Target("ptb http", "telegram", (over_http,), database),
    ]


class Judge:
    """Looks at what every round left in the database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._seen = 0
        self.answers = 0
        self.conversations = 0

    def __call__(self, target: Target, turns: int) -> None:
        """Raises Failed when messages went unanswered, or conversations led elsewhere."""
        if target.name in CHANNELS[1:]:
            asyncio.run(self._judge(target.name, turns))

    async def _judge(self, name: str, turns: int) -> None:
        connection = await asyncpg.connect(self._url)
        try:
            heard = await connection.fetchval("SELECT count(*) FROM inbox")
            said = await connection.fetchval("SELECT count(*) FROM notice WHERE dedupe_key LIKE 'answer:%'")
            rows = await connection.fetch(
                "SELECT address, max(id) AS last, array_agg(blanks::text ORDER BY id) AS answers FROM notice"
                " WHERE id > $1 GROUP BY address",
                self._seen,
            )
        finally:
            await connection.close()
        fresh = sum(len(row["answers"]) for row in rows)
        if heard != said or fresh < turns:
            raise Failed(f"{name}: {heard} messages were heard, {said} answered; {fresh} in a round of {turns} turns")
        self._follow(name, rows)
        self._seen = max(row["last"] for row in rows)
        self.answers += fresh

    def _follow(self, name: str, rows: Sequence[Any]) -> None:
        """Every conversation that was held to its end."""
        whole = [row for row in rows if len(row["answers"]) == HOPS]
        wrong = [row["answers"] for row in whole if not right(_number(name, row["address"]), row["answers"])]
        if wrong or not whole:
            raise Failed(f"{name}: {len(wrong)} of {len(whole)} conversations went wrong: {wrong[:1]}")
        self.conversations += len(whole)


def _number(name: str, address: str) -> int:
    """Which caller an address is."""
    return int(address) - 1 if name == "telegram" else int(address[-7:])


def compare(costs: dict[str, list[Cost]]) -> str:
    """The table of medians: what a turn costs, and how often the floor goes into it."""
    middles = {name: middle(several) for name, several in costs.items()}
    floor = middles["constant"].app
    rows = [
        [name, f"{c.app:.1f}", f"{spread(costs[name]):.0f}", f"{c.app / floor:.2f}", f"{c.database:.1f}",
         f"{c.rate:.0f}", f"{c.p50:.2f}", f"{c.p99:.2f}"]
        for name, c in middles.items()
    ]  # fmt: skip
    return report.table(["", "app us", "spread%", "x floor", "pg us", "turns/s", "p50 ms", "p99 ms"], rows)


def ratios(costs: dict[str, list[Cost]], sent: dict[str, list[outgoing.Sent]]) -> list[str]:
    """Telegram at the house beside the peer; no aim was set."""
    middles = {name: middle(several) for name, several in costs.items()}
    turn, at_once, over_http = (middles[name].app for name in ("telegram", "ptb", "ptb http"))
    whole = turn + outgoing.middle(sent["telegram"]).worker
    return [
        f"      telegram / ptb: {turn / at_once:.2f} (the turn, its answer stored and not yet sent)",
        f"      telegram and its answer sent / ptb http: {whole / over_http:.2f}",
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell. 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.channels", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--warm", type=float, default=0.8, help="seconds before each measurement")
    parser.add_argument("--answers", type=int, default=120, help="that the worker sends in a round of each channel")
    parser.add_argument("--folder", type=Path, help="keep the database here for the next time")
    asked = parser.parse_args(arguments)
    try:
        with rig(asked.folder) as on:
            told = measure(on, asked)
    except Failed as failed:
        return report.complain(failed)
    report.tell(*told)
    return 0


def measure(on: Rig, asked: argparse.Namespace) -> list[str]:
    """Turns first, then the sending of what they queued."""
    providers = on.peer("providers", cores=(machine.OTHER_CORE,))
    everybody, judge = targets(on, providers), Judge(on.url)
    say(f"{asked.rounds} rounds of {len(everybody)} × {asked.seconds + asked.warm:.1f} s")

    def one(target: Target) -> Cost:
        tally = load(target, seconds=asked.seconds, warm=asked.warm)
        judge(target, tally.turns)
        return cost(tally)

    costs = rounds(everybody, asked.rounds, one, say)
    sent = outgoing.measure(on, providers, asked.rounds, asked.answers)
    checked = f"{judge.answers} answers were read again, {judge.conversations} conversations followed to their end."
    return [
        machine.describe(), disturbed(costs), "", compare(costs), "", WHAT + checked, "", outgoing.table(sent), "",
        outgoing.WHAT, *ratios(costs, sent),
    ]  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())

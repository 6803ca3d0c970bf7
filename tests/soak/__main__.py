"""``python -m tests.soak``: live on chance for a while; exit status 1 on any breach."""

import argparse
import asyncio
import secrets
import signal
import sys

from tests.postgres import own_server
from tests.soak import campaign, hostile
from tests.soak.tally import Tally, say


def main() -> int:
    """Run what was asked for; 0 when nothing was wrong, 1 on a breach."""
    parser = argparse.ArgumentParser("python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=_minutes, default=10.0, help="how long people live on chance (0.1 to 1440)")
    parser.add_argument("--seed", type=int, default=None, help="makes the same people and mishaps again")
    parser.add_argument("--hostile", action="store_true", help="send hostile requests to every route instead")
    given = parser.parse_args()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with own_server() as server:
        url = server.url("toit")
        tally = asyncio.run(hostile.run(url, seed) if given.hostile else campaign.run(url, given.minutes, seed))
    return _report(tally, seed)


def _minutes(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 1_440:
        raise argparse.ArgumentTypeError("0.1 to 1440 minutes")
    return value


def _report(tally: Tally, seed: int) -> int:
    say(tally.report())
    say(f"{tally.seconds} s, seed {seed}: {len(tally.breaches)} breaches")
    return 1 if tally.breaches else 0


if __name__ == "__main__":
    sys.exit(main())

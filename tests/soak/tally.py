"""What a campaign counts, and every breach it finds."""

import sys
import time
from collections import Counter

SHOWN = 30
"""Breaches that are printed as they come; all are counted."""


def say(line: str) -> None:
    """One line for whoever watches."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Tally:
    """Counts by name; a breach is said at once."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.breaches: list[str] = []
        self.started = time.monotonic()

    def add(self, what: str, count: int = 1) -> None:
        """Something happened."""
        self.counts[what] += count

    def breach(self, what: str) -> None:
        """Something that must not happen did."""
        self.breaches.append(what)
        if len(self.breaches) <= SHOWN:
            say(f"BREACH {what}")

    @property
    def seconds(self) -> int:
        """How long it has been going on."""
        return int(time.monotonic() - self.started)

    def total(self, prefix: str) -> int:
        """Everything whose name begins so."""
        return sum(count for name, count in self.counts.items() if name.startswith(prefix))

    def line(self) -> str:
        """The progress so far."""
        figures = " ".join(
            f"{title} {self.total(prefix)}"
            for title, prefix in (
                ("turns", "turn"),
                ("payments", "payment: started"),
                ("faults", "fault: "),
                ("kills", "kill: "),
                ("deaths at crash points", "crash: "),
            )
        )
        return f"{self.seconds:>5} s  {figures}  breaches {len(self.breaches)}"

    def report(self) -> str:
        """Every count, one a line."""
        return "\n".join(f"  {count:>7}  {name}" for name, count in sorted(self.counts.items()))

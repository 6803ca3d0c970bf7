"""How results are told: a plain table, and each aim with what it came to."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """What was aimed at and what came out; ``least`` when more is better."""

    what: str
    limit: float
    measured: float
    least: bool = False

    @property
    def met(self) -> bool:
        """Reached."""
        return self.measured >= self.limit if self.least else self.measured <= self.limit

    def line(self) -> str:
        """One line; a miss says so."""
        sign = ">=" if self.least else "<="
        return f"{'met ' if self.met else 'MISS'}  {self.what}: {self.measured:.2f} (aim {sign} {self.limit:g})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side: the first to the left, the others to the right."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(_aligned(line, widths) for line in lines)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = [(cell, width) for cell, width in zip(line, widths, strict=True)]
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])


def tell(*parts: str) -> None:
    """The result: what goes into the document."""
    print("\n".join(parts), flush=True)


def complain(why: object) -> int:
    """Say why there is no result; the exit status of that."""
    print(f"bench: {why}", file=sys.stderr)
    return 1

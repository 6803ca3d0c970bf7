"""Verifies the books: every invariant counted, every breach listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.money.invariants import INVARIANTS, Invariant
from core.money.sealer import DIGEST, LATECOMERS, START, chained

Truth = Sequence[Mapping[str, Any]]
"""An operator's own log: reference, amount, currency and financial_transaction_id of each payment really made."""

_PAGE: Final = 5_000
_SEALS: Final = Statement(
    text(f"""
SELECT s.position, s.entry_id, s.digest, s.hash, {DIGEST} AS found
FROM seal AS s JOIN entry AS e ON e.id = s.entry_id
WHERE s.position > CAST(:after AS bigint) ORDER BY s.position LIMIT CAST(:most AS int)
""")  # noqa: S608 - constants only
)
_UNSEALED: Final = Statement(
    text(f"""
SELECT e.id FROM entry AS e
WHERE e.id < (SELECT coalesce(max(entry_id), 0) FROM seal) - {LATECOMERS}
    AND NOT EXISTS (SELECT FROM seal AS s WHERE s.entry_id = e.id) LIMIT 50
""")  # noqa: S608 - constants only
)


@dataclass(frozen=True, slots=True)
class Line:
    """One invariant: how many things were looked at, and what was wrong with them (None: not looked at)."""

    name: str
    title: str
    counted: int | None
    breaches: tuple[str, ...] = ()

    def words(self) -> str:
        """As printed."""
        counted = "no truth log" if self.counted is None else f"{self.counted} checked"
        head = f"{self.name:>4}  {'BREACH' if self.breaches else 'ok':6}  {counted:>15}  {self.title}"
        return "\n".join([head, *(f"          - {breach}" for breach in self.breaches)])


@dataclass(frozen=True, slots=True)
class Report:
    """What the books look like."""

    lines: tuple[Line, ...]

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not any(line.breaches for line in self.lines)

    def words(self) -> str:
        """As printed: one line an invariant, its breaches below."""
        return "\n".join(line.words() for line in self.lines)


async def verify_books(reader: Reader, truth: Truth | None = None) -> Report:
    """Check every invariant; with the operator's own log, also that no payment was lost or made up.

    Each is one consistent look; on books that are written to, a truth log must be older than the look.
    """
    lines = [await _check(reader, invariant, truth) for invariant in INVARIANTS]
    lines.append(await _seals(reader))
    return Report(tuple(sorted(lines, key=lambda line: int(line.name[1:]))))


async def _check(reader: Reader, invariant: Invariant, truth: Truth | None) -> Line:
    if invariant.needs_truth and truth is None:
        return Line(invariant.name, invariant.title, None)
    log = _columns(truth or ())
    counted = (await reader.fetch(invariant.count, **log))[0][0]
    wrong = await reader.fetch(invariant.breaches, **log) if invariant.breaches else []
    return Line(invariant.name, invariant.title, counted, tuple(row["what"] for row in wrong))


def _columns(truth: Truth) -> dict[str, list[Any]]:
    return {
        "references": [UUID(str(row["reference"])) for row in truth],
        "amounts": [int(row["amount"]) for row in truth],
        "currencies": [row["currency"] for row in truth],
        "transactions": [row["financial_transaction_id"] for row in truth],
    }


async def _seals(reader: Reader) -> Line:
    """Walk the chain from its start: a changed entry, a missing link and a changed seal all show."""
    breaches = [f"entry {row['id']} was never sealed" for row in await reader.fetch(_UNSEALED)]
    before, position = START, 0
    while rows := await reader.fetch(_SEALS, after=position, most=_PAGE):
        for row in rows:
            position += 1
            before = chained(before, row["found"])
            if row["position"] != position or row["hash"] != before or row["digest"] != row["found"]:
                breaches.append(f"the chain breaks at {row['position']} (entry {row['entry_id']})")
                return Line("I13", "the hash chain verifies", position, tuple(breaches))
    return Line("I13", "the hash chain verifies", position, tuple(breaches))

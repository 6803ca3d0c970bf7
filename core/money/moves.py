"""Every move of an attempt that is no posting: claimed, guarded against a slower worker, told to the payer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from core.kit.clock import Clock
from core.kit.crash import crash_point
from core.kit.db import Database, Record, Statement
from core.kit.money import Money
from core.kit.phone import Phone
from core.kit.say import t
from core.money.ladder import LADDER, LEASE, next_check, next_look
from core.notices.outbox import queue_all
from core.notices.words import Notice

_NOW: Final = "CAST(:now AS timestamptz)"
_NEXT: Final = "next_check_at = CAST(:next AS timestamptz)"
_MINE: Final = "WHERE id = CAST(:id AS bigint) AND state = CAST(:was AS text) AND checks = CAST(:checks AS int)"
"""A worker that was slower than its lease has lost: somebody else counted one check more, or moved it on."""


def _move(changes: str) -> Statement:
    return Statement(text(f"UPDATE payment_attempt SET {changes} {_MINE} RETURNING *"))  # noqa: S608 - constants only


_CLAIM: Final = Statement(
    text(f"""
UPDATE payment_attempt SET checks = checks + 1, checked_at = {_NOW}, {_NEXT}
WHERE id IN (
    SELECT id FROM payment_attempt WHERE next_check_at <= {_NOW}
    ORDER BY next_check_at, id LIMIT CAST(:most AS int) FOR UPDATE SKIP LOCKED
) RETURNING *
""")  # noqa: S608 - constants only
)
_MARK: Final = _move(
    f"state = 'submitting', moved_at = {_NOW}, submits = submits + 1, misses = 0, missed_since = NULL, {_NEXT}"
)
_TAKEN: Final = _move(
    f"state = 'submitted', moved_at = {_NOW}, submitted_at = coalesce(submitted_at, {_NOW}),"
    f" misses = 0, missed_since = NULL, {_NEXT}"
)
_UNSENT: Final = _move(f"state = 'created', moved_at = {_NOW}, submits = submits - 1, {_NEXT}")
_LATER: Final = _move(_NEXT)
_MISSED: Final = _move(f"misses = misses + 1, missed_since = coalesce(missed_since, {_NOW}), {_NEXT}")
_FAIL: Final = _move(
    f"state = 'failed', failure = CAST(:failure AS text), moved_at = {_NOW}, settled_at = {_NOW}, next_check_at = NULL"
)
_GIVE_UP: Final = _move(f"state = 'unresolved', moved_at = {_NOW}, {_NEXT}")
_EXPIRED: Final = _move(f"expired_at = {_NOW}")
_UNALERTED: Final = Statement(
    text("SELECT id, ref, moved_at FROM payment_attempt WHERE state = 'unresolved' AND alerted_at IS NULL ORDER BY id")
)
ALERTED: Final = Statement(text(f"UPDATE payment_attempt SET alerted_at = {_NOW} WHERE id = CAST(:id AS bigint)"))  # noqa: S608
"""A person was called."""


class Moves:
    """Moves attempts; each returns the attempt as it stands then, or None when another worker was faster."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def claim(self, most: int) -> list[Record]:
        """Take what is due, for as long as a lease lasts; no two workers get the same."""
        now = self._clock.now()
        return await self._db.fetch(_CLAIM, now=now, next=now + LEASE, most=most)

    async def unalerted(self) -> list[Record]:
        """Unresolved attempts for which nobody was called yet."""
        return await self._db.fetch(_UNALERTED)

    async def mark(self, attempt: Record) -> Record | None:
        """It is about to be asked for."""
        return await self._do(_MARK, attempt, self._clock.now() + LEASE)

    async def taken(self, attempt: Record) -> Record | None:
        """The operator has it; the ladder begins."""
        return await self._do(_TAKEN, attempt, self._clock.now() + LADDER[0])

    async def unsent(self, attempt: Record) -> Record | None:
        """It never left the house: to be asked for again soon, as if for the first time."""
        return await self._do(_UNSENT, attempt, self._clock.now() + LADDER[0])

    async def later(self, attempt: Record) -> Record | None:
        """Ask again on the next rung."""
        return await self._do(_LATER, attempt, self._rung(attempt))

    async def missed(self, attempt: Record) -> Record | None:
        """The operator did not know it this time."""
        found = await self._do(_MISSED, attempt, self._rung(attempt))
        crash_point("miss.stored")
        return found

    async def fail(self, attempt: Record, failure: str) -> None:
        """It ended and nothing was taken: the payer is told why."""
        told = _notice(attempt, "payment_failed.1", reason=t(f"failure.{failure}"))
        await self._tell(_FAIL, attempt, [told], failure=failure)
        crash_point("fail.done")

    async def give_up(self, attempt: Record) -> None:
        """Nobody knows what became of it: the payer is asked not to pay again."""
        told = _notice(attempt, "payment_unknown.1")
        await self._tell(_GIVE_UP, attempt, [told], next=next_look(self._clock.now(), attempt["created_at"]))
        crash_point("unresolved.done")

    async def tell_expired(self, attempt: Record) -> None:
        """The operator's window has passed without an outcome; the attempt itself goes on."""
        await self._tell(_EXPIRED, attempt, [_notice(attempt, "payment_expired.1")])
        crash_point("expired.told")

    def _rung(self, attempt: Record) -> datetime | None:
        now = self._clock.now()
        if attempt["state"] == "unresolved":
            return next_look(now, attempt["created_at"])
        return next_check(now, attempt["submitted_at"] or attempt["moved_at"])

    async def _do(self, statement: Statement, attempt: Record, then: datetime | None) -> Record | None:
        return await self._db.one(statement, **self._mine(attempt, next=then))

    async def _tell(self, statement: Statement, attempt: Record, notices: Sequence[Notice], **more: Any) -> None:
        """Move and tell in one transaction; who was too slow tells nothing."""
        async with self._db.transaction() as tx:
            if await tx.one(statement, **self._mine(attempt, **more)):
                crash_point("move.untold")
                await queue_all(tx, notices, self._clock.now())

    def _mine(self, attempt: Record, **more: Any) -> dict[str, Any]:
        guard = {"id": attempt["id"], "was": attempt["state"], "checks": attempt["checks"], "now": self._clock.now()}
        return guard | more


def _notice(attempt: Record, template: str, **more: object) -> Notice:
    blanks = {
        "amount": Money(attempt["amount"], attempt["currency"]),
        "title": attempt["title"],
        "ref": attempt["ref"],
        **more,
    }
    key = f"{template.partition('.')[0]}:{attempt['ref']}"
    return Notice(key, Phone(attempt["notify_phone"]), attempt["language"], template, blanks, attempt["payer"])

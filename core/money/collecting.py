"""The worker's side of payment attempts: asks operators for them, asks what became of them, has them posted."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import asyncpg

from core.kit.clock import Clock
from core.kit.crash import crash_point
from core.kit.db import Database, Record
from core.kit.errors import ProviderError, Refused
from core.kit.log import get_log
from core.kit.money import Money
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.money import moves
from core.money.ladder import GIVE_UP_AFTER, LOST_AFTER, MISSED_FOR, MISSES, SUBMITS, UNSENT_FOR
from core.money.moves import Moves
from core.money.posting import Confirmed, Poster
from core.money.rails import Order, Rail, Status

AT_ONCE: Final = 64
"""Attempts that one worker carries at the same time."""


class Collector:
    """Carries every open attempt to its end; any number of them may run side by side."""

    def __init__(self, db: Database, clock: Clock, rails: Mapping[str, Rail], settings: Settings) -> None:
        self._db = db
        self._clock = clock
        self._rails = rails
        self._brand = settings.brand
        self._moves = Moves(db, clock)
        self._poster = Poster(db, clock)
        self._log: Any = get_log("money")

    async def run_once(self) -> int:
        """Carry every attempt that is due one step further; returns how many there were."""
        due = await self._moves.claim(AT_ONCE)
        crash_point("collect.claimed")
        await asyncio.gather(*(self._carry(attempt) for attempt in due))
        await self._alert()
        return len(due)

    async def _carry(self, attempt: Record) -> None:
        """One attempt; whatever goes wrong, its lease runs out and it is asked after again."""
        rail = self._rails.get(attempt["rail"])
        if rail is None:
            self._log.error("rail_missing", rail=attempt["rail"], ref=attempt["ref"])
            return
        try:
            await (self._submit if attempt["state"] == "created" else self._ask)(attempt, rail)
        except Exception:  # noqa: BLE001 - the others of this round must not suffer
            self._log.exception("attempt_failed", ref=attempt["ref"])

    # --- asking for the payment ---

    async def _submit(self, attempt: Record, rail: Rail) -> None:
        """Ask for it: the mark is durable before anything leaves the house."""
        marked = await self._moves.mark(attempt)
        if marked is None:
            return
        crash_point("submit.marked")
        try:
            await rail.submit(_order(marked, self._brand))
        except ProviderError as error:
            await self._not_taken(marked, error)
            return
        crash_point("submit.answered")
        await self._moves.taken(marked)
        crash_point("submit.stored")

    async def _not_taken(self, attempt: Record, error: ProviderError) -> None:
        """Only an order that surely never arrived may fail or be sent as if for the first time."""
        self._log.warning("not_taken", ref=attempt["ref"], code=error.code, unknown=error.unknown)
        if error.unknown or attempt["submits"] > 1:
            await self._moves.later(attempt)
        elif not error.retryable:
            await self._moves.fail(attempt, error.code)
        elif self._clock.now() - attempt["created_at"] > UNSENT_FOR:
            await self._moves.fail(attempt, "provider_unavailable")
        else:
            await self._moves.unsent(attempt)

    # --- asking what became of it ---

    async def _ask(self, attempt: Record, rail: Rail) -> None:
        crash_point("status.asked")
        try:
            status = await rail.status(attempt["reference"])
        except ProviderError as error:
            self._log.warning("status_unknown", ref=attempt["ref"], code=error.code)
            await self._wait(attempt, rail)
            return
        crash_point("status.answered")
        if status is None:
            await self._missed(attempt, rail)
        elif status.word == "pending":
            found = await self._moves.taken(attempt) if attempt["state"] == "submitting" else attempt
            if found is not None:
                await self._wait(found, rail)
        elif status.word == "failed":
            await self._moves.fail(attempt, status.failure or "provider_error")
        else:
            await self._paid(attempt, status)

    async def _wait(self, attempt: Record, rail: Rail) -> None:
        """Not over yet: tell the payer once the operator's window has passed, call a person after a day."""
        age = self._clock.now() - attempt["created_at"]
        if age >= GIVE_UP_AFTER and attempt["state"] != "unresolved":
            await self._moves.give_up(attempt)
            return
        if age >= rail.can.window and attempt["expired_at"] is None and attempt["state"] == "submitted":
            await self._moves.tell_expired(attempt)
        await self._moves.later(attempt)

    async def _missed(self, attempt: Record, rail: Rail) -> None:
        """The operator does not know it: an index that lags, or an order that never arrived."""
        since = attempt["missed_since"] or self._clock.now()
        sure = attempt["misses"] + 1 >= MISSES and self._clock.now() - since >= MISSED_FOR
        if not sure or attempt["state"] == "unresolved":
            await self._moves.missed(attempt)
        elif attempt["submits"] < SUBMITS:
            await self._submit(attempt, rail)
        elif attempt["submitted_at"] is None and self._clock.now() - attempt["moved_at"] >= LOST_AFTER:
            await self._moves.fail(attempt, "not_submitted")
        else:
            await self._wait(attempt, rail)

    async def _paid(self, attempt: Record, status: Status) -> None:
        """The operator took the money: what it says must be what we asked for, to the franc."""
        if not _agrees(attempt, status):
            await self._doubt(attempt, "mismatch")
            return
        try:
            await self._poster.post(_confirmed(attempt, status))
        except (Refused, asyncpg.UniqueViolationError) as error:
            await self._doubt(attempt, type(error).__name__)

    async def _doubt(self, attempt: Record, why: str) -> None:
        """Money may have moved otherwise than asked: nothing is posted, a person is called."""
        self._log.error("payment_in_doubt", ref=attempt["ref"], why=why)
        await (self._moves.later if attempt["state"] == "unresolved" else self._moves.give_up)(attempt)

    async def _alert(self) -> None:
        """Call a person for everything unresolved; it is called again when the worker dies before noting it."""
        for attempt in await self._moves.unalerted():
            self._log.error("payment_unresolved", ref=attempt["ref"], since=attempt["moved_at"].isoformat())
            crash_point("alert.logged")
            await self._db.fetch(moves.ALERTED, id=attempt["id"], now=self._clock.now())


def _order(attempt: Record, brand: str) -> Order:
    return Order(
        reference=attempt["reference"],
        ref=attempt["ref"],
        amount=Money(attempt["amount"], attempt["currency"]),
        payer=Phone(attempt["payer_phone"]),
        note=f"{brand} {attempt['title']} {attempt['ref']}",
    )


def _agrees(attempt: Record, status: Status) -> bool:
    asked = (attempt["amount"], attempt["currency"], attempt["ref"])
    return (status.francs, status.currency, status.ref) == asked and status.provider_tx != ""


def _confirmed(attempt: Record, status: Status) -> Confirmed:
    amount = Money(attempt["amount"], attempt["currency"])
    return Confirmed(attempt["id"], attempt["ref"], attempt["subject"], amount, status.provider_tx)

"""People pay in every way they can while everything goes wrong; after each step the books are verified."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.embedded import Embedded
from core.kit.errors import ProviderError
from core.kit.month import Month
from core.kit.settings import Settings
from core.money.attempts import Collector, count_by_state
from core.money.books import verify_books
from core.money.sealer import Sealer
from tests.core.money.operator import AWAY, LOST, FakeOperator, told
from tests.core.money.test_attempts import begin
from tests.core.money.village import Village, Villager
from webhooks.payments import AT_ONCE, FLOOR, HEARD

T = TypeVar("T")
FIRST = Month(2026, 9)
REFUSAL = ProviderError("payer_limit", retryable=False)
RENT = 85_000
PENDING = precondition(lambda machine: any(p.word == "pending" for p in machine.operator.payments.values()))


class Street:
    """One database and one event loop for all examples; each example has people of its own."""

    def __init__(self, url: str) -> None:
        self.runner = asyncio.Runner()
        self.clock = FixedClock(datetime(2026, 11, 5, 8, 0, tzinfo=UTC))
        self.db: Database = self.do(Database.open(url, size=6))
        self.village = Village(self.db, self.clock)
        self.operator = FakeOperator()
        self.subjects = 0

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end."""
        return self.runner.run(work)

    def close(self) -> None:
        """Let go of the database and the loop."""
        self.do(self.db.close())
        self.runner.close()


class Payments(RuleBasedStateMachine):
    """A landlord, two leases, a tenant each and an uncle who also pays."""

    street: Street

    def __init__(self) -> None:
        super().__init__()
        street = self.street
        self.village, self.clock, self.operator = street.village, street.clock, street.operator
        self.do = street.do
        self.paul, self.marie, self.jean, self.uncle = (self.do(self.village.person(n)) for n in "PMJU")
        street.subjects += 2
        self.leases = {street.subjects - 1: self.marie, street.subjects: self.jean}
        self.issued = dict.fromkeys(self.leases, 0)
        self.workers = [self._worker(), self._worker()]
        self.sealer = Sealer(street.db, street.clock)
        self.touched = True

    def _worker(self) -> Collector:
        return Collector(self.street.db, self.clock, {"mtn": self.operator}, Settings())

    def _lease(self, second: bool) -> tuple[int, Villager]:
        return list(self.leases.items())[second]

    @initialize(francs=st.sampled_from([500, RENT, 2 * RENT + 1]))
    def first_month(self, francs: int) -> None:
        """Both owe September; the first has paid something on it."""
        for second in (False, True):
            self.owe(second=second, kind="rent")
        self.pay(second=False, by_uncle=False, francs=francs, ahead=0)
        self.operator.approve(self.operator.last())
        self.work(10, both=True)

    @rule(second=st.booleans(), kind=st.sampled_from(["rent", "service", "deposit"]))
    def owe(self, second: bool, kind: Any) -> None:
        """A month is charged; credit in hand pays what is due of it."""
        subject, tenant = self._lease(second)
        month = FIRST.plus(self.issued[subject])
        self.do(self.village.owe(subject, tenant, self.paul, RENT, month, kind=kind))
        self.issued[subject] += kind == "rent"
        self.touched = True

    @rule(
        second=st.booleans(),
        by_uncle=st.booleans(),
        francs=st.sampled_from([500, 40_000, RENT, 2 * RENT, 3 * RENT + 1]),
        ahead=st.integers(0, 3),
    )
    def pay(self, second: bool, by_uncle: bool, francs: int, ahead: int) -> None:
        """Part of a month, one, several, months to come, or far too much; a second one at once is refused."""
        subject, tenant = self._lease(second)
        months = tuple(FIRST.plus(self.issued[subject] + n) for n in range(ahead))
        payer = self.uncle if by_uncle else tenant
        self.do(begin(self.village, payer, self.paul, francs, subject=subject, debtor=tenant.id, months=months))
        self.work(2, both=False)

    @rule(
        seconds=st.sampled_from([1, 10, 61, 400, 4_000, 90_000]),
        both=st.booleans(),
        anew=st.booleans(),
        forged=st.booleans(),
    )
    def work(self, seconds: int, both: bool, anew: bool = False, forged: bool = False) -> None:
        """After a while the workers look at what is due, alone or at the same moment, perhaps started anew, perhaps
        called by somebody who claims that the last payment succeeded; then the sealer seals.
        """
        self.clock.move(seconds=seconds)
        if anew:
            self.workers[0] = self._worker()
        if forged and self.operator.payments:
            self._forge()

        async def rounds() -> None:
            await asyncio.gather(*(worker.run_once() for worker in self.workers[: 1 + both]))
            await self.sealer.run_once()

        self.do(rounds())
        self.touched = True

    def _forge(self) -> None:
        order = self.operator.last().order
        hint = {"provider": "mtn", "raw": b"{}", "ref": order.ref, "reference": None}
        self.do(self.street.db.fetch(HEARD, **hint, now=self.clock.now(), floor=FLOOR, first=AT_ONCE))

    @PENDING
    @rule(
        which=st.integers(0, 9),
        how=st.sampled_from(["approve", "approve", "refuse", "lie"]),
        lie=st.sampled_from([{"francs": 1}, {"currency": "XOF"}, {"ref": "P00"}]),
        seconds=st.sampled_from([0, 10, 130, 90_000]),
    )
    def answer(self, which: int, how: str, lie: dict[str, object], seconds: int) -> None:
        """A payer types the PIN, or refuses, or the operator tells a success of something else; soon or too late."""
        waiting = [p for p in self.operator.payments.values() if p.word == "pending"]
        payment = waiting[which % len(waiting)]
        if how == "lie":
            self.operator.lies[payment.order.reference] = told(payment, word="succeeded", provider_tx="777", **lie)
        else:
            (self.operator.approve if how == "approve" else self.operator.refuse)(payment)
        if seconds:
            self.work(seconds, both=seconds == 10)

    @rule(
        before=st.lists(st.sampled_from([LOST, AWAY, REFUSAL]), max_size=2),
        after=st.lists(st.just(LOST), max_size=2),
        answers=st.lists(st.sampled_from([LOST, None]), max_size=4),
    )
    def trouble(self, before: list[ProviderError], after: list[ProviderError], answers: list[Any]) -> None:
        """Orders or the answers to them get lost; questions meet errors, or an index that lags behind."""
        self.operator.before += before
        self.operator.after += after
        self.operator.statuses += answers

    @invariant()
    def books_are_right(self) -> None:
        """Every invariant, against what was really debited, after each step that wrote something."""
        if not self.touched:
            return
        self.touched = False
        report = self.do(verify_books(self.street.db, self.operator.truth))
        assert report.sound, report.words()

    def teardown(self) -> None:
        """Once the trouble is over everything ends or is in a person's hands, and no debit is missing."""
        self.operator.before, self.operator.after, self.operator.statuses = [], [], []
        self.operator.lies = {}
        for _ in range(40):
            for payment in list(self.operator.payments.values()):
                self.operator.approve(payment)
            self.work(1_000, both=True)
        self.touched = True
        self.books_are_right()
        counts = self.do(count_by_state(self.street.db))
        assert counts == {**counts, "created": 0, "submitting": 0, "submitted": 0}
        entries = self.do(self.village.value("SELECT count(*) FROM entry WHERE kind = 'rent_payment'"))
        assert entries == len(self.operator.truth)


@pytest.mark.untraced
def test_whatever_people_and_the_operator_do_no_franc_is_lost_or_made(server: Embedded) -> None:
    server.psql("CREATE DATABASE money_model TEMPLATE template_toit STRATEGY file_copy")
    Payments.street = Street(server.url("money_model"))
    try:
        run_state_machine_as_test(
            Payments,
            settings=settings(
                max_examples=20,
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
            ),
        )
    finally:
        Payments.street.close()
        server.psql("DROP DATABASE money_model WITH (FORCE)")

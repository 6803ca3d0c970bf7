"""People pay in every way they can while everything goes wrong; after each step the books are verified."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

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
from webhooks.payments import FLOOR, HEARD

T = TypeVar("T")
FIRST = Month(2026, 9)
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

    def _worker(self) -> Collector:
        return Collector(self.street.db, self.clock, {"mtn": self.operator}, Settings())

    def _lease(self, second: bool) -> tuple[int, Villager]:
        return list(self.leases.items())[second]

    @rule(second=st.booleans(), kind=st.sampled_from(["rent", "service", "deposit"]))
    def owe(self, second: bool, kind: Any) -> None:
        """A month is charged; credit in hand pays what is due of it."""
        subject, tenant = self._lease(second)
        month = FIRST.plus(self.issued[subject])
        self.do(self.village.owe(subject, tenant, self.paul, RENT, month, kind=kind))
        self.issued[subject] += kind == "rent"

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

    @rule(seconds=st.sampled_from([1, 3, 10, 61, 400]), both=st.booleans())
    def work(self, seconds: int, both: bool) -> None:
        """The workers look at what is due, alone or at the same moment."""
        self.clock.move(seconds=seconds)

        async def rounds() -> None:
            await asyncio.gather(*(worker.run_once() for worker in self.workers[: 1 + both]))

        self.do(rounds())

    @rule()
    def restart(self) -> None:
        """A worker is started anew: it remembers nothing."""
        self.workers[0] = self._worker()

    @rule(hours=st.sampled_from([1, 25]))
    def wait(self, hours: int) -> None:
        """Nobody works for hours."""
        self.clock.move(hours=hours)

    @PENDING
    @rule(which=st.integers(0, 9))
    def approve(self, which: int) -> None:
        """A payer types the PIN, in time or long after everybody gave up."""
        waiting = [p for p in self.operator.payments.values() if p.word == "pending"]
        self.operator.approve(waiting[which % len(waiting)])

    @PENDING
    @rule(which=st.integers(0, 9))
    def refuse(self, which: int) -> None:
        """A payer refuses."""
        waiting = [p for p in self.operator.payments.values() if p.word == "pending"]
        self.operator.refuse(waiting[which % len(waiting)])

    @rule(
        fault=st.sampled_from([LOST, AWAY, ProviderError("payer_limit", retryable=False)]),
        after=st.booleans(),
        count=st.integers(1, 3),
    )
    def trouble(self, fault: ProviderError, after: bool, count: int) -> None:
        """The operator's answers to orders get lost, before or after it took them."""
        if after:
            self.operator.after += [LOST] * count
        else:
            self.operator.before += [fault] * count

    @rule(answers=st.lists(st.sampled_from([LOST, None]), min_size=1, max_size=4))
    def blindness(self, answers: list[Any]) -> None:
        """Questions are answered by errors, or by an index that does not know the order yet."""
        self.operator.statuses += answers

    @PENDING
    @rule(lie=st.sampled_from([{"francs": 1}, {"currency": "XOF"}, {"ref": "P00"}]))
    def lie(self, lie: dict[str, object]) -> None:
        """The operator reports a success of something else."""
        self.operator.statuses.append(told(self.operator.last(), word="succeeded", provider_tx="777", **lie))

    @precondition(lambda self: self.operator.payments)
    @rule(times=st.integers(1, 3))
    def forge(self, times: int) -> None:
        """Somebody who knows the address claims that the last payment succeeded."""
        order = self.operator.last().order
        for _ in range(times):
            self.do(
                self.street.db.fetch(
                    HEARD, provider="mtn", raw=b"{}", ref=order.ref, reference=None, now=self.clock.now(), floor=FLOOR
                )
            )

    @rule()
    def seal(self) -> None:
        """The sealer seals what was posted."""
        self.do(self.sealer.run_once())

    @invariant()
    def books_are_right(self) -> None:
        """Every invariant, against what was really debited."""
        report = self.do(verify_books(self.street.db, self.operator.truth))
        assert report.sound, report.words()

    def teardown(self) -> None:
        """Once the trouble is over, everything comes to an end and nothing that was debited is missing."""
        self.operator.before, self.operator.after, self.operator.statuses = [], [], []
        for _ in range(40):
            for payment in list(self.operator.payments.values()):
                self.operator.approve(payment)
            self.work(1_000, both=True)
        self.books_are_right()
        assert set(self.do(count_by_state(self.street.db)).values()) == {0}
        entries = self.do(self.village.value("SELECT count(*) FROM entry WHERE kind = 'rent_payment'"))
        assert entries == len(self.operator.truth)


def test_whatever_people_and_the_operator_do_no_franc_is_lost_or_made(server: Embedded) -> None:
    server.psql("CREATE DATABASE money_model TEMPLATE template_toit STRATEGY file_copy")
    Payments.street = Street(server.url("money_model"))
    try:
        run_state_machine_as_test(
            Payments,
            settings=settings(
                max_examples=8,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
            ),
        )
    finally:
        Payments.street.close()
        server.psql("DROP DATABASE money_model WITH (FORCE)")

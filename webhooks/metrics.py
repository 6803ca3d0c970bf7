"""What is counted, and the log line of each turn."""

from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.place import Place
from core.kit.clock import Clock
from core.kit.log import Lines

_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 8.0)


class _Turns(Collector):
    """Turns answered and the time they took: plain figures, made into metrics only when somebody looks."""

    def __init__(self) -> None:
        self._answered: Tally[tuple[str, str, str]] = Tally()
        self._took = [0] * (len(_SECONDS) + 1)
        self._seconds = 0.0

    def note(self, key: tuple[str, str, str], seconds: float) -> None:
        """One more; ``key`` is channel, gateway and outcome."""
        self._answered[key] += 1
        self._took[bisect_left(_SECONDS, seconds)] += 1
        self._seconds += seconds

    def collect(self) -> Iterator[Metric]:
        """The figures as they stand."""
        turns = CounterMetricFamily("toit_turns", "Turns answered", labels=["channel", "gateway", "outcome"])
        for key, count in self._answered.items():
            turns.add_metric(key, count)
        yield turns
        below = zip((*map(str, _SECONDS), "+Inf"), accumulate(self._took), strict=True)
        yield HistogramMetricFamily("toit_turn_seconds", "Time to answer a turn", [*below], self._seconds)


class Meters:
    """The counters of one process."""

    def __init__(self, clock: Clock) -> None:
        self.registry = CollectorRegistry()
        self._turns = _Turns()
        self.registry.register(self._turns)
        self.refusals = Counter(
            "toit_requests_refused", "Requests refused", ["route", "status"], registry=self.registry
        )
        self.unheard = Counter(
            "toit_over_limit", "Acknowledged and not heard: too much at once", ["channel"], registry=self.registry
        )
        self.outbox = Gauge("toit_outbox_depth", "Notices waiting to be sent", registry=self.registry)
        self.outbox_age = Gauge("toit_outbox_age_seconds", "Age of the oldest waiting notice", registry=self.registry)
        self.attempts = Gauge("toit_payment_attempts", "Payment attempts by state", ["state"], registry=self.registry)
        self._lines = Lines("bot", "turn", clock)

    def turn(self, channel: str, gateway: str, place: Place | None, outcome: str, seconds: float) -> None:
        """Count a turn and write its line; what was said is never part of it."""
        self._turns.note((channel, gateway, outcome), seconds)
        top = place.top if place else None
        self._lines.write(
            channel=channel,
            gateway=gateway,
            outcome=outcome,
            flow=top.flow if top else "",
            step=top.step if top else "",
            turn=place.turn if place else 0,
            ms=round(seconds * 1000, 2),
        )

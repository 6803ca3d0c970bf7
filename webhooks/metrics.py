"""What is counted, and the log line of each turn."""

from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.place import Place
from core.kit.clock import Clock
from core.kit.log import Lines

_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 8.0)


class Meters:
    """The counters of one process."""

    def __init__(self, clock: Clock) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter("toit_turns", "Turns answered", ["channel", "gateway", "outcome"], registry=self.registry)
        self.seconds = Histogram("toit_turn_seconds", "Time to answer a turn", buckets=_SECONDS, registry=self.registry)
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
        self._counters: dict[tuple[str, str, str], Any] = {}

    def turn(self, channel: str, gateway: str, place: Place | None, outcome: str, seconds: float) -> None:
        """Count a turn and write its line; what was said is never part of it."""
        key = (channel, gateway, outcome)
        counter = self._counters.get(key)
        if counter is None:
            counter = self._counters[key] = self.turns.labels(*key)
        counter.inc()
        self.seconds.observe(seconds)
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

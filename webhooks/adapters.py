"""Every adapter by the name an integrator knows it under, and the pure reader behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.inbound import Event
from core.kit.settings import Settings
from webhooks import africastalking, telegram, twilio, whatsapp
from webhooks.raw import Raw, Rejected, form
from webhooks.ussd import read as ussd
from webhooks.ussd.dialects import DIALECTS
from webhooks.ussd.handler import BODY_LIMIT
from webhooks.ussd.words import Dialect

Read = Callable[[Raw, Settings, str | None], list[Event]]
"""A request, the settings with the secrets, and what is known of the session before it (session gateways only)."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """A reader, what it may be sent by, and the most bytes of a body."""

    methods: tuple[str, ...]
    limit: int
    read: Read


def hear(adapter: Adapter, raw: Raw, settings: Settings, prior_text: str | None = None) -> list[Event]:
    """What the app would hear in a request. Rejected as the app would refuse it, 405 and 413 included."""
    if raw.method not in adapter.methods:
        raise Rejected(405, f"method: {' or '.join(adapter.methods)}")
    if len(raw.body) > adapter.limit:
        raise Rejected(413, f"body: at most {adapter.limit} bytes")
    return adapter.read(raw, settings, prior_text)


def _alone(read: Callable[[Raw, Settings], list[Event]]) -> Read:
    """A reader that needs to know nothing of what came before."""
    return lambda raw, settings, _prior_text: read(raw, settings)


def _session(dialect: Dialect) -> Read:
    return lambda raw, settings, prior_text: [ussd.read(dialect, raw, settings, prior_text)]


def _read_sms(raw: Raw, settings: Settings) -> list[Event]:
    """At one of our addresses as the app reads it; at any other the fields tell which callback it is."""
    if raw.path.startswith(f"{africastalking.PATH}/"):
        return africastalking.read(raw, settings)
    fields = form(raw)
    if "text" in fields or "from" in fields:
        return [africastalking.parse(raw, "")]
    return [africastalking.parse(raw, "delivery" if "status" in fields else "optout")]


ADAPTERS: Final = {
    "twilio": Adapter(("POST",), twilio.BODY_LIMIT, _alone(twilio.read)),
    "meta": Adapter(("POST", "GET"), whatsapp.BODY_LIMIT, _alone(whatsapp.read)),
    "telegram": Adapter(("POST",), telegram.BODY_LIMIT, _alone(telegram.read)),
    "africastalking-sms": Adapter(("POST",), africastalking.BODY_LIMIT, _alone(_read_sms)),
    **{name: Adapter(dialect.methods, BODY_LIMIT, _session(dialect)) for name, dialect in DIALECTS.items()},
}

"""What may be said about notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, NewType

from core.kit.phone import Phone
from core.kit.speaker import Language, PersonId

NoticeId = NewType("NoticeId", int)
NoticeState = Literal["queued", "sending", "sent", "delivered", "failed", "unknown", "dead", "suppressed"]
"""``failed``: the operator says that it did not reach the phone. ``dead``: we gave up, it can be replayed. ``unknown``:
it may or may not have been sent; only a delivery report tells.
"""

ReportStatus = Literal["sent", "delivered", "failed"]
"""What a provider may report of a message it accepted; the last two are final."""

ESSENTIAL: Final = frozenset(
    "said turn_ready stopped resumed info pin_locked rent_paid rent_received credit_used credit_received payment_failed"
    " payment_unknown payment_expired receipt_quittance receipt_recu".split()
)
"""Templates (without their version) that still go out after STOP: answers, receipts, security. All others stop."""

REPEATABLE: Final = frozenset("said turn_ready stopped resumed info".split())
"""Templates that may be sent once more when nobody knows whether they went out: none about money, none about a PIN."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to send: a template of the catalogue (``notice.<template>``, versioned: "rent_paid.1") and its blanks.

    ``key`` makes it one message however often it is queued. Blanks may be Money, Month, date, datetime, Phone,
    Text, str or int.
    """

    key: str
    to: Phone
    language: Language
    template: str
    blanks: Mapping[str, object] = field(default_factory=dict)
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a provider answered when it accepted a message; ``provider_id`` is "" when it gave none."""

    provider: str
    provider_id: str
    cost: Decimal | None = None
    currency: str | None = None

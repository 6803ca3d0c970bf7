"""What may be said about notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, NewType, Protocol

from core.kit.phone import Phone
from core.kit.speaker import Address, Language, PersonId

NoticeId = NewType("NoticeId", int)
NoticeState = Literal["queued", "sending", "sent", "delivered", "failed", "unknown", "dead", "suppressed"]
"""``failed``: the operator says that it did not reach the phone. ``dead``: we gave up, it can be replayed. ``unknown``:
it may or may not have been sent; only a delivery report tells.
"""

ReportStatus = Literal["sent", "delivered", "failed"]
"""What a provider may report of a message it accepted; the last two are final."""

List = Literal["answers", "payments", "account", "reminders", "alerts"]
"""Kinds of notices. People choose where payments, reminders and alerts reach them, and may stop the last two; answers
go where the question came from, and what concerns an account always also goes to the phone.
"""

_LISTS: Final[dict[List, str]] = {
    "answers": "said screen turn_ready stopped resumed list_stopped list_resumed info code waiting",
    "account": "pin_locked linked unlinked suspended",
    "payments": "rent_paid rent_received rent_received_for credit_used credit_received payment_failed payment_unknown"
    " payment_expired receipt_quittance receipt_recu",
    "reminders": "dropped",
}

LIST_OF: Final[dict[str, List]] = {
    template: name for name, templates in _LISTS.items() for template in templates.split()
}
"""The list of each template (without its version); one that is not here is an alert."""

Choosable = Literal["payments", "reminders", "alerts"]
"""The lists that let people choose where they reach them."""

CHOOSABLE: Final[tuple[Choosable, ...]] = ("payments", "reminders", "alerts")

STOPPABLE: Final[tuple[List, ...]] = ("reminders", "alerts")
"""What ends with STOP; answers, receipts and security still go out."""

ESSENTIAL: Final = frozenset(template for template, name in LIST_OF.items() if name not in STOPPABLE)

ASKED_FOR: Final = frozenset({"receipt_quittance", "receipt_recu"})
"""Templates somebody asks for: they go where that was, not to another conversation that is open meanwhile."""

REPEATABLE: Final = frozenset("said screen turn_ready stopped resumed list_stopped list_resumed info waiting".split())
"""Templates that may be sent once more when nobody knows whether they went out: none about money, none about a PIN."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to send: a template of the catalogue (``notice.<template>``, versioned: "rent_paid.1") and its blanks.

    ``key`` makes it one message however often it is queued. ``to`` is a phone (SMS, or wherever ``person`` wants such
    notices), or the address of a conversation, then through ``source`` where it is known. Blanks may be Money, Month,
    date, datetime, Phone, Text, str or int.
    """

    key: str
    to: Phone | Address
    language: Language
    template: str
    blanks: Mapping[str, object] = field(default_factory=dict)
    person: PersonId | None = None
    source: str = ""

    @property
    def at(self) -> Address:
        """Where it goes unless its person wants it elsewhere."""
        return Address("sms", self.to.e164) if isinstance(self.to, Phone) else self.to


def list_of(template: str) -> List:
    """The list of a template, with or without its version."""
    return LIST_OF.get(template.partition(".")[0], "alerts")


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that goes with a message: its file name, and the bytes of a PDF."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message as it is handed to a provider: the words, and for a conversation its screen (a bubble, as JSON).

    ``approved`` is the vendor's template and its parameters in their order, where only an approved text may go out.
    ``paper`` goes with the words, in the same message, where the channel takes papers. ``notice`` names it for reports.
    """

    notice: int
    to: Address
    text: str
    language: Language
    screen: str = ""
    approved: tuple[str, tuple[str, ...]] | None = None
    paper: Paper | None = None


class Sender(Protocol):
    """A provider that takes messages of one channel."""

    async def send(self, parcel: Parcel) -> "Sent":
        """Hand over one message. Raises ProviderError."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """What a provider answered when it accepted a message; ``provider_id`` is "" when it gave none."""

    provider: str
    provider_id: str
    cost: Decimal | None = None
    currency: str | None = None

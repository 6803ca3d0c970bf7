"""What may be said about notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

from core.kit.phone import Phone
from core.kit.speaker import Language, PersonId

NoticeId = NewType("NoticeId", int)
NoticeState = Literal["queued", "sending", "sent", "delivered", "failed", "unknown", "dead", "suppressed"]


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

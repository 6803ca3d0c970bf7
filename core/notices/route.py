"""Where a notice goes: where its person wants such notices, if that can be reached now, otherwise to the phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final, Literal

from sqlalchemy import text

from core.kit.clock import local
from core.kit.db import Reader, Statement
from core.kit.money import CURRENCY_OF
from core.kit.phone import Phone, country_of
from core.kit.speaker import Address, Language, PersonId
from core.notices.words import ASKED_FOR, STOPPABLE, List, list_of

WINDOW: Final = timedelta(hours=24)
"""How long after somebody last wrote free words may go out, on a channel that has such a window."""

WINDOWED: Final = frozenset({"whatsapp"})

HERE: Final = timedelta(minutes=15)
"""How long after somebody last wrote in a conversation they are taken to be there still: what becomes of a payment is
told there, unless they chose another place.
"""

QUIET_FROM: Final = time(21)
QUIET_UNTIL: Final = time(7)
"""By the clock of the person's country: what can wait is not sent at night."""

APPROVED: Final[dict[str, tuple[str, ...]]] = {
    "rent_paid": ("amount", "payer", "landlord", "what", "title", "left", "number", "code", "ref"),
    "rent_received": ("amount", "tenant", "what", "title", "left", "total", "number", "ref"),
    "rent_received_for": ("amount", "tenant", "payer", "what", "title", "left", "total", "number", "ref"),
    "payment_failed": ("amount", "title", "reason", "ref"),
    "payment_unknown": ("amount", "title", "ref"),
    "waiting": (),
}
"""Templates a vendor has approved for outside the window, and the blanks they take, in their order; the vendor knows
them as ``toit_<name>``."""

Form = Literal["free", "approved"]

PRICES: Final[dict[tuple[str, Form], Decimal]] = {
    ("sms", "free"): Decimal(25),
    ("whatsapp", "free"): Decimal(0),
    ("whatsapp", "approved"): Decimal(8),
    ("telegram", "free"): Decimal(0),
}
"""Francs a message or segment, where the provider does not say: 25 for an SMS is what operators here ask; that of an
approved template is a working figure, to be set from the vendor's rate card before going live.
"""

_FACTS: Final = Statement(
    text(
        "SELECT door.channel, door.address, door.source, door.heard_at, door.language, person.country,"
        " (SELECT channel FROM preference WHERE person_id = person.id AND list = :list) AS preferred"
        " FROM person LEFT JOIN door ON door.person_id = person.id AND door.state = 'open'"
        " AND NOT EXISTS (SELECT FROM suppression AS stopped WHERE stopped.channel = door.channel"
        "   AND stopped.address = door.address AND stopped.list = 'all')"
        " WHERE person.id = :person ORDER BY door.heard_at DESC NULLS LAST"
    )
)


@dataclass(frozen=True, slots=True)
class Route:
    """Where to, through whom ("" for the channel's usual provider), in which form, and in which language where that was
    chosen there.
    """

    to: Address
    source: str = ""
    form: Form = "free"
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Reachable:
    """A conversation somebody can be reached in, when they last wrote there, and the language they chose there."""

    at: Address
    source: str
    heard_at: datetime
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person when a notice to them is about to go out."""

    country: str = "CM"
    preferred: str | None = None
    reachable: Sequence[Reachable] = ()


async def facts_of(on: Reader, person: PersonId, about: List) -> Facts:
    """The conversations a person can be reached in, and what they prefer for such notices."""
    rows = await on.fetch(_FACTS, person=person, list=about)
    if not rows:
        return Facts()
    found = [
        Reachable(Address(row["channel"], row["address"]), row["source"], row["heard_at"], row["language"])
        for row in rows
        if row["channel"] is not None
    ]
    return Facts(rows[0]["country"], rows[0]["preferred"], found)


def country_at(at: Address) -> str:
    """The country of an address that is a number, else Cameroon."""
    return (country_of(Phone(at.name)) if at.name.startswith("+") else "") or "CM"


def currency_at(at: Address) -> str:
    """What a message there is paid in: the two francs are worth the same."""
    return CURRENCY_OF.get(country_at(at), "XAF")


def choose(template: str, fallback: Address, facts: Facts, now: datetime) -> Route:
    """The preferred conversation while free words may go there, or in an approved template; without a preference, for
    what concerns a payment, the conversation they are in; otherwise the fallback.
    """
    if facts.preferred is None:
        return _here(template, fallback, facts, now)
    for one in facts.reachable:
        if one.at.channel != facts.preferred or one.at == fallback:
            continue
        if open_at(one.at.channel, one.heard_at, now):
            return Route(one.at, one.source, language=one.language)
        if template in APPROVED:
            return Route(one.at, one.source, "approved", one.language)
    return Route(fallback)


def _here(template: str, fallback: Address, facts: Facts, now: datetime) -> Route:
    """The conversation in which they wrote last, if that was just now: free words may go there on every channel."""
    follows = list_of(template) == "payments" and template not in ASKED_FOR
    last = max(facts.reachable, key=lambda one: one.heard_at, default=None)
    if not follows or last is None or last.at == fallback or now - last.heard_at > HERE:
        return Route(fallback)
    return Route(last.at, last.source, language=last.language)


def open_at(channel: str, heard_at: datetime, now: datetime) -> bool:
    """Whether free words may go out on a channel."""
    return channel not in WINDOWED or now - heard_at < WINDOW


def morning(about: List, country: str, now: datetime) -> datetime | None:
    """When a notice may go out that must not at night; None when it may now."""
    here = local(now, country)
    if about not in STOPPABLE or QUIET_UNTIL <= here.time() < QUIET_FROM:
        return None
    day = here.date() + timedelta(days=1) if here.time() >= QUIET_FROM else here.date()
    return datetime.combine(day, QUIET_UNTIL, here.tzinfo)

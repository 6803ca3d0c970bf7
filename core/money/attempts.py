"""Payment attempts: starting one in the turn of a person, and counting those that are open."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import text

from core.kit.clock import local
from core.kit.crash import crash_point
from core.kit.db import Reader, Statement
from core.kit.deed import Deed
from core.kit.errors import Refused
from core.kit.ids import make_code
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.speaker import PersonId
from core.money.collecting import Collector
from core.money.rails import Capabilities, serving
from core.money.tables import OPEN_STATES
from core.money.words import OpenAttempt, Started

__all__ = ["Collector", "count_by_state", "start"]

SUBMIT_AFTER: Final = timedelta(seconds=2)
"""A USSD session ends before the operator's prompt is asked for: a phone holds one session at a time."""

_NUMBER: Final = Statement(text("SELECT nextval(pg_get_serial_sequence('payment_attempt', 'id')) AS number"))
_START: Final = Statement(
    text("""
INSERT INTO payment_attempt (id, ref, reference, payer, payer_phone, notify_phone, language, payee, debtor, subject,
    title, amount, currency, rail, months, created_at, moved_at, next_check_at)
VALUES (CAST(:number AS bigint), :ref, CAST(:reference AS uuid), CAST(:payer AS bigint), :wallet, :notify, :language,
    CAST(:payee AS bigint), CAST(:debtor AS bigint), CAST(:subject AS bigint), :title, CAST(:amount AS bigint),
    :currency, :rail, CAST(:months AS date[]), CAST(:now AS timestamptz), CAST(:now AS timestamptz),
    CAST(:due AS timestamptz))
ON CONFLICT DO NOTHING RETURNING id
""")
)
_OPEN: Final = Statement(
    text("""
SELECT ref, amount, currency, created_at FROM payment_attempt
WHERE payer = CAST(:payer AS bigint) AND state = any(CAST(:states AS text[]))
    AND (CAST(:subject AS bigint) IS NULL OR subject = CAST(:subject AS bigint))
ORDER BY id DESC LIMIT 1
""")
)
_COUNT: Final = Statement(
    text(
        "SELECT state, count(*) AS count FROM payment_attempt WHERE state = any(CAST(:states AS text[])) GROUP BY state"
    )
)


async def start(
    deed: Deed,
    *,
    payee: PersonId,
    debtor: PersonId,
    subject: int,
    title: str,
    amount: Money,
    months: tuple[Month, ...],
    wallet: Phone,
) -> Started | Refused:
    """Write a payment down; the worker asks the operator for it once the turn is over.

    Refused: ``pay.rail`` (no operator serves that wallet in that currency), ``pay.open`` (the speaker has one under
    way for this subject: blanks ``amount``, ``at``, ``ref``), ``pay.just_ended`` (it ended this very moment: ask
    again). ValueError when nobody is speaking.
    """
    if deed.speaker.person is None:
        raise ValueError("a payment needs somebody who pays")
    rail = serving(wallet)
    if rail is None or rail.currency != amount.currency:
        return Refused("pay.rail")
    about = {"payer": deed.speaker.person, "payee": payee, "debtor": debtor, "subject": subject, "title": title}
    ref = await _write(deed, rail, amount, months=[month.first() for month in months], wallet=wallet.e164, **about)
    crash_point("attempt.written")
    return Started(ref, amount, rail.name) if ref else await _under_way(deed, deed.speaker.person, subject)


async def _write(deed: Deed, rail: Capabilities, amount: Money, **facts: object) -> str | None:
    """The new attempt's reference; None when the payer has an open one for the subject."""
    number = (await deed.tx.fetch(_NUMBER))[0]["number"]
    ref = make_code("P", number)
    written = await deed.tx.one(
        _START,
        number=number,
        ref=ref,
        reference=uuid4(),
        notify=(deed.speaker.phone or Phone(str(facts["wallet"]))).e164,
        language=deed.speaker.language,
        amount=amount.francs,
        currency=amount.currency,
        rail=rail.key,
        now=deed.now,
        due=deed.now + SUBMIT_AFTER,
        **facts,
    )
    return ref if written else None


async def _under_way(deed: Deed, payer: PersonId, subject: int) -> Refused:
    """The one that is open; it may have ended since, and then the person simply asks again."""
    found = await under_way(deed.tx, payer, subject, deed.speaker.country)
    if found is None:
        raise Refused("pay.just_ended")
    return Refused("pay.open", amount=found.amount, at=found.at, ref=found.ref)


async def under_way(on: Reader, payer: PersonId, subject: int | None, country: str) -> OpenAttempt | None:
    """Somebody's payment for a subject, or their latest one for any, that has no outcome yet."""
    row = await on.one(_OPEN, payer=payer, subject=subject, states=list(OPEN_STATES))
    if row is None:
        return None
    return OpenAttempt(row["ref"], Money(row["amount"], row["currency"]), local(row["created_at"], country))


async def count_by_state(reader: Reader) -> dict[str, int]:
    """How many attempts are open, by state; states without any count zero."""
    rows = await reader.fetch(_COUNT, states=list(OPEN_STATES))
    return dict.fromkeys(OPEN_STATES, 0) | {row["state"]: row["count"] for row in rows}

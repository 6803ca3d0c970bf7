"""Where a provider's answer and its delivery report meet, whichever comes first; a notice only ever moves forward."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.phone import Phone
from core.notices.queries import FALL
from core.notices.waiting import later
from core.notices.words import LIST_OF, ReportStatus

SETTLES_WITHIN: Final = timedelta(hours=48)
"""How much later than a message whose sending is unknown a report may come and still be taken for its own."""

_BEFORE: Final = timedelta(minutes=5)
"""How much earlier: the report can overtake our own time-out."""

_REPORT: Final = Statement(
    text(
        "WITH named AS ("
        "  SELECT id FROM notice WHERE id = cast(:notice AS bigint) AND state IN ('sending', 'unknown')"
        "  AND coalesce(source, :provider) = :provider AND coalesce(provider_id, :provider_id) = :provider_id)"
        ", met AS ("
        "  INSERT INTO delivery (provider, provider_id, notice_id, address, status, reason, at)"
        "  VALUES (:provider, :provider_id, (SELECT id FROM named), cast(:address AS text), cast(:status AS text),"
        "  cast(:reason AS text), cast(:now AS timestamptz))"
        "  ON CONFLICT (provider, provider_id) DO UPDATE SET status = excluded.status, reason = excluded.reason,"
        "  at = excluded.at, address = coalesce(excluded.address, delivery.address),"
        "  notice_id = coalesce(delivery.notice_id, excluded.notice_id)"
        "  WHERE delivery.status IS NULL OR (delivery.status = 'sent' AND excluded.status <> 'sent')"
        "  RETURNING notice_id)"
        ", moved AS ("
        "  UPDATE notice SET changed_at = :now, provider = coalesce(notice.provider, :provider),"
        "  provider_id = coalesce(notice.provider_id, :provider_id),"
        "  state = CASE notice.state WHEN 'sending' THEN notice.state ELSE cast(:status AS text) END,"
        "  next_try_at = CASE notice.state WHEN 'sending' THEN notice.next_try_at END,"
        "  sent_at = CASE notice.state WHEN 'sending' THEN notice.sent_at ELSE coalesce(notice.sent_at, :now) END,"
        "  failure = CASE WHEN notice.state <> 'sending' AND cast(:status AS text) = 'failed'"
        "   THEN cast(:reason AS text) END,"
        "  done_at = CASE WHEN notice.state <> 'sending' AND cast(:status AS text) <> 'sent'"
        "   THEN cast(:now AS timestamptz) END"
        "  FROM met WHERE notice.id = met.notice_id"
        "  AND (notice.state IN ('sending', 'unknown') OR (notice.state = 'sent' AND cast(:status AS text) <> 'sent')))"
        " SELECT notice_id FROM met"
    )
)
"""A report may name the notice that it is of. While that is being sent the report waits for the answer, which knows the
price; what either finds on the row is what the other has just committed.
"""

_EARLY: Final = Statement(
    text(
        "UPDATE notice SET state = delivery.status, next_try_at = NULL, changed_at = :now,"
        " sent_at = coalesce(sent_at, delivery.at),"
        " failure = CASE WHEN delivery.status = 'failed' THEN delivery.reason END,"
        " done_at = CASE WHEN delivery.status <> 'sent' THEN delivery.at END"
        " FROM delivery WHERE notice.address = :address AND notice.state = 'unknown' AND delivery.status IS NOT NULL"
        " AND (delivery.provider, delivery.provider_id) = (notice.provider, notice.provider_id)"
        " RETURNING notice.id, notice.state"
    )
)
"""What was told of messages to an address before anybody gave up waiting for the answer."""

_SETTLE: Final = Statement(
    text(
        "WITH lone AS ("
        "  SELECT min(id) AS id, min(changed_at) AS since, min(source) AS source FROM notice"
        "  WHERE channel = 'sms' AND address = :address AND state IN ('sending', 'unknown')"
        "  HAVING count(*) = 1 AND bool_and(state = 'unknown'))"
        ", report AS ("
        "  SELECT lone.id, min(provider) AS provider, min(provider_id) AS provider_id, min(status) AS status,"
        "  min(reason) AS reason, min(at) AS at"
        "  FROM lone JOIN delivery ON delivery.address = :address AND delivery.notice_id IS NULL"
        "  AND delivery.provider = coalesce(lone.source, delivery.provider)"
        "  AND delivery.at BETWEEN lone.since - cast(:before AS interval) AND lone.since + cast(:within AS interval)"
        "  GROUP BY lone.id HAVING count(*) = 1)"
        ", linked AS ("
        "  UPDATE delivery SET notice_id = report.id FROM report"
        "  WHERE (delivery.provider, delivery.provider_id) = (report.provider, report.provider_id))"
        " UPDATE notice SET state = report.status, provider = report.provider, provider_id = report.provider_id,"
        " next_try_at = NULL, changed_at = :now, sent_at = coalesce(sent_at, report.at),"
        " failure = CASE WHEN report.status = 'failed' THEN report.reason END,"
        " done_at = CASE WHEN report.status <> 'sent' THEN report.at END"
        " FROM report WHERE notice.id = report.id AND notice.state = 'unknown'"
    )
)


_GONE: Final = Statement(
    text(
        "UPDATE door SET state = 'unreachable' FROM notice WHERE notice.id = :id AND door.channel = notice.channel"
        " AND door.address = notice.address AND door.state = 'open'"
    )
)


async def record_delivery(
    on: Reader,
    provider: str,
    provider_id: str,
    status: ReportStatus,
    reason: str | None,
    now: datetime,
    to: Phone | None = None,
    *,
    notice: int | None = None,
    gone: bool = False,
    closed: bool = False,
) -> None:
    """Keep what a provider reports of a message. Repeated, late or contradicting reports change nothing.

    ``notice`` is the one it is of, where a provider gives that back. A report of an id that no notice has yet waits
    for the answer that names it. When ``to`` has exactly one SMS of which nobody knows whether it went out, it is
    taken to be that one. What failed in a conversation goes out by SMS instead; ``gone`` says that nothing reaches that
    address any more, ``closed`` that an answer came too late for free words: it waits until its person writes.
    """
    row = await on.one(
        _REPORT,
        provider=provider,
        provider_id=provider_id,
        address=to.e164 if to else None,
        status=status,
        reason=reason,
        notice=notice,
        now=now,
    )
    if row is None:
        return
    if row["notice_id"] is None and to is not None:
        await settle(on, to.e164, now)
    elif row["notice_id"] is not None and status == "failed":
        await fall(on, row["notice_id"], now)
        if closed:
            await later(on, row["notice_id"], now)
        if gone:
            await on.fetch(_GONE, id=row["notice_id"])


async def fall(on: Reader, notice: int, now: datetime) -> None:
    """Queue by SMS, once, what failed in a conversation; nothing for answers, or somebody without a phone."""
    answers = sorted(template for template, about in LIST_OF.items() if about == "answers")
    await on.fetch(FALL, id=notice, now=now, answers=answers)


async def settle(on: Reader, address: str, now: datetime) -> None:
    """Let reports that came early settle messages to an address whose sending is unknown: those that name theirs, and
    the one that waits for a phone with one such SMS.
    """
    for row in await on.fetch(_EARLY, address=address, now=now):
        if row["state"] == "failed":
            await fall(on, row["id"], now)
    await on.fetch(_SETTLE, address=address, now=now, before=_BEFORE, within=SETTLES_WITHIN)

"""Where a provider's answer and its delivery report meet, whichever comes first; a notice only ever moves forward."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.phone import Phone
from core.notices.queries import FALL
from core.notices.words import LIST_OF, ReportStatus

SETTLES_WITHIN: Final = timedelta(hours=48)
"""How much later than a message whose sending is unknown a report may come and still be taken for its own."""

_BEFORE: Final = timedelta(minutes=5)
"""How much earlier: the report can overtake our own time-out."""

_REPORT: Final = Statement(
    text(
        "WITH met AS ("
        "  INSERT INTO delivery (provider, provider_id, address, status, reason, at)"
        "  VALUES (:provider, :provider_id, cast(:address AS text), cast(:status AS text), cast(:reason AS text),"
        "  cast(:now AS timestamptz))"
        "  ON CONFLICT (provider, provider_id) DO UPDATE SET status = excluded.status, reason = excluded.reason,"
        "  at = excluded.at, address = coalesce(excluded.address, delivery.address)"
        "  WHERE delivery.status IS NULL OR (delivery.status = 'sent' AND excluded.status <> 'sent')"
        "  RETURNING notice_id)"
        ", moved AS ("
        "  UPDATE notice SET state = cast(:status AS text), next_try_at = NULL, changed_at = :now,"
        "  failure = CASE WHEN cast(:status AS text) = 'failed' THEN cast(:reason AS text) END,"
        "  done_at = CASE WHEN cast(:status AS text) <> 'sent' THEN cast(:now AS timestamptz) END"
        "  FROM met WHERE notice.id = met.notice_id"
        "  AND (notice.state IN ('sending', 'unknown') OR (notice.state = 'sent' AND cast(:status AS text) <> 'sent')))"
        " SELECT notice_id FROM met"
    )
)

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
    gone: bool = False,
) -> None:
    """Keep what a provider reports of a message. Repeated, late or contradicting reports change nothing.

    A report of an id that no notice has yet waits for the answer that names it. When ``to`` has exactly one SMS of
    which nobody knows whether it went out, it is taken to be that one. What failed in a conversation goes out by SMS
    instead; ``gone`` says that nothing reaches that address any more.
    """
    row = await on.one(
        _REPORT,
        provider=provider,
        provider_id=provider_id,
        address=to.e164 if to else None,
        status=status,
        reason=reason,
        now=now,
    )
    if row is None:
        return
    if row["notice_id"] is None and to is not None:
        await settle(on, to.e164, now)
    elif row["notice_id"] is not None and status == "failed":
        await fall(on, row["notice_id"], now)
        if gone:
            await on.fetch(_GONE, id=row["notice_id"])


async def fall(on: Reader, notice: int, now: datetime) -> None:
    """Queue by SMS, once, what failed in a conversation; nothing for answers, or somebody without a phone."""
    answers = sorted(template for template, about in LIST_OF.items() if about == "answers")
    await on.fetch(FALL, id=notice, now=now, answers=answers)


async def settle(on: Reader, address: str, now: datetime) -> None:
    """Let the one report that waits for a phone settle the one SMS to it whose sending is unknown."""
    await on.fetch(_SETTLE, address=address, now=now, before=_BEFORE, within=SETTLES_WITHIN)

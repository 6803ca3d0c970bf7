"""The statements of the outbox: claiming, sent, not sent, put back, given up."""

from typing import Final

from sqlalchemy import text

from core.kit.db import Statement

ABANDONED: Final = Statement(
    text(
        "WITH lost AS (SELECT id FROM notice WHERE next_try_at <= :now AND state = 'sending'"
        "  ORDER BY next_try_at LIMIT :limit FOR UPDATE SKIP LOCKED)"
        " UPDATE notice SET state = 'unknown', failure = 'abandoned', changed_at = :now, next_try_at = CASE"
        "  WHEN NOT resent AND split_part(template, '.', 1) = any(cast(:repeatable AS text[]))"
        "  THEN CASE channel WHEN 'sms' THEN cast(:again AS timestamptz) ELSE cast(:soon AS timestamptz) END END,"
        " source = coalesce(source, CASE channel WHEN 'sms' THEN cast(:usual AS text) END)"
        " FROM lost WHERE notice.id = lost.id RETURNING notice.address"
    )
)
CLAIM: Final = Statement(
    text(
        "WITH due AS (SELECT id, notice.state, about <> '' AND (EXISTS (SELECT FROM suppression"
        "    WHERE suppression.channel = notice.channel AND suppression.address = notice.address"
        "    AND suppression.list IN ('all', about))"
        "   OR EXISTS (SELECT FROM preference JOIN door ON door.person_id = preference.person_id"
        "    AND door.channel = preference.channel AND door.state = 'open'"
        "    JOIN suppression ON suppression.channel = door.channel AND suppression.address = door.address"
        "    AND suppression.list IN ('all', about)"
        "    WHERE preference.person_id = notice.person_id AND preference.list = about)) AS stopped,"
        "    door.heard_at, CASE WHEN notice.channel <> 'sms' THEN door.source END AS heard_through,"
        "    CASE WHEN door.person_id = notice.person_id THEN door.language END AS chosen"
        "  FROM notice LEFT JOIN door USING (channel, address) CROSS JOIN LATERAL (SELECT CASE"
        "    WHEN split_part(template, '.', 1) = any(cast(:essential AS text[])) THEN ''"
        "    WHEN split_part(template, '.', 1) = any(cast(:reminders AS text[])) THEN 'reminders'"
        "    ELSE 'alerts' END AS about) AS list"
        "  WHERE next_try_at <= :now AND notice.state IN ('queued', 'unknown')"
        "  AND channel = any(cast(:channels AS text[]))"
        "  AND (channel = 'sms' OR NOT EXISTS (SELECT FROM notice AS earlier"
        "    WHERE earlier.channel = notice.channel AND earlier.address = notice.address AND earlier.id < notice.id"
        "    AND earlier.state IN ('queued', 'sending') AND earlier.next_try_at <= :soon))"
        "  ORDER BY next_try_at LIMIT :limit FOR UPDATE OF notice SKIP LOCKED)"
        " UPDATE notice SET changed_at = :now,"
        "  state = CASE WHEN stopped THEN 'suppressed' ELSE 'sending' END,"
        "  next_try_at = CASE WHEN NOT stopped THEN cast(:lease AS timestamptz) END,"
        "  done_at = CASE WHEN stopped THEN cast(:now AS timestamptz) END,"
        "  tries = tries + CASE WHEN stopped THEN 0 ELSE 1 END,"
        "  resent = resent OR due.state = 'unknown'"
        " FROM due WHERE notice.id = due.id"
        " RETURNING notice.id, notice.state, notice.channel, address, coalesce(source, heard_through) AS source,"
        " person_id, coalesce(due.chosen, language) AS language, template, blanks, tries, resent, settled,"
        " due.heard_at, due.state = 'unknown' AS again, created_at"
    )
)
"""Due notices of some channels. STOP counts where a notice is addressed to, and where its person wants such notices.
What goes into a conversation goes through whoever brought the last message from there: only their window is open. It
speaks the language its person chose there.
"""

SENT: Final = Statement(
    text(
        "WITH met AS ("
        "  INSERT INTO delivery (provider, provider_id, notice_id, address, at)"
        "  SELECT cast(:provider AS text), cast(:provider_id AS text), cast(:id AS bigint), cast(:address AS text),"
        "  cast(:now AS timestamptz) WHERE cast(:provider_id AS text) <> ''"
        "  ON CONFLICT (provider, provider_id)"
        "  DO UPDATE SET notice_id = coalesce(delivery.notice_id, excluded.notice_id)"
        "  RETURNING provider, provider_id, notice_id, status, reason, at)"
        " UPDATE notice SET state = coalesce(met.status, 'sent'), provider = met.provider,"
        " channel = cast(:channel AS text), address = cast(:address AS text),"
        " provider_id = met.provider_id, segments = cast(:segments AS smallint), cost_amount = cast(:cost AS numeric),"
        " cost_currency = cast(:currency AS char(3)), next_try_at = NULL, changed_at = :now, sent_at = :now,"
        " failure = CASE WHEN met.status = 'failed' THEN met.reason END,"
        " done_at = CASE WHEN met.status IN ('delivered', 'failed') THEN met.at END"
        " FROM (SELECT cast(:id AS bigint) AS id) AS mine LEFT JOIN met ON met.notice_id = mine.id"
        " WHERE notice.id = mine.id AND notice.state IN ('sending', 'unknown') RETURNING notice.state"
    )
)
NOT_SENT: Final = Statement(
    text(
        "UPDATE notice SET state = cast(:state AS text), next_try_at = cast(:next AS timestamptz),"
        " failure = cast(:failure AS text), changed_at = :now, source = coalesce(cast(:source AS text), source),"
        " done_at = CASE WHEN cast(:state AS text) = 'dead' THEN cast(:now AS timestamptz) END"
        " WHERE id = :id AND state = 'sending' AND tries = :tries"
    )
)
PUT_BACK: Final = Statement(
    text(
        "UPDATE notice SET state = 'queued', next_try_at = cast(:next AS timestamptz), changed_at = :now,"
        " settled = settled OR :settled, tries = tries - 1, failure = cast(:failure AS text)"
        " WHERE id = :id AND state = 'sending' AND tries = :tries"
    )
)
GONE: Final = Statement(
    text("UPDATE door SET state = 'unreachable' WHERE channel = :channel AND address = :address AND state = 'open'")
)
SUPERSEDED: Final = Statement(
    text(
        "SELECT FROM notice JOIN notice AS later ON later.channel = notice.channel AND later.address = notice.address"
        " AND later.id > notice.id AND later.template = notice.template WHERE notice.id = :id LIMIT 1"
    )
)
LATER: Final = Statement(
    text(
        "INSERT INTO notice (dedupe_key, person_id, channel, address, source, language, template, blanks, failure,"
        " next_try_at, created_at, changed_at)"
        " SELECT dedupe_key || '~later', person_id, channel, address, source, language, template, blanks, 'waiting',"
        " cast(:until AS timestamptz), cast(:now AS timestamptz), cast(:now AS timestamptz)"
        " FROM notice WHERE id = :id AND state = 'failed' AND channel <> 'sms' AND dedupe_key NOT LIKE '%~later'"
        " AND split_part(template, '.', 1) = ANY(cast(:answers AS text[]))"
        " ON CONFLICT (dedupe_key) DO NOTHING RETURNING channel, address, language, source"
    )
)
"""An answer that was refused after all because of the window goes out, once, when its person has written."""

FALL: Final = Statement(
    text(
        "INSERT INTO notice (dedupe_key, person_id, channel, address, language, template, blanks, settled, next_try_at,"
        " created_at, changed_at)"
        " SELECT dedupe_key || '~sms', notice.person_id, 'sms', phone.e164, language, template, blanks, true,"
        " cast(:now AS timestamptz), cast(:now AS timestamptz), cast(:now AS timestamptz)"
        " FROM notice JOIN phone ON phone.person_id = notice.person_id AND phone.is_primary"
        " WHERE notice.id = :id AND notice.state = 'failed' AND notice.channel <> 'sms'"
        " AND split_part(template, '.', 1) <> ALL(cast(:answers AS text[]))"
        " ON CONFLICT (dedupe_key) DO NOTHING"
    )
)
"""What failed in a conversation after it had been accepted goes out by SMS, once."""

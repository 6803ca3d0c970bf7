"""Claims what comes in, so that a message that is brought twice is heard once.

Both times here are the database's own: they are housekeeping, and nobody is ever told them.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Statement

KEPT_DAYS: Final = 90
"""How long ids are kept. Providers bring a message again for up to 7 days; whoever caught a signed request that tells
no time could bring it for ever.
"""

STALE: Final = timedelta(days=8)
"""A message that says it is older than this is brought by nobody who should."""

CLAIMED: Final = (
    "INSERT INTO inbox (source, external_id, received_at) SELECT source, external_id, now() FROM said"
    " ON CONFLICT DO NOTHING RETURNING source, external_id"
)
"""A complete part of a ``WITH`` that has one called ``said``: claims many messages, and returns those that are new."""

_CLAIM: Final = Statement(
    text(
        "INSERT INTO inbox (source, external_id, received_at) VALUES (:source, :external_id, now())"
        " ON CONFLICT DO NOTHING RETURNING 1"
    )
)
_FORGET: Final = Statement(
    text(
        "WITH gone AS (DELETE FROM inbox WHERE received_at < now() - make_interval(days => :days) RETURNING 1)"
        " SELECT count(*) AS gone FROM gone"
    )
)


async def claim(tx: Reader, source: str, external_id: str) -> bool:
    """Whether this message is new; it is known from the commit on. Somebody who claims it at the same time waits."""
    return await tx.one(_CLAIM, source=source, external_id=external_id) is not None


async def forget(on: Reader) -> int:
    """Drop the ids that nobody will bring again; how many."""
    row = await on.one(_FORGET, days=KEPT_DAYS)
    return int(row["gone"]) if row else 0

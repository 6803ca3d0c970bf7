"""Who wants no more announcements: remembered by channel and address, honoured when a notice is about to be sent."""

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.speaker import Address
from core.notices.words import STOPPABLE

Stopped = Literal["all", "reminders", "alerts"]
"""Everything that can be stopped, or one list of it."""

_STOP: Final = Statement(
    text(
        "INSERT INTO suppression (channel, address, list, since, blocked)"
        " VALUES (:channel, :address, :list, :now, :blocked) ON CONFLICT (channel, address, list)"
        " DO UPDATE SET blocked = false WHERE suppression.blocked AND NOT excluded.blocked"
    )
)
_UNBLOCK: Final = Statement(
    text(
        "WITH free AS (DELETE FROM suppression WHERE channel = :channel AND address = :address AND blocked)"
        " UPDATE door SET state = 'open' WHERE channel = :channel AND address = :address AND state = 'unreachable'"
    )
)
_SPREAD: Final = Statement(
    text(
        "WITH whole AS (DELETE FROM suppression WHERE channel = :channel AND address = :address AND list = 'all'"
        "  RETURNING channel, address, since)"
        " INSERT INTO suppression (channel, address, list, since)"
        " SELECT channel, address, part, since FROM whole CROSS JOIN unnest(cast(:lists AS text[])) AS part"
        " ON CONFLICT DO NOTHING"
    )
)
"""STOP of everything as STOP of every list."""

_RESUME: Final = Statement(
    text(
        "DELETE FROM suppression WHERE channel = :channel AND address = :address"
        " AND (list = :list OR cast(:list AS text) = 'all')"
    )
)
_STOPPED: Final = Statement(
    text("SELECT max(since) AS since FROM suppression WHERE channel = :channel AND address = :address")
)


async def stop(on: Reader, at: Address, now: datetime, what: Stopped = "all") -> None:
    """No more announcements (or none of one list) to this address; asking twice changes nothing."""
    await on.fetch(_STOP, channel=at.channel, address=at.name, list=what, now=now, blocked=False)


async def block(on: Reader, at: Address, now: datetime) -> None:
    """Nothing gets through to this address: no more announcements, until they let us in again."""
    await on.fetch(_STOP, channel=at.channel, address=at.name, list="all", now=now, blocked=True)


async def unblock(on: Reader, at: Address) -> None:
    """They let us in again: what only the block had stopped flows; what they stopped in words stays stopped."""
    await on.fetch(_UNBLOCK, channel=at.channel, address=at.name)


async def resume(on: Reader, at: Address, what: Stopped = "all") -> None:
    """Announcements again: of one list, which leaves the others as they are, or all."""
    await on.fetch(_SPREAD, channel=at.channel, address=at.name, lists=list(STOPPABLE))
    await on.fetch(_RESUME, channel=at.channel, address=at.name, list=what)


async def stopped(on: Reader, at: Address) -> bool:
    """Whether this address wants no announcements, of any list."""
    return await stopped_since(on, at) is not None


async def stopped_since(on: Reader, at: Address) -> datetime | None:
    """When this address last stopped something that is still stopped."""
    row = await on.one(_STOPPED, channel=at.channel, address=at.name)
    return row["since"] if row else None

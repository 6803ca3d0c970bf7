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
        "INSERT INTO suppression (channel, address, list, since) VALUES (:channel, :address, :list, :now)"
        " ON CONFLICT DO NOTHING"
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
    await on.fetch(_STOP, channel=at.channel, address=at.name, list=what, now=now)


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

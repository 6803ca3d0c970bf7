"""Other names of somebody on a channel: an id that hides their number, once it was seen together with the number."""

from datetime import datetime
from typing import Final

from sqlalchemy import text

from core.kit.db import Database, Reader, Statement
from core.kit.say import t
from core.kit.speaker import Address
from core.notices.waiting import hold
from core.notices.words import Notice
from core.people.doors import suspend, tell_owner

_BEHIND: Final = Statement(
    text(
        "SELECT address FROM door_alias WHERE channel = :channel AND source = :source AND alias = :alias"
        " ORDER BY since DESC LIMIT 1"
    )
)
_KNOWN: Final = Statement(
    text("SELECT alias FROM door_alias WHERE channel = :channel AND address = :address AND source = :source")
)
_KEEP: Final = Statement(
    text(
        "INSERT INTO door_alias (channel, address, source, alias, since)"
        " VALUES (:channel, :address, :source, :alias, :now)"
        " ON CONFLICT (channel, address, source) DO UPDATE SET alias = excluded.alias, since = excluded.since"
    )
)
_LEFT: Final = Statement(
    text(
        "DELETE FROM door_alias WHERE channel = :channel AND source = :source AND alias = :alias"
        " AND address <> :address RETURNING address"
    )
)
_FORGET: Final = Statement(text("DELETE FROM door_alias WHERE channel = :channel AND address = :address"))


async def behind(on: Reader, shown: Address, source: str) -> Address:
    """The door of whoever shows only this name through this provider; where they never showed another, it is that."""
    row = await on.one(_BEHIND, channel=shown.channel, source=source, alias=shown.name)
    return Address(shown.channel, row["address"]) if row else shown


async def seen_together(db: Database, door: Address, source: str, alias: str, now: datetime, number: str) -> None:
    """A provider named somebody by an address and by another name at once: from now on either is them.

    Such a name belongs to one account and changes with its number (business-scoped user ids). When the address had
    another before, or the name another address, a number has passed to somebody else: its door is nobody's until it is
    linked anew. ``number`` is where its owner, who is told, asks for help by SMS.
    """
    at = {"channel": door.channel, "address": door.name, "source": source}
    row = await db.one(_KNOWN, **at)
    if row is not None and row["alias"] == alias:
        return
    async with db.transaction() as tx:
        for left in await tx.fetch(_LEFT, **at, alias=alias):
            await _end(tx, Address(door.channel, left["address"]), source, now, number)
        if row is not None:
            await _end(tx, door, source, now, number)
        await tx.fetch(_KEEP, **at, alias=alias, now=now)


async def changed(db: Database, shown: Address, source: str, now: datetime, number: str) -> None:
    """The number or the device behind a door has changed: it is nobody's until it is linked anew, and no other name
    leads there any more. ``number`` is where its owner, who is told, asks for help by SMS.
    """
    async with db.transaction() as tx:
        door = await behind(tx, shown, source)
        await _end(tx, door, source, now, number)
        await tx.fetch(_FORGET, channel=door.channel, address=door.name)


async def _end(tx: Reader, door: Address, source: str, now: datetime, number: str) -> None:
    """Whoever it was linked to is told by SMS; whoever writes there next, why it is nobody's."""
    person = await suspend(tx, door, now)
    if person is not None:
        owner = await tell_owner(tx, "suspended.1", door, person, now, number)
        key = f"suspended:{door.channel}:{door.name}:{now.isoformat()}"
        why = {"text": t("door.changed")}
        await hold(tx, Notice(key, door, owner["language"], "said.1", why, source=source), now)

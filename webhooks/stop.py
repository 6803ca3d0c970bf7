"""Obeys STOP and RESUME on every message channel, before any conversation hears them."""

from datetime import datetime, timedelta
from typing import Final

from bot.inbound import Event
from core.kit.clock import Clock
from core.kit.db import Database, Tx
from core.kit.say import t
from core.kit.speaker import Address, Speaker
from core.notices.inbox import claim
from core.notices.outbox import queue
from core.notices.suppression import resume, stop, stopped_since
from core.notices.waiting import awaited, release
from core.notices.words import Notice
from core.people.visits import hear
from webhooks.stop_words import Said, read_stop

AGREES_FOR: Final = timedelta(days=1)
"""How long after STOP a mere "oui" takes it back."""


async def obeyed(db: Database, clock: Clock, event: Event, *, owned: bool) -> bool:
    """Whether the message was STOP or RESUME (of a list, or overall), or OUI after STOP: done once, and confirmed where
    it was said. False for all others.
    """
    said = read_stop(event.text) if event.kind == "message" else None
    if said is None:
        return False
    async with db.transaction() as tx:
        at = Address(event.channel, event.sender)
        if said.does != "stop" and not await _may_resume(tx, at, said, clock.now()):
            return said.does == "agree" and await _read(tx, event, clock.now(), owned=owned)
        if await claim(tx, event.source, event.external_id):
            await _obey(tx, event, clock.now(), said, owned=owned)
    return True


async def _may_resume(tx: Tx, at: Address, said: Said, now: datetime) -> bool:
    """Whether there is something to resume; a mere "oui" long after STOP is an answer to something else."""
    since = await stopped_since(tx, at)
    return since is not None and (said.does != "agree" or now - since < AGREES_FOR)


async def _read(tx: Tx, event: Event, now: datetime, *, owned: bool) -> bool:
    """Whether OUI was said to "an answer waits for you": it goes out now, and is not answered by that OUI."""
    at = Address(event.channel, event.sender)
    if not await awaited(tx, at):
        return False
    if await claim(tx, event.source, event.external_id):
        await hear(tx, at, event.source, now, phone=event.phone, name=event.name, owned=owned)
        await release(tx, at, now)
    return True


async def _obey(tx: Tx, event: Event, now: datetime, said: Said, *, owned: bool) -> None:
    at, what, stops = Address(event.channel, event.sender), said.what, said.does == "stop"
    speaker = await hear(tx, at, event.source, now, phone=event.phone, name=event.name, owned=owned)
    await release(tx, at, now)
    for address in _addresses(at, speaker):
        await (stop(tx, address, now, what) if stops else resume(tx, address, what))
    done = "stopped" if stops else "resumed"
    notice = Notice(
        key=f"{done}:{event.source}:{event.external_id}",
        to=at,
        language=speaker.language,
        template=f"{done}.1" if what == "all" else f"list_{done}.1",
        blanks={} if what == "all" else {"what": t(f"list.{what}")},
        person=speaker.person,
        source=event.source,
    )
    await queue(tx, notice, now)


def _addresses(at: Address, speaker: Speaker) -> set[Address]:
    """Where it was said; and the phone of somebody who has shown whose conversation this is, for they mean both."""
    phone = speaker.phone if speaker.proved else None
    return {at, Address("sms", phone.e164)} if phone else {at}

"""Obeys STOP and OUI sent by SMS, before any conversation hears them."""

from datetime import datetime
from typing import Final

from bot.inbound import Message
from core.kit.clock import Clock
from core.kit.db import Database, Tx
from core.kit.text import fold
from core.notices.inbox import claim
from core.notices.outbox import queue
from core.notices.suppression import resume, stop, stopped
from core.notices.words import Notice
from core.people.speaker import identify

STOP: Final = frozenset("stop stopall arret arreter arretez desabonner desinscription unsubscribe".split())
"""Whole messages, folded; the carriers' own words and the French for them."""

RESUME: Final = frozenset("oui start yes".split())
"""Only to somebody who had said STOP; to anybody else "oui" is an answer."""


async def obeyed(db: Database, clock: Clock, message: Message) -> bool:
    """Whether the message was STOP, or OUI after STOP: done once, and confirmed by SMS. False for all others."""
    word = fold(message.text) if len(message.text) <= 32 else ""
    if word not in STOP | RESUME:
        return False
    async with db.transaction() as tx:
        if word in RESUME and not await stopped(tx, message.phone):
            return False
        if await claim(tx, message.source, message.id):
            await _obey(tx, message, clock.now(), stops=word in STOP)
    return True


async def _obey(tx: Tx, message: Message, now: datetime, *, stops: bool) -> None:
    if stops:
        await stop(tx, message.phone, now)
    else:
        await resume(tx, message.phone)
    speaker = await identify(tx, message.phone)
    what = "stopped" if stops else "resumed"
    key = f"{what}:{message.source}:{message.id}"
    await queue(tx, Notice(key, message.phone, speaker.language, f"{what}.1", person=speaker.person), now)

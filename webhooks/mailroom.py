"""Message channels' desk: who wrote, what is claimed with a turn, and the answers that are queued with it."""

from collections.abc import Sequence
from typing import Final

from bot.chat import Letter
from bot.inbound import Event
from bot.render.bubble import pack_bubble
from core.kit.clock import Clock
from core.kit.db import Database, Tx
from core.kit.gather import Gather
from core.kit.speaker import Address, Speaker
from core.notices.attachments import queue_media
from core.notices.inbox import claim
from core.notices.outbox import queue_all
from core.notices.words import Notice
from core.people.visits import Visit, admit, known

OWNED: Final = frozenset({"sms"})
"""Channels whose answers reach nobody but the number itself."""


class Mailroom:
    """Claims what comes in, says who wrote, and queues the answers; reads are gathered from everybody who waits."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock
        self._known: Gather[Address, Visit, tuple[Speaker, bool]] = Gather(self._read)

    async def known(self, event: Event) -> Speaker | None:
        """Who wrote; None when it was heard before. Nothing is written."""
        visit = _visit(event)
        speaker, repeated = await self._known(visit.door, visit)
        return None if repeated else speaker

    async def claim(self, tx: Tx, event: Event) -> Speaker | None:
        """Who wrote; None when it was heard before, or is the rest of an album: of that only the first picture is
        answered, and all are kept.
        """
        visit, now = _visit(event), self._clock.now()
        if not await admit(tx, [visit], now):
            return None
        if event.group and not await claim(tx, event.source, f"album:{event.sender}:{event.group}"[:128]):
            await queue_media(tx, event, None, now)
            return None
        ((speaker, _),) = await known(tx, [visit])
        if event.media:
            await queue_media(tx, event, speaker.person, now)
        return speaker

    async def answer(self, tx: Tx, letters: Sequence[Letter]) -> None:
        """Queue each answer to the address it came from, through the provider that brought it."""
        await queue_all(tx, [_notice(letter) for letter in letters], self._clock.now())

    async def exchange(self, tx: Tx, letters: Sequence[Letter]) -> bool:
        """Claim what these answer, and queue them; False when any of it was heard before: then all must be undone."""
        if not await admit(tx, [_visit(letter.event) for letter in letters], self._clock.now()):
            return False
        await self.answer(tx, letters)
        return True

    async def _read(self, visits: list[Visit]) -> list[tuple[Speaker, bool] | Exception]:
        return [*await known(self._db, visits)]


def _visit(event: Event) -> Visit:
    door = Address(event.channel, event.sender)
    return Visit(door, event.source, event.external_id, event.phone, event.name, event.channel in OWNED)


def _notice(letter: Letter) -> Notice:
    event, bubble, speaker = letter.event, letter.bubble, letter.place.speaker
    words = event.channel == "sms"
    return Notice(
        key=f"answer:{event.source}:{event.external_id}",
        to=Address(event.channel, event.sender),
        language=letter.place.language,
        template="said.1" if words else "screen.1",
        blanks={"text": bubble.text} if words else {"bubble": pack_bubble(bubble)},
        person=speaker.person if speaker else None,
        source=event.source,
    )

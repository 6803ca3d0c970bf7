"""Message channels: one thing that came in, one turn, one answer on its way out, all in one transaction."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from time import perf_counter
from typing import Final, Protocol

import msgspec

from bot.engine import Turn
from bot.inbound import Event
from bot.place import Place
from bot.places import Kept, Row
from bot.render.bubble import Bubble
from bot.talk import Notice, Text
from bot.turns import LONGEST_SENTENCE, Outside, Turns
from core.kit.db import Tx
from core.kit.speaker import Speaker

ANSWER_WITHIN: Final = timedelta(hours=12)
"""A message that comes later than this is no answer to the question before it."""

_REMARKS: Final = {"media": Text("input.media"), "unsupported": Text("input.unsupported")}
"""What is said to somebody who sent what nobody here can read."""

Render = Callable[[Turn, Place], tuple[Bubble, bool]]


class Desk(Protocol):
    """What a message channel needs besides the engine, all of it inside the transaction of the turn."""

    async def claim(self, tx: Tx, event: Event) -> bool:
        """Whether this was never heard before."""
        ...

    async def arrive(self, tx: Tx, event: Event) -> Speaker:
        """Who wrote."""
        ...

    async def answer(self, tx: Tx, event: Event, place: Place, bubble: Bubble) -> None:
        """Queue the answer."""
        ...


class Chats:
    """Answers message channels, each by its renderer."""

    def __init__(self, turns: Turns, renderers: Mapping[str, Render], desk: Desk) -> None:
        self.turns = turns
        self._renderers = renderers
        self._desk = desk

    async def take(self, event: Event) -> None:
        """Answer one event: claimed once, moved, its answer queued; or nothing of it."""
        await self.turns.in_order((event.channel, event.sender), lambda: self._turn(event))

    async def _turn(self, event: Event) -> None:
        turns, started = self.turns, perf_counter()
        # Read first: a turn that holds one connection and waits for a second would stop the house when all do so.
        row = await turns.places.load((event.channel, event.sender), turns.clock.now())
        async with Outside(turns, secrets=False) as world:
            tx = await world.begin()
            if not await self._desk.claim(tx, event):
                turns.watch.turn(event.channel, event.source, None, "repeat", perf_counter() - started)
                return
            place = row.kept.place
            place.speaker = await self._desk.arrive(tx, event)
            place.language = place.speaker.language
            turn = await self._heard(event, row, world)
            bubble, place.further = self._renderers[event.channel](turn, place)
            await self._desk.answer(tx, event, place, _placed(bubble, event))
            await turns.keep(Row(row.key, row.version, Kept(place, world.now)), world)
        turns.watch.turn(event.channel, event.source, place, "answer", perf_counter() - started)

    async def apologise(self, event: Event) -> None:
        """Something broke on our side: claim it all the same, say so, and keep the last good place."""
        async with self.turns.db.transaction() as tx:
            if await self._desk.claim(tx, event):
                place = Place(speaker=await self._desk.arrive(tx, event))
                place.language = place.speaker.language if place.speaker else "fr"
                sorry = Turn(Notice(Text("turn.sorry")))
                bubble, _ = self._renderers[event.channel](sorry, place)
                await self._desk.answer(tx, event, place, _placed(bubble, event))

    async def _heard(self, event: Event, row: Row, world: Outside) -> Turn:
        engine, place = self.turns.engine, row.kept.place
        if row.version == 0 or world.now - row.kept.at > ANSWER_WITHIN:
            place.frames = []
        if event.kind in {"location", "contact"}:
            return await engine.share(place, event.location or event.contact, world)
        if event.kind in _REMARKS and not event.text:
            return await engine.again(place, world, _REMARKS[event.kind])
        said = _tapped(event, place) if event.kind == "selection" else event.text
        if said is None:
            return await engine.again(place, world)
        if not engine.unfinished(place) and not self.turns.leads(place, said) and await self.turns.take_up(row, world):
            return await engine.come_back(place, world)
        return await self.turns.said(place, said, world, LONGEST_SENTENCE)


def _tapped(event: Event, place: Place) -> str | None:
    """The answer that a tap stands for; None when it was meant for another screen than the present one.

    Something tapped that is not ours (a vendor's quick reply) counts as its own words.
    """
    turn, _, answer = event.choice.partition(":")
    if not (turn.isdecimal() and answer):
        return event.text or event.choice
    return answer if int(turn[:9]) == place.turn else None


def _placed(bubble: Bubble, event: Event) -> Bubble:
    """An answer to a tap takes the place of what was tapped, where a channel can."""
    if event.kind != "selection":
        return bubble
    return msgspec.structs.replace(bubble, edit=event.reply_to, callback=event.callback)

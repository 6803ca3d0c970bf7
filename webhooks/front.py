"""What the inbound adapters share: the runner, the database and the settings, made once a process."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.chat import Chats
from bot.engine import Engine
from bot.inbound import Event, Reply
from bot.place import Place
from bot.render.channels import RENDERERS
from bot.render.words import LANGUAGES, catalogue
from bot.runner import Runner
from bot.send.verdicts import is_closed, is_gone
from bot.turns import Turns
from core.desk import Desk
from core.kit.clock import Clock
from core.kit.db import Database
from core.kit.log import get_log
from core.kit.phone import Phone, country_of, gateway_phone
from core.kit.say import Text
from core.kit.settings import Settings
from core.kit.speaker import Address
from core.kit.structs import replace
from core.notices.inbox import STALE, claim
from core.notices.outbox import queue
from core.notices.reports import record_delivery
from core.notices.suppression import block, stop, unblock
from core.notices.words import Notice, ReportStatus
from core.people.aliases import behind, changed, seen_together
from core.people.speaker import Switchboard
from core.places.gazetteer import gazetteer
from flows import FLOWS, ROUTER
from webhooks.limits import MESSAGES, Limits, Recent
from webhooks.mailroom import OWNED, Mailroom
from webhooks.metrics import Meters
from webhooks.stop import obeyed

BLOCKED: Final = "blocked"
"""How somebody is out whom nothing reaches any more."""

CUT: Final = frozenset({"abandoned", "timeout", "failed"})
"""How a session ends that was not over."""

REPORTS: Final[dict[str, ReportStatus]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "failed": "failed",
}
"""What became of a message, as the house keeps it; a provider's own word changes nothing."""

_NOTICE: Final = re.compile(r"[0-9]{1,18}")
"""The name of a notice, as its sender gave it to be given back."""


@dataclass(slots=True)
class Front:
    """One process's way into the house."""

    db: Database
    settings: Settings
    clock: Clock
    meters: Meters
    runner: Runner
    chats: Chats
    limits: Limits
    recent: Recent

    @classmethod
    def build(cls, db: Database, settings: Settings, clock: Clock) -> "Front":
        """Put the house together; ValueError when flows or router contradict themselves."""
        ROUTER.check(flow.name for flow in FLOWS)
        _warm_up()
        meters = Meters(clock)
        turns = Turns(Engine(FLOWS, unasked=ROUTER.unasked), ROUTER, Desk(), db, clock, settings, meters)
        runner = Runner(turns, Switchboard(db), _Later(db, clock, settings))
        chats = Chats(turns, RENDERERS, Mailroom(db, clock))
        return cls(db, settings, clock, meters, runner, chats, Limits(MESSAGES, clock), Recent())

    async def session_ended(self, event: Event) -> None:
        """A session was cut: whoever was doing something worth it is told once a day by SMS how to go on.

        Never what they were doing, nor any amount: others may read that phone's messages.
        """
        if event.phone is None or event.reason not in CUT:
            return
        task = await self.runner.cut(event)
        if task is None:
            return
        now = self.clock.now()
        notice = Notice(
            key=f"dropped:{event.phone.e164}:{task.flow}:{now.date()}",
            to=event.phone,
            language=task.language,
            template="dropped.1",
            blanks={"code": self.settings.service_code},
            person=task.owner,
        )
        async with self.db.transaction() as tx:
            await queue(tx, notice, now)

    async def take(self, events: Iterable[Event]) -> None:
        """Deal with everything that one request of a message channel brought, in its order.

        Raises what the database raises when it stays away: the provider brings the request again, and what was
        claimed by then is not heard twice.
        """
        for event in events:
            await self._handler(event)(event)

    def _handler(self, event: Event) -> Callable[[Event], Awaitable[None]]:
        if event.at is not None and self.clock.now() - event.at > STALE:
            return _ignored
        match event.kind:
            case "message" | "selection" | "location" | "contact" | "media" | "unsupported":
                return self._said
            case "delivery_status":
                return self._report
            case "opt_out" | "opt_in":
                return self._opted
            case "identity_change":
                return self._changed
        return _ignored

    async def _said(self, event: Event) -> None:
        message = event.source, event.external_id
        if message in self.recent:
            self.meters.turn(event.channel, event.source, None, "repeat", 0.0)
            return
        sender = f"{event.channel}:{event.sender}"
        allowed = self.limits.allows(sender)
        if event.alias:
            event = await self._named(event)
        if not await obeyed(self.db, self.clock, event, owned=event.channel in OWNED):
            await (self._answer(event) if allowed else self._refuse(event, sender))
        self.recent.add(message)

    async def _answer(self, event: Event) -> None:
        try:
            await self.chats.take(event)
        except Exception:  # noqa: BLE001 - whatever it was, the person gets an answer and keeps the last good place
            get_log("bot").exception("turn_failed", gateway=event.source, channel=event.channel)
            await self.chats.apologise(event, Text("turn.sorry"))

    async def _refuse(self, event: Event, sender: str) -> None:
        """Too much at once: the first time it is said so, the rest is not heard. ``sender`` as the limit counted it."""
        self.meters.unheard.labels(event.channel).inc()
        if self.limits.first_refusal(sender):
            get_log(event.channel).warning("over_limit", gateway=event.source)
            await self.chats.apologise(event, Text("turn.much"))

    async def _named(self, event: Event) -> Event:
        """The same from the address we know its sender by, where that was shown before and is hidden now."""
        at = Address(event.channel, event.sender)
        if event.sender != event.alias:
            await seen_together(self.db, at, event.source, event.alias, self.clock.now(), self.settings.sms_number)
            return event
        return replace(event, sender=(await behind(self.db, at, event.source)).name)

    async def _report(self, event: Event) -> None:
        status = REPORTS.get(event.delivery)
        if status is None:
            await _ignored(event)
            return
        reason = (event.reason or event.delivery)[:80] if status == "failed" else None
        now = self.clock.now()
        gone, closed = is_gone(event.source, event.reason), is_closed(event.source, event.reason)
        notice = int(event.echo) if _NOTICE.fullmatch(event.echo) else None
        await record_delivery(
            self.db,
            event.source,
            event.external_id,
            status,
            reason,
            now,
            event.phone,
            notice=notice,
            gone=gone,
            closed=closed,
        )

    async def _opted(self, event: Event) -> None:
        """Out in a way that only ends in words, or for as long as nothing gets through; brought again it is nothing."""
        at, now = Address(event.channel, event.sender), self.clock.now()
        async with self.db.transaction() as tx:
            if event.external_id and not await claim(tx, event.source, event.external_id):
                return
            if event.kind == "opt_in":
                await unblock(tx, at)
            else:
                await (block if event.reason == BLOCKED else stop)(tx, at, now)

    async def _changed(self, event: Event) -> None:
        """Whoever has another number or device must show again who they are; what is owed to nobody moves nothing."""
        number = self.settings.sms_number
        for name in filter(None, (event.previous, event.sender)):
            await changed(self.db, Address(event.channel, name), event.source, self.clock.now(), number)


async def _ignored(event: Event) -> None:
    get_log(event.channel or "web").info("ignored", kind=event.kind, source=event.source, why=event.reason[:40])


def _warm_up() -> None:
    """Load what is loaded once, so that no person's first turn waits for it."""
    gazetteer()
    for language in LANGUAGES:
        catalogue(language)
    country_of(gateway_phone("+237670000101"))


class _Later:
    """Sends by SMS what a session was too short for: its last words, or that the service is ready again."""

    def __init__(self, db: Database, clock: Clock, settings: Settings) -> None:
        self._db, self._clock, self._settings = db, clock, settings

    async def __call__(self, phone: Phone, place: Place | None, reply: Reply) -> None:
        now = self._clock.now()
        ready = reply.keep_open or place is None
        notice = Notice(
            key=f"late:{phone.e164}:{now.isoformat()}",
            to=phone,
            language=place.language if place else "fr",
            template="turn_ready.1" if ready else "said.1",
            blanks={"code": self._settings.service_code} if ready else {"text": reply.text},
        )
        async with self._db.transaction() as tx:
            await queue(tx, notice, now)


FRONT = web.AppKey("front", Front)

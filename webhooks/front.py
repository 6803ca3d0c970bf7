"""What the inbound adapters share: the runner, the database and the settings, made once a process."""

from dataclasses import dataclass

from aiohttp import web

from bot.engine import Engine
from bot.inbound import Message, Reply
from bot.place import Place
from bot.render.sms import Worded
from bot.render.words import LANGUAGES, catalogue
from bot.runner import Runner
from core.desk import Desk
from core.kit.clock import Clock
from core.kit.db import Database, Tx
from core.kit.phone import Phone, country_of, gateway_phone
from core.kit.settings import Settings
from core.notices.inbox import claim
from core.notices.outbox import queue
from core.notices.words import Notice
from core.people.speaker import identify
from core.places.gazetteer import gazetteer
from flows import FLOWS, ROUTER
from webhooks.metrics import Meters


@dataclass(slots=True)
class Front:
    """One process's way into the house."""

    db: Database
    settings: Settings
    clock: Clock
    meters: Meters
    runner: Runner

    @classmethod
    def build(cls, db: Database, settings: Settings, clock: Clock) -> "Front":
        """Put the house together; ValueError when flows or router contradict themselves."""
        ROUTER.check(flow.name for flow in FLOWS)
        _warm_up()
        meters = Meters(clock)
        later = _Later(db, clock, settings)
        runner = Runner(Engine(FLOWS, free=ROUTER.free), ROUTER, Desk(), identify, db, clock, settings, meters, later)
        return cls(db, settings, clock, meters, runner)

    async def hear_sms(self, phone: Phone, text: str, external_id: str) -> None:
        """Somebody wrote an SMS: claimed once, answered through the outbox."""
        message = Message("sms", "africastalking", external_id, phone, text)
        await self.runner.take_message(message, _claim, self._answer)

    async def _answer(self, tx: Tx, message: Message, place: Place, worded: Worded) -> None:
        notice = Notice(
            key=f"answer:{message.source}:{message.id}",
            to=message.phone,
            language=place.language,
            template="said.1",
            blanks={"text": worded.text},
        )
        await queue(tx, notice, self.clock.now())


def _warm_up() -> None:
    """Load what is loaded once, so that no person's first turn waits for it."""
    gazetteer()
    for language in LANGUAGES:
        catalogue(language)
    country_of(gateway_phone("+237670000101"))


async def _claim(tx: Tx, message: Message) -> bool:
    return await claim(tx, message.source, message.id)


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

"""The worker: everything that talks to the outside world, after the commit that asked for it."""

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import aiohttp
from sqlalchemy import text
from telegram import Bot

from bot.fetch.vendors import vendors
from bot.render.paper import Papers
from bot.render.sms import Worded, word_notice
from bot.render.whatsapp import plain
from bot.render.words import say, word
from bot.send.africastalking import AfricasTalking
from bot.send.meta import PROVIDER as META
from bot.send.meta import Meta
from bot.send.telegram import PROVIDER as TELEGRAM
from bot.send.telegram import Telegram, bot_of
from bot.send.twilio import Twilio
from core.homes.listings import expire
from core.kit.clock import Clock, SystemClock
from core.kit.db import Database, Statement
from core.kit.log import get_log
from core.kit.money import Money
from core.kit.say import Text
from core.kit.settings import Settings
from core.leases.schedule import Schedule
from core.money.collecting import Collector
from core.money.mtn import Mtn
from core.money.receipts import in_words
from core.money.sealer import Sealer
from core.money.tokens import MemoryTokens, Tokens
from core.notices.attachments import Fetcher
from core.notices.attachments import forget as forget_attachments
from core.notices.delivery import CHANNELS, Delivery, Senders
from core.notices.inbox import forget
from core.notices.words import Paper
from webhooks.exchanges import Exchanges
from webhooks.shared import RedisTokens
from webhooks.telegram_setup import Menu

_BEAT: Final = Statement(
    text("INSERT INTO heartbeat (worker, at) VALUES (:worker, :at) ON CONFLICT (worker) DO UPDATE SET at = excluded.at")
)


FINISH_WITHIN_S: Final = 2.5
"""What is under way when a worker is told to stop; after that it is left as a crash would leave it."""

ABANDON_WITHIN_S: Final = 0.25
"""How long what is left in the middle may take to let go."""

MENU_AGAIN_S: Final = 30.0
"""After so long Telegram is told its menu again when it did not take it."""


RICH: Final[Mapping[str, Callable[[str], str]]] = {"whatsapp": plain, "telegram": str}
"""Channels where there is room for whole words, and what is done to these."""

PAPERS: Final = frozenset({TELEGRAM, META})
"""Providers that take a paper with the words; another would fetch it from an address of ours, and there is none."""


class Words:
    """Puts notices into words, and on paper where a channel takes that."""

    def __init__(self, papers: Papers | None = None) -> None:
        self._papers = papers

    def notice(self, template: str, blanks: Mapping[str, object], language: str, channel: str) -> Worded:
        """A whole notice, as it looks on a channel."""
        if channel not in RICH:
            return word_notice(template, blanks, language)
        return Worded(RICH[channel](say(Text(f"notice.{template}", blanks), language, "rich")), 1)

    def blank(self, value: object, language: str) -> str:
        """One of its blanks."""
        return word(value, language, "rich")

    def paper(self, blanks: Mapping[str, object], language: str, provider: str) -> Paper | None:
        """The paper of a notice: its blank ``sheet`` names the line of the catalogue that says what stands on it, the
        others fill that, ``amount`` in letters too, ``code`` is what it is checked by and ``at`` its moment.
        """
        if self._papers is None or provider not in PAPERS or "sheet" not in blanks:
            return None
        made, amount = blanks["at"], blanks["amount"]
        if not isinstance(made, datetime) or not isinstance(amount, Money):
            raise TypeError("a paper has a moment and an amount")
        said = Text(f"sheet.{blanks['sheet']}", {**blanks, "letters": in_words(amount, language)})
        return self._papers.make(said, str(blanks["code"]), made, language)


@dataclass(frozen=True, slots=True)
class Round:
    """A piece of work done over and over: ``run`` returns how much it did; with nothing to do it waits."""

    name: str
    run: Callable[[], Awaitable[int]]
    wait_s: float


class Worker:
    """Runs its rounds side by side until it is told to stop; a round that fails is logged and tried again."""

    def __init__(self, rounds: list[Round], *, finish_within_s: float = FINISH_WITHIN_S) -> None:
        self._rounds = rounds
        self._finish_within_s = finish_within_s
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Finish the rounds under way and return from run, in the middle of those that take too long."""
        self._stop.set()

    async def run(self) -> None:
        """Work until stopped."""
        tasks = [asyncio.create_task(self._repeat(round_), name=round_.name) for round_ in self._rounds]
        try:
            await self._stop.wait()
            _, late = await asyncio.wait(tasks, timeout=self._finish_within_s)
        finally:
            for task in tasks:
                task.cancel()
        if late:
            get_log("worker").warning("left_in_the_middle", rounds=sorted(task.get_name() for task in late))
            await asyncio.wait(late, timeout=ABANDON_WITHIN_S)

    async def _repeat(self, round_: Round) -> None:
        pause = round_.wait_s
        while not self._stop.is_set():
            try:
                busy = await round_.run() > 0
                pause = 0.0 if busy else round_.wait_s
            except Exception:  # noqa: BLE001 - one bad round must not stop the others
                get_log("worker").exception("round_failed", round=round_.name)
                pause = min(max(pause, round_.wait_s) * 2, 30.0)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause or 0.001)


def senders(http: aiohttp.ClientSession, settings: Settings, bot: Bot) -> Senders:
    """Who carries the messages of each channel; the usual one first."""
    twilio = Twilio(http, settings)
    return Senders(
        {
            "sms": {"africastalking": AfricasTalking(http, settings), "twilio": twilio},
            "whatsapp": {"meta": Meta(http, settings), "twilio": twilio},
            "telegram": {"telegram": Telegram(bot)},
        }
    )


def rounds(
    db: Database, http: aiohttp.ClientSession, settings: Settings, clock: Clock, tokens: Tokens, post: Senders
) -> list[Round]:
    """What a worker does, and how often it looks for more."""
    collector = Collector(db, clock, {"mtn": Mtn(http, settings, tokens)}, settings)
    words = Words(Papers(settings.brand, settings.service_code, settings.sms_number))
    name = f"{socket.gethostname()}:{os.getpid()}"

    async def beat() -> int:
        await db.one(_BEAT, worker=name, at=clock.now())
        return 0

    return [
        Round("heartbeat", beat, 5.0),
        *(
            Round(f"notices_{channel}", Delivery(db, clock, words, post, channels=[channel]).run_once, 0.25)
            for channel in CHANNELS
        ),
        Round("payments", collector.run_once, 0.3),
        Round("seals", Sealer(db, clock).run_once, 2.0),
        Round("charges", Schedule(db, clock).run_once, 60.0),
        Round("attachments", Fetcher(db, clock, vendors(http, settings)).run_once, 2.0),
        Round("inbox", lambda: forget(db), 3_600.0),
        Round("old_attachments", lambda: forget_attachments(db, clock.now()), 3_600.0),
        Round("listings", lambda: expire(db, clock.now()), 300.0),
    ]


async def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    async with AsyncExitStack() as stack:
        db = await Database.open(settings.database_url)
        stack.push_async_callback(db.close)
        logged = [Exchanges(settings).tracing()] if settings.log_exchanges else []
        http = await stack.enter_async_context(aiohttp.ClientSession(trust_env=False, trace_configs=logged))
        bot = bot_of(settings, http)
        post, menu = senders(http, settings, bot), Round("telegram_menu", Menu(settings, bot).run_once, MENU_AGAIN_S)
        worker = Worker([menu, *rounds(db, http, settings, SystemClock(), _tokens(settings, stack), post)])
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, worker.stop)
        await worker.run()


def _tokens(settings: Settings, stack: AsyncExitStack) -> Tokens:
    if not settings.redis_url:
        return MemoryTokens(SystemClock())
    shared = RedisTokens.at(settings.redis_url)
    stack.push_async_callback(shared.close)
    return shared

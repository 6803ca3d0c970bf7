"""Gateways that want the screen in a call of our own: the turn runs after the request was acknowledged."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from bot.inbound import Inbound, Reply
from bot.send.parlayx import ParlayX, Push
from core.kit.errors import ProviderError
from core.kit.log import get_log
from core.notices.inbox import claim
from webhooks.front import Front
from webhooks.raw import Rejected
from webhooks.ussd.words import Asked

PAUSES_S: Final = (0.3, 1.0, 2.5)
"""A screen that did not reach the platform is sent again after so many seconds; by then nobody waits any more."""

AT_ONCE: Final = 500
"""Turns under way; more than these are refused, and the platform brings the request again."""

FINISH_WITHIN_S: Final = 5.0
"""What is under way when the process is told to stop."""


class Pusher:
    """Runs turns behind the acknowledgement and sends their screens. What is lost with the process is one screen."""

    def __init__(self, front: Front, send: ParlayX) -> None:
        self._front = front
        self._send = send
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, asked: Asked, inbound: Inbound) -> None:
        """Take a turn. Raises Rejected(503) when too many are under way."""
        if len(self._tasks) >= AT_ONCE:
            raise Rejected(503, "too many sessions at once")
        self._run(self._turn(asked, inbound))

    async def close(self) -> None:
        """Let what is under way finish, for a moment."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=FINISH_WITHIN_S)
            for task in late:
                task.cancel()

    def _run(self, turn: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(turn)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _turn(self, asked: Asked, inbound: Inbound) -> None:
        try:
            if asked.external_id and not await claim(self._front.db, inbound.gateway, asked.external_id):
                return
            reply = await self._front.runner.hear(inbound)
            await self._show(asked, inbound, reply)
        except Exception:  # noqa: BLE001 - there is nobody left to answer
            get_log("ussd").exception("push_broke", gateway=inbound.gateway, phone=inbound.phone.masked)

    async def _show(self, asked: Asked, inbound: Inbound, reply: Reply) -> None:
        push = Push(
            sender=asked.session,
            phone=inbound.phone,
            code=asked.echo["serviceCode"],
            text=reply.text,
            keep_open=reply.keep_open,
            link=asked.echo["linkid"],
        )
        for pause in (*PAUSES_S, None):
            try:
                await self._send.send(push)
            except ProviderError as error:
                if pause is None or not error.retryable:
                    get_log("ussd").warning("push_failed", gateway=inbound.gateway, failure=error.code)
                    return
                await asyncio.sleep(pause)
            else:
                return

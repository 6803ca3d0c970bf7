"""Held connections: what a pool does for a turn, at a third of its price (docs/decisions/held-connections.md)."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import asyncpg

WAIT_S: Final = 5.0
"""How long somebody waits for a connection; whoever waited in vain tries again or apologises."""

CLOSE_S: Final = 0.5
"""How long a server may take to say goodbye."""


class Lines:
    """At most ``size`` connections, opened when first needed and lent one at a time.

    Whoever took one gives it back whole, or as broken when its state is unknown (a cancelled query, a lost server):
    then it is thrown away and the next one is opened anew.
    """

    def __init__(self, connect: Callable[[], Awaitable[Any]], size: int, wait_s: float = WAIT_S) -> None:
        self._connect = connect
        self._free_places = size
        self._wait_s = wait_s
        self._idle: list[Any] = []
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> Any:
        """A connection that is nobody else's until it is given back.

        Raises TimeoutError when none was free for too long, OSError or asyncpg.PostgresError when none could be opened.
        """
        until = 0.0
        while True:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
                self._free_places += 1
            if self._free_places:
                return await self._open()
            until = until or asyncio.get_running_loop().time() + self._wait_s
            await self._wait(until)

    def give(self, connection: Any, *, whole: bool) -> None:
        """Give one back."""
        if whole and not connection.is_closed():
            self._idle.append(connection)
        else:
            connection.terminate()
            self._free_places += 1
        self._wake_one()

    async def close(self) -> None:
        """Close those that nobody holds, whether or not the server still answers."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*map(_close, idle))

    async def _wait(self, until: float) -> None:
        """Until somebody gave one back. Raises TimeoutError when the loop's clock stands at ``until``."""
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._waiting.append(turn)
        late = loop.call_at(until, _refuse, turn)
        try:
            await turn
        except asyncio.CancelledError:
            self._pass_on(turn)
            raise
        finally:
            late.cancel()

    async def _open(self) -> Any:
        self._free_places -= 1
        try:
            return await self._connect()
        except BaseException:
            self._free_places += 1
            self._wake_one()
            raise

    def _wake_one(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def _pass_on(self, turn: asyncio.Future[None]) -> None:
        """Somebody who was called but is gone lets the next one have it."""
        if turn.done() and not turn.cancelled() and turn.exception() is None:
            self._wake_one()


def _refuse(turn: "asyncio.Future[None]") -> None:
    if not turn.done():
        turn.set_exception(TimeoutError("no connection was free"))


async def _close(connection: Any) -> None:
    """Say goodbye; a server that does not hear it is left (asyncpg hangs up by itself when the time is over)."""
    with suppress(*_BROKEN):
        await connection.close(timeout=CLOSE_S)


_BROKEN = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)


def is_whole(error: BaseException | None) -> bool:
    """Whether a connection can be used again after this: a query that was left in the middle leaves it in doubt."""
    if error is None or isinstance(error, asyncpg.QueryCanceledError):
        return True
    return isinstance(error, Exception) and not isinstance(error, _BROKEN)

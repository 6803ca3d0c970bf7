"""PostgreSQL: statements written with SQLAlchemy Core, compiled once, run on asyncpg."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol

import asyncpg
import msgspec
from sqlalchemy import ClauseElement, MetaData
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from core.kit.lines import WAIT_S, Lines, is_whole

Record = asyncpg.Record

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the house; Alembic reads it."""

_DIALECT: Final = asyncpg_dialect()  # type: ignore[no-untyped-call]

TRANSIENT: Final = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    OSError,
)
"""What a second try may cure: a race that was lost, a server that restarts."""


def one_of(column: str, values: Iterable[str]) -> str:
    """The condition that a column holds one of these strings."""
    return f"{column} IN ({', '.join(map(repr, values))})"


class Statement:
    """A SQLAlchemy Core statement compiled once, run with its parameters by name."""

    __slots__ = ("_names", "sql")

    def __init__(self, clause: ClauseElement) -> None:
        compiled = clause.compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self._names: Sequence[str] = compiled.positiontup or ()  # type: ignore[attr-defined]

    def arguments(self, values: dict[str, Any]) -> list[Any]:
        """The values in the order of the statement's placeholders; KeyError when one is missing."""
        return [values[name] for name in self._names]


class Reader(Protocol):
    """Something statements can be run on: the pool (one by one) or a transaction."""

    async def fetch(self, statement: Statement, /, **values: Any) -> list[Record]:
        """All rows."""
        ...

    async def one(self, statement: Statement, /, **values: Any) -> Record | None:
        """The first row, or None."""
        ...


class Tx:
    """An open transaction; everything in it is kept together or not at all."""

    __slots__ = ("connection",)

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def fetch(self, statement: Statement, /, **values: Any) -> list[Record]:
        """All rows."""
        rows: list[Record] = await self.connection.fetch(statement.sql, *statement.arguments(values))
        return rows

    async def one(self, statement: Statement, /, **values: Any) -> Record | None:
        """The first row, or None."""
        row: Record | None = await self.connection.fetchrow(statement.sql, *statement.arguments(values))
        return row

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what is done inside when an error leaves it."""
        async with self.connection.transaction():
            yield


class Database:
    """Held connections to one database."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    @classmethod
    async def open(cls, url: str, *, size: int = 8, lock_timeout_ms: int = 2_000) -> "Database":
        """Connect; ``size`` connections at most, each giving up on a lock after ``lock_timeout_ms``.

        Raises OSError or asyncpg.PostgresError when there is no database at the address.
        """

        async def connect() -> Any:
            connection = await asyncpg.connect(
                url,
                timeout=WAIT_S,
                statement_cache_size=512,
                server_settings={"lock_timeout": str(lock_timeout_ms), "application_name": "toit", "jit": "off"},
            )
            await prepare_connection(connection)
            return connection

        lines = Lines(connect, size)
        lines.give(await lines.take(), whole=True)
        return cls(lines)

    async def close(self) -> None:
        """Close every connection that is not in use."""
        await self._lines.close()

    async def fetch(self, statement: Statement, /, **values: Any) -> list[Record]:
        """All rows, in a transaction of its own."""
        async with self.held() as connection:
            rows: list[Record] = await connection.fetch(statement.sql, *statement.arguments(values))
        return rows

    async def one(self, statement: Statement, /, **values: Any) -> Record | None:
        """The first row, or None, in a transaction of its own."""
        async with self.held() as connection:
            row: Record | None = await connection.fetchrow(statement.sql, *statement.arguments(values))
        return row

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Open a transaction: committed at the end of the block, undone by any error."""
        async with self.held() as connection, connection.transaction():
            yield Tx(connection)

    def held(self) -> "_Held":
        """Lend one connection for as long as the block lasts."""
        return _Held(self._lines)


class _Held:
    """A connection on loan; a class and not a generator, for every statement passes through here."""

    __slots__ = ("_connection", "_lines")

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def __aenter__(self) -> Any:
        self._connection = await self._lines.take()
        return self._connection

    async def __aexit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        connection = self._connection
        self._lines.give(connection, whole=is_whole(error) and not connection.is_in_transaction())


async def prepare_connection(connection: Any) -> None:
    """Teach a new connection our JSON."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_encode, decoder=msgspec.json.decode, format="text"
    )


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()

"""Keeps places: loads and stores gathered from everybody who is waiting, compared and set by version."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text

from bot.session import Heard
from core.kit.db import Database, Reader, Record, Statement
from core.kit.gather import Gather

Key = tuple[str, str]
"""Channel and address."""


@dataclass(frozen=True, slots=True)
class Row:
    """A stored place, with what its gateway session last said and was answered."""

    key: Key
    at: datetime
    version: int = 0
    body: bytes = b""
    session: str = ""
    heard: Heard = field(default_factory=lambda: Heard(0, b""))
    reply: str = ""
    open: bool = False


_LOAD = Statement(
    text(
        "SELECT p.* FROM unnest(cast(:channels AS text[]), cast(:addresses AS text[])) AS wanted(channel, address)"
        " JOIN place AS p USING (channel, address)"
    )
)
_STORE = Statement(
    text(
        "INSERT INTO place (channel, address, version, body, session, heard_length, heard_hash, reply, open, at)"
        " SELECT * FROM unnest(cast(:channels AS text[]), cast(:addresses AS text[]), cast(:versions AS bigint[]),"
        " cast(:bodies AS bytea[]), cast(:sessions AS text[]), cast(:lengths AS int[]), cast(:hashes AS bytea[]),"
        " cast(:replies AS text[]), cast(:opens AS bool[]), cast(:ats AS timestamptz[]))"
        " ON CONFLICT (channel, address) DO UPDATE SET version = excluded.version, body = excluded.body,"
        " session = excluded.session, heard_length = excluded.heard_length, heard_hash = excluded.heard_hash,"
        " reply = excluded.reply, open = excluded.open, at = excluded.at"
        " WHERE place.version = excluded.version - 1 RETURNING channel, address"
    )
)


class Places:
    """The places of everybody, in PostgreSQL."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._loads: Gather[Key, Key, Row | None] = Gather(self._load)
        self._stores: Gather[Key, Row, bool] = Gather(self._store)

    async def load(self, key: Key) -> Row | None:
        """The place of an address; None when it has none yet."""
        return await self._loads(key, key)

    async def keep(self, row: Row) -> bool:
        """Store a place over the version before it; False when somebody else moved it meanwhile."""
        return await self._stores(row.key, row)

    async def keep_in(self, tx: Reader, row: Row) -> bool:
        """The same inside a transaction."""
        return (await _store(tx, [row]))[0]

    async def _load(self, keys: list[Key]) -> list[Row | Exception | None]:
        rows = await self._db.fetch(_LOAD, channels=[key[0] for key in keys], addresses=[key[1] for key in keys])
        found = {(row["channel"], row["address"]): _row(row) for row in rows}
        return [found.get(key) for key in keys]

    async def _store(self, rows: list[Row]) -> list[bool | Exception]:
        return [*await _store(self._db, rows)]


async def _store(on: Reader, rows: list[Row]) -> list[bool]:
    """Store many at once, in the order of their keys so that two processes never wait for each other in a ring."""
    ordered = sorted(rows, key=lambda row: row.key)
    kept = {(row["channel"], row["address"]) for row in await on.fetch(_STORE, **_columns(ordered))}
    return [row.key in kept for row in rows]


def _columns(rows: list[Row]) -> dict[str, list[Any]]:
    return {
        "channels": [row.key[0] for row in rows],
        "addresses": [row.key[1] for row in rows],
        "versions": [row.version for row in rows],
        "bodies": [row.body for row in rows],
        "sessions": [row.session for row in rows],
        "lengths": [row.heard.length for row in rows],
        "hashes": [row.heard.digest for row in rows],
        "replies": [row.reply for row in rows],
        "opens": [row.open for row in rows],
        "ats": [row.at for row in rows],
    }


def _row(row: Record) -> Row:
    return Row(
        (row["channel"], row["address"]),
        row["at"],
        row["version"],
        row["body"],
        row["session"],
        Heard(row["heard_length"], row["heard_hash"]),
        row["reply"],
        row["open"],
    )

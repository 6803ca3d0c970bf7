"""Keeps places: loads and stores gathered from everybody who is waiting, compared and set by version."""

from collections import OrderedDict
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text

from bot.place import Place
from bot.session import Heard
from core.kit.db import Database, Reader, Record, Statement
from core.kit.gather import Gather
from core.kit.log import get_log
from core.kit.speaker import PersonId

Key = tuple[str, str]
"""Channel and address."""

MOST_SESSIONS: Final = 10_000
"""Sessions whose place is kept in mind, about 10 MB; whoever was silent longest is forgotten first."""


class Kept(msgspec.Struct, omit_defaults=True):
    """A place as it is kept: with the moment, and what its gateway session last said and was answered."""

    place: Place
    at: datetime
    session: str = ""
    heard: Heard = Heard(0, b"")
    reply: str = ""
    open: bool = False


class Row(msgspec.Struct, frozen=True):
    """What the database holds for an address; version 0 when it holds nothing yet.

    ``owner`` is whose unfinished task is kept here.
    """

    key: Key
    version: int
    kept: Kept
    owner: PersonId | None = None


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(Kept)

_UNIT: Final = "\x1f"
_RECORD: Final = "\x1e"
"""Separate what is sent together: one text is cheaper to send than an array, and JSON holds no control characters."""

_LOAD: Final = Statement(
    text(
        "SELECT p.channel, p.address, p.version, p.body"
        " FROM unnest(string_to_array(:channels, E'\\x1f'), string_to_array(:addresses, E'\\x1f'))"
        " AS wanted(channel, address) JOIN place AS p USING (channel, address)"
    )
)
_STORE: Final = Statement(
    text(
        "INSERT INTO place (channel, address, version, owner, body)"
        " SELECT channel, address, cast(version AS bigint), cast(nullif(owner, '') AS bigint), body FROM unnest("
        " string_to_array(:channels, E'\\x1f'), string_to_array(:addresses, E'\\x1f'),"
        " string_to_array(:versions, E'\\x1f'), string_to_array(:owners, E'\\x1f'),"
        " string_to_array(:bodies, E'\\x1e')"
        ") AS moved(channel, address, version, owner, body)"
        " ON CONFLICT (channel, address) DO UPDATE SET version = excluded.version, body = excluded.body,"
        " owner = excluded.owner, at = now()"
        " WHERE place.version = excluded.version - 1 RETURNING channel, address"
    )
)


_TASK: Final = Statement(
    text(
        "SELECT channel, address, version, body FROM place"
        " WHERE owner = :owner AND (channel, address) <> (cast(:channel AS text), cast(:address AS text))"
        " ORDER BY at DESC"
    )
)


class Places:
    """The places of everybody, in PostgreSQL."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._loads: Gather[Key, Key, Record | None] = Gather(self._load)
        self._stores: Gather[Key, _Move, bool] = Gather(self._store)
        self._recent: OrderedDict[Key, tuple[int, str]] = OrderedDict()

    async def load(self, key: Key, now: datetime) -> Row:
        """The place of an address; a fresh one when it has none yet, or none that can be read any more."""
        record = await self._loads(key, key)
        if record is None:
            return Row(key, 0, Kept(Place(), now))
        return Row(key, record["version"], _read(record["body"], now))

    def recall(self, key: Key, now: datetime) -> Row | None:
        """The place as this process stored it in the turn before, told once; None when it is not kept in mind.

        Somebody else may have moved it since: then nothing that begins here is kept.
        """
        recent = self._recent.pop(key, None)
        return None if recent is None else Row(key, recent[0], _read(recent[1], now))

    async def task(self, on: Reader, owner: PersonId, besides: Key, now: datetime) -> Row | None:
        """What somebody left unfinished last, at another address than this one."""
        return next(iter(await self.tasks(on, owner, besides, now)), None)

    async def tasks(self, on: Reader, owner: PersonId, besides: Key, now: datetime) -> list[Row]:
        """All that somebody left unfinished, at other addresses than this one, the last first."""
        records = await on.fetch(_TASK, owner=owner, channel=besides[0], address=besides[1])
        return [
            Row((one["channel"], one["address"]), one["version"], _read(one["body"], now), owner) for one in records
        ]

    async def keep(self, row: Row) -> bool:
        """Store what has moved on from the version of the row; False when somebody else moved it meanwhile."""
        self._recent.pop(row.key, None)
        move = _Move(row, _encode(row.kept))
        kept = await self._stores(row.key, move)
        if kept and row.kept.session:
            self._recent[row.key] = (row.version + 1, move.body)
            if len(self._recent) > MOST_SESSIONS:
                self._recent.popitem(last=False)
        return kept

    async def keep_in(self, tx: Reader, *rows: Row) -> bool:
        """The same inside a transaction, for all of these or none."""
        for row in rows:
            self._recent.pop(row.key, None)
        return all(await _store(tx, [_Move(row, _encode(row.kept)) for row in rows]))

    async def _load(self, keys: list[Key]) -> list[Record | Exception | None]:
        channels, addresses = (_UNIT.join(column) for column in zip(*keys, strict=True))
        rows = await self._db.fetch(_LOAD, channels=channels, addresses=addresses)
        found = {(row["channel"], row["address"]): row for row in rows}
        return [found.get(key) for key in keys]

    async def _store(self, moves: list["_Move"]) -> list[bool | Exception]:
        return [*await _store(self._db, moves)]


class _Move(msgspec.Struct, frozen=True):
    """A row that is to be stored, and what is kept of it as JSON."""

    row: Row
    body: str


def _encode(kept: Kept) -> str:
    return _encoder.encode(kept).decode()


async def _store(on: Reader, moves: list[_Move]) -> list[bool]:
    """Store many at once, in the order of their keys so that two processes never wait for each other in a ring."""
    ordered = sorted(moves, key=lambda move: move.row.key)
    columns = {
        "channels": _UNIT.join(move.row.key[0] for move in ordered),
        "addresses": _UNIT.join(move.row.key[1] for move in ordered),
        "owners": _UNIT.join(str(move.row.owner or "") for move in ordered),
        "versions": _UNIT.join(str(move.row.version + 1) for move in ordered),
        "bodies": _RECORD.join(move.body for move in ordered),
    }
    kept = {(row["channel"], row["address"]) for row in await on.fetch(_STORE, **columns)}
    return [move.row.key in kept for move in moves]


def _read(body: str, now: datetime) -> Kept:
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError:
        get_log("bot").warning("place_unreadable")
        return Kept(Place(), now)

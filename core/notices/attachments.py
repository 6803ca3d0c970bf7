"""Pictures, papers and voice notes that people send: queued in the turn, fetched by the worker, kept for a month."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Protocol

from sqlalchemy import text

from core.kit.clock import Clock
from core.kit.db import Database, Reader, Record, Statement
from core.kit.errors import ProviderError
from core.kit.log import get_log
from core.kit.speaker import PersonId

LARGEST: Final = 5 * 1024 * 1024
"""Bytes of one attachment; nothing larger is fetched to its end."""

MOST_A_DAY: Final = 40
"""Attachments of one sender that are fetched in 24 hours; four albums."""

KEPT: Final = timedelta(days=30)

TRIES: Final = 6
"""About half an hour of a provider's silence; their addresses rarely live longer."""

LEASE: Final = timedelta(minutes=3)
"""Whoever took one and has not said what became of it after so long is dead; longer than any download may last."""

_FIRST_PAUSE: Final = timedelta(seconds=20)
_BATCH: Final = 4

_QUEUE: Final = Statement(
    text(
        "INSERT INTO attachment (source, channel, address, person_id, album, media_id, url, mime, name, next_try_at,"
        "  created_at, changed_at)"
        " SELECT cast(:source AS text), cast(:channel AS text), cast(:address AS text), cast(:person AS bigint),"
        "  cast(:album AS text), f.media_id, f.url, f.mime, f.name, cast(:now AS timestamptz),"
        "  cast(:now AS timestamptz), cast(:now AS timestamptz)"
        " FROM unnest(cast(:ids AS text[]), cast(:urls AS text[]), cast(:mimes AS text[]), cast(:names AS text[]))"
        "  WITH ORDINALITY AS f(media_id, url, mime, name, place)"
        " WHERE f.place + (SELECT count(*) FROM attachment AS a WHERE a.channel = :channel AND a.address = :address"
        "  AND a.created_at > cast(:since AS timestamptz)) <= :most"
        " RETURNING id"
    )
)
_CLAIM: Final = Statement(
    text(
        "WITH due AS (SELECT id FROM attachment WHERE next_try_at <= :now"
        "  ORDER BY next_try_at LIMIT :limit FOR UPDATE SKIP LOCKED)"
        " UPDATE attachment SET tries = tries + 1, next_try_at = :lease, changed_at = :now"
        " FROM due WHERE attachment.id = due.id RETURNING attachment.id, source, media_id, url, tries"
    )
)
_FETCHED: Final = Statement(
    text(
        "UPDATE attachment SET state = 'fetched', next_try_at = NULL, reason = NULL, kind = cast(:kind AS text),"
        " size = length(cast(:content AS bytea)), digest = cast(:digest AS bytea), content = cast(:content AS bytea),"
        " changed_at = :now WHERE id = :id AND state = 'queued' AND tries = :tries"
    )
)
_NOT_FETCHED: Final = Statement(
    text(
        "UPDATE attachment SET state = cast(:state AS text), next_try_at = cast(:next AS timestamptz),"
        " reason = cast(:reason AS text), changed_at = :now WHERE id = :id AND state = 'queued' AND tries = :tries"
    )
)
_FORGET: Final = Statement(
    text(
        "WITH gone AS (DELETE FROM attachment WHERE created_at < cast(:before AS timestamptz) RETURNING 1)"
        " SELECT count(*) AS gone FROM gone"
    )
)


class Unwanted(Exception):
    """Something that will never be kept: too large, of another kind, not at its provider's. The text is a code."""


class File(Protocol):
    """How a provider names one file: by an id, or an address of its own, or both."""

    @property
    def id(self) -> str:
        """Its id there."""
        ...

    @property
    def url(self) -> str:
        """Its address, "" where the id leads to it."""
        ...

    @property
    def mime(self) -> str:
        """What the provider takes it for."""
        ...

    @property
    def name(self) -> str:
        """What it was called on the sender's device."""
        ...


class Arrived(Protocol):
    """A message that brought files."""

    @property
    def source(self) -> str:
        """The provider that brought it."""
        ...

    @property
    def channel(self) -> str:
        """Where."""
        ...

    @property
    def sender(self) -> str:
        """Whose, by their address there."""
        ...

    @property
    def group(self) -> str:
        """The album it is part of."""
        ...

    @property
    def media(self) -> Sequence[File]:
        """The files."""
        ...


class Vendor(Protocol):
    """A provider that hands out what was sent through it."""

    async def fetch(self, media_id: str, url: str) -> bytes:
        """The file, of at most LARGEST bytes. Raises ProviderError and Unwanted."""
        ...


async def queue_media(tx: Reader, message: Arrived, person: PersonId | None, now: datetime) -> int:
    """Queue the files of a message in the transaction that claims it; how many of them there is room for.

    Nothing is queued beyond what one sender may send in a day, nor what its provider gave no usable name.
    """
    files = [file for file in message.media if 0 < len(file.id) <= 512 and len(file.url) <= 2048]
    if not files:
        return 0
    queued = await tx.fetch(
        _QUEUE,
        source=message.source,
        channel=message.channel,
        address=message.sender,
        person=person,
        album=message.group[:128],
        ids=[file.id for file in files],
        urls=[file.url for file in files],
        mimes=[file.mime[:100] for file in files],
        names=[file.name[:120] for file in files],
        since=now - timedelta(days=1),
        most=MOST_A_DAY,
        now=now,
    )
    return len(queued)


async def forget(on: Reader, now: datetime) -> int:
    """Drop what was sent more than a month ago, fetched or not; how many."""
    row = await on.one(_FORGET, before=now - KEPT)
    return int(row["gone"]) if row else 0


def kind_of(content: bytes) -> str:
    """The type of a file by its first bytes, "" for one that is not kept; what its sender calls it counts for nothing.

    JPEG (ISO 10918-1), PNG (RFC 2083), WebP (RFC 9649), PDF (ISO 32000), Ogg (RFC 3533), MP3 with an ID3 tag or from
    its first frame (ISO 11172-3).
    """
    for start, kind in _STARTS.items():
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "audio/mpeg" if _is_mp3_frame(content) else ""


_STARTS: Final = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
    b"OggS": "audio/ogg",
    b"ID3": "audio/mpeg",
}


def _is_mp3_frame(content: bytes) -> bool:
    """Eleven bits of sync, a version that exists, layer III."""
    if len(content) < 4 or content[0] != 0xFF:
        return False
    return content[1] & 0xE0 == 0xE0 and content[1] & 0x18 != 0x08 and content[1] & 0x06 == 0x02


class Fetcher:
    """Fetches what is queued; any number of these may work on one database. ``vendors`` by the source's name."""

    def __init__(self, db: Database, clock: Clock, vendors: Mapping[str, Vendor]) -> None:
        self._db = db
        self._clock = clock
        self._vendors = vendors

    async def run_once(self) -> int:
        """Fetch a few; how many were looked at. Raises what the database raises, and bugs once all are done."""
        now = self._clock.now()
        due = await self._db.fetch(_CLAIM, now=now, lease=now + LEASE, limit=_BATCH)
        ends = await asyncio.gather(*map(self._one, due), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return len(due)

    async def _one(self, row: Record) -> None:
        try:
            content = await self._content(row)
        except Unwanted as error:
            await self._not_fetched(row, "refused", str(error))
        except ProviderError as error:
            again = error.retryable and row["tries"] < TRIES
            await self._not_fetched(row, "queued" if again else "failed", error.code)
        else:
            await self._db.fetch(
                _FETCHED,
                **_named(row),
                kind=kind_of(content),
                content=content,
                digest=sha256(content).digest(),
                now=self._clock.now(),
            )

    async def _content(self, row: Record) -> bytes:
        """The file. Raises Unwanted and ProviderError."""
        vendor = self._vendors.get(row["source"])
        if vendor is None or row["tries"] > TRIES:
            raise ProviderError("no_vendor" if vendor is None else "abandoned", retryable=False)
        content = await vendor.fetch(row["media_id"], row["url"])
        if len(content) > LARGEST:
            raise Unwanted("too_large")
        if not kind_of(content):
            raise Unwanted("kind" if content else "empty")
        return content

    async def _not_fetched(self, row: Record, state: str, reason: str) -> None:
        now = self._clock.now()
        later = now + _FIRST_PAUSE * 2 ** (row["tries"] - 1) if state == "queued" else None
        await self._db.fetch(_NOT_FETCHED, **_named(row), state=state, next=later, reason=reason[:80], now=now)
        get_log("worker").info("attachment", state=state, source=row["source"], why=reason[:80], tries=row["tries"])


def _named(row: Record) -> dict[str, Any]:
    return {"id": row["id"], "tries": row["tries"]}

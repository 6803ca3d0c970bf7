"""Queues messages in the transaction that gives rise to them; the worker sends them after the commit.

A statement of many parts (a posting) queues its notices itself with the same insert: ``INSERT_NOTICES`` is a complete
part of a ``WITH``, its parameters are ``notices``, as ``packed``, and ``notice_now``::

    Statement(text(f"WITH ..., told AS ({INSERT_NOTICES}) SELECT ..."))
    await tx.fetch(POST, ..., notices=packed(notices), notice_now=now)

When the text of a notice depends on what the statement itself finds (a receipt's number), insert into ``notice`` the
columns named in ``COLUMNS``, blanks made by ``jsonb_build_object`` in the shapes of ``blanks.encode``, and end with
``ON CONFLICT (dedupe_key) DO NOTHING``; the last three columns are all the moment of the posting.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.speaker import Address
from core.notices.blanks import encode
from core.notices.words import Notice

COLUMNS: Final = "dedupe_key, person_id, address, language, template, blanks, next_try_at, created_at, changed_at"
"""Of an SMS to a phone, or to wherever its person wants it."""

INSERT_NOTICES: Final = (
    f"INSERT INTO notice ({COLUMNS}, channel, source)"  # noqa: S608 - constants only
    " SELECT n.key, n.person, n.address, n.language, n.template, n.blanks, cast(:notice_now AS timestamptz),"
    " cast(:notice_now AS timestamptz), cast(:notice_now AS timestamptz), n.channel, nullif(n.source, '')"
    " FROM json_to_recordset(cast(:notices AS json)) AS n(key text, person bigint, address text, language text,"
    " template text, blanks jsonb, channel text, source text)"
    " ON CONFLICT (dedupe_key) DO NOTHING"
)

_QUEUE: Final = Statement(text(INSERT_NOTICES))
_encode: Final = msgspec.json.Encoder().encode


async def queue(tx: Reader, notice: Notice, now: datetime) -> None:
    """Queue one message; nothing happens when one of the same key was ever queued."""
    await queue_all(tx, [notice], now)


async def queue_all(tx: Reader, notices: Sequence[Notice], now: datetime) -> None:
    """Queue many messages in one statement, each at most once for ever."""
    await tx.fetch(_QUEUE, notices=packed(notices), notice_now=now)


def packed(notices: Sequence[Notice]) -> str:
    """The ``notices`` of INSERT_NOTICES: one JSON text. TypeError when a blank is of no known type."""
    return _encode([_row(notice, notice.at) for notice in notices]).decode()


def _row(notice: Notice, at: Address) -> dict[str, object]:
    return {
        "key": notice.key,
        "person": notice.person,
        "address": at.name,
        "channel": at.channel,
        "source": notice.source,
        "language": notice.language,
        "template": notice.template,
        "blanks": encode(notice.blanks),
    }

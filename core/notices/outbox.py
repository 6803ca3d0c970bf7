"""Queues messages in the transaction that gives rise to them; the worker sends them after the commit.

A statement of many parts (a posting) queues its notices itself with the same insert: ``INSERT_NOTICES`` is a complete
part of a ``WITH``, its parameters come from ``columns(notices)`` and ``notice_now``::

    Statement(text(f"WITH ..., told AS ({INSERT_NOTICES}) SELECT ..."))
    await tx.fetch(POST, ..., **columns(notices), notice_now=now)

When the text of a notice depends on what the statement itself finds (a receipt's number), insert into ``notice`` the
columns named in ``COLUMNS``, blanks made by ``jsonb_build_object`` in the shapes of ``blanks.encode``, and end with
``ON CONFLICT (dedupe_key) DO NOTHING``; the last three columns are all the moment of the posting.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.notices.blanks import encode
from core.notices.words import Notice

COLUMNS: Final = "dedupe_key, person_id, address, language, template, blanks, next_try_at, created_at, changed_at"
"""Of an SMS to a phone, or to wherever its person wants it."""

INSERT_NOTICES: Final = (
    f"INSERT INTO notice ({COLUMNS}, channel, source)"  # noqa: S608 - constants only
    " SELECT n.key, n.person, n.address, n.language, n.template, n.blanks, cast(:notice_now AS timestamptz),"
    " cast(:notice_now AS timestamptz), cast(:notice_now AS timestamptz), n.channel, nullif(n.source, '')"
    " FROM unnest(cast(:notice_keys AS text[]), cast(:notice_people AS bigint[]), cast(:notice_addresses AS text[]),"
    " cast(:notice_languages AS text[]), cast(:notice_templates AS text[]), cast(:notice_blanks AS jsonb[]),"
    " cast(:notice_channels AS text[]), cast(:notice_sources AS text[]))"
    " AS n(key, person, address, language, template, blanks, channel, source)"
    " ON CONFLICT (dedupe_key) DO NOTHING"
)

_QUEUE: Final = Statement(text(INSERT_NOTICES))


async def queue(tx: Reader, notice: Notice, now: datetime) -> None:
    """Queue one message; nothing happens when one of the same key was ever queued."""
    await queue_all(tx, [notice], now)


async def queue_all(tx: Reader, notices: Sequence[Notice], now: datetime) -> None:
    """Queue many messages in one statement, each at most once for ever."""
    await tx.fetch(_QUEUE, **columns(notices), notice_now=now)


def columns(notices: Sequence[Notice]) -> dict[str, list[Any]]:
    """The parameters of INSERT_NOTICES. TypeError when a blank is of no known type."""
    return {
        "notice_keys": [notice.key for notice in notices],
        "notice_people": [notice.person for notice in notices],
        "notice_addresses": [notice.at.name for notice in notices],
        "notice_channels": [notice.at.channel for notice in notices],
        "notice_sources": [notice.source for notice in notices],
        "notice_languages": [notice.language for notice in notices],
        "notice_templates": [notice.template for notice in notices],
        "notice_blanks": [encode(notice.blanks) for notice in notices],
    }

"""What Mobile Money operators call in: kept as it came and answered at once; a hint to ask, never a proof."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from aiohttp import web
from sqlalchemy import text

from core.kit.crash import crash_point
from core.kit.db import Statement
from core.money.ladder import LADDER
from webhooks.front import FRONT
from webhooks.raw import check_path_secret, read_raw

LARGEST_BODY: Final = 64 * 1024
FLOOR: Final = LADDER[0]
"""A callback never makes us ask more often than the first rung of the ladder, whoever sends it …"""

AT_ONCE: Final = timedelta(seconds=1)
"""… but for the first one about an attempt: the real operator sends only one, and somebody waits for the receipt."""

HEARD: Final = Statement(
    text("""
WITH named AS (
    SELECT id, next_check_at IS NOT NULL AS open FROM payment_attempt
    WHERE rail = CAST(:provider AS text) AND (ref = CAST(:ref AS text) OR reference = CAST(:reference AS uuid))
    LIMIT 1
), kept AS (
    INSERT INTO callback (provider, raw, received_at, handled_at, attempt_id)
    SELECT CAST(:provider AS text), CAST(:raw AS bytea), CAST(:now AS timestamptz),
        (SELECT CAST(:now AS timestamptz) FROM named), (SELECT id FROM named)
)
UPDATE payment_attempt AS a
SET next_check_at = least(a.next_check_at, greatest(CAST(:now AS timestamptz), a.checked_at + CASE
    WHEN EXISTS (SELECT FROM callback AS c WHERE c.attempt_id = a.id) THEN CAST(:floor AS interval)
    ELSE CAST(:first AS interval) END))
FROM named
WHERE a.id = named.id AND a.state IN ('submitting', 'submitted', 'unresolved') AND named.open
""")
)
"""Kept, and the question after the attempt it names pulled forward: nothing else moves."""


class _Hint(msgspec.Struct):
    """The two names a callback may call an attempt by; everything else in it is only kept."""

    external_id: str = msgspec.field(name="externalId", default="")
    reference: str = msgspec.field(name="referenceId", default="")


def routes() -> list[web.RouteDef]:
    """The addresses operators were given."""
    path = "/webhooks/payments/mtn/{secret}"
    return [web.post(path, _mtn), web.put(path, _mtn)]


async def _mtn(request: web.Request) -> web.Response:
    """403 for a wrong secret (nothing is kept), 413 above the limit, otherwise always the same answer."""
    front = request.app[FRONT]
    check_path_secret(request.match_info["secret"], front.settings.secret)
    raw = (await read_raw(request, LARGEST_BODY)).body
    hint = _read(raw)
    await front.db.fetch(
        HEARD,
        provider="mtn",
        raw=raw,
        ref=hint.external_id.replace("\0", ""),
        reference=_uuid(hint.reference),
        now=front.clock.now(),
        floor=FLOOR,
        first=AT_ONCE,
    )
    crash_point("callback.stored")
    return web.json_response({"received": True})


def _read(raw: bytes) -> _Hint:
    """What can be understood of it; garbage names nothing."""
    try:
        return msgspec.json.decode(raw, type=_Hint)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Hint()


def _uuid(text_: str) -> UUID | None:
    try:
        return UUID(text_)
    except ValueError:
        return None

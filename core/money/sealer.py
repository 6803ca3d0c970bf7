"""Seals entries into a hash chain, one sealer at a time and after their commit, so that no payment waits for it."""

from hashlib import sha256
from typing import Final

from sqlalchemy import text

from core.kit.clock import Clock
from core.kit.crash import crash_point
from core.kit.db import Database, Statement, Tx

AT_ONCE: Final = 500
START: Final = bytes(32)
"""The hash before the first entry."""

LATECOMERS: Final = 100_000
"""How far back an entry may turn up that was not yet committed when later ones were sealed."""

DIGEST: Final = r"""sha256(convert_to(concat_ws('|', e.id, e.idempotency_key, encode(e.input_hash, 'hex'), e.kind,
    (extract(epoch FROM e.at) * 1000000)::bigint, e.source_ref,
    (SELECT string_agg(concat_ws(',', p.id, p.source_account, p.destination_account, p.amount, p.currency), ';'
        ORDER BY p.id) FROM posting AS p WHERE p.entry_id = e.id),
    (SELECT string_agg(concat_ws(',', a.id, a.charge_id, a.amount, a.left_after), ';' ORDER BY a.id)
        FROM allocation AS a WHERE a.entry_id = e.id),
    (SELECT encode(r.text_hash, 'hex') FROM receipt AS r WHERE r.entry_id = e.id)), 'UTF8'))"""
"""SHA-256 of all that belongs to an entry (e), in SQL: the sealer and the books use the same."""

_ALONE: Final = Statement(text("SELECT pg_try_advisory_xact_lock(hashtext('core.money.sealer')) AS mine"))
_LAST: Final = Statement(text("SELECT position, hash FROM seal ORDER BY position DESC LIMIT 1"))
_UNSEALED: Final = Statement(
    text(f"""
SELECT e.id, {DIGEST} AS digest FROM entry AS e
WHERE e.id > (SELECT coalesce(max(entry_id), 0) FROM seal) - {LATECOMERS}
    AND NOT EXISTS (SELECT FROM seal AS s WHERE s.entry_id = e.id)
ORDER BY e.id LIMIT CAST(:most AS int)
""")  # noqa: S608 - constants only
)
_SEAL: Final = Statement(
    text("""
INSERT INTO seal (position, entry_id, digest, hash, at)
SELECT s.*, CAST(:now AS timestamptz)
FROM unnest(CAST(:positions AS bigint[]), CAST(:entries AS bigint[]), CAST(:digests AS bytea[]),
    CAST(:hashes AS bytea[])) AS s
""")
)


class Sealer:
    """Seals what was posted; several may run, only one works."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def run_once(self) -> int:
        """Seal up to AT_ONCE entries; returns how many there were."""
        async with self._db.transaction() as tx:
            mine = await tx.one(_ALONE)
            return await self._seal(tx) if mine and mine["mine"] else 0

    async def _seal(self, tx: Tx) -> int:
        rows = await tx.fetch(_UNSEALED, most=AT_ONCE)
        last = await tx.one(_LAST)
        crash_point("seal.read")
        position, hashes = (last["position"] if last else 0), [last["hash"] if last else START]
        for row in rows:
            hashes.append(chained(hashes[-1], row["digest"]))
        await tx.fetch(
            _SEAL,
            positions=[position + n for n in range(1, len(rows) + 1)],
            entries=[row["id"] for row in rows],
            digests=[row["digest"] for row in rows],
            hashes=hashes[1:],
            now=self._clock.now(),
        )
        crash_point("seal.done")
        return len(rows)


def chained(before: bytes, digest: bytes) -> bytes:
    """The next hash of the chain."""
    return sha256(before + digest).digest()

"""What a day leaves in the database, without what differs by itself: ids, moments, references, codes."""

import json
import re
from typing import Any, Final

import asyncpg

TABLES: Final = (
    "payment_attempt",
    "attempt_event",
    "account",
    "entry",
    "posting",
    "charge",
    "waiver",
    "allocation",
    "receipt",
    "payee_month",
)
"""In an order that names whatever another refers to before it."""

REFERS: Final = {
    "attempt_id": "payment_attempt",
    "entry_id": "entry",
    "charge_id": "charge",
    "source_account": "account",
    "destination_account": "account",
}

UNLIKE: Final = frozenset(
    {
        *("id", "at", "reference", "provider_tx", "input_hash", "text_hash", "checks", "misses", "missed_since"),
        *("created_at", "moved_at", "submitted_at", "settled_at", "expired_at", "alerted_at", "next_check_at"),
        *("checked_at", "issued_at"),
    }
)
"""What chance, the clock and the operator's haste decide."""

TALK: Final = ("said", "screen", "code", "waiting", "dropped", "turn_ready")
"""Templates that are the conversation itself, not what it came to."""

_ISO: Final = re.compile(r'"at": "\d{4}-[^"]+"')
_OPERATORS: Final = re.compile(r'"operator_ref": "[^"]+"')
_NAMED: Final = "SELECT ref, 'ref' AS kind FROM payment_attempt UNION ALL SELECT check_code, 'check' FROM receipt"
_NOTICES: Final = """
SELECT CASE WHEN template LIKE 'receipt\\_%' OR template LIKE 'rent\\_paid.%' THEN 'where she is'
    ELSE channel || ' ' || address END AS to,
    language, template, blanks, state IN ('failed', 'dead', 'unknown', 'suppressed') AS lost
FROM notice WHERE split_part(template, '.', 1) <> ALL ($1::text[]) ORDER BY 1, template, dedupe_key
"""

Rows = dict[str, list[dict[str, Any]]]


async def rows_of(url: str) -> Rows:
    """Everything that money, leases and notices know, comparable with that of another database."""
    connection = await asyncpg.connect(url)
    try:
        return await _rows(connection)
    finally:
        await connection.close()


async def _rows(connection: asyncpg.Connection) -> Rows:
    names = {row["ref"]: f"<{row['kind']}>" for row in await connection.fetch(_NAMED)}
    found: Rows = {}
    numbers: dict[str, dict[int, int]] = {}
    for table in TABLES:
        raw = [json.loads(row["row"]) for row in await connection.fetch(f"SELECT to_jsonb(t) AS row FROM {table} AS t")]  # noqa: S608
        kept = sorted(raw, key=lambda row: row.get("id", 0))
        numbers[table] = {row["id"]: number for number, row in enumerate(kept, 1) if "id" in row}
        found[table] = [
            _named({key: _told(key, row[key], numbers) for key in row if key not in UNLIKE}, names) for row in kept
        ]
    notices = await connection.fetch(_NOTICES, list(TALK))
    found["notice"] = [_named({**row, "blanks": json.loads(row["blanks"])}, names) for row in notices]
    return found


def _told(key: str, value: Any, numbers: dict[str, dict[int, int]]) -> Any:
    return numbers[REFERS[key]][value] if key in REFERS else value


def _named(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A row in which references and codes are called what they are."""
    told = json.dumps(row, ensure_ascii=False, sort_keys=True)
    for value, name in names.items():
        told = told.replace(value, name)
    told = _OPERATORS.sub('"operator_ref": "<theirs>"', _ISO.sub('"at": "<moment>"', told))
    named: dict[str, Any] = json.loads(told)
    return named

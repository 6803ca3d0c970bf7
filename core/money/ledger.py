"""The one statement that writes entries: postings, allocations, receipts and messages, many entries at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import text

from core.kit.db import Reader, Record, Statement
from core.kit.money import Currency
from core.kit.month import Month
from core.kit.speaker import PersonId
from core.money.allocation import Part
from core.money.receipts import RECEIPT_TEXT, check_code, receipt_number
from core.money.words import AttemptId, ChargeId, ReceiptId
from core.notices.blanks import encode
from core.notices.outbox import COLUMNS
from core.notices.words import Notice

_PADDED: Final = "lpad(d.number::text, greatest(6, length(d.number::text)), '0')"
"""The number as receipt_number() writes it."""

_ARRAYS: Final = {
    "text[]": "keys kinds refs transactions p_currencies r_kinds r_checks r_months r_titles r_payee_names"
    " r_debtor_names r_currencies n_keys n_addresses n_languages n_templates n_channels"
    " n_sources",
    "bytea[]": "hashes",
    "timestamptz[]": "moments",
    "bigint[]": "attempts p_sources p_destinations p_amounts a_charges a_amounts a_lefts r_payees r_debtors r_payers"
    " r_amounts r_credits r_remainings r_received n_people",
    "int[]": "p_items a_items r_items r_years n_items",
    "date[]": "r_days",
    "jsonb[]": "n_blanks",
    "boolean[]": "n_totals",
}
"""What the statement is given, one array a column, by type: p_ postings, a_ allocations, r_ receipts, n_ notices."""

_GIVEN: Final = ", ".join(
    f"CAST(:{name} AS {kind}) AS {name}" for kind, names in _ARRAYS.items() for name in names.split()
)
"""In a part of its own, so that the planner does not see how long they are and plans the statement once for all."""

_POST: Final = Statement(
    text(f"""
WITH args AS MATERIALIZED (SELECT {_GIVEN}), item AS (
    SELECT i.* FROM args, unnest(
        args.keys, args.hashes, args.kinds, args.moments,
        args.refs, args.attempts, args.transactions
    ) WITH ORDINALITY AS i (key, hash, kind, at, ref, attempt, provider_tx, n)
), held AS MATERIALIZED (
    SELECT id FROM payment_attempt
    WHERE id IN (SELECT attempt FROM item) AND state IN ('submitting', 'submitted', 'unresolved')
    ORDER BY id FOR NO KEY UPDATE
), settled AS (
    UPDATE payment_attempt AS a
    SET state = 'succeeded', provider_tx = i.provider_tx, settled_at = i.at, moved_at = i.at, next_check_at = NULL
    FROM held AS h JOIN item AS i ON i.attempt = h.id
    WHERE a.id = h.id AND a.state IN ('submitting', 'submitted', 'unresolved')
    RETURNING i.n
), written AS (
    INSERT INTO entry (idempotency_key, input_hash, kind, at, source_ref)
    SELECT key, hash, kind, at, ref FROM item
    WHERE attempt IS NULL OR n IN (SELECT n FROM settled)
    ORDER BY n
    RETURNING id, idempotency_key
), made AS (
    SELECT w.id AS entry_id, i.n, i.at, i.ref FROM written AS w JOIN item AS i ON i.key = w.idempotency_key
), moved AS (
    INSERT INTO posting (entry_id, source_account, destination_account, amount, currency)
    SELECT m.entry_id, p.source, p.destination, p.amount, p.currency
    FROM args, unnest(
        args.p_items, args.p_sources, args.p_destinations,
        args.p_amounts, args.p_currencies
    ) AS p (n, source, destination, amount, currency) JOIN made AS m USING (n)
    ORDER BY p.n
), allocated AS (
    INSERT INTO allocation (entry_id, charge_id, amount, left_after)
    SELECT m.entry_id, a.charge, a.amount, a.left_after
    FROM args, unnest(
        args.a_items, args.a_charges, args.a_amounts, args.a_lefts
    ) AS a (n, charge, amount, left_after) JOIN made AS m USING (n)
    ORDER BY a.charge
), wanted AS (
    SELECT r.*, string_to_array(r.month_list, ',')::date[] AS months, m.entry_id, m.at, m.ref,
        row_number() OVER years AS nth, count(*) OVER (PARTITION BY payee, year) AS of_year,
        sum(received) OVER these AS so_far, sum(received) OVER (PARTITION BY payee, month, currency) AS of_month
    FROM args, unnest(
        args.r_items, args.r_kinds, args.r_payees, args.r_debtors,
        args.r_payers, args.r_years, args.r_checks, args.r_months,
        args.r_titles, args.r_payee_names, args.r_debtor_names,
        args.r_amounts, args.r_credits, args.r_remainings,
        args.r_currencies, args.r_days, args.r_received
    ) AS r (n, kind, payee, debtor, payer, year, check_code, month_list, title, payee_name, debtor_name,
            amount, credit, remaining, currency, month, received) JOIN made AS m USING (n)
    WINDOW years AS (PARTITION BY payee, year ORDER BY r.n),
        these AS (PARTITION BY payee, month, currency ORDER BY r.n)
), counted AS (
    INSERT INTO receipt_counter AS c (payee, year, last)
    SELECT payee, year, count(*) FROM wanted GROUP BY payee, year ORDER BY payee, year
    ON CONFLICT (payee, year) DO UPDATE SET last = c.last + excluded.last
    RETURNING payee, year, last
), grown AS (
    INSERT INTO payee_month AS g (payee, month, currency, received)
    SELECT payee, month, currency, sum(received) FROM wanted JOIN counted USING (payee, year)
    GROUP BY payee, month, currency ORDER BY payee, month, currency
    ON CONFLICT (payee, month, currency) DO UPDATE SET received = g.received + excluded.received
    RETURNING payee, month, currency, received
), numbered AS (
    SELECT w.*, (c.last - w.of_year + w.nth)::int AS number, g.received - w.of_month + w.so_far AS total
    FROM wanted AS w
    JOIN counted AS c USING (payee, year)
    JOIN grown AS g ON g.payee = w.payee AND g.month = w.month AND g.currency = w.currency
), receipts AS (
    INSERT INTO receipt (kind, payee, debtor, payer, year, number, check_code, entry_id, months, title, payee_name,
        debtor_name, amount, credit, remaining, currency, at, ref, text_hash)
    SELECT kind, payee, debtor, payer, year, number, check_code, entry_id, months, title, payee_name, debtor_name,
        amount, credit, remaining, currency, at, ref, sha256(convert_to({RECEIPT_TEXT}, 'UTF8'))
    FROM numbered ORDER BY n
    RETURNING id, entry_id, year, number
), told AS (
    INSERT INTO notice ({COLUMNS}, channel, source)
    SELECT s.key, s.person, s.address, s.language, s.template,
        s.blanks
        || CASE WHEN d.n IS NULL THEN '{{}}' ELSE jsonb_build_object('number', d.year || '-' || {_PADDED}) END
        || CASE WHEN s.total THEN jsonb_build_object(
            'total', jsonb_build_object('money', jsonb_build_array(d.total::bigint, d.currency))) ELSE '{{}}' END,
        m.at, m.at, m.at, s.channel, nullif(s.source, '')
    FROM args, unnest(
        args.n_items, args.n_keys, args.n_people, args.n_addresses,
        args.n_languages, args.n_templates, args.n_blanks,
        args.n_totals, args.n_channels, args.n_sources
    ) AS s (n, key, person, address, language, template, blanks, total, channel, source)
    JOIN made AS m USING (n) LEFT JOIN numbered AS d USING (n)
    ORDER BY s.key
    ON CONFLICT (dedupe_key) DO NOTHING
)
SELECT m.n, m.entry_id, r.id AS receipt_id, r.year, r.number
FROM made AS m LEFT JOIN receipts AS r USING (entry_id)
""")  # noqa: S608 - constants only
)
"""In one round trip and one transaction. An attempt that is no longer open writes nothing; a key that was used, a
charge that was paid meanwhile or a check code that exists undo the whole statement. Rows are locked in one order
everywhere: attempts, counters, months, and in the triggers accounts and charges, each sorted."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Money from one account to another: ids and francs."""

    source: int
    destination: int
    amount: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of an entry; it learns the receipt's number (blank ``number``) and, if ``total``, what the payee
    received in the month (blank ``total``).
    """

    notice: Notice
    total: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """A receipt still without a number; ``day`` is local, ``received`` counts into the payee's month."""

    kind: Literal["quittance", "recu"]
    payee: PersonId
    payee_name: str
    debtor: PersonId
    debtor_name: str
    payer: PersonId
    day: date
    months: tuple[Month, ...]
    title: str
    amount: int
    credit: int
    remaining: int
    received: int
    check: str = field(default_factory=check_code)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to write. With ``attempt`` it is written only if that attempt can still succeed."""

    key: str
    input_hash: bytes
    kind: Literal["rent_payment", "credit_use"]
    at: datetime
    ref: str
    currency: Currency
    movements: tuple[Movement, ...]
    parts: tuple[Part, ...]
    receipt: ReceiptDraft | None = None
    letters: tuple[Letter, ...] = ()
    attempt: AttemptId | None = None
    provider_tx: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry that was written, and its receipt if it has one."""

    entry: int
    receipt: ReceiptId | None
    number: str


async def write(reader: Reader, drafts: Sequence[Draft]) -> list[Written | None]:
    """Write entries in one statement; None for an attempt that had ended already.

    Raises asyncpg.SerializationError when a charge was paid meanwhile, UniqueViolationError for a used key.
    """
    rows = await reader.fetch(
        _POST, **_items(drafts), **_movements(drafts), **_parts(drafts), **_receipts(drafts), **_letters(drafts)
    )
    found = {row["n"]: _written(row) for row in rows}
    return [found.get(number) for number in range(1, len(drafts) + 1)]


def _written(row: Record) -> Written:
    number = receipt_number(row["year"], row["number"]) if row["number"] else ""
    return Written(row["entry_id"], row["receipt_id"], number)


def _items(drafts: Sequence[Draft]) -> dict[str, list[Any]]:
    return {
        "keys": [draft.key for draft in drafts],
        "hashes": [draft.input_hash for draft in drafts],
        "kinds": [draft.kind for draft in drafts],
        "moments": [draft.at for draft in drafts],
        "refs": [draft.ref for draft in drafts],
        "attempts": [draft.attempt for draft in drafts],
        "transactions": [draft.provider_tx for draft in drafts],
    }


def _movements(drafts: Sequence[Draft]) -> dict[str, list[Any]]:
    rows = [(n, draft.currency, move) for n, draft in enumerate(drafts, 1) for move in draft.movements]
    return {
        "p_items": [n for n, _, _ in rows],
        "p_sources": [move.source for _, _, move in rows],
        "p_destinations": [move.destination for _, _, move in rows],
        "p_amounts": [move.amount for _, _, move in rows],
        "p_currencies": [currency for _, currency, _ in rows],
    }


def _parts(drafts: Sequence[Draft]) -> dict[str, list[Any]]:
    rows = [(n, part) for n, draft in enumerate(drafts, 1) for part in draft.parts]
    charges: list[ChargeId] = [part.charge.id for _, part in rows]
    return {
        "a_items": [n for n, _ in rows],
        "a_charges": charges,
        "a_amounts": [part.amount for _, part in rows],
        "a_lefts": [part.left_after for _, part in rows],
    }


def _receipts(drafts: Sequence[Draft]) -> dict[str, list[Any]]:
    rows = [(n, draft.currency, draft.receipt) for n, draft in enumerate(drafts, 1) if draft.receipt]
    return {
        "r_items": [n for n, _, _ in rows],
        "r_kinds": [receipt.kind for _, _, receipt in rows],
        "r_payees": [receipt.payee for _, _, receipt in rows],
        "r_debtors": [receipt.debtor for _, _, receipt in rows],
        "r_payers": [receipt.payer for _, _, receipt in rows],
        "r_years": [receipt.day.year for _, _, receipt in rows],
        "r_checks": [receipt.check for _, _, receipt in rows],
        "r_months": [",".join(str(month.first()) for month in receipt.months) for _, _, receipt in rows],
        "r_titles": [receipt.title for _, _, receipt in rows],
        "r_payee_names": [receipt.payee_name for _, _, receipt in rows],
        "r_debtor_names": [receipt.debtor_name for _, _, receipt in rows],
        "r_amounts": [receipt.amount for _, _, receipt in rows],
        "r_credits": [receipt.credit for _, _, receipt in rows],
        "r_remainings": [receipt.remaining for _, _, receipt in rows],
        "r_currencies": [currency for _, currency, _ in rows],
        "r_days": [receipt.day.replace(day=1) for _, _, receipt in rows],
        "r_received": [receipt.received for _, _, receipt in rows],
    }


def _letters(drafts: Sequence[Draft]) -> dict[str, list[Any]]:
    rows = [(n, letter.notice, letter.total) for n, draft in enumerate(drafts, 1) for letter in draft.letters]
    return {
        "n_items": [n for n, _, _ in rows],
        "n_keys": [notice.key for _, notice, _ in rows],
        "n_people": [notice.person for _, notice, _ in rows],
        "n_addresses": [notice.at.name for _, notice, _ in rows],
        "n_languages": [notice.language for _, notice, _ in rows],
        "n_templates": [notice.template for _, notice, _ in rows],
        "n_blanks": [encode(notice.blanks) for _, notice, _ in rows],
        "n_totals": [total for _, _, total in rows],
        "n_channels": [notice.at.channel for _, notice, _ in rows],
        "n_sources": [notice.source for _, notice, _ in rows],
    }

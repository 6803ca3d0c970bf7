"""What must be true of the books at every moment, as SQL: how many things are looked at, and those that are wrong."""
# ruff: noqa: S608 - put together from constants only

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from core.kit.db import Statement
from core.money.receipts import RECEIPT_TEXT
from core.money.tables import OPEN_STATES

_OPEN: Final = ", ".join(map(repr, OPEN_STATES))
_TRUTH: Final = """unnest(CAST(:references AS uuid[]), CAST(:amounts AS bigint[]), CAST(:currencies AS text[]),
    CAST(:transactions AS text[])) AS t (reference, amount, currency, provider_tx)"""
_RECEIVED: Final = """(SELECT coalesce(sum(p.amount), 0) FROM posting AS p JOIN account AS c ON c.id = p.source_account
    WHERE p.entry_id = e.id AND c.kind = 'operator_clearing')"""
_ALLOCATED: Final = "(SELECT coalesce(sum(amount), 0) FROM allocation WHERE entry_id = e.id)"
_INTO: Final = """(SELECT coalesce(sum(p.amount), 0) FROM posting AS p JOIN account AS c ON c.id = p.destination_account
    WHERE p.entry_id = e.id AND c.kind = '{}')"""
_BALANCE: Final = """((SELECT coalesce(sum(amount), 0) FROM posting WHERE destination_account = a.id)
    - (SELECT coalesce(sum(amount), 0) FROM posting WHERE source_account = a.id))"""
_MONTH_OF: Final = """date_trunc('month', r.at AT TIME ZONE
    CASE r.currency WHEN 'XAF' THEN 'Africa/Douala' ELSE 'UTC' END)::date"""


@dataclass(frozen=True, slots=True)
class Invariant:
    """One line of the report: ``count`` gives one number, ``breaches`` one text a breach (column ``what``)."""

    name: str
    title: str
    count: Statement
    breaches: Statement | None
    needs_truth: bool = False


def _sql(sql: str) -> Statement:
    return Statement(text(sql))


def _wrong(*queries: str) -> Statement:
    """Breaches of any of the queries, some of them if there are many."""
    return _sql(f"SELECT what FROM ({' UNION ALL '.join(queries)}) AS w LIMIT 50")


INVARIANTS: Final = (
    Invariant(
        "I1",
        "every entry balances per currency",
        _sql("SELECT count(*) FROM entry"),
        _wrong(
            "SELECT 'entry ' || e.id || ' moves nothing' AS what FROM entry AS e"
            " WHERE NOT EXISTS (SELECT FROM posting WHERE entry_id = e.id)",
            "SELECT 'posting ' || p.id || ' mixes currencies' FROM posting AS p"
            " JOIN account AS s ON s.id = p.source_account JOIN account AS d ON d.id = p.destination_account"
            " WHERE p.currency <> s.currency OR p.currency <> d.currency OR p.amount <= 0",
        ),
    ),
    Invariant(
        "I2",
        "all accounts together are zero",
        _sql("SELECT count(*) FROM account"),
        _wrong(
            "SELECT 'accounts in ' || a.currency || ' sum to ' || sum(b.balance) AS what FROM account AS a"
            f" CROSS JOIN LATERAL (SELECT {_BALANCE} AS balance) AS b GROUP BY a.currency HAVING sum(b.balance) <> 0"
        ),
    ),
    Invariant(
        "I3",
        "every payment that was really made has one entry of its amount",
        _sql(f"SELECT count(*) FROM {_TRUTH}"),
        _wrong(
            "SELECT 'no attempt has the reference ' || t.reference AS what"
            f" FROM {_TRUTH} WHERE NOT EXISTS (SELECT FROM payment_attempt AS p WHERE p.reference = t.reference)",
            "SELECT p.ref || ' was paid but is ' || p.state || ' with ' || count(e.id) || ' entries of '"
            f" || coalesce(sum({_RECEIVED}), 0) || ' instead of ' || t.amount"
            f" FROM {_TRUTH} JOIN payment_attempt AS p USING (reference)"
            " LEFT JOIN entry AS e ON e.idempotency_key = 'payment:' || p.ref"
            f" WHERE p.state NOT IN ({_OPEN}) GROUP BY p.ref, p.state, t.amount"
            f" HAVING count(e.id) <> 1 OR sum({_RECEIVED}) <> t.amount",
        ),
        needs_truth=True,
    ),
    Invariant(
        "I4",
        "no entry without a payment that was really made",
        _sql("SELECT count(*) FROM entry WHERE kind = 'rent_payment'"),
        _wrong(
            "SELECT e.idempotency_key || ' has no payment behind it' AS what FROM entry AS e"
            " JOIN payment_attempt AS p ON e.idempotency_key = 'payment:' || p.ref"
            f" LEFT JOIN {_TRUTH} ON t.reference = p.reference AND t.currency = p.currency"
            f" AND t.provider_tx = p.provider_tx AND t.amount = {_RECEIVED}"
            " WHERE e.kind = 'rent_payment' AND t.reference IS NULL"
        ),
        needs_truth=True,
    ),
    Invariant(
        "I5",
        "attempts that ended never move, and each success has one entry",
        _sql("SELECT count(*) FROM payment_attempt"),
        _wrong(
            "SELECT 'attempt ' || attempt_id || ' moved after its end' AS what FROM attempt_event"
            " WHERE came_from IN ('succeeded', 'failed')",
            "SELECT p.ref || ' is ' || p.state || ', last seen as ' || v.state FROM payment_attempt AS p"
            " JOIN LATERAL (SELECT state FROM attempt_event WHERE attempt_id = p.id ORDER BY id DESC LIMIT 1) AS v"
            " ON v.state <> p.state",
            "SELECT p.ref || ' is ' || p.state || ' with ' || count(e.id) || ' entries' FROM payment_attempt AS p"
            " LEFT JOIN entry AS e ON e.idempotency_key = 'payment:' || p.ref"
            " GROUP BY p.ref, p.state HAVING count(e.id) <> (p.state = 'succeeded')::int",
            "SELECT e.idempotency_key || ' has no attempt' FROM entry AS e WHERE e.kind = 'rent_payment'"
            " AND NOT EXISTS (SELECT FROM payment_attempt AS p WHERE e.idempotency_key = 'payment:' || p.ref)",
        ),
    ),
    Invariant(
        "I6",
        "what a payment paid and its credit are what was received",
        _sql("SELECT count(*) FROM entry"),
        _wrong(
            "SELECT e.idempotency_key || ': amounts differ' AS what FROM entry AS e"
            " JOIN payment_attempt AS p ON e.idempotency_key = 'payment:' || p.ref"
            f" WHERE {_RECEIVED} <> p.amount OR {_ALLOCATED} + {_INTO.format('tenant_credit')} <> p.amount",
            "SELECT e.idempotency_key || ': allocated otherwise than moved' FROM entry AS e"
            f" WHERE {_ALLOCATED} <> {_INTO.format('landlord_payable')}",
            "SELECT e.idempotency_key || ': the receipt says another amount' FROM entry AS e"
            f" JOIN receipt AS r ON r.entry_id = e.id WHERE r.credit <> {_INTO.format('tenant_credit')}"
            f" OR r.amount <> {_ALLOCATED} + r.credit",
        ),
    ),
    Invariant(
        "I7",
        "what is left of a charge is its amount less allocations and waivers",
        _sql("SELECT count(*) FROM charge"),
        _wrong(
            "SELECT 'charge ' || c.id || ' was paid too much' AS what FROM charge AS c WHERE c.amount"
            " < (SELECT coalesce(sum(amount), 0) FROM allocation WHERE charge_id = c.id)"
            " + (SELECT coalesce(sum(amount), 0) FROM waiver WHERE charge_id = c.id)",
            "SELECT 'allocation ' || x.id || ' says ' || x.left_after || ' are left' FROM ("
            " SELECT a.id, a.left_after, c.amount - sum(a.amount) OVER (PARTITION BY a.charge_id ORDER BY a.left_after"
            " DESC) - (SELECT coalesce(sum(w.amount), 0) FROM waiver AS w WHERE w.charge_id = c.id) AS least, c.amount"
            " - sum(a.amount) OVER (PARTITION BY a.charge_id ORDER BY a.left_after DESC) AS most FROM allocation AS a"
            " JOIN charge AS c ON c.id = a.charge_id) AS x WHERE x.left_after NOT BETWEEN x.least AND x.most",
            "SELECT 'payee ' || c.creditor || ' is owed ' || sum(l.amount) || ' by allocations only'"
            " FROM allocation AS l JOIN charge AS c ON c.id = l.charge_id GROUP BY c.creditor, c.currency"
            " HAVING sum(l.amount) <> coalesce((SELECT sum(p.amount) FROM posting AS p JOIN account AS a"
            " ON a.id = p.destination_account WHERE a.kind = 'landlord_payable' AND a.owner = c.creditor"
            " AND a.currency = c.currency), 0)",
        ),
    ),
    Invariant(
        "I8",
        "deposits and credits are never below zero, and rent pays no deposit",
        _sql("SELECT count(*) FROM account WHERE kind IN ('deposit_held', 'tenant_credit')"),
        _wrong(
            "SELECT 'account ' || a.id || ' is below zero' AS what FROM account AS a"
            f" WHERE a.kind IN ('deposit_held', 'tenant_credit') AND {_BALANCE} < 0",
            "SELECT 'deposit ' || c.id || ' was paid as rent' FROM charge AS c"
            " JOIN allocation AS l ON l.charge_id = c.id JOIN entry AS e ON e.id = l.entry_id"
            " WHERE c.kind = 'deposit' AND e.kind IN ('rent_payment', 'credit_use')",
        ),
    ),
    Invariant(
        "I9",
        "nobody is paid out more than we owe them",
        _sql("SELECT count(*) FROM account WHERE kind = 'landlord_payable'"),
        _wrong(
            "SELECT 'account ' || a.id || ' is below zero' AS what FROM account AS a"
            f" WHERE a.kind = 'landlord_payable' AND {_BALANCE} < 0"
        ),
    ),
    Invariant(
        "I10",
        "receipts are numbered without a gap and say what they said",
        _sql("SELECT count(*) FROM receipt"),
        _wrong(
            "SELECT 'payee ' || r.payee || ' has ' || count(*) || ' receipts up to number ' || max(r.number) AS what"
            " FROM receipt AS r LEFT JOIN receipt_counter AS c USING (payee, year) GROUP BY r.payee, r.year, c.last"
            " HAVING count(*) <> max(r.number) OR min(r.number) <> 1 OR max(r.number) <> c.last OR c.last IS NULL",
            "SELECT 'receipt ' || id || ' says something else' FROM receipt"
            f" WHERE text_hash <> sha256(convert_to({RECEIPT_TEXT}, 'UTF8'))",
            "SELECT e.idempotency_key || ' has no receipt' FROM entry AS e WHERE e.kind = 'rent_payment'"
            " AND NOT EXISTS (SELECT FROM receipt AS r WHERE r.entry_id = e.id)",
            "SELECT 'payee ' || m.payee || ' was told of ' || m.received || ' in ' || m.month FROM payee_month AS m"
            " WHERE m.received <> (SELECT coalesce(sum(r.amount), 0) FROM receipt AS r JOIN entry AS e"
            " ON e.id = r.entry_id WHERE r.payee = m.payee AND r.currency = m.currency AND e.kind = 'rent_payment'"
            f" AND {_MONTH_OF} = m.month)",
        ),
    ),
    Invariant(
        "I11",
        "the landlord gets one message a receipt",
        _sql("SELECT count(*) FROM receipt"),
        _wrong(
            "SELECT 'receipt ' || r.id || ' was told to nobody' AS what FROM receipt AS r"
            " JOIN entry AS e ON e.id = r.entry_id JOIN phone AS f ON f.person_id = r.payee AND f.is_primary"
            " AND f.created_at < r.at"
            " WHERE NOT EXISTS (SELECT FROM notice AS n WHERE n.dedupe_key = e.idempotency_key || '\\:landlord')",
            "SELECT n.dedupe_key || ' tells of no receipt' FROM notice AS n WHERE n.dedupe_key LIKE '%\\:landlord'"
            " AND n.template IN ('rent_received.1', 'rent_received_for.1', 'credit_received.1')"
            " AND NOT EXISTS (SELECT FROM entry AS e"
            " JOIN receipt AS r ON r.entry_id = e.id WHERE n.dedupe_key = e.idempotency_key || '\\:landlord')",
        ),
    ),
    Invariant("I12", "a refused command leaves no trace (tests hold it)", _sql("SELECT 0"), None),
    Invariant(
        "I14",
        "clearing holds exactly what the operators took and have not settled",
        _sql("SELECT count(*) FROM account WHERE kind = 'operator_clearing'"),
        _wrong(
            "SELECT 'clearing of ' || a.rail || ' is ' || b.balance AS what FROM account AS a"
            f" CROSS JOIN LATERAL (SELECT {_BALANCE} AS balance) AS b"
            " WHERE a.kind = 'operator_clearing' AND b.balance <> -(SELECT coalesce(sum(p.amount), 0)"
            " FROM payment_attempt AS p WHERE p.rail = a.rail AND p.currency = a.currency AND p.state = 'succeeded')"
        ),
    ),
    Invariant(
        "I15",
        "every attempt is at its end, due to be looked at, or in a person's hands",
        _sql(f"SELECT count(*) FROM payment_attempt WHERE state IN ({_OPEN})"),
        _wrong(
            "SELECT ref || ' is ' || state || ' and forgotten' AS what FROM payment_attempt"
            f" WHERE state IN ({_OPEN}) AND next_check_at IS NULL"
            " AND NOT (state = 'unresolved' AND alerted_at IS NOT NULL)"
        ),
    ),
)
"""I1 to I15 as the design names them; I13, the seal, is walked through by the books themselves."""

"""The tables of the sandbox's SQLite file."""

from typing import Final

SCHEMA: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;

CREATE TABLE IF NOT EXISTS wallets (
    msisdn TEXT PRIMARY KEY,
    balance INTEGER NOT NULL CHECK (balance >= 0),
    behaviour TEXT NOT NULL,
    pin TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS payments (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    reference TEXT NOT NULL UNIQUE,
    external_id TEXT NOT NULL,
    msisdn TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    payer_message TEXT NOT NULL,
    payee_note TEXT NOT NULL,
    callback_url TEXT,
    status TEXT NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'SUCCESSFUL', 'FAILED')),
    reason TEXT,
    financial_transaction_id TEXT UNIQUE,
    plan TEXT NOT NULL,
    due_at TEXT,
    polls INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE IF NOT EXISTS prompts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    reference TEXT NOT NULL UNIQUE REFERENCES payments (reference),
    tries_left INTEGER NOT NULL DEFAULT 3
) STRICT;

-- The oracle: what was really taken from a wallet. It only grows.
CREATE TABLE IF NOT EXISTS truth (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    external_id TEXT NOT NULL,
    msisdn TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    financial_transaction_id TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER IF NOT EXISTS truth_never_changes BEFORE UPDATE ON truth
BEGIN SELECT RAISE(ABORT, 'the truth log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS truth_never_shrinks BEFORE DELETE ON truth
BEGIN SELECT RAISE(ABORT, 'the truth log is append-only'); END;

CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    msisdn TEXT NOT NULL,
    channel TEXT NOT NULL,
    sender TEXT NOT NULL,
    body TEXT NOT NULL,
    segments INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    held INTEGER NOT NULL DEFAULT 0,
    via TEXT NOT NULL DEFAULT '',
    ref TEXT NOT NULL DEFAULT '',
    look TEXT NOT NULL DEFAULT '{}',
    edited INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS messages_of_a_phone ON messages (msisdn, id);

-- What a provider took for delivery and what became of it.
CREATE TABLE IF NOT EXISTS carried (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    ref TEXT NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    error INTEGER
) STRICT;

-- Under which names of its own a provider knows a phone: business-scoped ids, chats.
CREATE TABLE IF NOT EXISTS aliases (
    provider TEXT NOT NULL,
    alias TEXT NOT NULL,
    msisdn TEXT NOT NULL,
    PRIMARY KEY (provider, alias)
) STRICT;

CREATE TABLE IF NOT EXISTS media (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    mime TEXT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- What was set up with a provider: templates, the webhook, menus of commands, counters.
CREATE TABLE IF NOT EXISTS setups (
    provider TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (provider, kind, name)
) STRICT;

CREATE TABLE IF NOT EXISTS phones (
    msisdn TEXT PRIMARY KEY,
    network INTEGER NOT NULL DEFAULT 1,
    opted_out INTEGER NOT NULL DEFAULT 0,
    stopped INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 0,
    blocked INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE IF NOT EXISTS faults (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    seen INTEGER NOT NULL DEFAULT 0,
    position INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS api_users (
    id TEXT PRIMARY KEY,
    callback_host TEXT NOT NULL,
    api_key TEXT
) STRICT;

CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY,
    api_user TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
"""

ADDED: Final = {
    "messages": {
        "via": "TEXT NOT NULL DEFAULT ''",
        "ref": "TEXT NOT NULL DEFAULT ''",
        "look": "TEXT NOT NULL DEFAULT '{}'",
        "edited": "INTEGER NOT NULL DEFAULT 0",
        "status": "TEXT NOT NULL DEFAULT ''",
    },
    "phones": {
        "stopped": "INTEGER NOT NULL DEFAULT 0",
        "hidden": "INTEGER NOT NULL DEFAULT 0",
        "blocked": "INTEGER NOT NULL DEFAULT 0",
    },
}
"""Columns that a file of an earlier version lacks."""

"""The chart of accounts: opened when first needed, never closed."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from sqlalchemy import text

from core.kit.db import Reader, Statement

Kind = Literal["operator_clearing", "tenant_credit", "landlord_payable"]


class AccountKey(NamedTuple):
    """What an account is: ``owner`` is a person or a subject, ``rail`` is set for clearing only."""

    kind: Kind
    owner: int | None
    rail: str | None
    currency: str


_OPEN: Final = Statement(
    text("""
INSERT INTO account (kind, owner, rail, currency)
SELECT * FROM unnest(
    CAST(:kinds AS text[]), CAST(:owners AS bigint[]), CAST(:rails AS text[]), CAST(:currencies AS text[])
) AS wanted (kind, owner, rail, currency)
ORDER BY kind, owner, rail, currency
ON CONFLICT DO NOTHING
""")
)


def clearing(rail: str, currency: str) -> AccountKey:
    """What an operator holds for us (negative until it settles)."""
    return AccountKey("operator_clearing", None, rail, currency)


def credit(subject: int, currency: str) -> AccountKey:
    """What a tenant paid ahead on a subject; never below zero."""
    return AccountKey("tenant_credit", subject, None, currency)


def payable(person: int, currency: str) -> AccountKey:
    """What we owe a landlord; never below zero."""
    return AccountKey("landlord_payable", person, None, currency)


async def open_accounts(reader: Reader, keys: Iterable[AccountKey]) -> None:
    """Open those accounts that do not exist yet."""
    wanted = sorted(set(keys), key=lambda key: (key.kind, key.owner or 0, key.rail or "", key.currency))
    await reader.fetch(
        _OPEN,
        kinds=[key.kind for key in wanted],
        owners=[key.owner for key in wanted],
        rails=[key.rail for key in wanted],
        currencies=[key.currency for key in wanted],
    )

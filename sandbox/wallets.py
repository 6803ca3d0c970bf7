"""Mobile Money wallets: a balance, a PIN, and how the owner behaves when asked to pay."""

import re
from hashlib import sha256
from typing import Annotated

import msgspec
from msgspec import Meta

from sandbox.answers import refuse
from sandbox.world import World

DEFAULT_BALANCE = 500_000
BEHAVIOURS = (
    "ask",
    "approve",
    "reject",
    "timeout",
    "not_found",
    "inactive",
    "insufficient",
    "insufficient_wart",
    "limit",
    "blocked",
    "delay:{s}",
)
_DELAY = re.compile(r"delay:([0-9]{1,5}(?:\.[0-9]{1,3})?)")


class Wallet(msgspec.Struct, frozen=True):
    """What the operator knows of one number."""

    msisdn: str
    balance: int
    behaviour: str
    pin: str


class WalletChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a tester may set; what is left out stays."""

    balance: Annotated[int, Meta(ge=0, le=10**12)] | None = None
    behaviour: str | None = None
    pin: Annotated[str, Meta(pattern="^[0-9]{4,6}$")] | None = None


def delay_of(behaviour: str) -> float | None:
    """The seconds of a `delay:…` behaviour."""
    found = _DELAY.fullmatch(behaviour)
    return float(found[1]) if found else None


def derived_pin(msisdn: str) -> str:
    """The PIN a wallet has until a tester sets another one."""
    return f"{int.from_bytes(sha256(msisdn.encode()).digest()[:4]) % 100_000:05d}"


class Wallets:
    """Every number has a wallet, made when it is first needed."""

    def __init__(self, world: World) -> None:
        """Work on the remembered wallets."""
        self._store, self._hub = world.store, world.hub

    def get(self, msisdn: str) -> Wallet:
        """The wallet of a number."""
        self._store.run(
            "INSERT INTO wallets VALUES (?, ?, 'ask', ?) ON CONFLICT DO NOTHING",
            msisdn,
            DEFAULT_BALANCE,
            derived_pin(msisdn),
        )
        row = self._store.one("SELECT * FROM wallets WHERE msisdn = ?", msisdn)
        return msgspec.convert(dict(row or {}), Wallet)

    def change(self, msisdn: str, change: WalletChange) -> Wallet:
        """Set what is given; refuses (400) an unknown behaviour."""
        wanted = change.behaviour
        if wanted is not None and wanted not in BEHAVIOURS[:-1] and delay_of(wanted) is None:
            raise refuse(400, f"unknown behaviour {wanted!r}", behaviours=BEHAVIOURS)
        old = self.get(msisdn)
        self._store.run(
            "UPDATE wallets SET balance = ?, behaviour = ?, pin = ? WHERE msisdn = ?",
            old.balance if change.balance is None else change.balance,
            old.behaviour if wanted is None else wanted,
            old.pin if change.pin is None else change.pin,
            msisdn,
        )
        self._hub.tell("wallet", msisdn=msisdn)
        return self.get(msisdn)

    def take(self, msisdn: str, amount: int) -> bool:
        """Debit the wallet; False when it holds less."""
        self.get(msisdn)
        sql = "UPDATE wallets SET balance = balance - ? WHERE msisdn = ? AND balance >= ?"
        return self._store.run(sql, amount, msisdn, amount) == 1

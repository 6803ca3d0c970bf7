"""What the house knows of Mobile Money operators: capabilities as values, and the port each of them implements."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, Protocol
from uuid import UUID

from core.kit.money import Currency, Money
from core.kit.phone import Phone, country_of
from core.money.words import Failure

StatusWord = Literal["pending", "succeeded", "failed"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a rail can do.

    ``push``: a prompt appears on the payer's phone; ``redirect``: the payer opens a link. ``prefixes`` matches
    the national numbers that usually have a wallet there: a hint only, since numbers move between operators.
    """

    key: str
    shape: Literal["push", "redirect"]
    country: str
    currency: Currency
    prefixes: re.Pattern[str]
    window: timedelta

    @property
    def name(self) -> str:
        """Catalogue key of the operator's name."""
        return f"rail.{self.key}"

    def fits(self, phone: Phone) -> bool:
        """Whether a number of this shape usually has a wallet here."""
        return country_of(phone) == self.country and self.prefixes.match(phone.e164[4:]) is not None


MTN_CAMEROON: Final = Capabilities(
    key="mtn",
    shape="push",
    country="CM",
    currency="XAF",
    prefixes=re.compile(r"67|65[0-4]|68[0-3]"),
    window=timedelta(minutes=5),
)
"""Prefixes of the ART's national numbering plan; the payer has about five minutes to type the PIN."""

CAPABILITIES: Final = (MTN_CAMEROON,)


def serving(phone: Phone) -> Capabilities | None:
    """The rail that probably holds a number's wallet; None when no rail serves it."""
    return next((rail for rail in CAPABILITIES if rail.fits(phone)), None)


def collects(currency: Currency) -> bool:
    """Whether any rail takes payments in a currency."""
    return any(rail.currency == currency for rail in CAPABILITIES)


def known(key: str) -> Capabilities:
    """The rail of a stored key; KeyError for one that never was."""
    return {rail.key: rail for rail in CAPABILITIES}[key]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of an operator; ``reference`` is ours and the same on every try, ``note`` is shown to the payer."""

    reference: UUID
    ref: str
    amount: Money
    payer: Phone
    note: str


@dataclass(frozen=True, slots=True)
class Status:
    """What an operator says of an order: compared with ours before anything moves.

    ``francs`` is None when the amount could not be read; ``failure`` is set when ``word`` is "failed".
    """

    word: StatusWord
    francs: int | None
    currency: str
    ref: str
    provider_tx: str
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a wallet, as the operator registered them."""

    active: bool
    name: str


class Rail(Protocol):
    """An operator. Every call may raise ProviderError; ``unknown`` there means that the effect may have happened."""

    @property
    def can(self) -> Capabilities:
        """What it can do."""
        ...

    async def submit(self, order: Order) -> None:
        """Ask for the payment; returning means that the operator has the order, now or since an earlier try."""
        ...

    async def status(self, reference: UUID) -> Status | None:
        """What became of an order; None when the operator does not know it (or not yet)."""
        ...

    async def holder(self, phone: Phone) -> Holder | None:
        """Who holds the wallet of a number; None when there is none."""
        ...

"""Paying rent: whoever pays proves to be themselves, and the amount fits what the lease owes."""

from collections.abc import Callable
from typing import Any, Final

from core.kit.deed import Deed
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.month import Month
from core.leases.reads import account_of, lease_of
from core.leases.schedule import issue_ahead
from core.leases.terms import PAYABLE, Term, term
from core.leases.words import LEAST_PART, Account, PayRent
from core.money.attempts import start
from core.money.words import Started
from core.people.pin import prove


async def pay_rent(command: PayRent, deed: Deed) -> Started | Refused:
    """Write a payment down; the operator is asked for it after the commit. Anybody with a profile may pay.

    ValueError when nobody is speaking, or for an amount in another currency than the lease's.
    """
    if deed.speaker.person is None:
        raise ValueError("nobody pays without a profile")
    if refused := await prove(deed, deed.speaker.person, command.pin):
        return refused
    found = await term(deed.tx, command.lease)
    if found is None or found.state not in PAYABLE:
        return Refused("pay.closed")
    if command.amount.currency != found.monthly.currency:
        raise ValueError("currencies do not mix")
    now = Month.of(deed.today)
    started = await _start(command, deed, found, now)
    if isinstance(started, Started):
        # Looked at once it is written: that waited for any other of this payer's which was being booked. A refusal
        # that is raised takes it back.
        account = await account_of(deed.tx, found, lease_of(found, known=False), now)
        if refused := misfit(account, command):
            raise refused
    return started


async def _start(command: PayRent, deed: Deed, found: Term, now: Month) -> Started | Refused:
    """The charges first, so that what is paid for exists when the money comes."""
    coming = {month for month in command.months if month > now}
    await issue_ahead(deed.tx, found, [*found.months(Month.of(found.start), now), *sorted(coming)], deed.now)
    return await start(
        deed,
        subject=found.lease,
        title=found.title,
        payee=found.landlord,
        debtor=found.tenant,
        amount=command.amount,
        months=command.months,
        wallet=command.wallet,
    )


def misfit(account: Account, command: PayRent) -> Refused | None:
    """``pay.changed`` when it is not what it was chosen as any more; ``pay.little`` below the smallest part (or all
    that is left, if less); ``pay.much`` above what is due now and the months that can be paid ahead, or were chosen.
    """
    amount, months = command.amount, command.months
    if not account.takes(amount, months, command.owed):
        return Refused("pay.changed", left=account.left_of(months))
    least = Money(LEAST_PART, amount.currency)
    if account.left:
        least = min(least, account.left)
    if amount < least:
        return Refused("pay.little", least=least)
    most = account.left_of(months or [due.month for due in (*account.dues, *account.ahead)])
    return Refused("pay.much", most=most) if amount > most else None


COMMANDS: Final[dict[type, Callable[[Any, Deed], Any]]] = {PayRent: pay_rent}

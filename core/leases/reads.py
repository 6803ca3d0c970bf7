"""What can be read about leases, and what they owe."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.kit.db import Reader
from core.kit.deed import Look
from core.kit.money import Money
from core.kit.month import Month
from core.leases.terms import Term, involves, term, term_by_code, terms_of
from core.leases.words import AHEAD, Account, Due, Lease, LeaseId
from core.money.charges import credit_of, months_owed


class LeasesReads:
    """Leases as one speaker may read them."""

    def __init__(self, look: Look) -> None:
        self._look = look

    async def mine(self) -> tuple[Lease, ...]:
        """The leases on which the speaker is a tenant, the current ones first; ended ones while they owe something."""
        if self._look.speaker.person is None:
            return ()
        found = await terms_of(self._look.on, self._look.speaker.person)
        ended = [one.lease for one in found if not one.running]
        owed = await months_owed(self._look.on, ended) if ended else {}
        return tuple(
            lease_of(one, known=True) for one in found if one.running or any(month.left for month in owed[one.lease])
        )

    async def by_code(self, code: str) -> Lease | None:
        """The lease of that code ("B3018"), for somebody who pays for another; None when none takes payments."""
        found = await term_by_code(self._look.on, code)
        return await self._shown(found) if found else None

    async def account(self, lease: LeaseId) -> Account | None:
        """What a lease owes; None when it does not exist."""
        found = await term(self._look.on, lease)
        if found is None:
            return None
        return await account_of(self._look.on, found, await self._shown(found), Month.of(self._look.today))

    async def _shown(self, found: Term) -> Lease:
        speaker = self._look.speaker.person
        known = speaker is not None and await involves(self._look.on, found.lease, speaker)
        return lease_of(found, known=known)


def lease_of(found: Term, *, known: bool) -> Lease:
    """A lease as its parties see it (``known``), or as anybody does who has its code: the tenant by first name."""
    return Lease(
        id=found.lease,
        code=found.code,
        title=found.title,
        tenant=found.tenant_name if known else found.tenant_name.rsplit(" ", 1)[-1],
        landlord=found.landlord_name,
        monthly=found.monthly,
        due_day=found.due_day,
    )


async def account_of(on: Reader, found: Term, lease: Lease, now: Month) -> Account:
    """What a lease owes in a month.

    Charges that the worker has not issued yet count as if it had; months to come are those that were not paid yet.
    Credit in hand counts as if it had paid the oldest of them.
    """
    owed = await months_owed(on, [found.lease])
    months = {month.period: Due(month.period, month.due_on, month.amount, month.left) for month in owed[found.lease]}
    if found.running:
        for month in found.months(Month.of(found.start), now.plus(AHEAD)):
            months.setdefault(month, Due(month, found.due_on(month), found.monthly, found.monthly))
    credit = await credit_of(on, found.lease, found.monthly.currency)
    unpaid = [due for due in _less(credit, [months[month] for month in sorted(months)]) if due.left]
    return Account(
        lease,
        dues=tuple(due for due in unpaid if due.month <= now),
        credit=credit,
        ahead=tuple(due for due in unpaid if due.month > now) if found.running else (),
    )


def _less(credit: Money, dues: Sequence[Due]) -> Iterator[Due]:
    for due in dues:
        used = min(credit, due.left)
        credit -= used
        yield replace(due, left=due.left - used)

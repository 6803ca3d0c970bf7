"""What of a rent words ask for: an amount, half of it, a month, half of a month."""

from collections.abc import Callable
from typing import Final

from bot.talk import Aside, Refused, State
from core.kit.errors import Unclear
from core.kit.money import Money, zero
from core.kit.month import Month, month_named
from core.kit.text import fold
from core.leases.words import LEAST_PART, Account, LeaseId
from core.places.words import Told
from core.reading import Reading
from flows.amounts import amount
from flows.leads import lead

_HALF: Final = frozenset({"moitie", "half"})
_PAYS: Final = frozenset({"pay", "doubt_search", "doubt_receipts"})
"""Where words lead that may mean a part of this rent."""

_PLAIN: Final = (frozenset({"amount"}), frozenset({"bare", "month"}))
"""What is told by words that name an amount, or a month, and say nothing else that is known."""


class Portion(State, frozen=True):
    """Something that can be paid in one go, and of which home; without months the oldest dues are paid first. ``owed``
    is what was left to pay of them when it was chosen.
    """

    amount: Money = zero("XAF")
    months: tuple[Month, ...] = ()
    title: str = ""
    owed: Money | None = None


async def account_of(lease: LeaseId, read: Reading) -> Account:
    """What a lease owes. Raises Refused("lease.unknown")."""
    account = await read.leases.account(lease)
    if account is None:
        raise Refused("lease.unknown")
    return account


def some(account: Account, amount: Money) -> Portion:
    """An amount of what is due, or more."""
    return Portion(amount, (), account.lease.title, account.left)


def says_half(said: str) -> bool:
    """Whether half of something is meant: "la moitié", "half of it"."""
    return not _HALF.isdisjoint(fold(said).split())


def named(account: Account, month: int, *, half: bool) -> Portion | None:
    """A month that is named (1 to 12, 0 for none), or half of it, or of all that is due; None when there is none."""
    found = next((due for due in (*account.dues, *account.ahead) if due.month.month == month), None)
    left = found.left if found else account.left
    if not left or (found is None and (month or not half)):
        return None
    months = (found.month,) if found else ()
    return Portion(half_of(left) if half else left, months, account.lease.title, left)


def half_of(left: Money) -> Money:
    """Half, to the next whole franc."""
    return Money(-(-left.francs // 2), left.currency)


def part_of(account: Account, read: Reading) -> Callable[[str], Money | Portion]:
    """Reads a part of what is left: an amount, or a portion that is named. Raises Unclear."""
    plain = amount(account.left.currency, len(str(LEAST_PART)))

    def part(said: str) -> Money | Portion:
        try:
            return plain(said)
        except Unclear:
            told = read.homes.told(said) if any(map(str.isalpha, said)) else Told(said)
            if lead(told.tells) not in _PAYS and told.tells not in _PLAIN:
                raise
            if told.francs:
                return Money(told.francs, account.left.currency)
            if portion := named(account, month_named(said), half=says_half(said)):
                return portion
            raise

    return part


def some_of(account: Account, read: Reading) -> Callable[[str], Aside]:
    """Reads a part of what is left, said beside a menu. Raises Unclear."""
    part = part_of(account, read)
    return lambda said: Aside(part(said))


def instead(account: Account, read: Reading) -> Callable[[str], Aside]:
    """Reads another part, where one was chosen already: "20 000 seulement". Raises Unclear, also for more than is left:
    that is asked about where it is chosen.
    """
    part = part_of(account, read)

    def other(said: str) -> Aside:
        heard = part(said)
        portion = heard if isinstance(heard, Portion) else some(account, heard)
        if portion.amount > account.left_of(portion.months):
            raise Unclear("money.unclear")
        return Aside(portion)

    return other

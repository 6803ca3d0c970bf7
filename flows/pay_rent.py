"""Paying rent: which lease, one's own or another's, and how much of what is due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.talk import Field, Flow, Go, Menu, Option, Refused, Settled, Text, call, go, money, step, t
from core.kit.money import Money, zero
from core.leases.words import LEAST_PART, Account, Due, LeaseId
from core.reading import Reading
from flows.pay_with import Paying, Portion
from flows.typed import lease_code


@dataclass(frozen=True, slots=True)
class Rent:
    """``code`` is a lease somebody else pays for, ``part`` an amount that was typed, ``amount`` what was chosen and
    ``title`` of which home.
    """

    lease: LeaseId = LeaseId(0)
    code: str = ""
    part: Money = zero("XAF")
    said: int = 0
    amount: Money = zero("XAF")
    title: str = ""


async def account_of(s: Rent, read: Reading) -> Account:
    """What the chosen lease owes. Raises Refused("lease.unknown")."""
    account = await read.leases.account(s.lease)
    if account is None:
        raise Refused("lease.unknown")
    return account


# --- whose lease -------------------------------------------------------------------------------------------


async def ask_which(_: Rent, read: Reading) -> Menu[LeaseId | None] | Settled[LeaseId | None]:
    leases = await read.leases.mine()
    if len(leases) == 1:
        return Settled(leases[0].id)
    mine = [Option[LeaseId | None](lease.id, lease.title, note=lease.code) for lease in leases]
    other = Option[LeaseId | None](None, t("pay.for_another"))
    return Menu(t("pay.which" if leases else "pay.no_lease"), [*mine, other])


def take_lease(s: Rent, lease: LeaseId | None) -> Go[Rent]:
    return go("code", s) if lease is None else go("due", replace(s, lease=lease))


async def ask_code(_: Rent, __: Reading) -> Field[str]:
    return Field(t("pay.code"), lease_code)


def take_code(s: Rent, code: str) -> Go[Rent]:
    return go("whose", replace(s, code=code))


async def ask_whose(s: Rent, read: Reading) -> Menu[LeaseId | None]:
    lease = await read.leases.by_code(s.code)
    if lease is None:
        raise Refused("pay.code_unknown", code=s.code)
    title = t("pay.whose", title=lease.title, tenant=lease.tenant, landlord=lease.landlord, monthly=lease.monthly)
    return Menu(title, [Option(lease.id, t("pay.whose.yes")), Option(None, t("pay.whose.no"))])


# --- how much ----------------------------------------------------------------------------------------------


async def ask_due(s: Rent, read: Reading) -> Menu[Portion | str]:
    """Whoever has a payment under way is told so before anything else: nobody pays twice."""
    account = await account_of(s, read)
    ahead = [Option[Portion | str]("ahead", t("pay.ahead"))] if account.ahead else []
    another = Option[Portion | str]("code", t("pay.for_another"))
    if sent := await read.money.under_way(s.lease):
        return Menu(t("pay.under_way", amount=sent.amount, at=sent.at, ref=sent.ref), [another])
    if not account.dues:
        return Menu(t("pay.nothing_due", title=account.lease.title), [*ahead, another])
    said = Money(s.said, account.left.currency) if s.said else None
    some = [
        *([Option[Portion | str]("said", t("pay.said"), note=said)] if said and said != account.left else []),
        Option[Portion | str](Portion(account.left, (), account.lease.title), t("pay.all"), note=account.left),
        Option[Portion | str]("part", t("pay.part")),
        Option[Portion | str]("month", t("pay.month")),
    ]
    return Menu(what_is_due(account, read.today), [*some, *ahead, another])


def what_is_due(account: Account, today: date) -> Text:
    """One month and its day, or all that is to pay, the oldest first."""
    first, title = account.dues[0], account.lease.title
    if len(account.dues) == 1:
        key = "pay.due" if today <= first.due_on else "pay.late"
        return t(key, month=first.month, title=title, left=first.left, day=first.due_on)
    return t("pay.arrears", title=title, left=account.left, count=len(account.dues), month=first.month)


def take_due(s: Rent, answer: Portion | str) -> Go[Rent]:
    if isinstance(answer, Portion):
        return take_portion(s, answer)
    return go(answer, s)


async def ask_said(s: Rent, read: Reading) -> Settled[Money]:
    account = await account_of(s, read)
    return Settled(Money(s.said, account.left.currency))


async def ask_part(s: Rent, read: Reading) -> Field[Money]:
    account = await account_of(s, read)
    title = t("pay.how_much", left=account.left, least=least_of(account))
    return Field(title, money(account.left.currency))


def least_of(account: Account) -> Money:
    """The smallest part that may be paid."""
    return min(account.left, Money(LEAST_PART, account.left.currency))


def take_part(s: Rent, amount: Money) -> Go[Rent]:
    return go("check_part", replace(s, part=amount))


async def ask_check_part(s: Rent, read: Reading) -> Menu[Portion] | Settled[Portion]:
    account, amount = await account_of(s, read), s.part
    title = account.lease.title
    if amount < least_of(account):
        raise Refused("pay.little", least=least_of(account))
    if amount <= account.left:
        return Settled(Portion(amount, (), title))
    if amount > until(account, account.ahead).amount:
        raise Refused("pay.much", most=until(account, account.ahead).amount)
    over = t("pay.over", amount=amount, over=amount - account.left)
    only = Option(Portion(account.left, (), title), t("pay.only", amount=account.left))
    return Menu(t("pay.too_much", amount=amount, left=account.left), [only, Option(Portion(amount, (), title), over)])


def take_portion(s: Rent, portion: Portion) -> Go[Rent]:
    chosen = replace(s, amount=portion.amount, title=portion.title)
    return call("pay_with", chosen, back_to="due", child=Paying(s.lease, portion))


async def ask_month(s: Rent, read: Reading) -> Menu[Portion]:
    account = await account_of(s, read)
    shown = [*account.dues, *account.ahead]
    if not shown:
        raise Refused("pay.closed")
    paid = [Portion(due.left, (due.month,), account.lease.title) for due in shown]
    months = [Option(one, t("pay.one_month", month=one.months[0]), note=one.amount) for one in paid]
    return Menu(t("pay.which_month"), months)


async def ask_ahead(s: Rent, read: Reading) -> Menu[Portion]:
    account = await account_of(s, read)
    portions = [until(account, account.ahead[: count + 1]) for count in range(len(account.ahead))]
    if not portions:
        raise Refused("pay.closed")
    return Menu(
        t("pay.until_which"),
        [Option(one, t("pay.until", month=one.months[-1]), note=one.amount) for one in portions],
    )


def until(account: Account, ahead: Sequence[Due]) -> Portion:
    """All that is due and these coming months, together."""
    paid = [*account.dues, *ahead]
    if not paid:
        raise Refused("pay.closed")
    total = zero(paid[0].left.currency)
    for due in paid:
        total += due.left
    return Portion(total, tuple(due.month for due in paid), account.lease.title)


def doing(s: Rent) -> Text:
    """With the amount and the home, once these were chosen."""
    if not s.title:
        return t("pay_rent.doing_amount", amount=s.amount) if s.amount else t("pay_rent.doing")
    return t("pay_rent.doing_home", amount=s.amount, title=s.title)


PAY_RENT = Flow(
    "pay_rent",
    Rent,
    step("which", ask_which, take_lease, to=["code", "due"], privacy="personal"),
    step("code", ask_code, take_code, to=["whose"], privacy="personal"),
    step("whose", ask_whose, take_lease, to=["code", "due"], privacy="personal"),
    step("due", ask_due, take_due, to=["said", "part", "month", "ahead", "code"], privacy="money"),
    step("said", ask_said, take_part, to=["check_part"], privacy="money"),
    step("part", ask_part, take_part, to=["check_part"], privacy="money"),
    step("check_part", ask_check_part, take_portion, to=["due"], privacy="money"),
    step("month", ask_month, take_portion, to=["due"], privacy="money"),
    step("ahead", ask_ahead, take_portion, to=["due"], privacy="money"),
    doing=doing,
    worth=True,
)

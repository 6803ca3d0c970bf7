"""Paying rent: which lease, one's own or another's, and how much of what is due."""

from bot.talk import Field, Flow, Go, Menu, Option, Refused, Settled, go, replace, step, t
from core.kit.money import zero
from core.leases.words import LeaseId
from core.reading import Reading
from flows.pay_part import (
    Rent,
    ask_ahead,
    ask_check_part,
    ask_due,
    ask_month,
    ask_part,
    ask_said,
    doing,
    take_due,
    take_part,
    take_portion,
    take_some,
)
from flows.typed import lease_code


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
    return Menu(title, [Option(lease.id, t("pay.whose.yes")), Option(None, t("pay.whose.no"))], agrees=True)


async def holds(s: Rent, read: Reading) -> Rent:
    """Without an amount that is more than is owed now: some of it was paid since."""
    account = await read.leases.account(s.lease) if s.amount else None
    return replace(s, amount=zero("XAF"), title="") if account and s.amount > account.left else s


PAY_RENT = Flow(
    "pay_rent",
    Rent,
    step("which", ask_which, take_lease, to=["code", "due"], privacy="personal"),
    step("code", ask_code, take_code, to=["whose"], privacy="personal"),
    step("whose", ask_whose, take_lease, to=["code", "due"], privacy="personal"),
    step(
        "due",
        ask_due,
        take_due,
        to=["said", "part", "check_part", "month", "ahead", "code"],
        privacy="money",
        aside=take_some,
    ),
    step("said", ask_said, take_part, to=["check_part"], privacy="money"),
    step("part", ask_part, take_part, to=["check_part"], privacy="money"),
    step("check_part", ask_check_part, take_portion, to=["due"], privacy="money", aside=take_some),
    step("month", ask_month, take_portion, to=["due"], privacy="money"),
    step("ahead", ask_ahead, take_portion, to=["due"], privacy="money"),
    doing=doing,
    holds=holds,
    worth=True,
)

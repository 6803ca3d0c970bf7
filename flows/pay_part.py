"""How much of a rent is paid: all that is due, a part, a month, or some months ahead."""

from collections.abc import Sequence
from datetime import date

from bot.talk import Field, Go, Menu, Option, Refused, Settled, State, Text, call, go, hearing, money, replace, t
from core.kit.money import Money, zero
from core.leases.words import LEAST_PART, Account, Due, LeaseId
from core.reading import Reading
from flows.pay_said import Portion, account_of, half_of, named, says_half, some, some_of
from flows.pay_with import Paying


class Rent(State, frozen=True):
    """``code`` is a lease somebody else pays for, ``part`` an amount that was typed, ``amount`` what was chosen and
    ``title`` of which home. ``said`` (francs), ``month`` (1 to 12) and ``half`` were in the words that led here.
    """

    lease: LeaseId = LeaseId(0)
    code: str = ""
    part: Money = zero("XAF")
    said: int = 0
    amount: Money = zero("XAF")
    title: str = ""
    month: int = 0
    half: bool = False


async def ask_due(s: Rent, read: Reading) -> Menu[Portion | str] | Settled[Portion | str]:
    """Whoever has a payment under way is told so before anything else: nobody pays twice."""
    account = await account_of(s.lease, read)
    ahead = [Option[Portion | str]("ahead", t("pay.ahead"))] if account.ahead else []
    another = Option[Portion | str]("code", t("pay.for_another"))
    if sent := await read.money.under_way(s.lease):
        return Menu(t("pay.under_way", amount=sent.amount, at=sent.at, ref=sent.ref), [another])
    if not account.dues:
        if any(due.month.month == s.month for due in account.ahead):
            return Settled("ahead")
        return Menu(nothing_due(account), [*ahead, another])
    ways = [
        *said_first(s, account),
        Option[Portion | str](some(account, account.left), t("pay.all"), note=account.left),
        Option[Portion | str]("part", t("pay.part")),
        Option[Portion | str]("month", t("pay.month")),
    ]
    return hearing(Menu(what_is_due(account, read.today), [*ways, *ahead, another]), typed=some_of(account, read))


def said_first(s: Rent, account: Account) -> list[Option[Portion | str]]:
    """What was asked for in the words that led here, unless it is all that is due."""
    if s.said:
        said = Money(s.said, account.left.currency)
        return [Option[Portion | str]("said", t("pay.said"), note=said)] if said != account.left else []
    asked = named(account, s.month, half=s.half)
    if asked is None or asked.amount == account.left:
        return []
    label = t("pay.said") if s.half else t("pay.one_month", month=asked.months[0])
    return [Option[Portion | str](asked, label, note=asked.amount)]


def what_is_due(account: Account, today: date) -> Text:
    """One month and its day, or all that is to pay, the oldest first."""
    first, title = account.dues[0], account.lease.title
    if len(account.dues) == 1:
        key = "pay.due" if today <= first.due_on else "pay.late"
        return t(key, month=first.month, title=title, left=first.left, day=first.due_on)
    return t("pay.arrears", title=title, left=account.left, count=len(account.dues), month=first.month)


def nothing_due(account: Account) -> Text:
    """With what was paid ahead and waits."""
    title, credit = account.lease.title, account.credit
    return t("pay.nothing_due.credit", title=title, credit=credit) if credit else t("pay.nothing_due", title=title)


def take_due(s: Rent, answer: Portion | str) -> Go[Rent]:
    if isinstance(answer, Portion):
        return take_portion(s, answer)
    return go(answer, replace(s, month=0))


async def ask_said(s: Rent, read: Reading) -> Settled[Money]:
    account = await account_of(s.lease, read)
    return Settled(Money(s.said, account.left.currency))


async def ask_part(s: Rent, read: Reading) -> Field[Money]:
    account = await account_of(s.lease, read)
    title = t("pay.how_much", left=account.left, least=least_of(account))
    read_amount = money(account.left.currency)
    return Field(title, lambda said: half_of(account.left) if says_half(said) else read_amount(said))


def least_of(account: Account) -> Money:
    """The smallest part that may be paid."""
    return min(account.left, Money(LEAST_PART, account.left.currency))


def take_part(s: Rent, amount: Money) -> Go[Rent]:
    return go("check_part", replace(s, part=amount))


async def ask_check_part(s: Rent, read: Reading) -> Menu[Portion] | Settled[Portion]:
    account, part = await account_of(s.lease, read), s.part
    if part < least_of(account):
        raise Refused("pay.little", least=least_of(account))
    if part <= account.left:
        return Settled(some(account, part))
    if part > until(account, account.ahead).amount:
        raise Refused("pay.much", most=until(account, account.ahead).amount)
    over = t("pay.over", amount=part, over=part - account.left)
    only = Option(some(account, account.left), t("pay.only", amount=account.left))
    return hearing(
        Menu(t("pay.too_much", amount=part, left=account.left), [only, Option(some(account, part), over)]),
        typed=some_of(account, read),
    )


def take_portion(s: Rent, portion: Portion) -> Go[Rent]:
    chosen = replace(s, amount=portion.amount, title=portion.title, month=0, half=False)
    return call("pay_with", chosen, back_to="due", child=Paying(s.lease, portion))


def take_some(s: Rent, part: Money | Portion) -> Go[Rent]:
    """What was said is a part like one that was asked for or chosen."""
    return take_part(s, part) if isinstance(part, Money) else take_portion(s, part)


async def ask_month(s: Rent, read: Reading) -> Menu[Portion]:
    account = await account_of(s.lease, read)
    shown = [*account.dues, *account.ahead]
    if not shown:
        raise Refused("pay.closed")
    paid = [Portion(due.left, (due.month,), account.lease.title, due.left) for due in shown]
    months = [Option(one, t("pay.one_month", month=one.months[0]), note=one.amount) for one in paid]
    return Menu(t("pay.which_month"), months)


async def ask_ahead(s: Rent, read: Reading) -> Menu[Portion]:
    account = await account_of(s.lease, read)
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
    return Portion(total, tuple(due.month for due in paid), account.lease.title, total)


def doing(s: Rent) -> Text:
    """With the amount and the home, once these were chosen."""
    if not s.title:
        return t("pay_rent.doing_amount", amount=s.amount) if s.amount else t("pay_rent.doing")
    return t("pay_rent.doing_home", amount=s.amount, title=s.title)

"""Paying an amount: from which Mobile Money account, the PIN, and what the operator will ask next."""

from bot.talk import (
    Confirm,
    Field,
    Flow,
    Go,
    Menu,
    Notice,
    Option,
    Refused,
    Secret,
    Settled,
    State,
    Text,
    call,
    do,
    done,
    ending,
    go,
    hearing,
    phone,
    replace,
    step,
    t,
)
from core.kit.phone import Phone
from core.leases.words import Account, LeaseId, PayRent
from core.money.words import Started, Wallet
from core.reading import Reading
from flows.pay_said import Portion, account_of, instead


class Paying(State, frozen=True):
    """What is paid and from where; ``ref`` is the payment's once it is written down."""

    lease: LeaseId = LeaseId(0)
    portion: Portion = Portion()
    wallet: Phone = Phone("")
    rail: str = "rail.any"
    ref: str = ""


async def check(s: Paying, read: Reading) -> Account:
    """What was chosen may have been paid since, or a month have begun: then it is chosen again, with today's sums.

    Raises Refused("pay.changed"), and Refused("lease.unknown").
    """
    account, chosen = await account_of(s.lease, read), s.portion
    if not account.takes(chosen.amount, chosen.months, chosen.owed):
        raise Refused("pay.changed", left=account.left_of(chosen.months))
    return account


async def ask_wallet(s: Paying, read: Reading) -> Menu[Wallet | None] | Settled[Wallet | None]:
    account = await check(s, read)
    if not await read.money.collects(s.portion.amount.currency):
        raise Refused("pay.nowhere")
    wallet = await read.money.wallet(read.speaker.phone) if read.speaker.phone else None
    if wallet is None:
        return Settled(None)
    this = Option[Wallet | None](wallet, t("pay.this_wallet", rail=t(wallet.rail), phone=wallet.phone))
    ways = [this, Option[Wallet | None](None, t("pay.other_number"))]
    title = t("pay.wallet", amount=s.portion.amount)
    return hearing(Menu(title, ways, agrees=True), typed=instead(account, read))


def take_instead(s: Paying, portion: Portion) -> Go[Paying]:
    """Another part of the same rent was said."""
    return go("wallet", replace(s, portion=portion))


def take_wallet(s: Paying, wallet: Wallet | None) -> Go[Paying]:
    return go("number", s) if wallet is None else go("pin", replace(s, wallet=wallet.phone, rail=wallet.rail))


async def ask_number(_: Paying, read: Reading) -> Field[Phone]:
    return Field(t("pay.number"), phone(read.speaker.country))


def take_number(s: Paying, number: Phone) -> Go[Paying]:
    return go("check_number", replace(s, wallet=number))


async def ask_check_number(s: Paying, read: Reading) -> Menu[Wallet | None]:
    wallet = await read.money.wallet(s.wallet)
    if wallet is None:
        raise Refused("pay.rail")
    title = t("pay.check_number", rail=t(wallet.rail), number=wallet.phone.e164)
    return Menu(title, [Option(wallet, t("pay.check_number.yes")), Option(None, t("pay.check_number.no"))], agrees=True)


async def ask_pin(s: Paying, read: Reading) -> Secret:
    await check(s, read)
    stake = {"amount": s.portion.amount, "rail": t(s.rail), "phone": s.wallet}
    return Secret(
        t("pay.pin", **stake), instead=Confirm(t("pay.agree", **stake), t("pay.agree.yes"), t("pay.agree.no"))
    )


def take_pin(s: Paying, pin: str | None) -> Go[Paying]:
    return do(
        PayRent(s.lease, s.portion.amount, s.portion.months, s.wallet, pin, s.portion.owed),
        then=lambda started: told(s, started),
        refused={
            "pin.wrong": go("pin", s),
            "pin.none": call("identify", s, back_to="pin"),
            "pin.locked": go("locked", s),
            "pay.open": go("open", s),
            "pay.rail": go("number", s),
            "*": done(),
        },
    )


def told(s: Paying, started: Started) -> Go[Paying]:
    """What happens next, by the amount and the reference that were written down."""
    portion = replace(s.portion, amount=started.amount)
    return go("started", replace(s, ref=started.ref, rail=started.rail, portion=portion))


async def tell_started(s: Paying, read: Reading) -> Notice:
    key = "pay.started" if s.wallet == read.speaker.phone else "pay.started.other"
    return Notice(t(key, rail=t(s.rail), phone=s.wallet, amount=s.portion.amount, ref=s.ref))


async def tell_open(_: Paying, __: Reading) -> Notice:
    return Notice(t("pay.open.wait"))


async def under_way(s: Paying, read: Reading) -> Text | None:
    """What somebody gets who says "merci" meanwhile."""
    sent = await read.money.under_way(s.lease)
    return t("pay.under_way", amount=sent.amount, at=sent.at, ref=sent.ref) if sent else None


async def tell_locked(_: Paying, read: Reading) -> Notice:
    return Notice(t("pay.locked", sms=read.service.sms))


PAY_WITH = Flow(
    "pay_with",
    Paying,
    step("wallet", ask_wallet, take_wallet, to=["number", "pin"], privacy="money", aside=take_instead),
    step("number", ask_number, take_number, to=["check_number"], privacy="money"),
    step("check_number", ask_check_number, take_wallet, to=["number", "pin"], privacy="money"),
    step("pin", ask_pin, take_pin, to=["started", "locked", "open", "number"], privacy="money"),
    ending("started", tell_started, waits=under_way),
    ending("open", tell_open, waits=under_way),
    ending("locked", tell_locked),
)

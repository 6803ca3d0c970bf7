"""Receipts: the list, one of them, and that one sent to where it is asked for."""

from bot.talk import Flow, Go, Menu, Notice, Option, Refused, State, Text, do, ending, go, replace, step, t
from core.money.words import Receipt, ReceiptId, SendReceipt
from core.reading import Reading

PAGE = 12
"""Receipts read at a time (``MoneyReading.receipts``)."""


class Before(State, frozen=True):
    """Where the next receipts begin, and how many were shown before."""

    id: ReceiptId = ReceiptId(0)
    shown: int = 0


class Receipts(State, frozen=True):
    """The page of the list, and the receipt that is looked at."""

    before: Before | None = None
    receipt: ReceiptId = ReceiptId(0)


async def ask_list(s: Receipts, read: Reading) -> Menu[Before | int]:
    found = await read.money.receipts(s.before.id if s.before else None)
    if not found and s.before is None:
        sent = await read.money.under_way()
        raise Refused("pay.open", amount=sent.amount, at=sent.at, ref=sent.ref) if sent else Refused("receipts.none")
    shown = s.before.shown if s.before else 0
    more = Before(found[-1].id, shown + len(found)) if len(found) == PAGE else None
    lines = [Option[Before | int](one.id, line(one), note=one.amount) for one in found]
    return Menu(t("receipts.title"), lines, more=more, first=shown)


def line(one: Receipt) -> Text:
    """The first month it is for, and what it is when that is less than a month."""
    if not one.months:
        return t("receipts.credit", day=one.at.date())
    key = "receipts.month" if one.kind == "quittance" else "receipts.part"
    more = t("receipts.more", count=len(one.months) - 1) if len(one.months) > 1 else ""
    return t(key, month=one.months[0], more=more)


def take_list(s: Receipts, answer: Before | int) -> Go[Receipts]:
    if isinstance(answer, Before):
        return go("list", replace(s, before=answer))
    return go("one", replace(s, receipt=ReceiptId(answer)))


async def ask_one(s: Receipts, read: Reading) -> Menu[ReceiptId]:
    one = await read.money.receipt(s.receipt)
    if one is None:
        raise Refused("receipt.unknown")
    title = t(
        f"receipts.one.{one.kind}",
        number=one.number,
        line=line(one),
        title=one.title,
        amount=one.amount,
        left=one.left,
        check=one.check,
    )
    return Menu(title, [Option(one.id, t("receipts.send"))])


def take_one(s: Receipts, receipt: ReceiptId) -> Go[Receipts]:
    refused = {"receipt.unknown": go("list", s), "*": go("one", s)}
    return do(SendReceipt(receipt), then=go("sent", s), refused=refused)


async def tell_sent(_: Receipts, __: Reading) -> Notice:
    return Notice(t("receipts.sent"))


RECEIPTS = Flow(
    "receipts",
    Receipts,
    step("list", ask_list, take_list, to=["one"], privacy="money"),
    step("one", ask_one, take_one, to=["sent", "list"], privacy="money"),
    ending("sent", tell_sent),
)

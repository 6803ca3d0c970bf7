"""Received: what a landlord got this month, and from whom last."""

from bot.talk import Flow, Go, Menu, Option, State, call, step, t
from core.kit.month import Month
from core.reading import Reading


class Income(State, frozen=True):
    """Nothing is remembered here."""


async def ask_month(_: Income, read: Reading) -> Menu[str]:
    found = await read.money.received()
    check = [Option("check_receipt", t("menu.check_receipt"))]
    if found is None:
        return Menu(t("received.never", person=read.service.person), check)
    latest = tuple(t("received.one", name=name, amount=amount) for name, amount in found.latest)
    late = "" if found.month == Month.of(read.today) else t("received.nothing_yet")
    return Menu(t("received.month", late=late, month=found.month, total=found.total, latest=latest), check)


def take_month(s: Income, flow: str) -> Go[Income]:
    return call(flow, s, back_to="month")


RECEIVED = Flow("received", Income, step("month", ask_month, take_month, privacy="money", resume="never"))

"""Checking a receipt: anybody types its code and learns whether it is ours and for what."""

from bot.talk import Field, Flow, Go, Menu, Option, Refused, Settled, State, go, step, t
from core.reading import Reading
from flows.typed import receipt_code


class Check(State, frozen=True):
    """The code on the receipt; ``given`` when it was said before it was asked for."""

    code: str = ""
    given: bool = False


async def ask_code(s: Check, _: Reading) -> Field[str] | Settled[str]:
    return Settled(s.code) if s.given else Field(t("check.code"), receipt_code)


def take_code(_: Check, code: str) -> Go[Check]:
    return go("result", Check(code))


async def ask_result(s: Check, read: Reading) -> Menu[str]:
    found = await read.money.check(s.code)
    if found is None:
        raise Refused("check.unknown", code=s.code)
    title = t(
        f"check.{found.kind}",
        number=found.number,
        months=found.months,
        amount=found.amount,
        tenant=found.tenant,
        title=found.title,
        day=found.at.date(),
    )
    return Menu(title, [Option("code", t("check.another"))])


def take_result(s: Check, to: str) -> Go[Check]:
    return go(to, s)


CHECK_RECEIPT = Flow(
    "check_receipt",
    Check,
    step("code", ask_code, take_code, to=["result"]),
    step("result", ask_result, take_result, to=["code"], resume="never"),
)

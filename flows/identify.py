"""The gate: whoever wants to see something personal proves who they are, by PIN or by linking their conversation."""

from bot.talk import (
    Confirm,
    Flow,
    Go,
    Menu,
    Notice,
    Option,
    Secret,
    Settled,
    State,
    call,
    do,
    done,
    ending,
    go,
    home,
    replace,
    step,
    t,
)
from core.people.words import HoldPin, ProvePin, SetPin
from core.reading import Reading
from flows.link import Linking
from flows.register import Registration

NEW = 0
"""The number of no profile: make one."""

LINKED = -1
"""Where no PIN may be typed, the conversation is linked to somebody instead."""


class Identification(State, frozen=True):
    """``number`` is the profile's on this phone."""

    number: int = NEW


async def ask_who(_: Identification, read: Reading) -> Menu[int] | Settled[int]:
    if not read.speaker.secrets:
        return Settled(LINKED)
    numbers = await read.people.numbers()
    if len(numbers) < 2:
        return Settled(numbers[0] if numbers else NEW)
    profiles = [Option(number, t("identify.profile", number=number)) for number in numbers]
    return Menu(t("identify.who"), [*profiles, Option(NEW, t("identify.new"))])


def take_who(s: Identification, number: int) -> Go[Identification]:
    if number == LINKED:
        return call("link", s, back_to="known", child=Linking(asked=True))
    return go("pin" if number != NEW else "account", replace(s, number=number))


async def ask_pin(_: Identification, __: Reading) -> Secret:
    return Secret(t("identify.pin"))


def take_pin(s: Identification, pin: str) -> Go[Identification]:
    return do(
        ProvePin(s.number, pin),
        then=done(),
        refused={"pin.locked": go("locked", s), "pin.none": go("choose", s), "*": go("pin", s)},
    )


async def ask_choose(_: Identification, __: Reading) -> Secret:
    return Secret(t("register.pin"))


def take_choose(s: Identification, pin: str) -> Go[Identification]:
    return do(HoldPin(pin), then=go("again", s), refused=go("choose", s))


async def ask_again(_: Identification, __: Reading) -> Secret:
    return Secret(t("register.again"))


def take_again(s: Identification, pin: str) -> Go[Identification]:
    return do(SetPin(s.number, pin), then=done(), refused=go("choose", s))


async def tell_locked(_: Identification, read: Reading) -> Notice:
    return Notice(t("identify.locked", sms=read.service.sms))


async def ask_account(_: Identification, __: Reading) -> Confirm:
    return Confirm(t("identify.account"), t("identify.register"), t("identify.not_now"))


def take_account(s: Identification, agreed: bool) -> Go[Identification]:
    return call("register", s, back_to="known", child=Registration(onward=True)) if agreed else home()


async def ask_known(_: Identification, __: Reading) -> Settled[bool]:
    return Settled(value=True)


def take_known(_: Identification, __: bool) -> Go[Identification]:
    return done()


IDENTIFY = Flow(
    "identify",
    Identification,
    step("who", ask_who, take_who, to=["pin", "account", "known"], resume="silent"),
    step("pin", ask_pin, take_pin, to=["locked", "choose"], resume="silent"),
    step("choose", ask_choose, take_choose, to=["again"], resume="back"),
    step("again", ask_again, take_again, to=["choose"], resume="back"),
    ending("locked", tell_locked),
    step("account", ask_account, take_account, to=["known"], resume="never"),
    step("known", ask_known, take_known, resume="never"),
)

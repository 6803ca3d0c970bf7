"""My devices: the conversations linked to me, a code that links another, and where my messages go."""

from bot.talk import Confirm, Flow, Go, Menu, Notice, Option, Refused, State, call, do, ending, go, replace, step, t
from core.kit.speaker import Address
from core.people.words import StartLink, Unlink
from core.reading import Reading

NEW, WHERE = Address("", "new"), Address("", "where")
"""Instead of a device: another one, or where messages go."""


class Devices(State, frozen=True):
    """Which one is looked at, and the code that links another."""

    at: Address = Address("", "")
    code: str = ""


async def ask_which(_: Devices, read: Reading) -> Menu[Address]:
    doors = await read.people.doors()
    linked = [Option(door.at, door.name) for door in doors]
    title = t("devices.title") if doors else t("devices.none")
    return Menu(title, [*linked, Option(NEW, t("devices.new")), Option(WHERE, t("devices.where"))])


def take_which(s: Devices, at: Address) -> Go[Devices]:
    if at == WHERE:
        return call("reach", s, back_to="which")
    if at != NEW:
        return go("one", replace(s, at=at))
    return do(StartLink(), then=lambda code: go("code", replace(s, code=code)), refused=go("often", s))


async def ask_one(s: Devices, read: Reading) -> Confirm:
    door = next((door for door in await read.people.doors() if door.at == s.at), None)
    if door is None:
        raise Refused("devices.gone")
    return Confirm(t("devices.unlink", door=door.name), t("devices.yes"), t("devices.no"))


def take_one(s: Devices, agreed: bool) -> Go[Devices]:
    """Back to the others; whoever ended the link of the very conversation they sit in has no others to see."""
    back = go("which", Devices())
    return do(Unlink(s.at), then=lambda who: back if who.proved else go("ended", s), refused=back) if agreed else back


async def tell_code(s: Devices, read: Reading) -> Notice:
    return Notice(t("devices.code", code=s.code, sms=read.service.sms))


async def tell_ended(_: Devices, __: Reading) -> Notice:
    return Notice(t("devices.ended"))


async def tell_often(_: Devices, __: Reading) -> Notice:
    return Notice(t("devices.often"))


DEVICES = Flow(
    "devices",
    Devices,
    step("which", ask_which, take_which, to=["one", "code", "often"], privacy="proof", resume="restart"),
    step("one", ask_one, take_one, to=["which", "ended"], privacy="proof", resume="back"),
    ending("ended", tell_ended),
    ending("code", tell_code, privacy="proof"),
    ending("often", tell_often),
)

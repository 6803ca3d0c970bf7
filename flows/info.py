"""Info: what is kept about people, why, and how to see, correct or erase it."""

from bot.talk import Flow, Go, Menu, Option, State, go, step, t
from core.reading import Reading


class Info(State, frozen=True):
    """Nothing is remembered here."""


async def ask_kept(_: Info, __: Reading) -> Menu[str]:
    return Menu(t("info.kept"), [Option("rights", t("info.rights.title"))])


def take_kept(s: Info, _: str) -> Go[Info]:
    return go("rights", s)


async def ask_rights(_: Info, read: Reading) -> Menu[str]:
    person = read.service.person
    if read.speaker.secrets:
        return Menu(t("info.rights", person=person, sms=read.service.sms))
    return Menu(t("info.rights.here", person=person))


INFO = Flow(
    "info",
    Info,
    step("kept", ask_kept, take_kept, to=["rights"], resume="never"),
    step("rights", ask_rights, take_kept, to=["rights"], resume="never"),
)

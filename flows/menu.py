"""The main menu: a welcome for whoever is new, the six things to do for somebody who is known."""

from bot.talk import Flow, Go, Menu, Option, Settled, State, Text, call, do, go, home, link, step, t
from core.kit.speaker import Language
from core.people.words import ChangeLanguage, Role
from core.reading import Reading
from flows.register import Registration

ROLES: tuple[Role, ...] = ("tenant", "landlord", "agent", "cooperative")


class Main(State, frozen=True):
    """Nothing is remembered here."""


async def ask_choice(_: Main, read: Reading) -> Menu[str]:
    if not read.speaker.profiles:
        return welcome(read)
    return Menu(
        await greeting(read),
        [
            Option("search", t("menu.search")),
            Option("pay_rent", t("menu.pay_rent")),
            Option("receipts", t("menu.receipts")),
            Option("check_receipt", t("menu.check_receipt")),
            Option("tongue", t("menu.other_language")),
            Option("help", t("menu.help")),
        ],
    )


def welcome(read: Reading) -> Menu[str]:
    """What somebody without a profile sees; all but the roles is open to everybody."""
    links = [link("tongue", t("menu.other_language")), link("receipt", t("menu.check_receipt"))]
    if not read.speaker.secrets:
        return Menu(t("menu.welcome.here", brand=read.service.brand), in_conversation(), links)
    roles = [Option[str](role, t(f"menu.role.{role}")) for role in ROLES]
    others = [Option("search", t("menu.look")), Option("help", t("menu.help"))]
    return Menu(t("menu.welcome", brand=read.service.brand), [*roles, *others], links)


def in_conversation() -> list[Option[str]]:
    """What there is to do in a conversation that is nobody's yet: it may be somebody's who has a profile already."""
    return [
        Option("search", t("menu.search")),
        Option("pay_rent", t("menu.pay_rent")),
        Option("link", t("menu.link")),
        Option("register", t("link.register")),
        Option("help", t("menu.help")),
    ]


async def greeting(read: Reading) -> Text:
    """By the whole name, for families stand first or last in it; only on a phone that is one person's."""
    me = await read.people.me() if read.speaker.alone else None
    hello = t("menu.hello", name=me.name) if me else t("menu.title", brand=read.service.brand)
    return hello if read.speaker.secrets else t("menu.say", hello=hello)


def take_choice(s: Main, choice: str) -> Go[Main]:
    if choice == "tongue":
        return go("tongue", s)
    if choice in ROLES:
        return call("register", s, back_to="choice", child=Registration(role=choice))
    return call(choice, s, back_to="choice")


async def ask_tongue(_: Main, read: Reading) -> Settled[Language]:
    return Settled("fr" if read.speaker.language == "en" else "en")


def take_tongue(s: Main, language: Language) -> Go[Main]:
    return do(ChangeLanguage(language), then=home(), refused=go("choice", s))


async def ask_receipt(_: Main, __: Reading) -> Settled[str]:
    return Settled("check_receipt")


def take_receipt(s: Main, flow: str) -> Go[Main]:
    return call(flow, s, back_to="choice")


MENU = Flow(
    "menu",
    Main,
    step("choice", ask_choice, take_choice, to=["tongue", "receipt"], resume="never"),
    step("tongue", ask_tongue, take_tongue, to=["choice"], resume="never"),
    step("receipt", ask_receipt, take_receipt, to=["choice"], resume="never"),
)

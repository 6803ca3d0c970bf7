"""Help: how to search, pay and write, the numbers to call on, and what becomes of personal data."""

from bot.talk import Flow, Go, Menu, Option, State, call, go, replace, step, t
from core.reading import Reading

TOPICS = ("search", "pay", "numbers", "pin")
LEADS = {"search": "search", "pay": "pay_rent"}
"""What a page of help leads on to."""


class Topic(State, frozen=True):
    """What is being read."""

    name: str = "search"


async def ask_topics(_: Topic, __: Reading) -> Menu[str]:
    topics = [Option(topic, t(f"help.{topic}.title")) for topic in TOPICS]
    others = [Option("devices", t("help.devices")), Option("info", t("help.info"))]
    return Menu(t("help.title"), [*topics, *others])


def take_topic(s: Topic, topic: str) -> Go[Topic]:
    return go("read", replace(s, name=topic)) if topic in TOPICS else call(topic, s, back_to="topics")


async def ask_read(s: Topic, read: Reading) -> Menu[str]:
    """Where people write they are told what to write, elsewhere what to dial."""
    flow, service = LEADS.get(s.name), read.service
    names = {"brand": service.brand, "code": service.code, "sms": service.sms, "person": service.person}
    text = t(f"help.{s.name}", **names) if read.speaker.secrets else t(f"help.{s.name}.here", **names)
    return Menu(text, [Option(flow, t(f"menu.{flow}"))] if flow else [])


def take_read(s: Topic, flow: str) -> Go[Topic]:
    return call(flow, s, back_to="read")


HELP = Flow(
    "help",
    Topic,
    step("topics", ask_topics, take_topic, to=["read"], resume="never"),
    step("read", ask_read, take_read, resume="never"),
)

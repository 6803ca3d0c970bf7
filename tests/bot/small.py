"""A small set of flows for the engine's own tests: every kind of step, a child flow, a gate."""

from dataclasses import dataclass, field

from bot.engine import Engine, Turn
from bot.entry import Entry
from bot.place import Place, restore, store
from bot.talk import (
    Aside,
    Confirm,
    Field,
    Flow,
    Go,
    Link,
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
    home,
    money,
    replace,
    step,
    t,
)  # fmt: skip
from core.kit.errors import Unclear
from core.kit.money import Money
from core.kit.phone import Phone
from core.kit.speaker import PersonId, Speaker


@dataclass(frozen=True, slots=True)
class Buy:
    """A command of the test domain."""

    what: str
    pin: str = ""


@dataclass(frozen=True, slots=True)
class Prove:
    """A command that tells who is speaking."""

    person: int


@dataclass(slots=True)
class World:
    """The outside, as the test sets it up."""

    fruit: list[str] = field(default_factory=lambda: ["Apple", "Pear", "Plum"])
    refuse: str = ""
    secrets: bool = True
    code: str = "*384#"
    bought: list[Buy] = field(default_factory=list)
    speaker: Speaker | None = None

    def read(self, speaker: Speaker) -> "World":
        self.speaker = speaker
        return self

    async def perform(self, command: object, speaker: Speaker) -> object:
        if self.refuse:
            return Refused(self.refuse)
        if isinstance(command, Prove):
            return replace(speaker, person=PersonId(command.person), proved=True, language="en")
        assert isinstance(command, Buy)
        if command.what == "word":
            return t("bought")
        self.bought.append(command)
        return len(self.bought)

    def say(self, value: object, _language: str) -> tuple[str]:
        return (value.key if isinstance(value, Text) else str(value),)


class Shop(State, frozen=True):
    """The answers of the shop."""

    fruit: str = ""
    price: Money | None = None
    page: int = 0


async def ask_fruit(s: Shop, read: World) -> Menu[str | int]:
    options = [Option[str | int](name, name) for name in read.fruit]
    more = s.page + 1 if s.page < 2 else None
    return hearing(Menu(t("fruit"), options, [Link("price", t("skip"))], more=more), typed=whispered)


def whispered(said: str) -> Aside:
    if said != "psst":
        raise Unclear("no.whisper")
    return Aside(said)


def price_or_whisper(said: str) -> Money | Aside:
    return whispered(said) if said == "psst" else money("XAF")(said)


def take_fruit(s: Shop, fruit: str | int) -> Go[Shop]:
    if isinstance(fruit, int):
        return go("fruit", replace(s, page=fruit))
    if fruit == "Plum":
        raise Unclear("plums.over")
    return go("price", replace(s, fruit=fruit))


async def ask_price(s: Shop, read: World) -> Field[Money] | Settled[Money]:
    if s.fruit == "Pear":
        return Settled(Money(100, "XAF"))
    if s.fruit == "Ghost":
        raise Refused("ghost.gone")
    if s.fruit == "Fig":
        return Settled(Money(200, "XAF"), note=t("fig.price"))
    return Field(t("price"), price_or_whisper)


def take_price(s: Shop, price: Money) -> Go[Shop]:
    return go("sure", replace(s, price=price))


def take_beside(s: Shop, said: str) -> Go[Shop]:
    raise Unclear("beside")


async def ask_sure(s: Shop, read: World) -> Confirm:
    return Confirm(t("sure", amount=s.price))


def take_sure(s: Shop, yes: bool) -> Go[Shop]:
    return go("pin", s) if yes else home()


async def ask_pin(s: Shop, read: World) -> Secret:
    return Secret(t("pin"))


def take_pin(s: Shop, pin: str) -> Go[Shop]:
    return do(
        Buy(s.fruit, pin),
        then=lambda count: go("thanks" if count < 3 else "fruit", s),
        refused={"pin": go("pin", s), "shop.closed": go("fruit", s), "*": home()},
    )


async def tell_thanks(s: Shop, read: World) -> Notice:
    return Notice(t("thanks", fruit=s.fruit))


SHOP = Flow(
    "shop",
    Shop,
    step("fruit", ask_fruit, take_fruit, to=["price", "fruit"]),
    step(
        "price",
        ask_price,
        take_price,
        to=["sure"],
        wake=lambda s, event: go("sure", replace(s, price=event)),
        aside=take_beside,
    ),
    step("sure", ask_sure, take_sure, to=["pin"], resume="restart"),
    step("pin", ask_pin, take_pin, to=["thanks", "fruit", "pin"], privacy="money"),
    step("wrap", ask_price, take_price, to=["sure"], resume="back"),
    ending("thanks", tell_thanks),
    moved={"how_much": "price"},
)


class Nothing(State, frozen=True):
    """No answers."""

    note: str = ""


async def ask_root(s: Nothing, read: World) -> Menu[str]:
    return Menu(t("root"), [Option("shop", "Shop"), Option("mine", "Mine"), Option("word", "Word")])


def take_root(s: Nothing, choice: str) -> Go[Nothing]:
    if choice == "word":
        return do(Buy("word"), then=go("root", s), refused=go("root", s))
    return call(choice, s, back_to="root")


ROOT = Flow("menu", Nothing, step("root", ask_root, take_root, to=["root"]))


async def ask_mine(s: Nothing, read: World) -> Menu[str]:
    return Menu(t("mine"), [Option("out", "Out"), Option("deep", "Deep"), Option("lost", "Lost")])


def take_mine(s: Nothing, choice: str) -> Go[Nothing]:
    if choice == "lost":
        return go("nowhere", s)
    return done() if choice == "out" else go("deep", replace(s, note=choice))


async def ask_deep(s: Nothing, read: World) -> Menu[str]:
    return Menu(t("deep"))


MINE = Flow(
    "mine",
    Nothing,
    step("mine", ask_mine, take_mine, to=["deep"], privacy="personal"),
    step("deep", ask_deep, take_mine, to=[], privacy="personal", resume="silent"),
)


async def ask_who(s: Nothing, read: World) -> Field[str]:
    return Field(t("who"), lambda said: said)


def take_who(s: Nothing, said: str) -> Go[Nothing]:
    return do(Prove(int(said)), then=done(), refused=go("who", s))


GATE = Flow("identify", Nothing, step("who", ask_who, take_who, to=[]))


async def ask_loop(s: Nothing, read: World) -> Settled[str]:
    return Settled("again")


def take_loop(s: Nothing, again: str) -> Go[Nothing]:
    return go("loop", s)


LOOP = Flow("loop", Nothing, step("loop", ask_loop, take_loop))

FLOWS = [ROOT, SHOP, MINE, GATE, LOOP]


class Talk:
    """Holds a conversation; the place goes through JSON between every two turns."""

    def __init__(self, world: World | None = None, *, profiles: int = 1) -> None:
        self.engine = Engine(FLOWS)
        self.world = world or World()
        person = PersonId(1) if profiles == 1 else None
        self.place = Place(speaker=Speaker(Phone("+237670000101"), profiles=profiles, person=person))
        self.turn: Turn | None = None

    def _kept(self, turn: Turn) -> str:
        self.turn = turn
        self.place = restore(store(self.place))
        return self.seen

    @property
    def seen(self) -> str:
        """The key of what is on the screen, after the key of the remark if there is one."""
        assert self.turn is not None
        screen = self.turn.screen
        title = screen.text if isinstance(screen, Notice) else screen.title
        shown = title if isinstance(title, str) else title.key
        return f"{self.turn.remark.key}/{shown}" if self.turn.remark else shown

    async def enter(self, flow: str, step: str = "", state: object = None) -> str:
        return self._kept(await self.engine.enter(self.place, Entry(flow, step, state), self.world))

    async def home(self) -> str:
        return self._kept(await self.engine.go_home(self.place, self.world))

    async def say(self, *answers: str) -> str:
        for said in answers:
            self._kept(await self.engine.answer(self.place, said, self.world))
        return self.seen

    async def share(self, shared: object) -> str:
        return self._kept(await self.engine.share(self.place, shared, self.world))

    async def redial(self) -> str:
        assert self.place.speaker is not None
        person = self.place.speaker.person if self.place.speaker.profiles == 1 else None
        self.place.speaker = replace(self.place.speaker, proved=False, person=person)
        return self._kept(await self.engine.come_back(self.place, self.world))

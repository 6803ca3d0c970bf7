"""A small house on a real database for the runner's tests: a menu, something to type, commands that can go wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy import text

from bot.chat import Chats, Letter
from bot.engine import Engine
from bot.entry import Entry
from bot.inbound import Event, Inbound, Reply
from bot.place import Place
from bot.render.channels import RENDERERS
from bot.router import Act, Router
from bot.runner import Runner
from bot.talk import Field, Flow, Go, Menu, Notice, Option, Refused, Secret, State, call, do, done, ending, go, step, t
from bot.turns import Turns
from core.kit.clock import FixedClock
from core.kit.db import Database, Statement, Tx
from core.kit.deed import Deed, Look
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import Speaker
from core.kit.structs import replace
from core.people.speaker import identify

AWA = Phone("+237670000101")

CREATE = Statement(text("CREATE TABLE done (what text, unique_id text UNIQUE)"))
PREFER_ENGLISH = Statement(text(f"INSERT INTO phone_preference (e164, language) VALUES ('{AWA.e164}', 'en')"))  # noqa: S608
FORGET_ENGLISH = Statement(text("DELETE FROM phone_preference"))
_DO = Statement(text("INSERT INTO done (what) VALUES (:what)"))
_CLAIM = Statement(
    text("INSERT INTO done (what, unique_id) VALUES ('claimed', :id) ON CONFLICT DO NOTHING RETURNING what")
)
_CLAIMED = Statement(text("SELECT FROM done WHERE unique_id = :id"))
_DONE = Statement(text("SELECT what FROM done WHERE unique_id IS NULL ORDER BY what"))
_PLACE = Statement(text("SELECT version, body FROM place WHERE address = :address"))
_SPOIL = Statement(text("UPDATE place SET body = :body WHERE address = :address"))
_MOVE = Statement(text("UPDATE place SET version = version + 1 WHERE address = :address"))


@dataclass(frozen=True, slots=True)
class Write:
    """Writes a line; then something may happen."""

    what: str


class Nothing(State, frozen=True):
    """No answers."""

    note: str = ""


async def ask_desk(s: Nothing, read: "Office") -> Menu[str]:
    await read.before_screen()
    return Menu("Desk", [Option(what, what) for what in ("write", "note", "close", "vault")])


def take_desk(s: Nothing, what: str) -> Go[Nothing]:
    if what in {"note", "vault"}:
        return call(what, s, back_to="desk")
    return do(Write(what), then=go("bye" if what == "close" else "desk", s), refused=go("desk", s))


async def ask_note(s: Nothing, read: "Office") -> Field[str]:
    return Field("Note", str)


def take_note(s: Nothing, note: str) -> Go[Nothing]:
    return go("noted", Nothing(note))


async def ask_noted(s: Nothing, read: "Office") -> Menu[str]:
    return Menu(f"Noted {s.note}", [Option("more", "More")])


def take_noted(s: Nothing, more: str) -> Go[Nothing]:
    return go("note", s)


async def ask_vault(s: Nothing, read: "Office") -> Secret:
    return Secret("Code")


def take_vault(s: Nothing, code: str) -> Go[Nothing]:
    return done()


async def tell_bye(s: Nothing, read: "Office") -> Notice:
    return Notice("Bye")


FLOWS = [
    Flow(
        "menu",
        Nothing,
        step("desk", ask_desk, take_desk, to=["desk", "bye"], resume="never"),
        ending("bye", tell_bye),
    ),
    Flow(
        "note",
        Nothing,
        step("note", ask_note, take_note, to=["noted"]),
        step("noted", ask_noted, take_noted, to=["note"]),
        doing=t("search.doing"),
    ),
    Flow("vault", Nothing, step("vault", ask_vault, take_vault), doing=t("search.doing")),
]
ROUTER = Router(
    words={"scribble": Entry("note"), "stamp": Act(Write("stamp")), "seal": Act(Write("seal"))},
    dial={"2": Entry("note")},
    codes={"A": lambda code: Entry("note", "noted", Nothing(code))},
)


async def nothing() -> None:
    """Nothing happens."""


@dataclass(slots=True)
class Office:
    """The domain: every command writes its line, and then ``after_write`` happens."""

    db: Database
    clock: FixedClock
    before_screen: Callable[[], Awaitable[None]] = nothing
    after_write: Callable[[], Awaitable[None]] = nothing
    outcomes: list[str] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    heard_later: asyncio.Event = field(default_factory=asyncio.Event)

    def reads(self, look: Look) -> "Office":  # noqa: ARG002 - everybody reads the same
        return self

    async def perform(self, command: object, deed: Deed) -> object:
        assert isinstance(command, Write)
        await deed.tx.fetch(_DO, what=command.what)
        await self.after_write()
        if command.what == "seal":
            return Refused("answer.unknown")
        return t("receipts.sent") if command.what == "stamp" else None

    def turn(self, channel: str, gateway: str, place: Place | None, outcome: str, seconds: float) -> None:  # noqa: ARG002
        self.outcomes.append(outcome)

    async def later(self, phone: Phone, place: Place | None, reply: Reply) -> None:  # noqa: ARG002
        self.told.append((phone.e164, reply.text))
        self.heard_later.set()

    def runner(self, **settings: Any) -> Runner:
        """A process of its own."""
        engine = Engine(FLOWS)
        chosen = Settings(_env_file=None, **settings)
        return Runner(Turns(engine, ROUTER, self, self.db, self.clock, chosen, self), identify, self.later)

    async def done(self) -> list[str]:
        """What was written and stayed."""
        return [row["what"] for row in await self.db.fetch(_DONE)]

    async def version(self) -> int:
        """How often Awa's place was stored."""
        row = await self.db.one(_PLACE, address=AWA.e164)
        return 0 if row is None else int(row["version"])

    async def spoil(self, body: str) -> None:
        """Something that cannot be read stands in Awa's place."""
        await self.db.fetch(_SPOIL, address=AWA.e164, body=body)

    async def move(self) -> None:
        """Somebody else moves Awa's place."""
        await self.db.fetch(_MOVE, address=AWA.e164)


@dataclass(slots=True)
class Call:
    """One session of a gateway that sends all that was typed so far."""

    runner: Runner
    session: str = "gate-1"
    text: str = ""

    async def dial(self, suffix: str = "") -> Reply:
        return await self.again(suffix)

    async def say(self, said: str) -> Reply:
        self.text = f"{self.text}*{said}" if self.text else said
        return await self.again()

    async def again(self, suffix: str = "") -> Reply:
        """The gateway sends the same request, perhaps once more."""
        return await self.runner.hear(Inbound("gate", self.session, AWA, self.text, suffix))


@dataclass(slots=True)
class Chat:
    """Messages to a runner, and what it answers."""

    runner: Runner
    answers: list[str] = field(default_factory=list)
    _number: int = 0

    async def say(self, said: str, *, same: bool = False) -> str:
        """One message, or the same one redelivered."""
        self._number += not same
        number = str(self._number)
        event = Event("message", "sms", "gate", sender=AWA.e164, phone=AWA, external_id=number, text=said)
        await Chats(self.runner.turns, RENDERERS, self).take(event)
        return self.answers[-1]

    async def known(self, event: Event) -> Speaker | None:
        assert event.phone
        db = self.runner.turns.db
        heard = await db.fetch(_CLAIMED, id=event.external_id)
        return None if heard else replace(await identify(db, event.phone), secrets=False)

    async def claim(self, tx: Tx, event: Event) -> Speaker | None:
        assert event.phone
        new = await tx.fetch(_CLAIM, id=event.external_id)
        return replace(await identify(tx, event.phone), secrets=False) if new else None

    async def answer(self, _: Tx, letters: Sequence[Letter]) -> None:
        self.answers += [letter.bubble.text for letter in letters]

    async def exchange(self, tx: Tx, letters: Sequence[Letter]) -> bool:
        claimed = [await self.claim(tx, letter.event) for letter in letters]
        await self.answer(tx, letters)
        return None not in claimed


class Meeting:
    """Holds the first two until both have come; whoever comes later passes."""

    def __init__(self) -> None:
        self._came = 0
        self._both = asyncio.Event()

    async def __call__(self) -> None:
        self._came += 1
        if self._came == 2:
            self._both.set()
        await self._both.wait()


class Failing:
    """Fails so many times, then never again."""

    def __init__(self, error: Exception, times: int = 1) -> None:
        self._error, self._left = error, times

    async def __call__(self) -> None:
        self._left -= 1
        if self._left >= 0:
            raise self._error


PASSING = asyncpg.SerializationError("another was first")

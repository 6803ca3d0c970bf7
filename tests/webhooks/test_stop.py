"""STOP and RESUME on every message channel: by list and overall, effective on the next message, confirmed once."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from bot.inbound import Event
from core.kit.clock import FixedClock
from core.kit.db import Database, Record, Statement
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import Address, Language
from core.notices.delivery import Delivery, Senders
from core.notices.outbox import queue
from core.notices.suppression import Stopped, stopped
from core.notices.words import Notice, Parcel, Sent
from core.people.doors import link
from core.people.profile import Profile, create
from webhooks.front import Front
from webhooks.worker import Words

PHONE = Phone("+237677000001")
DOORS = [
    ("sms", "africastalking", PHONE.e164), ("sms", "twilio", PHONE.e164), ("whatsapp", "meta", "CM.45001"),
    ("whatsapp", "twilio", PHONE.e164), ("telegram", "telegram", "38400001"),
]  # fmt: skip


@dataclass
class Taker:
    """A provider that takes everything."""

    parcels: list[Parcel] = field(default_factory=list)

    async def send(self, parcel: Parcel) -> Sent:
        self.parcels.append(parcel)
        return Sent("taker", f"id-{len(self.parcels)}")


@dataclass
class House:
    """The front, a worker, and one door somebody writes at."""

    front: Front
    clock: FixedClock
    channel: str
    source: str
    sender: str
    taker: Taker = field(default_factory=Taker)
    said: int = 0

    @property
    def at(self) -> Address:
        return Address(self.channel, self.sender)

    async def say(self, words: str, *, times: int = 1) -> list[Parcel]:
        """Somebody writes; what is sent then."""
        self.said += 1
        phone = Phone(self.sender) if self.sender.startswith("+") else None
        event = Event("message", self.channel, self.source, self.sender, phone, f"m{self.said}", words)
        await self.front.take([event] * times)
        return await self.sent()

    async def put(self, template: str, key: str, language: Language = "fr") -> list[Parcel]:
        """A notice is queued for that door; what is sent then."""
        blanks = {"code": "*384#"}
        async with self.front.db.transaction() as tx:
            await queue(tx, Notice(key, self.at, language, template, blanks, source=self.source), self.clock.now())
        return await self.sent()

    async def sent(self) -> list[Parcel]:
        before = len(self.taker.parcels)
        senders = Senders({channel: {"taker": self.taker} for channel in ("sms", "whatsapp", "telegram")})
        worker = Delivery(self.front.db, self.clock, Words(), senders)
        while await worker.run_once():
            pass
        return self.taker.parcels[before:]

    async def templates(self) -> list[str]:
        return [row["template"] for row in await self.rows("SELECT template FROM notice ORDER BY id")]

    async def rows(self, sql: str) -> list[Record]:
        return await self.front.db.fetch(Statement(text(sql)))


@pytest.fixture(params=DOORS, ids=lambda door: f"{door[0]} by {door[1]}")
async def house(request: pytest.FixtureRequest, db: Database, clock: FixedClock) -> House:
    return House(Front.build(db, Settings(_env_file=None), clock), clock, *request.param)


async def test_stop_and_oui(house: House) -> None:
    (told,) = await house.say("ARRÊT")
    assert (told.to, "annonces" in told.text) == (house.at, True)
    assert await house.put("dropped.1", "a") == []
    (told,) = await house.say("Oui")
    assert "de nouveau" in told.text
    assert len(await house.put("dropped.1", "b")) == 1
    assert await house.templates() == ["stopped.1", "dropped.1", "resumed.1", "dropped.1"]


async def test_what_is_essential_still_goes_out(house: House) -> None:
    await house.say("STOP")
    for template in ("said.1", "turn_ready.1", "code.1"):
        blanks = {"text": "x"} if template == "said.1" else {"code": "123456"}
        async with house.front.db.transaction() as tx:
            await queue(tx, Notice(template, house.at, "fr", template, blanks), house.clock.now())
    assert len(await house.sent()) == 3


STOPS: list[tuple[str, Stopped]] = [
    ("STOP", "all"), ("stop", "all"), (" Stop. ", "all"), ("/stop", "all"), ("STOPALL", "all"), ("arret", "all"),
    ("Arrêt", "all"), ("ARRE\u0302T", "all"), ("stop tout", "all"), ("STOP SMS", "all"), ("Désabonner", "all"),
    ("STOP ALERTES", "alerts"), ("arrêt annonces", "alerts"), ("stop alerts", "alerts"),
    ("STOP svp", "all"), ("Je veux arrêter", "all"), ("Stop, s'il vous plaît !", "all"), ("STOP please", "all"),
    ("je voudrais arrêter les annonces svp", "alerts"), ("I want to unsubscribe", "all"),
    ("S.T.O.P", "all"), ("arettez de m'écrire", "all"), ("stop les pubs", "all"),
    ("Arrêter les alertes", "alerts"), ("STOP RAPPELS", "reminders"), ("stop the reminders", "reminders"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "what"), STOPS)
@pytest.mark.parametrize("house", DOORS[2:3], indirect=True)
async def test_words_that_stop(house: House, words: str, what: Stopped) -> None:
    (told,) = await house.say(words)
    assert [row["list"] for row in await house.rows("SELECT list FROM suppression")] == [what]
    assert bool(await house.put("dropped.1", "a")) is (what == "alerts")
    assert ("rappels" in told.text) is (what != "alerts")


@pytest.mark.parametrize(
    "words",
    [
        "stop it please",
        "STOP1",
        "arrêter de payer",
        "je veux arrêter de payer svp",
        "je veux",
        "svp",
        "oui",
        "reprendre",
        "/start",
    ],
)
@pytest.mark.parametrize("house", DOORS[2:3], indirect=True)
async def test_words_that_do_not(house: House, words: str) -> None:
    await house.say(words)
    assert not await stopped(house.front.db, house.at)
    assert await house.templates() == ["screen.1"]


@pytest.mark.parametrize("house", DOORS[2:3], indirect=True)
async def test_a_mere_oui_is_an_answer_a_day_later(house: House) -> None:
    await house.say("STOP")
    house.clock.move(hours=25)
    await house.say("oui")
    assert await stopped(house.front.db, house.at)
    await house.say("REPRENDRE")
    assert not await stopped(house.front.db, house.at)


@pytest.mark.parametrize("words", ["REPRENDRE", "resume", "START", "yes", "Oui !"])
async def test_words_that_resume(house: House, words: str) -> None:
    await house.say("STOP")
    await house.say(words)
    assert not await stopped(house.front.db, house.at)


@pytest.mark.parametrize("house", DOORS[2:3], indirect=True)
async def test_one_list_is_resumed_after_everything_was_stopped(house: House) -> None:
    await house.say("STOP")
    (told,) = await house.say("REPRENDRE RAPPELS")
    assert "rappels" in told.text
    assert len(await house.put("dropped.1", "a")) == 1
    assert [row["list"] for row in await house.rows("SELECT list FROM suppression")] == ["alerts"]


async def test_a_stop_that_is_brought_again_is_confirmed_once(house: House) -> None:
    assert len(await house.say("STOP", times=3)) == 1


async def test_a_stop_at_one_door_leaves_the_others_open(house: House, db: Database, clock: FixedClock) -> None:
    other = DOORS[0] if house.channel != "sms" else DOORS[4]
    await house.say("STOP")
    assert len(await House(house.front, clock, *other).put("dropped.1", "a")) == 1


@pytest.mark.parametrize("house", DOORS[4:], indirect=True)
async def test_a_stop_where_somebody_is_known_counts_for_their_phone_too(house: House) -> None:
    async with house.front.db.transaction() as tx:
        person = await create(tx, Profile(PHONE, "Marie", "tenant", "fr", "CM"), "hash", house.clock.now())
        assert person is not None
    await house.say("menu")
    async with house.front.db.transaction() as tx:
        await link(tx, house.at, person, house.clock.now())
    await house.say("STOP")
    assert await stopped(house.front.db, Address("sms", PHONE.e164))
    await house.say("OUI")
    assert not await stopped(house.front.db, Address("sms", PHONE.e164))


@pytest.mark.parametrize("house", DOORS[2:3], indirect=True)
async def test_oui_reads_what_waits_and_answers_nothing(house: House) -> None:
    await house.front.take([Event("message", "whatsapp", "meta", house.sender, None, "m0", "menu")])
    house.clock.move(hours=25)
    (asked,) = await house.sent()
    assert (asked.approved or ("",))[0] == "toit_waiting"
    read = await house.say("oui")
    assert [bool(parcel.screen) for parcel in read] == [True]
    assert await house.templates() == ["screen.1", "waiting.1"], "that oui was no answer to the screen"

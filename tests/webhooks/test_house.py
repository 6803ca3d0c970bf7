"""The whole house as processes: what is cut off, said twice or killed in the middle loses and doubles nothing."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import asyncpg
import pytest
import pytest_asyncio

from core.kit.embedded import Embedded
from tests.house import Handset, House, free_port, option, planted_house
from tests.patience import PATIENCE_S
from tests.postgres import own_server

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARIE, ERIC, AISSATOU, ROSE, STRANGER = (f"+2376700001{last}" for last in ("01", "02", "03", "05", "77"))

KILLED_AT = ("submit.answered", "submit.stored", "status.asked", "status.answered", "post.read", "post.done")
"""Every moment between "the operator has it" and "booked"; the soak campaign kills at the others."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(server: Embedded, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One house for this file: start-up costs more than anything done in it."""
    async with planted_house(server, tmp_path_factory.mktemp("house")) as house:
        await house.open()
        yield house


@pytest_asyncio.fixture(loop_scope="module")
async def house(standing: House) -> AsyncIterator[House]:
    """The same, whole again after whatever a test did to it."""
    yield standing
    for name in standing.running - {"sandbox", "web", "worker"}:
        await standing.kill(name)
    for name in ("web", "worker"):
        if name not in standing.running:
            await standing.start(name, "-m", "webhooks", name)
    await standing.ready()


def pin_of(house: House, number: str) -> str:
    return str(next(person["pin"] for person in house.people if person["number"] == number))


async def pay_part(phone: Handset, francs: int) -> None:
    """Eric owes three months: a different part each time tells the payments apart."""
    await phone.dial("*384*2#")
    await phone.choose("Une partie")
    await phone.answer(str(francs))
    await phone.choose("MTN")


async def attempts_of(house: House, number: str) -> int:
    return int(await house.sql("SELECT count(*) FROM payment_attempt WHERE payer_phone = $1", number))


async def time_passes(house: House) -> None:
    """What a dead worker held may be taken by another, and the next rung is reached: the wait itself proves nothing."""
    await house.sql("UPDATE payment_attempt SET next_check_at = now() WHERE next_check_at > now()")


async def booked(house: House, phone: Handset, *words: str) -> str:
    """Wait for the SMS that says so, without the ladder's waits."""

    async def told() -> str:
        await time_passes(house)
        return next((text for text in await phone.messages() if all(word in text for word in words)), "")

    return str(await house.until(told, f"an SMS with {words}"))


# --- a rent, from the dial to the landlord -----------------------------------------------------------------


async def test_a_rent_is_paid_and_the_landlord_reads_who_how_much_and_what_is_left(house: House) -> None:
    phone = Handset(house, MARIE)
    await phone.dial("*384*2#")
    await phone.choose("85.000F", "MTN")
    await phone.answer(pin_of(house, MARIE))
    assert "Validez" in phone.screen
    await phone.approve()
    await booked(house, phone, "85.000F", "Reste 0F")
    landlord = Handset(house, next(p["number"] for p in house.people if p["name"] == "Mballa Joseph"))
    sms = await landlord.message("Marie", "85.000F")
    assert "Studio B3" in sms
    assert "Reste 0F" in sms
    assert 85_000 in [entry["amount"] for entry in await house.call("GET", "/truth/mtn")]
    assert await house.breaches() == []


# --- killed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("point", "francs"), [(point, 11_000 + 100 * n) for n, point in enumerate(KILLED_AT)])
async def test_a_worker_killed_on_the_way_loses_and_doubles_nothing(house: House, point: str, francs: int) -> None:
    phone, amount = Handset(house, ERIC), f"{francs // 1000}.{francs % 1000:03}F"
    await phone.wallet("approve")
    doomed, _ = await asyncio.gather(
        house.start(f"doomed-{point}", "-m", "webhooks", "worker", TOIT_CRASH_AT=point), house.stop("worker")
    )
    await pay_part(phone, francs)
    await phone.answer(pin_of(house, ERIC))

    async def dead() -> bool:
        await time_passes(house)
        return doomed.returncode is not None

    await house.until(dead, f"the crash at {point}")
    assert doomed.returncode == -9
    await house.start("worker", "-m", "webhooks", "worker")
    await booked(house, phone, amount)
    assert len([text for text in await phone.messages() if amount in text]) == 1
    assert await house.breaches() == []


async def test_an_app_killed_in_the_middle_of_a_command_has_done_nothing_and_then_does_it_once(house: House) -> None:
    await Handset(house, ERIC).wallet("approve")
    await house.stop("web")
    doomed = await house.start("web", "-m", "webhooks", "web", TOIT_CRASH_AT="attempt.written")
    await house.ready()
    line, before = Line(house, ERIC), await attempts_of(house, ERIC)
    await line.to_the_pin("12300")
    with pytest.raises(aiohttp.ClientError):
        await line.say(pin_of(house, ERIC))
    assert await asyncio.wait_for(doomed.wait(), PATIENCE_S) == -9
    assert await attempts_of(house, ERIC) == before
    await house.start("web", "-m", "webhooks", "web")
    await house.ready()
    answers = {await line.post(house) for _ in range(3)}
    assert len(answers) == 1
    assert "Validez" in answers.pop()
    assert await attempts_of(house, ERIC) == before + 1
    await booked(house, Handset(house, ERIC), "12.300F")
    assert await house.breaches() == []


# --- twice, and by two -------------------------------------------------------------------------------------


class Line:
    """A USSD session as its gateway sees it: what was typed is sent whole, each time, to whichever app."""

    def __init__(self, house: House, number: str) -> None:
        self.house, self.number, self.screen = house, number, ""
        self.typed: list[str] = []
        self.session = f"ATUid_line{free_port()}{id(self)}"

    async def post(self, app: House) -> str:
        """The present request, sent to one app."""
        form = {"sessionId": self.session, "phoneNumber": self.number, "serviceCode": "*384*2#"}
        url = f"{app.web}/webhooks/ussd/africastalking/demo"
        async with app.http.post(url, data={**form, "text": "*".join(self.typed)}) as response:
            assert response.status == 200
            return (await response.read()).decode()

    async def say(self, *said: str) -> str:
        """Answer, once each."""
        for one in said:
            self.typed.append(one)
            self.screen = await self.post(self.house)
        return self.screen

    async def say_often(self, said: str, *apps: House) -> None:
        """The same request ten times at once: one answer, byte for byte."""
        self.typed += [said] if said else []
        answers = await asyncio.gather(*(self.post(apps[n % len(apps)]) for n in range(10)))
        assert len(set(answers)) == 1, set(answers)
        self.screen = answers[0]

    async def to_the_pin(self, francs: str) -> None:
        """As far as the question for the PIN."""
        self.screen = await self.post(self.house)
        for label, said in (("Une partie", francs), ("MTN", "")):
            await self.say(*[option(self.screen, label) or label, *([said] if said else [])])


@asynccontextmanager
async def second_app(house: House) -> AsyncIterator[House]:
    other = House(house.url, house.home)
    other.ports["sandbox"] = house.ports["sandbox"]
    try:
        await other.start("web2", "-m", "webhooks", "web")
        await other.until(lambda: other.answers(f"{other.web}/readyz"), "the second app")
        yield other
    finally:
        await other.close()


async def test_ten_times_the_same_request_to_two_apps_is_one_answer_and_one_effect(house: House) -> None:
    await Handset(house, AISSATOU).wallet("approve")
    line = Line(house, AISSATOU)
    async with second_app(house) as other:
        await line.say_often("", house, other)
        for label in ("en avance", "Jusqu", "MTN"):
            await line.say_often(option(line.screen, label) or label, house, other)
        await line.say_often(pin_of(house, AISSATOU), house, other)
    assert "Validez" in line.screen
    assert await attempts_of(house, AISSATOU) == 1
    await booked(house, Handset(house, AISSATOU), "375.000F")
    assert await house.breaches() == []


async def test_two_apps_answer_one_session_in_turn(house: House) -> None:
    line, screens = Line(house, STRANGER), []
    async with second_app(house) as other:
        for turn, said in enumerate(["", "0", "5", "1", "1", "1"]):
            line.typed += [said] if said else []
            answers = {await line.post(app) for app in ((house, other), (other, house))[turn % 2]}
            assert len(answers) == 1
            screens.append(answers.pop())
    assert len(set(screens)) > 3


# --- the database goes away --------------------------------------------------------------------------------


@pytest.fixture
def own() -> Iterator[Embedded]:
    with own_server() as server:
        yield server


async def test_the_house_recovers_by_itself_when_postgresql_dies(own: Embedded, tmp_path: Path) -> None:
    house = House(own.url("toit"), tmp_path, traced=True)
    await house.plant()
    try:
        await house.open()
        phone = Handset(house, MARIE)
        await phone.dial("*384*2#")
        os.kill(own.pid, signal.SIGQUIT)  # no goodbye to anybody
        await house.until(lambda: says(house, 503), "the app to say that it is not ready")
        assert "panne" in await phone.answer("1")
        await asyncio.to_thread(own.stand_up)
        died = await house.sql("SELECT now()")
        await house.until(lambda: says(house, 200), "the app on the new server")
        await house.until(lambda: beats_since(house, died), "the worker on the new server")
        await phone.wallet("approve")
        await phone.dial("*384*2#")
        await phone.choose("85.000F", "MTN")
        await phone.answer(pin_of(house, MARIE))
        await booked(house, phone, "85.000F", "Reste 0F")
        assert await house.breaches() == []
    finally:
        await house.close()


async def says(house: House, status: int) -> bool:
    return await house.status(f"{house.web}/readyz") == status


async def beats_since(house: House, moment: object) -> bool:
    try:
        return bool(await house.sql("SELECT max(at) > $1 FROM heartbeat", moment))
    except (asyncpg.PostgresError, OSError):
        return False

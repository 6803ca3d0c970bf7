"""The whole house as processes: a rent is paid, two app processes share a session, a kill loses nothing."""

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.kit.crash import CRASH_POINTS
from core.kit.db import Database
from core.money.books import verify_books
from tests.house import Handset, House

PAYING_POINTS = tuple(point for point in CRASH_POINTS if point.split(".")[0] in {"collect", "submit", "status", "post"})


def first_tenant(house: House) -> dict[str, Any]:
    people: list[dict[str, Any]] = json.loads((house.home / "people.json").read_text())
    return people[0]


async def start_to_pay(house: House) -> Handset:
    tenant = first_tenant(house)
    phone = Handset(house, tenant["number"])
    await phone.dial("*384*2#")
    await phone.choose("85.000F", "MTN")
    await phone.answer(tenant["pin"])
    assert "P" in phone.screen
    return phone


async def breaches(house: House) -> list[str]:
    truth = await house.call("GET", "/truth/mtn")
    db = await Database.open(house.settings().database_url, size=2)
    try:
        report = await verify_books(db, truth)
        return [] if report.sound else [report.words()]
    finally:
        await db.close()


async def test_a_rent_is_paid_and_the_landlord_knows(house: House) -> None:
    phone = await start_to_pay(house)
    assert "Validez" in phone.screen
    await phone.approve()
    await phone.message("85.000F", "Reste 0F")
    assert [entry["amount"] for entry in await house.call("GET", "/truth/mtn")] == [85_000]
    assert await breaches(house) == []


async def test_the_landlord_reads_who_how_much_and_what_is_left(house: House) -> None:
    phone = await start_to_pay(house)
    await phone.approve()
    people = json.loads((house.home / "people.json").read_text())
    landlords = [Handset(house, p["number"]) for p in people if "landlord" in p["roles"]]

    async def told() -> str:
        texts = [text for landlord in landlords for text in await landlord.messages()]
        return next((text for text in texts if "85.000F" in text and "Marie" in text), "")

    sms = await house.until(told, "the landlord's SMS")
    assert "Studio B3" in sms
    assert "Reste 0F" in sms


async def test_two_app_processes_answer_one_session(house: House) -> None:
    other = House(house.settings().database_url, house.home)
    other.ports["sandbox"] = house.ports["sandbox"]
    try:
        await other.start("web2", "-m", "webhooks", "web")
        await other.until(lambda: other.answers(f"{other.web}/readyz"), "the second app")
        form = {"sessionId": "ATUid_two", "phoneNumber": "+237670000177", "serviceCode": "*384#"}
        typed: list[str] = []
        screens = []
        for turn, said in enumerate(["", "5", "1", "1", "1", "2"]):
            typed += [said] if said else []
            app = (house, other)[turn % 2]
            body = {**form, "text": "*".join(typed)}
            answers = await asyncio.gather(*(post(one, body) for one in (app, house, other)))
            assert len(set(answers)) == 1, "the same request twice, wherever it goes: the same bytes"
            screens.append(answers[0])
        assert len(set(screens)) == len(screens)
    finally:
        await other.close()


async def post(house: House, form: dict[str, str]) -> bytes:
    async with house.http.post(f"{house.web}/webhooks/ussd/africastalking/demo", data=form) as response:
        assert response.status == 200
        return await response.read()


async def lease_is_over(house: House) -> None:
    """What the dead worker held may be taken by another, without waiting the minute that it would take."""
    connection = await asyncpg.connect(house.settings().database_url)
    await connection.execute("UPDATE payment_attempt SET next_check_at = now() WHERE next_check_at > now()")
    await connection.close()


@pytest.mark.parametrize("point", PAYING_POINTS)
async def test_a_worker_killed_on_the_way_loses_and_doubles_nothing(
    database_url: str, tmp_path: Path, point: str
) -> None:
    house = House(database_url, tmp_path)
    await house.plant()
    try:
        await house.open()
        await house.stop("worker")
        doomed = await house.start("doomed", "-m", "webhooks", "worker", TOIT_CRASH_AT=point)
        await house.call("PUT", f"/wallets/mtn/{first_tenant(house)['number'].lstrip('+')}", {"behaviour": "approve"})
        phone = await start_to_pay(house)
        assert await asyncio.wait_for(doomed.wait(), 40) == -9, f"{point} was never reached"
        await lease_is_over(house)
        await house.start("worker", "-m", "webhooks", "worker")
        await phone.message("85.000F", "Reste 0F")
        assert await breaches(house) == []
        paid = [text for text in await phone.messages() if "Reste 0F" in text]
        assert len(paid) == 1
    finally:
        await house.close()

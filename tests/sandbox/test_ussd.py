"""The USSD gateway: what the app gets, what the phone shows, how sessions end."""

import asyncio
import re

import pytest
from aiohttp import web

from sandbox.desk import Phones
from sandbox.ussd import Gateway
from tests.patience import NEVER_S
from tests.sandbox.side import TENANT, Call, Client, Start, TinyApp, ask, con, end, quiet

PHONE = f"/phones/{TENANT}"
USSD = "/webhooks/ussd/africastalking/s3cret"
BROKEN = "Erreur de connexion ou code MMI non valide."
EXPIRED = "Session expirée. Veuillez recomposer le code."


async def dial(client: Client, code: str = "*384#") -> dict[str, object]:
    """Dial and return the screen."""
    shown: dict[str, object] = await ask(client, "POST", f"{PHONE}/dial", {"code": code})
    return shown


async def answer(client: Client, text: str, status: int = 200) -> dict[str, object]:
    """Answer and return the screen."""
    shown: dict[str, object] = await ask(client, "POST", f"{PHONE}/answer", {"text": text}, status)
    return shown


def gateway_of(client: Client) -> Gateway:
    """What holds the sessions."""
    faces = (getattr(route.handler, "__self__", None) for route in client.app.router.routes())
    return next(face for face in faces if isinstance(face, Phones))._gateway


async def test_text_is_cumulated(client: Client, tiny: TinyApp) -> None:
    shown = await dial(client)
    assert shown == {"session": shown["session"], "text": "text=", "open": True, "septets": 5}
    assert re.fullmatch(r"ATUid_[0-9a-f]{32}", str(shown["session"]))
    await answer(client, "1")
    assert (await answer(client, "a*b"))["text"] == "text=1*a*b"
    assert tiny.calls[0].form == {
        "sessionId": shown["session"],
        "phoneNumber": f"+{TENANT}",
        "networkCode": "62401",
        "serviceCode": "*384#",
        "text": "",
    }
    assert {call.form["sessionId"] for call in tiny.calls} == {shown["session"]}


@pytest.mark.parametrize("number", [TENANT, f"+{TENANT}", f"%2B{TENANT}"])
async def test_number_with_or_without_plus(client: Client, tiny: TinyApp, number: str) -> None:
    await ask(client, "POST", f"/phones/{number}/dial", {"code": "*384#"})
    assert tiny.calls[0].form["phoneNumber"] == f"+{TENANT}"


async def test_longer_code_is_the_service_code(client: Client, tiny: TinyApp) -> None:
    await dial(client, "*384*2#")
    assert (tiny.calls[0].form["serviceCode"], tiny.calls[0].form["text"]) == ("*384*2#", "")


async def test_suffix_as_text(client: Client, tiny: TinyApp) -> None:
    await ask(client, "PUT", "/faults/ussd_suffix", {"as": "text"})
    await dial(client, "*384*2*7#")
    assert (tiny.calls[0].form["serviceCode"], tiny.calls[0].form["text"]) == ("*384#", "2*7")
    await answer(client, "1")
    assert tiny.calls[1].form["text"] == "2*7*1"


@pytest.mark.parametrize("code", ["*100#", "384", "*384", "*384**2#", "bonjour", "*3845#"])
async def test_foreign_code_never_reaches_the_app(client: Client, tiny: TinyApp, code: str) -> None:
    shown = await dial(client, code)
    assert (shown["text"], shown["open"]) == (BROKEN, False)
    assert tiny.calls == []


async def test_answer_without_session(client: Client) -> None:
    assert "no open USSD session" in str(await answer(client, "1", 409))


async def test_answer_while_another_is_under_way(client: Client, tiny: TinyApp) -> None:
    await dial(client)
    gate = asyncio.Event()

    async def slow(_: Call) -> web.StreamResponse:
        await gate.wait()
        return con("ok")

    tiny.ussd = slow
    first = asyncio.create_task(answer(client, "1"))
    await tiny.wait("s3cret", 2)
    assert "still on its way" in str(await answer(client, "2", 409))
    gate.set()
    assert (await first)["text"] == "ok"


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (con("x", status=500), "HTTP 500"),
        (con("x", status=404), "HTTP 404"),
        (web.Response(status=302, headers={"Location": "/elsewhere"}), "HTTP 302"),
        (con("x", content_type="text/html"), "not text/plain but text/html"),
        (web.Response(text="Bonjour"), "the answer starts with neither CON nor END"),
        (web.Response(text="CONTENT"), "the answer starts with neither CON nor END"),
        (web.Response(body=b"CON \xe9", content_type="text/plain"), "not UTF-8"),
    ],
)
async def test_bad_answer_kills_the_session(client: Client, tiny: TinyApp, reply: web.Response, why: str) -> None:
    tiny.ussd = lambda _: reply
    shown = await dial(client)
    assert (shown["text"], shown["open"]) == (BROKEN, False)
    [told] = await tiny.wait("/end")
    assert (told.form["status"], told.form["errorMessage"]) == ("Failed", why)
    await answer(client, "1", 409)


async def test_app_that_is_too_slow(start: Start, tiny: TinyApp) -> None:
    client, over = await start(shortest_limit=0.0), asyncio.Event()

    async def slow(_: Call) -> web.StreamResponse:
        await over.wait()
        return con("too late")

    tiny.ussd = slow
    assert (await dial(client))["text"] == BROKEN
    assert (await tiny.wait("/end"))[0].form["errorMessage"] == "Application timed out"
    over.set()


async def test_app_that_is_away(start: Start) -> None:
    client = await start(app="http://127.0.0.1:9")
    assert (await dial(client))["text"] == BROKEN


async def test_app_never_off_loopback(start: Start) -> None:
    client = await start(app="http://192.0.2.1")
    assert (await dial(client))["text"] == BROKEN


async def test_idle_person(start: Start, tiny: TinyApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.ussd.SESSION_LIMIT", NEVER_S)
    client = await start(time_scale=150.0, shortest_limit=0.0)
    await dial(client)
    [told] = await tiny.wait("/end")
    assert told.form["status"] == "Incomplete"
    assert int(told.form["durationInMillis"]) >= 400
    shown = await ask(client, "GET", PHONE)
    assert (shown["text"], shown["open"]) == (EXPIRED, False)


async def test_session_limit(start: Start, tiny: TinyApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.ussd.IDLE_LIMIT", NEVER_S)
    client = await start(time_scale=200.0, shortest_limit=0.0)
    await dial(client)
    while not tiny.to("/end"):
        await client.post(f"{PHONE}/answer", json={"text": "1"})
        await asyncio.sleep(0.05)
    [told] = await tiny.wait("/end")
    assert told.form["status"] == "Incomplete"
    assert int(told.form["durationInMillis"]) >= 900


async def test_an_answer_gives_a_person_all_the_time_again(client: Client) -> None:
    """Its own limit on every screen, and one on the whole session that no answer moves."""
    await dial(client)
    (session,) = gateway_of(client)._sessions.values()
    whole, first = session.timers
    for _ in range(3):
        await answer(client, "1")
    assert first.cancelled()
    assert session.timers[0] is whole
    assert [timer.cancelled() for timer in session.timers] == [False, False]


async def test_end_event_after_success(client: Client, tiny: TinyApp) -> None:
    await dial(client)
    tiny.ussd = lambda _: end("Merci")
    shown = await answer(client, "1")
    assert (shown["text"], shown["open"]) == ("Merci", False)
    [told] = await tiny.wait("/end")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", told.form.pop("date"))
    assert re.fullmatch(r"0\.0|XAF 0\.10", told.form.pop("cost"))
    assert int(told.form.pop("durationInMillis")) >= 0
    assert told.form == {
        "sessionId": shown["session"],
        "serviceCode": "*384#",
        "networkCode": "62401",
        "phoneNumber": f"+{TENANT}",
        "status": "Success",
        "hopsCount": "2",
        "input": "1",
        "lastAppResponse": "END Merci",
        "errorMessage": "",
        "retryCount": "0",
    }


async def test_hanging_up(client: Client, tiny: TinyApp) -> None:
    await dial(client)
    shown = await ask(client, "POST", f"{PHONE}/hangup")
    assert shown == {"session": None, "text": "", "open": False, "septets": 0}
    [told] = await tiny.wait("/end")
    assert told.form["status"] == "Incomplete"
    assert "input" not in told.form
    await ask(client, "POST", f"{PHONE}/hangup")
    await quiet(0.05)
    assert len(tiny.to("/end")) == 1


async def test_dialling_again_ends_the_first_session(client: Client, tiny: TinyApp) -> None:
    first, second = await dial(client), await dial(client)
    [told] = await tiny.wait("/end")
    assert told.form["sessionId"] == first["session"] != second["session"]


async def test_end_event_is_repeated_until_accepted(client: Client, tiny: TinyApp) -> None:
    tiny.status = [500]
    await dial(client)
    await ask(client, "POST", f"{PHONE}/hangup")
    assert [call.form["retryCount"] for call in await tiny.wait("/end", 2)] == ["0", "1"]


async def test_network_cut(client: Client, tiny: TinyApp) -> None:
    await dial(client)
    await ask(client, "POST", f"{PHONE}/network", {"on": False})
    assert (await tiny.wait("/end"))[0].form["status"] == "Incomplete"
    assert (await dial(client))["text"] == "Pas de réseau."
    await answer(client, "1", 409)
    await ask(client, "POST", f"{PHONE}/network", {"on": True})
    assert (await dial(client))["open"] is True


async def test_every_request_twice(client: Client, tiny: TinyApp) -> None:
    await ask(client, "PUT", "/faults/d", {"route": "ussd", "kind": "duplicate"})
    await dial(client)
    await answer(client, "1")
    assert [call.form["text"] for call in tiny.to("s3cret")] == ["", "", "1", "1"]
    assert len({call.form["sessionId"] for call in tiny.to("s3cret")}) == 1


@pytest.mark.parametrize(("kind", "reached"), [("drop", 1), ("drop_after", 2)])
async def test_lost_request_or_answer(client: Client, tiny: TinyApp, kind: str, reached: int) -> None:
    await dial(client)
    await ask(client, "PUT", "/faults/lost", {"route": "ussd", "kind": kind, "times": 1})
    assert (await answer(client, "1"))["text"] == BROKEN
    assert len(tiny.to("s3cret")) == reached
    assert (await tiny.wait("/end"))[0].form["status"] == "Failed"
    assert (await dial(client))["open"] is True


async def test_delayed_request(client: Client) -> None:
    await ask(client, "PUT", "/faults/slow", {"route": "ussd", "kind": "delay", "seconds": 10})
    before = asyncio.get_running_loop().time()
    await dial(client)
    assert asyncio.get_running_loop().time() - before >= 0.2


@pytest.mark.parametrize(
    ("kind", "seconds", "count"), [("never", 0.0, 0), ("duplicate", 0.0, 2), ("late", NEVER_S, 0), ("late", 0.1, 1)]
)
async def test_end_event_faults(client: Client, tiny: TinyApp, kind: str, seconds: float, count: int) -> None:
    await ask(client, "PUT", "/faults/end", {"route": "ussd.end", "kind": kind, "seconds": seconds})
    await dial(client)
    await ask(client, "POST", f"{PHONE}/hangup")
    await tiny.arrived("/end", count)


async def test_septets_of_an_accented_screen(client: Client, tiny: TinyApp) -> None:
    tiny.ussd = lambda _: con("{é}")
    assert (await dial(client))["septets"] == 5
    tiny.ussd = lambda _: con("ê" * 80)
    assert (await answer(client, "1"))["septets"] == 183

"""Africa's Talking's SMS callbacks: what people write, delivery reports and opt-outs, good, nasty and hostile."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot.render.sms import Worded, word_notice
from core.kit.clock import FixedClock
from core.kit.db import Database, Record, Statement
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.notices.delivery import Delivery, Senders
from core.notices.outbox import queue
from core.notices.words import Notice, Parcel, Sent
from tests.webhooks.signing import shown
from webhooks.africastalking import read
from webhooks.app import make_app
from webhooks.front import Front
from webhooks.raw import Raw, Rejected
from webhooks.worker import Words

PATH = "/webhooks/sms/africastalking/demo"
FORM = "application/x-www-form-urlencoded"
ALICE = "+237677000001"
WRITTEN = {
    "id": "b0d4f1c2a9", "text": "AIDE", "from": ALICE, "to": "TMUT", "date": "2026-11-05T08:00:00Z", "linkId": "",
}  # fmt: skip
REPORTED = {"id": "ATXid_77c0", "status": "Success", "phoneNumber": ALICE, "networkCode": "62401", "retryCount": "0"}
OPTED_OUT = {"senderId": "TMUT", "phoneNumber": ALICE}


@dataclass
class Taker:
    """A provider that takes every message under the next id."""

    ids: list[str]

    async def send(self, parcel: Parcel) -> Sent:  # noqa: ARG002
        """Take it."""
        return Sent("africastalking", self.ids.pop(0))


class Info(Words):
    """Every notice in the same words: here nobody reads them."""

    def notice(self, template: str, blanks: Mapping[str, object], language: str, channel: str) -> Worded:  # noqa: ARG002
        return word_notice("info.1", {}, language)


@dataclass
class House:
    """The app over HTTP, and its database."""

    client: TestClient[Any, Any]
    db: Database
    clock: FixedClock

    async def post(
        self, form: Mapping[str, str] | bytes, path: str = PATH, content_type: str = FORM
    ) -> tuple[int, str]:
        """What a callback is answered."""
        data: Any = form if isinstance(form, bytes) else dict(form)
        headers = {"Content-Type": content_type}
        async with self.client.post(path, data=data, headers=headers) as answer:
            return answer.status, await answer.text()

    async def sql(self, sql: str) -> list[Record]:
        """Rows."""
        return await self.db.fetch(Statement(text(sql)))

    async def notices(self) -> list[Record]:
        """Every notice."""
        return await self.sql("SELECT * FROM notice ORDER BY id")

    async def sent(self, *ids: str, template: str = "rent_received.1") -> None:
        """So many notices to Alice, taken by the operator under these ids."""
        async with self.db.transaction() as tx:
            for ident in ids:
                await queue(tx, Notice(ident, Phone(ALICE), "fr", template), self.clock.now())
        worker = Delivery(self.db, self.clock, Info(), Senders({"sms": {"africastalking": Taker([*ids])}}))
        await worker.run_once()

    async def stored(self) -> int:
        """How many rows the callbacks left."""
        tables = ("place", "notice", "inbox", "suppression", "delivery")
        return sum([(await self.sql(f"SELECT count(*) AS n FROM {table}"))[0]["n"] for table in tables])  # noqa: S608


@pytest.fixture
async def house(db: Database, clock: FixedClock) -> AsyncIterator[House]:
    front = Front.build(db, Settings(), clock)
    async with TestClient(TestServer(make_app(front))) as client:
        yield House(client, db, clock)


# --- what is read ------------------------------------------------------------------------------------------


SETTINGS = Settings(_env_file=None)
AT_EIGHT = datetime(2026, 11, 5, 8, 0, tzinfo=UTC)
SAID: dict[str, Any] = {
    "kind": "message", "channel": "sms", "source": "africastalking", "sender": ALICE, "phone": ALICE,
    "external_id": "b0d4f1c2a9", "text": "AIDE", "at": AT_EIGHT,
}  # fmt: skip
TOLD: dict[str, Any] = {
    "kind": "delivery_status", "channel": "sms", "source": "africastalking", "sender": ALICE, "phone": ALICE,
    "external_id": "ATXid_77c0",
}  # fmt: skip
LEFT: dict[str, Any] = {
    "kind": "opt_out", "channel": "sms", "source": "africastalking", "sender": ALICE, "phone": ALICE,
}  # fmt: skip
NOBODY: dict[str, Any] = {"sender": None, "phone": None}
UNHEARD = {**NOBODY, "kind": "ignored", "text": None, "reason": "the sender is no phone number"}
SAID_SO: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("", {}, SAID),
    ("", {"date": "2026-11-05 08:00:00"}, SAID),
    ("", {"date": "2026-11-05T09:00:00+01:00"}, {**SAID, "at": AT_EIGHT.astimezone(timezone(timedelta(hours=1)))}),
    ("", {"date": "yesterday"}, {**SAID, "at": None}),
    ("", {"date": ""}, {**SAID, "at": None}),
    ("", {"from": "237677000001"}, SAID),
    ("", {"from": "+22507000001"}, {**SAID, "sender": "+2250707000001", "phone": "+2250707000001"}),
    ("", {"text": ""}, {**SAID, "text": None}),
    ("", {"text": "Déjà payé ? 🏠\n"}, {**SAID, "text": "Déjà payé ? 🏠\n"}),
    ("", {"from": "MTN"}, {**SAID, **UNHEARD}),
    ("", {"from": "8123"}, {**SAID, **UNHEARD}),
    ("delivery", {}, {**TOLD, "delivery": "delivered"}),
    ("delivery", {"status": "Submitted"}, {**TOLD, "delivery": "sent"}),
    ("delivery", {"status": "Failed"}, {**TOLD, "delivery": "failed", "reason": "Failed"}),
    ("delivery", {"status": "Rejected", "failureReason": "UserInBlackList"},
     {**TOLD, "delivery": "failed", "reason": "UserInBlackList"}),
    ("delivery", {"status": "Success", "failureReason": "None"}, {**TOLD, "delivery": "delivered"}),
    ("delivery", {"status": "Beamed" + "x" * 99}, {**TOLD, "delivery": ("Beamed" + "x" * 99)[:80]}),
    ("delivery", {"phoneNumber": "MTN"}, {**TOLD, **NOBODY, "delivery": "delivered"}),
    ("delivery", {"phoneNumber": ""}, {**TOLD, **NOBODY, "delivery": "delivered"}),
    ("optout", {}, LEFT),
    ("optout", {"senderId": ""}, LEFT),
    ("optout", {"phoneNumber": "237677000001"}, LEFT),
]  # fmt: skip
FORMS = {"": WRITTEN, "delivery": REPORTED, "optout": OPTED_OUT}
ROWS = pytest.mark.parametrize(("tail", "changes", "expected"), SAID_SO, ids=range(len(SAID_SO)))


def called(tail: str, changes: Mapping[str, str]) -> Raw:
    body = urlencode({**FORMS[tail], **changes}).encode()
    return Raw("POST", f"{PATH}/{tail}" if tail else PATH, "", {"content-type": FORM}, body)


@ROWS
def test_what_is_said_is_read(tail: str, changes: dict[str, str], expected: dict[str, Any]) -> None:
    (event,) = read(called(tail, changes), SETTINGS)
    assert shown(event) == {name: value for name, value in expected.items() if value}


@ROWS
def test_nothing_hostile_is_read(tail: str, changes: dict[str, str], expected: dict[str, Any]) -> None:
    raw = called(tail, changes)
    strange = [replace(raw, headers={"content-type": kind}) for kind in ("", "application/json", f"{FORM}; charset=x")]
    broken = [
        replace(raw, body=raw.body + tail)
        for tail in (b"&id=2&id=3&phoneNumber=1&phoneNumber=2", b"&x=%FF", b"&x=" * 200)
    ]
    unknown = [
        replace(raw, path=raw.path.replace("demo", secret)) for secret in ("", "wrong", "demoo", "%FF", "demo%2F", "..")
    ]
    assert expected
    for bad in (*strange, *broken, *unknown, replace(raw, body=b""), replace(raw, path=""), replace(raw, path="/demo")):
        with pytest.raises(Rejected) as refused:
            read(bad, SETTINGS)
        assert refused.value.status in {400, 403, 404, 415}


@pytest.mark.parametrize("tail", ["subscription", "delivery/x", "deliveries", "/delivery"])
def test_an_address_that_is_none_of_ours_is_said_to_be_none(tail: str) -> None:
    raw = called("delivery", {})
    for path, status in ((f"{PATH}/{tail}", 404), (f"{PATH}x/{tail}", 403), ("/webhooks/sms/x/demo", 404)):
        with pytest.raises(Rejected) as refused:
            read(replace(raw, path=path), SETTINGS)
        assert refused.value.status == status


def test_a_nul_is_dropped_and_the_rest_is_heard() -> None:
    (event,) = read(called("", {"text": "AI\0DE\0", "id": "b0d4\0f1c2a9"}), SETTINGS)
    assert (event.text, event.external_id) == ("AIDE", "b0d4f1c2a9")


def test_the_secret_may_come_in_percent_signs() -> None:
    raw = called("delivery", {})
    assert read(replace(raw, path=raw.path.replace("demo", "%64em%6F")), SETTINGS)


# --- what people write -------------------------------------------------------------------------------------


WRITE = [
    {}, {"date": "2026-11-05 08:00:00"}, {"linkId": "SampleLinkId123", "networkCode": "62401", "cost": "XAF 0"},
    {"text": ""}, {"text": "menu"}, {"text": "Déjà payé ? ê ç œ €"}, {"text": "🏠" * 70}, {"text": "a" * 5_000},
    {"text": "1*2#*"}, {"text": "\u202eevil\n\n\tname\u200b"}, {"text": "'; DROP TABLE person; --"},
    {"text": "CON hello"}, {"text": "0000"}, {"from": "237677000001"}, {"from": " 237677000001"},
    {"to": ""}, {"extra": "x" * 1_000},
]  # fmt: skip


@pytest.mark.parametrize("changes", WRITE, ids=lambda changes: str(changes)[:40])
async def test_what_is_written_is_answered_by_one_message(house: House, changes: dict[str, str]) -> None:
    assert await house.post({**WRITTEN, **changes}) == (200, "ok\n")
    (notice,) = await house.notices()
    assert (notice["template"], notice["address"], notice["state"]) == ("said.1", ALICE, "queued")


async def test_fields_nobody_needs_may_be_missing(house: House) -> None:
    assert await house.post({name: WRITTEN[name] for name in ("id", "text", "from")}) == (200, "ok\n")
    assert len(await house.notices()) == 1


@pytest.mark.parametrize("sender", ["MTN", "8123", "OrangeMoney", "+237", "Ngo Bell", "+23767700000100000", "Ｍ", "-1"])
async def test_a_sender_that_is_no_phone_is_acknowledged_and_not_heard(house: House, sender: str) -> None:
    assert await house.post({**WRITTEN, "from": sender}) == (200, "ok\n")
    assert await house.stored() == 0


async def test_the_same_message_again_moves_nothing(house: House) -> None:
    await house.post(WRITTEN)
    before = await house.sql("SELECT channel, version FROM place")
    for _ in range(3):
        assert await house.post(WRITTEN) == (200, "ok\n")
    assert await house.post({**WRITTEN, "text": "something else under the same id"}) == (200, "ok\n")
    assert len(await house.notices()) == 1
    assert await house.sql("SELECT channel, version FROM place") == before


async def test_the_same_message_several_times_at_once_is_heard_once(house: House) -> None:
    answers = await asyncio.gather(*(house.post(WRITTEN) for _ in range(6)))
    assert {status for status, _ in answers} == {200}
    assert len(await house.notices()) == 1


# --- what is refused ---------------------------------------------------------------------------------------


BAD = [
    (b'{"id": "1"}', "application/json", 415),
    (b"id=1&from=%2B237677000001&text=x", "text/plain", 415),
    (b"id=1&from=%2B237677000001&text=x", f"{FORM}; charset=bogus", 415),
    (b"id=1&from=%2B237677000001&text=%E8", FORM, 400),
    (b"id=1&id=2&from=%2B237677000001&text=x", FORM, 400),
    (b"id=1&text=x", FORM, 400),
    (b"from=%2B237677000001&text=x", FORM, 400),
    (b"id=&from=%2B237677000001&text=x", FORM, 400),
    (b"id=1&from=%2B237677000001", FORM, 400),
    (b"id=" + b"1" * 129 + b"&from=%2B237677000001&text=x", FORM, 400),
    (b"id=%0A&from=%2B237677000001&text=x", FORM, 400),
    (b"", FORM, 400),
    (b"id=1&from=%2B237677000001&text=" + b"x" * 70_000, FORM, 413),
]


@pytest.mark.parametrize(("body", "content_type", "status"), BAD, ids=range(len(BAD)))
async def test_what_is_no_message_is_refused_and_nothing_is_kept(
    house: House, body: bytes, content_type: str, status: int
) -> None:
    answer, said = await house.post(body, content_type=content_type)
    assert answer == status
    assert said.strip()
    assert await house.stored() == 0


@pytest.mark.parametrize("tail", ["", "/delivery", "/optout"])
@pytest.mark.parametrize("secret", ["wrong", "demoo", "dem", "%C3%A9", "DEMO"])
async def test_without_the_secret_nothing_is_kept(house: House, secret: str, tail: str) -> None:
    form = {**WRITTEN, **REPORTED, **OPTED_OUT}
    assert await house.post(form, f"/webhooks/sms/africastalking/{secret}{tail}") == (403, "wrong secret\n")
    assert await house.stored() == 0


@pytest.mark.parametrize("tail", ["", "/delivery", "/optout"])
async def test_only_posts_are_taken(house: House, tail: str) -> None:
    async with house.client.get(PATH + tail, params=WRITTEN) as answer:
        assert answer.status == 405


# --- delivery reports --------------------------------------------------------------------------------------


REPORTS = [
    ("Success", "delivered", None), ("Sent", "sent", None), ("Submitted", "sent", None), ("Buffered", "sent", None),
    ("Failed", "failed", "Failed"), ("Rejected", "failed", "Rejected"), ("Expired", "failed", "Expired"),
    ("success", "sent", None), ("Whatever", "sent", None),
]  # fmt: skip


@pytest.mark.parametrize(("status", "state", "failure"), REPORTS)
async def test_reports(house: House, status: str, state: str, failure: str | None) -> None:
    await house.sent("ATXid_77c0")
    for _ in range(2):
        assert await house.post({**REPORTED, "status": status}, f"{PATH}/delivery") == (200, "ok\n")
    (notice,) = await house.notices()
    assert (notice["state"], notice["failure"]) == (state, failure)


async def test_a_report_says_why(house: House) -> None:
    await house.sent("ATXid_77c0")
    report = {**REPORTED, "status": "Failed", "failureReason": "UserInBlackList" + "x" * 200}
    await house.post(report, f"{PATH}/delivery")
    (notice,) = await house.notices()
    assert notice["failure"] == ("UserInBlackList" + "x" * 200)[:80]


@pytest.mark.parametrize("changes", [{}, {"phoneNumber": ""}, {"phoneNumber": "MTN"}, {"id": "ATXid_unknown"}])
async def test_a_report_for_nobody_is_acknowledged(house: House, changes: dict[str, str]) -> None:
    await house.sent("ATXid_other")
    assert await house.post({**REPORTED, **changes}, f"{PATH}/delivery") == (200, "ok\n")
    assert [notice["state"] for notice in await house.notices()] == ["sent"]


async def test_a_report_before_the_answer_is_kept(house: House) -> None:
    await house.post(REPORTED, f"{PATH}/delivery")
    await house.sent("ATXid_77c0")
    assert [notice["state"] for notice in await house.notices()] == ["delivered"]


@pytest.mark.parametrize("missing", ["id", "status"])
async def test_a_report_must_say_of_what_and_what(house: House, missing: str) -> None:
    form = {name: value for name, value in REPORTED.items() if name != missing}
    assert await house.post(form, f"{PATH}/delivery") == (400, f"missing field: {missing}\n")


# --- stop --------------------------------------------------------------------------------------------------


async def test_an_opt_out_at_the_operator_stops_announcements(house: House) -> None:
    for _ in range(2):
        assert await house.post(OPTED_OUT, f"{PATH}/optout") == (200, "ok\n")
    (row,) = await house.sql("SELECT channel, address FROM suppression")
    assert tuple(row) == ("sms", ALICE)
    await house.sent("a", template="home_found.1")
    await house.sent("b", template="rent_received.1")
    assert [notice["state"] for notice in await house.notices()] == ["suppressed", "sent"]


@pytest.mark.parametrize("form", [{"senderId": "TMUT"}, {"phoneNumber": ""}, {"phoneNumber": "TMUT"}])
async def test_an_opt_out_must_say_whose(house: House, form: dict[str, str]) -> None:
    status, _ = await house.post(form, f"{PATH}/optout")
    assert status == 400
    assert await house.stored() == 0


async def _templates(house: House) -> list[str]:
    return [notice["template"] for notice in await house.notices()]


@pytest.mark.parametrize("word", ["STOP", "stop", " Stop. ", "ARRÊT", "Arret", "Désabonner", "UNSUBSCRIBE"])
async def test_stop_is_obeyed_and_confirmed_once(house: House, word: str) -> None:
    for _ in range(2):
        assert await house.post({**WRITTEN, "text": word}) == (200, "ok\n")
    assert await _templates(house) == ["stopped.1"]
    assert len(await house.sql("SELECT * FROM suppression")) == 1


@pytest.mark.parametrize("word", ["stop it please", "STOP1", "arrêter de payer", "x" * 33])
async def test_what_only_looks_like_stop_is_heard(house: House, word: str) -> None:
    await house.post({**WRITTEN, "text": word})
    assert await _templates(house) == ["said.1"]


async def test_yes_takes_stop_back_and_otherwise_is_an_answer(house: House) -> None:
    await house.post({**WRITTEN, "text": "oui", "id": "1"})
    await house.post({**WRITTEN, "text": "STOP", "id": "2"})
    await house.post({**WRITTEN, "text": "OUI", "id": "3"})
    assert await house.sql("SELECT * FROM suppression") == []
    assert await _templates(house) == ["said.1", "stopped.1", "resumed.1"]


async def test_an_old_stop_that_is_brought_again_does_not_undo_a_newer_yes(house: House) -> None:
    stop = {**WRITTEN, "text": "STOP", "id": "1"}
    await house.post(stop)
    await house.post({**WRITTEN, "text": "OUI", "id": "2"})
    await house.post(stop)
    assert await house.sql("SELECT * FROM suppression") == []
    await house.post({**WRITTEN, "text": "STOP", "id": "3"})
    await house.post({**WRITTEN, "text": "OUI", "id": "2"})
    assert len(await house.sql("SELECT * FROM suppression")) == 1

"""WhatsApp by either provider and SMS by Twilio, over HTTP: heard once, answered once, to whoever wrote."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from core.kit.clock import FixedClock
from core.kit.db import Database, Record, Statement
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import Address
from core.notices.blanks import decode
from core.people.doors import link
from core.people.profile import Profile, create
from tests.webhooks.meta_table import batch, change, said
from tests.webhooks.signing import meta_signature, twilio_signature
from webhooks.app import make_app
from webhooks.front import Front
from webhooks.limits import MESSAGES
from webhooks.raw import FORM
from webhooks.worker import Words

SETTINGS = Settings(_env_file=None)
TWILIO, META = "/webhooks/twilio", "/webhooks/whatsapp"
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
ALICE, BRUNO = "237677000001", "237677000002"


@dataclass
class House:
    """The app over HTTP, and its database."""

    client: TestClient[Any, Any]
    db: Database

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        async with self.client.post(path, data=io.BytesIO(body), headers=headers) as answer:
            return answer.status, await answer.text()

    async def twilio(self, form: dict[str, str], path: str = TWILIO) -> tuple[int, str]:
        """A signed form of Twilio's."""
        signature = twilio_signature("demo-twilio-token", SETTINGS.public_url + path, list(form.items()))
        headers = {"Content-Type": FORM, "X-Twilio-Signature": signature}
        return await self.post(path, urlencode(form).encode(), headers)

    async def meta(self, *messages: Any, **more: Any) -> tuple[int, str]:
        """A signed batch of Meta's."""
        body = batch(change(*messages, **more))
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": meta_signature("demo-meta-secret", body)}
        return await self.post(META, body, headers)

    async def rows(self, table: str) -> list[Record]:
        return await self.db.fetch(Statement(text(f"SELECT * FROM {table}")))  # noqa: S608

    async def answered(self) -> list[tuple[str, str]]:
        """Where answers go to, in their order."""
        rows = sorted(await self.rows("notice"), key=lambda row: row["id"])
        return [(row["channel"], row["address"]) for row in rows]


@pytest.fixture
async def house(db: Database, clock: FixedClock) -> AsyncIterator[House]:
    async with TestClient(TestServer(make_app(Front.build(db, SETTINGS, clock)))) as client:
        yield House(client, db)


def chat(sid: str, body: str = "menu", sender: str = f"whatsapp:+{ALICE}", **more: str) -> dict[str, str]:
    return {"MessageSid": sid, "From": sender, "To": "whatsapp:+237650003840", "Body": body, "NumMedia": "0", **more}


def sms(sid: str, body: str = "menu", sender: str = f"+{ALICE}") -> dict[str, str]:
    return {"MessageSid": sid, "From": sender, "To": "+237650003841", "Body": body, "NumMedia": "0"}


def wrote(ident: str, body: str = "menu", sender: str = ALICE) -> Any:
    return said("text", {"body": body}, id=ident) | {"from": sender}


async def test_a_chat_by_twilio_is_answered_to_the_chat(house: House) -> None:
    assert await house.twilio(chat("SM1")) == (200, TWIML)
    assert await house.answered() == [("whatsapp", f"+{ALICE}")]


async def test_an_sms_by_twilio_is_answered_by_sms(house: House) -> None:
    assert await house.twilio(sms("SM1")) == (200, TWIML)
    assert await house.answered() == [("sms", f"+{ALICE}")]


async def test_a_chat_by_meta_is_answered_to_the_chat(house: House) -> None:
    assert await house.meta(wrote("wamid.1")) == (200, "ok\n")
    assert await house.answered() == [("whatsapp", f"+{ALICE}")]


async def test_somebody_without_a_number_is_answered(house: House) -> None:
    await house.meta(wrote("wamid.1", sender="CM.4500"))
    await house.twilio(chat("SM1", sender="whatsapp:US.1234"))
    assert await house.answered() == [("whatsapp", "CM.4500"), ("whatsapp", "US.1234")]


async def test_everybody_in_a_batch_gets_their_own_answer(house: House) -> None:
    await house.meta(wrote("wamid.1"), 5, wrote("wamid.2", sender=BRUNO), said("hologram", {"x": 1}, id="wamid.3"))
    assert await house.answered() == [("whatsapp", f"+{one}") for one in (ALICE, BRUNO, ALICE)]


async def test_an_id_twice_in_a_batch_is_heard_once(house: House) -> None:
    await house.meta(wrote("wamid.1"), wrote("wamid.1", "autre"), wrote("wamid.1", sender=BRUNO))
    assert await house.answered() == [("whatsapp", f"+{ALICE}")]


async def test_the_same_request_ten_times_at_once_is_heard_once(house: House) -> None:
    by_meta = await asyncio.gather(*(house.meta(wrote("wamid.1")) for _ in range(10)))
    by_twilio = await asyncio.gather(*(house.twilio(sms("SM1")) for _ in range(10)))
    assert {status for status, _ in (*by_meta, *by_twilio)} == {200}
    assert sorted(await house.answered()) == [("sms", f"+{ALICE}"), ("whatsapp", f"+{ALICE}")]


async def test_what_is_brought_again_moves_nothing(house: House) -> None:
    await house.meta(wrote("wamid.1"))
    await house.meta(wrote("wamid.2", "1"))
    before = await house.rows("place"), await house.rows("notice")
    for _ in range(3):
        assert await house.meta(wrote("wamid.1")) == (200, "ok\n")
        assert await house.meta(wrote("wamid.2", "2")) == (200, "ok\n")
    assert (await house.rows("place"), await house.rows("notice")) == before


QUIET: Sequence[Any] = (
    said("reaction", {"message_id": "wamid.0", "emoji": "👍"}, id="wamid.1"),
    said("revoke", {"original_message_id": "wamid.0"}, id="wamid.2"),
    said("edit", {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "1"}}}, id="wamid.3"),
    said("text", {"body": "menu"}, id="wamid.4", group_id="G1"),
    said("text", {"body": "menu"}, id="wamid.5", **{"from": None}),
    None,
)


async def test_what_is_no_answer_gets_none(house: House) -> None:
    assert await house.meta(*QUIET) == (200, "ok\n")
    assert await house.meta(wrote("wamid.7"), field="smb_message_echoes") == (200, "ok\n")
    assert await house.twilio(sms("SM1", sender="OrangeMoney")) == (200, TWIML)
    assert await house.answered() == []
    assert await house.rows("place") == []


async def test_reports_of_messages_nobody_sent_do_no_harm(house: House) -> None:
    words = ("sent", "delivered", "read", "failed", "beamed", "sent")
    statuses = [{"id": "wamid.9", "status": word, "recipient_id": ALICE} for word in words]
    assert await house.meta(statuses=statuses) == (200, "ok\n")
    for word in words:
        form = {
            "MessageSid": "SM9",
            "MessageStatus": word,
            "To": f"whatsapp:+{ALICE}",
            "From": "whatsapp:+237650003840",
        }
        assert await house.twilio(form, f"{TWILIO}/status") == (200, TWIML)
    assert await house.answered() == []
    assert [(row["provider"], row["status"]) for row in await house.rows("delivery")] == [
        ("meta", "delivered"),
        ("twilio", "delivered"),
    ]


@pytest.mark.parametrize("echo", ["{}", "", "x{}", "{}9", 5, None])
async def test_a_message_nobody_knew_of_is_settled_by_the_status_that_names_it(house: House, echo: Any) -> None:
    await house.meta(wrote("wamid.1"))
    (answer,) = await house.rows("notice")
    await house.db.fetch(Statement(text("UPDATE notice SET state = 'sending', source = 'meta'")))
    await house.db.fetch(Statement(text("UPDATE notice SET state = 'unknown'")))
    given = echo.format(answer["id"]) if isinstance(echo, str) else echo
    status = {"id": "wamid.9", "status": "delivered", "recipient_user_id": "CM.1", "biz_opaque_callback_data": given}
    assert await house.meta(statuses=[status]) == (200, "ok\n")
    (answer,) = await house.rows("notice")
    assert (answer["state"], answer["provider_id"]) == (("delivered", "wamid.9") if echo == "{}" else ("unknown", None))


async def test_the_verification_is_answered_in_plain_text(house: House) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "demo-verify", "hub.challenge": "<b>1158201444</b>"}
    async with house.client.get(META, params=asked) as answer:
        assert (answer.status, answer.content_type) == (200, "text/plain")
        assert await answer.text() == "<b>1158201444</b>"
    async with house.client.get(META, params={**asked, "hub.verify_token": "demo"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("path", [TWILIO, f"{TWILIO}/status", META])
async def test_whatever_is_unsigned_leaves_nothing(house: House, path: str) -> None:
    form, json = urlencode(chat("SM1")).encode(), batch(change(wrote("wamid.1")))
    for kind, body in ((FORM, form), ("application/json", json), (FORM, b""), ("text/plain", b"\xff"), ("", json)):
        for signature in ({}, {"X-Twilio-Signature": "x", "X-Hub-Signature-256": "sha256=" + "0" * 64}):
            status, said_ = await house.post(path, body, {"Content-Type": kind, **signature})
            assert status in {403, 415}, (kind, signature)
            assert said_.count("\n") == 1
    assert await house.answered() == []
    assert await house.rows("inbox") == []


@pytest.mark.parametrize("path", [TWILIO, META])
async def test_a_huge_body_is_not_read(house: House, path: str) -> None:
    status, _ = await house.post(path, b"x" * (1024 * 1024 + 1), {"Content-Type": FORM, "X-Twilio-Signature": "x"})
    assert status == 413


@pytest.mark.parametrize(
    ("method", "path"), [("GET", TWILIO), ("PUT", TWILIO), ("GET", f"{TWILIO}/status"), ("HEAD", META)]
)
async def test_other_methods_are_not_taken(house: House, method: str, path: str) -> None:
    async with house.client.request(method, path) as answer:
        assert answer.status == 405


async def test_a_whole_megabyte_by_meta_is_read(house: House) -> None:
    filler = "x" * 1_000_000
    assert await house.meta(said("hologram", {"x": filler}, id="wamid.1"), wrote("wamid.2")) == (200, "ok\n")
    assert len(await house.answered()) == 2


async def test_two_people_never_meet(house: House) -> None:
    steps = ("menu", "1", "2", "0", "menu")
    alone = [await _walk(house, ALICE, f"a{n}", step) for n, step in enumerate(steps)]
    assert len(set(alone)) > 1
    for n, step in enumerate(steps):
        await asyncio.gather(_walk(house, BRUNO, f"b{n}", step), _walk(house, ALICE, f"c{n}", "menu"))
    theirs = [row for row in await house.rows("notice") if row["address"] == f"+{BRUNO}"]
    assert [str(row["blanks"]) for row in sorted(theirs, key=lambda row: row["id"])] == alone


async def _walk(house: House, who: str, ident: str, words: str) -> str:
    """What one message is answered."""
    assert await house.meta(wrote(f"wamid.{ident}", words, who)) == (200, "ok\n")
    last = max(await house.rows("notice"), key=lambda row: row["id"] if row["address"] == f"+{who}" else -1)
    return str(last["blanks"])


async def test_a_body_that_trickles_is_cut_off_at_the_limit(house: House) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2_000):
            yield b"x" * 1_000

    url = house.client.make_url(META)
    async with aiohttp.ClientSession() as http, http.post(url, data=endless()) as answer:
        assert answer.status == 413


# --- hidden numbers ----------------------------------------------------------------------------------------


def met(ident: str, body: str = "menu", *, number: str = ALICE, scoped: str = "CM.4500") -> Any:
    """A message that shows both, or only the name that hides a number."""
    shown = {"from": number} if number else {"from": None}
    return said("text", {"body": body}, id=ident) | shown | {"from_user_id": scoped}


async def whose(house: House) -> str | None:
    """Who was speaking in the last answer, by the menu they saw."""
    last = max(await house.rows("notice"), key=lambda row: row["id"])
    return str(last["address"]) if "Bonjour Ngo Marie" in str(last["blanks"]) else None


@pytest.fixture
async def marie(house: House, clock: FixedClock) -> House:
    """Alice's number is linked to Marie, and she has written from it once, her other name beside it."""
    await house.meta(met("wamid.0"))
    async with house.db.transaction() as tx:
        person = await create(tx, Profile(Phone(f"+{BRUNO}"), "Ngo Marie", "tenant", "fr", "CM"), None, clock.now())
        assert person is not None
        await link(tx, Address("whatsapp", f"+{ALICE}"), person, clock.now())
    return house


async def test_whoever_hides_their_number_later_is_the_same_person(marie: House) -> None:
    await marie.meta(met("wamid.1", number=""))
    assert await whose(marie) == f"+{ALICE}"
    await marie.meta(met("wamid.2", number="", scoped="CM.4501"))
    assert await whose(marie) is None


async def test_another_provider_s_name_of_the_same_letters_is_somebody_else(marie: House) -> None:
    await marie.twilio(chat("SM1", sender="whatsapp:CM.4500"))
    assert await whose(marie) is None
    await marie.twilio(chat("SM2", ExternalUserId="CM.77"))
    assert await whose(marie) == f"+{ALICE}"
    await marie.twilio(chat("SM3", sender="whatsapp:CM.77"))
    assert await whose(marie) == f"+{ALICE}"


async def test_a_number_that_comes_with_another_name_has_passed_to_somebody_else(marie: House) -> None:
    await marie.meta(met("wamid.1", scoped="CM.4666"))
    assert await whose(marie) is None
    for ident, scoped in (("wamid.2", "CM.4666"), ("wamid.3", "CM.4500")):
        await marie.meta(met(ident, number="", scoped=scoped))
        assert await whose(marie) is None
    await marie.meta(met("wamid.4", scoped="CM.4500"))
    assert await whose(marie) is None


async def test_a_name_that_comes_with_another_number_takes_no_rights_there(marie: House) -> None:
    await marie.meta(met("wamid.1", number=BRUNO))
    assert await whose(marie) is None
    for ident, number, scoped in (("wamid.2", "", "CM.4500"), ("wamid.3", ALICE, "CM.4777")):
        await marie.meta(met(ident, number=number, scoped=scoped))
        assert await whose(marie) is None


async def test_after_a_change_of_number_the_other_name_leads_nowhere(marie: House) -> None:
    change_ = {"type": "user_changed_number", "wa_id": BRUNO}
    await marie.meta(said("system", change_, id="wamid.1") | {"from": ALICE, "from_user_id": "CM.4500"})
    await marie.meta(met("wamid.2", number=""))
    assert await whose(marie) is None
    assert await marie.rows("door_alias") == []


async def test_a_hidden_sender_is_suspended_by_either_name(marie: House) -> None:
    change_ = {"type": "customer_identity_changed"}
    await marie.meta(said("system", change_, id="wamid.1") | {"from": None, "from_user_id": "CM.4500"})
    await marie.meta(met("wamid.2"))
    assert await whose(marie) is None


async def test_the_owner_hears_by_sms_that_a_link_ended_and_the_chat_says_why_when_somebody_writes(
    marie: House, clock: FixedClock
) -> None:
    before = len(await marie.rows("notice"))

    async def told() -> list[Record]:
        return sorted(await marie.rows("notice"), key=lambda row: row["id"])[before:]

    for ident in ("wamid.1", "wamid.2"):
        await marie.meta(said("system", {"type": "customer_identity_changed"}, id=ident))
    sms, chat = await told()
    assert (sms["template"], sms["channel"], sms["address"]) == ("suspended.1", "sms", f"+{BRUNO}")
    assert (chat["channel"], chat["address"], chat["failure"]) == ("whatsapp", f"+{ALICE}", "waiting")
    assert sms["next_try_at"] == clock.now() < chat["next_try_at"]
    await marie.meta(wrote("wamid.3", "payer"))
    _, chat, answer = await told()
    assert (chat["next_try_at"], chat["failure"]) == (clock.now(), None)
    assert "conversation n'est plus reliée" in Words().notice("said.1", decode(chat["blanks"]), "fr", "whatsapp").text
    assert answer["address"] == f"+{ALICE}"


async def test_a_number_that_passed_to_somebody_else_is_told_to_whose_it_was(marie: House) -> None:
    await marie.meta(met("wamid.1", scoped="CM.4777"))
    told = [(row["template"], row["address"]) for row in await marie.rows("notice")]
    assert told.count(("suspended.1", f"+{BRUNO}")) == 1
    assert ("said.1", f"+{ALICE}") in told


async def test_what_is_brought_again_leaves_the_next_one_its_turn(house: House) -> None:
    for _ in range(MESSAGES.burst + 5):
        await house.meta(wrote("wamid.1"))
    await house.meta(wrote("wamid.2", "aide"))
    assert len(await house.answered()) == 2


async def test_too_much_at_once_is_said_once_and_stop_is_still_heard(house: House) -> None:
    for number in range(MESSAGES.burst + 5):
        await house.meta(wrote(f"wamid.{number}", "menu"))
    told = [row["blanks"]["bubble"] for row in await house.rows("notice") if "Trop de messages" in str(row["blanks"])]
    assert len(told) == 1
    assert len(await house.answered()) == MESSAGES.burst + 1
    await house.meta(wrote("wamid.stop", "STOP"))
    assert [row["list"] for row in await house.rows("suppression")] == ["all"]


async def test_too_much_at_once_is_also_said_to_somebody_who_hides_their_number(
    house: House, db: Database, clock: FixedClock
) -> None:
    await house.meta(met("wamid.met"))
    async with TestClient(TestServer(make_app(Front.build(db, SETTINGS, clock)))) as client:
        another = House(client, db)  # a process that never saw the number
        for number in range(MESSAGES.burst + 5):
            await another.meta(met(f"wamid.{number}", number=""))
    told = [row["address"] for row in await house.rows("notice") if "Trop de messages" in str(row["blanks"])]
    assert told == [f"+{ALICE}"]


async def test_an_answer_that_meta_takes_and_then_finds_too_late_waits_and_its_person_is_asked(house: House) -> None:
    await house.meta(wrote("wamid.1"))
    (answer,) = await house.rows("notice")
    status = {"id": "wamid.O1", "recipient_id": ALICE, "biz_opaque_callback_data": str(answer["id"])}
    for state in ("sending", "unknown"):
        await house.db.fetch(Statement(text(f"UPDATE notice SET state = '{state}'")))  # noqa: S608
    await house.meta(statuses=[{**status, "status": "failed", "errors": [{"code": 131047}]}])
    rows = sorted(await house.rows("notice"), key=lambda row: row["id"])
    assert [(row["state"], row["failure"]) for row in rows[:2]] == [("failed", "131047"), ("queued", "waiting")]
    assert [(row["template"], row["failure"]) for row in rows[2:]] == [("waiting.1", None)]

"""Queueing: typed blanks survive, a key is one message for ever, what the transaction drops is never sent."""

import math
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.render.words import catalogue
from core.kit.db import Statement
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone
from core.kit.say import Text, t
from core.kit.speaker import Address
from core.notices.blanks import decode, encode
from core.notices.inbox import KEPT_DAYS, claim, forget
from core.notices.outbox import INSERT_NOTICES, packed, queue, queue_all
from core.notices.words import ESSENTIAL, LIST_OF, REPEATABLE, Notice
from tests.core.notices.conftest import OWNER, Outbox

ZONED = st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=1))))
SIMPLE = (
    st.text()
    | st.integers(-(2**53), 2**53)
    | st.builds(Money, st.integers(-(10**12), 10**12), st.sampled_from(["XAF", "XOF"]))
    | st.builds(Month, st.integers(1, 9999), st.integers(1, 12))
    | st.dates()
    | ZONED
    | st.just(OWNER)
)
BLANK = st.recursive(
    SIMPLE,
    lambda inner: st.builds(Text, st.text(), st.dictionaries(st.text(), inner)) | st.lists(inner).map(tuple),
    max_leaves=8,
)


@pytest.mark.untraced
@settings(deadline=None)
@given(st.dictionaries(st.text(), BLANK))
def test_blanks_come_back_as_they_were(blanks: dict[str, object]) -> None:
    back = decode(msgspec.json.decode(msgspec.json.encode(encode(blanks))))
    assert back == blanks
    assert list(map(type, back.values())) == list(map(type, blanks.values()))


@pytest.mark.parametrize(
    "value", [1.5, math.inf, None, True, b"x", datetime(2026, 11, 5), {"a": 1}, [1], object()],  # noqa: DTZ001
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_is_no_blank_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode({"x": value})
    with pytest.raises(TypeError):
        encode({"x": t("key", inner=value)})


async def test_blanks_survive_the_database(outbox: Outbox) -> None:
    blanks: dict[str, Any] = {
        "amount": Money(85_000, "XAF"), "months": (Month(2026, 11), Month(2026, 12)), "on": date(2026, 11, 5),
        "at": outbox.clock.now(), "phone": Phone("+221771234567"), "why": t("failure.x", left=Money(1, "XOF")),
        "name": 'Ngo "Bell" é 🏠', "count": 3,
    }  # fmt: skip
    await outbox.put(**blanks)
    assert decode((await outbox.row())["blanks"]) == blanks


async def test_a_key_is_one_message_for_ever(outbox: Outbox) -> None:
    await outbox.put(text="first")
    await outbox.run()
    await outbox.put(text="second")
    row = await outbox.row()
    assert (row["state"], row["blanks"]) == ("sent", {"text": "first"})


async def test_what_is_rolled_back_is_never_sent(outbox: Outbox) -> None:
    with suppress(RuntimeError):
        async with outbox.db.transaction() as tx:
            await queue(tx, Notice("k", OWNER, "fr", "said.1"), outbox.clock.now())
            raise RuntimeError
    assert await outbox.run() == 0


async def test_many_are_queued_at_once_the_same_key_twice_among_them(outbox: Outbox) -> None:
    notices = [Notice(f"k{n % 3}", OWNER, "fr", "said.1", {"n": n}) for n in range(6)]
    async with outbox.db.transaction() as tx:
        await queue_all(tx, notices, outbox.clock.now())
    assert [row["blanks"]["n"] for row in await outbox.rows()] == [0, 1, 2]


@pytest.mark.parametrize(("source", "kept"), [("meta", "meta"), ("", None)])
async def test_it_goes_where_and_through_whom_it_says(outbox: Outbox, source: str, kept: str | None) -> None:
    notice = Notice("k", Address("whatsapp", "+237670000101"), "en", "said.1", source=source)
    await queue(outbox.db, notice, outbox.clock.now())
    row = await outbox.row()
    said = (row["dedupe_key"], row["channel"], row["address"], row["source"], row["language"], row["template"])
    assert said == ("k", "whatsapp", "+237670000101", kept, "en", "said.1")


async def test_a_statement_of_many_parts_queues_its_own_notices(outbox: Outbox) -> None:
    sql = "WITH told AS ({} RETURNING 1) SELECT count(*) AS told, cast(:note AS text) AS note FROM told"
    both = Statement(text(sql.format(INSERT_NOTICES)))
    notices = [Notice("a", OWNER, "fr", "said.1", {"amount": Money(1, "XAF")}), Notice("b", OWNER, "en", "said.1")]
    row = await outbox.db.one(both, note="x", notices=packed(notices), notice_now=outbox.clock.now())
    assert row is not None
    assert (row["told"], row["note"]) == (2, "x")
    assert await outbox.run() == 2


async def test_a_message_is_claimed_once(outbox: Outbox) -> None:
    assert await claim(outbox.db, "at", "1")
    assert not await claim(outbox.db, "at", "1")
    assert await claim(outbox.db, "other", "1")


async def test_a_claim_that_is_rolled_back_can_be_made_again(outbox: Outbox) -> None:
    with suppress(RuntimeError):
        async with outbox.db.transaction() as tx:
            assert await claim(tx, "at", "1")
            raise RuntimeError
    assert await claim(outbox.db, "at", "1")


async def test_ids_are_kept_for_as_long_as_they_say(outbox: Outbox) -> None:
    for days in (KEPT_DAYS + 1, KEPT_DAYS - 1):
        await outbox.sql(
            "INSERT INTO inbox VALUES ('at', cast(:id AS text), now() - make_interval(days => :days))",
            id=str(days), days=days,
        )  # fmt: skip
    assert await forget(outbox.db) == 1
    assert not await claim(outbox.db, "at", str(KEPT_DAYS - 1))


def test_for_every_template_it_is_decided_whether_stop_stops_it() -> None:
    named = {key.split(".")[1] for key in catalogue("fr") if key.startswith("notice.") and key.count(".") == 2}
    assert named == LIST_OF.keys() - {"screen"}


def test_only_answers_may_be_sent_twice() -> None:
    assert REPEATABLE <= ESSENTIAL
    assert not [name for name in REPEATABLE if name.startswith(("rent", "pay", "credit", "receipt", "pin"))]

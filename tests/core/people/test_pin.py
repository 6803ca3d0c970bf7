"""PINs: weak ones refused, none kept in the clear, five tries and no more, whatever comes at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.kit.db import Statement
from core.kit.errors import Refused
from core.kit.settings import Settings
from core.kit.speaker import Speaker
from core.people import pin
from core.people.words import HoldPin, ProvePin, Register
from tests.core.people.conftest import GOOD_PIN, Handset

WEAK = (
    "0000 1111 9999 0123 1234 2345 6789 7890 8901 9012 9876 4321 3210 0987 1940 1999 2000 2026 2029"
    " 1212 1122 2580 0852 1379 2468 1010 6969 1004"
).split()
SHAPELESS = ["", "123", "12345", "12a4", "١٢٣٤", "4917\n", " 4917", "-491", "４９１７", "49²7"]
FINE = ["4917", "1939", "2030", "1235", "9875", "5039", "0918", "7046"]

NOTICES = Statement(text("SELECT dedupe_key, person_id, address, language, template, blanks FROM notice"))
CREDENTIALS = Statement(text("SELECT failed, locked_until FROM pin_credential"))
EVERYTHING_KEPT = Statement(text("SELECT hash FROM pin_draft UNION ALL SELECT hash FROM pin_credential"))


def told(result: object) -> tuple[str, dict[str, object]]:
    assert isinstance(result, Refused)
    return result.key, dict(result.text.blanks)


@pytest.mark.parametrize("choice", WEAK)
def test_weak_pins(choice: str) -> None:
    assert told(pin.refusal(choice))[0] == "pin.weak"


@pytest.mark.parametrize("choice", SHAPELESS)
def test_what_is_no_pin(choice: str) -> None:
    assert told(pin.refusal(choice))[0] == "pin.shape"


@pytest.mark.parametrize("choice", FINE)
def test_fine_pins(choice: str) -> None:
    assert pin.refusal(choice) is None


def test_nearly_all_pins_can_be_chosen() -> None:
    weak = sum(pin.refusal(f"{number:04}") is not None for number in range(10_000))
    assert 150 < weak < 300


async def test_the_same_pin_is_kept_differently_each_time_and_depends_on_the_pepper() -> None:
    settings, other = Settings(), Settings(pepper="another-pepper")
    kept = await pin.hashed(GOOD_PIN, settings)
    assert kept != await pin.hashed(GOOD_PIN, settings)
    assert kept.startswith("$argon2id$")
    assert await pin.matches(GOOD_PIN, kept, settings)
    assert not await pin.matches("4918", kept, settings)
    assert not await pin.matches(GOOD_PIN, kept, other)


async def test_no_pin_is_kept_in_the_clear(phone: Handset) -> None:
    await phone.do(HoldPin(GOOD_PIN))
    await phone.register()
    for row in await phone.db.fetch(EVERYTHING_KEPT):
        assert row["hash"].startswith("$argon2id$")
        assert GOOD_PIN not in row["hash"].split("$")


async def test_hashing_leaves_the_loop_free() -> None:
    work = asyncio.ensure_future(pin.hashed(GOOD_PIN, Settings()))
    await asyncio.sleep(0)
    assert not work.done(), "its first step began the work, and another can be made before it is told of the end"
    assert await work


async def test_the_right_pin_proves(phone: Handset) -> None:
    await phone.register()
    await phone.dial()
    assert not phone.speaker.proved
    result = await phone.do(ProvePin(1, GOOD_PIN))
    assert isinstance(result, Speaker)
    assert (result.proved, result.alone) == (True, True)


async def test_tries_are_counted_down_and_the_fifth_locks(phone: Handset) -> None:
    await phone.register()
    for left in (4, 3, 2, 1):
        assert told(await phone.do(ProvePin(1, "5039"))) == ("pin.wrong", {"left": left})
    assert told(await phone.do(ProvePin(1, "5039"))) == ("pin.locked", {"minutes": 30})
    phone.clock.move(minutes=10, seconds=1)
    assert told(await phone.do(ProvePin(1, GOOD_PIN))) == ("pin.locked", {"minutes": 20})
    (row,) = await phone.db.fetch(CREDENTIALS)
    assert row["failed"] == 5


async def test_the_owner_is_told_once_where_they_live_and_never_the_pin(phone: Handset) -> None:
    speaker = await phone.register()
    for _ in range(7):
        await phone.do(ProvePin(1, "5039"))
    (row,) = await phone.db.fetch(NOTICES)
    assert (row["template"], row["address"], row["person_id"]) == ("pin_locked.1", "+237677000001", speaker.person)
    assert row["blanks"] == {"until": {"at": "2026-11-05T09:30:00+01:00"}, "number": "8123"}
    assert "5039" not in str(dict(row))
    assert GOOD_PIN not in str(dict(row))


async def test_after_the_lock_counting_starts_anew(phone: Handset) -> None:
    await phone.register()
    for _ in range(5):
        await phone.do(ProvePin(1, "5039"))
    phone.clock.move(minutes=30)
    assert told(await phone.do(ProvePin(1, "5039"))) == ("pin.wrong", {"left": 4})
    (row,) = await phone.db.fetch(CREDENTIALS)
    assert (row["failed"], row["locked_until"]) == (1, None)
    for _ in range(4):
        await phone.do(ProvePin(1, "5039"))
    assert len(await phone.db.fetch(NOTICES)) == 2


async def test_success_forgets_the_wrong_tries(phone: Handset) -> None:
    await phone.register()
    for _ in range(4):
        await phone.do(ProvePin(1, "5039"))
    assert isinstance(await phone.do(ProvePin(1, GOOD_PIN)), Speaker)
    assert told(await phone.do(ProvePin(1, "5039"))) == ("pin.wrong", {"left": 4})


async def test_after_the_lock_the_right_pin_unlocks(phone: Handset) -> None:
    await phone.register()
    for _ in range(5):
        await phone.do(ProvePin(1, "5039"))
    phone.clock.move(minutes=31)
    assert isinstance(await phone.do(ProvePin(1, GOOD_PIN)), Speaker)
    (row,) = await phone.db.fetch(CREDENTIALS)
    assert (row["failed"], row["locked_until"]) == (0, None)


async def test_guesses_at_the_same_moment_cannot_exceed_five(phone: Handset) -> None:
    await phone.register()
    guesses = [phone.as_stranger().do(ProvePin(1, f"503{n}")) for n in range(8)]
    results = sorted(told(result)[0] for result in await asyncio.gather(*guesses))
    assert results == ["pin.locked"] * 4 + ["pin.wrong"] * 4
    (row,) = await phone.db.fetch(CREDENTIALS)
    assert (row["failed"], row["locked_until"]) == (5, phone.clock.now() + timedelta(minutes=30))
    assert len(await phone.db.fetch(NOTICES)) == 1


@pytest.mark.parametrize(
    "change", ["UPDATE person SET status = 'suspended'", "UPDATE person SET status = 'erased', name = NULL"]
)
async def test_somebody_suspended_or_erased_proves_nothing(phone: Handset, change: str) -> None:
    await phone.register()
    await phone.db.fetch(Statement(text(change)))
    assert told(await phone.do(ProvePin(1, GOOD_PIN))) == ("pin.wrong", {"left": 0})
    assert (await phone.dial()).profiles == 0


async def test_no_such_profile(phone: Handset) -> None:
    await phone.register()
    assert told(await phone.do(ProvePin(2, GOOD_PIN))) == ("pin.wrong", {"left": 0})


async def test_a_held_pin_runs_out(phone: Handset) -> None:
    await phone.do(HoldPin(GOOD_PIN))
    phone.clock.move(minutes=10)
    assert told(await phone.do(Register("Marie", "tenant", None, "fr", GOOD_PIN)))[0] == "pin.differs"


async def test_a_held_pin_is_used_up_by_one_comparison(phone: Handset) -> None:
    await phone.do(HoldPin(GOOD_PIN))
    for given in ("4918", GOOD_PIN):
        assert told(await phone.do(Register("Marie", "tenant", None, "fr", given)))[0] == "pin.differs"
    assert (await phone.dial()).profiles == 0


async def test_a_held_pin_belongs_to_its_phone(phone: Handset, db: object) -> None:
    await phone.do(HoldPin(GOOD_PIN))
    other = Handset(phone.db, phone.clock, "+237677000002")
    assert told(await other.do(Register("Paul", "tenant", None, "fr", GOOD_PIN)))[0] == "pin.differs"

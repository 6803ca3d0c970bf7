"""Profiles: who may be speaking, several on one phone, and what the database itself refuses."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from sqlalchemy import text

from core.kit.db import Database, Statement
from core.kit.errors import Refused
from core.kit.phone import Phone
from core.kit.speaker import Address, Language, Speaker
from core.people.doors import link, speak
from core.people.profile import Profile, create
from core.people.speaker import Switchboard, identify
from core.people.visits import hear
from core.people.words import ChangeLanguage, HoldPin, Person, Register, Role
from tests.core.people.conftest import GOOD_PIN, Handset

ROLES = Statement(text("SELECT role, state FROM person_role"))
CONSENTS = Statement(text("SELECT purpose, action, text_version, channel, at FROM consent_event"))


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+237677000001", "CM"), ("+221771234567", "SN"), ("+2250707123456", "CI"), ("+2290197000001", "BJ"),
        ("+33612345678", "CM"), ("+882161234567", "CM"),
    ],
)  # fmt: skip
async def test_a_strange_phone(db: Database, number: str, country: str) -> None:
    assert await identify(db, Phone(number)) == Speaker(Phone(number), country, "fr", 0, None, proved=False)


async def test_all_who_dial_at_once_are_known_each_by_themselves(phone: Handset) -> None:
    known = await phone.register()
    switchboard, strangers = Switchboard(phone.db), [Phone(f"+23769900000{last}") for last in range(4)]
    first, *others = await asyncio.gather(*(switchboard(phone.db, one) for one in (phone.phone, *strangers)))
    assert (first.person, first.profiles, first.proved) == (known.person, 1, False)
    assert [one.phone for one in others] == strangers
    assert {(one.person, one.profiles) for one in others} == {(None, 0)}


async def test_registering_makes_everything_at_once(phone: Handset) -> None:
    speaker = await phone.register("  Ngo\u202e  Bell   Marie ")
    assert (speaker.proved, speaker.profiles, speaker.person) == (True, 1, speaker.person)
    assert await phone.reads.me() == Person(speaker.person or 0, "Ngo Bell Marie", "fr", ("tenant",), None, 1)  # type: ignore[arg-type]
    (consent,) = await phone.db.fetch(CONSENTS)
    assert tuple(consent) == ("service", "granted", "2026-11", "ussd", phone.clock.now())
    found = await phone.dial()
    assert (found.person, found.proved, found.profiles) == (speaker.person, False, 1)


@pytest.mark.parametrize("role", ["landlord", "agent", "cooperative"])
async def test_other_roles_wait_for_approval(phone: Handset, role: Role) -> None:
    await phone.do(HoldPin(GOOD_PIN))
    await phone.do(Register("Paul", role, None, "en", GOOD_PIN))
    assert [tuple(row) for row in await phone.db.fetch(ROLES)] == [(role, "requested")]
    me = await phone.reads.me()
    assert me is not None
    assert me.roles == ()


async def test_several_people_share_a_phone(phone: Handset) -> None:
    first = await phone.register("Marie")
    second = await phone.register("Paul", "5039")
    assert first.person != second.person
    found = await phone.dial()
    assert (found.profiles, found.person, found.alone) == (2, None, False)
    assert await phone.reads.me() is None
    assert await phone.reads.numbers() == (1, 2)


async def test_a_suspended_profile_is_not_offered(phone: Handset) -> None:
    await phone.register("Marie")
    await phone.register("Paul", "5039")
    await phone.db.fetch(Statement(text("UPDATE person SET status = 'suspended' WHERE name = 'Marie'")))
    found = await phone.dial()
    assert found.profiles == 1
    assert await phone.reads.numbers() == (2,)
    me = await phone.reads.me()
    assert me is not None
    assert (me.name, me.number) == ("Paul", 2)


async def test_a_phone_has_six_profiles_at_most(phone: Handset) -> None:
    for n in range(6):
        await phone.register(f"Somebody {n}")
    await phone.do(HoldPin(GOOD_PIN))
    refused = await phone.do(Register("Seventh", "tenant", None, "fr", GOOD_PIN))
    assert isinstance(refused, Refused)
    assert refused.key == "profiles.full"
    assert await phone.reads.numbers() == (1, 2, 3, 4, 5, 6)


async def test_registering_twice_at_once_makes_one_profile(phone: Handset) -> None:
    await phone.do(HoldPin(GOOD_PIN))
    twins = [phone.as_stranger().do(Register("Marie", "tenant", None, "fr", GOOD_PIN)) for _ in range(4)]
    results = await asyncio.gather(*twins)
    assert sum(isinstance(result, Speaker) for result in results) == 1
    assert (await phone.dial()).profiles == 1


async def test_a_phone_without_profile_keeps_its_language(phone: Handset) -> None:
    assert await phone.do(ChangeLanguage("en")) == phone.speaker
    assert (await phone.dial()).language == "en"


async def test_a_profile_keeps_its_language(phone: Handset) -> None:
    await phone.do(ChangeLanguage("en"))
    await phone.register()
    assert (await phone.dial()).language == "fr"
    await phone.do(ChangeLanguage("en"))
    assert (await phone.dial()).language == "en"
    me = await phone.reads.me()
    assert me is not None
    assert me.language == "en"


async def test_on_a_shared_phone_the_last_choice_is_spoken(phone: Handset) -> None:
    await phone.register("Marie")
    await phone.register("Paul")
    assert (await phone.dial()).language == "fr"
    await phone.do(ChangeLanguage("en"))
    assert (await phone.dial()).language == "en"


async def test_phones_do_not_see_each_other(handset: Callable[[str], Handset]) -> None:
    one, other = handset("+237677000001"), handset("+237677000002")
    await one.register("Marie")
    await other.register("Paul")
    assert (await one.dial()).person != (await other.dial()).person
    other.speaker = one.speaker.__class__(other.speaker.phone, person=one.speaker.person, profiles=1)
    assert await other.reads.me() is None


REFUSED_BY_THE_DATABASE = [
    ("UPDATE consent_event SET action = 'withdrawn'", asyncpg.RestrictViolationError),
    ("DELETE FROM consent_event", asyncpg.RestrictViolationError),
    ("TRUNCATE consent_event", asyncpg.RestrictViolationError),
    ("UPDATE pin_credential SET failed = 5", asyncpg.CheckViolationError),
    ("UPDATE pin_credential SET failed = 6, locked_until = now()", asyncpg.CheckViolationError),
    ("UPDATE person SET status = 'erased'", asyncpg.CheckViolationError),
    ("UPDATE person SET name = NULL", asyncpg.CheckViolationError),
    ("UPDATE person SET status = 'gone'", asyncpg.CheckViolationError),
    ("UPDATE phone SET number = 7", asyncpg.CheckViolationError),
    ("UPDATE phone SET e164 = '237677000001'", asyncpg.CheckViolationError),
    ("UPDATE phone SET e164 = '+0237677000001'", asyncpg.CheckViolationError),
    ("INSERT INTO phone SELECT e164, person_id, 2, false, now() FROM phone", asyncpg.UniqueViolationError),
    ("INSERT INTO phone SELECT '+237677000009', person_id, 1, true, now() FROM phone", asyncpg.UniqueViolationError),
    ("INSERT INTO person_role SELECT id, 'king', 'active', now() FROM person", asyncpg.CheckViolationError),
]


@pytest.mark.parametrize(("sql", "error"), REFUSED_BY_THE_DATABASE)
async def test_what_the_database_refuses(phone: Handset, sql: str, error: type[Exception]) -> None:
    await phone.register()
    with pytest.raises(error):
        await phone.db.fetch(Statement(text(sql)))


DOOR = Address("telegram", "384000101")


@pytest.mark.parametrize(
    ("registered", "here", "chosen", "theirs", "its"),
    [
        ("fr", None, None, "fr", "fr"),
        ("fr", "en", None, "en", "en"),
        ("fr", "en", "fr", "fr", "en"),
        ("en", "fr", None, "en", "fr"),
        ("en", None, "fr", "fr", "fr"),
    ],
)
async def test_a_linked_door_speaks_what_was_chosen_at_it_and_its_owner_what_they_chose(
    phone: Handset,
    registered: Language,
    here: Language | None,
    chosen: Language | None,
    theirs: Language,
    its: Language,
) -> None:
    now = phone.clock.now()
    profile = Profile(phone.phone, "Ngo Bell Marie", "tenant", registered, "CM")
    async with phone.db.transaction() as tx:
        marie = await create(tx, profile, None, now)
        assert marie is not None
        await hear(tx, DOOR, "telegram", now, phone=None)
    await phone.dial()
    if chosen:
        await phone.do(ChangeLanguage(chosen))
    async with phone.db.transaction() as tx:
        if here:
            await speak(tx, DOOR, here)
        assert await link(tx, DOOR, marie, now) == here
    assert (await phone.dial()).language == theirs
    assert (await hear(phone.db, DOOR, "telegram", now, phone=None)).language == its

"""Doors: who somebody is on a message channel, whose it was shown to be, and what a change of number does to that."""

from datetime import datetime
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Record, Statement
from core.kit.money import CURRENCY_OF
from core.kit.phone import Phone, country_of
from core.kit.speaker import Address, PersonId, Speaker
from core.kit.text import clean
from core.people.speaker import HOME

LONGEST_NAME: Final = 80

_HEARD: Final = Statement(
    text(
        "WITH heard AS ("
        "  INSERT INTO door (channel, address, source, name, e164, verified_by, heard_at)"
        "  VALUES (cast(:channel AS text), cast(:address AS text), :source, nullif(cast(:name AS text), ''),"
        "  cast(:e164 AS text), CASE WHEN cast(:e164 AS text) IS NOT NULL THEN 'provider' END, :now)"
        "  ON CONFLICT (channel, address) DO UPDATE SET source = excluded.source, heard_at = excluded.heard_at,"
        "  name = coalesce(excluded.name, door.name), e164 = coalesce(door.e164, excluded.e164),"
        "  verified_by = coalesce(door.verified_by, excluded.verified_by),"
        "  state = CASE door.state WHEN 'unreachable' THEN 'open' ELSE door.state END"
        "  RETURNING e164, language, person_id, state)"
        " SELECT heard.e164, heard.language, heard.state, owner.id AS owner, owner.language AS owner_language,"
        " owner.country, own.e164 AS owner_e164, coalesce(known.profiles, 0) AS profiles, known.sole, known.speaks"
        " FROM heard LEFT JOIN person AS owner ON owner.id = heard.person_id AND owner.status = 'active'"
        " LEFT JOIN phone AS own ON own.person_id = owner.id AND own.is_primary"
        " LEFT JOIN LATERAL (SELECT count(*) AS profiles, min(person.id) AS sole,"
        "   (array_agg(person.language ORDER BY number))[1] AS speaks"
        "   FROM phone JOIN person ON person.id = phone.person_id"
        "   WHERE phone.e164 = heard.e164 AND person.status = 'active') AS known ON true"
    )
)
_LINK: Final = Statement(
    text(
        "WITH linked AS (UPDATE door SET person_id = :person, linked_at = cast(:now AS timestamptz), state = 'open',"
        "  failed = 0, locked_until = NULL WHERE channel = :channel AND address = :address"
        "  RETURNING channel, address, person_id)"
        " INSERT INTO door_event (channel, address, person_id, event, at)"
        " SELECT channel, address, person_id, 'linked', :now FROM linked"
    )
)
_UNLINK: Final = Statement(
    text(
        "WITH unlinked AS (UPDATE door SET person_id = NULL, linked_at = NULL"
        "  WHERE channel = :channel AND address = :address AND person_id = :person RETURNING channel, address)"
        " INSERT INTO door_event (channel, address, person_id, event, at)"
        " SELECT channel, address, cast(:person AS bigint), 'unlinked', cast(:now AS timestamptz) FROM unlinked"
        " RETURNING id"
    )
)
_VERIFY: Final = Statement(
    text(
        "WITH verified AS (UPDATE door SET e164 = :e164, verified_by = :by"
        "  WHERE channel = :channel AND address = :address RETURNING channel, address, person_id)"
        " INSERT INTO door_event (channel, address, person_id, event, at)"
        " SELECT channel, address, person_id, 'verified', cast(:now AS timestamptz) FROM verified"
    )
)
_VERIFIED: Final = Statement(
    text("SELECT e164 FROM door WHERE channel = :channel AND address = :address AND verified_by IN ('contact', 'code')")
)
_SPEAKS: Final = Statement(text("UPDATE door SET language = :language WHERE channel = :channel AND address = :address"))
_SUSPEND: Final = Statement(
    text(
        "WITH moved AS (UPDATE door SET state = 'suspended'"
        "  WHERE channel = :channel AND address = :address AND state <> 'suspended'"
        "  RETURNING channel, address, person_id)"
        " INSERT INTO door_event (channel, address, person_id, event, at)"
        " SELECT channel, address, person_id, 'suspended', :now FROM moved"
    )
)


async def hear(
    on: Reader, door: Address, source: str, now: datetime, *, phone: Phone | None, name: str = "", owned: bool = False
) -> Speaker:
    """Somebody wrote: remember when and through whom, and say who it is.

    A door that was linked to a person is that person's, proved. Another has the number its provider vouches for and
    nobody's name; only where answers reach nobody but the number itself (``owned``: SMS) the sole profile of the
    number is taken to be speaking, not proved. A suspended door is nobody's until it is linked anew.
    """
    row = await on.one(
        _HEARD,
        channel=door.channel,
        address=door.name,
        source=source,
        name=clean(name, LONGEST_NAME),
        e164=phone.e164 if phone else None,
        now=now,
    )
    assert row is not None  # noqa: S101 - an upsert always has one row
    if row["owner"] is not None and row["state"] != "suspended":
        return _linked(row, door)
    return _stranger(row, door, owned=owned)


def _linked(row: Record, door: Address) -> Speaker:
    known = row["owner_e164"] or row["e164"]
    return Speaker(
        phone=Phone(known) if known else None,
        country=row["country"] if row["country"] in CURRENCY_OF else HOME,
        language=row["owner_language"],
        profiles=1,
        person=row["owner"],
        proved=True,
        secrets=False,
        address=door,
    )


def _stranger(row: Record, door: Address, *, owned: bool) -> Speaker:
    phone = Phone(row["e164"]) if row["e164"] else None
    country = country_of(phone) if phone else ""
    return Speaker(
        phone=phone,
        country=country if country in CURRENCY_OF else HOME,
        language=row["language"] or row["speaks"] or "fr",
        profiles=row["profiles"],
        person=row["sole"] if owned and row["profiles"] == 1 and row["state"] != "suspended" else None,
        secrets=False,
        address=door,
    )


async def link(on: Reader, door: Address, person: PersonId, now: datetime) -> None:
    """From now on this door is that person's."""
    await on.fetch(_LINK, channel=door.channel, address=door.name, person=person, now=now)


async def unlink(on: Reader, door: Address, person: PersonId, now: datetime) -> bool:
    """It is nobody's any more; False when it was not theirs."""
    return bool(await on.fetch(_UNLINK, channel=door.channel, address=door.name, person=person, now=now))


async def verify(on: Reader, door: Address, phone: Phone, by: str, now: datetime) -> None:
    """This number was shown to be theirs: ``by`` their own contact, or a code that was sent to it."""
    await on.fetch(_VERIFY, channel=door.channel, address=door.name, e164=phone.e164, by=by, now=now)


async def verified_phone(on: Reader, door: Address) -> Phone | None:
    """The number that was shown to be theirs, if any; what a provider says is not enough."""
    row = await on.one(_VERIFIED, channel=door.channel, address=door.name)
    return Phone(row["e164"]) if row else None


async def speak(on: Reader, door: Address, language: str) -> None:
    """Another language at this door from now on."""
    await on.fetch(_SPEAKS, channel=door.channel, address=door.name, language=language)


async def suspend(on: Reader, door: Address, now: datetime) -> None:
    """The number or the device behind a door has changed: it is nobody's until it is linked anew."""
    await on.fetch(_SUSPEND, channel=door.channel, address=door.name, now=now)

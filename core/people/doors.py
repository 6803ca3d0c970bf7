"""Doors: whose somebody's address on a message channel was shown to be, and what a change of number does to that."""

from datetime import datetime
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.phone import Phone
from core.kit.speaker import Address, PersonId

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

"""Doors: whose somebody's address on a message channel was shown to be, and what a change of number does to that."""

from datetime import datetime
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Record, Statement
from core.kit.phone import Phone
from core.kit.say import Text
from core.kit.speaker import Address, Language, PersonId
from core.notices.outbox import queue
from core.notices.words import Notice

_LINK: Final = Statement(
    text(
        "WITH linked AS (UPDATE door SET person_id = :person, linked_at = cast(:now AS timestamptz), state = 'open',"
        "  failed = 0, locked_until = NULL WHERE channel = :channel AND address = :address"
        "  RETURNING channel, address, person_id, language)"
        ", spoken AS (UPDATE person SET language = linked.language, language_chosen = true FROM linked"
        "  WHERE person.id = linked.person_id AND linked.language IS NOT NULL AND NOT person.language_chosen)"
        ", told AS (INSERT INTO door_event (channel, address, person_id, event, at)"
        "  SELECT channel, address, person_id, 'linked', :now FROM linked)"
        " SELECT language FROM linked"
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
_OWNER: Final = Statement(
    text(
        "SELECT person.id, person.language, phone.e164 FROM person"
        " LEFT JOIN phone ON phone.person_id = person.id AND phone.is_primary WHERE person.id = :person"
    )
)
_SPEAKS: Final = Statement(text("UPDATE door SET language = :language WHERE channel = :channel AND address = :address"))
_SUSPEND: Final = Statement(
    text(
        "WITH moved AS (UPDATE door SET state = 'suspended', language = NULL"
        "  WHERE channel = :channel AND address = :address AND state <> 'suspended'"
        "  RETURNING channel, address, person_id)"
        " INSERT INTO door_event (channel, address, person_id, event, at)"
        " SELECT channel, address, person_id, 'suspended', :now FROM moved RETURNING person_id"
    )
)


async def link(on: Reader, door: Address, person: PersonId, now: datetime) -> Language | None:
    """From now on this door is that person's. The language that was chosen at it, if any: the door keeps it, whatever
    its owner's is, and it becomes the owner's if they never chose one.
    """
    row = await on.one(_LINK, channel=door.channel, address=door.name, person=person, now=now)
    return row["language"] if row else None


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


async def suspend(on: Reader, door: Address, now: datetime) -> PersonId | None:
    """The number or the device behind a door has changed: it is nobody's until it is linked anew, and nobody chose its
    language. Whose it was.
    """
    row = await on.one(_SUSPEND, channel=door.channel, address=door.name, now=now)
    return PersonId(row["person_id"]) if row and row["person_id"] is not None else None


async def tell_owner(on: Reader, template: str, door: Address, person: PersonId, now: datetime, number: str) -> Record:
    """What became of a link, by SMS and never in the conversation itself: whoever sits there may be another. Nobody
    hears it without a phone. ``number`` is where help is asked for by SMS. The owner: id, language, e164.
    """
    owner = await on.one(_OWNER, person=person)
    assert owner is not None  # noqa: S101 - a link has an owner
    if owner["e164"] is not None:
        key = f"{template}:{door.channel}:{door.name}:{now.isoformat()}"
        blanks = {"channel": Text(f"channel.{door.channel}"), "number": number}
        await queue(on, Notice(key, Phone(owner["e164"]), owner["language"], template, blanks, person), now)
    return owner

"""Linking conversations to people: codes shown after a PIN, codes sent to a number, contacts vouched for."""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import text

from core.kit.db import Record, Statement
from core.kit.deed import Deed, Look
from core.kit.errors import Refused
from core.kit.phone import Phone
from core.kit.speaker import Address, PersonId, Speaker
from core.kit.structs import replace
from core.notices.outbox import queue
from core.notices.preferences import prefer
from core.notices.words import Notice
from core.people.doors import link, tell_owner, unlink, verify
from core.people.reads import PeopleReads
from core.people.tries import LOCKED_FOR, TRIES, after_wrong, minutes
from core.people.words import EnterCode, Prefer, SendCode, StartLink, Unlink, VerifyContact

VALID_FOR: Final = timedelta(minutes=10)
CODES_A_DAY: Final = 5
SMS_A_DAY: Final = 3

_KEEP: Final = Statement(
    text(
        "WITH old AS (DELETE FROM link_code WHERE created_at < cast(:now AS timestamptz) - interval '1 day')"
        " INSERT INTO link_code (digest, person_id, e164, channel, address, created_at, expires_at)"
        " VALUES (:digest, cast(:person AS bigint), cast(:e164 AS text), cast(:channel AS text),"
        " cast(:address AS text), :now, :until)"
        " ON CONFLICT (digest) DO NOTHING RETURNING digest"
    )
)
_MADE: Final = Statement(
    text(
        "SELECT count(*) AS made FROM link_code WHERE created_at > cast(:since AS timestamptz)"
        " AND (person_id = cast(:person AS bigint) OR e164 = cast(:e164 AS text)"
        " OR (channel, address) = (cast(:channel AS text), cast(:address AS text)))"
    )
)
_DOOR: Final = Statement(
    text("SELECT failed, locked_until FROM door WHERE channel = :channel AND address = :address FOR UPDATE")
)
_USE: Final = Statement(
    text(
        "UPDATE link_code SET expires_at = created_at WHERE digest = any(cast(:digests AS text[]))"
        " AND expires_at > cast(:now AS timestamptz) RETURNING person_id, e164"
    )
)
_COUNT: Final = Statement(
    text(
        "UPDATE door SET failed = :failed, locked_until = cast(:until AS timestamptz)"
        " WHERE channel = :channel AND address = :address"
    )
)
_SOLE: Final = Statement(
    text(
        "SELECT count(*) AS profiles, min(person.id) AS person FROM phone JOIN person ON person.id = phone.person_id"
        " WHERE phone.e164 = :e164 AND person.status = 'active'"
    )
)


async def start_link(_: StartLink, deed: Deed) -> str | Refused:
    """Six digits that link whatever conversation they are typed in. ValueError when nobody has shown who they are."""
    speaker = deed.speaker
    if speaker.person is None or not speaker.proved:
        raise ValueError("nobody to link to")
    if await _made(deed, _For(speaker.person)) >= CODES_A_DAY:
        return Refused("link.often")
    return await _code(deed, _For(speaker.person))


async def send_code(command: SendCode, deed: Deed) -> Refused | None:
    """Six digits by SMS, good in this conversation only."""
    at = _here(deed)
    if max(await _made(deed, _For(e164=command.phone.e164)), await _made(deed, _For(at=at))) >= SMS_A_DAY:
        return Refused("link.often")
    code = await _code(deed, _For(e164=command.phone.e164, at=at))
    key = f"code:{at.channel}:{at.name}:{deed.now.isoformat()}"
    await queue(deed.tx, Notice(key, command.phone, deed.speaker.language, "code.1", {"code": code}), deed.now)
    return None


async def enter_code(command: EnterCode, deed: Deed) -> Speaker | Refused:
    """Use a code in this conversation; the refusal is returned, so that a wrong try is counted."""
    at = _here(deed)
    door = await deed.tx.one(_DOOR, channel=at.channel, address=at.name)
    if door is not None and door["locked_until"] is not None and door["locked_until"] > deed.now:
        return _locked(door["locked_until"] - deed.now)
    digests = [_digest(deed, command.code), _digest(deed, command.code, at)]
    found = await deed.tx.one(_USE, digests=digests, now=deed.now)
    if found is None:
        return await _wrong(deed, at, door)
    if found["e164"] is not None:
        return await _verified(deed, at, Phone(found["e164"]), "code")
    return await _linked(deed, at, PersonId(found["person_id"]))


async def verify_contact(command: VerifyContact, deed: Deed) -> Speaker:
    """The number of a contact that the channel vouches for."""
    return await _verified(deed, _here(deed), command.phone, "contact")


async def end_link(command: Unlink, deed: Deed) -> Speaker:
    """The owner ends a link, and is told on the phone that nobody else reads."""
    speaker = deed.speaker
    if speaker.person is None or not speaker.proved:
        raise ValueError("nobody to unlink from")
    if await unlink(deed.tx, command.at, speaker.person, deed.now):
        await _tell(deed, "unlinked.1", command.at, speaker.person)
    return replace(speaker, person=None, proved=False) if command.at == speaker.address else speaker


async def prefer_way(command: Prefer, deed: Deed) -> None:
    """Messages of a kind go this way from now on."""
    speaker = deed.speaker
    ways = await PeopleReads(Look(deed.tx, speaker, deed.now, deed.settings)).ways()
    if speaker.person is None or command.way not in {way.id for way in ways}:
        raise ValueError("nobody can be reached that way")
    await prefer(deed.tx, speaker.person, command.about, command.way)


async def _verified(deed: Deed, at: Address, phone: Phone, by: str) -> Speaker:
    """A number is theirs: its sole profile is linked; with none or several only the number is known."""
    await verify(deed.tx, at, phone, by, deed.now)
    row = await deed.tx.one(_SOLE, e164=phone.e164)
    if row is not None and row["profiles"] == 1:
        return await _linked(deed, at, PersonId(row["person"]))
    return replace(deed.speaker, phone=phone, profiles=row["profiles"] if row else 0)


async def _linked(deed: Deed, at: Address, person: PersonId) -> Speaker:
    chosen = await link(deed.tx, at, person, deed.now)
    owner = await _tell(deed, "linked.1", at, person)
    phone = Phone(owner["e164"]) if owner["e164"] else deed.speaker.phone
    language = chosen or owner["language"]
    return replace(deed.speaker, phone=phone, person=person, profiles=1, language=language, proved=True)


async def _tell(deed: Deed, template: str, at: Address, person: PersonId) -> Record:
    return await tell_owner(deed.tx, template, at, person, deed.now, deed.settings.sms_number)


@dataclass(frozen=True, slots=True)
class _For:
    """What a code is good for: a person, or a number in one conversation."""

    person: PersonId | None = None
    e164: str | None = None
    at: Address | None = None

    def columns(self) -> dict[str, Any]:
        channel, address = (self.at.channel, self.at.name) if self.at else (None, None)
        return {"person": self.person, "e164": self.e164, "channel": channel, "address": address}


async def _code(deed: Deed, purpose: _For) -> str:
    """A new code, kept as its keyed hash; another is drawn when it is taken."""
    while True:
        code = f"{secrets.randbelow(1_000_000):06}"
        kept = await deed.tx.fetch(
            _KEEP,
            digest=_digest(deed, code, purpose.at),
            now=deed.now,
            until=deed.now + VALID_FOR,
            **purpose.columns(),
        )
        if kept:
            return code


async def _made(deed: Deed, purpose: _For) -> int:
    """Codes made within a day."""
    row = await deed.tx.one(_MADE, since=deed.now - timedelta(days=1), **purpose.columns())
    return int(row["made"]) if row else 0


async def _wrong(deed: Deed, at: Address, door: Record | None) -> Refused:
    """One more wrong try; after a lock has run out they are counted from the start."""
    before, locked = (door["failed"], door["locked_until"]) if door else (0, None)
    failed, until = after_wrong(before, locked, deed.now)
    await deed.tx.fetch(_COUNT, channel=at.channel, address=at.name, failed=failed, until=until)
    return _locked(LOCKED_FOR) if until else Refused("link.wrong", left=TRIES - failed)


def _locked(left: timedelta) -> Refused:
    return Refused("link.locked", minutes=minutes(left))


def _digest(deed: Deed, code: str, at: Address | None = None) -> str:
    """A code sent to a number is good in one conversation: its address is part of what is kept."""
    whole = f"{at.channel}:{at.name}:{code}" if at else f"person:{code}"
    return hmac.digest(deed.settings.pepper.get_secret_value().encode(), whole.encode(), "sha256").hex()


def _here(deed: Deed) -> Address:
    if deed.speaker.address is None:
        raise ValueError("this is done in a conversation")
    return deed.speaker.address


COMMANDS: Final[dict[type, Callable[[Any, Deed], Awaitable[object]]]] = {
    StartLink: start_link,
    SendCode: send_code,
    EnterCode: enter_code,
    VerifyContact: verify_contact,
    Unlink: end_link,
    Prefer: prefer_way,
}

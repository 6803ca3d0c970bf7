"""What people may do about themselves: choose a PIN, register, prove who they are, change the language."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import text

from core.kit.db import Statement
from core.kit.deed import Deed
from core.kit.errors import Refused
from core.kit.phone import Phone
from core.kit.speaker import Speaker
from core.kit.structs import replace
from core.people import pin
from core.people.doors import link, speak, verified_phone
from core.people.links import COMMANDS as LINKS
from core.people.profile import Profile, create
from core.people.words import ChangeLanguage, HoldPin, ProvePin, Register, SetPin

HELD_FOR: Final = timedelta(minutes=10)

_HOLD: Final = Statement(
    text(
        "INSERT INTO pin_draft (e164, hash, expires_at) VALUES (:e164, :hash, :until)"
        " ON CONFLICT (e164) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at"
    )
)
_TAKE: Final = Statement(text("DELETE FROM pin_draft WHERE e164 = :e164 RETURNING hash, expires_at"))
_OF_NUMBER: Final = Statement(
    text(
        "SELECT person.id, person.language FROM phone JOIN person ON person.id = phone.person_id"
        " WHERE phone.e164 = :e164 AND phone.number = :number AND person.status = 'active'"
    )
)
_FIRST_PIN: Final = Statement(
    text(
        "INSERT INTO pin_credential (person_id, hash) VALUES (:person, :hash)"
        " ON CONFLICT (person_id) DO NOTHING RETURNING person_id"
    )
)
_SPEAK: Final = Statement(text("UPDATE person SET language = :language, language_chosen = true WHERE id = :person"))
_PREFER: Final = Statement(
    text(
        "INSERT INTO phone_preference (e164, language) VALUES (:e164, :language)"
        " ON CONFLICT (e164) DO UPDATE SET language = excluded.language"
    )
)


async def hold_pin(command: HoldPin, deed: Deed) -> Refused | None:
    """Keep the first choice of a PIN, hashed, until it is typed again."""
    refused = pin.refusal(command.pin)
    if refused is not None:
        return refused
    kept = await pin.hashed(command.pin, deed.settings)
    await deed.tx.fetch(_HOLD, e164=_number(deed.speaker).e164, hash=kept, until=deed.now + HELD_FOR)
    return None


async def register(command: Register, deed: Deed) -> Speaker | Refused:
    """Create a profile with the PIN that was held, or one that is linked to the conversation it is made in."""
    speaker = deed.speaker
    if command.pin is None:
        return await _register_here(command, deed)
    kept = await _held(command.pin, deed)
    if kept is None:
        return Refused("pin.differs")
    profile = Profile(_number(speaker), command.name, command.role, command.language, speaker.country, command.city)
    person = await create(deed.tx, profile, kept, deed.now)
    if person is None:
        raise Refused("profiles.full")
    return replace(speaker, person=person, profiles=speaker.profiles + 1, language=command.language, proved=True)


async def _register_here(command: Register, deed: Deed) -> Speaker:
    """A profile without a PIN, linked to the conversation; its number is only what was verified in that."""
    speaker = deed.speaker
    if speaker.address is None or speaker.secrets:
        raise ValueError("only a conversation can be registered without a PIN")
    phone = await verified_phone(deed.tx, speaker.address)
    channel, country = speaker.address.channel, speaker.country
    profile = Profile(phone, command.name, command.role, command.language, country, command.city, channel)
    person = await create(deed.tx, profile, None, deed.now)
    if person is None:
        raise Refused("profiles.full")
    await link(deed.tx, speaker.address, person, deed.now)
    return replace(speaker, phone=phone, person=person, profiles=1, language=command.language, proved=True)


async def _held(typed: str, deed: Deed) -> str | None:
    """The hash of the PIN that was held, used up whether or not it is the same."""
    draft = await deed.tx.one(_TAKE, e164=_number(deed.speaker).e164)
    if draft is None or draft["expires_at"] <= deed.now:
        return None
    return draft["hash"] if await pin.matches(typed, draft["hash"], deed.settings) else None


async def set_pin(command: SetPin, deed: Deed) -> Speaker | Refused:
    """A first PIN for a profile that was made in a conversation."""
    row = await deed.tx.one(_OF_NUMBER, e164=_number(deed.speaker).e164, number=command.number)
    kept = await _held(command.pin, deed)
    if kept is None or row is None:
        return Refused("pin.differs")
    if not await deed.tx.fetch(_FIRST_PIN, person=row["id"], hash=kept):
        return Refused("pin.wrong", left=0)
    return replace(deed.speaker, person=row["id"], language=row["language"], proved=True)


async def prove_pin(command: ProvePin, deed: Deed) -> Speaker | Refused:
    """Show to be the profile of this number on the speaking phone."""
    row = await deed.tx.one(_OF_NUMBER, e164=_number(deed.speaker).e164, number=command.number)
    if row is None:
        return Refused("pin.wrong", left=0)
    refused = await pin.prove(deed, row["id"], command.pin)
    if refused is not None:
        return refused
    return replace(deed.speaker, person=row["id"], language=row["language"], proved=True)


async def change_language(command: ChangeLanguage, deed: Deed) -> Speaker:
    """The profile that speaks keeps its language, and so does the conversation it is chosen in: that one speaks it
    whatever is chosen elsewhere. A phone that is nobody's or several people's keeps its own.
    """
    speaker = deed.speaker
    if speaker.person is not None:
        await deed.tx.fetch(_SPEAK, person=speaker.person, language=command.language)
    if speaker.address is not None:
        await speak(deed.tx, speaker.address, command.language)
    elif not speaker.alone:
        await deed.tx.fetch(_PREFER, e164=_number(speaker).e164, language=command.language)
    return replace(speaker, language=command.language)


def _number(speaker: Speaker) -> Phone:
    """The number of somebody who speaks on one. Raises ValueError for anybody else."""
    if speaker.phone is None:
        raise ValueError("this is done on a phone of one's own")
    return speaker.phone


COMMANDS: Final[dict[type, Callable[[Any, Deed], Awaitable[object]]]] = {
    HoldPin: hold_pin,
    Register: register,
    ProvePin: prove_pin,
    SetPin: set_pin,
    ChangeLanguage: change_language,
    **LINKS,
}

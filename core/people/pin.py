"""PINs: which are too weak, how they are kept, and how somebody proves to be themselves."""

import asyncio
import hmac
import re
from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import text

from core.kit.clock import local
from core.kit.db import Record, Statement
from core.kit.deed import Deed
from core.kit.errors import Refused
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import PersonId
from core.notices.outbox import queue
from core.notices.words import Notice
from core.people.tries import LOCKED_FOR, TRIES, after_wrong, minutes

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
"""About 25 ms on one core; the least that OWASP's Password Storage Cheat Sheet allows (19 MiB, two passes). Four digits
have 10 000 values: what keeps them is the pepper, which is not in the database, and the five tries.
"""

_SHAPE: Final = re.compile("[0-9]{4}")
_RUNS: Final = "0123456789012 9876543210987"
_COMMON: Final = frozenset(
    "0007 0070 0852 1004 1010 1011 1020 1100 1101 1110 1112 1122 1123 1211 1212 1221 1230 1231 1233 1236 1245 1313"
    " 1324 1342 1357 1379 1414 1470 1472 1478 1515 1590 1598 1616 1717 1818 2112 2121 2211 2244 2255 2323 2424 2468"
    " 2525 2580 2582 3131 3213 3232 3690 3698 4141 4242 4545 5050 5252 5656 5683 6969 7410 7412 7530 7531 7788"
    " 7878 7894 7979 8520 8642 8787 8800 8899 9630 9632 9876 9898 9900 9987".split()
)
"""Pairs, keypad lines and the like: what people choose first, in every published count of leaked PINs."""

_FOR_UPDATE: Final = Statement(
    text(
        "SELECT pin.person_id, pin.hash, pin.failed, pin.locked_until, person.language, person.country, phone.e164"
        " FROM pin_credential AS pin JOIN person ON person.id = pin.person_id"
        " LEFT JOIN phone ON phone.person_id = person.id AND phone.is_primary"
        " WHERE pin.person_id = :person AND person.status = 'active' FOR UPDATE OF pin"
    )
)
_COUNT: Final = Statement(
    text("UPDATE pin_credential SET failed = :failed, locked_until = :until WHERE person_id = :person")
)


def refusal(pin: str) -> Refused | None:
    """Why a PIN cannot be chosen: ``pin.shape`` (not four digits) or ``pin.weak`` (among the first to be guessed)."""
    if not _SHAPE.fullmatch(pin):
        return Refused("pin.shape")
    weak = len(set(pin)) == 1 or pin in _RUNS or "1940" <= pin <= "2029" or pin in _COMMON
    return Refused("pin.weak") if weak else None


async def hashed(pin: str, settings: Settings) -> str:
    """What is stored of a PIN; made in a thread, the loop goes on."""
    return await asyncio.to_thread(_HASHER.hash, _peppered(pin, settings))


async def matches(pin: str, kept: str, settings: Settings) -> bool:
    """Whether this is the PIN of which ``kept`` was stored."""
    try:
        return await asyncio.to_thread(_HASHER.verify, kept, _peppered(pin, settings))
    except VerifyMismatchError:
        return False


def _peppered(pin: str, settings: Settings) -> bytes:
    return hmac.digest(settings.pepper.get_secret_value().encode(), pin.encode("utf-8", "replace"), "sha256")


async def prove(deed: Deed, person: PersonId, pin: str | None) -> Refused | None:
    """None when the PIN is this person's. Ask before anything else is written, and *return* the refusal: a wrong try
    is counted only if the transaction is kept. No PIN at all is enough from the person themselves, proved, where none
    may be typed.

    ``pin.wrong`` (blank ``left``: tries left) or ``pin.locked`` (blank ``minutes``): the fifth wrong try locks for half
    an hour and tells the owner by SMS. ``pin.none`` when this person has none. Guesses at the same moment wait for each
    other, so nobody gets a sixth.
    """
    if pin is None:
        speaker = deed.speaker
        shown = speaker.proved and not speaker.secrets and speaker.person == person
        return None if shown else Refused("pin.wrong", left=0)
    row = await deed.tx.one(_FOR_UPDATE, person=person)
    if row is None:
        return Refused("pin.none")
    if row["locked_until"] is not None and row["locked_until"] > deed.now:
        return _locked(row["locked_until"] - deed.now)
    if not await matches(pin, row["hash"], deed.settings):
        return await _count(deed, row)
    if row["failed"]:
        await deed.tx.fetch(_COUNT, person=person, failed=0, until=None)
    return None


async def _count(deed: Deed, row: Record) -> Refused:
    """One more wrong try; after a lock has run out they are counted from the start."""
    failed, until = after_wrong(row["failed"], row["locked_until"], deed.now)
    await deed.tx.fetch(_COUNT, person=row["person_id"], failed=failed, until=until)
    if until is None:
        return Refused("pin.wrong", left=TRIES - failed)
    await _tell_owner(deed, row, until)
    return _locked(LOCKED_FOR)


def _locked(left: timedelta) -> Refused:
    return Refused("pin.locked", minutes=minutes(left))


async def _tell_owner(deed: Deed, row: Record, until: datetime) -> None:
    """Nobody is told when the owner has no phone of their own."""
    if row["e164"] is None:
        return
    notice = Notice(
        key=f"pin_locked:{row['person_id']}:{until.isoformat()}",
        to=Phone(row["e164"]),
        language=row["language"],
        template="pin_locked.1",
        blanks={"until": local(until, row["country"]), "number": deed.settings.sms_number},
        person=row["person_id"],
    )
    await queue(deed.tx, notice, deed.now)

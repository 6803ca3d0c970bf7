"""Somebody writes at a door: heard once, remembered, and known as far as the door tells; many people at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text

from core.kit.db import Reader, Record, Statement
from core.kit.money import CURRENCY_OF
from core.kit.phone import Phone, country_of
from core.kit.speaker import Address, Speaker
from core.kit.text import clean
from core.notices.inbox import CLAIMED
from core.notices.waiting import RELEASED
from core.people.speaker import HOME

LONGEST_NAME: Final = 80

_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody wrote: at which door, through which provider, by which id of its own it is heard once; the number and
    the name that provider gives them. ``owned``: answers there reach nobody but the number itself (SMS).
    """

    door: Address
    source: str
    external_id: str
    phone: Phone | None = None
    name: str = ""
    owned: bool = False


_SAID: Final = (
    "SELECT * FROM ROWS FROM (json_to_recordset(cast(:visits AS json))"
    " AS (channel text, address text, source text, external_id text, name text, e164 text)) WITH ORDINALITY"
    " AS v(channel, address, source, external_id, name, e164, n)"
)
_NOTED: Final = (
    "INSERT INTO door (channel, address, source, name, e164, verified_by, heard_at)"
    " SELECT channel, address, source, name, e164, CASE WHEN e164 IS NOT NULL THEN 'provider' END,"
    " cast(:now AS timestamptz) FROM visit"
    " ON CONFLICT (channel, address) DO UPDATE SET source = excluded.source, heard_at = excluded.heard_at,"
    " name = coalesce(excluded.name, door.name), e164 = coalesce(door.e164, excluded.e164),"
    " verified_by = coalesce(door.verified_by, excluded.verified_by),"
    " state = CASE door.state WHEN 'unreachable' THEN 'open' ELSE door.state END"
)
_NOTE: Final = Statement(text(f"WITH visit AS ({_SAID}) {_NOTED}"))
_ADMIT: Final = Statement(
    text(
        f"WITH said AS ({_SAID}), claimed AS ({CLAIMED}),"  # noqa: S608 - constants only
        " visit AS (SELECT said.* FROM said JOIN claimed USING (source, external_id)),"
        f" noted AS ({_NOTED}), released AS ({RELEASED})"
        " SELECT count(*) AS new FROM claimed"
    )
)
# LIMIT keeps the planner to the keys: a plan made while these tables were empty would go on reading them whole.
_KNOWN: Final = Statement(
    text(
        f"WITH visit AS ({_SAID})"  # noqa: S608 - constants only
        " SELECT heard.before IS NOT NULL AS repeated, met.e164, door.language, door.state, owner.id AS owner,"
        " owner.language AS owner_language, owner.country, own.e164 AS owner_e164,"
        " coalesce(known.profiles, 0) AS profiles, known.sole, known.speaks"
        " FROM visit"
        " LEFT JOIN LATERAL (SELECT true AS before FROM inbox"
        "   WHERE source = visit.source AND external_id = visit.external_id LIMIT 1) AS heard ON true"
        " LEFT JOIN LATERAL (SELECT e164, language, state, person_id FROM door"
        "   WHERE channel = visit.channel AND address = visit.address LIMIT 1) AS door ON true"
        " CROSS JOIN LATERAL (SELECT coalesce(door.e164, visit.e164) AS e164) AS met"
        " LEFT JOIN person AS owner ON owner.id = door.person_id AND owner.status = 'active'"
        " LEFT JOIN phone AS own ON own.person_id = owner.id AND own.is_primary"
        " LEFT JOIN LATERAL (SELECT count(*) AS profiles, min(person.id) AS sole,"
        "   (array_agg(person.language ORDER BY number))[1] AS speaks"
        "   FROM phone JOIN person ON person.id = phone.person_id"
        "   WHERE phone.e164 = met.e164 AND person.status = 'active') AS known ON true"
        " ORDER BY visit.n"
    )
)


async def known(on: Reader, visits: Sequence[Visit]) -> list[tuple[Speaker, bool]]:
    """Who wrote, in the order of the visits, and whether that very message was heard before; nothing is written.

    A door that was linked to a person is that person's, proved; the language is what was chosen at the door, otherwise
    the person's. Another has the number its provider vouches for and
    nobody's name; only an owned one takes the sole profile of the number to be speaking, not proved. A suspended door
    is nobody's until it is linked anew.
    """
    rows = await on.fetch(_KNOWN, visits=_packed(visits))
    return [(_speaker(row, visit), row["repeated"]) for row, visit in zip(rows, visits, strict=True)]


async def admit(tx: Reader, visits: Sequence[Visit], now: datetime) -> bool:
    """Claim what was said, remember when and through whom it came, and let go of what waited for these people.

    False when not all of it is new; of what was claimed before nothing is written. Known from the commit on: somebody
    who admits the same at the same time waits.
    """
    row = await tx.one(_ADMIT, visits=_packed(visits), now=now)
    return row is not None and row["new"] == len(visits)


async def hear(
    on: Reader, door: Address, source: str, now: datetime, *, phone: Phone | None, name: str = "", owned: bool = False
) -> Speaker:
    """Somebody wrote, and what they wrote is claimed elsewhere: remember when and through whom, and say who it is."""
    visit = Visit(door, source, "", phone, name, owned)
    await on.fetch(_NOTE, visits=_packed([visit]), now=now)
    (speaker, _), *_ = await known(on, [visit])
    return speaker


def _packed(visits: Sequence[Visit]) -> str:
    """As JSON: one text costs a tenth of six arrays, of which every element is looked at several times."""
    return _encode([_row(visit) for visit in visits]).decode()


def _row(visit: Visit) -> dict[str, str | None]:
    return {
        "channel": visit.door.channel,
        "address": visit.door.name,
        "source": visit.source,
        "external_id": visit.external_id,
        "name": clean(visit.name, LONGEST_NAME) or None,
        "e164": visit.phone.e164 if visit.phone else None,
    }


def _speaker(row: Record, visit: Visit) -> Speaker:
    suspended = row["state"] == "suspended"
    if row["owner"] is not None and not suspended:
        return _linked(row, visit.door)
    return _stranger(row, visit.door, owned=visit.owned and not suspended)


def _linked(row: Record, door: Address) -> Speaker:
    known = row["owner_e164"] or row["e164"]
    return Speaker(
        phone=Phone(known) if known else None,
        country=row["country"] if row["country"] in CURRENCY_OF else HOME,
        language=row["language"] or row["owner_language"],
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
        person=row["sole"] if owned and row["profiles"] == 1 else None,
        secrets=False,
        address=door,
    )

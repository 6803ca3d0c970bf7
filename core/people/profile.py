"""Creates a profile with everything that belongs to it, in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.phone import Phone
from core.kit.speaker import Language, PersonId
from core.kit.text import clean
from core.people.words import CONSENT_VERSION, Role
from core.places.words import PlaceId

LONGEST_NAME: Final = 80

_CREATE: Final = Statement(
    text(
        "WITH free AS ("
        "  SELECT number FROM generate_series(1, 6) AS candidate(number)"
        "  WHERE NOT EXISTS (SELECT FROM phone WHERE e164 = cast(:e164 AS text) AND phone.number = candidate.number)"
        "  ORDER BY number LIMIT 1)"
        ", made AS ("
        "  INSERT INTO person (name, language, language_chosen, country, city_id, created_at)"
        "  SELECT cast(:name AS text), cast(:language AS text), cast(:language AS text) <> 'fr',"
        "  cast(:country AS text), cast(:city AS int), cast(:now AS timestamptz) FROM free RETURNING id)"
        ", reached AS ("
        "  INSERT INTO phone (e164, person_id, number, is_primary, created_at)"
        "  SELECT :e164, id, number, true, :now FROM made, free WHERE cast(:e164 AS text) IS NOT NULL)"
        ", called AS ("
        "  INSERT INTO person_role (person_id, role, state, since)"
        "  SELECT id, cast(:role AS text),"
        "  CASE cast(:role AS text) WHEN 'tenant' THEN 'active' ELSE 'requested' END, :now"
        "  FROM made)"
        ", kept AS (INSERT INTO pin_credential (person_id, hash) SELECT id, cast(:hash AS text) FROM made"
        "  WHERE cast(:hash AS text) IS NOT NULL)"
        ", agreed AS ("
        "  INSERT INTO consent_event (person_id, purpose, action, text_version, channel, at)"
        "  SELECT id, 'service', 'granted', cast(:version AS text), cast(:channel AS text), :now FROM made)"
        ", spoken AS (DELETE FROM phone_preference WHERE e164 = :e164 AND EXISTS (SELECT FROM made))"
        " SELECT id FROM made"
    )
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A new profile: who it is, on which phone if on any, and the channel on which they consented."""

    phone: Phone | None
    name: str
    role: Role
    language: Language
    country: str
    city: PlaceId | None = None
    channel: str = "ussd"


async def create(tx: Reader, profile: Profile, pin_hash: str | None, now: datetime) -> PersonId | None:
    """Create person, phone, role, PIN and consent together; None when the phone has its six profiles already.

    Tenants are active at once, every other role is ``requested``. The profile takes the lowest free number.
    French is what everybody is spoken to before they choose: only another language counts as chosen.
    """
    row = await tx.one(
        _CREATE,
        e164=profile.phone.e164 if profile.phone else None,
        name=clean(profile.name, LONGEST_NAME),
        language=profile.language,
        country=profile.country,
        city=profile.city,
        role=profile.role,
        hash=pin_hash,
        version=CONSENT_VERSION,
        channel=profile.channel,
        now=now,
    )
    return None if row is None else PersonId(row["id"])

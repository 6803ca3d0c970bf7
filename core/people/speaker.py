"""Finds out who may be speaking on a phone, in one query."""

from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.money import CURRENCY_OF
from core.kit.phone import Phone, country_of
from core.kit.speaker import Speaker

HOME: Final = "CM"
"""Where somebody with a number from elsewhere is served as if at home."""

_IDENTIFY: Final = Statement(
    text(
        "SELECT known.*, (SELECT language FROM phone_preference WHERE e164 = :e164) AS preference FROM ("
        " SELECT count(*) AS profiles, min(person.id) AS person, (array_agg(person.language ORDER BY number))[1] AS own"
        " FROM phone JOIN person ON person.id = phone.person_id"
        " WHERE phone.e164 = :e164 AND person.status = 'active') AS known"
    )
)


async def identify(on: Reader, phone: Phone) -> Speaker:
    """Who may be speaking: a person only when the phone has exactly one active profile, and never proved.

    The country is the number's, or Cameroon where nobody is served. The language is the sole profile's, otherwise
    what was last chosen on this phone, otherwise the first profile's, otherwise French.
    """
    row = await on.one(_IDENTIFY, e164=phone.e164)
    assert row is not None  # noqa: S101 - an aggregate always has one row
    alone = row["profiles"] == 1
    country = country_of(phone)
    return Speaker(
        phone=phone,
        country=country if country in CURRENCY_OF else HOME,
        language=(row["own"] if alone else row["preference"] or row["own"]) or "fr",
        profiles=row["profiles"],
        person=row["person"] if alone else None,
    )

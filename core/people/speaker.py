"""Finds out who may be speaking on a phone, in one query for everybody who has just dialled."""

from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Record, Statement
from core.kit.gather import Gather
from core.kit.money import CURRENCY_OF
from core.kit.phone import Phone, country_of
from core.kit.speaker import Speaker

HOME: Final = "CM"
"""Where somebody with a number from elsewhere is served as if at home."""

_IDENTIFY: Final = Statement(
    text(
        "SELECT known.*, wanted.e164,"
        " (SELECT language FROM phone_preference AS chosen WHERE chosen.e164 = wanted.e164) AS preference"
        " FROM unnest(string_to_array(:numbers, ' ')) AS wanted(e164) CROSS JOIN LATERAL ("
        " SELECT count(*) AS profiles, min(person.id) AS person, (array_agg(person.language ORDER BY number))[1] AS own"
        " FROM phone JOIN person ON person.id = phone.person_id"
        " WHERE phone.e164 = wanted.e164 AND person.status = 'active') AS known"
    )
)


class Switchboard:
    """Identifies all who dial at the same moment together."""

    def __init__(self, on: Reader) -> None:
        self._on = on
        self._asked: Gather[Phone, Phone, Speaker] = Gather(self._identify)

    async def __call__(self, _on: Reader, phone: Phone, /) -> Speaker:
        """As ``identify``, but never inside a transaction."""
        return await self._asked(phone, phone)

    async def _identify(self, phones: list[Phone]) -> list[Speaker | Exception]:
        return [*await _identified(self._on, phones)]


async def identify(on: Reader, phone: Phone) -> Speaker:
    """Who may be speaking: a person only when the phone has exactly one active profile, and never proved.

    The country is the number's, or Cameroon where nobody is served. The language is the sole profile's, otherwise
    what was last chosen on this phone, otherwise the first profile's, otherwise French.
    """
    (speaker,) = await _identified(on, [phone])
    return speaker


async def _identified(on: Reader, phones: list[Phone]) -> list[Speaker]:
    rows = {row["e164"]: row for row in await on.fetch(_IDENTIFY, numbers=" ".join(phone.e164 for phone in phones))}
    return [_speaker(phone, rows[phone.e164]) for phone in phones]


def _speaker(phone: Phone, row: Record) -> Speaker:
    alone = row["profiles"] == 1
    country = country_of(phone)
    return Speaker(
        phone=phone,
        country=country if country in CURRENCY_OF else HOME,
        language=(row["own"] if alone else row["preference"] or row["own"]) or "fr",
        profiles=row["profiles"],
        person=row["person"] if alone else None,
    )

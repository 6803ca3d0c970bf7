"""What can be read of the people on the phone that is speaking."""

from typing import Final

from sqlalchemy import text

from core.kit.clock import local_day
from core.kit.db import Statement
from core.kit.deed import Look
from core.kit.say import Text
from core.kit.speaker import Address, Speaker
from core.notices.preferences import preferred
from core.notices.words import CHOOSABLE
from core.people.words import Door, Person, Wanted, Way

SMS: Final = "sms"
"""How everybody with a phone can be reached."""

_ME: Final = Statement(
    text(
        "SELECT person.id, person.name, person.language, person.city_id, coalesce(phone.number, 0) AS number,"
        " array(SELECT role FROM person_role WHERE person_id = person.id AND state = 'active'"
        " ORDER BY since, role) AS roles"
        " FROM person LEFT JOIN phone ON phone.person_id = person.id AND phone.e164 = :e164"
        " WHERE person.id = :person AND person.status = 'active' AND (phone.number IS NOT NULL OR :linked)"
    )
)
_DOORS: Final = Statement(
    text(
        "SELECT channel, address, name, linked_at FROM door"
        " WHERE person_id = cast(:person AS bigint) AND state <> 'suspended' ORDER BY linked_at, channel, address"
    )
)
_NUMBERS: Final = Statement(
    text(
        "SELECT phone.number FROM phone JOIN person ON person.id = phone.person_id"
        " WHERE phone.e164 = :e164 AND person.status = 'active' ORDER BY phone.number"
    )
)


class PeopleReads:
    """Reads for one speaker."""

    __slots__ = ("_look",)

    def __init__(self, look: Look) -> None:
        self._look = look

    async def me(self) -> Person | None:
        """Whoever is speaking, with the roles that are active; None when no profile is known yet."""
        speaker = self._look.speaker
        if speaker.person is None:
            return None
        row = await self._look.on.one(
            _ME, person=speaker.person, e164=_e164(speaker), linked=speaker.address is not None
        )
        if row is None:
            return None
        return Person(row["id"], row["name"], row["language"], tuple(row["roles"]), row["city_id"], row["number"])

    async def numbers(self) -> tuple[int, ...]:
        """The numbers of the active profiles on this phone, without names."""
        rows = await self._look.on.fetch(_NUMBERS, e164=_e164(self._look.speaker))
        return tuple(row["number"] for row in rows)

    async def doors(self) -> tuple[Door, ...]:
        """The conversations linked to whoever is speaking, the oldest first."""
        speaker = self._look.speaker
        rows = await self._look.on.fetch(_DOORS, person=speaker.person)
        found = [(Address(row["channel"], row["address"]), row) for row in rows]
        return tuple(
            Door(at, named(at, row["name"]), local_day(row["linked_at"], speaker.country)) for at, row in found
        )

    async def ways(self) -> tuple[Way, ...]:
        """How whoever is speaking can be reached, SMS first."""
        linked = sorted({door.at.channel for door in await self.doors()} - {SMS})
        return tuple(_way(channel) for channel in (SMS, *linked))

    async def wanted(self) -> tuple[Wanted, ...]:
        """Where they want each kind of messages that lets them choose."""
        person = self._look.speaker.person
        chosen = await preferred(self._look.on, person) if person is not None else {}
        return tuple(Wanted(about, _way(chosen.get(about, SMS))) for about in CHOOSABLE)


def _way(channel: str) -> Way:
    return Way(channel, Text(f"channel.{channel}"))


def named(at: Address, name: str | None) -> Text:
    """As much of an address as its owner needs to know it by: the end of a number, or the name they go by."""
    shown = name if name and not at.name.startswith("+") else f"***{at.name[-3:]}"
    return Text("devices.one", {"channel": Text(f"channel.{at.channel}"), "shown": shown})


def _e164(speaker: Speaker) -> str:
    """The speaker's number; "" for somebody of whom none is known."""
    return speaker.phone.e164 if speaker.phone else ""

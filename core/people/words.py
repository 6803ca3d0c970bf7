"""What may be said about people."""

from dataclasses import dataclass
from typing import Literal, Protocol

from core.kit.speaker import Language, PersonId
from core.places.words import PlaceId

Role = Literal["tenant", "landlord", "agent", "cooperative"]
"""What somebody says they are; landlords, agents and cooperatives stay ``requested`` until approved."""

CONSENT_VERSION = "2026-11"
"""The wording of the consent screen; a new wording gets a new version."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a profile; ``number`` is their profile's number on this phone (1, 2, …; 0 on none)."""

    id: PersonId
    name: str
    language: Language
    roles: tuple[Role, ...]
    city: PlaceId | None
    number: int

    @property
    def first_name(self) -> str:
        """The last word of the name as people here write it ("Ngo Bell Marie" is Marie)."""
        return self.name.rsplit(" ", 1)[-1]


class PeopleReading(Protocol):
    """What can be read of the people on the phone that is speaking."""

    async def me(self) -> Person | None:
        """Whoever is speaking; None when no profile is known yet."""
        ...

    async def numbers(self) -> tuple[int, ...]:
        """The profile numbers on this phone, without names."""
        ...


@dataclass(frozen=True, slots=True)
class HoldPin:
    """Keep a first choice of PIN (hashed, for 10 minutes) until it is typed again.

    Refused: ``pin.weak`` (four equal, a run such as 1234 or 4321, a year 1940-2029, or on the list of common ones),
    ``pin.shape`` when it is not four digits.
    """

    pin: str


@dataclass(frozen=True, slots=True)
class Register:
    """Create a profile on the speaking phone, with the consent given on the screen. Result: the Speaker, proved.

    Refused: ``pin.differs`` (the two PINs differ: the first must be chosen anew), ``profiles.full`` (six already).
    """

    name: str
    role: Role
    city: PlaceId | None
    language: Language
    pin: str


@dataclass(frozen=True, slots=True)
class ProvePin:
    """Show that it is really this profile (by number) of the phone. Result: the Speaker, proved.

    Refused: ``pin.wrong`` (blank ``left``: tries left), ``pin.locked`` (blank ``minutes``); 5 wrong tries lock for
    30 minutes and tell the owner by SMS.
    """

    number: int
    pin: str


@dataclass(frozen=True, slots=True)
class ChangeLanguage:
    """Speak another language to this phone from now on. Result: the Speaker."""

    language: Language

"""What may be said about people."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from core.kit.phone import Phone
from core.kit.say import Text
from core.kit.speaker import Address, Language, PersonId
from core.notices.words import Choosable
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


@dataclass(frozen=True, slots=True)
class Door:
    """A conversation linked to somebody, as they know it ("WhatsApp ***101"), and since when."""

    at: Address
    name: Text
    since: date


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach somebody that they may choose: SMS, or a channel of theirs that is linked."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Wanted:
    """Messages of a kind, and where somebody wants them now."""

    about: Choosable
    way: Way


class PeopleReading(Protocol):
    """What can be read of the people on the phone that is speaking."""

    async def me(self) -> Person | None:
        """Whoever is speaking; None when no profile is known yet."""
        ...

    async def numbers(self) -> tuple[int, ...]:
        """The profile numbers on this phone, without names."""
        ...

    async def doors(self) -> tuple[Door, ...]:
        """The conversations linked to whoever is speaking, the oldest first."""
        ...

    async def ways(self) -> tuple[Way, ...]:
        """How whoever is speaking can be reached, SMS first."""
        ...

    async def wanted(self) -> tuple[Wanted, ...]:
        """Where they want each kind of messages that lets them choose."""
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

    Where no PIN may be typed ``pin`` is None: the profile is linked to the conversation, and has the number only when
    that was verified there. Refused: ``pin.differs`` (the two PINs differ: the first must be chosen anew),
    ``profiles.full`` (six already).
    """

    name: str
    role: Role
    city: PlaceId | None
    language: Language
    pin: str | None


@dataclass(frozen=True, slots=True)
class ProvePin:
    """Show that it is really this profile (by number) of the phone. Result: the Speaker, proved.

    Refused: ``pin.wrong`` (blank ``left``: tries left), ``pin.locked`` (blank ``minutes``); 5 wrong tries lock for
    30 minutes and tell the owner by SMS; ``pin.none`` from a profile made where no PIN could be typed.
    """

    number: int
    pin: str


@dataclass(frozen=True, slots=True)
class SetPin:
    """Give a profile of this phone its first PIN, the one that was held. Result: the Speaker, proved.

    Refused: ``pin.differs``, ``pin.wrong`` when it has one already.
    """

    number: int
    pin: str


@dataclass(frozen=True, slots=True)
class StartLink:
    """Make a code that links a conversation to whoever is speaking, for 10 minutes. Result: its six digits.

    Refused: ``link.often`` after five within a day.
    """


@dataclass(frozen=True, slots=True)
class SendCode:
    """Send six digits by SMS to a number, to be typed in this conversation within 10 minutes.

    Refused: ``link.often`` after three a day to a number or from a conversation.
    """

    phone: Phone


@dataclass(frozen=True, slots=True)
class EnterCode:
    """Use a code in this conversation. Result: the Speaker, proved when a person is linked by it; a code that was sent
    to a number links the sole profile of that number, and only verifies the number when there is none or several.

    Refused: ``link.wrong`` (blank ``left``), ``link.locked`` (blank ``minutes``): five wrong ones lock for 30 minutes.
    """

    code: str


@dataclass(frozen=True, slots=True)
class VerifyContact:
    """The channel vouches for the speaker's own number. Result: the Speaker, as after a code sent to it."""

    phone: Phone


@dataclass(frozen=True, slots=True)
class Prefer:
    """Send messages of a kind this way from now on. ValueError for a way that is not theirs."""

    about: Choosable
    way: str


@dataclass(frozen=True, slots=True)
class Unlink:
    """End the link of a conversation. Result: the Speaker; nobody known any more when it is the one they speak in."""

    at: Address


@dataclass(frozen=True, slots=True)
class ChangeLanguage:
    """Speak another language from now on, in the conversation where that is asked for and wherever its person has not
    chosen one. Result: the Speaker.
    """

    language: Language

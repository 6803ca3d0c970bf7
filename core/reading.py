"""Everything a flow may read, grouped by noun."""

from datetime import date
from typing import Protocol

from core.homes.words import HomesReading
from core.kit.speaker import Speaker
from core.leases.words import LeasesReading
from core.money.words import MoneyReading
from core.people.words import PeopleReading
from core.places.words import Found, Place, PlaceId, Several, Unknown


class PlacesReading(Protocol):
    """Cities and quarters, in memory."""

    def place(self, place: PlaceId) -> Place:
        """The place of that id."""
        ...

    def cities(self, country: str) -> tuple[Place, ...]:
        """The cities of a country, the largest first."""
        ...

    def quarters(self, city: PlaceId) -> tuple[Place, ...]:
        """The quarters of a city, the best known first."""
        ...

    def read(self, text: str, *, country: str | None = None, city: PlaceId | None = None) -> Found | Several | Unknown:
        """What a typed name means: one place, several to choose from, or none with the nearest names."""
        ...


class Reading(Protocol):
    """The house as one speaker may read it, on one day."""

    @property
    def speaker(self) -> Speaker:
        """Who is asking."""
        ...

    @property
    def today(self) -> date:
        """The day it is where the speaker lives."""
        ...

    @property
    def service(self) -> "Service":
        """The names and numbers people are told."""
        ...

    @property
    def places(self) -> PlacesReading:
        """Cities and quarters."""
        ...

    @property
    def people(self) -> PeopleReading:
        """The people on this phone."""
        ...

    @property
    def homes(self) -> HomesReading:
        """Homes to rent or buy."""
        ...

    @property
    def leases(self) -> LeasesReading:
        """Leases and what they owe."""
        ...

    @property
    def money(self) -> MoneyReading:
        """Payments and receipts."""
        ...


class Service(Protocol):
    """What people are told about the service itself."""

    @property
    def brand(self) -> str:
        """The name people read."""
        ...

    @property
    def code(self) -> str:
        """What they dial ("*384#")."""
        ...

    @property
    def sms(self) -> str:
        """The number they write to ("8123")."""
        ...

    @property
    def person(self) -> str:
        """The number where somebody answers ("+237650003850")."""
        ...

"""The one door to the domain: what may be read, and the one function that performs each command."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Final

from core.homes.reads import HomesReads
from core.kit.deed import Deed, Look
from core.kit.errors import Refused
from core.kit.settings import Settings
from core.kit.speaker import Speaker
from core.leases.commands import COMMANDS as LEASES
from core.leases.reads import LeasesReads
from core.money.commands import COMMANDS as MONEY
from core.money.reads import MoneyReads
from core.people.commands import COMMANDS as PEOPLE
from core.people.reads import PeopleReads
from core.places.gazetteer import Gazetteer, gazetteer

COMMANDS: Final[dict[type, Callable[[Any, Deed], Awaitable[object]]]] = {**PEOPLE, **MONEY, **LEASES}


class Service:
    """The names and numbers people are told."""

    __slots__ = ("brand", "code", "person", "sms")

    def __init__(self, settings: Settings) -> None:
        self.brand = settings.brand
        self.code = settings.service_code
        self.sms = settings.sms_number
        self.person = settings.help_phone


class Reads:
    """The house as one speaker may read it; each noun is looked up only when asked for."""

    __slots__ = ("_look", "places")

    def __init__(self, look: Look, places: Gazetteer) -> None:
        self._look = look
        self.places = places

    @property
    def speaker(self) -> Speaker:
        """Who is asking."""
        return self._look.speaker

    @property
    def today(self) -> date:
        """The day it is where the speaker lives."""
        return self._look.today

    @property
    def service(self) -> Service:
        """The names and numbers people are told."""
        return Service(self._look.settings)

    @property
    def people(self) -> PeopleReads:
        """The people on this phone."""
        return PeopleReads(self._look)

    @property
    def homes(self) -> HomesReads:
        """Homes to rent or buy."""
        return HomesReads(self._look)

    @property
    def leases(self) -> LeasesReads:
        """Leases and what they owe."""
        return LeasesReads(self._look)

    @property
    def money(self) -> MoneyReads:
        """Payments and receipts."""
        return MoneyReads(self._look)


class Desk:
    """Reads and commands of the whole domain."""

    def reads(self, look: Look) -> Reads:
        """What this speaker may read."""
        return Reads(look, gazetteer())

    async def perform(self, command: object, deed: Deed) -> object:
        """Do it, or return the Refused; a refusal that was raised leaves nothing behind."""
        function = COMMANDS[type(command)]
        try:
            async with deed.tx.savepoint():
                return await function(command, deed)
        except Refused as refused:
            return refused

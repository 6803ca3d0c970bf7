"""A phone that speaks to the people noun: commands in a transaction each, as the runner does it."""

from collections.abc import Callable
from functools import partial

import pytest

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.deed import Deed, Look
from core.kit.errors import Refused
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.speaker import Speaker
from core.kit.structs import replace
from core.people.commands import COMMANDS
from core.people.reads import PeopleReads
from core.people.speaker import identify
from core.people.words import HoldPin, Register

GOOD_PIN = "4917"


class Handset:
    """One phone and who the house takes its holder for."""

    def __init__(self, db: Database, clock: FixedClock, number: str) -> None:
        self.db, self.clock, self.settings = db, clock, Settings()
        self.phone = Phone(number)
        self.speaker = Speaker(self.phone)

    async def dial(self) -> Speaker:
        """A new session: who is it?"""
        self.speaker = await identify(self.db, self.phone)
        return self.speaker

    async def do(self, command: object) -> object:
        """Do it as the desk does; a Speaker that comes back is who speaks from then on."""
        async with self.db.transaction() as tx:
            deed = Deed(tx, self.speaker, self.clock.now(), self.settings)
            try:
                async with tx.savepoint():
                    result = await COMMANDS[type(command)](command, deed)
            except Refused as refused:
                return refused
        if isinstance(result, Speaker):
            self.speaker = result
        return result

    async def register(self, name: str = "Ngo Bell Marie", pin: str = GOOD_PIN) -> Speaker:
        """A tenant's profile, proved."""
        assert await self.do(HoldPin(pin)) is None
        result = await self.do(Register(name, "tenant", None, "fr", pin))
        assert isinstance(result, Speaker)
        return result

    @property
    def reads(self) -> PeopleReads:
        """What this phone may read."""
        return PeopleReads(Look(self.db, self.speaker, self.clock.now(), self.settings))

    def as_stranger(self) -> "Handset":
        """The same phone in another session."""
        other = Handset(self.db, self.clock, self.phone.e164)
        other.speaker = replace(self.speaker, proved=False)
        return other


@pytest.fixture
def handset(db: Database, clock: FixedClock) -> Callable[[str], Handset]:
    """Makes phones on a fresh database."""
    return partial(Handset, db, clock)


@pytest.fixture
def phone(handset: Callable[[str], Handset]) -> Handset:
    """A phone in Douala."""
    return handset("+237677000001")

"""What every command and every read is handed."""

from datetime import date, datetime

import msgspec

from core.kit.clock import local_day
from core.kit.db import Reader, Tx
from core.kit.settings import Settings
from core.kit.speaker import Speaker


class Look(msgspec.Struct, frozen=True):
    """Somebody reads: on the pool or inside a transaction."""

    on: Reader
    speaker: Speaker
    now: datetime
    settings: Settings

    @property
    def today(self) -> date:
        """The day it is where the speaker lives."""
        return local_day(self.now, self.speaker.country)


class Deed(msgspec.Struct, frozen=True):
    """Somebody asks for something to be done, in the transaction of the turn."""

    tx: Tx
    speaker: Speaker
    now: datetime
    settings: Settings

    @property
    def today(self) -> date:
        """The day it is where the speaker lives."""
        return local_day(self.now, self.speaker.country)

"""What the engine may ask of the outside: two ports, and what can be typed there."""

from collections.abc import Collection
from typing import Any, Protocol

from core.kit.speaker import Speaker


class World(Protocol):
    """What the engine may ask of the outside.

    ``secrets``: a PIN may be typed here (never into a chat, whose history keeps it); where it may not, people are
    told to dial ``code``.
    """

    @property
    def secrets(self) -> bool:
        """A PIN may be typed here."""
        ...

    @property
    def code(self) -> str:
        """What to dial instead."""
        ...

    def read(self, speaker: Speaker) -> Any:
        """The domain as this speaker may read it."""
        ...

    async def perform(self, command: object, speaker: Speaker) -> object:
        """Do it, or return the Refused."""
        ...

    def say(self, value: object, language: str) -> Collection[str]:
        """A label, or the note beside it, in every way it is written on some screen: to compare with what was typed."""
        ...

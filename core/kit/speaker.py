"""Who is speaking, as far as the house knows."""

from dataclasses import dataclass
from typing import Literal, NewType

from core.kit.phone import Phone

PersonId = NewType("PersonId", int)
Language = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """The person behind a channel address, kept with the place for the length of a session.

    ``profiles`` counts the people of this phone; ``person`` is None until one is known; ``proved`` is True once
    the PIN was given in this session.
    """

    phone: Phone
    country: str = "CM"
    language: Language = "fr"
    profiles: int = 0
    person: PersonId | None = None
    proved: bool = False

    @property
    def alone(self) -> bool:
        """Nobody else has a profile on this phone."""
        return self.profiles == 1

"""Who is speaking, as far as the house knows."""

from dataclasses import dataclass
from typing import Literal, NewType

import msgspec

from core.kit.phone import Phone

PersonId = NewType("PersonId", int)
Language = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody can be reached: a channel, and who they are on it (no number, on some)."""

    channel: str
    name: str

    @property
    def masked(self) -> str:
        """Safe for logs."""
        if not self.name.startswith("+"):
            return f"{self.channel}:****{self.name[-3:]}"
        return f"{self.channel}:{self.name[:5]}****{self.name[-3:]}"

    def __repr__(self) -> str:
        return f"Address({self.masked})"


class Speaker(msgspec.Struct, frozen=True, omit_defaults=True):
    """The person behind a channel address, kept with the place for the length of a session.

    ``phone`` is the number that is known to be theirs, if any; ``profiles`` counts the people of that phone;
    ``person`` is None until one is known; ``proved`` is True once they have shown to be that person: the PIN in this
    session, or a channel that was linked to them. ``secrets`` says that a PIN may be typed here. ``address`` is empty
    where it is the phone itself.
    """

    phone: Phone | None
    country: str = "CM"
    language: Language = "fr"
    profiles: int = 0
    person: PersonId | None = None
    proved: bool = False
    secrets: bool = True
    address: Address | None = None

    @property
    def reach(self) -> Phone | Address:
        """Where something they ask for is sent: where they ask. Raises ValueError for nobody."""
        found = self.address or self.phone
        if found is None:
            raise ValueError("nobody can be reached")
        return found

    @property
    def alone(self) -> bool:
        """Nobody else has a profile on this phone."""
        return self.profiles == 1

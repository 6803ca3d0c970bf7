"""What WhatsApp is whoever sells it: the window of a day, and names that hide a number."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sandbox.handset import Handsets
from sandbox.numbers import NotANumberError, digits
from sandbox.world import World

WINDOW = timedelta(hours=24)
"""Real time, whatever the sandbox's clock does: the app counts it too."""

_COUNTRIES = {"237": "CM", "221": "SN", "225": "CI", "229": "BJ"}


@dataclass(frozen=True, slots=True)
class Names:
    """People as one provider knows them: by number, or by an id of its own (other for each provider)."""

    world: World
    handsets: Handsets
    provider: str

    def scoped(self, msisdn: str) -> str:
        """The business-scoped id of a phone, always the same one."""
        country = _COUNTRIES.get(msisdn[:3], "US")
        number = int.from_bytes(sha256(f"{self.provider} {msisdn}".encode()).digest()[:8])
        alias = f"{country}.{number}"
        self.world.store.run(
            "INSERT INTO aliases VALUES (?, ?, ?) ON CONFLICT DO NOTHING", self.provider, alias, msisdn
        )
        return alias

    def msisdn(self, address: str) -> str | None:
        """The phone behind an address; None for what is neither a number nor an id given out before.

        Raises NotANumberError for what can be neither.
        """
        if "." not in address:
            return digits(address)
        row = self.world.store.one(
            "SELECT msisdn FROM aliases WHERE provider = ? AND alias = ?", self.provider, address.strip()
        )
        return row["msisdn"] if row else None

    def hidden(self, msisdn: str) -> bool:
        """Whether the owner shows no number."""
        return self.handsets.flag(msisdn, "hidden")

    def is_open(self, msisdn: str) -> bool:
        """Whether anything may be written: the person wrote through this provider within the last day."""
        heard = self.handsets.heard_at(msisdn, self.provider)
        return heard is not None and self.world.clock.now() - heard < WINDOW


__all__ = ["WINDOW", "Names", "NotANumberError"]

"""What the peers ask on the way to the homes, so that all of them show the same screens and keep the same answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.conversation import CITIES, KINDS, QUARTERS, TOPS

AGAIN: Final = "Choix non compris.\n"
WAY_BACK: Final = "0 Retour"


@dataclass(frozen=True, slots=True)
class Question:
    """One screen: the name its answer is kept under, the question, and the choices."""

    name: str
    title: str
    choices: Sequence[str]

    def screen(self, city: str = "") -> str:
        """The question with its numbered choices."""
        lines = [f"{number} {choice}" for number, choice in enumerate(self.choices, 1)]
        return "\n".join([self.title.format(city=city), *lines, WAY_BACK])

    def chosen(self, said: str) -> str | None:
        """The choice of a number; None when it is none of them."""
        index = int(said) - 1 if said.isdecimal() else -1
        return self.choices[index] if 0 <= index < len(self.choices) else None


ROLES: Final = (
    "Je cherche ou je loue",
    "Je suis bailleur",
    "Agent ou courtier",
    "Cooperative",
    "Juste regarder",
    "Aide",
)

QUESTIONS: Final = (
    Question("menu", "Bienvenue sur Trouve Moi Un Toit.", ROLES),
    Question("deal", "Chercher", ("Location", "Achat", "Location-vente", "Taper ma demande", "J'ai un code")),
    Question("city", "Quelle ville ?", CITIES),
    Question("quarter", "Quel quartier de {city} ?", QUARTERS),
    Question("kind", "Quel type ?", KINDS),
    Question("top", "Loyer maximum par mois ?", [f"{top:,}F".replace(",", ".") for top in TOPS]),
)
"""In the order they are asked; then come the homes."""


def homes(city: str, found: Sequence[tuple[str, str, int]]) -> str:
    """The homes found: code, kind and rent in francs of each."""
    lines = [f"{n} {code} {kind} {rent:,}F".replace(",", ".") for n, (code, kind, rent) in enumerate(found, 1)]
    return "\n".join([f"Logements a {city}:", *lines, WAY_BACK])


@dataclass(frozen=True, slots=True)
class Wanted:
    """The answers as a query needs them."""

    city: int
    kind: str
    top: int


def wanted(answers: dict[str, str]) -> Wanted:
    """From the answers that were kept."""
    top = int(answers["top"].rstrip("F").replace(".", ""))
    return Wanted(CITY_IDS[CITIES.index(answers["city"])], KIND_KEYS[KINDS.index(answers["kind"])], top)


CITY_IDS: Final = (1, 2, 3, 9, 4)
KIND_KEYS: Final = ("room", "studio", "apartment", "house", "shop", "land")

"""The script of the scenario: search, a home, the rent, its receipt, help; by labels and words, never by channel."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from core.kit.text import fold

MARIE: Final = "+237670000101"
JOSEPH: Final = "+237670000150"
"""The demo's first tenant, who owes this month's rent, and her landlord."""

ALL: Final = ("ussd", "sms", "twilio", "meta", "telegram")
"""The ways to talk to the house; ``twilio`` and ``meta`` carry the same WhatsApp."""

Act = Literal["say", "choose", "agree", "approve", "receive"]

_APART: Final = re.compile(r"(?<=\d)[.\s](?=\d{3}(?!\d))")
_FRANCS: Final = re.compile(r"(?<=\d)\s?(?:FCFA|F\b)")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done, and words that are read then.

    ``say`` types ``words``, ``choose`` takes the option that holds them, ``agree`` does what is asked to let money go
    (the PIN, or a button), ``approve`` is the operator's own prompt, ``receive`` only reads a message. ``doing`` is
    what whoever goes on elsewhere is said to have been doing; nothing where nothing was begun or all is done.
    """

    act: Act
    words: str = ""
    reads: tuple[str, ...] = ()
    doing: str = ""


SCRIPT: Final = (
    Step("say", "chercher", ("Location", "Achat")),
    Step("choose", "Location", ("Quelle ville", "Douala"), "chercher un logement"),
    Step("choose", "Douala", ("quartier de Douala", "Tous"), "chercher un logement"),
    Step("choose", "Tous", ("Quel type", "Studio"), "chercher un logement"),
    Step("choose", "Studio", ("Loyer maximum", "50.000F"), "chercher un logement"),
    Step("choose", "50.000F", ("trouvés, Douala", "studio"), "chercher un logement"),
    Step("choose", "studio", ("studio", "Caution", "Logements semblables"), "chercher un logement"),
    Step("say", "payer", ("Studio B3", "85.000F", "Tout"), "payer un loyer"),
    Step("choose", "Tout", ("Avec quel compte", "MTN MoMo"), "payer 85.000F"),
    Step("choose", "MTN MoMo", ("Payer 85.000F", "MTN MoMo"), "payer 85.000F"),
    Step("agree", "Payer", ("Validez maintenant", "85.000F", "Réf P")),
    Step("approve"),
    Step("receive", reads=("85.000F payés par Ngo Bell Marie", "Studio B3", "Reste 0F", "Quittance")),
    Step("say", "reçus", ("Mes reçus", "85.000F")),
    Step("choose", "85.000F", ("Quittance", "Studio B3", "Recevoir le reçu"), "voir vos reçus"),
    Step("choose", "Recevoir le reçu", ("Le reçu vous est envoyé par message",)),
    Step("receive", reads=("85.000F", "copie de la quittance")),
    Step("say", "aide", ("Aide", "Numéros et SMS")),
    Step("choose", "Payer", ("Payez votre loyer", "Mobile Money")),
)


def plain(text: str) -> str:
    """Text as it can be compared across channels: no accents, no case, "85 000 FCFA" and "85.000F" the same."""
    return fold(_FRANCS.sub("f", _APART.sub("", text)))


def holds(text: str, *words: str) -> bool:
    """Whether all of these can be read in it."""
    shown = plain(text)
    return all(plain(one) in shown for one in words)

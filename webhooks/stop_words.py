"""Reads STOP and RESUME in a message, however they are spelt, when they are all that it says."""

import re
from collections.abc import Collection, Sequence
from itertools import dropwhile, groupby
from typing import Final, Literal, NamedTuple

from rapidfuzz.distance import OSA

from core.kit.text import fold
from core.notices.suppression import Stopped

LONGEST: Final = 80
"""Characters of a message that may be one of these."""

STOP: Final = frozenset(
    "stop stopall stopper arret arrete arreter arretez desabonner desabonnement desinscription unsubscribe".split()
)
"""The carriers' own words and the French for them, folded."""

RESUME: Final = frozenset("resume reprendre reprend reprends reprenez start".split())
"""Like OUI, only from somebody who had said STOP: Telegram says "start" for whoever opens the conversation."""

AGREED: Final = frozenset("oui yes".split())
"""The same in other words, and how one asks for an answer that waits; from anybody else "oui" is an answer."""

LISTS: Final[dict[str, Stopped]] = {
    "rappel": "reminders",
    "rappels": "reminders",
    "reminders": "reminders",
    "annonce": "alerts",
    "annonces": "alerts",
    "alerte": "alerts",
    "alertes": "alerts",
    "alerts": "alerts",
}
"""The lists that may be named; where none is, everything is meant."""

_POLITE: Final = frozenset("svp stp please plz merci bonjour bonsoir s il vous te plait maintenant now".split())
_WANTED: Final = frozenset("je veux voudrais souhaite i want would like to veuillez de".split())
_MAIL: Final = frozenset("sms message messages msg msgs pub pubs publicite publicites spam texto textos".split())
_WRITE: Final = frozenset(
    "ecrire ecrivez ecris envoyer envoyez envoie contacter contactez sending sends recevoir".split()
)
_SMALL: Final = frozenset("tout all m me moi le la les l d des du vos votre ces cet tous toutes the your these".split())
_BESIDE: Final = _WANTED | _MAIL | _WRITE | _SMALL | LISTS.keys() | STOP
"""What may stand beside STOP: what is to be stopped, and nothing else in the world."""

_NO_MORE: Final = frozenset("plus jamais more".split())
_NOT: Final = _NO_MORE | frozenset("ne n no".split())
_AT_ME: Final = frozenset("ne m me recevoir".split())
"""Without one of these "envoyez plus d'annonces" may want more of them."""

_SPELT_OUT: Final = re.compile(r"\b\w(?: \w){3,}\b")
_SLIPS_FROM: Final = 6
"""Letters of a word from which one may be wrong; a shorter one may have them doubled or swapped ("shop" is no STOP)."""


class Said(NamedTuple):
    """What a message asks for, and of which list; "agree" is OUI, whatever it answers."""

    does: Literal["stop", "resume", "agree"]
    what: Stopped = "all"


def read_stop(text: str) -> Said | None:
    """Read a message that is STOP, RESUME or OUI and nothing else; None for all others."""
    if len(text) > LONGEST:
        return None
    spelt = _SPELT_OUT.sub(lambda letters: letters[0].replace(" ", ""), fold(text))
    if spelt in AGREED:
        return Said("agree")
    polite = [word for word in spelt.split() if word not in _POLITE]
    if _no_more(polite):
        return Said("stop", _named(polite))
    word, *beside = [*dropwhile(_WANTED.__contains__, polite)] or [""]
    if not _BESIDE.issuperset(beside):
        return None
    if _meant(word, STOP):
        return Said("stop", _named(beside))
    return Said("resume", _named(beside)) if _meant(word, RESUME) else None


def _no_more(words: Sequence[str]) -> bool:
    """Whether these say that nothing more is wanted: "ne m'écrivez plus", "plus de messages", "no more sms"."""
    said = set(words)
    about = said & _MAIL or (said & (_WRITE | LISTS.keys()) and said & _AT_ME)
    return bool(about and said & _NO_MORE) and said <= _BESIDE | _NOT


def _named(words: Sequence[str]) -> Stopped:
    lists = {LISTS[word] for word in words if word in LISTS}
    return lists.pop() if len(lists) == 1 else "all"


def _meant(word: str, known: Collection[str]) -> bool:
    """Whether a word is one of these, but for doubled letters and a slip of the thumb."""
    return word in known or (word.isalpha() and any(_near(word, one) for one in known))


def _near(word: str, one: str) -> bool:
    typed, right = _single(word), _single(one)
    same = word[0] == one[0] if len(one) >= _SLIPS_FROM else sorted(typed) == sorted(right)
    return same and OSA.distance(typed, right) <= 1


def _single(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))

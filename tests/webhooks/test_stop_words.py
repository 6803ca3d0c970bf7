"""STOP and RESUME as people spell them; and everything that only looks like them."""

import pytest

from core.places.gazetteer import gazetteer
from core.places.listen import phrases
from core.places.ordinary import ORDINARY
from core.places.spelling import KNOWN
from webhooks.stop_words import Said, read_stop


@pytest.mark.parametrize(
    "words",
    [
        "STOPP", "stopp", "stpo", "S.T.O.P", "s t o p", "stop stop", "svp stop", "stopper", "ARRETE", "ARRETEZ",
        "arrêté", "Arrèter", "arettez", "arretez svp", "arrêtez tout", "stop les pubs", "stop sms",
        "arrete de m'ecrire", "Arrêtez de m'envoyer des messages s'il vous plaît", "je veux plus de messages",
        "ne m'écrivez plus", "Bonjour, ne m'envoyez plus", "plus de sms svp",
        "je ne veux plus recevoir vos sms", "no more messages please", "désabonnez-moi", "unsuscribe",
    ],
)  # fmt: skip
def test_stop(words: str) -> None:
    assert read_stop(words) == Said("stop")


@pytest.mark.parametrize("words", ["REPRENDRE", "REPREND", "Reprandre", "reprenez svp", "RESUME", "resumé", "strat"])
def test_resume(words: str) -> None:
    assert read_stop(words) == Said("resume")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("plus d'annonces", None),
        ("envoyez plus d'annonces", None),
        ("ne m'envoyez plus d'annonces", Said("stop", "alerts")),
        ("arretez les rapels", None),
        ("arretez les rappels", Said("stop", "reminders")),
        ("arrêtez les rappels et les annonces", None),
        ("stop rappels annonces", Said("stop")),
        ("reprendre les rappels", Said("resume", "reminders")),
        ("Oui !", Said("agree")),
        ("oui stop", None),
    ],
)
def test_of_which_list(words: str, said: Said | None) -> None:
    assert read_stop(words) == said


@pytest.mark.parametrize(
    "words",
    [
        "", "svp", "je veux", "!!", "bus stop bonaberi studio", "arrêt de bus", "studio arrêt bastos", "shop", "spot",
        "step", "top", "je veux arrêter de payer en retard", "arrêter de payer", "stop it please", "STOP1", "arriéré",
        "répondre", "plus jamais", "non plus", "je veux plus de chambres", "ne payez plus", "stop" + " " * 80 + "ok",
    ],
)  # fmt: skip
def test_neither(words: str) -> None:
    assert read_stop(words) is None


def test_no_word_that_means_something_else_is_taken_for_it() -> None:
    words = {word for word in phrases() if " " not in word} | KNOWN | ORDINARY | gazetteer().vocabulary
    ours = {"stop", "arret", "desabonner", "desabonnement", "unsubscribe", "start", "resume", "reprendre"}
    ours |= {"reprend", "reprends", "oui", "yes"}
    assert {word for word in words if read_stop(word)} <= ours

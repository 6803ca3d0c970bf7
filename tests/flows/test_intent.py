"""Free words at the top of a chat: the right flow with its answers, one question when unclear, never an invention."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entry import Entry
from bot.turns import LONGEST_SENTENCE
from core.kit.ids import make_code
from core.kit.phone import Phone
from core.kit.text import fold
from core.places.lexicon import LEXICON
from core.places.listen import listen, phrases
from flows import FLOWS
from flows.intent import Way, ways
from flows.leads import RULES
from tests.flows.intending import examples, judge, shown, unasked
from tests.flows.planting import MARIE, PAUL, Rented, landlord, let, online, person
from tests.talking import Chat, House, Talk

TABLE = Path(__file__).parents[2] / "core" / "places" / "tells.jsonl"
BESIDE = {"leasecode", "homecode", "receiptcode", "home", "place", "amount", "deal", "bare"}
"""What is read beside the words."""


@pytest.mark.parametrize(("half", "right"), [("open", 0.98), ("held", 0.95)])
def test_words_lead_where_they_should(half: str, right: float) -> None:
    result = judge(half)
    assert result.right / result.phrases >= right, "\n".join(result.errors)
    assert result.harmful == 0, "\n".join(result.errors)


def test_the_two_halves_share_no_phrase() -> None:
    seen, held = ({said.casefold() for _, said in examples(half)} for half in ("open", "held"))
    assert min(len(seen), len(held)) >= 150
    assert not seen & held


@pytest.mark.parametrize(
    "said",
    [
        "je dois partir demain", "on me doit de l'argent", "je suis en retard au travail", "pay attention",
        "regler mon probleme", "mon patron ne m'a pas payé", "je ne veux pas payer", "payer la facture d'eau",
        "mon frère m'a payé à manger", "le loyer est trop cher", "balance ton chien", "mai", "mtn", "50 mille",
        "frais de visite combien", "j'ai payé deux fois", "une villa à 40 millions", "le mois de ramadan",
        "est ce que mon paiement est passé ?", "mon locataire n'a pas payé", "je paierai samedi", "il va payer samedi",
        "a-t-il reçu mon argent", "je peux payer en deux fois ?", "j'ai perdu mon travail", "le paiement ne passe pas",
        "il y a le feu dans la maison", "ou en est mon ticket",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_pay_who_did_not_ask_to(said: str) -> None:
    assert unasked(said).flow != "pay_rent"


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ("payer 50.000 F", "pay_rent:50000"),
        ("payer entre 20 et 30 mille", "pay_rent"),
        ("payer 20000 sur 50000", "pay_rent"),
        ("payer le 5 novembre", "pay_rent"),
        (f"payer 40k pour le bail {make_code('B', 301)}", f"pay_rent@{make_code('B', 301)}:40000"),
        ("studio à 50 000 à Akwa", "sentence"),
        ("chambre B12 à Melen", "sentence"),
        ("studio A 4822 Melen", "sentence"),
        ("je veux voir A4822", "home:A4822"),
        ("a 50 000 studio", "sentence"),
        (f"photos de {make_code('A', 77).lower()}", f"home:{make_code('A', 77)}"),
        ("vérifier le reçu 8f2k-abcd", "check_receipt:8F2KABCD"),
        ("le reçu du mois de DECEMBRE", "receipts"),
    ],
)
def test_answers_that_are_in_the_words(said: str, entry: str) -> None:
    assert shown(unasked(said)) == entry


@pytest.mark.parametrize("said", ["payé mon loyé", "peyer mon loyer", "quitance svp", "verifie ma quitttance"])
def test_a_slip_of_the_thumb_is_overlooked(said: str) -> None:
    assert unasked(said).flow in {"pay_rent", "receipts", "check_receipt"}


def test_a_wish_without_a_flow_yet_leads_to_whom_to_call_and_to_the_flow_once_it_is_there() -> None:
    told = listen("robinet cassé chez moi")
    assert shown(Entry(*ways(["menu"])(told))) == "help.numbers"
    assert ways(["ticket"])(told) == Way("ticket")


def test_no_phrase_tells_two_things() -> None:
    lines = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]
    told = Counter(phrase for line in lines for phrase in set(line["phrases"]))
    assert [phrase for phrase, count in told.items() if count > 1] == []
    assert [phrase for phrase in phrases() if phrase != fold(phrase)] == []


def test_the_rules_name_only_what_can_be_told() -> None:
    named = {name for rule in RULES for name in (*rule.needs.split(), *rule.unless.split())}
    assert named <= {*phrases().values(), *BESIDE}
    flows = {flow.name for flow in FLOWS}
    for _, said in (*examples("open"), *examples("held")):
        assert unasked(said).flow in flows


@pytest.mark.untraced
@given(st.one_of(st.text(), st.lists(st.sampled_from([*LEXICON, *"payer 50k A4821 B3016".split()])).map(" ".join)))
def test_any_words_lead_somewhere(said: str) -> None:
    entry = unasked(said)
    flow = next(flow for flow in FLOWS if flow.name == entry.flow)
    assert not entry.step or entry.step in flow.steps
    assert entry.state is None or isinstance(entry.state, flow.state)


def test_a_very_long_text_is_read() -> None:
    assert listen("payer " * 10_000).said == ("payer " * 10_000)[:LONGEST_SENTENCE]


# --- in conversation ---------------------------------------------------------------------------------------


async def tenant(house: House) -> Talk:
    """Marie, who rents one home."""
    await let(house, await landlord(house), await person(house, MARIE, "Ngo Bell Marie"), Rented())
    return house.talk(MARIE)


async def test_an_amount_is_offered_and_checked(house: House) -> None:
    talk = await tenant(house)
    await talk.dial()
    screen = await talk.say("je veux payer 50 mille de loyer")
    assert "\n1 Payer 50.000F\n2 Tout 85.000F" in screen
    assert (await talk.say("1")).startswith("Avec quel compte payer ")
    assert "\n1 Payer 50.000F" in await talk.say("0")


async def test_an_amount_that_cannot_be_is_refused_when_chosen(house: House) -> None:
    talk = await tenant(house)
    await talk.dial()
    await talk.say("payer 5 millions")
    assert (await talk.say("1")).startswith("C'est trop: vous pouvez payer")
    assert "\n2 Tout 85.000F" in talk.screen


async def test_all_that_is_due_is_offered_once(house: House) -> None:
    talk = await tenant(house)
    await talk.dial()
    assert "\n1 Tout 85.000F\n2 Une partie" in await talk.say("payer 85 000")


async def test_what_is_unclear_is_asked(house: House) -> None:
    talk = await tenant(house)
    await talk.dial()
    assert await talk.say("50 mille") == "Que voulez-vous faire ?\n1 Payer mon loyer\n2 Chercher un logement\n0 Retour"
    assert "\n1 Payer 50.000F" in await talk.say("1")
    assert (await talk.say("0")).startswith("Que voulez-vous faire ?")
    assert (await talk.say("2")).startswith("J'ai compris: location, max 50.000F")


async def test_payment_or_receipts(house: House) -> None:
    talk = await tenant(house)
    await talk.dial()
    assert "\n2 Mes recus" in await talk.say("rappelez moi de payer")
    assert "Que voulez-vous faire ?" in await talk.say("2")


SPOKEN = (
    "bonjour madame bonjour monsieur moi c'est kevin je suis étudiant en deuxième année à l'université donc je "
    "cherche une petite chambre pas trop loin et calme si possible avec de l'eau et du courant tous les jours vers "
    "ndogbong ou bien bépanda quoi "
)
BUDGET = "budget c'est trente cinq mille maximum"


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
async def test_a_spoken_message_is_read_to_its_end_and_what_is_longer_says_so(house: House, channel: str) -> None:
    chat = Chat(house, channel, PAUL, Phone(PAUL))
    whole = f"{SPOKEN}{'merci beaucoup ' * 40}"[: LONGEST_SENTENCE - len(BUDGET)] + BUDGET
    said = await chat.say(whole)
    assert "Ndogbong" in said
    assert "Bépanda" in said
    assert "max 35" in said
    assert f"Trop long: {LONGEST_SENTENCE}" in await chat.say(f"{whole}.")


async def test_what_nobody_understands_leads_to_the_menu_with_a_remark(house: House) -> None:
    await online(house, await landlord(house))
    talk = house.talk(PAUL)
    await talk.dial()
    assert (await talk.say("raconte une blague")).startswith("Je n'ai pas compris.")
    assert "1 Chercher" in talk.screen

"""Screens on WhatsApp: within Meta's limits whatever the labels, nothing dropped, nothing formatted by a name."""

import pytest
from hypothesis import given

from bot.answer import option_number
from bot.engine import Turn
from bot.place import Place
from bot.render import whatsapp
from bot.render.bubble import Bubble
from bot.render.rich import size
from bot.talk import Confirm, Field, Link, Menu, Notice, Option, Secret, t
from core.kit.money import Money
from core.kit.month import Month
from tests.bot.screens import at_home, deep, first, menu, taps, turns

WORDS_BACK = "0 Retour · 00 Accueil"


def shown(turn: Turn, place: Place | None = None) -> Bubble:
    return whatsapp.render(turn, place or deep())[0]


def checked(bubble: Bubble) -> Bubble:
    """Within what Meta takes (interactive messages: body 1024, 3 buttons of 20, 10 rows of 24 and 72, opener 20)."""
    if not bubble.choices:
        assert bubble.style == "none"
        assert 1 <= size(bubble.text) <= 4_096
        return bubble
    most, room = (3, 20) if bubble.style == "buttons" else (10, 24)
    assert 1 <= size(bubble.text) <= 1_024
    assert 1 <= len(bubble.choices) <= most
    assert all(1 <= size(choice.label) <= room and choice.label.strip() for choice in bubble.choices)
    assert all("\n" not in choice.label + choice.note for choice in bubble.choices)
    assert all(size(choice.note) <= (72 if bubble.style == "list" else 0) for choice in bubble.choices)
    assert len({choice.label.casefold() for choice in bubble.choices}) == len(bubble.choices)
    assert len({choice.id for choice in bubble.choices}) == len(bubble.choices)
    assert bool(bubble.opener) is (bubble.style == "list")
    assert size(bubble.opener) <= 20
    return bubble


# --- buttons -----------------------------------------------------------------------------------------------


def test_a_confirmation_has_buttons_and_says_what_has_no_button() -> None:
    bubble = checked(shown(Turn(Confirm("Sûr ?"))))
    assert bubble.style == "buttons"
    assert taps(bubble) == {"1": "Oui", "2": "Non", "0": "Retour"}
    assert bubble.text == "Sûr ?\n\n00 Accueil"


def test_back_is_offered_once_where_it_leads_home() -> None:
    bubble = checked(shown(Turn(Confirm("Sûr ?")), first()))
    assert taps(bubble) == {"1": "Oui", "2": "Non", "0": "Retour"}
    assert bubble.text == "Sûr ?"


def test_the_offer_to_resume_leads_home_by_one_button() -> None:
    place = deep()
    place.resuming = True
    bubble = checked(shown(Turn(Confirm("Bon retour.", t("resume.yes"), t("resume.no"))), place))
    assert taps(bubble) == {"1": "Continuer", "2": "Recommencer", "0": "Retour"}
    assert bubble.text == "Bon retour."


def test_a_confirmation_with_long_words_keeps_its_buttons_and_has_the_words_in_the_body() -> None:
    bubble = checked(shown(Turn(Confirm("Sûr ?", "Oui", "Non, je préfère attendre demain"))))
    assert bubble.style == "buttons"
    assert taps(bubble)["2"] == "Non, je préfère…"
    assert "2 Non, je préfère attendre demain" in bubble.text


def test_three_short_choices_are_buttons_and_the_ways_back_are_words() -> None:
    bubble = checked(shown(menu(3)))
    assert taps(bubble) == {"1": "Choix 0", "2": "Choix 1", "3": "Choix 2"}
    assert bubble.text == f"Que faire ?\n\n{WORDS_BACK}"
    assert shown(menu(3), at_home()).text == "Que faire ?"


def test_one_choice_leaves_room_for_both_ways_back() -> None:
    bubble = checked(shown(menu(1)))
    assert taps(bubble) == {"1": "Choix 0", "0": "Retour", "00": "Accueil"}
    assert bubble.text == "Que faire ?"


def test_links_and_the_next_page_count_among_three_buttons() -> None:
    assert taps(shown(menu(1, links=[Link("a", "Autre")], more=9))) == {"1": "Choix 0", "9": "Suite", "8": "Autre"}
    assert shown(menu(2, links=[Link("a", "Autre")], more=9)).style == "list"


def test_a_price_goes_on_a_button_only_whole() -> None:
    price = Money(85_000, "XAF")
    assert taps(shown(Turn(Menu("M", [Option(1, "B3", price)]))))["1"] == "B3 · 85\u202f000 FCFA"
    bubble = checked(shown(Turn(Menu("M", [Option(1, "Appartement B3", price)]))))
    assert bubble.style == "list"
    assert (bubble.choices[0].label, bubble.choices[0].note) == ("Appartement B3", "85\u202f000 FCFA")


def test_two_of_one_name_are_rows_and_told_apart() -> None:
    bubble = checked(shown(Turn(Menu("Quel bail ?", [Option(1, "Studio"), Option(2, "Studio")]))))
    assert bubble.style == "list"
    assert taps(bubble) == {"1": "Studio", "2": "Studio (2)", "0": "Retour", "00": "Accueil"}


# --- lists -------------------------------------------------------------------------------------------------


def test_a_list_holds_options_links_and_ways_back() -> None:
    bubble = checked(shown(menu(6, links=[Link("a", "Autre quartier"), Link("b", "Recommencer")])))
    assert (bubble.style, bubble.opener) == ("list", "Choisir")
    assert list(taps(bubble)) == ["1", "2", "3", "4", "5", "6", "8", "7", "0", "00"]
    assert bubble.text == "Que faire ?"


def test_ways_back_become_words_before_an_option_goes_to_another_page() -> None:
    bubble, further = whatsapp.render(menu(9), deep())
    assert list(taps(bubble)) == ["1", "2", "3", "4", "5", "6", "10", "11", "12", "0"]
    assert bubble.text == "Que faire ?\n\n00 Accueil"
    bubble, further = whatsapp.render(menu(10), deep())
    assert not further
    assert list(taps(bubble))[-1] == "13"
    assert bubble.text == f"Que faire ?\n\n{WORDS_BACK}"


def test_more_than_ten_go_page_by_page() -> None:
    place = deep()
    bubble, further = whatsapp.render(menu(12), place)
    assert further
    assert list(taps(bubble)) == ["1", "2", "3", "4", "5", "6", "10", "11", "12", "9"]
    place.page = 1
    bubble, further = whatsapp.render(menu(12), place)
    assert not further
    assert taps(bubble) == {"13": "Choix 9", "14": "Choix 10", "15": "Choix 11", "0": "Retour", "00": "Accueil"}
    place.page = 7
    assert whatsapp.render(menu(12), place) == (bubble, False)
    assert place.page == 1, "a page behind the last is the last"


def test_a_long_label_is_whole_in_the_description() -> None:
    label = "A4821 Appt 2ch Derrière la grande pharmacie"
    bubble = checked(shown(Turn(Menu("M", [Option(1, label, Money(85_000, "XAF"))]))))
    assert bubble.choices[0].label == "A4821 Appt 2ch Derrière…"
    assert bubble.choices[0].note == f"{label} · 85\u202f000 FCFA"
    assert label not in bubble.text


def test_a_label_too_long_for_its_description_is_whole_in_the_body() -> None:
    label = "Appartement " + "très " * 15 + "meublé"
    bubble = checked(shown(Turn(Menu("M", [Option(1, label, Money(85_000, "XAF"))]))))
    assert f"1 {label} · 85\u202f000 FCFA" in bubble.text


def test_fewer_options_a_page_before_a_word_is_lost() -> None:
    labels = [f"{index} {'long ' * 60}" for index in range(8)]
    place = deep()
    bubble, further = whatsapp.render(Turn(Menu("M", [Option(i, label) for i, label in enumerate(labels)])), place)
    assert further
    assert all(label.strip() in bubble.text for label in labels[:3])
    checked(bubble)


# --- words -------------------------------------------------------------------------------------------------


def test_the_remark_stands_above_in_a_paragraph_of_its_own() -> None:
    bubble = shown(Turn(menu(4).screen, t("answer.unknown")), at_home())
    assert bubble.text == "Je n'ai pas compris. Touchez une des réponses.\n\nQue faire ?"


def test_amounts_and_months_are_in_full_and_accents_stay() -> None:
    title = t("pay.arrears", title="Réf “ê”", count=2, left=Money(85_000, "XAF"), month=Month(2026, 11))
    said = shown(Turn(Notice(title))).text
    assert "85\u202f000 FCFA" in said
    assert "novembre 2026" in said
    assert "Réf “ê”" in said


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Villa *Les Palmiers* ici", "Villa ∗Les Palmiers∗ ici"),
        ("_a_ ~b~ `c`", "＿a＿ ∼b∼ ′c′"),
        ("*_a_*", "∗＿a＿∗"),
        ("```x```", "′′′x′′′"),
        ("Faites *384*2# ou *384#", "Faites *384*2# ou *384#"),
        ("2 * 3 * 4, a_b_c, ~ 5", "2 * 3 * 4, a_b_c, ~ 5"),
        ("x_*a*_y", "x_∗a∗_y"),
        ("_a_*b*", "＿a＿∗b∗"),
        ("*a\nb*", "*a\nb*"),
    ],
)
def test_a_name_formats_nothing(said: str, plain: str) -> None:
    assert shown(Turn(Notice(said))).text == plain


def test_something_to_type_comes_with_the_ways_back_in_words() -> None:
    bubble = checked(shown(Turn(Field("Votre nom ?", str))))
    assert (bubble.text, bubble.choices, bubble.asks) == (f"Votre nom ?\n\n{WORDS_BACK}", (), "")
    assert shown(Turn(Secret("Code ?"))).text == f"Code ?\n\n{WORDS_BACK}"


def test_a_notice_is_words_and_nothing_else() -> None:
    assert whatsapp.render(Turn(Notice("Fini")), deep()) == (Bubble("Fini"), False)
    assert size(checked(shown(Turn(Notice("mot " * 2_000)))).text) > 4_000


def test_something_to_share_instead() -> None:
    bubble = checked(shown(Turn(Field("Où ?", str, asks="location", shared=str))))
    assert (bubble.asks, bubble.share) == ("location", "Envoyer ma position")
    assert size(shown(Turn(Field("mot " * 900, str, asks="contact"))).text) <= 1_024
    assert size(shown(Turn(Field("mot " * 900, str))).text) > 3_000


def test_what_may_be_answered_by_a_location_says_so_in_words() -> None:
    """One of the two providers has no button for it."""
    for screen in (
        Menu("Où ?", [Option(1, "Akwa")], asks="location", shared=int),
        Menu("Où ?", [Option(n, f"Quartier {n}") for n in range(7)], asks="location", shared=int),
        Field("Où ?", str, asks="location", shared=str),
    ):
        assert checked(shown(Turn(screen))).text.startswith("Où ?\n\nOu envoyez votre position.")
    assert "position" not in shown(Turn(Field("Votre numéro ?", str, asks="contact"))).text


def test_a_picture_and_a_point() -> None:
    turn = menu(4, photo="https://media.example/a.jpg", spot=(4.05, 9.7))
    bubble = checked(shown(turn))
    assert bubble.photo == "https://media.example/a.jpg"
    assert bubble.pin is not None
    assert (bubble.pin.latitude, bubble.pin.longitude, bubble.pin.name) == (4.05, 9.7, "Que faire ?")
    bare = shown(Turn(Menu("mot " * 900, photo="https://media.example/a.jpg")), at_home())
    assert size(bare.text) <= 1_024
    assert shown(menu(4)).pin is None


# --- whatever the labels -----------------------------------------------------------------------------------


@given(turns())
def test_every_option_is_on_some_page_and_every_page_is_taken(turn: Turn) -> None:
    place, seen = deep(), set[str]()
    for page in range(30):
        place.page = page
        bubble, further = whatsapp.render(turn, place)
        answers = set(taps(checked(bubble)))
        assert ("9" in answers) == (further or (isinstance(turn.screen, Menu) and turn.screen.more is not None))
        assert "0" in answers or "0 Retour" in bubble.text
        assert "00" in answers or bubble.text.endswith("00 Accueil")
        seen |= answers
        if not further:
            break
    offered = turn.screen.options if isinstance(turn.screen, Menu) else (1, 2)
    assert {str(option_number(index)) for index in range(len(offered))} <= seen

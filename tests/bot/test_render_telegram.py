"""Screens on Telegram: within the Bot API's limits whatever the labels, nothing dropped, a way back."""

from hypothesis import given

from bot.answer import option_number
from bot.engine import Turn
from bot.place import Place
from bot.render import telegram
from bot.render.bubble import Bubble
from bot.render.rich import size
from bot.talk import Confirm, Field, Link, Menu, Notice, Option, Secret, t
from core.kit.money import Money
from tests.bot.screens import at_home, deep, first, menu, taps, turns


def shown(turn: Turn, place: Place | None = None) -> Bubble:
    return telegram.render(turn, place or deep())[0]


def checked(bubble: Bubble) -> Bubble:
    """Within what the Bot API takes: 4096 units, 1024 under a picture, 100 buttons, 64 bytes to bring back."""
    assert 1 <= size(bubble.text) <= (1_024 if bubble.photo else 4_096)
    assert bubble.text.strip()
    assert len(bubble.choices) <= 100
    assert all(1 <= len(choice.id.encode()) <= 64 for choice in bubble.choices)
    assert all(choice.label.strip() and size(choice.label) <= 36 and not choice.note for choice in bubble.choices)
    assert len({choice.label.casefold() for choice in bubble.choices}) == len(bubble.choices)
    assert len({choice.id for choice in bubble.choices}) == len(bubble.choices)
    assert bubble.style == ("buttons" if bubble.choices else "none")
    assert not (bubble.asks and bubble.choices), "a message has one keyboard"
    return bubble


def test_a_menu() -> None:
    bubble = checked(shown(menu(7, links=[Link("a", "Autre")])))
    assert list(taps(bubble)) == ["1", "2", "3", "4", "5", "6", "10", "8", "0", "00"]
    assert bubble.text == "Que faire ?"
    assert list(taps(shown(menu(2), first()))) == ["1", "2", "0"]
    assert list(taps(shown(menu(2, first=12), first()))) == ["16", "17", "0"]
    assert list(taps(shown(menu(2), at_home()))) == ["1", "2"]


def test_yes_or_no() -> None:
    bubble = checked(shown(Turn(Confirm("Sûr ?"), t("answer.unknown"))))
    assert taps(bubble) == {"1": "Oui", "2": "Non", "0": "Retour", "00": "Accueil"}
    assert bubble.text == "Je n'ai pas compris. Touchez une des réponses.\n\nSûr ?"


def test_more_than_ten_go_page_by_page() -> None:
    place = deep()
    bubble, further = telegram.render(menu(12), place)
    assert further
    assert list(taps(bubble))[8:] == ["12", "13", "9", "0", "00"]
    place.page = 1
    bubble, further = telegram.render(menu(12), place)
    assert not further
    assert list(taps(bubble)) == ["14", "15", "0", "00"]


def test_a_long_label_gives_way_to_its_price_and_is_whole_in_the_text() -> None:
    label = "A4821 Appt 2ch Derrière la grande pharmacie"
    bubble = checked(shown(Turn(Menu("M", [Option(1, label, Money(85_000, "XAF")), Option(2, "Court")]))))
    assert taps(bubble)["1"] == "A4821 Appt 2ch Derriè… · 85\u202f000 FCFA"
    assert bubble.text == f"M\n\n1 {label} · 85\u202f000 FCFA"


def test_labels_that_are_only_whole_in_the_text_go_on_another_page_when_it_is_full() -> None:
    turn = Turn(Menu("M", [Option(number, f"{number} {'x' * 900}") for number in range(8)]))
    bubble, further = telegram.render(turn, deep())
    assert (list(taps(checked(bubble)))[:5], further) == (["1", "2", "3", "4", "9"], True)
    assert bubble.text.count("x" * 900) == 4


def test_markup_is_left_as_it_is() -> None:
    assert shown(Turn(Notice("Villa *Les _Palmiers_* <b>"))).text == "Villa *Les _Palmiers_* <b>"


def test_something_to_type_has_the_ways_back_to_tap() -> None:
    for screen in (Field("Votre nom ?", str), Secret("Code ?")):
        bubble = checked(shown(Turn(screen)))
        assert taps(bubble) == {"0": "Retour", "00": "Accueil"}
        assert bubble.text == screen.title


def test_something_to_share_has_the_ways_back_in_words() -> None:
    bubble = checked(shown(Turn(Field("Votre numéro ?", str, asks="contact", shared=str))))
    assert (bubble.asks, bubble.share, bubble.choices) == ("contact", "Partager mon numéro", ())
    assert bubble.text == "Votre numéro ?\n\n0 Retour · 00 Accueil"


def test_a_menu_that_may_be_answered_by_a_location_says_so() -> None:
    screen = Menu("Où ?", [Option(1, "Akwa")], asks="location", shared=int)
    bubble = checked(shown(Turn(screen, t("answer.unknown"))))
    assert bubble.text.endswith("\n\nOù ?\n\nOu envoyez votre position.")
    assert (bubble.asks, taps(bubble)["1"]) == ("", "Akwa")
    assert shown(Turn(Field("Où ?", str, asks="location", shared=str))).text.startswith("Où ?\n\n0 Retour")


def test_a_keyboard_that_shares_is_taken_away_by_what_follows() -> None:
    place = deep()
    assert shown(menu(2), place).noted == ""
    for asks in ("contact", "location"):
        field = Turn(Field("Votre numéro ?", str, asks=asks, shared=str))
        assert (shown(field, place).noted, place.keys) == ("", True)
        assert shown(field, place).noted == "", "it stands there still"
        assert (shown(menu(2), place).noted, place.keys) == ("C'est noté.", False)
        assert shown(menu(2), place).noted == "", "once"


def test_a_notice_is_words_and_nothing_else() -> None:
    assert telegram.render(Turn(Notice("Fini")), deep()) == (Bubble("Fini"), False)


def test_a_picture_leaves_less_room_for_words() -> None:
    turn = Turn(Menu("mot " * 600, [Option(1, "Visiter")], photo="https://media.example/a.jpg", spot=(4.0, 9.0)))
    bubble = checked(shown(turn))
    assert bubble.photo
    assert bubble.pin is not None
    assert size(bubble.pin.name) <= 60
    full = Menu("q" * 2_000, [Option(1, "Visiter")], photo="https://media.example/a.jpg")
    assert size(shown(Turn(full)).text) == 1_024


@given(turns())
def test_every_option_is_on_some_page_and_every_page_is_taken(turn: Turn) -> None:
    place, seen = deep(), set[str]()
    for page in range(30):
        place.page = page
        bubble, further = telegram.render(turn, place)
        answers = set(taps(checked(bubble)))
        assert ("9" in answers) == (further or (isinstance(turn.screen, Menu) and turn.screen.more is not None))
        assert {"0", "00"} <= answers
        seen |= answers
        if not further:
            break
    offered = turn.screen.options if isinstance(turn.screen, Menu) else (1, 2)
    assert {str(option_number(index)) for index in range(len(offered))} <= seen

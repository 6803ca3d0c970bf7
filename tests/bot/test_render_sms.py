"""Screens and notices by SMS: one segment wherever that is possible, never more than three, nothing dropped."""

from hypothesis import given

from bot.answer import option_number
from bot.engine import Turn
from bot.place import Place
from bot.render import sms
from bot.render.bubble import Bubble
from bot.render.gsm7 import segments, septets
from bot.talk import Confirm, Field, Link, Menu, Notice, Option, t
from core.kit.money import Money
from tests.bot.screens import at_home, deep, first, menu, turns


def shown(turn: Turn, place: Place | None = None) -> Bubble:
    return sms.render(turn, place or deep())[0]


def lines(turn: Turn, place: Place | None = None) -> list[str]:
    return shown(turn, place).text.split("\n")


def numbers(bubble: Bubble) -> set[str]:
    return {line.split(" ")[0] for line in bubble.text.split("\n")}


# --- screens -----------------------------------------------------------------------------------------------


def test_a_menu() -> None:
    bubble, further = sms.render(menu(2), deep())
    assert bubble == Bubble("Que faire ?\n1 Choix 0\n2 Choix 1\nRépondez 1-2, 0 Retour", segments=1)
    assert not further
    assert lines(menu(1), at_home()) == ["Que faire ?", "1 Choix 0", "Répondez 1"]


def test_eight_options_in_one_message_and_numbers_that_leave_a_gap() -> None:
    bubble, further = sms.render(menu(12), first())
    assert further
    assert bubble.text.split("\n")[1:] == [
        "1 Choix 0", "2 Choix 1", "3 Choix 2", "4 Choix 3", "5 Choix 4", "6 Choix 5", "10 Choix 6", "11 Choix 7",
        "9 Suite", "Répondez 1-6, 10-11, 0 Retour",
    ]  # fmt: skip
    place = deep()
    place.page = 1
    assert lines(menu(12), place)[1:] == ["12 Choix 8", "13 Choix 9", "14 Choix 10", "15 Choix 11",
                                          "Répondez 12-15, 0 Retour"]  # fmt: skip


def test_other_screens() -> None:
    assert lines(Turn(Confirm("Sûr ?"), t("confirm.no"))) == ["Non", "Sur ?", "1 Oui", "2 Non",
                                                              "Répondez 1-2, 0 Retour"]  # fmt: skip
    assert shown(Turn(Notice("Reçu"))) == Bubble("Recu", segments=1)
    assert lines(Turn(Field("Où ?", str, asks="location"))) == ["Où ?", "0 Retour"]
    assert "position" not in " ".join(lines(Turn(Menu("Où ?", [Option(1, "Akwa")], asks="location"))))
    with_all = Menu("M", [Option(1, "A", Money(5, "XAF"))], [Link("x", "L")], more=7)
    assert lines(Turn(with_all)) == ["M", "1 A 5F", "8 L", "9 Suite", "Répondez 1, 8, 0 Retour"]


def test_what_to_answer_is_said_only_where_it_is_free() -> None:
    assert lines(Turn(Confirm("q" * 148))) == ["q" * 148, "1 Oui", "2 Non"], "160 septets: no hint"
    assert lines(Turn(Confirm("q" * 133)))[3:] == ["Répondez 1-2"], "what to answer before the way back"
    assert lines(Turn(Menu("q" * 148, [Option(1, "A")])))[2:] == []
    assert lines(Turn(Menu("q" * 147, [Option(1, "A")])))[2:] == ["0 Retour"]
    assert lines(Turn(Menu("q" * 143, [Option(1, "A")])))[2:] == ["Répondez 1"]
    gap = Menu("q" * 94, [Option(index, "Choix") for index in range(7)])
    assert lines(Turn(gap))[-1] == "0 Retour", "no range, but the way back"
    assert lines(Turn(Field("q" * 151, str))) == ["q" * 151, "0 Retour"]
    assert lines(Turn(Field("q" * 152, str))) == ["q" * 152]


def test_labels_are_cut_before_a_second_segment_and_never_their_price() -> None:
    labels = [Option(index, f"Studio {index} derrière la boulangerie", Money(85_000, "XAF")) for index in range(4)]
    bubble, further = sms.render(Turn(Menu("Homes", labels)), deep())
    assert not further
    assert bubble.segments == 1
    assert bubble.text.split("\n")[1] == "1 Studio 0 derrière la b.. 85.000F"


def test_fewer_options_before_a_second_segment() -> None:
    labels = [Option(index, f"Studio {index} derrière la boulangerie", Money(85_000, "XAF")) for index in range(8)]
    bubble, further = sms.render(Turn(Menu("Homes", labels)), deep())
    assert further
    assert bubble.segments == 1
    assert {"1", "2", "3", "4", "9"} <= numbers(bubble)


def test_but_not_fewer_than_four() -> None:
    labels = [Option(index, f"Studio {index}") for index in range(5)]
    bubble, further = sms.render(Turn(Menu("q" * 140, labels)), deep())
    assert not further
    assert bubble.segments == 2
    assert "Studio 4" in bubble.text


def test_yes_and_no_stay_together() -> None:
    bubble, further = sms.render(Turn(Confirm("q" * 440, "Oui", "Non, je préfère attendre demain")), deep())
    assert not further
    assert {"1", "2"} <= numbers(bubble)


def test_numbers_go_on_where_another_menu_ended() -> None:
    assert lines(menu(2, first=12))[1:] == ["16 Choix 0", "17 Choix 1", "Répondez 16-17, 0 Retour"]


def test_where_cutting_saves_nothing_labels_stay_whole() -> None:
    label = "Appartement derrière la grande boulangerie du marché"
    bubble = shown(Turn(Menu("q" * 150, [Option(1, label), Option(2, "B")])))
    assert label in bubble.text
    assert bubble.segments == 2


def test_a_pair_that_may_not_be_parted_counts_where_labels_are_cut() -> None:
    title = "q" * 152 + "€" + "q" * 109
    bubble = shown(Turn(Menu(title, [Option(1, "b" * 40)])))
    assert segments(f"{title}\n1 {'b' * 40}") == 3, "306 septets: two segments, if the pair did not stand at the seam"
    assert (bubble.segments, bubble.text.split("\n")[1]) == (2, f"1 {'b' * 28}..")


def test_three_segments_at_most() -> None:
    long = [Option(index, "mot " * 40, "n" * 60) for index in range(8)]
    bubble, further = sms.render(Turn(Menu("q" * 300, long)), deep())
    assert further
    assert bubble.segments == 3
    assert shown(Turn(Notice("mot " * 900))).segments == 3
    assert "0 Retour" not in shown(Turn(Menu("q" * 900, [Option(1, "A")]))).text
    assert "1 A" in shown(Turn(Menu("q" * 900, [Option(1, "A")]))).text


@given(turns())
def test_every_option_is_in_some_message_of_three_segments_at_most(turn: Turn) -> None:
    place, seen = deep(), set[str]()
    for page in range(30):
        place.page = page
        bubble, further = sms.render(turn, place)
        assert septets(bubble.text) is not None
        assert bubble.segments == segments(bubble.text) <= 3
        assert not bubble.choices
        seen |= numbers(bubble)
        assert ("9" in numbers(bubble)) >= (further or (isinstance(turn.screen, Menu) and turn.screen.more is not None))
        if not further:
            break
    offered = turn.screen.options if isinstance(turn.screen, Menu) else (1, 2)
    assert {str(option_number(index)) for index in range(len(offered))} <= seen


# --- notices -----------------------------------------------------------------------------------------------


def test_a_notice_is_one_segment_by_cutting_names_and_nothing_else() -> None:
    blanks = {"text": "x" * 400, "ref": "P88213"}
    assert sms.word_notice("said.1", blanks, "fr").text == "x" * 400, "what somebody is answered is never cut"


def test_a_notice_keeps_to_one_message_by_its_longest_name_alone() -> None:
    blanks = {
        "amount": Money(85_000, "XAF"), "what": "nov 2026", "left": Money(0, "XAF"), "ref": "P1234567", "paper": "Reçu",
        "number": "2026-000123", "code": "8F2KABCD", "payer": "Awa", "title": "B3",
        "landlord": "Fotso Jean-Baptiste Emmanuel Félix de la Grande Résidence du Marché",
    }  # fmt: skip
    said = sms.word_notice("rent_paid.1", blanks, "fr")
    assert said.segments == 1
    assert all(part in said.text for part in ("85.000F", "nov 2026", "P1234567", "Awa", "B3", "Fotso Jean-Ba"))
    assert "Marché" not in said.text
    long = sms.word_notice("rent_paid.1", {**blanks, "what": "x" * 200}, "fr")
    assert long.segments > 1
    assert "x" * 200 in long.text
    assert "Fotso." in long.text

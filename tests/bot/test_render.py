"""Screens as they are shown: within the septets of the gateway, nothing dropped, always a way back."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import option_number
from bot.engine import Turn
from bot.place import Frame, Place, Stop, pack
from bot.render import ussd
from bot.render.gsm7 import septets
from bot.render.words import say, word
from bot.talk import Confirm, Field, Link, Menu, Notice, Option, Secret, Text, t
from core.kit.money import Money
from core.kit.month import Month
from core.kit.phone import Phone

PLAIN = ussd.Limits()
DEEP = Place(frames=[Frame("menu", "x", pack({})), Frame("a", "b", pack({}), [Stop("c", pack({}))])])
HOME = Place(frames=[Frame("menu", "root", pack({}))])


def lines(turn: Turn, place: Place = DEEP, limits: ussd.Limits = PLAIN) -> list[str]:
    return ussd.render(turn, place, limits).text.split("\n")


def menu(count: int, **more: object) -> Turn:
    options = [Option(index, f"Choix {index}") for index in range(count)]
    return Turn(Menu("Que faire ?", options, **more))  # type: ignore[arg-type]


def test_a_menu() -> None:
    assert lines(menu(2)) == ["Que faire ?", "1 Choix 0", "2 Choix 1", "0 Retour"]
    assert lines(menu(2), HOME) == ["Que faire ?", "1 Choix 0", "2 Choix 1"]


def test_links_have_their_own_numbers() -> None:
    turn = Turn(Menu("Homes", [Option(1, "One")], [Link("a", "Alert"), Link("b", "Other")]))
    assert lines(turn) == ["Homes", "1 One", "7 Other", "8 Alert", "0 Retour"]


def test_numbers_run_on_through_the_pages() -> None:
    place = Place(frames=list(DEEP.frames))
    first = ussd.render(menu(8), place, PLAIN)
    assert first.further
    assert first.text.split("\n")[-3:] == ["6 Choix 5", "9 Suite", "0 Retour"]
    place.page = 1
    second = ussd.render(menu(8), place, PLAIN)
    assert not second.further
    assert second.text.split("\n") == ["Que faire ?", "10 Choix 6", "11 Choix 7", "0 Retour"]


def test_a_remark_makes_a_page_shorter_and_the_next_one_begins_behind_it() -> None:
    place = Place(frames=list(DEEP.frames))
    turn = Turn(Menu("Que faire ?", [Option(index, f"un quartier au nom long {index}") for index in range(8)]))
    ussd.render(Turn(turn.screen, t("answer.unknown")), place, PLAIN)
    stopped = place.starts[1]
    place.page = 1
    following = ussd.render(turn, place, PLAIN).text.split("\n")[1]
    assert stopped < len(ussd.render(turn, Place(frames=list(DEEP.frames)), PLAIN).text.split("\n")) - 3
    assert following == f"{stopped + 1} un quartier au nom long {stopped}"


def test_a_page_behind_the_last_is_the_last() -> None:
    place = Place(frames=list(DEEP.frames), page=7)
    assert "11 Choix 7" in ussd.render(menu(8), place, PLAIN).text
    assert place.page == 1


@pytest.mark.parametrize("septets_more", [0, 1])
def test_options_that_all_fit_on_one_screen_are_not_parted(septets_more: int) -> None:
    turn = Turn(Menu("Que faire ?", [Option(index, "x" * 22) for index in range(5)] + [Option(5, "y")]))
    room = len("\n".join(["Que faire ?", *(f"{number} {'x' * 22}" for number in range(1, 6)), "6 y", "0 Retour"]))
    place = Place(frames=list(DEEP.frames), page=1)
    screen = ussd.render(turn, place, ussd.Limits(septets=room - septets_more))
    assert (place.page, screen.text.split("\n")[1][:3]) == ((1, "5 x") if septets_more else (0, "1 x"))
    assert septets(screen.text) == room or septets_more


def test_more_to_fetch_offers_the_next_page_and_continues_the_numbers() -> None:
    assert lines(menu(1, more=99, first=12)) == ["Que faire ?", "16 Choix 0", "9 Suite", "0 Retour"]


def test_the_note_survives_when_the_label_shrinks() -> None:
    turn = Turn(Menu("T" * 100, [Option(1, "Appartement meublé " * 6, Money(85_000, "XAF"))]))
    shown = lines(turn)
    assert shown[1].startswith("1 Appartement")
    assert shown[1].endswith(".. 85.000F")


def test_other_screens() -> None:
    assert lines(Turn(Confirm("Sûr ?"))) == ["Sur ?", "1 Oui", "2 Non", "0 Retour"]
    assert lines(Turn(Field("Votre nom ?", str))) == ["Votre nom ?", "0 Retour", "00 Accueil"]
    assert lines(Turn(Secret("Code"), Text("confirm.no"))) == ["Non", "Code", "0 Retour", "00 Accueil"]
    ended = ussd.render(Turn(Notice("Fini")), DEEP, PLAIN)
    assert (ended.text, ended.keep_open) == ("Fini", False)


def test_accents_stay_where_the_gateway_is_proven() -> None:
    assert lines(Turn(Notice("Payé à l’heure, reçu")), limits=ussd.Limits(accents=True)) == ["Payé à l'heure, recu"]


@pytest.mark.parametrize("screen", [Field("q" * 400, str), Notice("n" * 400), Confirm("c" * 400)])
def test_what_is_too_long_is_cut_and_never_the_way_back(screen: Field[str] | Notice | Confirm) -> None:
    shown = ussd.render(Turn(screen, Text("answer.unknown")), DEEP, PLAIN).text
    assert septets(shown) is not None
    assert (septets(shown) or 0) <= 160
    assert isinstance(screen, Notice) or "0 Retour" in shown
    assert isinstance(screen, Notice) or screen.title[:20] in shown, "the question goes before the remark"  # type: ignore[index]


@given(
    title=st.text(max_size=200),
    labels=st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=30),
    notes=st.booleans(),
    more=st.booleans(),
    budget=st.sampled_from([140, 160, 182]),
)
def test_every_option_is_on_some_page_and_every_page_fits(
    title: str, labels: list[str], notes: bool, more: bool, budget: int
) -> None:
    note = Money(1_234_500, "XAF") if notes else None
    options = [Option(i, label, note) for i, label in enumerate(labels)]
    turn = Turn(Menu(title, options, [Link("a", "Autre")], more=99 if more else None))
    place = Place(frames=list(DEEP.frames))
    numbers: list[str] = []
    for page in range(40):
        place.page = page
        screen = ussd.render(turn, place, ussd.Limits(septets=budget))
        assert (septets(screen.text) or 0) <= budget
        shown = screen.text.split("\n")
        assert shown[-1] == "0 Retour"
        assert ("9 Suite" in shown) == (screen.further or more)
        numbers += [line.split(" ")[0] for line in shown if line.split(" ")[0].isdigit()]
        if not screen.further:
            break
    assert {str(option_number(i)) for i in range(len(labels))} <= set(numbers)


# --- words -------------------------------------------------------------------------------------------------


def test_blanks_in_words() -> None:
    at = datetime(2026, 11, 5, 10, 4, tzinfo=UTC)
    cases: list[tuple[object, str]] = [
        (Money(85_000, "XAF"), "85.000F"),
        (Money(1_500_000, "XOF"), "1.500.000F"),
        (Month(2026, 8), "août 2026"),
        ((Month(2026, 8), Month(2026, 9)), "août 2026, sept 2026"),
        (date(2026, 11, 5), "05/11"),
        (at, "05/11 10h04"),
        (Phone("+237677123456"), "677***456"),
        (None, ""),
        (7, "7"),
        (t("confirm.yes"), "Oui"),
    ]
    for value, words in cases:
        assert word(value, "fr") == words
    assert word(Money(85_000, "XAF"), "fr", "rich") == "85\u202f000 FCFA"
    assert word(Month(2026, 8), "fr", "rich") == "août 2026"
    assert word(Month(2026, 8), "en", "rich") == "August 2026"
    assert word(date(2026, 11, 5), "fr", "rich") == "5 novembre"
    assert word(date(2026, 8, 1), "fr", "rich") == "1er août"
    assert word(date(2026, 8, 1), "en", "rich") == "1 August"
    assert word(at, "fr", "rich") == "5 novembre, 10h04"
    assert word(7, "fr", "rich") == "7"
    assert word(Phone("+237677123456"), "fr", "rich") == "677***456"
    with pytest.raises(TypeError):
        word(1.5, "fr")
    with pytest.raises(KeyError):
        say(t("no.such.line"), "fr")

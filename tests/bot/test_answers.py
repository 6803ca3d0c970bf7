"""The engine reads answers: numbers, labels, what is typed, secrets, and what is no answer at all."""

import msgspec
import pytest

from bot.answer import option_index, option_number, read_label, read_named
from bot.place import Place
from bot.render.words import word
from bot.talk import Menu, Option, t
from core.kit.errors import Unclear
from core.kit.money import Money
from tests.bot.small import Buy, Shop, Talk, World


async def test_a_conversation_from_menu_to_command() -> None:
    talk = Talk()
    assert await talk.home() == "root"
    assert await talk.say("1") == "fruit"
    assert await talk.say("1") == "price"
    assert await talk.say("85 mille") == "sure"
    assert await talk.say("1") == "pin"
    assert await talk.say("2580") == "thanks"
    assert talk.world.bought == [Buy("Apple", "2580")]
    assert talk.turn is not None
    assert talk.turn.ended
    assert await talk.say("5") == "root", "after the end, anything begins anew"


async def test_the_secret_is_in_no_stored_place() -> None:
    talk = Talk(World(refuse="pin.wrong"))
    await talk.enter("shop", "pin", Shop("Apple"))
    assert await talk.say("2580") == "pin.wrong/pin"
    assert b"2580" not in msgspec.json.encode(talk.place)


async def test_a_number_means_what_was_shown_even_if_the_list_has_changed() -> None:
    talk = Talk()
    await talk.enter("shop")
    talk.world.fruit = ["Fig", "Apple"]
    await talk.say("1", "100")
    assert talk.place.top is not None
    assert b"Apple" in bytes(talk.place.top.state)


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("4", "answer.unknown/fruit"),
        ("1.", "price"),
        ("(1)", "price"),
        (" 1 :", "price"),
        ("1+1", "answer.unknown/fruit"),
        ("nav.back", "root"),
        ("NAV.BACK", "root"),
        ("nav.bakc", "root"),
        ("nav.home", "root"),
        ("nav.next", "fruit"),
        ("skip", "price"),
        ("0", "root"),
        ("00", "root"),
        ("8", "price"),
        ("7", "answer.unknown/fruit"),
        ("9", "fruit"),
        ("appl", "price"),
        ("APPLE", "price"),
        ("aplle", "price"),
        ("Aplpe", "price"),
        ("appples", "answer.unknown/fruit"),
        ("apple1", "answer.unknown/fruit"),
        ("plam", "plums.over/fruit"),
        ("paer", "sure"),
        ("ap", "answer.unknown/fruit"),
        ("p", "answer.unknown/fruit"),
        ("pear", "sure"),
        ("kiwi", "answer.unknown/fruit"),
        ("🏠", "answer.unknown/fruit"),
        ("3", "plums.over/fruit"),
        ("99999999999999999999", "answer.unknown/fruit"),
        ("٣", "plums.over/fruit"),
        ("１", "price"),
        ("1️⃣", "price"),
        ("1)", "price"),
        ("#1", "price"),
        ("n°1", "price"),
        ("N° 1 svp", "price"),
        ("numéro 1", "price"),
        ("la 1", "price"),
        ("1er", "price"),
        ("le premier", "price"),
        ("un", "price"),
        ("La deuxième", "sure"),
        ("two", "sure"),
        ("le 4", "answer.unknown/fruit"),
        ("quatre", "answer.unknown/fruit"),
        ("suivant", "fruit"),
        ("précédent", "root"),
        ("annuler", "root"),
        ("Plus tard", "root"),
    ],
)
async def test_answers_to_a_menu(said: str, seen: str) -> None:
    talk = Talk()
    await talk.enter("shop")
    assert await talk.say(said) == seen


async def test_a_third_wrong_answer_is_helped() -> None:
    talk = Talk()
    await talk.enter("shop")
    assert await talk.say("x1", "x2") == "answer.unknown/fruit"
    assert await talk.say("x3") == "answer.help/fruit"


async def test_paging_first_the_renderers_pages_then_the_flows() -> None:
    talk = Talk()
    await talk.enter("shop")
    talk.place.further = True
    await talk.say("9")
    assert talk.place.page == 1
    talk.place.further = False
    await talk.say("9")
    assert talk.place.page == 0
    assert talk.place.top is not None
    assert b'"page":1' in bytes(talk.place.top.state)
    await talk.say("9")
    assert await talk.say("9") == "answer.unknown/fruit", "there is no page behind the last"


async def test_typed_answers_are_asked_again_until_they_are_clear() -> None:
    talk = Talk()
    await talk.enter("shop", "price", Shop("Apple"))
    assert await talk.say("lots") == "money.unclear/price"
    assert await talk.say("100") == "sure"
    assert await talk.say("maybe") == "answer.unknown/sure"
    assert await talk.say("non") == "root"


@pytest.mark.parametrize("said", ["123", "12345", "12a4", "١٢٣٤", ""])
async def test_a_pin_of_another_shape_is_not_taken(said: str) -> None:
    talk = Talk()
    await talk.enter("shop", "pin", Shop("Apple"))
    assert await talk.say(said) == "secret.shape/pin"


def test_numbers_run_on_and_leave_room_for_the_fixed_keys() -> None:
    numbers = [option_number(index) for index in range(9)]
    assert numbers == [1, 2, 3, 4, 5, 6, 10, 11, 12]
    assert [option_index(number) for number in numbers] == list(range(9))
    assert all(option_index(number) < 0 for number in (0, 7, 8, 9))


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("Payer 85.000F", "only"),
        ("payer 85 000 FCFA", "only"),
        ("Payer 85\u202f000 FCFA", "only"),
        ("Tout \u00b7 60\u202f000 FCFA", "all"),
        ("tout 60.000F", "all"),
        ("tout", "all"),
        ("Payer 85 001 FCFA", None),
        ("60.000F", None),
        ("85.000F", None),
    ],
)
def test_a_label_is_copied_as_it_is_shown_anywhere(said: str, chosen: str | None) -> None:
    only = Option("only", t("pay.only", amount=Money(85_000, "XAF")))
    menu = Menu("", [only, Option("all", t("pay.all"), note=Money(60_000, "XAF"))])
    found = read_label(menu, said, lambda value: (word(value, "fr"), word(value, "fr", "rich")))
    assert (found.value if found else None) == chosen


def test_what_may_be_typed_instead_of_an_option_is_read_after_the_labels() -> None:
    def digits(said: str) -> str:
        if not said.isdigit():
            raise Unclear("no.digits")
        return f"typed {said}"

    def read(said: str) -> str | None:
        found = read_named(Place(), Menu("", [Option("here", "Here")], typed=digits), said, lambda value: (str(value),))
        return found.value if isinstance(found, Option) else None

    assert [read(said) for said in ("here", "482913", "nowhere")] == ["here", "typed 482913", None]


async def test_the_ways_back_may_be_named_wherever_something_is_typed_or_confirmed() -> None:
    talk = Talk()
    await talk.enter("shop")
    await talk.say("1")
    assert await talk.say("Nav.Back") == "fruit", "nobody means the price called Back"
    assert await talk.say("1", "100", "nav.back") == "price"
    assert await talk.say("100", "nav.home") == "root"


async def test_the_next_page_may_be_named_only_where_there_is_one() -> None:
    talk = Talk()
    await talk.home()
    assert await talk.say("nav.next") == "answer.unknown/root"


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("oui", "pin"),
        ("Oui merci", "pin"),
        ("oui oui", "pin"),
        ("d'accord", "pin"),
        ("1.", "pin"),
        ("n°1", "pin"),
        ("le premier", "pin"),
        ("non merci", "root"),
        ("NON", "root"),
        ("la 2", "root"),
        ("deux", "root"),
        ("annuler", "root"),
        ("oui mais plus tard", "answer.unknown/sure"),
        ("merci", "answer.unknown/sure"),
        ("3", "answer.unknown/sure"),
    ],
)
async def test_yes_and_no_in_other_words(said: str, seen: str) -> None:
    talk = Talk()
    await talk.enter("shop", "sure", Shop("Apple"))
    assert await talk.say(said) == seen


@pytest.mark.parametrize(("said", "chosen"), [("oui", "this"), ("Oui merci", "this"), ("non merci", "other")])
def test_options_that_agree_or_not_are_yes_and_no(said: str, chosen: str) -> None:
    menu = Menu("", [Option("this", "This one"), Option("other", "Another one")], agrees=True)
    found = read_label(menu, said, lambda value: (str(value),))
    assert found is not None
    assert found.value == chosen
    assert read_label(Menu("", menu.options), said, lambda value: (str(value),)) is None


@pytest.mark.parametrize(
    ("said", "chosen"),
    [("un autre", "other"), ("autre", "other"), ("mois", "month"), ("payer pour", "other"), ("de", None), ("le", None)],
)
def test_words_out_of_a_label_mean_it_when_no_other_has_them(said: str, chosen: str | None) -> None:
    menu = Menu("", [Option("month", "Choisir le mois"), Option("other", "Payer pour un autre"), Option("3", "Le 3")])
    found = read_named(Place(), menu, said, lambda value: (str(value),))
    assert (found.value if isinstance(found, Option) else found) == chosen


def test_words_that_two_labels_have_mean_neither() -> None:
    menu = Menu("", [Option("a", "Oui je veux"), Option("b", "Non merci je veux bien")])
    assert read_named(Place(), menu, "je veux", lambda value: (str(value),)) is None


async def test_away_is_said_of_what_is_being_done() -> None:
    talk = Talk()
    await talk.home()
    assert await talk.say("annuler") == "answer.unknown/root", "nothing is being done"
    await talk.enter("shop", "pin", Shop("Apple"))
    assert await talk.say("plus tard") == "root"


async def test_a_question_that_is_no_menu_any_more_is_not_answered_by_words() -> None:
    talk = Talk()
    await talk.enter("shop", "price", Shop("Apple"))
    talk.place.kind = "menu"
    assert await talk.say("apple") == "answer.unknown/price"


async def test_what_is_said_beside_a_question_needs_somebody_to_take_it() -> None:
    talk = Talk()
    await talk.enter("shop")
    assert await talk.say("psst") == "place.lost/root"
    assert await talk.say("1", "1") == "price"
    assert await talk.say("psst") == "beside/price"


async def test_a_question_that_is_settled_may_say_so() -> None:
    talk = Talk()
    await talk.enter("shop", "price", Shop("Fig"))
    assert talk.seen == "fig.price/sure"

"""The table of what anybody may say at any time."""

import pytest

from bot.entry import Entry
from bot.router import Act, Router

ROUTER = Router(
    words={"aide": Entry("help"), "english": Act("en")},
    dial={"2": Entry("pay")},
    codes={"A": lambda code: Entry("home", state=code)},
)


def test_words_are_heard_in_any_case_and_with_any_accent() -> None:
    assert ROUTER.word(" AIDE! ") == Entry("help")
    assert ROUTER.word("Énglish") == Act("en")
    assert ROUTER.word("aidez") is None
    assert ROUTER.word("aide" + " " * 40) is None


def test_dial_strings_lead_to_names_and_codes_to_what_they_name() -> None:
    assert ROUTER.dialled("2") == Entry("pay")
    assert ROUTER.dialled("A4821") == Entry("home", state="A4821")
    assert ROUTER.dialled("a 4821") == Entry("home", state="A4821")
    assert ROUTER.dialled("4821") == Entry("home", state="A4821"), "a number pad has no letters"
    assert ROUTER.dialled("4822") is None
    assert Router().dialled("4821") is None
    assert ROUTER.dialled("A4822") is None, "a mistyped code leads nowhere"
    assert ROUTER.dialled("B4821") is None
    assert ROUTER.dialled("") is None
    assert ROUTER.dialled("7") is None


@pytest.mark.parametrize(
    "router",
    [
        Router(words={"ok": Entry("help")}),
        Router(words={"oui": Entry("help")}),
        Router(words={"Aide": Entry("help")}),
        Router(words={"pk14": Entry("help")}),
        Router(words={"aide": Entry("nowhere")}),
        Router(dial={"2": Entry("nowhere")}),
        Router(dial={"A4821": Entry("help")}, codes={"A": lambda _code: Entry("help")}),
    ],
)
def test_a_table_that_contradicts_itself_does_not_start(router: Router) -> None:
    with pytest.raises(ValueError, match=r"keyword|dial string"):
        router.check(["help"])


def test_a_sound_table_starts() -> None:
    ROUTER.check(["help", "pay", "home"])

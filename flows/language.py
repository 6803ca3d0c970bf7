"""Language: French or English, from now on."""

from bot.talk import Flow, Go, Menu, Option, State, do, home, step, t
from core.kit.speaker import Language
from core.people.words import ChangeLanguage
from core.reading import Reading


class Choice(State, frozen=True):
    """Nothing is remembered here."""


async def ask_language(_: Choice, __: Reading) -> Menu[Language]:
    return Menu(t("language.title"), [Option("fr", "Français"), Option("en", "English")])


def take_language(_: Choice, language: Language) -> Go[Choice]:
    return do(ChangeLanguage(language), then=home(), refused=home())


LANGUAGE = Flow("language", Choice, step("choice", ask_language, take_language, resume="never"))

"""Every screen that can be reached keeps its promises: it fits, leads on and back, and shows nobody else's life."""

import pytest

from bot.talk import Menu
from core.kit.phone import Phone, parse_phone
from core.kit.speaker import Language
from tests.crawl.checks import Checks
from tests.crawl.conftest import UNKNOWN, Village
from tests.crawl.crawler import DEEPEST
from tests.crawl.stored import SHOWN, keep


@pytest.mark.untraced
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_screen(village: Village, language: Language, request: pytest.FixtureRequest) -> None:
    seen = await village.crawl(language)
    if request.config.getoption("--update"):
        keep(seen, language, village.clock.now(), village.receipt)
    checks = Checks(language, village.names(village.phones()["shared"]))
    wrong = {problem: told for one in seen for problem, told in checks.problems(one)}
    assert not wrong, "\n\n".join(f"{problem}: {told}" for problem, told in wrong.items())
    assert len({one.screen.text for one in seen}) > 600
    assert max(len(one.way) for one in seen) < DEEPEST
    visited = {(one.flow, one.step) for one in seen if one.language == language}
    assert visited >= SHOWN, f"never shown in {language}: {sorted(SHOWN - visited)}"
    menus = [one.turn.screen for one in seen if isinstance(one.turn.screen, Menu)]
    assert any(menu.photo and menu.spot for menu in menus), "a card with both"


def test_the_phone_of_nobody_is_a_valid_number() -> None:
    assert parse_phone(UNKNOWN, "CM") == Phone(UNKNOWN)

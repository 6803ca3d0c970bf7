"""What becomes of a conversation whose task went on elsewhere."""

import pytest

from core.kit.db import Database
from tests.core.money.operator import FakeOperator
from tests.scenario.memory import Beside, hands, house_on
from tests.scenario.player import link


@pytest.mark.parametrize("other", ["sms", "meta", "telegram"])
async def test_a_session_left_open_goes_on_with_the_menu_when_its_task_went_elsewhere(
    planted: Database, pin: str, other: str
) -> None:
    house = house_on(planted)
    found = hands(house)
    phone, chat = found["ussd"], found[other]
    await link([chat], Beside(house, FakeOperator(), pin))
    await phone.say("chercher")
    await phone.pick("Location")
    await chat.meet()
    await chat.pick("Continuer")
    await chat.read("Quelle ville")
    await phone.say("1")
    await phone.read("Bonjour Ngo Bell Marie", "Payer mon loyer")
    await chat.pick("Douala")
    await chat.read("quartier de Douala")

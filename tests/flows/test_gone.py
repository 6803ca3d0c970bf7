"""What is gone, or was never this person's: one step back, and a word about it."""

import pytest

from bot.engine import Engine
from bot.entry import Entry
from bot.place import Place
from bot.talk import t
from core.kit.phone import Phone
from core.kit.speaker import Speaker
from core.leases.words import LeaseId
from core.money.words import ReceiptId
from flows import FLOWS
from flows.pay_part import Rent
from flows.receipts import Receipts
from tests.crawl.crawler import World
from tests.flows.planting import MARIE, person
from tests.talking import House


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        (Entry("pay_rent", "due", Rent(LeaseId(999))), "lease.unknown"),
        (Entry("pay_rent", "part", Rent(LeaseId(999))), "lease.unknown"),
        (Entry("receipts", "one", Receipts(receipt=ReceiptId(999))), "receipt.unknown"),
    ],
)
async def test_what_is_gone_leads_to_the_menu_and_says_so(house: House, entry: Entry, key: str) -> None:
    marie = await person(house, MARIE, "Ngo Bell Marie")
    place = Place(speaker=Speaker(Phone(MARIE), profiles=1, person=marie))
    async with house.db.transaction() as tx:
        turn = await Engine(FLOWS).enter(place, entry, World(tx, house.clock.now(), house.settings))
    assert turn.remark == t(key)
    assert [frame.flow for frame in place.frames] == ["menu"]

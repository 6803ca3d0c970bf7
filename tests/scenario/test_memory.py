"""The scenario in memory: the same rows on every channel, and across them in whatever order they follow."""

from collections.abc import Sequence

from core.kit.db import Database
from core.money.books import verify_books
from tests.core.money.operator import FakeOperator
from tests.scenario.conftest import Fresh
from tests.scenario.memory import Beside, hands, house_on
from tests.scenario.player import link, play
from tests.scenario.rows import Rows, rows_of
from tests.scenario.script import ALL, JOSEPH, SCRIPT

ORDERS = [order[at:] + order[:at] for order in (ALL, ALL[::-1]) for at in range(len(ALL))]
"""Every step is done on every channel, and every channel is left for two others."""


async def day(fresh: Fresh, pin: str, names: Sequence[str]) -> Rows:
    """Marie's day with these hands, one after the other; what it leaves, and sound books."""
    async with fresh() as url:
        db = await Database.open(url, size=4)
        try:
            house = house_on(db)
            found, operator = hands(house), FakeOperator()
            around = Beside(house, operator, pin)
            await link([found[name] for name in ALL if name != "ussd"], around)
            await play(SCRIPT, [found[name] for name in names], around, pin)
            report = await verify_books(db, operator.truth)
            assert report.sound, report.words()
        finally:
            await db.close()
        return await rows_of(url)


async def test_a_day_leaves_the_same_rows_on_every_channel(fresh: Fresh, pin: str) -> None:
    first = await day(fresh, pin, ["ussd"])
    assert [(one["amount"], one["state"]) for one in first["payment_attempt"]] == [(85_000, "succeeded")]
    assert [(one["kind"], one["remaining"]) for one in first["receipt"]] == [("quittance", 0)]
    assert [one["template"] for one in first["notice"] if JOSEPH in one["to"]] == ["rent_received.1"]
    for name in ALL:
        assert await day(fresh, pin, [name]) == first, name


async def test_a_day_leaves_the_same_rows_with_another_channel_for_every_step(fresh: Fresh, pin: str) -> None:
    first = await day(fresh, pin, ["ussd"])
    for names in ORDERS:
        assert await day(fresh, pin, names) == first, names

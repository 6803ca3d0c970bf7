"""The scenario through app, worker and providers as processes: the same rows on every channel and across them."""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from core.kit.embedded import Embedded
from tests.house import planted_house
from tests.scenario.phones import Beside, hands
from tests.scenario.player import link, play
from tests.scenario.rows import Rows, rows_of
from tests.scenario.script import ALL, MARIE, SCRIPT, holds

AT_ONCE = 3
"""Houses of three processes each that are open at the same time."""

SHORT = (ALL, ("ussd",))
LONG = (*SHORT, *((name,) for name in ALL if name != "ussd"))
"""The days that are lived; the first goes through every provider, the others take a while (``--long``)."""

PAPERS: Final[dict[tuple[str, ...], int]] = {("ussd",): 1, ("telegram",): 2, ("meta",): 2}
"""Telegram is linked last and takes papers: the receipt comes there, its copy to where it is asked for. So does Meta's
WhatsApp; Twilio's takes none.
"""


async def day(server: Embedded, home: Path, names: tuple[str, ...]) -> Rows:
    """Marie's day with these hands in a house of its own; what it leaves, and sound books."""
    async with planted_house(server, home) as house:
        await house.open()
        pin = next(str(one["pin"]) for one in house.people if one["number"] == MARIE)
        found, around = hands(house), Beside(house, pin)
        await link([found[name] for name in ALL if name != "ussd"], around)
        await play(SCRIPT, [found[name] for name in names], around, pin)
        assert await house.breaches() == []
        papers = await around.papers()
        assert all(holds(paper, "Quittance de loyer", "85.000F", "Studio B3", "Ngo Bell Marie") for paper in papers)
        assert len(papers) == PAPERS.get(names, len(papers))
        assert len(set(papers)) <= 1, "a copy is the same paper"
        return await rows_of(house.url)


async def test_a_day_leaves_the_same_rows_on_every_channel_and_across_them(
    server: Embedded, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    room = asyncio.Semaphore(AT_ONCE)

    async def lived(names: tuple[str, ...]) -> Rows:
        async with room:
            return await day(server, tmp_path_factory.mktemp("-".join(names)), names)

    async with asyncio.TaskGroup() as group:
        wanted = LONG if request.config.getoption("--long") else SHORT
        days = {names: group.create_task(lived(names)) for names in wanted}
    first = days["ussd",].result()
    assert [(one["amount"], one["state"]) for one in first["payment_attempt"]] == [(85_000, "succeeded")]
    for names, rows in days.items():
        assert rows.result() == first, names

"""People sit in places that earlier releases stored: each still answers today, whatever is said."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.engine import Engine, Turn
from bot.place import Place
from bot.places import Kept
from bot.render import ussd
from bot.render.channels import RENDERERS
from flows import FLOWS, ROUTER
from tests.crawl.conftest import Village
from tests.crawl.crawler import World
from tests.crawl.stored import PLACES, RELEASE, SHOWN, kept
from tests.talking import BUDGET

SAID = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "00", "10", "85000", "oui", "x", "", "redial")
NO_RECEIPT = "8F2K2222"
FILES = sorted(PLACES.glob("*/*.jsonl"))
BY_HAND = [json.loads(line) for line in (PLACES / "by_hand.jsonl").read_text(encoding="utf-8").splitlines()]

ENGINE = Engine(FLOWS, unasked=ROUTER.unasked)


async def said_to(world: World, stored: bytes) -> AsyncIterator[tuple[str, Place, Turn]]:
    """Everything that may be said to a stored place, and where that leads."""
    for said in SAID:
        place = msgspec.json.decode(stored, type=Kept).place
        world.secrets = place.speaker is None or place.speaker.secrets
        async with world.undone():
            if said == "redial":
                yield said, place, await ENGINE.come_back(place, world)
            else:
                yield said, place, await ENGINE.answer(place, said, world)


async def lost_by(world: World, stored: bytes) -> list[str]:
    """What was said when the conversation had to begin anew; every screen on the way can be shown."""
    lost = []
    async for said, place, turn in said_to(world, stored):
        for render in RENDERERS.values():
            render(turn, place)
        assert len(ussd.render(turn, place, ussd.Limits()).text) <= BUDGET
        if turn.remark is not None and turn.remark.key == "place.lost":
            lost.append(said)
    return lost


@pytest.mark.untraced
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
async def test_a_place_stored_by_a_release_still_answers(village: Village, file: Path) -> None:
    async with village.db.transaction() as tx:
        world = World(tx, village.clock.now(), village.settings)
        for line in {**dict.fromkeys(kept(file, village.receipt)), **dict.fromkeys(kept(file, NO_RECEIPT))}:
            assert ENGINE.path.step(msgspec.json.decode(line, type=Kept).place) is not None, line
            assert await lost_by(world, line) == [], line


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_step_of_this_release_is_kept(language: str) -> None:
    """Otherwise: pytest tests/crawl --update."""
    tops = [msgspec.json.decode(line, type=Kept).place.top for line in kept(RELEASE / f"{language}.jsonl", "")]
    assert {(top.flow, top.step) for top in tops if top} >= SHOWN


@pytest.mark.parametrize("shape", BY_HAND, ids=lambda shape: shape["why"])
async def test_a_shape_of_another_time(village: Village, shape: dict[str, Any]) -> None:
    async with village.db.transaction() as tx:
        world = World(tx, village.clock.now(), village.settings)
        assert await lost_by(world, json.dumps(shape).encode()) == shape["lost"]

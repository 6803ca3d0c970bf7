"""Gathering: one batch in flight, one person's turns in order, errors to whom they belong."""

import asyncio

import pytest

from core.kit.gather import Gather


class Port:
    """Something slow that takes many items at once; waits at its gate and remembers the batches."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = asyncio.Event()
        self.running = 0

    async def run(self, items: list[str]) -> list[str | Exception]:
        self.running += 1
        assert self.running == 1, "two batches in flight"
        self.batches.append(items)
        await self.gate.wait()
        self.running -= 1
        if "bomb" in items:
            raise RuntimeError("the port broke")
        return [LookupError(item) if item.startswith("no") else item.upper() for item in items]


async def started(gather: Gather[str, str, str], *items: tuple[str, str]) -> list[asyncio.Task[str]]:
    """Ask for each item, in order, and let the loop turn until all are waiting."""
    tasks = [asyncio.ensure_future(gather(key, item)) for key, item in items]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


@pytest.fixture
async def port() -> Port:
    return Port()


async def test_what_arrives_meanwhile_is_the_next_batch(port: Port) -> None:
    gather: Gather[str, str, str] = Gather(port.run)
    first = await started(gather, ("a", "one"))
    others = await started(gather, ("b", "two"), ("c", "three"))
    port.gate.set()
    assert await asyncio.gather(*first, *others) == ["ONE", "TWO", "THREE"]
    assert port.batches == [["one"], ["two", "three"]]


async def test_two_items_of_one_key_never_share_a_batch_and_keep_their_order(port: Port) -> None:
    gather: Gather[str, str, str] = Gather(port.run)
    tasks = await started(gather, ("a", "one"), ("a", "two"), ("b", "three"), ("a", "four"))
    port.gate.set()
    assert await asyncio.gather(*tasks) == ["ONE", "TWO", "THREE", "FOUR"]
    assert port.batches == [["one", "three"], ["two"], ["four"]]


async def test_a_batch_has_a_limit(port: Port) -> None:
    gather: Gather[str, str, str] = Gather(port.run, limit=2)
    tasks = await started(gather, *((str(number), f"item{number}") for number in range(5)))
    port.gate.set()
    await asyncio.gather(*tasks)
    assert [len(batch) for batch in port.batches] == [2, 2, 1]


async def test_an_error_reaches_only_its_caller(port: Port) -> None:
    gather: Gather[str, str, str] = Gather(port.run)
    port.gate.set()
    results = await asyncio.gather(
        gather("a", "one"), gather("b", "nobody"), gather("c", "two"), return_exceptions=True
    )
    assert [results[0], results[2]] == ["ONE", "TWO"]
    assert isinstance(results[1], LookupError)


async def test_a_broken_port_is_heard_by_the_whole_batch_and_the_next_one_runs(port: Port) -> None:
    gather: Gather[str, str, str] = Gather(port.run)
    tasks = await started(gather, ("a", "one"), ("b", "bomb"))
    later = await started(gather, ("c", "two"))
    port.gate.set()
    broken = await asyncio.gather(*tasks, return_exceptions=True)
    assert [str(error) for error in broken] == ["the port broke"] * 2
    assert await later[0] == "TWO"
    assert await gather("d", "three") == "THREE"


async def test_a_caller_who_gave_up_holds_nobody_back(port: Port) -> None:
    gather: Gather[str, str, str] = Gather(port.run)
    gone, stays = await started(gather, ("a", "one"), ("b", "two"))
    gone.cancel()
    port.gate.set()
    assert await stays == "TWO"
    with pytest.raises(asyncio.CancelledError):
        await gone

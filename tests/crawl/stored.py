"""Places as each release stores them: what the crawler meets at every step, kept in ``tests/places/<version>``."""

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec

from bot.places import Kept
from bot.session import Heard
from flows import FLOWS
from tests.crawl.crawler import Seen

PLACES: Final = Path(__file__).parents[1] / "places"
RELEASE: Final = PLACES / version("toit")
"""This release's; those of earlier ones are never written again."""

SETTLED: Final[dict[str, tuple[str, ...]]] = {
    "identify": ("known",), "menu": ("tongue", "receipt"), "register": ("language", "secret", "sorry"),
    "link": ("known",), "pay_rent": ("said",), "home": ("entry",), "results": ("said",), "sentence": ("change",),
}  # fmt: skip
"""Steps that are always settled; ``sorry`` waits for a phone with six profiles (tests/flows/test_register.py),
``said`` and ``change`` for a place whose name several bear (tests/flows/test_search_change.py).
"""

TOGETHER: Final = {("pay_with", "open")}
"""Shown only to somebody who pays in two conversations at once (tests/flows/test_pay_rent.py)."""

CODE: Final = b"8F2KABCD"
"""Stands for the code of the village's receipt, which is drawn by lot."""

SHOWN: Final = frozenset(
    (flow.name, step.name)
    for flow in FLOWS
    for step in flow.steps.values()
    if step.name not in SETTLED.get(flow.name, ()) and (flow.name, step.name) not in TOGETHER
)
"""Every step that a crawl shows."""


def keep(seen: Sequence[Seen], language: str, at: datetime, receipt: str) -> None:
    """Write one place for each step in one language: as it was first shown, without a remark if it ever was. A step
    that was kept before stays as it was stored then.
    """
    first: dict[tuple[str, str], Seen] = {}
    for one in sorted(seen, key=lambda one: one.turn.remark is not None):
        if one.language == language and not one.place.resuming:
            first.setdefault((one.flow, one.step), one)
    file = RELEASE / f"{language}.jsonl"
    lines = {_step(line): line for line in (file.read_bytes().splitlines() if file.exists() else [])}
    for step in first.keys() - lines.keys():
        lines[step] = msgspec.json.encode(_kept(first[step], at)).replace(receipt.encode(), CODE)
    RELEASE.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"\n".join(lines[step] for step in sorted(lines)) + b"\n")


def _step(line: bytes) -> tuple[str, str]:
    top = msgspec.json.decode(line, type=Kept).place.top
    assert top is not None
    return top.flow, top.step


def kept(file: Path, receipt: str) -> list[bytes]:
    """The places of a file, for a village with this receipt."""
    return file.read_bytes().replace(CODE, receipt.encode()).splitlines()


def _kept(one: Seen, at: datetime) -> Kept:
    return Kept(one.place, at, f"crawl:{one.who}", Heard.of("1", b"crawl"), one.screen.text, one.screen.keep_open)

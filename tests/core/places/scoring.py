"""How readings of sentences are judged: whole frames, and harm done by wrong or invented values."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.kit.text import fold
from core.places.gazetteer import Gazetteer
from core.places.sentence import as_filters, read_sentence

SLOTS = (
    "city",
    "neighbourhoods",
    "exclude_neighbourhoods",
    "type",
    "bedrooms",
    "furnished",
    "min_price",
    "max_price",
    "transaction",
)
_ABOUT = 0.25

Row = dict[str, Any]


@dataclass(slots=True)
class Score:
    """What became of a file of phrases; `errors` are lines to read when a threshold is missed."""

    phrases: int = 0
    frames: int = 0
    hard: int = 0
    hard_frames: int = 0
    cells: int = 0
    harmful: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def frame_accuracy(self) -> float:
        """Share of phrases with all nine slots right."""
        return self.frames / self.phrases

    @property
    def harmful_rate(self) -> float:
        """Share of the slots with something to say, or said, that hold a wrong or invented value."""
        return self.harmful / self.cells

    @property
    def hard_accuracy(self) -> float:
        """Share of the phrases marked hard with all nine slots right."""
        return self.hard_frames / self.hard


def phrases(name: str) -> list[Row]:
    """Read a file of phrases beside this one."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def comparable(value: Any) -> Any:
    """Make values compare as people would: names folded, lists without order, empty as nothing."""
    if isinstance(value, list):
        return frozenset(map(comparable, value)) or None
    return fold(value) if isinstance(value, str) else value


def right(slot: str, row: Row, said: Any) -> bool:
    """Tell whether a slot holds what was expected, or what is accepted in its place."""
    wanted = row["expect"].get(slot)
    accepted = [wanted, *row.get("accept", {}).get(slot, [])]
    if comparable(said) in map(comparable, accepted):
        return True
    if slot == "bedrooms" and wanted is None and row["expect"]["type"] in {"room", "studio"}:
        return said in {0, 1}
    top = row["expect"]["max_price"]
    if "approx" not in row["tags"] or not top or not isinstance(said, int):
        return False
    low, high = (top, top * (1 + _ABOUT)) if slot == "max_price" else (top * (1 - _ABOUT), top)
    return bool(low <= said <= high)


def judged(row: Row, filters: dict[str, Any]) -> Iterator[tuple[str, bool, bool, bool]]:
    """Give each slot of a phrase: its name, whether it is right, expected, said."""
    for slot in SLOTS:
        said = filters.get(slot)
        expected = comparable(row["expect"].get(slot)) is not None
        yield slot, right(slot, row, said), expected, comparable(said) is not None


def judge(rows: Iterable[Row], gazetteer: Gazetteer) -> Score:
    """Read every phrase and judge the readings."""
    total = Score()
    for row in rows:
        wanted = read_sentence(row["text"], gazetteer=gazetteer, country=row["country"])
        filters = as_filters(wanted, gazetteer)
        slots = list(judged(row, filters))
        frame = all(good for _, good, _, _ in slots)
        total.phrases += 1
        total.frames += frame
        total.hard += "hard" in row["tags"]
        total.hard_frames += frame and "hard" in row["tags"]
        total.cells += sum(expected or said for _, _, expected, said in slots)
        total.harmful += sum(said and not good for _, good, _, said in slots)
        wrong = [f"{slot}: {filters[slot]}" for slot, good, _, _ in slots if not good]
        total.errors += [f"{row['text']} -> {', '.join(wrong)}"] if wrong else []
    return total


def report() -> None:
    """Print how every file of phrases is read."""
    gazetteer = Gazetteer.load()
    for file in sorted(Path(__file__).parent.glob("phrases_*.jsonl")):
        score = judge(phrases(file.name), gazetteer)
        sys.stdout.write(
            f"{file.stem:16} {score.phrases} phrases: all nine slots right {score.frame_accuracy:.1%}, "
            f"hard ones {score.hard_accuracy:.1%}, harmful values {score.harmful_rate:.1%}\n"
        )


if __name__ == "__main__":
    report()

"""How readings of intents are judged: which flow, with which answers, and no payment that nobody spoke of."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from bot.entry import Entry
from flows import ROUTER
from flows.check_receipt import Check
from flows.help import Topic
from flows.pay_part import Rent
from flows.sentence import Sentence
from flows.told import Sheet

PHRASES = Path(__file__).parents[1] / "phrases"


@dataclass(slots=True)
class Judged:
    """What became of a file of phrases; ``harmful`` counts payments that nobody asked for."""

    phrases: int = 0
    right: int = 0
    harmful: int = 0
    errors: list[str] = field(default_factory=list)


def examples(half: str) -> list[tuple[tuple[str, ...], str]]:
    """The phrases of a half with the entries that are right for each."""
    lines = (PHRASES / f"intents_{half}.tsv").read_text(encoding="utf-8").splitlines()
    parts = [line.split("\t", 1) for line in lines]
    return [(tuple(expected.split("/")), said) for expected, said in parts]


def shown(entry: Entry) -> str:
    """An entry as the tables write it: flow, then ".step or page", "@lease", ":code or amount"."""
    match entry.state:
        case Rent(code=code, said=said):
            step = f".{entry.step}" if entry.step and not code else ""
            return "pay_rent" + step + (f"@{code}" if code else "") + (f":{said}" if said else "")
        case Check(code=code) if code:
            return f"check_receipt:{code}"
        case Sheet(code=code):
            return f"home:{code}"
        case Topic(name=name):
            return f"help.{name}"
        case Sentence(said=said):
            return {"doubt": "doubt", "heard": "sentence" if said else "nothing"}.get(entry.step, "sentence")
    return entry.flow


def unasked(said: str) -> Entry:
    """Where words lead that answer nothing. ValueError in a house that hears no such words."""
    if ROUTER.unasked.words is None:
        raise ValueError
    return ROUTER.unasked.words(said).entry


def judge(half: str) -> Judged:
    """Read every phrase of a half."""
    total = Judged()
    for expected, said in examples(half):
        word = ROUTER.word(said)
        found = shown(word if isinstance(word, Entry) else unasked(said))
        total.phrases += 1
        total.right += found in expected
        pays = found.startswith("pay_rent") and not any(one.startswith(("pay_rent", "doubt")) for one in expected)
        total.harmful += pays
        total.errors += [] if found in expected else [f"{said} -> {found}, not {'/'.join(expected)}"]
    return total


def report() -> None:
    """Print how both halves are read."""
    for half in ("open", "held"):
        score = judge(half)
        right = score.right / score.phrases
        sys.stdout.write(f"{half} {score.phrases} phrases: right {right:.1%}, pay unasked {score.harmful}\n")


if __name__ == "__main__":
    report()

"""Place names and sentences: what reading them costs and how often it is right, beside a scan with rapidfuzz."""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from core.kit.text import fold
from core.places.gazetteer import Gazetteer, Record
from core.places.sentence import read_sentence
from core.places.words import Found, PlaceId, Several, Unknown
from flows import ROUTER

SIZES = (5_000, 20_000)
TESTS = Path(__file__).parents[1] / "tests"
SEARCHES, INTENTS = TESTS / "core" / "places", TESTS / "phrases"
SENTENCES = (
    "appt 2ch akwa max 150 000",
    "cherche chbre mod bastos 40k",
    "3 pieces cocody angre 7e tranche 200k",
    "Bonjour je cherche une maison basse 4 chambres, 3 douches, Nkoabang, loyer 120.000F, 2 mois de caution",
    "i dey find room for bonaberi no pass 15k",
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_STARTS = "b d f g j k l m n s t v w y z nd mb nk ng ny gb kp dj tch bon mak log bep sac mer ya".split()
_VOWELS = "a e i o u ou a o e".split()
_ENDS = ["", "", "", "m", "n", "ng", "s", "k", "t", "ssa", "ndé", "ba"]
_SECONDS = ["", "", "", "", " nord", " sud", " ii", " village", " marché", " gare", " carrière", " plage"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Something that reads a name: gives the number of the place it takes it for, -1 for none."""

    title: str
    read: Callable[[str], int]


def names(count: int, dice: random.Random) -> list[str]:
    """Make up that many different names of quarters, six letters or more."""
    made: dict[str, None] = {}
    while len(made) < count:
        syllables = (dice.choice(_STARTS) + dice.choice(_VOWELS) for _ in range(dice.randint(2, 4)))
        name = "".join(syllables) + dice.choice(_ENDS) + dice.choice(_SECONDS)
        if len(name) > len("abcde"):
            made[name] = None
    return list(made)


def misspelt(name: str, dice: random.Random, edits: int = 2) -> str:
    """Make random edits: a letter left out, added, replaced, or swapped with the next."""
    letters = list(name)
    for _ in range(edits):
        at = dice.randrange(len(letters))
        change = dice.randrange(4)
        if change == 0 and len(letters) > 1:
            del letters[at]
        elif change == 1:
            letters.insert(at, dice.choice(_LETTERS))
        elif change == 2:
            letters[at] = dice.choice(_LETTERS)
        else:
            letters[at : at + 2] = letters[at : at + 2][::-1]
    return "".join(letters)


def ours(all_names: Sequence[str]) -> Reader:
    """Read with the gazetteer; the first of what it offers counts as its answer."""
    town = Record(PlaceId(1), "city", "Qqqqqqqqq", "CM", "", None, None, 1)
    quarters = (
        Record(PlaceId(1_000 + n), "quarter", name, "CM", "", PlaceId(1), None, n) for n, name in enumerate(all_names)
    )
    gazetteer = Gazetteer([town, *quarters])

    def read(text: str) -> int:
        match gazetteer.read(text, country="CM"):
            case Found(place):
                return place.id - 1_000
            case Several(places) | Unknown(places):
                return places[0].id - 1_000 if places else -1

    return Reader("Gazetteer.read", read)


def peer(all_names: Sequence[str]) -> Reader:
    """Read by scanning every folded name with fuzz.ratio."""
    folded = [fold(name) for name in all_names]

    def read(text: str) -> int:
        best = process.extractOne(fold(text), folded, scorer=fuzz.ratio)
        return best[2] if best else -1

    return Reader("rapidfuzz fuzz.ratio", read)


def cpu(work: Callable[[], object], times: int) -> float:
    """Give microseconds of processor time for each of `times` calls done by `work`."""
    start = time.process_time_ns()
    work()
    return (time.process_time_ns() - start) / 1_000 / times


def answered(reader: Reader, asked: Sequence[str]) -> tuple[list[int], float]:
    """Let a reader read all names: its answers, and microseconds of processor time for each."""
    answers: list[int] = []
    return answers, cpu(lambda: answers.extend(map(reader.read, asked)), len(asked))


def compare(size: int, rounds: int, queries: int, dice: random.Random) -> None:
    """Print cost and recall of both readers, asked the same in turn."""
    made = names(size, dice)
    start = time.process_time()
    readers = [ours(made), peer(made)]
    print(f"{size} names, {rounds} rounds of {queries}; index built in {time.process_time() - start:.2f} s")
    costs: dict[str, list[float]] = {reader.title: [] for reader in readers}
    right = dict.fromkeys(costs, 0)
    for _ in range(rounds):
        wanted = [dice.randrange(size) for _ in range(queries)]
        asked = [misspelt(fold(made[number]), dice) for number in wanted]
        for reader in readers:
            answers, spent = answered(reader, asked)
            costs[reader.title].append(spent)
            right[reader.title] += sum(a == w for a, w in zip(answers, wanted, strict=True))
    for title, rounds_spent in costs.items():
        recall = right[title] / (rounds * queries)
        print(f"  {title:22} {statistics.median(rounds_spent):8.1f} us a phrase   recall@1, two edits: {recall:.3f}")


def sentences(rounds: int) -> None:
    """Print what reading whole sentences costs with the gazetteer of the house."""
    gazetteer = Gazetteer.load()
    print(f"sentences, {rounds} rounds")
    for text in SENTENCES:

        def work(said: str = text) -> None:
            for _ in range(100):
                read_sentence(said, gazetteer=gazetteer, country="CM")

        spent = statistics.median(cpu(work, 100) for _ in range(rounds))
        print(f"  {spent:8.1f} us  {text}")


def spread(title: str, read: Callable[[str], object], said: Sequence[str], rounds: int) -> None:
    """Print what each of many phrases costs: the median, all but one in a hundred, the dearest."""
    costs = sorted(statistics.median(cpu(lambda one=one: read(one), 1) for _ in range(rounds)) for one in said)  # type: ignore[misc]
    print(
        f"  {title:22} {len(said)} phrases: median {costs[len(costs) // 2]:.0f} us, "
        f"p99 {costs[int(len(costs) * 0.99)]:.0f} us, most {costs[-1]:.0f} us"
    )


def phrases(rounds: int) -> None:
    """Print what reading every phrase of the tests costs, as a search and as what leads to a flow."""
    gazetteer = Gazetteer.load()
    lines = [line for file in sorted(SEARCHES.glob("phrases_*.jsonl")) for line in file.read_bytes().splitlines()]
    searches = [json.loads(line)["text"] for line in lines]
    told = [line.split("\t")[1] for file in INTENTS.glob("*.tsv") for line in file.read_text("utf-8").splitlines()]
    read = ROUTER.unasked.words
    if read is None:
        raise TypeError("the house hears no free words")
    read(told[0])
    spread("read_sentence", lambda said: read_sentence(said, gazetteer=gazetteer, country="CM"), searches, rounds)
    spread("intents", read, [*told, *searches], rounds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.places", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="alternating rounds, at least 5 (default 7)")
    parser.add_argument("--queries", type=int, default=200, help="misspelt names a round (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="of names and edits (default 1)")
    options = parser.parse_args(arguments)
    if options.rounds < 5 or options.queries < 1:
        parser.error("at least 5 rounds of 1 query")
    dice = random.Random(options.seed)
    for size in SIZES:
        compare(size, options.rounds, options.queries, dice)
    sentences(options.rounds)
    phrases(options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())

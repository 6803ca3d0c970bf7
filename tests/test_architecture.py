"""Rules of the house that no other machine keeps: who may ask for the time, how long things are, where words stand."""

import ast
import re
import string
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.talk import Flow
from flows import FLOWS

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "core", "flows", "webhooks", "migrations")
EVERYWHERE = (*ROOMS, "sandbox", "bench", "tests")

Wording = str | list[str] | tuple[str, ...] | None
"""What a catalogue file holds in one place."""

SECONDS = "core/money/mtn.py"
"""It waits for an answer for so many seconds."""

LONGEST_FUNCTION = 40
LONGEST_FILE = 400
LONGEST_FLOW = 200

CLOCKS = re.compile(r"\.(now|utcnow|today)$|^(now|utcnow|today)$|^time\.(time|time_ns|localtime|gmtime)$")
CHANCE = re.compile(r"^(random|secrets|uuid)\.|^(uuid[1-8]|urandom)$|^os\.urandom$|^(token_\w+|randbits|randbelow)$")
STOPWATCHES = re.compile(r"^(time\.)?(monotonic|perf_counter|process_time)(_ns)?$")
MEASURING = {"bot/chat.py", "bot/runner.py", "webhooks/demo.py"}
"""They time how long something takes, by a clock that tells no hour."""

MAKES_SECRETS = {
    "core/money/receipts.py",  # verification codes
    "core/money/attempts.py",  # the reference a payment has at the operator
    "core/people/links.py",  # codes that link a conversation
    "webhooks/dial.py",  # the number of a session, as a gateway would make it
}
PROVIDERS = re.compile(
    r"mtn|momo|orange_?money|paydunya|meta_cloud|notchpay|campay|cinetpay|pawapay|africas_?talking|twilio",
    re.IGNORECASE,
)
NAMES_PROVIDERS = {"core/money/mtn.py", "core/money/rails.py", "core/kit/settings.py"}
CHANNELS = re.compile(r"ussd|whats_?app|telegram|\bchannel\b|\bgateway\b", re.IGNORECASE)
OWN_NAMES = {"'Français'", "'English'"}
"""Languages, each in its own words: the same in every catalogue."""

SENTENCE = re.compile(r"[^\W\d_]{2,}[,;:!?]?\s+[^\W\d_]{2,}")
MACHINES = re.compile(r"pypi[.]org|python[h]osted|registry[.]npm|index[-]url|/roo[t]/|/hom[e]/[a-z]|/wor[k]/")


pytestmark = pytest.mark.untraced


@cache
def parsed(path: Path) -> ast.Module:
    """The tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module", autouse=True)
def _felled() -> Iterator[None]:
    """Two million nodes are in the way of every later collection of garbage."""
    yield
    parsed.cache_clear()


def modules(*packages: str) -> tuple[tuple[str, ast.Module], ...]:
    """Every module of some packages: its path from the root, and its tree."""
    paths = sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))
    return tuple((path.relative_to(ROOT).as_posix(), parsed(path)) for path in paths)


def called(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def docstrings(tree: ast.AST) -> set[int]:
    """The string nodes that explain instead of doing something, also those below an assignment."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is no docstring."""
    explaining = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining:
            yield node.lineno, node.value


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and spelling of every name that is used or given."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.ImportFrom(module=str(name)):
                yield node.lineno, name


def test_time_is_handed_in() -> None:
    wrong = [
        f"{path}:{line} {name}()"
        for path, tree in modules(*ROOMS)
        for line, name in called(tree)
        if CLOCKS.search(name) and not asks_a_clock(path, name)
    ]
    assert not wrong, "only core/kit/clock.py asks the machine for the time"


def asks_a_clock(path: str, name: str) -> bool:
    """The clock itself, a Clock that was handed in, or PostgreSQL's own now() in a table."""
    return path == "core/kit/clock.py" or name.endswith("clock.now") or name in {"func.now", "sa.func.now"} or (
        name == "SystemClock().now" and path.startswith("webhooks/")
    )  # fmt: skip


def test_stopwatches_only_where_something_is_timed() -> None:
    wrong = [
        f"{path}:{line} {name}()"
        for path, tree in modules(*ROOMS)
        for line, name in called(tree)
        if STOPWATCHES.search(name) and path not in MEASURING
    ]
    assert not wrong


def test_the_machine_clock_is_made_where_the_house_is_put_together() -> None:
    wrong = [
        f"{path}:{line}"
        for path, tree in modules(*ROOMS)
        for line, name in called(tree)
        if name == "SystemClock" and not path.startswith("webhooks/")
    ]
    assert not wrong


def test_chance_only_where_a_secret_is_made() -> None:
    wrong = [
        f"{path}:{line} {name}()"
        for path, tree in modules(*ROOMS)
        for line, name in called(tree)
        if CHANCE.search(name) and (path not in MAKES_SECRETS or name.startswith("random."))
    ]
    assert not wrong, "ids come from the database, chance from secrets and only where a secret is made"


def test_no_float_near_money() -> None:
    """Neither the type, nor a literal with a point, nor a true division."""
    near = ("core/money/", "core/leases/", "core/homes/", "core/kit/money.py", "flows/")
    wrong = [
        f"{path}:{node.lineno}"
        for path, tree in modules("core", "flows")
        if path.startswith(near)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
        or (isinstance(node, ast.Constant) and isinstance(node.value, float) and path != SECONDS)
    ]
    assert not wrong


def test_flows_name_no_channel() -> None:
    wrong = [
        f"{path}:{line} {word}"
        for path, tree in modules("flows")
        for line, word in (*names(tree), *strings(tree))
        if CHANNELS.search(word)
    ]
    assert not wrong


@pytest.mark.parametrize("room", ["core", "flows"])
def test_providers_are_named_in_their_own_file_only(room: str) -> None:
    wrong = [
        f"{path}:{line} {word!r}"
        for path, tree in modules(room)
        if path not in NAMES_PROVIDERS
        for line, word in (*names(tree), *strings(tree))
        if PROVIDERS.search(word)
    ]
    assert not wrong


def test_flows_hold_no_text() -> None:
    """What people read stands in the catalogues: no screen is given a literal, and no string holds two words."""
    wrong = [
        f"{path}:{line} {text!r}"
        for path, tree in modules("flows")
        for line, text in (*literal_labels(tree), *((line, text) for line, text in strings(tree) if two_words(text)))
        if text not in OWN_NAMES
    ]
    assert not wrong


def two_words(text: str) -> bool:
    """Reads like something said; a line of keywords, all small letters without accents, does not."""
    return SENTENCE.search(text) is not None and not re.fullmatch(r"[a-z ]+", text)


_LABELS = {
    "Menu": (0,),
    "Field": (0,),
    "Confirm": (0, 1, 2),
    "Secret": (0,),
    "Notice": (0,),
    "Option": (1, 2),
    "link": (1,),
}


def literal_labels(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Strings handed to a screen where a line of the catalogue belongs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).partition("[")[0]
            given = [node.args[at] for at in _LABELS.get(name, ()) if at < len(node.args)]
            given += [
                word.value for word in node.keywords if name in _LABELS and word.arg in {"title", "label", "note"}
            ]
            yield from (
                (label.lineno, ast.unparse(label)) for label in given if isinstance(label, ast.Constant) and label.value
            )


def test_no_function_is_long() -> None:
    wrong = [
        f"{path}:{node.lineno} {node.name} has {lines(node)} lines"
        for path, tree in modules(*EVERYWHERE)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and lines(node) > LONGEST_FUNCTION
        and not path.startswith("migrations/versions/")
    ]
    assert not wrong


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From ``def`` to the last line."""
    return (node.end_lineno or 0) - node.lineno + 1


def test_no_file_is_long() -> None:
    found = {path: (ROOT / path).read_text(encoding="utf-8").count("\n") for path, _ in modules(*EVERYWHERE)}
    wrong = [
        f"{path} has {size} lines"
        for path, size in found.items()
        if not path.startswith("migrations/versions/")
        and size > (LONGEST_FLOW if path.startswith("flows/") else LONGEST_FILE)
    ]
    assert not wrong


def test_every_module_says_what_it_is_for() -> None:
    wrong = [path for path, tree in modules(*EVERYWHERE) if tree.body and not ast.get_docstring(tree)]
    assert not wrong


# --- flows ---------------------------------------------------------------------------------------------------


def flow_modules() -> set[str]:
    """The modules of ``flows`` that hold a flow; the others are what flows share."""
    return {
        path.removesuffix(".py").replace("/", ".")
        for path, tree in modules("flows")
        if any(name == "Flow" for _, name in called(tree))
    }


def test_every_flow_is_in_the_one_list() -> None:
    assert len(FLOWS) == len(flow_modules())
    assert all(isinstance(flow, Flow) for flow in FLOWS)
    assert len({flow.name for flow in FLOWS}) == len(FLOWS)


def test_the_contract_of_independence_names_every_flow() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    named = next(contract["modules"] for contract in contracts if contract["type"] == "independence")
    assert set(named) == flow_modules()


def test_flows_import_the_words_of_the_domain_and_nothing_else() -> None:
    allowed = re.compile(
        r"bot\.talk|core\.reading|core\.\w+\.words|core\.kit\.(money|month|phone|ids|errors|say|speaker|text|point)"
        r"|flows(\.\w+)?|collections\.abc|dataclasses|datetime|functools|itertools|typing|re"
    )
    wrong = [
        f"{path}:{node.lineno} {node.module}"
        for path, tree in modules("flows")
        if path != "flows/__init__.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and not allowed.fullmatch(node.module or "")
    ]
    assert not wrong


# --- catalogues ----------------------------------------------------------------------------------------------


@cache
def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """Every key of a language with its forms; a key that stands twice fails."""
    with (ROOT / f"bot/catalog/{language}.po").open("rb") as file:
        messages = [message for message in read_po(file, locale=language, abort_invalid=True) if message.id]
    assert not any(message.fuzzy for message in messages)
    return {key(message.id): forms(message.string) for message in messages}


def key(identity: Wording) -> str:
    """The key of a message, which with a plural has two."""
    return forms(identity)[0]


def forms(text: Wording) -> tuple[str, ...]:
    """A message's forms: one, or singular and plural."""
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)


def blanks(forms_: tuple[str, ...]) -> set[str]:
    """The blanks of a message, whatever form it takes."""
    return {name for form in forms_ for _, name, _, _ in string.Formatter().parse(form) if name}


def test_both_languages_say_the_same_things() -> None:
    assert sorted(catalogue("fr")) == sorted(catalogue("en"))


def test_both_languages_fill_the_same_blanks() -> None:
    french, english = catalogue("fr"), catalogue("en")
    wrong = [key_ for key_ in french if blanks(french[key_]) != blanks(english.get(key_, ()))]
    assert not wrong


def test_no_line_is_empty() -> None:
    wrong = [f"{lang} {key_}" for lang in ("fr", "en") for key_, said in catalogue(lang).items() if not all(said)]
    assert not wrong


# --- the repository ------------------------------------------------------------------------------------------


def tracked() -> list[Path]:
    """Every file of the repository that is text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)  # noqa: S607
    if listed.returncode:
        pytest.skip("not a clone: the files of the repository are not known")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in {".png", ".ico", ".woff2"}]


def test_nothing_names_a_registry_or_somebodys_machine() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in tracked()
        if (found := MACHINES.search(path.read_text(encoding="utf-8")))
    ]
    assert not wrong


def test_links_between_documents_lead_somewhere() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in tracked()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#:]+)[^):]*\)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert not wrong


def test_every_dependency_is_pinned_by_its_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9][\w.-]*==\S+.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)*", text, re.MULTILINE)
        assert pins
        assert [pin.splitlines()[0] for pin in pins if "--hash=" not in pin] == []


def test_both_locks_pin_the_same_versions() -> None:
    run, dev = (
        set(re.findall(r"^([a-z0-9][\w.-]*==\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-dev.lock")
    )
    assert run <= dev

"""The log: one JSON line an event, with numbers masked and codes left alone."""

import json
import subprocess
import sys

import pytest

from core.kit.log import mask


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("+237677123456", "2376****456"),
        ("237677123456", "2376****456"),
        ("from +237677123456 to 2250707123456.", "from 2376****456 to 2250****456."),
        ("0707123456", "0707****456"),
        ("phone=+221771234567,", "phone=2217****567,"),
    ],
)
def test_numbers_are_masked(said: str, shown: str) -> None:
    assert mask(said) == shown


@pytest.mark.parametrize(
    "said", ["A4821", "P88213", "85000", "ms 12.25", "2026-11-05", "*384#", "ATUid_0123456789ab", ""]
)
def test_what_is_no_number_stays(said: str) -> None:
    assert mask(said) == said


def lines(program: str) -> list[dict[str, object]]:
    """What a small program with our logging writes."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", f"from core.kit.log import *\nset_up_logging('info')\nlog = get_log('test')\n{program}"],
        capture_output=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_one_json_line_an_event() -> None:
    program = "log.info('turn', ms=1.5, phone='+237677123456', odd={1})\nlog.debug('hidden')\nlog.warning('second')"
    first, second = lines(program)
    assert first["event"] == "turn"
    assert first["room"] == "test"
    assert first["level"] == "info"
    assert first["ms"] == 1.5
    assert str(first["timestamp"]).endswith("Z")
    assert first["phone"] == "2376****456"
    assert second["event"] == "second"


def test_an_exception_is_part_of_the_line_and_masked() -> None:
    (line,) = lines("try:\n    raise LookupError('+237677123456')\nexcept LookupError:\n    log.exception('broke')")
    assert line["level"] == "error"
    assert "LookupError" in str(line["exception"])
    assert "677123" not in str(line)

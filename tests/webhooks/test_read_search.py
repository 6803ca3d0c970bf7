"""`toit read-search`: one line out for each line in, and a bad line stops nothing."""

import json
import subprocess
import sys

from webhooks.read_search import Searches

SLOTS = {
    "city", "neighbourhoods", "exclude_neighbourhoods", "type", "bedrooms", "furnished", "min_price", "max_price",
    "transaction",
}  # fmt: skip


def answers(*lines: bytes) -> tuple[list[dict[str, object]], int]:
    """What comes out, and how many lines were bad."""
    searches = Searches()
    return [json.loads(line) for line in searches.answers(lines)], searches.bad


def test_the_mark_some_editors_put_first_belongs_to_no_line() -> None:
    found, bad = answers(b'\xef\xbb\xbf{"id": "a", "text": "bonjour", "country": "CM"}\n')
    assert (found[0]["id"], bad) == ("a", 0)


def test_every_slot_is_given_in_order() -> None:
    found, bad = answers(
        b'{"id": "a", "text": "appt 2ch akwa max 150 000", "country": "CM"}\n',
        b'{"id": 7, "text": "bonjour", "country": "SN"}\n',
    )
    assert [line["id"] for line in found] == ["a", 7]
    assert found[0]["filters"] == {
        "city": "Douala", "neighbourhoods": ["Akwa"], "exclude_neighbourhoods": None, "type": "apartment",
        "bedrooms": 2, "furnished": None, "min_price": None, "max_price": 150_000, "transaction": "rent",
    }  # fmt: skip
    assert found[1]["filters"] == dict.fromkeys(SLOTS)
    assert bad == 0


def test_the_country_decides_and_only_when_it_is_known() -> None:
    told = [("CM", None), ("cm", None), ("SN", "Dakar"), ("ci", "Abidjan"), ("GA", None), (None, None)]
    lines = [json.dumps({"id": 1, "text": "studio plateau", "country": country}).encode() for country, _ in told]
    found, _ = answers(*lines)
    cities = [filters["city"] for line in found if isinstance(filters := line["filters"], dict)]
    assert cities[2:] == [city for _, city in told[2:]]


def test_bad_lines_are_named_and_stop_nothing() -> None:
    found, bad = answers(
        b"nope\n", b"\n", b'{"id": "x", "text": 5}\n', b'{"id": [1]}\n', b"\xff\xfe\n", b"[]\n", b'{"text": "studio"}'
    )
    assert [line.get("line") for line in found] == [1, 3, 4, 5, 6, None]
    assert [line["id"] for line in found] == [None, "x", [1], None, None, None]
    assert all(str(line["error"]).startswith(f"line {line['line']}: ") for line in found[:-1])
    assert bad == 5


def test_the_command_needs_no_database_and_exits_2_after_a_bad_line() -> None:
    said = b'{"id": 1, "text": "villa a vendre bastos 200 millions", "country": "CM"}\n'
    assert [line["id"] for line in typed(said, status=0)] == [1]
    assert [line["id"] for line in typed(said + b"{\n", status=2)] == [1, None]


def typed(said: bytes, *, status: int) -> list[dict[str, object]]:
    """What the command prints, having ended with this status and no database to be found."""
    done = subprocess.run(
        [sys.executable, "-m", "webhooks", "read-search"],
        input=said,
        capture_output=True,
        check=False,
        env={"DATABASE_URL": "postgresql://nowhere/"},
    )
    assert done.returncode == status, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]

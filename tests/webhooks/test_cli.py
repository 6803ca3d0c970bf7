"""The command line, as somebody types it."""

import asyncio
import json
import os
import re
import socket
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from core.kit.db import Database, Statement
from core.kit.phone import Phone
from core.notices.outbox import queue
from core.notices.words import Notice
from tests.conftest import MOMENT
from tests.patience import PATIENCE_S
from webhooks.cli import app


async def toit(*arguments: str, says: str = "", **environment: str) -> tuple[int, str, str]:
    """Run a command; its exit status, output and errors."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "webhooks", *arguments, env={**os.environ, **environment},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(says.encode()), PATIENCE_S)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


COMMANDS = ("demo", "web", "worker", "migrate", "seed", "dial", "flows", "verify-books")


async def test_there_is_help() -> None:
    status, out, _ = await toit("--help")
    assert status == 0
    assert all(command in out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    found = CliRunner().invoke(app, [command, "--help"])
    assert found.exit_code == 0
    assert "Usage" in found.output
    assert command in found.output


async def test_flows_are_drawn_and_a_stale_drawing_is_found(tmp_path: Path) -> None:
    drawing = tmp_path / "flows.md"
    assert (await toit("flows", "--write", str(drawing)))[0] == 0
    assert "stateDiagram-v2" in drawing.read_text()
    assert (await toit("flows", "--check", str(drawing)))[0] == 0
    drawing.write_text("old")
    status, _, err = await toit("flows", "--check", str(drawing))
    assert status == 1
    assert "out of date" in err


async def test_books_that_do_not_add_up_are_told_by_the_exit_status(planted: Database, planted_url: str) -> None:
    status, out, _ = await toit("verify-books", DATABASE_URL=planted_url)
    assert status == 0
    assert "I1 " in out
    await planted.fetch(Statement(text("ALTER TABLE entry DISABLE TRIGGER ALL")))
    await planted.fetch(
        Statement(
            text(
                "INSERT INTO entry (idempotency_key, input_hash, kind, at, source_ref)"
                " VALUES ('forged', decode(repeat('00', 32), 'hex'), 'rent_payment', now(), 'P00000')"
            )
        )
    )
    status, out, _ = await toit("verify-books", DATABASE_URL=planted_url)
    assert status == 1, out


async def test_dead_letters_are_listed_and_replayed(planted: Database, planted_url: str) -> None:
    notice = Notice("k", Phone("+237670000101"), "fr", "turn_ready.1", {"code": "*384#"})
    async with planted.transaction() as tx:
        await queue(tx, notice, MOMENT)
    await planted.fetch(Statement(text("UPDATE notice SET state = 'sending', next_try_at = now()")))
    await planted.fetch(Statement(text("UPDATE notice SET state = 'dead', next_try_at = NULL, done_at = now()")))
    status, out, err = await toit("notices", "list", DATABASE_URL=planted_url)
    assert status == 0, err
    dead = json.loads(out)
    assert "+237670000101" not in out
    status, out, _ = await toit("notices", "replay", str(dead["id"]), DATABASE_URL=planted_url)
    assert (status, out.strip()) == (0, "1 queued again")
    status, _, err = await toit("notices", "replay", "999999", DATABASE_URL=planted_url)
    assert status == 1
    assert "999999" in err


async def test_production_refuses_and_says_what_is_missing() -> None:
    status, _, err = await toit("web", TOIT_ENV="production", DATABASE_URL="postgresql://nowhere")
    assert status == 2
    assert "TOIT_WEBHOOK_SECRET" in err
    assert err.startswith("toit: production refuses")
    assert "Traceback" not in err


async def test_dialling_without_an_app_says_what_to_do() -> None:
    status, _, err = await toit("dial", "+237670000101", TOIT_PORT="1")
    assert status == 1
    assert "make demo" in err


async def test_a_database_that_is_away_is_said_plainly() -> None:
    status, _, err = await toit("verify-books", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert status == 1
    assert "database" in err
    assert "Traceback" not in err


async def test_a_port_that_is_taken_is_said_to_be_taken(planted_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, _, err = await toit("web", DATABASE_URL=planted_url, TOIT_PORT=port)
    assert (status, port in err, "TOIT_PORT" in err) == (2, True, True), err
    assert "database" not in err


WRONG = [
    (["migrate", "nope"], {}, 2, ["'nope'", "migrations/versions", "head"]),
    (["verify-books", "--truth", "http://127.0.0.1:1/truth/mtn"], {}, 2, ["http://127.0.0.1:1/truth/mtn", "truth log"]),
    (["verify-books"], {"DATABASE_URL": "nonsense"}, 2, ["DATABASE_URL"]),
    (["flows", "--check", "/nowhere/flows.md"], {}, 2, ["/nowhere/flows.md: No such file or directory"]),
    (["web"], {"TOIT_PORT": "many"}, 2, ["port"]),
]


@pytest.mark.parametrize(("arguments", "environment", "status", "said"), WRONG, ids=[" ".join(row[0]) for row in WRONG])
async def test_each_mistake_has_its_own_words(
    arguments: list[str], environment: dict[str, str], status: int, said: list[str], planted_url: str
) -> None:
    found, out, err = await toit(*arguments, **{"DATABASE_URL": planted_url, **environment})
    assert (found, out) == (status, "")
    assert err.startswith("toit: ")
    assert all(word in err for word in said), err
    assert all(word not in err for word in ("Traceback", "Value error", "database cannot be used"))


async def test_a_database_without_tables_is_told_what_it_lacks(planted_url: str) -> None:
    empty = re.sub(r"/test_[0-9_]+", "/postgres", planted_url)
    assert empty != planted_url
    status, _, err = await toit("notices", "list", DATABASE_URL=empty)
    assert (status, "toit migrate" in err) == (1, True), err

"""The command line: ``toit``."""

import asyncio
import errno
import json
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Annotated, Final, NoReturn, TypeVar

import asyncpg
import typer
from pydantic import ValidationError

from core.kit.clock import SystemClock
from core.kit.db import Database
from core.kit.log import set_up_logging
from core.kit.settings import Settings
from webhooks.database import database_of

T = TypeVar("T")

_UNHEARD: Final = frozenset({errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES})
"""Why nobody can be listened to at an address."""

app = typer.Typer(
    help="Toit: housing by conversation.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
notices_app = typer.Typer(help="Messages that could not be sent.", no_args_is_help=True)
app.add_typer(notices_app, name="notices")


def main() -> None:
    """Run a command; settings or files that do not fit end it with status 2, a database that is away with 1."""
    try:
        app()
    except ValidationError as error:
        for problem in error.errors():
            where = ".".join(map(str, problem["loc"]))
            why = problem["msg"].removeprefix("Value error, ")
            print(f"toit: {where + ': ' if where else ''}{why}", file=sys.stderr)
        raise SystemExit(2) from None
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        status, why = _told(error)
        print(f"toit: {why}", file=sys.stderr)
        raise SystemExit(status) from None


def _told(error: Exception) -> tuple[int, str]:
    """The exit status, what is wrong, and what to do; whatever names no file came from the database."""
    if isinstance(error, OSError) and error.filename is not None:
        return 2, f"{error.filename}: {error.strerror}"
    if isinstance(error, asyncpg.UndefinedTableError):
        return 1, f"the database is not up to date: {error}; run: toit migrate"
    if isinstance(error, asyncpg.InterfaceError):
        return 2, f"DATABASE_URL: {error}"
    return 1, f"the database cannot be used: {error}; is it running, and is DATABASE_URL right?"


def _settings() -> Settings:
    settings = Settings()
    set_up_logging(settings.log_level)
    return settings


@app.command(name="demo")
def run_demo(
    *,
    fresh: Annotated[bool, typer.Option(help="Start over: forget everything in the data folder.")] = False,
    check: Annotated[bool, typer.Option(help="End as soon as everything is ready.")] = False,
) -> None:
    """Start everything on this machine: database, app, worker, sandbox with the phones page."""
    from webhooks import demo  # noqa: PLC0415 - the other commands start faster without it

    raise typer.Exit(demo.run(Settings(), fresh=fresh, check=check))


@app.command()
def web() -> None:
    """Serve the webhooks."""
    from webhooks.app import serve  # noqa: PLC0415 - the other commands start faster without it

    settings = _settings()
    with database_of(settings) as url:
        try:
            serve(settings.model_copy(update={"database_url": url}))
        except OSError as error:
            if error.errno not in _UNHEARD:
                raise
            _fail(f"{error.strerror}; set TOIT_HOST and TOIT_PORT to a free one", 2)


@app.command()
def worker() -> None:
    """Send notices, collect payments, seal the books, issue what falls due."""
    from webhooks.worker import work  # noqa: PLC0415 - the other commands start faster without it

    settings = _settings()
    with database_of(settings) as url:
        asyncio.run(work(settings.model_copy(update={"database_url": url})))


@app.command()
def migrate(to: Annotated[str, typer.Argument(help="Revision, forward or back.")] = "head") -> None:
    """Bring the database's schema to a revision."""
    from alembic.util import CommandError  # noqa: PLC0415 - the other commands start faster without it

    import migrations  # noqa: PLC0415 - the same

    with database_of(Settings()) as url:
        try:
            migrations.upgrade(url, to)
        except CommandError as error:
            _fail(f"{error}; revisions are named in migrations/versions, the newest is: head", 2)


@app.command()
def seed() -> None:
    """Put the demo's people, homes and leases into the database (refused in production)."""
    from webhooks.seed import seed as plant  # noqa: PLC0415 - the other commands start faster without it

    settings = Settings()
    if settings.env == "production":
        _fail("demo data is refused in production")
    _with_database(settings, lambda db: plant(db, settings, SystemClock(), settings.home))


@app.command(name="dial")
def run_dial(
    number: Annotated[str, typer.Argument(help="Whose phone: +237…; the demo's first tenant when left out.")] = "",
    code: Annotated[str, typer.Option(help="What to dial.")] = "",
    keep: Annotated[Path | None, typer.Option(help="Write what was said to this file, as a transcript.")] = None,
) -> None:
    """A phone in the terminal, on the running app."""
    from webhooks import dial  # noqa: PLC0415 - the other commands start faster without it

    raise typer.Exit(dial.run(Settings(), number, code, keep))


@app.command(name="read-request")
def run_read_request(
    adapter: Annotated[str, typer.Argument(help="twilio, meta, telegram, africastalking-sms, or a USSD dialect.")],
) -> None:
    """Tell how requests of a gateway would be read: JSON lines from standard input to standard output.

    In: {"id", "method", "path", "query", "headers", "body", "prior_text"?}. Out: {"id", "status", "events"}; exit 2
    when there was a line that is no request.
    """
    from webhooks.adapters import ADAPTERS  # noqa: PLC0415 - the other commands start faster without it
    from webhooks.read_request import Requests  # noqa: PLC0415 - the same

    if adapter not in ADAPTERS:
        _fail(f"no adapter {adapter!r}; there are: {', '.join(ADAPTERS)}", 2)
    requests = Requests(ADAPTERS[adapter], Settings())
    _pipe(requests.answers(sys.stdin.buffer))
    raise typer.Exit(2 if requests.bad else 0)


@app.command(name="read-search")
def run_read_search() -> None:
    """Tell what phrases would search for: JSON lines from standard input to standard output.

    In: {"id", "text", "country"}. Out: {"id", "filters"}, or {"id", "line", "error"} for a line that is none; exit 2
    when there was one.
    """
    from webhooks.read_search import Searches  # noqa: PLC0415 - the other commands start faster without it

    searches = Searches()
    _pipe(searches.answers(sys.stdin.buffer))
    raise typer.Exit(2 if searches.bad else 0)


@app.command()
def telegram_setup() -> None:
    """Tell Telegram where updates go and which commands the menu offers."""
    from telegram.error import TelegramError  # noqa: PLC0415 - the other commands start faster without it

    from webhooks.telegram_setup import set_up  # noqa: PLC0415 - the same

    try:
        print(asyncio.run(set_up(_settings())))
    except TelegramError as error:
        _fail(f"Telegram refused or was not reached: {type(error).__name__}")


@app.command()
def flows(
    write: Annotated[Path | None, typer.Option(help="Write the drawing to this file.")] = None,
    check: Annotated[Path | None, typer.Option(help="Fail when this file is not the current drawing.")] = None,
) -> None:
    """Draw every flow as a Mermaid diagram."""
    from webhooks import chart  # noqa: PLC0415 - the other commands start faster without it

    drawing = chart.draw()
    if write:
        write.write_text(drawing, encoding="utf-8")
    elif check:
        if check.read_text(encoding="utf-8") != drawing:
            _fail(f"{check} is out of date; run: toit flows --write {check}")
    else:
        print(drawing)


@app.command()
def verify_books(
    truth: Annotated[str, typer.Option(help="Address of the operator's truth log (the sandbox's /truth/mtn).")] = "",
) -> None:
    """Check every invariant of the books; exit 1 on a breach, 2 when the truth log cannot be read."""
    from core.money.books import verify_books as verify  # noqa: PLC0415 - the other commands start faster without it
    from webhooks import dial  # noqa: PLC0415 - the same

    try:
        log = dial.get_json(truth) if truth else None
    except (OSError, ValueError) as error:
        _fail(f"no truth log at {truth} ({error}); the demo's is http://127.0.0.1:8090/truth/mtn", 2)
    report = _with_database(Settings(), lambda db: verify(db, log))
    print(report.words())
    raise typer.Exit(0 if report.sound else 1)


@notices_app.command(name="list")
def list_notices() -> None:
    """List the messages that were given up, oldest first, one JSON line each."""
    from core.notices.delivery import deaths  # noqa: PLC0415 - the other commands start faster without it

    for dead in _with_database(Settings(), deaths):
        print(json.dumps(dead, default=str, ensure_ascii=False))


@notices_app.command()
def replay(notice: Annotated[int | None, typer.Argument(help="Its id; all of them when left out.")] = None) -> None:
    """Queue messages that were given up once more."""
    from core.notices.delivery import replay as again  # noqa: PLC0415 - the other commands start faster without it

    count = _with_database(Settings(), lambda db: again(db, SystemClock().now(), notice))
    print(f"{count} queued again")
    if notice is not None and count == 0:
        _fail(f"no dead notice has the id {notice}; see: toit notices list")


def _pipe(lines: Iterable[bytes]) -> None:
    """Write each line as soon as it is there: whoever reads may wait for it before asking on."""
    for line in lines:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


def _with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    async def run(url: str) -> T:
        db = await Database.open(url, size=4)
        try:
            return await work(db)
        finally:
            await db.close()

    with database_of(settings) as url:
        return asyncio.run(run(url))


def _fail(why: str, status: int = 1) -> NoReturn:
    print(f"toit: {why}", file=sys.stderr)
    raise typer.Exit(status)

"""What the sandbox remembers over a restart: one SQLite file, written at once."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sandbox.tables import ADDED, SCHEMA

Value = str | int | bytes | None
Row = sqlite3.Row


class Store:
    """Plain SQL over one file; every write outside `together` is committed by itself."""

    def __init__(self, home: Path) -> None:
        """Open the file in the data folder, made if it is missing."""
        home.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(home / "sandbox.db", isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(SCHEMA)
        self._catch_up()

    def _catch_up(self) -> None:
        for table, columns in ADDED.items():
            known = {row["name"] for row in self.all(f"PRAGMA table_info({table})")}
            for name in columns.keys() - known:
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN {name} {columns[name]}")

    def run(self, sql: str, *values: Value) -> int:
        """Write, and tell how many rows it touched."""
        return self._db.execute(sql, values).rowcount

    def add(self, sql: str, *values: Value) -> int:
        """Insert one row and return its number."""
        return self._db.execute(sql, values).lastrowid or 0

    def one(self, sql: str, *values: Value) -> Row | None:
        """The first row, if there is one."""
        row: Row | None = self._db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Value) -> Sequence[Row]:
        """Every row."""
        return self._db.execute(sql, values).fetchall()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything written inside is kept, or nothing is."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

"""One SQLite file: whatever a provider accepted is committed here before it is answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Store:
    """The sandbox's memory. Used from the event loop's thread only; no cursor is kept open across an await.

    The log (WAL) is handed to the operating system at each commit, so a kill -9 of this process loses
    nothing; it reaches the disk at checkpoints only, since power cuts are not what this emulator is about.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(folder / "sandbox.sqlite3", isolation_level=None, timeout=10)
        self.connection.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "wal_autocheckpoint=4000",
            "cache_size=-32000",
            "temp_store=MEMORY",
        ):
            self.connection.execute(f"PRAGMA {pragma}")

    def create(self, schema: str) -> None:
        """Make a provider's tables where they are missing."""
        self.connection.executescript(schema)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all or nothing; committed when the block ends."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Answer a question with all its rows."""
        return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Answer a question with its first row, if any."""
        found: sqlite3.Row | None = self.connection.execute(sql, values).fetchone()
        return found

    def empty(self, *tables: str) -> None:
        """Forget every row of these tables; running numbers go on, so that no id is ever given twice."""
        with self.transaction() as connection:
            for table in tables:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from our own code
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

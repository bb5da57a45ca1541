"""Pictures of long texts: stored first, named by a message afterwards."""

from __future__ import annotations

from seonmul.sandbox.clock import now_ms
from seonmul.sandbox.jpegs import size_of
from seonmul.sandbox.store import Store

_MOST_BYTES, _ALL_BYTES, _MOST_PIXELS, _MOST_FILES = 300 * 1024, 800 * 1024, 1000, 3
_NAME_MOST = 45
_KEPT_MS = 7 * 24 * 3600 * 1000


class Files:
    """Everything that was uploaded. The table is made by `Texts`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def fault(self, name: str, content: bytes) -> str:
        """The code that refuses a file, "" when it is taken. OURS: that too many pixels are −2005 as well."""
        if len(name) > _NAME_MOST or not name.lower().endswith((".jpg", ".jpeg")):
            return "-2003"
        width, height = size_of(content)
        if not width or not height:
            return "-2003"
        return "-2005" if len(content) > _MOST_BYTES or max(width, height) > _MOST_PIXELS else ""

    def keep(self, content: bytes) -> int:
        """Store a file; its number."""
        with self._store.transaction() as connection:
            made = connection.execute("INSERT INTO nhn_files (at, bytes) VALUES (?, ?)", (now_ms(), content))
            return int(made.lastrowid or 0)

    def refusal(self, kind: str, listed: object) -> str:
        """The code that refuses the files of a message, "" when they are taken. OURS: −2003 for too many of them."""
        if not listed:
            return ""
        if kind != "mms" or not isinstance(listed, list) or len(listed) > _MOST_FILES:
            return "-2003"
        rows = [
            self._store.row("SELECT at, length(bytes) AS size FROM nhn_files WHERE id = ?", one)
            for one in listed
        ]
        if any(row is None or now_ms() - row["at"] > _KEPT_MS for row in rows):
            return "-2004"
        return "-2005" if sum(row["size"] for row in rows if row) > _ALL_BYTES else ""

    def content(self, number: str) -> bytes | None:
        """A file by its number."""
        row = self._store.row(
            "SELECT bytes FROM nhn_files WHERE id = ?", int(number) if number.isdecimal() else 0
        )
        return bytes(row["bytes"]) if row else None

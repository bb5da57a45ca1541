"""The messages it took, and what becomes of them: by the recipient's last four digits, as its own codes."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from seonmul.kit import euckr
from seonmul.sandbox.clock import iso, now_ms, seoul
from seonmul.sandbox.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS nhn_texts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  recipient TEXT NOT NULL,
  sender TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  own_key TEXT NOT NULL,
  code TEXT NOT NULL,
  taken_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  hook_at INTEGER,
  hooks INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS nhn_files (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS nhn_attached (request TEXT PRIMARY KEY, file INTEGER NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS nhn_texts_request ON nhn_texts (request, seq);
CREATE INDEX IF NOT EXISTS nhn_texts_recipient ON nhn_texts (recipient, id);
CREATE INDEX IF NOT EXISTS nhn_texts_hooks ON nhn_texts (hook_at) WHERE hook_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS nhn_tallies (name TEXT PRIMARY KEY, n INTEGER NOT NULL);
"""
TABLES = ("nhn_texts", "nhn_tallies", "nhn_files", "nhn_attached")
ARRIVED, SILENT = "1000", "9999"
#: A number that ends in the first takes texts alone; the second is what becomes of a picture to it.
NO_PICTURE_DIGITS, NO_PICTURE = "9998", "3010"
#: Codes of carriers; a number that ends in one has that fate.
CODES = frozenset(
    "1001 1002 1003 1019 2000 2001 2002 2003 2004 2005 2006 2007 3000 3001 3002 3003 3004 3005 3006 3008 3009 3010"
    " 3011 3012 3013 3014 3015 3016 3017 3018 3019".split()
)
_RECIPIENT = re.compile(r"0[0-9]{8,11}")
_OPT_OUT = re.compile(r"무료수신거부 *(080[0-9-]+)")
_MOST_BYTES = {"sms": 90, "mms": 2000}
_PORTION = 500


def _fate(to: str, *, has_picture: bool) -> str:
    """What becomes of a message, by the last four digits of its number."""
    end = to[-4:]
    if has_picture and end == NO_PICTURE_DIGITS:
        return NO_PICTURE
    return end if end in CODES or end == SILENT else ARRIVED


def ad_refusal(wish: dict[str, Any]) -> str:
    """The code that refuses advertising for its free number: none is named, or not one of the account's. OURS: by its end."""
    found = _OPT_OUT.search(str(wish.get("body") or ""))
    if not found:
        return "-6003"
    end = found[1].replace("-", "")[-4:]
    return f"-{end}" if end in ("6000", "6004") else ""


def refusal(kind: str, wish: dict[str, Any], recipient: str, senders: frozenset[str]) -> str:
    """The code that refuses one message, "" when it is taken. OURS: the order in which it looks."""
    body, title = str(wish.get("body") or ""), str(wish.get("title") or "")
    if str(wish.get("sendNo") or "") not in senders:
        return "-2312"
    if not body or (kind == "mms" and not title):
        return "-2014"
    if not recipient:
        return "-2018"
    if not _RECIPIENT.fullmatch(recipient):
        return "-2019"
    if euckr.cannot_carry(body + title):
        return "-2023"
    if euckr.byte_length(body) > _MOST_BYTES[kind] or euckr.byte_length(title) > 40:
        return "-2015"
    return "-6001" if recipient.endswith("6001") else ""


class Texts:
    """All messages."""

    def __init__(self, store: Store, delay_seconds: float) -> None:
        store.create(SCHEMA)
        self._store, self._delay_ms = store, int(delay_seconds * 1000)

    def take(self, kind: str, wish: dict[str, Any], recipients: list[dict[str, Any]]) -> str:
        """Take messages; answers the request's number. Committed when this returns."""
        at = now_ms()
        with self._store.transaction() as connection:
            number = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM nhn_texts").fetchone()[0]
            request = f"{seoul(at, '%Y%m%d%H%M%S')}{number:09d}"
            for seq, one in enumerate(recipients, 1):
                to = str(one["recipientNo"])
                code = _fate(to, has_picture=bool(wish.get("attachFileIdList")))
                due = at + self._delay_ms
                connection.execute(
                    "INSERT INTO nhn_texts (request, seq, kind, recipient, sender, title, body, own_key, code, taken_at,"
                    " due_at, hook_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                    (request, seq, kind, to, str(wish["sendNo"]), str(wish.get("title") or ""), str(wish["body"]),
                     str(one.get("recipientGroupingKey") or ""), code, at, due, None if code == SILENT else due),
                )  # fmt: skip
            if files := wish.get("attachFileIdList"):
                connection.execute("INSERT INTO nhn_attached VALUES (?, ?)", (request, files[0]))
        return request

    def find(self, kind: str, request: str, seq: str) -> sqlite3.Row | None:
        """One message by its number."""
        return self._store.row(
            "SELECT * FROM nhn_texts WHERE request = ? AND seq = ? AND kind = ?",
            request, int(seq) if seq.isdecimal() else 0, kind,
        )  # fmt: skip

    def due(self) -> list[sqlite3.Row]:
        """Those whose webhook is to be called now."""
        return self._store.rows(
            "SELECT * FROM nhn_texts WHERE hook_at <= ? ORDER BY hook_at LIMIT 200", now_ms()
        )

    def hooked(self, number: int, *, again_seconds: float | None = None) -> None:
        """Note that one was told, or is to be told later."""
        at = None if again_seconds is None else now_ms() + int(again_seconds * 1000)
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE nhn_texts SET hook_at = ?, hooks = hooks + 1 WHERE id = ?", (at, number)
            )

    def let_go(self, numbers: Iterable[int]) -> None:
        """Have those told now that were held back."""
        with self._store.transaction() as connection:
            connection.executemany(
                "UPDATE nhn_texts SET hook_at = ? WHERE id = ? AND hook_at IS NOT NULL",
                [(now_ms(), number) for number in numbers],
            )

    def count(self, name: str) -> None:
        """Add one to a count."""
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT INTO nhn_tallies VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1", (name,)
            )

    def texts(self, base_url: str, to: str, kind: str, limit: int) -> Iterator[tuple[int, str]]:
        """Tell what was taken, newest first."""
        wanted = {"": "", "SMS": "sms", "LMS": "mms", "MMS": "mms"}.get(kind)
        last = 1 << 62
        while wanted is not None and limit > 0:
            rows = self._store.rows(
                "SELECT * FROM nhn_texts LEFT JOIN nhn_attached USING (request) WHERE id < ? AND (? = '' OR recipient = ?) AND (? = '' OR kind = ?)"
                " ORDER BY id DESC LIMIT ?", last, to, to, wanted, wanted, min(limit, _PORTION),
            )  # fmt: skip
            told = ((row["taken_at"], _seen(row, base_url)) for row in rows)
            yield from (
                (at, json.dumps(one, ensure_ascii=False)) for at, one in told if kind in ("", one["type"])
            )
            if len(rows) < _PORTION:
                return
            last, limit = rows[-1]["id"], limit - len(rows)

    def stats(self) -> dict[str, int]:
        """Count what happened."""
        row = self._store.row("""
            SELECT count(*) AS nhn_texts, (SELECT count(*) FROM (SELECT 1 FROM nhn_texts
              GROUP BY recipient, own_key, CASE own_key WHEN '' THEN body END HAVING count(*) > 1)) AS duplicates
            FROM nhn_texts""")
        tallies = {f"nhn_{name}": n for name, n in self._store.rows("SELECT name, n FROM nhn_tallies")}
        return {name: int(n) for name, n in dict(row or {}).items()} | tallies

    def reset(self) -> None:
        """Forget everything."""
        self._store.empty(*TABLES)


def result(row: sqlite3.Row) -> str:
    """Its code, "" while there is none."""
    return "" if row["code"] == SILENT or row["due_at"] > now_ms() else str(row["code"])


def _seen(row: sqlite3.Row, base_url: str) -> dict[str, object]:
    long = "MMS" if row["file"] else "LMS"
    return {
        "id": f"{row['request']}/{row['seq']}",
        "groupId": row["request"],
        "to": row["recipient"],
        "from": row["sender"],
        "type": "SMS" if row["kind"] == "sms" else long,
        "subject": row["title"],
        "text": row["body"],
        "imageUrl": f"{base_url}/nhn/files/{row['file']}" if row["file"] else "",
        "customFields": {"attempt": row["own_key"]} if row["own_key"] else {},
        "acceptedAt": iso(row["taken_at"]),
        "result": result(row),
        "carrier": "nhn",
    }

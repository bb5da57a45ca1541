"""The mails that were taken, and those that are to come back."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from seonmul.sandbox.clock import iso, now_ms
from seonmul.sandbox.mail.fates import BOUNCES, fate_of
from seonmul.sandbox.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS mail_mails (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  recipient TEXT NOT NULL,
  envelope TEXT NOT NULL,
  message_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  sender TEXT NOT NULL,
  raw BLOB NOT NULL,
  taken_at INTEGER NOT NULL,
  bounces_at INTEGER,
  bounce_code TEXT NOT NULL DEFAULT '',
  bounced_at INTEGER,
  calls INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS mail_mails_recipient ON mail_mails (recipient, id);
CREATE INDEX IF NOT EXISTS mail_mails_bouncing ON mail_mails (bounces_at)
  WHERE bounces_at IS NOT NULL AND bounced_at IS NULL;
CREATE TABLE IF NOT EXISTS mail_grey (recipient TEXT PRIMARY KEY, seen_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS mail_tallies (name TEXT PRIMARY KEY, n INTEGER NOT NULL);
"""
TABLES = ("mail_mails", "mail_grey", "mail_tallies")
_REFERENCE = re.compile(r"<([^@>]+)@")
_PORTION = 500


class Box:
    """Everybody's mailbox."""

    def __init__(self, store: Store, delay_seconds: float) -> None:
        store.create(SCHEMA)
        self._store, self._delay_ms = store, int(delay_seconds * 1000)

    def keep(self, recipient: str, envelope: str, raw: bytes) -> None:
        """Take one mail; committed when this returns."""
        read, at = parsed(raw), now_ms()
        code = BOUNCES.get(fate_of(recipient), "")
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT INTO mail_mails (recipient, envelope, message_id, subject, sender, raw, taken_at,"
                " bounces_at, bounce_code) VALUES (?,?,?,?,?,?,?,?,?)",
                (recipient.lower(), envelope, str(read["Message-ID"] or ""), str(read["Subject"] or ""),
                 str(read["From"] or ""), raw, at, at + self._delay_ms if code else None, code),
            )  # fmt: skip

    def is_grey(self, recipient: str, grey_seconds: float) -> bool:
        """Whether a recipient's first try lies so short a time back that the mail is put off."""
        at = now_ms()
        with self._store.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO mail_grey VALUES (?, ?)", (recipient.lower(), at))
        row = self._store.row("SELECT seen_at FROM mail_grey WHERE recipient = ?", recipient.lower())
        return row is None or at - row["seen_at"] < grey_seconds * 1000 or row["seen_at"] == at

    def found(self, to: str, limit: int) -> list[sqlite3.Row]:
        """The mails to one address, or to all ("")."""
        return self._store.rows(
            "SELECT * FROM mail_mails WHERE ? = '' OR recipient = ? ORDER BY id DESC LIMIT ?",
            to,
            to.lower(),
            limit,
        )

    def mail(self, number: int) -> sqlite3.Row | None:
        """One mail."""
        return self._store.row("SELECT * FROM mail_mails WHERE id = ?", number)

    def due(self, limit: int = 50) -> list[sqlite3.Row]:
        """Those that come back now."""
        return self._store.rows(
            "SELECT * FROM mail_mails WHERE bounces_at <= ? AND bounced_at IS NULL ORDER BY bounces_at LIMIT ?",
            now_ms(),
            limit,
        )

    def bounced(self, number: int, *, tally: str = "") -> None:
        """Note that one came back, and under which count."""
        with self._store.transaction() as connection:
            connection.execute("UPDATE mail_mails SET bounced_at = ? WHERE id = ?", (now_ms(), number))
        self.count(tally)

    def put_off(self, number: int, seconds: float) -> None:
        """Have one come back later."""
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE mail_mails SET bounces_at = ?, calls = calls + 1 WHERE id = ?",
                (now_ms() + int(seconds * 1000), number),
            )

    def let_go(self, numbers: Iterable[int]) -> None:
        """Have those come back now that were held back."""
        with self._store.transaction() as connection:
            connection.executemany(
                "UPDATE mail_mails SET bounces_at = ? WHERE id = ? AND bounced_at IS NULL",
                [(now_ms(), number) for number in numbers],
            )

    def count(self, tally: str) -> None:
        """Add one to a count; "" counts nothing."""
        if tally:
            with self._store.transaction() as connection:
                connection.execute(
                    "INSERT INTO mail_tallies VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1",
                    (tally,),
                )

    def texts(self, to: str, kind: str, limit: int) -> Iterator[tuple[int, str]]:
        """Tell what was taken, newest first, as `Provider.texts` does."""
        if kind not in ("", "MAIL"):
            return
        last = 1 << 62
        while limit > 0:
            rows = self._store.rows(
                "SELECT * FROM mail_mails WHERE id < ? AND (? = '' OR recipient = ?) ORDER BY id DESC LIMIT ?",
                last, to.lower(), to.lower(), min(limit, _PORTION),
            )  # fmt: skip
            yield from ((row["taken_at"], json.dumps(seen(row), ensure_ascii=False)) for row in rows)
            if len(rows) < _PORTION:
                return
            last, limit = rows[-1]["id"], limit - len(rows)

    def stats(self) -> dict[str, int]:
        """Count what happened."""
        row = self._store.row("""
            SELECT count(*) AS mails, count(bounced_at) AS mails_bounced,
              (SELECT count(*) FROM (SELECT 1 FROM mail_mails WHERE message_id <> ''
                GROUP BY recipient, message_id HAVING count(*) > 1)) AS duplicates FROM mail_mails""")
        tallies = {f"bounce_{name}": n for name, n in self._store.rows("SELECT name, n FROM mail_tallies")}
        return {name: int(n) for name, n in dict(row or {}).items()} | tallies

    def reset(self) -> None:
        """Forget everything."""
        self._store.empty(*TABLES)


def parsed(raw: bytes) -> EmailMessage:
    """Read a mail with today's rules for headers."""
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


def body(mail: EmailMessage, kind: str) -> str:
    """Its text ("plain") or its HTML ("html"); "" when it has none."""
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""


def seen(row: sqlite3.Row) -> dict[str, object]:
    """One mail in the form of GET /_/messages."""
    mail = parsed(row["raw"])
    reference = _REFERENCE.match(row["message_id"])
    return {
        "id": f"mail-{row['id']}",
        "groupId": "",
        "to": row["recipient"],
        "from": row["sender"],
        "type": "MAIL",
        "subject": row["subject"],
        "text": body(mail, "plain"),
        "html": body(mail, "html"),
        "headers": {name: str(value) for name, value in mail.items()},
        "imageUrl": "",
        "customFields": {"attempt": reference[1]} if reference else {},
        "acceptedAt": iso(row["taken_at"]),
        "result": row["bounce_code"] if row["bounced_at"] else "250",
    }

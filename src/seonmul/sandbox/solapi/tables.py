"""The tables of SOLAPI's emulator, and how ids are made from row numbers.

A message's row number is its group's number and its place in it: group 3's messages begin at 3 << 20. So a
group's messages lie together, an id leads to its row without an index, and a million fit into one group.
"""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS solapi_groups (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  stamp TEXT NOT NULL,
  status TEXT NOT NULL,
  allow_duplicates INTEGER NOT NULL,
  custom TEXT NOT NULL,
  agent TEXT NOT NULL,
  log TEXT NOT NULL,
  kinds TEXT NOT NULL DEFAULT '{}',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  scheduled_at INTEGER,
  sent_at INTEGER,
  due_at INTEGER,
  settled_at INTEGER,
  places INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  arriving INTEGER NOT NULL DEFAULT 0,
  failing INTEGER NOT NULL DEFAULT 0,
  cost INTEGER NOT NULL DEFAULT 0,
  reported INTEGER
);
CREATE INDEX IF NOT EXISTS solapi_groups_due ON solapi_groups (due_at)
  WHERE sent_at IS NOT NULL AND settled_at IS NULL;
CREATE INDEX IF NOT EXISTS solapi_groups_unreported ON solapi_groups (no) WHERE reported IS NOT NULL;
CREATE INDEX IF NOT EXISTS solapi_groups_scheduled ON solapi_groups (scheduled_at) WHERE status = 'SCHEDULED';
CREATE TABLE IF NOT EXISTS solapi_messages (
  id INTEGER PRIMARY KEY,
  recipient TEXT NOT NULL,
  sender TEXT NOT NULL,
  country TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT,
  text TEXT NOT NULL,
  image TEXT,
  custom TEXT NOT NULL,
  extra TEXT,
  code TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS solapi_messages_recipient ON solapi_messages (recipient);
CREATE VIEW IF NOT EXISTS solapi_seen AS
  SELECT m.*, g.no AS group_no, g.stamp, g.sent_at, g.due_at, g.settled_at,
    CASE WHEN m.code < '2000' THEN m.code WHEN g.sent_at IS NULL THEN '2000'
         WHEN g.settled_at IS NULL THEN '3000' ELSE m.code END AS seen_code
  FROM solapi_messages m JOIN solapi_groups g ON g.no = m.id >> 20;
CREATE TABLE IF NOT EXISTS solapi_pictures (
  id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, width INTEGER, height INTEGER, bytes BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS solapi_late_reports (
  no INTEGER PRIMARY KEY, ids TEXT NOT NULL, calls INTEGER NOT NULL, due_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS solapi_tallies (name TEXT PRIMARY KEY, n INTEGER NOT NULL);
"""

TABLES = ("solapi_messages", "solapi_groups", "solapi_pictures", "solapi_late_reports", "solapi_tallies")

MOST_IN_GROUP = 1_000_000


def group_id(stamp: str, no: int) -> str:
    """Make the vendor's name of a group: G4V, 14 digits of time, 15 more characters."""
    return f"G4V{stamp}{no:015d}"


def message_id(stamp: str, row: int) -> str:
    """Make the vendor's name of a message: M4V, the 14 digits of its group's time, 15 more characters."""
    return f"M4V{stamp}{row:015d}"


def number_of(name: str, prefix: str) -> tuple[str, int] | None:
    """Read (stamp, number) out of a name; None when we never made such a name."""
    if len(name) != 32 or not name.startswith(prefix) or not (name[3:].isascii() and name[3:].isdigit()):
        return None
    return name[3:17], int(name[17:])


def rows_of(group_no: int) -> tuple[int, int]:
    """Tell the first and the last row number that a group's messages can have."""
    return group_no << 20, (group_no << 20) + (1 << 20) - 1

"""Sheets from outside: read without trusting them, find their columns, write new ones. O1.

A file is told by its content, never by its name alone. An xlsx file is parsed in a child process of limited
memory and time, because the compiled reader aborts its whole process on a hostile file; whatever happens
there, the caller gets a ``Sheet`` or a ``SheetRefused`` with a sentence.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from seonmul.kit import _sheet_child, _sheet_text
from seonmul.kit._sheet_columns import Columns, guess_columns, looks_like_header
from seonmul.kit._sheet_form import (
    MOST_COLUMNS,
    MOST_FILE_BYTES,
    MOST_ROWS,
    MOST_UNPACKED_BYTES,
    Mark,
    Note,
    NoteKind,
    Sheet,
    SheetFault,
    SheetRefused,
    letter_of,
)
from seonmul.kit._sheet_text import paste
from seonmul.kit._sheet_writing import lock_xlsx, write_xlsx

__all__ = [
    "MEMORY_BYTES",
    "MOST_COLUMNS",
    "MOST_FILE_BYTES",
    "MOST_ROWS",
    "MOST_UNPACKED_BYTES",
    "Columns",
    "Mark",
    "Note",
    "NoteKind",
    "Sheet",
    "SheetFault",
    "SheetRefused",
    "guess_columns",
    "letter_of",
    "lock_xlsx",
    "looks_like_header",
    "paste",
    "read",
    "write_xlsx",
]

# Address space of the child, not memory in use: 100,000 rows of eight columns need less than half of it.
MEMORY_BYTES = 768 << 20

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DRM = (b"<## NASCA DRM FILE", b"\x9b DRMONE", b"SCDSA")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_OTHERS = (*_PICTURES, b"%PDF", b"{\\rtf", b"\x1f\x8b", b"PK\x05", b"Rar!", b"7z\xbc\xaf")
_BOOK_NAMES = (".xlsx", ".xlsm", ".xltx")


def read(
    data: bytes | str | os.PathLike[str],
    name: str,
    *,
    most_rows: int = MOST_ROWS,
    most_columns: int = MOST_COLUMNS,
    timeout_seconds: float = 30,
    memory_bytes: int = MEMORY_BYTES,
) -> Sheet:
    """Read a file of a stranger: xlsx, csv or txt (UTF-8 with or without mark, CP949, UTF-16). O1.

    ``data`` are its bytes, or its path. ``most_rows`` does not count a header row. Of a workbook the first
    visible worksheet with content is read. Raises ``SheetRefused``.
    """
    content = _bytes_of(data)
    _check_kind(content, name)
    if content.startswith(_ZIP):
        answer = _ask_child(content, most_rows, most_columns, timeout_seconds, memory_bytes)
        return _sheet_text.check_height(_sheet_from(answer, most_rows), most_rows)
    text = _sheet_text.decode(content)
    return _sheet_text.read_text(text, most_rows=most_rows, most_columns=most_columns)


def _bytes_of(data: bytes | str | os.PathLike[str]) -> bytes:
    """Fetch the content, at most one byte more than may be."""
    if isinstance(data, bytes):
        content = data
    else:
        with open(data, "rb") as file:
            content = file.read(MOST_FILE_BYTES + 1)
    if len(content) > MOST_FILE_BYTES:
        raise SheetRefused(SheetFault.TOO_BIG, most_megabytes=MOST_FILE_BYTES >> 20)
    return content


def _check_kind(content: bytes, name: str) -> None:
    """Refuse by the first bytes what is certainly neither xlsx nor text."""
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise SheetRefused(SheetFault.EMPTY)
    if content.startswith(_DRM):
        raise SheetRefused(SheetFault.ENCRYPTED)
    if content.startswith(_OLE):
        # An xlsx with a password is an old container around the encrypted package; xls is such a container
        # itself.
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SheetRefused(SheetFault.ENCRYPTED)
        is_book = "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content
        raise SheetRefused(SheetFault.OLD_FORMAT if is_book else SheetFault.NOT_A_SHEET)
    if content.startswith(_ZIP):
        return
    if content.startswith(_OTHERS):
        raise SheetRefused(SheetFault.NOT_A_SHEET)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise SheetRefused(SheetFault.OLD_FORMAT)  # web pages named .xls, as many business systems export
    if name.lower().endswith(_BOOK_NAMES):
        raise SheetRefused(SheetFault.NOT_A_SHEET)


def _ask_child(
    content: bytes, most_rows: int, most_columns: int, timeout_seconds: float, memory_bytes: int
) -> bytes:
    """Have the child read the workbook; return its answer as it came."""
    limits = (most_rows + 1, most_columns, MOST_UNPACKED_BYTES, memory_bytes, int(timeout_seconds) + 1)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and file, no word of the stranger's
            # -I -S: no environment, no site-packages, nothing of ours: quick, and nothing to reach for.
            [sys.executable, "-I", "-S", _sheet_child.__file__, _reader_folder(), *map(str, limits)],
            input=content,
            capture_output=True,
            timeout=timeout_seconds,
            env={key: os.environ[key] for key in ("LD_LIBRARY_PATH",) if key in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SheetRefused(SheetFault.TIMED_OUT, seconds=int(timeout_seconds)) from None
    if done.returncode == -24:  # SIGXCPU
        raise SheetRefused(SheetFault.TIMED_OUT, seconds=int(timeout_seconds))
    # Its last words could quote cells, so nobody repeats them.
    if done.returncode < 0:
        raise SheetRefused(SheetFault.TOO_HEAVY)  # aborted: the reader wanted more memory than it may have
    if done.returncode > 0:
        raise SheetRefused(SheetFault.UNREADABLE)
    return done.stdout


def _sheet_from(answer: bytes, most_rows: int) -> Sheet:
    first, _, payload = answer.partition(b"\n")
    told = json.loads(first)
    if "refused" in told:
        numbers = told["numbers"]
        if told["refused"] == SheetFault.TOO_MANY_ROWS.name:
            numbers["most"] = most_rows
        if told["refused"] == SheetFault.UNPACKED_TOO_BIG.name:
            numbers = {}
        raise SheetRefused(SheetFault[told["refused"]], **numbers)
    columns = [column.split(_sheet_child.CELL) for column in payload.decode().split(_sheet_child.COLUMN)]
    marks = {(row, column): Mark[mark] for mark, row, column in told["marks"]}
    return Sheet(columns, title=told["title"], marks=marks, notes=_notes_of(told))


def _notes_of(told: dict[str, object]) -> tuple[Note, ...]:
    notes = []
    if told["visible"] != 1:
        notes.append(Note(NoteKind.OTHER_SHEETS, {"sheets": told["visible"], "title": told["title"]}))
    if told["merged"]:
        notes.append(Note(NoteKind.MERGED_CELLS, {"areas": told["merged"]}))
    if told["hidden_rows"]:
        notes.append(Note(NoteKind.HIDDEN_ROWS, {"rows": told["hidden_rows"]}))
    return tuple(notes)


def _reader_folder() -> str:
    """Return the folder that holds the compiled reader, for a child without site-packages."""
    found = importlib.util.find_spec("python_calamine")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("python_calamine")
    return str(Path(found.origin).parent.parent)

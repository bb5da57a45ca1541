"""The child process that reads an xlsx file, so that its parent survives whatever the file does.

Run as a file, by its path, without site-packages or the rest of the project: it starts in some 30 ms. Bytes
of the file come on standard input; arguments are the folder of the compiled reader, most rows, most
columns, most unpacked bytes, memory in bytes and seconds of processor time. The answer on standard output
is one line of JSON and, when the sheet was read, its columns: cells parted by U+001F, columns by U+001E (no
cell holds a control sign but tab and new line).

The compiled reader aborts the process when it cannot have the memory for the sheet's whole area; the limit
on the address space makes that cheap and early. Nothing here is trusted by the parent but the form of the
answer.
"""

from __future__ import annotations

import datetime
import gc
import io
import json
import os
import re
import resource
import sys
import threading
import zipfile
from collections.abc import Iterator
from typing import Any, NoReturn

CELL, COLUMN = "\x1f", "\x1e"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CHUNK_BYTES = 1 << 20

# What the compiled reader hides: error cells and formulas without a kept result come out blank.
_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*\bt=["']e["'])[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["']"""
)
_NO_RESULT = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*>"""
    rb"""<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"""
)
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*\bhidden=["'](?:1|true)["']""")


def refuse(why: str, **numbers: int) -> NoReturn:
    """Answer with a refusal and stop."""
    sys.stdout.write(json.dumps({"refused": why, "numbers": numbers}) + "\n")
    sys.stdout.flush()
    sys.exit(0)


def main(reader_folder: str, *limits: str) -> None:
    """Read standard input, write the answer."""
    most_rows, most_columns, most_bytes, memory_bytes, cpu_seconds = map(int, limits)
    gc.disable()  # nothing here is a ring, and to look for rings among 300,000 cells takes as long as to make them
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    sys.path.insert(0, reader_folder)
    try:
        answer, columns = read(sys.stdin.buffer.read(), most_rows, most_columns, most_bytes)
        payload = COLUMN.join([CELL.join(column) for column in columns]).encode("utf-8", "replace")
        if len(payload) > most_bytes:
            refuse("UNPACKED_TOO_BIG")
    except MemoryError:
        refuse("TOO_HEAVY")
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + payload)
    sys.stdout.flush()
    os._exit(0)  # taking 300,000 cells apart one by one would cost a twentieth of the time


def read(
    data: bytes, most_rows: int, most_columns: int, most_bytes: int
) -> tuple[dict[str, Any], list[list[str]]]:
    """Read the first visible worksheet that holds anything. Columns are of one length, blank ends cut off."""
    try:
        book_zip = zipfile.ZipFile(io.BytesIO(data))
        check_zip(book_zip, most_bytes)
        book, visible = open_book(data)
        sheet, scanned = first_sheet(book, visible, book_zip)
        rows, width = sheet.end[0] + 1, sheet.end[1] + 1
        if rows * width > most_rows * most_columns:
            too_large(rows, width, most_rows, most_columns)
        columns, marks = text_columns(sheet.to_python(skip_empty_area=False))
        blanks, hidden_rows = scanned.result()
    except (MemoryError, SystemExit):
        raise
    # The reader has no list of what it raises for a damaged file; whatever it is, the answer is the same.
    except Exception:
        refuse("UNREADABLE")
    # A formula that holds nothing is marked for what it hides, never for a value that was read after all.
    marks += [
        (mark, row, column)
        for mark, row, column in blanks
        if column >= len(columns) or row >= len(columns[column]) or columns[column][row] in ("", "0")
    ]
    columns = cut_blank_ends(columns, marks)
    if not columns:
        refuse("EMPTY")
    if len(columns[0]) > most_rows or len(columns) > most_columns:
        too_large(len(columns[0]), len(columns), most_rows, most_columns)
    return {
        "title": sheet.name,
        "visible": len(visible),
        "width": len(columns),
        "marks": marks,
        "merged": len(sheet.merged_cell_ranges or ()),
        "hidden_rows": hidden_rows,
    }, columns


def too_large(rows: int, columns: int, most_rows: int, most_columns: int) -> NoReturn:
    if rows > most_rows:
        refuse("TOO_MANY_ROWS", rows=rows)
    refuse("TOO_MANY_COLUMNS", columns=columns, most=most_columns)


def check_zip(book: zipfile.ZipFile, most_bytes: int) -> None:
    """Refuse what is no xlsx, and what unpacks to far too much. Sizes may lie: limits catch that."""
    names = set(book.namelist())
    if names & {"xl/workbook.bin", "content.xml", "Index/Document.iwa"}:
        refuse("OLD_FORMAT")
    if "xl/workbook.xml" not in names:
        refuse("NOT_A_SHEET")
    infos = book.infolist()
    packed_tight = any(i.file_size > 5 << 20 and i.file_size > 400 * max(i.compress_size, 1) for i in infos)
    if packed_tight or sum(i.file_size for i in infos) > most_bytes:
        refuse("UNPACKED_TOO_BIG")


def open_book(data: bytes) -> tuple[Any, list[int]]:
    """Open the workbook; return it with the places of its visible worksheets."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        refuse("ENCRYPTED")
    return book, [
        number
        for number, about in enumerate(book.sheets_metadata)
        if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible
    ]


def first_sheet(book: Any, visible: list[int], book_zip: zipfile.ZipFile) -> tuple[Any, Scan]:
    """Return sheet and scan of the first visible worksheet with a value."""
    for number in visible:
        scanned = Scan(book_zip, number)
        scanned.start()  # beside the reader, which works without the interpreter's lock
        sheet = book.get_sheet_by_index(number)
        if sheet.end is not None:
            return sheet, scanned
        scanned.result()
    refuse("EMPTY")


def text_columns(rows: list[list[Any]]) -> tuple[list[list[str]], list[tuple[str, int, int]]]:
    """Turn rows of values into columns of text, with the marks of numbers that have lost digits."""
    marks: list[tuple[str, int, int]] = []
    columns = []
    for number, values in enumerate(zip(*rows, strict=True)):
        kinds = set(map(type, values))
        if kinds != {str}:
            texts = [value if type(value) is str else text_of(value) for value in values]
            if float in kinds:
                # A number keeps 15 digits; what it held beyond them is gone.
                lost = [row for row, v in enumerate(values) if type(v) is float and abs(v) >= 1e15]
                marks += [("LOST_DIGITS", row, number) for row in lost]
        else:
            texts = list(values)
        columns.append(cleaned(texts))
    return columns, marks


def cleaned(texts: list[str]) -> list[str]:
    """Trim the cells of a column and take control signs out: nobody sees them, the database refuses some."""
    if _CONTROL.search("".join(texts)):
        texts = [_CONTROL.sub("", text) for text in texts]
    return [text.strip() for text in texts]


def text_of(value: object) -> str:
    """Write a value as Excel would show it plainly: no ".0", no exponent below 22 digits, ISO dates."""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e21:
            return str(int(value))
        return format(value, ".15g")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return str(value if value.time() != datetime.time() else value.date())
    return str(value)


def cut_blank_ends(columns: list[list[str]], marks: list[tuple[str, int, int]]) -> list[list[str]]:
    """Drop the blank rows and columns behind the last value or mark; those before keep their place."""
    rows = max((row for _, row, _ in marks), default=-1) + 1
    width = max((column for _, _, column in marks), default=-1) + 1
    for number, column in enumerate(columns):
        filled = len(column)
        while filled and not column[filled - 1]:
            filled -= 1
        if filled:
            rows, width = max(rows, filled), number + 1 if number >= width else width
    shaped = [column[:rows] + [""] * (rows - len(column)) for column in columns[:width]]
    return shaped + [[""] * rows for _ in range(width - len(shaped))]


class Scan(threading.Thread):
    """Looks in a sheet's XML for cells that the reader shows as blank, and counts hidden rows."""

    def __init__(self, book: zipfile.ZipFile, sheet_number: int) -> None:
        super().__init__(daemon=True)
        self.book, self.sheet_number = book, sheet_number
        self.blanks: dict[tuple[int, int], str] = {}
        self.hidden_rows = 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            for part in parts(self.book, sheet_path(self.book, self.sheet_number)):
                self.look_at(part)
        except BaseException as failure:  # handed to the reading thread
            self.failure = failure

    def look_at(self, part: bytes) -> None:
        # Each search is made only where its bytes occur: nearly no sheet has any of them.
        if b'"e"' in part or b"'e'" in part:
            self.blanks |= {place(match): "ERROR_VALUE" for match in _ERROR_CELL.finditer(part)}
        if b"f>" in part or b"<f" in part:
            self.blanks |= {place(match): "NO_RESULT" for match in _NO_RESULT.finditer(part)}
        if b"hidden=" in part:
            self.hidden_rows += len(_HIDDEN_ROW.findall(part))

    def result(self) -> tuple[list[tuple[str, int, int]], int]:
        """Wait for the end; return marks as (mark, row, column) and the number of hidden rows."""
        self.join()
        if self.failure is not None:
            raise self.failure
        return [(mark, row, column) for (row, column), mark in self.blanks.items()], self.hidden_rows


def parts(book: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """Unpack in chunks, each ending where a row ends, so that no cell is cut in two."""
    with book.open(path) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK_BYTES):
            chunk = rest + chunk
            end = chunk.rfind(b"</row>") + 6 if b"</row>" in chunk else len(chunk)
            yield chunk[:end]
            rest = chunk[end:]
        yield rest


def place(match: re.Match[bytes]) -> tuple[int, int]:
    """Turn a reference such as AB12 into (row, column), both from 0."""
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - 64
    return int(match[2]) - 1, column - 1


def sheet_path(book: zipfile.ZipFile, sheet_number: int) -> str:
    """Find the file of the sheet by its place in the workbook."""
    entries = re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", book.read("xl/workbook.xml"))
    relation = attribute(entries[sheet_number], rb"\w+:id")
    for entry in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", book.read("xl/_rels/workbook.xml.rels")):
        if attribute(entry, rb"Id") == relation:
            target = attribute(entry, rb"Target").decode()
            path = target[1:] if target.startswith("/") else "xl/" + target
            return next(name for name in book.namelist() if name.lower() == path.lower())
    raise KeyError(sheet_number)


def attribute(tag: bytes, name: bytes) -> bytes:
    match = re.search(rb"\s" + name + rb"""=(?:"([^"]*)"|'([^']*)')""", tag)
    if match is None:
        raise KeyError(name)
    return match[1] if match[1] is not None else match[2]


if __name__ == "__main__":
    main(*sys.argv[1:])

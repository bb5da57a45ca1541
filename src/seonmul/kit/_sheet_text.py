"""Sheets that come as text: csv and txt files, and what people paste. O1."""

from __future__ import annotations

import csv
import io
import re

from seonmul.kit import phones
from seonmul.kit._sheet_child import cleaned, cut_blank_ends
from seonmul.kit._sheet_columns import looks_like_header
from seonmul.kit._sheet_form import MOST_COLUMNS, MOST_FILE_BYTES, MOST_ROWS, Sheet, SheetFault, SheetRefused

_SNIFFED_LINES = 50
_SEPARATORS = "\t;,"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# A number within a line of running text; blanks, dots and hyphens may stand between its groups.
_NUMBER = re.compile(r"(?<![0-9+])(?:\+?82[-. ]?)?\(?0?1[016-9]\)?[-. ]?[0-9]{3,4}[-. ]?[0-9]{4}(?![0-9])")
# What was meant as one and is too long, too short or a landline; seven digits at least.
_LIKE_A_MAIL = re.compile(r"[^\s,;<>()\[\]\"]+@[^\s,;<>()\[\]\"]+")
_LIKE_A_NUMBER = re.compile(r"[+(]?[0-9][0-9(). \-]{5,}[0-9]")
_ORDINAL = re.compile(r"^\s*[0-9]{1,6}[.)]\s+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}


def decode(data: bytes) -> str:
    """Decode by mark (UTF-8, UTF-16), else as UTF-8, else as CP949. Raises ``SheetRefused``."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        if b"\0" in data:
            raise SheetRefused(SheetFault.NOT_A_SHEET)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp949")
    except UnicodeDecodeError:
        raise SheetRefused(SheetFault.NOT_A_SHEET) from None
    if len(_CONTROL.findall(text[:4096])) > 8:
        raise SheetRefused(SheetFault.NOT_A_SHEET)  # bytes that only happen to decode
    return text


def read_text(text: str, *, most_rows: int, most_columns: int) -> Sheet:
    """Read separated text.

    The separator is whichever of tab, semicolon and comma stands in the most of the first lines.
    Blank lines keep their place, so that row numbers are those of a spreadsheet. Raises ``SheetRefused``.
    """
    rows: list[list[str]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator_of(text))
        for number, row in enumerate(reader):
            if any(row):
                _place(rows, number, row, most_rows=most_rows)
    except csv.Error:  # a quote that never ends, a cell beyond 131,072 characters
        raise SheetRefused(SheetFault.UNREADABLE) from None
    return check_height(_shaped(rows, most_columns=most_columns), most_rows)


def check_height(sheet: Sheet, most_rows: int) -> Sheet:
    """Return the sheet, or refuse it for its rows; a header row is not counted. Raises ``SheetRefused``."""
    if sheet.height > most_rows and not looks_like_header(sheet.row(0)):
        raise SheetRefused(SheetFault.TOO_MANY_ROWS, rows=sheet.height, most=most_rows)
    return sheet


def paste(text: str, *, most_rows: int = MOST_ROWS, by_mail: bool = False) -> Sheet:
    """Read what was pasted: cells of a spreadsheet, or lines of numbers with or without words. O1.

    With tabs or a row of titles it is a table and its columns stay as they are. Otherwise a line becomes
    phone, mail, then what is left: "홍길동 010 1234 5678" and "010-1234-5678, a@b.kr, 홍길동" are one row
    each; a line of several numbers becomes a row for each. Blanks inside a number do not part it. ``by_mail``: it is
    the addresses that make rows. Raises ``SheetRefused``.
    """
    if len(text) > MOST_FILE_BYTES // 2:
        raise SheetRefused(SheetFault.TOO_BIG, most_megabytes=MOST_FILE_BYTES >> 20)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    titles = re.split("[,;]", text.lstrip("\n").partition("\n")[0])
    if "\t" in text or (len(titles) > 1 and looks_like_header(titles)):
        return read_text(text, most_rows=most_rows, most_columns=MOST_COLUMNS)
    rows: list[list[str]] = []
    more = 0  # rows that lines of several numbers have added
    for number, line in enumerate(text.split("\n")):
        if not by_mail and phones.normalise_mobile(line):
            _place(rows, number + more, [line], most_rows=most_rows)
        elif line.strip():
            found = _mail_rows_of(line) if by_mail else _rows_of(line)
            for place, row in enumerate(found, number + more):
                _place(rows, place, row, most_rows=most_rows)
            more += len(found) - 1
    return check_height(_shaped(rows, most_columns=MOST_COLUMNS), most_rows)


def _separator_of(text: str) -> str:
    lines = text[: _SNIFFED_LINES * 400].splitlines()[:_SNIFFED_LINES]
    counts = {separator: sum(separator in line for line in lines) for separator in _SEPARATORS}
    best = max(counts, key=lambda separator: counts[separator])  # the first of equals: tab, semicolon, comma
    return best if counts[best] else ","


def _place(rows: list[list[str]], number: int, row: list[str], *, most_rows: int) -> None:
    """Put a row at its place, blank ones before it; one row more than allowed, which may be a header."""
    if number > most_rows:
        raise SheetRefused(SheetFault.TOO_MANY_ROWS, rows=number + 1, most=most_rows)
    rows.extend([[]] * (number - len(rows)))
    rows.append(row)


def _rows_of(line: str) -> list[list[str]]:
    """Read a line of words and numbers as one row; a line of nothing but numbers as a row for each."""
    line = _ORDINAL.sub("", line.translate(_FULL_WIDTH))
    places: list[tuple[int, str]] = []

    def take(match: re.Match[str]) -> str:
        if sum(map(str.isdigit, match[0])) < 7:
            return match[0]
        places.append((match.start(), match[0].strip()))
        return "\0" * len(match[0])

    rest = _LIKE_A_NUMBER.sub(take, _NUMBER.sub(take, line)).replace("\0", " ")
    numbers = [number for _, number in sorted(places)]
    between = "[,;]" if re.search("[,;]", rest) else r"\s"
    words = [word.strip() for word in re.split(between, rest) if word.strip()]
    if not numbers:
        return [[cell.strip() for cell in re.split("[,;]", line)]]
    if not words:
        return [[number] for number in numbers]
    if len(numbers) > 1:
        return [[line]]  # who has which number is for a person to say
    mails = [word for word in words if "@" in word]
    others = [word for word in words if "@" not in word]
    return [[numbers[0], *(mails or [""]), *others]]


def _mail_rows_of(line: str) -> list[list[str]]:
    """Read a line of words and addresses: "홍길동 <a@b.kr>" is one row, nothing but addresses a row for each."""
    mails = _LIKE_A_MAIL.findall(line)
    rest = _LIKE_A_MAIL.sub(" ", line)
    words = [word.strip() for word in re.split(r"[,;<>()\[\]\"]|\s{2,}", rest) if word.strip()]
    if not mails:
        return [["", cell] for cell in [part.strip() for part in re.split("[,;]", line)] if cell]
    if len(mails) > 1:
        return [["", mail] for mail in mails] if not words else [["", line.strip()]]
    numbers = [word for word in words if phones.normalise_mobile(word)]
    others = [word for word in words if word not in numbers]
    return [[numbers[0] if numbers else "", mails[0], *others]]


def _shaped(rows: list[list[str]], *, most_columns: int) -> Sheet:
    """Make columns of one length, cells cleaned, blank ends cut off. Raises ``SheetRefused``."""
    width = max(map(_filled, rows), default=0)
    if width > most_columns:
        raise SheetRefused(SheetFault.TOO_MANY_COLUMNS, columns=width, most=most_columns)
    columns = [cleaned([row[n] if n < len(row) else "" for row in rows]) for n in range(width)]
    columns = cut_blank_ends(columns, [])
    if not columns:
        raise SheetRefused(SheetFault.EMPTY)
    return Sheet(columns)


def _filled(row: list[str]) -> int:
    """Count the cells up to the last that is not blank."""
    count = len(row)
    while count and not row[count - 1].strip():
        count -= 1
    return count
